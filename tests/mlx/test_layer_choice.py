"""Layers by their place: the last N, the first N, every other one."""

import pytest

from punie_train.core.errors import UsageError
from punie_train.mlx.layer_choice import chosen_layers, layer_fields


@pytest.mark.parametrize(
    ("text", "total", "expected"),
    [
        pytest.param("2", 6, (4, 5), id="last"),
        pytest.param("-1", 3, (0, 1, 2), id="all"),
        pytest.param("first 2", 6, (0, 1), id="first"),
        pytest.param(" First  2 ", 6, (0, 1), id="written freely"),
        pytest.param("every other", 6, (1, 3, 5), id="every other of six"),
        pytest.param("every other", 5, (0, 2, 4), id="every other of five"),
    ],
)
def test_layers_that_are_trained(text: str, total: int, expected: tuple[int, ...]) -> None:
    """Every other one counts from the last layer."""
    asked = layer_fields(text)
    assert chosen_layers(asked["num_layers"], asked["layer_choice"], total) == expected


@pytest.mark.parametrize("text", ["first 0", "middle 3", "", "2.5", "every third"])
def test_words_that_name_no_layers_are_refused(text: str) -> None:
    """With what would be understood."""
    with pytest.raises(UsageError, match="first N"):
        layer_fields(text)


def test_more_layers_than_there_are() -> None:
    """Nothing is cut down silently."""
    with pytest.raises(UsageError, match="only 6"):
        chosen_layers(-1, "first 7", 6)
