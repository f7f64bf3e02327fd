"""Rows against max_seq_length, batches and prompt masking (F36, F37, F38)."""

from collections.abc import Iterator
from pathlib import Path

from punie_train.checks.measured import Amount, Histogram, Measured, Share
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.checks.pre_training.seen_row import SeenRow
from punie_train.dataset.rules import Rule, Severity
from punie_train.dataset.stats import Spread

TRAINS_NOTHING = Rule(
    "trains-nothing",
    Severity.ERROR,
    "Raise max_seq_length in the run configuration, or shorten or remove the row.",
    "F37",
)
CUT_OFF = Rule(
    "cut-off",
    Severity.ERROR,
    "Raise max_seq_length in the run configuration, or shorten or remove the row.",
    "F37",
)
NEVER_TRAINED = Rule(
    "never-trained",
    Severity.ERROR,
    "Add rows or remove some until the batches are full, or change batch_size.",
    "F38",
)
FEW_NEVER_TRAINED = Rule(
    "last-batch-dropped",
    Severity.WARNING,
    "Add or remove rows until the batches are full, if these rows matter.",
    "F38",
)
HIDDEN_CALLS = Rule(
    "masked-calls",
    Severity.ERROR,
    "Cut one row for each answer (`punie-train run` does that itself: then set one-row-per-turn in "
    "[tool.punie-train.checks]), or leave out mask_prompt.",
    "F36",
)
_EDGES = (64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384)
_NAMED = 3


class TokenLengths(RowCheck):
    """Rows of which the trainer sees no answer, or not all of it."""

    name = "token-lengths"
    needs_tokens = True

    def __init__(self, subject: Subject) -> None:
        """Start with no row."""
        super().__init__(subject)
        self._spread, self._cut, self._nothing = Spread(), 0, 0

    def take_row(self, row: SeenRow) -> None:
        """Compare a row's tokens with the limit."""
        if row.encoded is None or row.rendering is None:
            return
        number, limit = len(row.encoded.ids), self.subject.use.max_seq_length
        self._spread.add(number)
        starts = [span[0] for span in row.rendering.answers if span is not None]
        if row.row.split.name == "test" or (number <= limit and starts):
            return
        trained = starts[-1:] if self.subject.use.mask_prompt else starts[:1]
        position = row.encoded.char_to_token(trained[0]) if trained else None
        prompt = number if position is None else position
        if prompt >= min(number, limit):
            self._nothing += 1
            fact = f"the answer starts at token {prompt + 1} of {number}, and {limit} are read"
            self.in_row(TRAINS_NOTHING, row, fact)
        elif number > limit:
            self._cut += 1
            self.in_row(CUT_OFF, row, f"{number} tokens, of which {limit} are read")

    def measured(self) -> Iterator[Measured]:
        """Yield the lengths."""
        yield Amount("max_seq_length", self.subject.use.max_seq_length, "tokens")
        lengths = self._spread.to_json()
        if lengths["count"]:
            for name in ("median", "p95", "max"):
                yield Amount(f"{name} length", lengths[name], "tokens")
        yield Histogram("rows by tokens", tuple(_by_edge(self._spread)))
        yield Share("rows cut off", self._cut + self._nothing, self._spread.numbers.total())


class Batches(RowCheck):
    """Rows that fill no batch: mlx-lm sorts by the number of keys and drops the last ones."""

    name = "batches"
    of_whole_set = True

    def __init__(self, subject: Subject) -> None:
        """Start with no row."""
        super().__init__(subject)
        self._keys: list[int] = []
        self._lines: list[int] = []
        self._tokens: list[int] = []
        self._path: Path | None = None

    def take_row(self, row: SeenRow) -> None:
        """Remember a training row's number of keys; with a mask it is one row per answer."""
        if not row.is_training or row.value is None:
            return
        self._path = row.row.split.path
        answers = sum(turn.role == "assistant" for turn in row.turns)
        times = answers if self._cuts and answers else 1
        tokens = len(row.encoded.ids) if row.encoded is not None else len(row.row.raw)
        for _ in range(times):
            self._keys.append(len(row.value))
            self._lines.append(row.row.line)
            self._tokens.append(tokens)

    @property
    def _cuts(self) -> bool:
        return self.subject.use.mask_prompt and self.subject.limits.one_row_per_turn

    def conclude(self) -> None:
        """Name the rows that are dropped, the longest first."""
        number, batch = len(self._keys), self.subject.use.batch_size
        left = number % batch if number >= batch else 0
        if not left or self._path is None:
            return
        order = sorted(range(number), key=self._keys.__getitem__)[number - left :]
        order.sort(key=self._tokens.__getitem__, reverse=True)
        rule = FEW_NEVER_TRAINED
        if left > self.subject.limits.dropped_share * number:
            rule = NEVER_TRAINED
        lines = list(dict.fromkeys(self._lines[index] for index in order))
        places = ", ".join(f"line {line}" for line in lines[:_NAMED])
        more = ", ..." if len(lines) > _NAMED else ""
        fill = "fills no batch" if left == 1 else "fill no batch"
        fill = f"(one for each answer) {fill}" if self._cuts else fill
        dropped = "is dropped" if left == 1 else "are dropped"
        fact = f"{left} of {number} rows {fill} of {batch} and {dropped} ({places}{more})"
        self.found(rule, self._path, self._lines[order[0]], fact)

    def measured(self) -> Iterator[Measured]:
        """Yield the batches and what is left."""
        number, batch = len(self._keys), self.subject.use.batch_size
        yield Amount("whole batches", number // batch)
        yield Share("training rows in no batch", number % batch, number)


class PromptMasking(RowCheck):
    """Calls before the last message, which a masked prompt does not train."""

    name = "prompt-masking"

    def __init__(self, subject: Subject) -> None:
        """Start with no row."""
        super().__init__(subject)
        self._calls = self._hidden = 0

    def take_row(self, row: SeenRow) -> None:
        """Count the calls of all answers but one that ends the row."""
        if not row.is_training:
            return
        last = bool(row.turns) and row.turns[-1].role == "assistant"
        answers = row.calls[:-1] if last else row.calls
        hidden = sum(map(len, answers))
        self._calls += len(row.called)
        self._hidden += hidden
        use = self.subject.use
        if hidden and use.mask_prompt and not self.subject.limits.one_row_per_turn:
            calls = "1 call stands" if hidden == 1 else f"{hidden} calls stand"
            self.in_row(HIDDEN_CALLS, row, f"{calls} before the last answer")

    def measured(self) -> Iterator[Measured]:
        """Yield the share of calls that a mask hides."""
        masked = "would be masked by mask_prompt"
        if self.subject.use.mask_prompt:
            cut = self.subject.limits.one_row_per_turn
            masked = "trained in rows of their own" if cut else "masked"
        yield Share(f"calls {masked}", self._hidden, self._calls)


def _by_edge(spread: Spread) -> Iterator[tuple[str, int]]:
    low = 0
    for edge in (*_EDGES, None):
        number = sum(
            times
            for size, times in spread.numbers.items()
            if size > low and (not edge or size <= edge)
        )
        if number:
            yield (f"{low + 1}-{edge}" if edge else f"over {low}"), number
        low = edge or low
