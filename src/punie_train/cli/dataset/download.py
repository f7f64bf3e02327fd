"""`punie-train dataset download`: public data as chat examples, audited first."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from punie_train.cli.console import answers, remarks, say_data, say_warning
from punie_train.cli.dataset.options import SOURCES, AsJson, Force, Output
from punie_train.dataset.audit import Audit
from punie_train.reporting.operation_words import operation_lines
from punie_train.reporting.safe_text import one_line
from punie_train.workflows.download import DownloadOptions, Watcher, download

EXAMPLE = """
[bold]Examples[/bold]

Tool calls made on this machine, without network:
[cyan]punie-train dataset download sample --output data/sample[/cyan]

Documented Python functions, as requests and answers:
[cyan]punie-train dataset download codesearchnet-python --output data/code --max 2000[/cyan]

Rows that cannot be converted go to removed.jsonl with the reason. A download that was stopped goes
on when the same command is given again. Nothing is kept of a token.
"""


def download_rows(
    source: Annotated[
        str,
        typer.Argument(metavar="SOURCE", help=f"{SOURCES}, or any hub id.", show_default=False),
    ],
    *,
    output: Output,
    rows: Annotated[
        int | None,
        typer.Option(
            "--max", help="Examples at most; 10,000, and 200 of the sample.", show_default=False
        ),
    ] = None,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept",
            help="Download what the audit refuses: you have read its terms and are within them.",
        ),
    ] = False,
    config: Annotated[
        str | None, typer.Option(help="Part of a hub dataset.", show_default=False)
    ] = None,
    split: Annotated[
        str | None, typer.Option(help="Split of a hub dataset (train).", show_default=False)
    ] = None,
    revision: Annotated[
        str | None, typer.Option(help="Branch, tag or commit on the hub.", show_default=False)
    ] = None,
    valid: Annotated[float, typer.Option(help="Share of rows for valid.jsonl.")] = 0.1,
    test: Annotated[float, typer.Option(help="Share of rows for test.jsonl.")] = 0.1,
    force: Force = False,
    restart: Annotated[
        bool, typer.Option("--restart", help="Forget what a stopped download has received.")
    ] = False,
    json_output: AsJson = False,
) -> None:
    """Stream a source, audited first, and write its rows as chat examples."""
    options = DownloadOptions(
        rows=rows,
        accept=accept,
        config=config,
        split=split,
        revision=revision,
        valid=valid,
        test=test,
        force=force,
        restart=restart,
    )
    try:
        with _bar() as bar:
            report = download(source, output, options, _watcher(bar))
    except KeyboardInterrupt:
        remarks().print("Stopped. The same command goes on where it was.")
        raise
    if json_output:
        say_data(report.to_json())
        return
    for line in operation_lines(report, output):
        answers().print(line, markup=False, emoji=False)


@contextmanager
def _bar() -> Generator[Progress]:
    console = remarks()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("examples"),
        TimeRemainingColumn(compact=True),
    )
    shown = console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=not shown) as bar:
        yield bar


def _watcher(bar: Progress) -> Watcher:
    task = bar.add_task("download", total=None)

    def on_audit(audit: Audit) -> None:
        if audit.source.repository is None:
            return
        for remark in audit.remarks:
            remarks().print(f"Note: {one_line(remark)}", markup=False, emoji=False)
        for refusal in audit.refusals:
            say_warning(one_line(f"accepted although {refusal}"))

    def on_rows(kept: int, wanted: int) -> None:
        bar.update(task, description="download", completed=kept, total=wanted)

    def on_wait(seconds: float) -> None:
        bar.update(task, description=f"the hub is busy, waiting {seconds:.0f} s")

    return Watcher(on_audit=on_audit, on_rows=on_rows, on_wait=on_wait)
