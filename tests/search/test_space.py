"""What may be searched, and what is refused."""

from pathlib import Path

import pytest

from punie_train.core.errors import UsageError
from punie_train.search.space import Choice, Range, default_space, read_space

KNOWN = ("learning_rate", "lora_rank", "iters", "schedule")


def read(tmp_path: Path, text: str) -> object:
    """Read a space from a text."""
    path = tmp_path / "space.yaml"
    path.write_text(text)
    return read_space(path, KNOWN).domains


def test_lists_and_ranges(tmp_path: Path) -> None:
    """Numbers that YAML leaves as text are numbers; whole bounds draw whole numbers."""
    found = read(
        tmp_path,
        "learning_rate: {low: 1e-5, high: 1e-3, log: true}\n"
        "lora_rank: [4, 8]\niters: {low: 50, high: 200}\nschedule: [constant, cosine]\n",
    )
    assert found == {
        "learning_rate": Range(low=1e-5, high=1e-3, log=True),
        "lora_rank": Choice(values=(4, 8)),
        "iters": Range(low=50, high=200),
        "schedule": Choice(values=("constant", "cosine")),
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "names no parameter"),
        ("rank: [4]", "unknown parameter 'rank'"),
        ("lora_rank: 4", "lora_rank is 4"),
        ("lora_rank: []", "lora_rank is []"),
        ("lora_rank: [4, 4]", "names a value twice"),
        ("iters: {low: 9, high: 3}", "iters is"),
        ("iters: {low: 0, high: 3, log: true}", "iters is"),
        ("iters: {low: 1, high: 3, step: 2}", "iters is"),
        ("iters: [1", "cannot be read"),
    ],
)
def test_what_cannot_be_searched_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """The message names the file and the parameter."""
    with pytest.raises(UsageError, match=r"space\.yaml") as caught:
        read(tmp_path, text)
    assert words in str(caught.value)


def test_default_grid_fits_any_model() -> None:
    """Half of the layers or all of them."""
    space = default_space(6)
    assert space.grid_size == 3 * 3 * 2 * 2
    assert (space.grid or {})["num_layers"] == [3, -1]
    assert default_space(1).domains["num_layers"] == Choice(values=(1, -1))
