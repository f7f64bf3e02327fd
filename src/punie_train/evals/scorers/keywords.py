"""Are the keywords in the answer, not counting what it merely quotes from the prompt?"""

import re
from collections.abc import Sequence

from punie_train.core.outcomes import Score

NAME = "keywords"

QUOTE_WORDS = 4
"""A run of this many words (or the whole of a shorter prompt) in the prompt's order is a quote."""

_WORD = re.compile(r"\w+")


def score_keywords(expected: Sequence[Sequence[str]], reply: str, prompt: str) -> Score:
    """Score the share of keywords found; each entry holds alternatives of which one suffices.

    Case does not matter, white space stands for any white space, and a keyword that begins or
    ends with a letter or digit is looked for as a whole word there.
    """
    answer = _plain(without_quotes(reply, prompt))
    missing = [words for words in expected if not any(_found(word, answer) for word in words)]
    if not missing:
        return Score(name=NAME, value=1.0, reason="all keywords are there")
    names = ", ".join(" or ".join(repr(word) for word in words[:3]) for words in missing)
    value = 1 - len(missing) / len(expected)
    quoted = any(_found(word, _plain(reply)) for words in missing for word in words)
    mark = " (only in what the reply quotes from the prompt) [F16]" if quoted else ""
    return Score(name=NAME, value=value, reason=f"missing keywords: {names}{mark}")


def without_quotes(reply: str, prompt: str) -> str:
    """Return the reply with every run of words that the prompt has too replaced by a line break."""
    asked = [word.casefold() for word in _WORD.findall(prompt)]
    size = min(QUOTE_WORDS, len(asked))
    if not size:
        return reply
    runs = {tuple(asked[i : i + size]) for i in range(len(asked) - size + 1)}
    words = list(_WORD.finditer(reply))
    folded = [word[0].casefold() for word in words]
    parts: list[str] = []
    position = 0
    quoted_until = -1
    for i, word in enumerate(words):
        if tuple(folded[i : i + size]) in runs:
            if i > quoted_until:
                parts.append(reply[position : word.start()])
            quoted_until = i + size - 1
            position = words[quoted_until].end()
    return "\n".join((*parts, reply[position:]))


def _plain(text: str) -> str:
    return text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def _found(keyword: str, answer: str) -> bool:
    keyword = _plain(keyword.strip())
    pattern = r"\s+".join(re.escape(part) for part in keyword.split())
    if re.match(r"\w", keyword):
        pattern = rf"(?<!\w){pattern}"
    if re.search(r"\w\Z", keyword):
        pattern = rf"{pattern}(?!\w)"
    return re.search(pattern, answer) is not None
