"""How many rows of each dataset are taken: the weights within one row, and nothing more to take."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punie_train.core.errors import UsageError
from punie_train.dataset.composition import drawn, mixed_order, parse_weights, shares_taken


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 99)), min_size=1, max_size=5),
)
def test_every_share_is_within_one_row(parts: list[tuple[int, int]]) -> None:
    """Of those that have rows; one row more in all would need rows that are not there."""
    sizes = [size for size, _ in parts]
    weights = [Fraction(weight, sum(one for _, one in parts)) for _, weight in parts]
    taken = shares_taken(sizes, weights)
    total = sum(taken)
    there = sum(weight for size, weight in zip(sizes, weights, strict=True) if size)
    for size, weight, number in zip(sizes, weights, taken, strict=True):
        assert number <= size
        if size:
            assert abs(number - weight / there * total) < 1
    assert not any(sizes) or any(
        size and weight / there * (total + 1) > size
        for size, weight in zip(sizes, weights, strict=True)
    )


def test_seven_to_three() -> None:
    """As many as the smaller dataset allows."""
    assert shares_taken([605, 120], parse_weights("0.7,0.3", 2)) == (280, 120)
    assert shares_taken([605, 0], parse_weights("0.7,0.3", 2)) == (605, 0)


def test_a_draw_is_that_of_its_seed() -> None:
    """The same again, and another with another seed."""
    assert sum(drawn(100, 30, "a")) == 30
    assert drawn(100, 30, "a") == drawn(100, 30, "a") != drawn(100, 30, "b")
    assert sorted(mixed_order([2, 3], "a")) == [0, 0, 1, 1, 1]
    assert mixed_order([50, 50], "a") == mixed_order([50, 50], "a") != mixed_order([50, 50], "b")


@pytest.mark.parametrize(
    "text", ["", "a,b", "0.7,-0.3", "1,0", "nan,1", "inf,1", "0.7;0.3", "1/0,1", "1e999999999,1"]
)
def test_what_is_no_weight_is_refused(text: str) -> None:
    """Numbers above 0, and not only those with the sum 1, are accepted."""
    assert parse_weights("7, 3", 2) == parse_weights("0.7,0.3", 2)
    with pytest.raises(UsageError, match="no list of numbers above 0"):
        parse_weights(text, 2)


def test_one_weight_for_each_dataset() -> None:
    """Neither more nor less."""
    with pytest.raises(UsageError, match="3 numbers for 2 datasets"):
        parse_weights("1,1,1", 2)
