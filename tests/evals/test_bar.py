"""B12: the bar is hashes, and whatever moved is named."""

from dataclasses import replace
from pathlib import Path

import pytest

from punie_train.evals.bar import Bar, UnreadableBarError, bar_from_json, bar_of, moved
from punie_train.evals.case_files import load_suite
from punie_train.evals.gates import GatePolicy

CASES = """
suite: small
defaults: {category: tool_calling}
cases:
  - id: read-it
    prompt: Read a.py.
    expect: {calls: [{read_file: {path: a.py}}]}
  - id: stop-it
    prompt: Stop t-1.
    expect: {calls: [{kill_terminal: {terminal_id: t-1}}]}
"""
POLICY = GatePolicy(fail_under={"overall": 0.85})


def _bar(tmp_path: Path, text: str = CASES, policy: GatePolicy = POLICY) -> Bar:
    path = tmp_path / "cases.yaml"
    path.write_text(text)
    return bar_of([load_suite(path)], policy, {"max_drop": {}})


def test_the_same_bar_has_not_moved(tmp_path: Path) -> None:
    """Also through JSON, and when a comment or the order of the cases changed."""
    first = _bar(tmp_path)
    assert moved(bar_from_json(first.to_json()), _bar(tmp_path, "# a remark\n" + CASES)) == []
    assert list(first.cases) == ["small::read-it", "small::stop-it"]
    assert "read_file" in first.tools


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("path: a.py", "path: b.py", ["case small::read-it was edited"]),
        ("Stop t-1.", "Halt t-1.", ["case small::stop-it was edited"]),
        (
            "id: stop-it",
            "id: halt-it",
            ["case small::stop-it is missing", "case small::halt-it is new"],
        ),
    ],
)
def test_a_moved_case_is_named(tmp_path: Path, old: str, new: str, said: list[str]) -> None:
    """Prompt, expectation, or the case as a whole."""
    assert moved(_bar(tmp_path), _bar(tmp_path, CASES.replace(old, new))) == said


def test_thresholds_policy_and_tools(tmp_path: Path) -> None:
    """The value that was, and the one that is."""
    first = _bar(tmp_path)
    lower = replace(POLICY, fail_under={"overall": 0.8, "iteration": 0.5}, max_unavailable=0.5)
    assert moved(first, _bar(tmp_path, policy=lower)) == [
        "threshold overall was 0.85 and is 0.8",
        "threshold iteration is new",
        "policy max_unavailable was 0.05 and is 0.5",
    ]
    other = replace(first, tools={**first.tools, "read_file": "0"})
    assert moved(first, other) == ["tool read_file was changed"]


@pytest.mark.parametrize("value", [[], {"schema": 2}, {"schema": 1, "cases": {}}])
def test_what_is_no_bar_is_refused(value: object) -> None:
    """Instead of finding that nothing moved."""
    with pytest.raises(UnreadableBarError):
        bar_from_json(value)
