"""Threads of Stack Exchange as RedPajama writes them: `Q: ...` and one `A: ...` per answer.

Answers stand in the order of their votes, so the first is taken.
"""

import re
from collections.abc import Mapping
from typing import Any

from punie_train.dataset.converters.conversion import UnconvertibleError, exchange, text_of

_ANSWER = re.compile(r"^A: ", re.MULTILINE)


def stack_exchange_example(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the question and its first answer; raises UnconvertibleError."""
    text = text_of(row, "text").strip()
    if not text.startswith("Q: "):
        raise UnconvertibleError("the text does not start with a question (Q: )")
    question, *answers = _ANSWER.split(text[3:])
    if not answers or not answers[0].strip():
        raise UnconvertibleError("the question has no answer")
    return exchange(question, answers[0].strip())
