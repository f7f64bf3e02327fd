"""The tags of tool calls in a text, found in one pass, and what follows each."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum


class Tag(StrEnum):
    """The tags that structure calls; the two openings with `=` go on with a name."""

    CALL = "<tool_call>"
    CALL_END = "</tool_call>"
    FUNCTION = "<function="
    FUNCTION_END = "</function>"
    PARAMETER = "<parameter="
    PARAMETER_END = "</parameter>"


_TAG = re.compile("|".join(re.escape(tag) for tag in Tag))
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class TagAt:
    """A tag and its place; `next_start` is the first character after it and after white space."""

    tag: Tag
    start: int
    end: int
    next_start: int


class Markup:
    """A text with its tags in order."""

    def __init__(self, text: str):
        """Find all tags of `text`."""
        self.text = text
        self.tags = [
            TagAt(Tag(match[0]), match.start(), match.end(), self.after_space(match.end()))
            for match in _TAG.finditer(text)
        ]
        self._starts = [tag.start for tag in self.tags]

    def after_space(self, position: int) -> int:
        """Return the position of the first character that is not white space."""
        match = _SPACE.match(self.text, position)
        return match.end() if match else position

    def index_from(self, position: int) -> int:
        """Return the index of the first tag at or after a position; `len(tags)` without one."""
        return bisect_left(self._starts, position)

    def follows(self, tag: TagAt, *expected: Tag, end: bool = False) -> bool:
        """Return whether, after white space, one of the tags (or the end of the text) follows."""
        if end and tag.next_start >= len(self.text):
            return True
        return self.text.startswith(expected, tag.next_start) if expected else False
