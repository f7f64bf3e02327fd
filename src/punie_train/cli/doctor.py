"""`punie-train doctor`: is this machine ready?"""

from pathlib import Path
from typing import Annotated

import typer

from punie_train.cli.console import answers, remarks, say_data
from punie_train.core.errors import ExitStatus
from punie_train.core.settings import find_settings

EXAMPLE = """
[bold]Example[/bold]

[cyan]punie-train doctor[/cyan]
"""
_MARKS = {"ready": "[green]ready  [/green]", "note": "[yellow]note   [/yellow]",
          "missing": "[red]missing[/red]"}  # fmt: skip


def doctor(
    *, json_output: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """Try what the commands need on this machine: mlx-lm, tools, sandbox, models, disk, memory.

    Nothing is downloaded. The exit status is 1 when something that a command needs is missing.
    """
    from punie_train.reporting.safe_text import one_line
    from punie_train.workflows.examine_machine import Readiness, examine_machine

    console, found = answers(), []
    with remarks().status("looking at this machine"):
        for one in examine_machine(find_settings(Path.cwd())):
            found.append(one)
            if not json_output:
                console.print(f"{_MARKS[one.readiness]} ", end="")
                console.print(f"{one.name}: {one_line(one.found)}", markup=False)
                if one.remedy:
                    console.print(f"        {one.remedy}", markup=False)
    if json_output:
        say_data(
            [
                {"name": one.name, "state": one.readiness, "found": one.found, "remedy": one.remedy}
                for one in found
            ]
        )
    if any(one.readiness is Readiness.MISSING for one in found):
        raise typer.Exit(ExitStatus.ANSWER_IS_NO)
