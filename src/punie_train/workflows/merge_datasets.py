"""Merge datasets: all their rows, or as many as reach given shares."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from punie_train.core.errors import UsageError
from punie_train.dataset.composition import drawn, mixed_order, shares_taken
from punie_train.dataset.inputs import SPLITS, DatasetInput, open_dataset
from punie_train.dataset.operation_report import FilterCounts, OperationReport
from punie_train.dataset.row_rules import row_format
from punie_train.dataset.rows import Row, read_split_rows
from punie_train.workflows.dataset_output import dataset_output
from punie_train.workflows.dataset_writer import DatasetWriter
from punie_train.workflows.run_operation import Seen

WEIGHTS = "weights"


@dataclass(slots=True)
class _Part:
    """One of the datasets: readable rows and rows taken, by split; formats of all its rows."""

    data: DatasetInput
    sizes: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)


def merge_datasets(
    inputs: Sequence[Path],
    output: Path,
    *,
    weights: Sequence[Fraction] | None = None,
    seed: int = 0,
    force: bool = False,
    on_bytes: Seen | None = None,
) -> OperationReport:
    """Write the rows of several datasets, mixed at random, to the dataset directory `output`.

    Without weights every row is taken. With weights (shares with the sum 1, one for each
    dataset) rows are drawn without repetition so that each split reaches them within one row and
    is as large as it can be; the others go to `removed.jsonl`. The same inputs, weights and seed
    give the same bytes. The manifest says the composition. `on_bytes` is told the size of the
    rows as they are counted. Raises DatasetError and UsageError.
    """
    check_apart(inputs)
    parts = [_counted(open_dataset(path), on_bytes) for path in inputs]
    names = {split.name for part in parts for split in part.data.splits}
    there = [name for name in SPLITS if name in names]
    left_out = FilterCounts(name=WEIGHTS, settings=_settings(weights, seed))
    with dataset_output(output, force=force) as work:
        with DatasetWriter(work, there) as writer:
            for name in there:
                _merge_split(
                    name, parts, weights=weights, seed=seed, writer=writer, left_out=left_out
                )
        return writer.finish(
            "merge",
            ", ".join(map(str, inputs)),
            [left_out],
            manifest={"composition": _composition(parts, weights, seed)},
            step={
                "settings": _settings(weights, seed),
                "inputs": [_origin(part) for part in parts],
            },
            warnings=tuple(_warnings(parts, there, weights)),
        )


def _merge_split(
    name: str,
    parts: Sequence[_Part],
    *,
    weights: Sequence[Fraction] | None,
    seed: int,
    writer: DatasetWriter,
    left_out: FilterCounts,
) -> None:
    sizes = [part.sizes[name] for part in parts]
    taken = shares_taken(sizes, weights) if weights else tuple(sizes)
    streams: list[Iterator[Row]] = []
    for index, (part, number) in enumerate(zip(parts, taken, strict=True)):
        part.taken[name] = number
        marks = drawn(part.sizes[name], number, f"{seed} {name} {index}")
        streams.append(_taken_rows(part, name, marks, writer, left_out))
    for index in mixed_order(taken, f"{seed} {name}"):
        writer.keep(next(streams[index]), name)
    for stream in streams:
        for _ in stream:
            raise AssertionError("more rows than were drawn")


def _taken_rows(
    part: _Part, name: str, marks: bytearray, writer: DatasetWriter, left_out: FilterCounts
) -> Iterator[Row]:
    """Yield the drawn rows of one split; the others are removed as they pass by."""
    number = 0
    for split in part.data.splits:
        if split.name != name:
            continue
        for row in read_split_rows(split):
            if fact := row.unreadable:
                writer.remove_unreadable(row, f"{part.data.path}: {fact}")
                continue
            if marks[number]:
                yield row
            else:
                reason = f"{part.data.path}: not drawn, so that the weights are reached"
                writer.remove(row, left_out, reason)
            number += 1


def _counted(data: DatasetInput, on_bytes: Seen | None) -> _Part:
    part = _Part(data)
    for split in data.splits:
        for row in read_split_rows(split):
            if on_bytes:
                on_bytes(len(row.raw) + 1)
            if not row.unreadable:
                part.sizes[split.name] += 1
                part.formats[str(row_format(row.value) or "unknown")] += 1
    return part


def check_apart(inputs: Sequence[Path]) -> None:
    """Raise UsageError where the same file would be read twice, and without any dataset."""
    if not inputs:
        raise UsageError("no dataset is given", "there is nothing to merge", "Give directories.")
    seen: set[Path] = set()
    for path in inputs:
        places = {split.path.resolve() for split in open_dataset(path).splits}
        if places & seen:
            raise UsageError(
                f"{path} is given twice",
                "each of its rows would be there twice",
                "Give it once; --weights say how much of it is taken.",
            )
        seen |= places


def _settings(weights: Sequence[Fraction] | None, seed: int) -> dict[str, Any]:
    return {"weights": [float(weight) for weight in weights] if weights else None, "seed": seed}


def _composition(
    parts: Sequence[_Part], weights: Sequence[Fraction] | None, seed: int
) -> dict[str, Any]:
    whole = {name: sum(part.taken[name] for part in parts) for name in SPLITS}
    return {
        **_settings(weights, seed),
        "inputs": [
            {
                "path": str(part.data.path),
                "weight": float(weights[index]) if weights else None,
                "splits": {
                    name: {
                        "rows": size,
                        "taken": part.taken[name],
                        "share": round(part.taken[name] / whole[name], 6) if whole[name] else 0.0,
                    }
                    for name in SPLITS
                    if (size := part.sizes[name])
                },
            }
            for index, part in enumerate(parts)
        ],
    }


def _origin(part: _Part) -> Mapping[str, Any]:
    return {"path": str(part.data.path), "manifest": dict(part.data.manifest) or None}


def _warnings(
    parts: Sequence[_Part], there: Sequence[str], weights: Sequence[Fraction] | None
) -> Iterator[str]:
    formats = sum((part.formats for part in parts), Counter[str]())
    if len(formats) > 1:
        counted = ", ".join(f"{number} {name}" for name, number in formats.most_common())
        yield (
            f"rows of several formats ({counted}): a trainer takes that of the first row for all. "
            "Convert them to one first: punie-train dataset convert --to messages [F34]"
        )
    for part in parts:
        for path in part.data.ignored:
            yield f"{path} is no split and was not read"
        if part.data.is_directory:
            yield from (
                f"{split.path} was read as {split.name}.jsonl"
                for split in part.data.splits
                if split.path.stem != split.name
            )
        if not weights:
            continue
        for name in there:
            if not part.sizes[name]:
                yield f"{part.data.path} has no {name} rows: there the weights hold for the others"
