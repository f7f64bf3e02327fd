"""Duplicates are named with what they repeat; the first of a group stays."""

from collections.abc import Callable
from typing import Any

import pytest

from punie_train.dataset.duplicates import (
    Duplicate,
    DuplicateSearch,
    Likeness,
    find_duplicates,
    groups,
)
from punie_train.dataset.rows import Row
from punie_train.dataset.said_words import said_words

Make = Callable[..., list[Row]]
LONG = "the quick brown fox jumps over the lazy dog and runs away from all of the other dogs " * 2


def chat(user: str, reply: str, **more: Any) -> dict[str, Any]:
    """Return a row of one exchange."""
    turns = [{"role": "user", "content": user}, {"role": "assistant", "content": reply}]
    return {"messages": turns, **more}


@pytest.mark.parametrize(
    ("other", "likeness"),
    [
        pytest.param(dict(reversed(chat("Hi there", "Hello").items())), Likeness.EXACT, id="keys"),
        pytest.param(chat("hi  there!", '"Hello."'), Likeness.NORMALIZED, id="form"),
        pytest.param(chat("Hi there", "Hello", id=7), Likeness.NORMALIZED, id="id"),
        pytest.param(
            {"prompt": "Hi there", "completion": "Hello"}, Likeness.NORMALIZED, id="shape"
        ),
    ],
)
def test_a_copy_is_named_with_what_it_repeats(
    rows: Make, other: dict[str, Any], likeness: Likeness
) -> None:
    """The reason has file and line of the kept row."""
    (found,) = find_duplicates(rows(chat("A", "B"), chat("Hi there", "Hello"), other))
    assert (found.position, found.kept, found.likeness) == (2, 1, likeness)
    assert found.reason.startswith("same as train.jsonl:2")


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(chat("What is 3 + 4", "7"), id="operator"),
        pytest.param(chat("What is 3 - 4", "7"), id="answer"),
        pytest.param(chat("What is 3 - 4", "-1", tools=[{"name": "sum"}]), id="tools"),
    ],
)
def test_what_differs_in_meaning_stays(rows: Make, other: dict[str, Any]) -> None:
    """Operators, answers and tools are no form."""
    chosen = rows(chat("What is 3 - 4", "-1"), other)
    assert find_duplicates(chosen, up_to=Likeness.NORMALIZED) == ()


def test_a_near_copy_says_how_near(rows: Make) -> None:
    """One word in many makes a near copy; the conversation decides, not the system prompt."""
    chosen = rows(chat("Tell", LONG), chat("Tell", f"{LONG} Bye"), chat("Tell", "No."))
    (found,) = find_duplicates(chosen)
    assert (found.position, found.likeness) == (1, Likeness.NEAR)
    assert found.reason == "near copy of train.jsonl:1 (similarity 0.95)"


@pytest.mark.parametrize(
    ("up_to", "gone"), [(Likeness.EXACT, 1), (Likeness.NORMALIZED, 2), (Likeness.NEAR, 3)]
)
def test_likeness_is_chosen(rows: Make, up_to: Likeness, gone: int) -> None:
    """Each level holds the ones before it."""
    row = chat("Tell", LONG)
    chosen = rows(row, row, chat("TELL", LONG), chat("Tell", f"{LONG} Bye"))
    assert len(find_duplicates(chosen, up_to=up_to)) == gone


def test_the_kept_row_is_really_kept(rows: Make) -> None:
    """A copy of a near copy names the row that stays, so every group has one kept row."""
    near = chat("Tell", f"{LONG} Bye")
    found = find_duplicates(rows(chat("Tell", LONG), near, near))
    assert [(one.position, one.kept) for one in found] == [(1, 0), (2, 0)]
    assert {kept: len(copies) for kept, copies in groups(found).items()} == {0: 2}


def test_standard_library_has_hardly_any_duplicates(rows: Make, functions: list[str]) -> None:
    """Healthy rows stay: of 3,000 different functions with one system prompt under 1 % go."""
    values = [
        {"messages": [{"role": "system", "content": LONG}, *chat("Explain", source)["messages"]]}
        for source in functions
    ]
    found: tuple[Duplicate, ...] = find_duplicates(rows(*values))
    assert len(found) < 0.01 * len(values)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(chat("x = 3 - 4", "a"), chat("x = 3 + 4", "a"), id="operator"),
        pytest.param(chat("दिन", "a"), chat("दान", "a"), id="vowel-sign"),
        pytest.param(chat("\U0001f44d", "a"), chat("\U0001f44e", "a"), id="emoji"),
        pytest.param({"question": "What?"}, {"question": "Who?"}, id="no-known-shape"),
    ],
)
def test_rows_that_differ_in_a_sign_are_no_copies(
    rows: Make, one: dict[str, Any], other: dict[str, Any]
) -> None:
    """What another sign means is another row; the row itself is a copy of itself."""
    normalized = Likeness.NORMALIZED
    assert find_duplicates(rows(one, other), up_to=normalized) == ()
    assert len(find_duplicates(rows(one, other, one), up_to=normalized)) == 1


def test_quotes_and_dashes_of_another_kind_are_only_form(rows: Make) -> None:
    """Typographic punctuation is punctuation; a typographic operator is none."""
    curly = chat("Say \u2018hi\u2019 \u2014 now", "a")
    (found,) = find_duplicates(rows(chat("Say 'hi' now", "a"), curly), up_to=Likeness.NORMALIZED)
    assert found.likeness is Likeness.NORMALIZED
    arrow = chat("Say 'hi' \u2192 now", "a")
    assert find_duplicates(rows(curly, arrow), up_to=Likeness.NORMALIZED) == ()


def test_what_is_known_of_rows_changes_nothing(rows: Make) -> None:
    """Words and tools that were worked out before lead to the same keys and the same copies."""
    tools = [{"name": "sum", "description": "Stra\u00dfe, a + b"}]
    chosen = rows(
        chat("Tell", LONG, tools=tools),
        chat("Tell", f"{LONG} Bye", tools=tools),
        chat("tell!", LONG, tools=tools),
        chat("Tell", LONG, tools=[]),
        chat("Tell", LONG, tools=None),
        chat("Tell", LONG),
        chat("\u0939\u093f", "a < b"),
        chat("", ""),
        {"messages": []},
        {"text": ""},
        {"text": "", "tools": tools},
        {"id": 7},
    )
    plain, knowing = DuplicateSearch(Likeness.NEAR), DuplicateSearch(Likeness.NEAR)
    with plain.texts, knowing.texts:
        for row, said in zip(chosen, said_words([row.value for row in chosen]), strict=True):
            plain.take(row)
            knowing.take(row, said, row.plain.offered if row.plain else None)
        assert plain.first == knowing.first
        assert plain.found() == knowing.found()
        assert plain.found()
