"""Options are read once, and a wrong one is one message."""

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from punie_train.core.errors import UsageError
from punie_train.pytest_plugin.bounds import parse_bound
from punie_train.pytest_plugin.option_checks import (
    check_cache,
    check_ranges,
    check_server_url,
)
from punie_train.pytest_plugin.options import (
    NamedCandidate,
    parse_candidate,
    parse_concurrency,
    repeat_command,
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


@pytest.mark.parametrize(
    ("text", "name"),
    [("fused/v3", "v3"), ("fused/v3:adapters/v4", "v4"), ("starter", "starter")],
    ids=["model", "with-adapter", "repository"],
)
def test_candidate_without_a_name(text: str, name: str) -> None:
    """It is named by the last directory."""
    model, _, adapter = text.partition(":")
    expected = NamedCandidate(name=name, model=model, adapter=adapter or None)
    assert parse_candidate(text) == expected


@pytest.mark.parametrize("prefix", ["", "mine="], ids=["unnamed", "named"])
def test_an_adapter_is_a_candidate(tmp_path: Path, prefix: str) -> None:
    """An adapter's directory stands for the model that its manifest names."""
    (tmp_path / "adapters.safetensors").write_bytes(b"")
    expected = NamedCandidate(
        name="mine" if prefix else tmp_path.name, model=None, adapter=str(tmp_path)
    )
    assert parse_candidate(f"{prefix}{tmp_path}") == expected


def test_candidate_cannot_take_the_name_of_the_bare_model() -> None:
    """What the others are compared with is not a candidate."""
    with pytest.raises(UsageError, match="the bare model"):
        parse_candidate("base=m")


FINE: dict[str, Any] = {"temperature": 0.0, "top_p": None, "max_tokens": 1, "timeout": 0.1}


@pytest.mark.parametrize(
    "fine",
    [{}, {"temperature": 1.5, "top_p": 1.0, "repetition_penalty": 1.1}],
    ids=["least", "more"],
)
def test_ranges(fine: dict[str, Any]) -> None:
    """What a server accepts is accepted."""
    check_ranges(**{**FINE, **fine})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", -0.1),
        ("temperature", float("nan")),
        ("temperature", float("inf")),
        ("top_p", 0.0),
        ("top_p", 1.1),
        ("repetition_penalty", 0.0),
        ("repetition_penalty", math.inf),
        ("max_tokens", 0),
        ("timeout", 0.0),
        ("timeout", float("nan")),
        ("timeout", float("inf")),
    ],
)
def test_ranges_refused(name: str, value: float) -> None:
    """What no server accepts is said before one is started, with the option's name."""
    wrong: dict[str, Any] = {**FINE, name: value}
    with pytest.raises(UsageError, match="--eval-" + name.replace("_", "-")):
        check_ranges(**wrong)


@pytest.mark.parametrize("url", [None, "http://127.0.0.1:8080", "https://models.example/v1"])
def test_server_url(url: str | None) -> None:
    """A URL may have one name of an adapter beside it."""
    check_server_url(url, ["v3"], [])


@pytest.mark.parametrize(
    ("url", "adapters", "candidates", "words"),
    [
        ("localhost:8080", [], [], "no http URL"),
        ("", [], [], "no http URL"),
        ("http://127.0.0.1:99999", [], [], "no http URL"),
        ("http://[::1", [], [], "no http URL"),
        ("http://h", ["base", "v3"], [], "many names"),
        ("http://h", [], ["a=m"], "many names"),
    ],
    ids=["no-scheme", "empty", "port", "brackets", "adapters", "candidate"],
)
def test_server_url_refused(
    url: str, adapters: list[str], candidates: list[str], words: str
) -> None:
    """What is no URL is refused, and so are several models behind one."""
    with pytest.raises(UsageError, match=words):
        check_server_url(url, adapters, candidates)


@pytest.mark.parametrize("text", ["", "=model", "name=", ":adapter"])
def test_candidate_refused(text: str) -> None:
    """A candidate without a name or a model is refused."""
    with pytest.raises(UsageError, match="names no model"):
        parse_candidate(text)


@pytest.mark.parametrize(("text", "count"), [("1", 1), ("16", 16), ("auto", None)])
def test_concurrency(text: str, count: int | None) -> None:
    """A count is taken as it is; `auto` leaves it to be found."""
    assert parse_concurrency(text) == count


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5", ""])
def test_concurrency_refused(text: str) -> None:
    """What is no positive count is refused."""
    with pytest.raises(UsageError, match="--eval-concurrency"):
        parse_concurrency(text)


@pytest.mark.parametrize(
    ("directory", "disabled"),
    [(None, False), (None, True), ("cache", False)],
    ids=["default", "none", "given"],
)
def test_cache(directory: str | None, disabled: bool) -> None:
    """A cache is the default, none, or a directory that need not exist yet."""
    check_cache(directory, disabled=disabled)


@pytest.mark.parametrize(
    ("directory", "disabled", "words"),
    [("cache", True, "both kept and not kept"), ("", False, "no directory")],
    ids=["both", "empty"],
)
def test_cache_refused(directory: str, disabled: bool, words: str) -> None:
    """What contradicts itself is refused."""
    with pytest.raises(UsageError, match=words):
        check_cache(directory, disabled=disabled)


def test_cache_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    """A file holds no cache."""
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="no directory"):
        check_cache(str(tmp_path / "file"), disabled=False)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["evals", "-k", "a b"], "pytest evals -k 'a b' --eval-resume r.partial.jsonl"),
        (["evals", "-x"], "pytest evals --eval-resume r.partial.jsonl"),
        (["--maxfail=2", "--maxfail", "3", "e"], "pytest e --eval-resume r.partial.jsonl"),
        (
            ["--eval-resume", "old", "--eval-resume=older", "e"],
            "pytest e --eval-resume r.partial.jsonl",
        ),
    ],
    ids=["plain", "exit-first", "maxfail", "resumed-before"],
)
def test_command_that_goes_on(arguments: list[str], expected: str) -> None:
    """It is this run's, with the file to go on with, and without what would stop it at once."""
    config = SimpleNamespace(invocation_params=SimpleNamespace(args=arguments))
    told = repeat_command(cast("pytest.Config", config), resume="r.partial.jsonl")
    assert told == expected
