"""Where the splits of a dataset are."""

from dataclasses import dataclass
from pathlib import Path

from punie_train.dataset.errors import DatasetError
from punie_train.dataset.example import Example, read_example
from punie_train.dataset.inputs import existing_split
from punie_train.dataset.lines import read_lines
from punie_train.dataset.structure import check_structure


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitFiles:
    """The files of a dataset; validation and test may be missing."""

    train: Path
    valid: Path | None = None
    test: Path | None = None

    @property
    def used_in_training(self) -> tuple[Path, ...]:
        """Return the files that a training run reads."""
        return (self.train, self.valid) if self.valid else (self.train,)


def find_splits(data: Path) -> SplitFiles:
    """Find the files of a directory or a single `.jsonl` file; raises DatasetError if none."""
    if data.is_file():
        return SplitFiles(train=data)
    if not data.is_dir():
        raise DatasetError(
            f"{data} does not exist",
            "there are no examples to train on",
            "Give a directory with train.jsonl and valid.jsonl, or one .jsonl file.",
        )
    train = existing_split(data, "train")
    if train is None:
        there = sorted(path.name for path in data.glob("*.jsonl"))
        raise DatasetError(
            f"{data} has no train.jsonl",
            "there are no examples to train on",
            f"Rename the training split ({', '.join(there) or 'no .jsonl file is there'}).",
        )
    return SplitFiles(
        train=train, valid=existing_split(data, "valid"), test=existing_split(data, "test")
    )


def read_split(path: Path) -> list[Example]:
    """Read and check every row of a file; raises DatasetError with file and line."""
    examples = []
    for line in read_lines(path):
        example = read_example(line)
        check_structure(example)
        examples.append(example)
    return examples
