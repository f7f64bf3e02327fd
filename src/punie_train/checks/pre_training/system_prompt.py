"""One system prompt in all rows: several come from merges (F35)."""

from collections.abc import Iterator
from pathlib import Path

from punie_train.checks.measured import Amount, Histogram, Measured
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.checks.pre_training.seen_row import SeenRow
from punie_train.dataset.rules import Rule, Severity

SEVERAL = Rule(
    "several-system-prompts",
    Severity.ERROR,
    "Give all rows the system prompt that the model will be asked with.",
    "F35",
)
NONE = "(none)"
KEPT = 1000
SHOWN = 50


class SystemPrompt(RowCheck):
    """The system prompts and how many rows have each; no system prompt is one too."""

    name = "system-prompt"

    def __init__(self, subject: Subject) -> None:
        """Start with no row."""
        super().__init__(subject)
        self._rows: dict[str, int] = {}
        self._first: dict[str, tuple[Path, int]] = {}

    def take_row(self, row: SeenRow) -> None:
        """Count the row's system prompt."""
        if not row.turns or row.turns[0].role == "text":
            return
        first = row.turns[0]
        prompt = first.text.strip() if first.role == "system" else NONE
        if prompt not in self._rows and len(self._rows) < KEPT:
            self._first[prompt] = row.row.split.path, row.row.line
        if prompt in self._rows or len(self._rows) < KEPT:
            self._rows[prompt] = self._rows.get(prompt, 0) + 1

    def conclude(self) -> None:
        """Name all but the most frequent."""
        most = max(self._rows, key=self._rows.__getitem__, default=None)
        for prompt, number in self._rows.items():
            if prompt != most:
                rows = "1 row has" if number == 1 else f"{number} rows have"
                fact = f"{rows} the system prompt {_shown(prompt)}, not {_shown(most)}"
                self.found(SEVERAL, *self._first[prompt], fact)

    def measured(self) -> Iterator[Measured]:
        """Yield how many there are."""
        ordered = sorted(self._rows.items(), key=lambda each: -each[1])
        yield Amount("system prompts", len(ordered))
        yield Histogram("rows", tuple((_shown(text), number) for text, number in ordered))


def _shown(prompt: str | None) -> str:
    text = " ".join((prompt or NONE).split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
