"""`punie-train init`: start a project."""

from pathlib import Path
from typing import Annotated

import typer

from punie_train.cli.console import answers

EXAMPLE = """
[bold]Example[/bold]

[cyan]punie-train init my-agent && cd my-agent && pytest evals --adapter base[/cyan]
"""


def init(
    directory: Annotated[Path, typer.Argument(help="Directory of the project.")] = Path(),
) -> None:
    """Start a project: settings in pyproject.toml, a first suite, .gitignore.

    Files that are there stay as they are; the settings are added to a pyproject.toml.
    """
    from punie_train.workflows.start_project import start_project

    directory.mkdir(parents=True, exist_ok=True)
    for path in start_project(directory):
        answers().print(f"wrote {path}", markup=False)
    answers().print("next: pytest evals --adapter base", markup=False)
