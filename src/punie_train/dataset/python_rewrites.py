"""Syntax that this interpreter refuses, written so that it parses, and named.

A text in the syntax of Python 2, or of a version newer than the running one, does not parse here.
Each rule of `python_two_rewrites` and `python_newer_rewrites` finds one such construct in the
tokens of a statement and replaces it by something this interpreter knows; whether the rest is
Python is then decided by its own parser. Line numbers stay as they were.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from punie_train.dataset.python_constructs import NEWEST, PYTHON_TWO, Construct, Version
from punie_train.dataset.python_tokens import Kind, Token

COMPOUND = frozenset(
    ("if", "elif", "else", "while", "for", "try", "except", "finally", "with", "def", "class")
)

Statement = Sequence[Token]
"""The tokens of a simple statement or of the header of a compound one, without its colon."""


@dataclass(slots=True)
class Rewriting:
    """What was found in `text` and the edits (start, end, replacement) that make it parse."""

    text: str
    found: list[Construct] = field(default_factory=list)
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def name(
        self,
        name: str,
        token: Token,
        *,
        since: Version = PYTHON_TWO,
        until: Version = NEWEST,
        again: Version | None = None,
    ) -> None:
        """Note a construct at its first token; the later ones of that name are not counted."""
        if name in self.names:
            return
        self.names.add(name)
        line = self.text.count("\n", 0, token.start) + 1
        self.found.append(Construct(name=name, line=line, since=since, until=until, again=again))

    def replace(self, first: Token, last: Token, by: str) -> None:
        """Replace everything from one token to another; line feeds in between stay."""
        lost = self.text.count("\n", first.start, last.end) - by.count("\n")
        self.edits.append((first.start, last.end, by + "\\\n" * lost))

    def enclose(self, first: Token, last: Token) -> None:
        """Put parentheses around everything from one token to another."""
        self.edits += [(first.start, first.start, "("), (last.end, last.end, ")")]

    def written(self) -> str:
        """Return the text with the edits; of overlapping edits the outer or first one counts."""
        parts: list[str] = []
        position = 0
        for start, end, by in sorted(self.edits, key=_order):
            if start >= position:
                parts += (self.text[position:start], by)
                position = end
        return "".join((*parts, self.text[position:]))


def _order(edit: tuple[int, int, str]) -> tuple[int, bool, int]:
    """Insertions before replacements, of replacements the longest first."""
    start, end, _ = edit
    return start, end > start, -end


def statements(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """Yield the statements of a text; what follows a header's colon is a statement of its own."""
    current: list[Token] = []
    lambdas = 0
    for token in tokens:
        text = token.text
        if token.depth == 0:
            if text == "lambda" and token.kind is Kind.NAME:
                lambdas += 1
            elif text == ":" and lambdas:
                lambdas -= 1
            elif token.kind is Kind.NEWLINE or text == ";" or (text == ":" and _is_header(current)):
                if current:
                    yield current
                current, lambdas = [], 0
                continue
        current.append(token)
    if current:
        yield current


def _is_header(statement: Statement) -> bool:
    if not statement:
        return False
    first = statement[0].text
    if first == "async" and len(statement) > 1:
        first = statement[1].text
    return first in COMPOUND


def commas(statement: Statement, depth: int = 0) -> list[int]:
    """Return where the commas stand at that depth."""
    return [at for at, token in enumerate(statement) if token.text == "," and token.depth == depth]


def closing(statement: Statement, at: int) -> int:
    """Return where the bracket at `at` is closed; the last position if it is not."""
    depth = statement[at].depth
    for other in range(at + 1, len(statement)):
        if statement[other].depth == depth and statement[other].text in (")", "]", "}"):
            return other
    return len(statement) - 1
