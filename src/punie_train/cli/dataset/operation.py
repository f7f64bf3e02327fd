"""Run an operation of the command line, with a progress bar, and say what it did."""

from collections.abc import Sequence
from pathlib import Path

from punie_train.cli.console import answers, say_data, say_warning
from punie_train.cli.dataset.bytes_bar import bytes_bar
from punie_train.dataset.inputs import open_dataset
from punie_train.dataset.operation_report import OperationReport
from punie_train.dataset.operations import NeedsAllRows, RowOperation
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
    passes = 1 + sum(isinstance(one, NeedsAllRows) for one in operations)
    with bytes_bar(name, open_dataset(data), passes=passes) as on_bytes:
        report = run_operation(name, data, output, operations, force=force, on_bytes=on_bytes)
    say_report(report, output, json_output=json_output)
    return report


def say_report(report: OperationReport, output: Path, *, json_output: bool) -> None:
    """Print a report as JSON, or in lines with its warnings on the other stream."""
    if json_output:
        say_data(report.to_json())
        return
    for line in operation_lines(report, output):
        answers().print(line, markup=False, emoji=False)
    for warning in report.warnings:
        say_warning(one_line(warning))
