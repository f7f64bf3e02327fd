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
    "Give all rows the system prompt that the model will be asked with. Tools that change from row "
    "to row belong in `tools`.",
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
        most = max(self._rows, key=self._rows.__getitem__, default=NONE)
        for prompt, number in self._rows.items():
            if prompt != most:
                has, others = _has(number, prompt, most), _has(self._rows[most], most, prompt)
                self.found(SEVERAL, *self._first[prompt], f"{has}, {others}")

    def measured(self) -> Iterator[Measured]:
        """Yield how many there are."""
        ordered = sorted(self._rows.items(), key=lambda each: -each[1])
        yield Amount("system prompts", len(ordered))
        labels = [_shown(text, ordered[0][0] if at else "") for at, (text, _) in enumerate(ordered)]
        numbers = [number for _, number in ordered]
        yield Histogram("rows", tuple(zip(labels, numbers, strict=True)))


def _has(number: int, prompt: str, other: str) -> str:
    """Return how many rows have a prompt; of a long one what sets it apart from another."""
    rows = "1 row has" if number == 1 else f"{number} rows have"
    if prompt == NONE:
        return f"{rows} no system prompt"
    spaced = " (in other white space)" if prompt.split() == other.split() else ""
    return f"{rows} the system prompt '{_shown(prompt, other)}'{spaced}"


def _shown(prompt: str, other: str) -> str:
    text, other = " ".join(prompt.split()), " ".join(other.split())
    pairs = enumerate(zip(text, other, strict=False))
    alike = next((at for at, (one, two) in pairs if one != two), min(len(text), len(other)))
    start = max(text.rfind(" ", 0, alike) + 1, alike - SHOWN // 2) if alike > SHOWN // 2 else 0
    start = start if len(text) > SHOWN else 0
    end = start + SHOWN
    return f"{'...' if start else ''}{text[start:end]}{'...' if end < len(text) else ''}"
