"""Words and runs of many rows are those of each row alone."""

from typing import Any

import numpy as np
import pytest

from punie_train.dataset.row_text import conversation_text
from punie_train.dataset.said_words import RUN, said_words
from punie_train.dataset.shingles import shingles
from punie_train.dataset.words import words

CALL = {"function": {"name": "read_file", "arguments": {"path": "src/a/b/c/d/e.py"}}}
LONG = "one two three four five six seven"


def chat(*texts: str, **more: Any) -> dict[str, Any]:
    """Return a chat that starts with a system prompt."""
    roles = ("system", "user", "assistant", "user")
    said = [{"role": role, "content": text} for role, text in zip(roles, texts, strict=False)]
    return {"messages": said, **more}


ROWS: list[dict[str, Any]] = [
    chat("Be kind and short and clear.", LONG, "No."),
    chat("System", "a b", "c d", "e f"),
    chat("System", "a", "b"),
    chat("System"),
    {"text": f"{LONG} {LONG}"},
    {"prompt": LONG, "completion": "\u0130stanbul, Stra\u00dfe"},
    {},
    {"messages": [{"role": "assistant", "content": LONG, "tool_calls": [CALL, CALL]}]},
]


@pytest.mark.parametrize("place", range(len(ROWS)))
def test_runs_are_those_of_the_conversation(place: int) -> None:
    """Together with others as alone; short rows are one run."""
    expected = shingles(words(conversation_text(ROWS[place])), RUN)
    assert np.array_equal(said_words(ROWS)[place].distinct_runs, expected)


@pytest.mark.parametrize("place", range(len(ROWS)))
def test_runs_of_a_turn_do_not_leave_it(place: int) -> None:
    """A text of fewer words has none of its own."""
    for _, tokens, runs in said_words(ROWS)[place].turn_runs():
        expected = shingles(tokens, RUN) if len(tokens) >= RUN else np.empty(0)
        assert np.array_equal(np.unique(runs), expected)


def test_the_system_says_nothing() -> None:
    """Its prompt is the same in all rows."""
    assert [role for role, _ in said_words(ROWS)[0].said] == ["user", "assistant"]
