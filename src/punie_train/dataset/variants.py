"""Which rows are variants of one example: rows whose question has the same template.

The question is the first message of the user; of a row without one, all its text. Its template is
its words in lower case, in which everything that a generator fills in is one blank: numbers, text
in quotes or backticks, paths, file names, names with `_`, `.`, `/` or an inner capital, and proper
names ("in New York") that do not begin a sentence. Marks such as "(question 17)" and punctuation
are left out. So "Check types in src/a.py", "check types in `lib/`!" and "Check types in src/
(example 3)" are variants; "Which types are in src/a.py?" is not.

Paraphrases are not found this way, nor is a plain word in the place of another ("find the main
function", "find the cli function"): such rows ask for different things in the same words, which
an evaluation is about.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from punie_train.dataset.row_text import row_parts

_MARK = re.compile(
    r"[(\[]?\b(?:example|question|response|variant|variation|sample|instance|iteration|version|case)"
    r"\s{0,3}(?:#|no\.?\s{0,3}|number\s{0,3})?\d{1,9}\b(?:\s{0,3}(?:of|/)\s{0,3}\d{1,9})?[)\]]?",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"`[^`\n]{1,300}`"
    r"|\"[^\"\n]{1,300}\""
    r"|(?<!\w)'[^'\n]{1,300}'(?!\w)"
    r"|(?<=[a-z,] )[A-Z][a-z]{2,}(?:[ -][A-Z][a-z]+)*"
)
_TOKEN = re.compile(r"\S+")
_NAME = re.compile(r".*[/\\_].*|\w+(?:\.\w+)+|.*[a-z0-9][A-Z].*", re.DOTALL)
_NUMBER = re.compile(r"[-+]?\d[\d,.:%]*")
_WORD = re.compile(r"\w+|\x00")
_BLANK = "\0"
_LONGEST = 100
"""Characters of a word; what is longer is data."""


def question_template(text: str) -> str:
    """Return the template of a question: its words, with one blank for what is filled in."""
    text = _MARK.sub(" ", text.replace(_BLANK, " "))
    text = _TOKEN.sub(_without_data, _QUOTED.sub(f" {_BLANK} ", text))
    words = _WORD.findall(text.casefold())
    kept: list[str] = []
    for word in words:
        if word != _BLANK or kept[-1:] != [_BLANK]:
            kept.append(word)
    return " ".join(kept)


def _without_data(token: re.Match[str]) -> str:
    word = token[0].strip(".,;:!?()[]{}\"'")
    if len(word) > _LONGEST or _NAME.fullmatch(word):
        return f" {_BLANK} "
    return _NUMBER.sub(f" {_BLANK} ", token[0])


def variant_key(value: Mapping[str, Any]) -> bytes:
    """Return 16 bytes that are the same for all variants of one example."""
    parts = row_parts(value)
    texts = [part.text for part in parts if part.role == "user"][:1] or [p.text for p in parts]
    template = question_template("\n".join(texts))
    return hashlib.blake2b(template.encode(errors="replace"), digest_size=16).digest()
