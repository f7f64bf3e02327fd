"""Run an operation of the command line, with a progress bar, and say what it did."""

from collections.abc import Sequence
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from punie_train.cli.console import answers, remarks, say_data, say_warning
from punie_train.dataset.inputs import open_dataset
from punie_train.dataset.operation_report import OperationReport
from punie_train.dataset.operations import RowOperation
from punie_train.reporting.operation_words import operation_lines
from punie_train.reporting.safe_text import one_line
from punie_train.workflows.run_operation import run_operation


def operate(
    name: str,
    data: Path,
    output: Path,
    operations: Sequence[RowOperation],
    *,
    force: bool,
    json_output: bool,
) -> OperationReport:
    """Run operations over a dataset, show progress on a terminal, and print the report."""
    console = remarks()
    if console.is_terminal:
        with _bar(name) as bar:
            size = sum(split.path.stat().st_size for split in open_dataset(data).splits)
            task = bar.add_task(name, total=size)
            report = run_operation(
                name,
                data,
                output,
                operations,
                force=force,
                on_bytes=lambda number: bar.advance(task, number),
            )
    else:
        report = run_operation(name, data, output, operations, force=force)
    if json_output:
        say_data(report.to_json())
        return report
    for line in operation_lines(report, output):
        answers().print(line, markup=False, emoji=False)
    for warning in report.warnings:
        say_warning(one_line(warning))
    return report


def _bar(name: str) -> Progress:
    return Progress(
        TextColumn(name),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(compact=True),
        console=remarks(),
        transient=True,
    )
