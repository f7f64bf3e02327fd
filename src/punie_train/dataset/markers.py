"""Marks that a generator left in its examples, such as "(question 17)" or "Example #3:" (F41).

A model learns them. They are taken out so that what stays is still a sentence and still code.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_NOUN = (
    r"(?:(?:training[ ])?example|variation|variant|sample|question|response|answer|instance|"
    r"iteration|paraphrase|prompt|scenario|copy|duplicate)"
)
_NUMBER = r"(?:(?:[ ](?:(?:no\.?|number)[ ]?)?\#?|\#)\d{1,6}(?:[ ]?(?:of|/)[ ]?\d{1,6})?)"
_FEW = r"(?:example|variation|variant|sample|paraphrase)"


class MarkerKind(StrEnum):
    """Where a mark stands."""

    BRACKETED = "marker in brackets"
    LABEL = "marker as a label"
    NUMBERED = "numbered marker"


@dataclass(frozen=True, slots=True)
class MarkerSpan:
    """Where a mark stands in a text (`text[start:end]`) and what to write in its place."""

    kind: MarkerKind
    start: int
    end: int
    replacement: str = ""


_DIGIT = re.compile(r"\d")
_HINT = re.compile(r"[A-Za-z] ?(?:[Nn]o\.? ?|number )?#?\d")
_BRACKETED = re.compile(
    rf"[ \t]*(?:\({_NOUN}{_NUMBER}\)|\[{_NOUN}{_NUMBER}\])(?![\w(\[])", re.IGNORECASE
)
_LABEL = re.compile(
    rf"\A\s*(?:\#{{1,6}}[ ]|\*\*)?{_NOUN}{_NUMBER}[ ]?(?::|[.)\-\u2013\u2014](?=\s))"
    r"(?:\*\*)?\s*(?=\S)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    rf"(?P<noun>\b{_FEW}){_NUMBER}"
    r"(?=[ \t]*(?:$|[\n\"'`?!;)\]]|[.,:](?!\d)))",
    re.IGNORECASE,
)
_COMMENT = re.compile(
    rf"^(?P<noun>[ \t]*\#[^\n#]{{0,80}}\bpattern){_NUMBER}[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
"""A comment of code that only a generator numbers: "# Check and fix pattern 5"."""


def may_be_marked(text: str) -> bool:
    """Say quickly whether a text, or a stretch of it, may hold a mark."""
    return bool(_DIGIT.search(text) and _HINT.search(text))


def find_markers(text: str) -> list[MarkerSpan]:
    """Return the marks of one message in order, none overlapping another.

    A text that numbers its own examples (two numbers or more after one noun, as a tutorial does)
    keeps those numbers.
    """
    if not may_be_marked(text):
        return []
    spans = [MarkerSpan(MarkerKind.BRACKETED, *match.span()) for match in _BRACKETED.finditer(text)]
    numbered = [*_NUMBERED.finditer(text), *_COMMENT.finditer(text)]
    if len({match[0].casefold() for match in numbered}) < 2:
        if (label := _LABEL.match(text)) is not None:
            spans.append(MarkerSpan(MarkerKind.LABEL, *label.span()))
        spans.extend(
            MarkerSpan(MarkerKind.NUMBERED, *match.span(), match["noun"]) for match in numbered
        )
    return list(_apart(spans))


def _apart(spans: list[MarkerSpan]) -> Iterator[MarkerSpan]:
    end = -1
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.start >= end:
            yield span
            end = span.end
