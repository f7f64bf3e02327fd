"""Marks of a generator go; numbers that mean something stay."""

import pytest

from punie_train.dataset.markers import find_markers


def without(text: str) -> str:
    """Return a text with its marks replaced."""
    for span in reversed(find_markers(text)):
        text = text[: span.start] + span.replacement + text[span.end :]
    return text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Fix type error example 17", "Fix type error example"),
        ("Read the file (example 17).", "Read the file."),
        ("Sort a list [variation #3 of 50]", "Sort a list"),
        ("Example #3: Read the file", "Read the file"),
        ("## Question 12\n", "## Question 12\n"),
        ('"""Doc (Question 4)."""', '"""Doc."""'),
        ("x = 1\n# Check and fix pattern 5\ny = 2", "x = 1\n# Check and fix pattern\ny = 2"),
    ],
)
def test_a_mark_goes_and_the_sentence_stays(text: str, cleaned: str) -> None:
    """What is left can be read."""
    assert without(text) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "Example 1: add. Example 2: subtract.",
        "example(17)",
        "See example 3.5 of the book",
        "sample 20 rows from the table",
        "for example 3 files",
        "Answer 42 is right",
        "python 3",
        "# Try pattern 1\nx = 1\n# Try pattern 2\nx = 2",
        "Read about pattern 5",
        "# pattern 5 of the list matches",
    ],
)
def test_numbers_with_a_meaning_stay(text: str) -> None:
    """Code, versions, amounts, and texts that number their own examples."""
    assert without(text) == text
