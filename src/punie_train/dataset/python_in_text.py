"""The Python in a text: fenced blocks of Markdown, or the text itself where it is code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from textwrap import dedent

_PYTHON_FENCE = re.compile(r"(?:python|py|pycon|ipython|python-repl)[23]?[\d.]*+")
_FENCE = re.compile(
    r"(?P<quoted>[ \t>]*+)(?P<mark>`{3,}+|~{3,}+)[ \t]*+(?P<said>[\w.+-]*+)[^`\n]*+\Z"
)
_QUOTED = re.compile(r"[ \t]*+(?:>[ \t]?)+")
_CODE = re.compile(
    r"^[ \t]*+(?:(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(|class[ \t]+\w+[ \t]*[(:]"
    r"|import[ \t]+\w+[ \t]*(?:$|[,;.]|as\b)|from[ \t]+[\w.]+[ \t]+import\b|@\w[\w.]*(?:\(|[ \t]*$)"
    r"|\#!.{0,40}python|\#.{0,20}coding[:=]|if[ \t]+__name__|print[ \t]*[\"'(>]"
    r"|raise[ \t]+\w+,|except\b[^\n:]*:|(?:for|while|if)\b[^\n]*:[ \t]*$)",
    re.MULTILINE,
)
_CODE_MARK = re.compile(r"[=()\[\]{}]|:[ \t]*$|^[ \t]+\S|^(?:return|pass|del)\b")
_FEWEST_LINES = 2


@dataclass(frozen=True, slots=True)
class PythonText:
    """A piece of Python; `stated` says that the row itself calls it Python."""

    code: str
    stated: bool = True


def python_in_text(text: str) -> Iterator[PythonText]:
    """Yield the Python of one text: its fenced blocks, without any the text if it may be code."""
    if "```" in text or "~~~" in text:
        yield from _fenced(text)
    else:
        yield from python_in_code(text)


def python_in_request(text: str) -> Iterator[PythonText]:
    """Yield the Python of a request: its fenced blocks, without any a program of several lines.

    `print "a.html"` asks for a file as well as it is Python 2; one such line is taken for words.
    """
    if "```" in text or "~~~" in text or _is_program(text):
        yield from python_in_text(text)


def _is_program(text: str) -> bool:
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    marked = (line for line in lines if _CODE.search(line) or _CODE_MARK.search(line))
    return len(list(islice(marked, _FEWEST_LINES))) == _FEWEST_LINES


def python_in_code(text: str) -> Iterator[PythonText]:
    """Yield a text that has a line as of Python; whether all of it is Python is not known."""
    if _CODE.search(text):
        yield PythonText(dedent(_without_prompts(text)), stated=False)


def _fenced(text: str) -> Iterator[PythonText]:
    opened: re.Match[str] | None = None
    block: list[str] = []
    for line in text.split("\n"):
        mark = _FENCE.match(line.rstrip("\r"))
        if opened is None:
            if mark:
                opened, block = mark, []
        elif mark and mark["mark"].startswith(opened["mark"]) and not mark["said"]:
            yield from _block(opened, block)
            opened = None
        else:
            block.append(line)
    if opened:
        yield from _block(opened, block)


def _block(fence: re.Match[str], lines: list[str]) -> Iterator[PythonText]:
    if ">" in fence["quoted"]:
        lines = [_QUOTED.sub("", line, count=1) for line in lines]
    code = "\n".join(lines)
    said = fence["said"].lower()
    if _PYTHON_FENCE.fullmatch(said):
        yield PythonText(dedent(_without_prompts(code)))
    elif not said:
        yield from python_in_code(code)


def _without_prompts(code: str) -> str:
    """Return what was typed in a session with `>>>`, or the code itself if it is none."""
    if ">>>" not in code:
        return code
    lines = dedent(code).split("\n")
    if not any(line.startswith(">>> ") for line in lines):
        return code
    return "\n".join(line[4:] for line in lines if line.startswith((">>> ", "... ")))
