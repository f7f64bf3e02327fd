"""Which questions are variants of one, and that variants stay in one split."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punie_train.core.errors import UsageError
from punie_train.dataset.split_groups import assigned, check_shares
from punie_train.dataset.variant_groups import VariantGroups
from punie_train.dataset.variants import question_template, variant_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Check types in src/a.py", "check types in `lib/`!"),
        ("Check types in src/", "Check types in src/ (example 3)"),
        ("Explain metaclasses. (question 1)", "Explain metaclasses. (question 250)"),
        ("What is 3 + 4?", "What is 12 + 5.5?"),
        ("Find load_data", "Find saveFile"),
        ('Say "yes"', 'Say "no, never"'),
        ("What is the weather in New York?", "What is the weather in Paris?"),
        ("Read  the\nfile, please", "Read the file please."),
    ],
)
def test_what_is_filled_in_makes_no_difference(one: str, other: str) -> None:
    """Numbers, names, paths, quotes, marks, case and punctuation."""
    assert question_template(one) == question_template(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Check types in src/a.py", "Which types are in src/a.py?"),
        ("Explain lists", "Explain sets"),
        ("Run the tests", "Run the linter"),
        ("Delete `x`", "Read `x`"),
    ],
)
def test_other_words_are_another_question(one: str, other: str) -> None:
    """A verb or a plain noun."""
    assert question_template(one) != question_template(other)


@pytest.mark.parametrize("piece", ["a", "aB", "a.", "/", "1", "`", "'", "(", "A ", "example 1"])
def test_long_texts_take_no_long_time(piece: str) -> None:
    """Whatever they are made of; one very long word is data."""
    assert len(question_template(f"Read {piece * 100_000} now")) <= 1_000_010
    assert question_template("Read " + "a" * 100_000) == question_template("Read a.py")


def test_formats_of_a_row_do_not_matter() -> None:
    """The first question counts, not the system prompt and not the answer."""
    keys = {
        variant_key({"prompt": "Read a.py", "completion": "x"}),
        variant_key({"text": "<|im_start|>user\nread b.py<|im_end|>\n"}),
        variant_key(
            {
                "messages": [
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": "Read c.py"},
                    {"role": "assistant", "content": "y"},
                    {"role": "user", "content": "And then?"},
                ]
            }
        ),
    }
    assert len(keys) == 1
    assert variant_key({"text": "Read a.py"}) in keys
    assert variant_key({"messages": 3}) not in keys


def test_near_copies_are_one_group_too() -> None:
    """Another question with nearly the same long answer; short and other rows stay apart."""
    answer = " ".join(f"word{number}" for number in range(60))
    rows = [
        {"prompt": "Explain lists", "completion": answer},
        {"prompt": "Say something", "completion": "No."},
        {"prompt": "What are lists", "completion": answer},
        {"prompt": "What are lists (example 7)", "completion": "Another answer."},
    ]
    with VariantGroups() as groups:
        for row in rows:
            groups.add(row)
        names, sizes = groups.found()
    assert names[0] == names[2] == names[3] != names[1]
    assert sorted(sizes.values()) == [1, 3]


@given(
    st.dictionaries(st.binary(min_size=1, max_size=4), st.integers(1, 9), min_size=3),
    st.integers(0, 5),
)
def test_every_group_goes_somewhere_and_every_split_has_one(
    groups: dict[bytes, int], seed: int
) -> None:
    """The same for the same seed, in whatever order the groups come."""
    found = assigned(groups, valid=0.1, test=0.1, seed=seed)
    assert found.keys() == groups.keys()
    assert set(found.values()) == {"train", "valid", "test"}
    backwards = dict(reversed(groups.items()))
    assert found == assigned(backwards, valid=0.1, test=0.1, seed=seed)


def test_single_rows_reach_the_shares_exactly() -> None:
    """And another seed draws others."""
    groups = {bytes([one]): 1 for one in range(200)}
    found = assigned(groups, valid=0.1, test=0.05, seed=1)
    assert Counter(found.values()) == {"train": 170, "valid": 20, "test": 10}
    assert found != assigned(groups, valid=0.1, test=0.05, seed=2)
    assert set(assigned(groups, valid=0, test=0.05, seed=1).values()) == {"train", "test"}


@pytest.mark.parametrize(("valid", "test"), [(0.5, 0.5), (1, 0), (-0.1, 0.1), (float("nan"), 0)])
def test_shares_that_leave_nothing_are_refused(valid: float, test: float) -> None:
    """Those that leave rows to train on are not."""
    check_shares(0.4, 0.5)
    with pytest.raises(UsageError, match="cannot be split"):
        check_shares(valid, test)
