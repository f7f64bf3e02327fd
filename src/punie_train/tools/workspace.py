"""A place in a workspace, and a tool run over it: the facts that the typed tools judge."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from punie_train.processes.run import Finished, run

_FOREIGN = ("COV_", "COVERAGE_", "PYTEST_", "RUFF_", "TY_")
"""Variables that would change what a tool does."""

_SHOWN = 300


class ToolRunError(Exception):
    """The tool gave no result that could be trusted; the text becomes the `parse_error`."""


def place_in(workspace: Path, path: str, *, suffixes: tuple[str, ...] = (".py", ".pyi")) -> Path:
    """Return the real path; ToolRunError when it is not there, outside, or holds no Python."""
    root = workspace.resolve()
    try:
        place = (root / path).resolve()
        exists, folder = place.exists(), place.is_dir()
    except (OSError, ValueError, RuntimeError) as error:
        raise ToolRunError(f"{path!r} is not a path that can be read ({error})") from error
    if not place.is_relative_to(root):
        raise ToolRunError(f"{path!r} lies outside of the workspace")
    if not exists:
        raise ToolRunError(f"there is no {path!r} in the workspace")
    if folder and not any(found.suffix in suffixes for found in place.rglob("*")):
        raise ToolRunError(f"there is no Python file in {path!r}")
    return place


def run_tool(command: Sequence[str], *, workspace: Path, seconds: float) -> Finished:
    """Run a tool's module in the workspace; ToolRunError when it cannot start or end in time."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    env = {**kept, "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        finished = run(command, cwd=workspace.resolve(), seconds=seconds, env=env)
    except OSError as error:
        raise ToolRunError(f"{command[0]} could not be started ({error})") from error
    if finished.status is None:
        raise ToolRunError(f"{command[0]} did not end within {seconds:g} s and was stopped")
    return finished


def unusable(tool: str, finished: Finished, what: str) -> ToolRunError:
    """Return the error for a run whose report cannot be trusted, with the tool's own last words."""
    said = [text.strip()[-_SHOWN:] for text in (finished.output, finished.errors) if text.strip()]
    words = ": " + "\n".join(said) if said else ""
    return ToolRunError(f"{tool} {what} (exit status {finished.status}){words}")


def entries(report: str) -> list[Any]:
    """Return the entries of a JSON report; ValueError when it is not a list."""
    if not isinstance(found := json.loads(report), list):
        raise ValueError(f"{type(found).__name__} instead of a list")
    return found


def relative(workspace: Path, file: str) -> str:
    """Return a file's path as seen from the workspace, or as it is when it lies elsewhere."""
    path = Path(file)
    root = workspace.resolve()
    return str(path.relative_to(root)) if path.is_relative_to(root) else file


def python_environment(workspace: Path) -> Path:
    """Return the environment whose packages the workspace imports: its own, else this one."""
    own = workspace.resolve() / ".venv"
    return own if own.is_dir() else Path(sys.prefix)
