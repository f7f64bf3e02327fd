"""The rules of `dataset validate`, shared out: what stops mlx-lm, and what is wrongly built."""

from collections import Counter
from collections.abc import Iterator

from punie_train.checks.measured import Amount, Histogram, Measured
from punie_train.checks.pre_training import arguments, content, formats, known_calls
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.checks.pre_training.seen_row import SeenRow
from punie_train.dataset import rules
from punie_train.dataset.example import ExampleFormat
from punie_train.dataset.rules import Finding, Rule, Severity

STOPS_TRAINER = frozenset(
    rule.code
    for rule in (
        *rules.UNREADABLE.values(),
        rules.BYTE_ORDER_MARK,
        rules.MISSING_TRAIN,
        rules.EMPTY_SPLIT,
    )
)
ELSEWHERE = formats.CODES | STOPS_TRAINER | content.CODES | arguments.CODES | known_calls.CODES

FEW_ROWS = Rule(
    "few-training-rows",
    Severity.WARNING,
    "Add examples: an adapter learns a format from 40 or more, a skill from hundreds.",
)
SMALLER_THAN_BATCH = Rule(
    "smaller-than-batch",
    Severity.ERROR,
    "Add rows, or give a smaller batch_size in the run configuration.",
)
MASKED_TEXT = Rule(
    "masked-text",
    Severity.ERROR,
    "Leave out mask_prompt, or convert the rows: `punie-train dataset convert --to messages`.",
)


class Structure(RowCheck):
    """What breaks a rule that no other check is about."""

    name = "structure"

    def __init__(self, subject: Subject) -> None:
        """Start with no row."""
        super().__init__(subject)
        self._messages: Counter[str] = Counter()

    def take_finding(self, finding: Finding) -> None:
        """Keep what no other check is about."""
        if finding.rule.code not in ELSEWHERE:
            self.keep(finding)

    def take_row(self, row: SeenRow) -> None:
        """Count the turns."""
        self._messages.update(turn.role for turn in row.turns)

    def measured(self) -> Iterator[Measured]:
        """Yield the turns by role."""
        yield Histogram("turns by role", tuple(self._messages.most_common()))


class TrainerReads(RowCheck):
    """What mlx-lm stops at before the first step."""

    name = "trainer-reads"

    def __init__(self, subject: Subject) -> None:
        """Start with no row."""
        super().__init__(subject)
        self._rows: Counter[str] = Counter({split.name: 0 for split in subject.data.splits})
        self._text: dict[str, SeenRow] = {}

    def take_finding(self, finding: Finding) -> None:
        """Keep what stops the trainer."""
        if finding.rule.code in STOPS_TRAINER:
            self.keep(finding)

    def take_row(self, row: SeenRow) -> None:
        """Count the row; remember the first of plain text in each split."""
        self._rows[row.row.split.name] += 1
        if self.subject.use.mask_prompt and row.format is ExampleFormat.TEXT:
            self._text.setdefault(row.row.split.name, row)

    def conclude(self) -> None:
        """Compare the splits with the batch, and their format with the mask."""
        for name in ("train", "valid"):
            if name in self._text:
                self.in_row(MASKED_TEXT, self._text[name], "a row with text has no prompt to mask")
        if self.subject.is_part:
            return
        batch, paths = self.subject.use.batch_size, {}
        for split in self.subject.data.splits:
            paths[split.name] = split.path
        for name in ("train", "valid"):
            if name in paths and 0 < self._rows[name] < batch:
                rows = "1 row does" if self._rows[name] == 1 else f"{self._rows[name]} rows do"
                fact = f"{rows} not fill one batch of {batch}"
                self.found(SMALLER_THAN_BATCH, paths[name], None, fact)
        least = self.subject.limits.train_rows
        if "train" in paths and self._rows["train"] < least:
            rows = (
                "1 training row"
                if self._rows["train"] == 1
                else f"{self._rows['train']} training rows"
            )
            fact = f"{rows}, fewer than {least}"
            self.found(FEW_ROWS, paths["train"], None, fact)

    def measured(self) -> Iterator[Measured]:
        """Yield the rows of each split."""
        yield Histogram("rows", tuple(self._rows.items()))
        yield Amount("batch size", self.subject.use.batch_size)
