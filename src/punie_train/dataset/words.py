"""Words, the units in which texts are compared."""

import re
import unicodedata

WORD = re.compile(r"\w+")
WORD_OR_OPERATOR = re.compile(r"\w+|!=|[-+*/%<>=&|^~@$\\]")
_WORD_OR_SIGN = re.compile(WORD_OR_OPERATOR.pattern + r"|[^\x00-\x7f\s]")


def words(text: str) -> list[str]:
    """Return the words of a text in lower case: runs of letters, digits and underscores."""
    return WORD.findall(text.casefold())


def normalized(text: str) -> str:
    """Return a text without case, spaces and punctuation; operators of code are kept.

    `a < b` and `a > b`, `3 - 4` and `3 + 4` stay different, and so do texts that differ in a vowel
    sign (of Hindi, Thai ...) or a symbol.
    """
    if text.isascii():
        return " ".join(WORD_OR_OPERATOR.findall(text.casefold()))
    pieces = _WORD_OR_SIGN.findall(text.casefold())
    return " ".join(piece for piece in pieces if piece.isascii() or _is_kept(piece[0]))


def _is_kept(letter: str) -> bool:
    return letter == "_" or unicodedata.category(letter)[0] in "LNMS"
