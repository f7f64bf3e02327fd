"""Overlap of training rows with evaluation cases."""

import pytest

from punie_train.starter.overlap import overlapping, without_overlap


def _row(*texts: str) -> dict:
    return {"messages": [{"role": "user", "content": text} for text in texts]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Show me the file a.py", True),
        ("show me THE file a.py!", True),
        ("count all the odd numbers in the small list of mine, please", True),
        ("count all the odd numbers somewhere", False),
        ("something else entirely, that nobody asks", False),
    ],
    ids=["exact", "exact but for case and signs", "most runs of words", "few runs", "unlike"],
)
def test_a_row_overlaps(text: str, found: bool) -> None:
    """A row overlaps by the same words, or by half of the case's runs of five words."""
    prompts = ["Show me the file a.py", "Count all the odd numbers in the small list of mine"]
    filler = [_row(f"row {number}") for number in range(500)]
    assert bool(overlapping([_row(text), *filler], prompts)) is found


def test_common_runs_do_not_count_but_exact_prompts_do() -> None:
    """A run of words that many rows have says nothing; the exact prompt still counts."""
    rows = [_row(f"please tell me right now what {number} is") for number in range(100)]
    prompt = "please tell me right now what 5 is"
    assert set(overlapping(rows, [prompt])) == {5}


def test_every_user_turn_is_looked_at() -> None:
    """An overlap in an early turn of a conversation counts."""
    assert overlapping([_row("What is a monad?", "thanks")], ["what is a monad"]) == {
        0: "what is a monad"
    }


def test_what_is_left_overlaps_nothing() -> None:
    """After the overlapping rows are left out, none is found."""
    prompt = "alpha beta gamma delta epsilon zeta eta theta"
    rows = [_row(prompt + f" {n}") for n in range(2)] + [_row(f"other {n}") for n in range(400)]
    kept = without_overlap(rows, [prompt])
    assert len(kept) == 400
    assert not overlapping(kept, [prompt])
