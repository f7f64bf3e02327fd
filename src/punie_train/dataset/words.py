"""Words, the units in which texts are compared."""

import re

WORD = re.compile(r"\w+")
WORD_OR_OPERATOR = re.compile(r"\w+|!=|[-+*/%<>=&|^~@$\\]")


def words(text: str) -> list[str]:
    """Return the words of a text in lower case: runs of letters, digits and underscores."""
    return WORD.findall(text.casefold())


def normalized(text: str) -> str:
    """Return a text without case, spaces and punctuation; operators of code are kept.

    `a < b` and `a > b`, `3 - 4` and `3 + 4` stay different.
    """
    return " ".join(WORD_OR_OPERATOR.findall(text.casefold()))
