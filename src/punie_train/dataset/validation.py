"""Every rule over every row of a dataset: findings in the order of the files."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from punie_train.dataset import rules
from punie_train.dataset.example import ExampleFormat
from punie_train.dataset.inputs import SPLITS, DatasetInput, Split
from punie_train.dataset.json_lines import UnreadableLineError
from punie_train.dataset.row_rules import row_faults, row_format
from punie_train.dataset.rows import Row, Run, read_split_rows, starts_with_mark
from punie_train.dataset.rules import Finding, Rule
from punie_train.dataset.sound_rows import surely_sound


class Validation:
    """One look at a dataset; `rows` counts the lines that were read so far."""

    def __init__(
        self,
        data: DatasetInput,
        on_bytes: Callable[[int], None] | None = None,
        read: Callable[[Split], Iterator[Row | Run]] = read_split_rows,
    ) -> None:
        """Take the dataset, what is told the size of the rows, and the reader of a split.

        The reader may give runs of rows that surely break no rule.
        """
        self.data, self.rows, self._on_bytes, self._read = data, 0, on_bytes, read
        self._first: tuple[ExampleFormat, str] | None = None

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong, once; constant memory. Raises DatasetError for files only."""
        if self.data.is_directory:
            yield from self._splits()
        for split in self.data.splits:
            yield from self._rows(split)

    def _splits(self) -> Iterator[Finding]:
        there = {split.name for split in self.data.splits}
        for name in SPLITS:
            if name not in there:
                rule = rules.MISSING_TRAIN if name == "train" else rules.MISSING_SPLIT
                yield _finding(
                    self.data.path / f"{name}.jsonl", None, rule, "there is no such file"
                )
        for split in self.data.splits:
            if split.path.stem != split.name:
                fact = f"read as {split.name}.jsonl, since there is no other split"
                yield _finding(split.path, None, rules.SPLIT_NAME, fact)
        for path in self.data.ignored:
            yield _finding(path, None, rules.SPLIT_NAME, "the file is no split and is not read")

    def _rows(self, split: Split) -> Iterator[Finding]:
        if starts_with_mark(split.path):
            fact = "the file starts with a byte order mark"
            yield _finding(split.path, 1, rules.BYTE_ORDER_MARK, fact)
        before = self.rows
        for row in self._read(split):
            if isinstance(row, Run):
                self.rows += row.rows
                if self._on_bytes:
                    self._on_bytes(len(row.raw) + 1)
                yield from self._formats(split, row.line, row.rows, ExampleFormat.MESSAGES)
                continue
            self.rows += 1
            if self._on_bytes:
                self._on_bytes(len(row.raw) + 1)
            if not surely_sound(row):
                for fault in row_faults(row):
                    yield _finding(split.path, row.line, fault.rule, fault.fact)
            yield from self._format(row)
        number = self.rows - before
        if number == 0:
            yield _finding(split.path, None, rules.EMPTY_SPLIT, "the file has no rows")
        yield from self._counted(split, number)

    def _format(self, row: Row) -> Iterator[Finding]:
        try:
            known = ExampleFormat.MESSAGES if row.sound or row.plain else row_format(row.value)
        except UnreadableLineError:
            return
        if known is not None:
            yield from self._formats(row.split, row.line, 1, known)

    def _formats(
        self, split: Split, line: int, number: int, known: ExampleFormat
    ) -> Iterator[Finding]:
        """Yield what is wrong with the format of so many rows from `line` on."""
        if self._first is None:
            self._first = known, f"{split.path.name}:{line}"
        elif known is not self._first[0]:
            fact = f"a row with {known} after rows with {self._first[0]} ({self._first[1]})"
            for at in range(line, line + number):
                yield _finding(split.path, at, rules.MIXED_FORMATS, fact)

    def _counted(self, split: Split, number: int) -> Iterator[Finding]:
        files = self.data.manifest.get("files")
        entry = files.get(split.path.name) if isinstance(files, Mapping) else None
        told = entry.get("rows") if isinstance(entry, Mapping) else None
        if isinstance(told, int) and told != number:
            fact = f"{number} rows, but the manifest says {told}"
            yield _finding(split.path, None, rules.MANIFEST_MISMATCH, fact)


def _finding(path: Path, line: int | None, rule: Rule, fact: str) -> Finding:
    return Finding(path=path, line=line, rule=rule, fact=fact)
