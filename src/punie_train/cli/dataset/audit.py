"""`punie-train dataset audit`: may this be trained on?"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from punie_train.cli.console import answers, say_data
from punie_train.cli.dataset.options import SOURCES, AsJson
from punie_train.core.errors import ExitStatus
from punie_train.dataset.audit import audit_source
from punie_train.dataset.sources import catalogue
from punie_train.reporting.audit_words import audit_lines, rows_lines
from punie_train.workflows.audit_data import (
    DataAudit,
    audit_directory,
    audit_on_hub,
    find_source,
)

EXAMPLE = """
[bold]Examples[/bold]

A source, before it is downloaded:
[cyan]punie-train dataset audit kodcode[/cyan]

Data on disk, by its manifest and its rows:
[cyan]punie-train dataset audit data/v3[/cyan]

Exit status 1 when training on it is refused. Known sources are judged without network.
"""


def audit(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE_OR_DIR",
            help=f"{SOURCES}, any hub id, or a dataset on disk.",
            show_default=False,
        ),
    ],
    *,
    json_output: AsJson = False,
) -> None:
    """Tell licence, generation models and origin, and whether anything speaks against training."""
    if source not in catalogue().sources and Path(source).exists():
        allowed = _on_disk(audit_directory(Path(source)), json_output=json_output)
    else:
        allowed = _of_source(source, json_output=json_output)
    if not allowed:
        raise typer.Exit(ExitStatus.ANSWER_IS_NO)


def _of_source(name: str, *, json_output: bool) -> bool:
    source, revision = find_source(name), None
    if name in catalogue().sources:
        found = audit_source(source)
    else:
        on_hub = audit_on_hub(source)
        found, revision = on_hub.audit, on_hub.revision
    if json_output:
        say_data({**found.to_json(), "revision": revision})
    else:
        _say(audit_lines(found))
    return found.allowed


def _on_disk(found: DataAudit, *, json_output: bool) -> bool:
    if json_output:
        say_data(found.to_json())
        return found.allowed
    for one in found.audits:
        _say(audit_lines(one))
    _say(rows_lines(found.rows))
    return found.allowed


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        answers().print(line, markup=False, emoji=False)
