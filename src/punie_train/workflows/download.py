"""Fetch a source as a dataset: audited first, row by row, resumed after whatever stopped it."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from punie_train.core.errors import ExitStatus, PunieTrainError, UsageError
from punie_train.dataset.audit import Audit, audit_source, provenance
from punie_train.dataset.converters.conversion import UnconvertibleError
from punie_train.dataset.converters.converting import convert_row, is_about
from punie_train.dataset.errors import DatasetError
from punie_train.dataset.json_lines import to_line
from punie_train.dataset.operation_report import OperationReport
from punie_train.dataset.sources import SAMPLE, Source, catalogue
from punie_train.dataset.split_groups import check_shares
from punie_train.hub.row_stream import stream_rows
from punie_train.workflows.audit_data import audit_on_hub, find_source
from punie_train.workflows.dataset_output import dataset_output
from punie_train.workflows.download_journal import DownloadJournal, drop_journal
from punie_train.workflows.sample_rows import sample_rows
from punie_train.workflows.write_received import write_received

DEFAULT_ROWS, SAMPLE_ROWS = 10_000, 200
HOPELESS = 1000
"""Rows without a single example among them after which a download gives up."""


class RefusedError(PunieTrainError):
    """The audit refuses a source, and nobody accepted its terms."""

    status = ExitStatus.ANSWER_IS_NO


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadOptions:
    """What is wanted: rows at most, part of the source, shares of the splits, and consent."""

    rows: int | None = None
    accept: bool = False
    config: str | None = None
    split: str | None = None
    revision: str | None = None
    valid: float = 0.1
    test: float = 0.1
    force: bool = False
    restart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Who is told: the audit that allowed it, examples so far and wanted, and pauses in seconds."""

    on_audit: Callable[[Audit], None] = lambda _: None
    on_rows: Callable[[int, int], None] = lambda *_: None
    on_wait: Callable[[float], None] = lambda _: None


_NOBODY = Watcher()


def download(
    name: str, output: Path, options: DownloadOptions, watcher: Watcher = _NOBODY
) -> OperationReport:
    """Write a dataset directory of at most `options.rows` examples of a source.

    Every row of the source is dealt with once, also when the connection breaks or the process is
    killed: what came is kept beside `output` until the dataset is whole, and the same command goes
    on there, at the same revision. Raises RefusedError when the audit refuses, HubError, UsageError
    and DatasetError.
    """
    source = _wanted(name, options)
    most = options.rows or (SAMPLE_ROWS if source.name == SAMPLE else DEFAULT_ROWS)
    with dataset_output(output, force=options.force) as work:
        if options.restart:
            drop_journal(output)
        known = audit_source(source)  # what is known refuses without the hub, offline too
        if source.name in catalogue().sources and not known.allowed and not options.accept:
            raise _refused(known)
        found = audit_on_hub(source, options.revision)
        if not found.audit.allowed and not options.accept:
            raise _refused(found.audit)
        watcher.on_audit(found.audit)
        head = _head(found.audit, found.revision, options)
        with DownloadJournal(output, head) as journal:
            revision = journal.head["revision"]
            watcher.on_rows(journal.kept, most)
            _receive(found.rows, revision, journal, most, watcher)
            shares = {"valid": options.valid, "test": options.test}
            report = write_received(journal, work, most, source, shares)
    drop_journal(output)
    return report


def _wanted(name: str, options: DownloadOptions) -> Source:
    if options.rows is not None and options.rows < 1:
        raise UsageError("--max is below 1", "no row would be taken", "Give 1 or more.")
    check_shares(options.valid, options.test)
    source = find_source(name)
    if source.name == SAMPLE and (options.config or options.split or options.revision):
        raise UsageError(
            "sample has no parts and no revisions",
            "--config, --split and --revision say nothing",
            "Leave them out.",
        )
    return replace(
        source,
        config=options.config or source.config,
        split=options.split or source.split,
    )


def _refused(audit: Audit) -> RefusedError:
    return RefusedError(
        f"{audit.source.name} is refused: {'; '.join(audit.refusals)}",
        "a model trained on it may not be used or published as you like",
        f"Choose another source; --accept would mean {audit.accepting}.",
    )


def _head(audit: Audit, revision: str | None, options: DownloadOptions) -> dict[str, Any]:
    return {
        **provenance(audit.source),
        "split": audit.source.split,
        "asked_revision": options.revision,
        "revision": revision,
        "accepted": list(audit.refusals),
        "remarks": list(audit.remarks),
        "retrieved": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }


def _receive(
    source: Source, revision: str, journal: DownloadJournal, most: int, watcher: Watcher
) -> None:
    if journal.kept >= most:
        return
    if source.name == SAMPLE:
        for row in list(sample_rows(most))[journal.read :]:
            journal.keep(to_line({**row, "source": SAMPLE}))
            watcher.on_rows(journal.kept, most)
        return
    rows = stream_rows(source, revision, skip=journal.read, on_wait=watcher.on_wait)
    for row in rows:
        _deal_with(row, source, journal)
        watcher.on_rows(journal.kept, most)
        if journal.kept >= most:
            break
        if journal.kept == 0 and journal.removed >= HOPELESS:
            raise _no_examples(source, journal)
    if journal.kept == 0:
        raise _no_examples(source, journal)


def _deal_with(row: Mapping[str, Any], source: Source, journal: DownloadJournal) -> None:
    if not is_about(row, source):
        journal.pass_over()
        return
    try:
        journal.keep(convert_row(row, source))
    except UnconvertibleError as error:
        journal.remove(str(error), row)


def _no_examples(source: Source, journal: DownloadJournal) -> DatasetError:
    first = next((one.reason for one in journal.received() if one.reason), None)
    nothing = f"no row is about {source.about}" if journal.passed else "it has no rows"
    read = journal.read
    journal.delete()
    return DatasetError(
        f"None of {read} rows of {source.name} became an example ({first or nothing})",
        "there is nothing to train on",
        "Look at its columns on the hub; --config and --split take another part.",
    )
