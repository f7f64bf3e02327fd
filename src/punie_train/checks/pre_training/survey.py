"""One pass over the rows of a dataset that feeds all selected checks."""

from collections.abc import Callable, Collection, Iterator, Mapping

from punie_train.checks.catalogue import Stage, named
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.checks.pre_training.formats import FormatConsistency
from punie_train.checks.pre_training.structure import Structure
from punie_train.checks.result import CheckResult
from punie_train.dataset.inputs import Split
from punie_train.dataset.rows import Row, read_split_rows
from punie_train.dataset.validation import Validation

ROW_CHECKS: tuple[type[RowCheck], ...] = (Structure, FormatConsistency)


def survey(
    subject: Subject,
    names: Collection[str],
    *,
    on_rows: Callable[[int], None] | None = None,
) -> Mapping[str, CheckResult]:
    """Return the results of the checks of these names, in the catalogue's order.

    `on_rows` is told the number of rows read so far. Raises DatasetError for files that cannot be
    read.
    """
    results: dict[str, CheckResult] = {}
    running: list[RowCheck] = []
    wanted = named(Stage.PRE_TRAINING, names)
    for check in wanted:
        accumulator = next(kind for kind in ROW_CHECKS if kind.name == check.name)(subject)
        if (reason := accumulator.skipped()) is not None:
            results[check.name] = CheckResult(check=check, skipped=reason)
        else:
            running.append(accumulator)
    rows = 0

    def read(split: Split) -> Iterator[Row]:
        nonlocal rows
        for row in read_split_rows(split):
            rows += 1
            if on_rows:
                on_rows(rows)
            for accumulator in running:
                accumulator.take_row(row)
            yield row

    for finding in Validation(subject.data, read=read).findings():
        for accumulator in running:
            accumulator.take_finding(finding)
    results |= {accumulator.check.name: accumulator.finish() for accumulator in running}
    return {check.name: results[check.name] for check in wanted}
