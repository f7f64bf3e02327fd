"""Options are read once, and a wrong one is one message."""

import pytest

from punie_train.core.errors import UsageError
from punie_train.pytest_plugin.options import (
    NamedCandidate,
    parse_bound,
    parse_candidate,
    parse_concurrency,
)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("0.9", ("overall", 0.9)),
        ("90%", ("overall", 0.9)),
        ("tool_calling=0.95", ("tool_calling", 0.95)),
        ("a=b=1", ("a=b", 1.0)),
    ],
    ids=["plain", "percent", "category", "last-equals-sign"],
)
def test_bound(text: str, bound: tuple[str, float]) -> None:
    """A bound is a score with an optional category."""
    assert parse_bound("--eval-fail-under", text) == pytest.approx(bound)


@pytest.mark.parametrize("text", ["", "high", "1.5", "tool_calling=", "-0.1", "nan"])
def test_bound_refused(text: str) -> None:
    """What is no score from 0 to 1 is refused, with the option's name."""
    with pytest.raises(UsageError, match="--eval-fail-under"):
        parse_bound("--eval-fail-under", text)


def test_candidate() -> None:
    """A candidate has a name, a model and maybe an adapter."""
    assert parse_candidate("v3=m:a") == NamedCandidate(name="v3", model="m", adapter="a")
    assert parse_candidate("q6=m") == NamedCandidate(name="q6", model="m", adapter=None)


@pytest.mark.parametrize("text", ["model", "=model", "name="])
def test_candidate_refused(text: str) -> None:
    """A candidate without a name or a model is refused."""
    with pytest.raises(UsageError, match="names no model"):
        parse_candidate(text)


@pytest.mark.parametrize(("text", "count"), [("1", 1), ("16", 16), ("auto", 8)])
def test_concurrency(text: str, count: int) -> None:
    """A count is taken as it is; `auto` is the default."""
    assert parse_concurrency(text) == count


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5", ""])
def test_concurrency_refused(text: str) -> None:
    """What is no positive count is refused."""
    with pytest.raises(UsageError, match="--eval-concurrency"):
        parse_concurrency(text)
