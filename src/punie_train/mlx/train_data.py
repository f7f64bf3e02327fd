"""The user's rows, checked and laid out as mlx-lm reads them; the user's files stay as they are."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from punie_train.dataset.assistant_turns import assistant_turns, needs_expansion
from punie_train.dataset.categories import check_categories, of_categories
from punie_train.dataset.errors import DatasetError
from punie_train.dataset.example import Example, ExampleFormat
from punie_train.dataset.lines import digest
from punie_train.dataset.splits import SplitFiles, find_splits, read_split
from punie_train.dataset.structure import check_same_format
from punie_train.mlx.train_config import RunConfig

LINES_SUFFIX = ".lines.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainData:
    """Checked rows: their number after expansion, their format, hash and what to say of them."""

    format: ExampleFormat
    train: tuple[Example, ...]
    valid: tuple[Example, ...]
    expanded: bool
    sha256: str
    notes: tuple[str, ...]


def read_train_data(config: RunConfig) -> TrainData:
    """Read and check the data of a run; raises DatasetError for what would crash the trainer."""
    files = find_splits(Path(config.data))
    train, valid = read_split(files.train), read_split(files.valid) if files.valid else []
    if not train:
        raise DatasetError(
            f"{files.train} is empty", "there is nothing to train on", "Add rows to it."
        )
    if config.category:
        check_categories(train, config.category)
        train, valid = (of_categories(rows, config.category) for rows in (train, valid))
    rows = [*train, *valid]
    kind = check_same_format(rows)
    if config.mask_prompt and kind is ExampleFormat.TEXT:
        raise DatasetError(
            f"{files.train} holds `text` rows",
            "a text has no prompt that could be masked",
            "Leave out --mask-prompt, or convert the rows to `messages`.",
        )
    if config.curriculum in ("turns", "calls") and kind is not ExampleFormat.MESSAGES:
        raise DatasetError(
            f"{files.train} holds no `messages`",
            f"rows without messages cannot be ordered by {config.curriculum}",
            "Give --curriculum tokens, or convert the rows to `messages`.",
        )
    expanded = (
        config.mask_prompt
        and kind is ExampleFormat.MESSAGES
        and any(needs_expansion(row.value) for row in rows)
    )
    if expanded:
        train, valid = list(_expand(train)), list(_expand(valid))
    _check_batch(config, files.train, len(train))
    if valid and files.valid:
        _check_batch(config, files.valid, len(valid))
    return TrainData(
        format=kind,
        train=tuple(train),
        valid=tuple(valid),
        expanded=expanded,
        sha256=digest(files.used_in_training),
        notes=tuple(_notes(config, files, rows=len(rows), train=train, valid=valid)),
    )


def write_train_data(data: TrainData, directory: Path) -> None:
    """Write the splits for mlx-lm, each with a list of the lines that its rows came from."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, examples in (("train", data.train), ("valid", data.valid)):
        if examples:
            with (directory / f"{name}.jsonl").open("wb") as file:
                file.writelines(example.raw + b"\n" for example in examples)
            places = [f"{example.path}:{example.line}" for example in examples]
            (directory / f"{name}{LINES_SUFFIX}").write_text(json.dumps(places), encoding="utf-8")


def _expand(examples: Iterable[Example]) -> Iterable[Example]:
    for example in examples:
        if not needs_expansion(example.value):
            yield example
            continue
        for row in assistant_turns(example.value):
            yield Example(
                format=example.format,
                value=row,
                raw=json.dumps(row, ensure_ascii=False).encode(),
                path=example.path,
                line=example.line,
            )


def _check_batch(config: RunConfig, path: Path, rows: int) -> None:
    if rows < config.batch_size:
        raise DatasetError(
            f"{path} has {rows} row{'s' * (rows != 1)}",
            f"that does not fill one batch of {config.batch_size}, and the trainer stops",
            f"Add rows, or give --batch-size {max(rows, 1)}.",
        )


def _notes(
    config: RunConfig, files: SplitFiles, *, rows: int, train: list[Example], valid: list[Example]
) -> Iterable[str]:
    if not valid:
        where = files.train.parent / "valid.jsonl"
        yield (
            f"no validation rows ({where}): overfitting will not be seen, and the last weights "
            "are kept instead of the best"
        )
    if len(train) + len(valid) > rows:
        yield (
            f"{rows} rows became {len(train) + len(valid)}: one for each assistant turn, so that "
            "prompt masking leaves none untrained"
        )
    if config.curriculum != "none" and (count := len(train) % config.batch_size):
        yield (
            f"{count} of {len(train)} training rows, the easiest ones, do not fill a batch of "
            f"{config.batch_size} and are never trained [F38]"
        )
    elif left := never_trained(train, config.batch_size):
        places = ", ".join(f"{row.path.name}:{row.line}" for row in left[:3])
        yield (
            f"{len(left)} of {len(train)} training rows do not fill a batch of "
            f"{config.batch_size} and are never trained ({places}{', ...' * (len(left) > 3)}) [F38]"
        )


def never_trained(examples: list[Example], batch_size: int) -> list[Example]:
    """Return the rows that mlx-lm drops: it sorts by the number of keys and fills whole batches."""
    ordered = sorted(examples, key=lambda example: len(example.value))
    return ordered[len(ordered) - len(ordered) % batch_size :]
