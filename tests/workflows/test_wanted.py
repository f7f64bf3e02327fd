"""What is to be measured has one name each, and the bare model's is its own."""

import pytest

from punie_train.core.errors import UsageError
from punie_train.workflows.wanted import Wanted, slug, wanted_adapters


@pytest.mark.parametrize(
    ("adapters", "names"),
    [
        (["base"], ["base"]),
        (["base", "adapters/v2", "adapters/v3"], ["base", "v2", "v3"]),
        (["one/v1", "two/v1", "three/v1"], ["v1", "two-v1", "three-v1"]),
        (["base", "adapters/base"], ["base", "adapters-base"]),
        (["adapters/base"], ["adapters-base"]),
        (["my adapter/"], ["my-adapter"]),
    ],
    ids=["bare", "several", "same-name", "named-base-beside-it", "named-base", "spaces"],
)
def test_names(adapters: list[str], names: list[str]) -> None:
    """An adapter is called as its directory, longer where that would be taken for another."""
    assert [each.name for each in wanted_adapters(adapters, None)] == names


def test_named_candidates_come_last() -> None:
    """They keep their own model; --model is about the adapters."""
    named = Wanted(name="q6", model="models/q6")
    wanted = wanted_adapters(["base", "a/v1"], "m", [named])
    assert [(each.name, each.model) for each in wanted] == [
        ("base", "m"),
        ("v1", "m"),
        ("q6", "models/q6"),
    ]


@pytest.mark.parametrize(
    ("adapters", "named"),
    [
        (["base", "base"], []),
        (["a/v1", "./a/v1/"], []),
        (["a/base", "a/base"], []),
        (["a/v1"], [Wanted(name="v1", model="m")]),
    ],
    ids=["base", "other-spelling", "named-base", "candidate"],
)
def test_twice_is_refused(adapters: list[str], named: list[Wanted]) -> None:
    """The same thing under two names would be counted twice."""
    with pytest.raises(UsageError, match="asked for twice"):
        wanted_adapters(adapters, None, named)


@pytest.mark.parametrize(
    ("text", "safe"), [("v3_q6.1", "v3_q6.1"), ("a b", "a-b"), ("<img>", "-img-"), ("ä", "-")]
)
def test_slug(text: str, safe: str) -> None:
    """A name is safe in a test id, a file name and HTML."""
    assert slug(text) == safe


@pytest.mark.parametrize(
    ("adapters", "model", "option"),
    [([""], None, "--adapter"), (["base", " "], "m", "--adapter"), ([], "", "--model")],
)
def test_empty_names_are_refused(adapters: list[str], model: str | None, option: str) -> None:
    """An unset variable of a shell would stand for another model."""
    with pytest.raises(UsageError, match=f"{option} is empty"):
        wanted_adapters(adapters, model)
