"""Articles of an encyclopedia: the first line is the title, the rest is what is asked for."""

from collections.abc import Mapping
from typing import Any

from punie_train.dataset.converters.conversion import UnconvertibleError, exchange, text_of

LONGEST_TITLE = 120
"""Characters; a longer first line is a sentence and no title."""


def article_example(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request for an article and the article; raises UnconvertibleError."""
    title, _, body = text_of(row, "text").strip().partition("\n")
    if len(title) > LONGEST_TITLE:
        raise UnconvertibleError("the text has no title")
    if not body.strip():
        raise UnconvertibleError("the article has a title and nothing else")
    return exchange(f"Write an encyclopedia article about: {title.strip()}", body.strip())
