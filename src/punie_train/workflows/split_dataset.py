"""Divide the rows of a dataset anew into training, validation and test rows."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from punie_train.dataset.inputs import SPLITS, DatasetInput, open_dataset
from punie_train.dataset.operation_report import OperationReport
from punie_train.dataset.rows import read_rows, starts_with_mark
from punie_train.dataset.split_groups import assigned, check_shares
from punie_train.dataset.variant_groups import VariantGroups
from punie_train.workflows.dataset_output import dataset_output
from punie_train.workflows.dataset_writer import DatasetWriter
from punie_train.workflows.run_operation import Seen


def split_dataset(
    data: Path,
    output: Path,
    *,
    valid: float = 0.1,
    test: float = 0.1,
    seed: int = 0,
    force: bool = False,
    on_bytes: Seen | None = None,
) -> OperationReport:
    """Write all rows of `data`, whatever split they are in, to the new splits of `output`.

    `valid` and `test` are shares of the rows (0 to 1); a share of 0 writes no such file. Variants
    of one example (questions of one template, `dataset.variants`) and near copies stay together
    in one split, so that no variant of a training row is a validation row; a large group can make
    the shares inexact. Rows keep their order and their bytes; unreadable lines go to
    `removed.jsonl`. The same rows and seed give the same files. `on_bytes` is told the size of the
    rows as they are compared. Raises DatasetError and UsageError.
    """
    check_shares(valid, test)
    source = open_dataset(data)
    names, sizes = _groups(source, on_bytes)
    splits = assigned(sizes, valid=valid, test=test, seed=seed)
    there = [name for name in SPLITS if {"valid": valid, "test": test}.get(name, 1) > 0]
    with dataset_output(output, force=force) as work:
        with DatasetWriter(work, there) as writer:
            group = iter(names)
            for row in read_rows(source):
                if fact := row.unreadable:
                    writer.remove_unreadable(row, fact)
                else:
                    writer.keep(row, splits[next(group)])
        kept = {name: writer.counts[name].kept for name in there}
        return writer.finish(
            "split",
            str(data),
            [],
            manifest={key: value for key, value in source.manifest.items() if key != "files"},
            step=_step(source, valid=valid, test=test, seed=seed, groups=len(sizes)),
            warnings=tuple(_warnings(source, kept, {"valid": valid, "test": test})),
        )


def _groups(
    source: DatasetInput, on_bytes: Seen | None
) -> tuple[Sequence[bytes], Mapping[bytes, int]]:
    """Return the group of each readable row, and the size of each group."""
    with VariantGroups() as groups:
        for row in read_rows(source):
            if on_bytes:
                on_bytes(len(row.raw) + 1)
            if not row.unreadable:
                groups.add(row.value)
        return groups.found()


def _step(source: DatasetInput, **settings: Any) -> dict[str, Any]:
    groups = settings.pop("groups")
    files = source.manifest.get("files")
    return {
        "settings": settings,
        "groups": groups,
        "input": {"path": str(source.path), "files": files},
    }


def _warnings(
    source: DatasetInput, kept: dict[str, int], shares: dict[str, float]
) -> Iterator[str]:
    whole = sum(kept.values())
    for name, share in shares.items():
        if name not in kept:
            continue
        if not kept[name]:
            yield f"{name}.jsonl has no rows: too few examples differ"
        elif abs(kept[name] - share * whole) > max(1.0, 0.02 * whole):
            yield (
                f"{name}.jsonl has {kept[name] / whole:.1%} of the rows instead of {share:.1%}: "
                "variants of one example stay together"
            )
    for split in source.splits:
        if starts_with_mark(split.path):
            yield f"{split.path.name}: the byte order mark at its start was left out"
    for path in source.ignored:
        yield f"{path.name} is no split and was not read"
