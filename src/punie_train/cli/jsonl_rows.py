"""The rows of a JSONL file that a command reads, one at a time, with a progress bar."""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from punie_train.cli.console import remarks
from punie_train.core.errors import ArtifactError


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: where it stands (`line` counts from 1) and the object in it."""

    place: str
    line: int
    value: dict[str, Any]

    @property
    def id(self) -> Any:
        """Return the row's own id, or its line."""
        return self.value.get("id", self.line)

    def error(self, problem: str, remedy: str) -> ArtifactError:
        """Return the error for this row."""
        return row_error(self.place, self.line, problem, remedy)


def row_error(place: str, line: int, problem: str, remedy: str) -> ArtifactError:
    """Return the error for a line of a file."""
    return ArtifactError(
        f"{place}:{line}: {problem}", "this row and those after it are not read", remedy
    )


def read_rows(path: Path, *, doing: str) -> Iterator[Row]:
    """Yield the objects of a JSONL file (`-` for standard input); blank lines are skipped.

    Shows a bar with the word `doing` on a terminal while answers go elsewhere. Raises
    `ArtifactError` with file and line.
    """
    with ExitStack() as stack:
        file = _opened(path, stack)
        place = "standard input" if file is sys.stdin.buffer else str(path)
        size = path.stat().st_size if file is not sys.stdin.buffer and path.is_file() else None
        bar = stack.enter_context(_bar(doing, shown=size is not None))
        task = bar.add_task(doing, total=size or None)
        for line, raw in enumerate(file, start=1):
            if text := raw.removeprefix(b"\xef\xbb\xbf").strip():
                yield Row(place=place, line=line, value=_object(text, place, line))
            bar.update(task, advance=len(raw))


def _opened(path: Path, stack: ExitStack) -> IO[bytes]:
    if str(path) == "-":
        return sys.stdin.buffer
    try:
        return stack.enter_context(path.open("rb"))
    except OSError as error:
        raise ArtifactError(
            f"{path} cannot be read ({error.strerror})",
            "there are no rows",
            "Give a readable file with one JSON object a line, or - for standard input.",
        ) from error


def _object(text: bytes, place: str, line: int) -> dict[str, Any]:
    remedy = "Write one JSON object a line"
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise row_error(
            place, line, f"not JSON ({error.msg}, character {error.pos})", remedy
        ) from None
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise row_error(place, line, f"not JSON ({type(error).__name__})", remedy) from None
    if not isinstance(value, dict):
        raise row_error(place, line, "not a JSON object", remedy)
    return value


def _bar(doing: str, *, shown: bool) -> Progress:
    console = remarks()
    return Progress(
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("bytes"),
        TimeRemainingColumn(compact=True),
        console=console,
        disable=not (shown and console.is_terminal and not sys.stdout.isatty()),
        transient=True,
    )
