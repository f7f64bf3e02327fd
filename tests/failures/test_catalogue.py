"""The catalogue, the replays and the page say the same."""

import ast
import re
from pathlib import Path

import pytest

from punie_train.core.failure_catalogue import FAILURES, FAMILIES
from punie_train.reporting.failures_page import failures_page

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "failures.md"
SOURCE = HERE.parents[1] / "src" / "punie_train"


def replays(family: str) -> dict[str, ast.FunctionDef]:
    """Return the tests of a family's module by the id in their names."""
    tree = ast.parse((HERE / f"test_{family}.py").read_text())
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    named = [(re.match(r"test_(f\d\d)_", test.name), test) for test in tests]
    return {found[1].upper(): test for found, test in named if found}


def calls(test: ast.FunctionDef) -> set[tuple[str, str | None]]:
    """Return the names that a test calls, each with its first argument where that is a text."""
    found = set()
    for node in ast.walk(test):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            first = node.args[0] if node.args else None
            value = first.value if isinstance(first, ast.Constant) else None
            found.add((node.func.id, value if isinstance(value, str) else None))
    return found


@pytest.mark.parametrize("family", FAMILIES)
def test_every_failure_is_replayed(family: str) -> None:
    """One test for each id in the module of its family, and none for others."""
    assert sorted(replays(family)) == sorted(FAMILIES[family])


@pytest.mark.parametrize(
    ("failure", "test"),
    [
        pytest.param(failure, test, id=failure)
        for family in FAMILIES
        for failure, test in replays(family).items()
    ],
)
def test_every_replay_has_a_healthy_sibling(failure: str, test: ast.FunctionDef) -> None:
    """A replay asserts that its own id is caught, and that a healthy run is silent."""
    made = calls(test)
    caught, silent = ("caught", failure) in made, "silent" in {name for name, _ in made}
    assert (caught and silent) or ("judged", failure) in made


def test_every_id_that_is_named_is_in_the_catalogue() -> None:
    """No message has an id that the page does not explain."""
    named = {
        found
        for path in SOURCE.rglob("*.py")
        if path.parent.name != "failure_catalogue"
        for found in re.findall(r'\[(F\d\d)\]|"(F\d\d)"', path.read_text())
        for found in found
        if found and not (path.name in WEIGHT_TYPES and found in {"F16", "F32", "F64"})
    }
    assert named - FAILURES.keys() == set()
    assert named


WEIGHT_TYPES = ("model_weights.py", "safetensors_reader.py", "model_size.py")


def test_the_page_is_current() -> None:
    """Write it again: python -m punie_train.reporting.failures_page > docs/failures.md."""
    assert PAGE.read_text() == failures_page()


def test_the_page_has_every_failure() -> None:
    """With what was seen, what it was, what catches it, and the words."""
    page = failures_page()
    for name, failure in FAILURES.items():
        assert f"| {name} |" in page
        assert failure.symptom in page
        assert failure.caught_by in page
