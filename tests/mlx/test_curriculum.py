"""From easy to hard, whatever the length of the run."""

import pytest

from punie_train.mlx.curriculum import batches_by_difficulty, curriculum


def test_batches_go_from_easy_to_hard() -> None:
    """Rows that do not fill a batch are the easiest; equal ones keep their order."""
    assert batches_by_difficulty([5, 1, 9, 5, 2], 2) == [[4, 0], [3, 2]]


@pytest.mark.parametrize(
    ("batches", "iterations", "expected"),
    [
        pytest.param(4, 4, [0, 1, 2, 3], id="one pass"),
        pytest.param(10, 4, [0, 3, 6, 9], id="shorter: to the hardest all the same"),
        pytest.param(10, 1, [0], id="one iteration"),
    ],
)
def test_the_first_pass_is_in_order(batches: int, iterations: int, expected: list[int]) -> None:
    """A run shorter than a pass takes evenly spaced batches."""
    assert curriculum(batches, iterations, 0) == expected


def test_later_passes_are_shuffled_whole_and_repeatable() -> None:
    """The seed decides, and a resumed run gets the same order."""
    order = curriculum(8, 24, 3)
    assert order == curriculum(8, 24, 3) != curriculum(8, 24, 4)
    assert order[:8] == list(range(8))
    assert sorted(order[8:16]) == sorted(order[16:]) == list(range(8))
    assert order[8:16] != list(range(8))
