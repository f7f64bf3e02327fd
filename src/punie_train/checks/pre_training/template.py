"""What becomes of a row between file and model: template, tokenizer, and back."""

import re
from collections.abc import Iterator

from punie_train.checks.measured import Measured, Share, Words
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.checks.pre_training.seen_row import Rendering, SeenRow
from punie_train.dataset.rules import Rule, Severity

NOT_RENDERED = Rule(
    "not-rendered",
    Severity.ERROR,
    "Change the row to what the model's chat template takes, or choose another model.",
    "F25",
)
LOST = Rule(
    "lost-in-template",
    Severity.ERROR,
    "The template leaves this out: put it elsewhere in the row, or choose another model.",
    "F25",
)
CHANGED = Rule(
    "changed-by-tokenizer",
    Severity.ERROR,
    "The tokenizer cannot write this text: remove the characters, or choose another model.",
    "F43",
)
SPLIT_MARK = Rule(
    "format-token-split",
    Severity.ERROR,
    "Choose a model whose tokenizer knows the token, or data in the format of this model.",
    "F43",
)
NO_STOP = Rule(
    "no-stop-token",
    Severity.ERROR,
    "End answers with the model's stop token; a chat template does that for `messages` rows.",
    "F54",
)
_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)
_MARK = re.compile(r"<\|[A-Za-z][A-Za-z0-9_]*\|>|</?tool_call>|\[/?TOOL_CALLS\]|</?s>")


class TemplateRoundTrip(RowCheck):
    """Rows that the template refuses or shortens, and texts that the tokenizer changes."""

    name = "template"
    needs_tokens = True

    def __init__(self, subject: Subject) -> None:
        """Start with no row."""
        super().__init__(subject)
        self._rows = self._whole = 0

    def take_row(self, row: SeenRow) -> None:
        """Look for what was lost."""
        rendering = row.rendering
        if rendering is None or not row.turns:
            return
        self._rows += 1
        if rendering.problem is not None:
            self.in_row(NOT_RENDERED, row, f"the template stops: {rendering.problem[:200]}")
        elif (lost := _lost(row, rendering)) is not None:
            self.in_row(LOST, row, f"message {lost} is not in what the model reads")
        elif not row.survives:
            self.in_row(CHANGED, row, "tokens read back give another text")
        else:
            self._whole += 1

    def measured(self) -> Iterator[Measured]:
        """Yield the share of rows that come through."""
        yield Words("model", self.model.name)
        yield Share("rows that come through unchanged", self._whole, self._rows)


class FormatTokens(RowCheck):
    """Tokens of the format that are several tokens in this model."""

    name = "format-tokens"
    needs_tokens = True

    def __init__(self, subject: Subject) -> None:
        """Start with the tokens of the template."""
        super().__init__(subject)
        self._known: dict[str, int | None] = dict(self.model_marks())

    def model_marks(self) -> Iterator[tuple[str, int | None]]:
        """Yield the tokens that the template itself writes."""
        if self.subject.lent.model is not None:
            yield from self.subject.lent.model.marks.items()

    def take_row(self, row: SeenRow) -> None:
        """Look for tokens of a format in what the model reads."""
        text = row.rendering.text if row.rendering else ""
        for mark in dict.fromkeys(_MARK.findall(text)) if "<" in text or "[" in text else ():
            if mark not in self._known:
                self._known[mark] = self.model.token_id(mark)
            if self._known[mark] is None:
                self.in_row(SPLIT_MARK, row, f"{mark} is no single token of {self.model.name}")

    def conclude(self) -> None:
        """Report the tokens of the template."""
        for mark, known in self.model.marks.items():
            if known is None:
                self.in_data(SPLIT_MARK, f"{mark} is no single token of {self.model.name}")

    def measured(self) -> Iterator[Measured]:
        """Yield the tokens with their ids."""
        shown = ", ".join(f"{mark} = {known}" for mark, known in sorted(self._known.items()))
        yield Words("tokens of the format", shown or "none")


class StopToken(RowCheck):
    """Last answers that do not end with the stop token: the model would never stop."""

    name = "stop-token"
    needs_tokens = True

    def __init__(self, subject: Subject) -> None:
        """Start with no row."""
        super().__init__(subject)
        self._rows = self._stopped = 0

    def take_row(self, row: SeenRow) -> None:
        """Look at the end of the last answer."""
        rendering = row.rendering
        if rendering is None or rendering.problem or not rendering.answers:
            return
        span, stop = rendering.answers[-1], self.model.stop
        if span is None:
            return
        self._rows += 1
        ends = bool(stop) and self.model.stop_id is not None
        if ends and rendering.text[slice(*span)].rstrip().endswith(stop):
            self._stopped += 1
        else:
            shown = stop or "none that the tokenizer names"
            self.in_row(NO_STOP, row, f"the last answer does not end with the stop token ({shown})")

    def measured(self) -> Iterator[Measured]:
        """Yield the share of rows that end."""
        yield Words("stop token", f"{self.model.stop} = {self.model.stop_id}")
        yield Share("rows whose last answer ends with it", self._stopped, self._rows)


def _lost(row: SeenRow, rendering: Rendering) -> int | None:
    """Return the position (from 1) of the first turn whose text the template leaves out."""
    at = 0
    for position, turn in enumerate(row.turns, start=1):
        text = _THOUGHT.sub("", turn.text).strip()
        if turn.role == "system":
            if text not in rendering.text:
                return position
            continue
        found = rendering.text.find(text, at)
        if found < 0:
            return position
        at = found + len(text)
    return None
