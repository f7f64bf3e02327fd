"""Rows made to measure with have the length that was asked for."""

import pytest

from punie_train.dataset.made_rows import made_rows


@pytest.mark.parametrize("tokens", [2, 50, 1000])
def test_rows_have_the_length(tokens: int) -> None:
    """Within a tenth, counted as the caller counts; the same again for the same seed."""
    rows = list(made_rows(5, tokens, length=lambda text: len(text.split()) * 3))
    for row in rows:
        question, answer = row["messages"]
        assert (question["role"], answer["role"]) == ("user", "assistant")
        assert question["content"]
        assert answer["content"]
        length = 3 * len(f"{question['content']} {answer['content']}".split())
        assert length == pytest.approx(tokens, rel=0.1, abs=6)
    assert rows == list(made_rows(5, tokens, length=lambda text: len(text.split()) * 3))
    assert len({str(row) for row in rows}) == 5
