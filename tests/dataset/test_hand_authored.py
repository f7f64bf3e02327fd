"""The hand-authored rows: sound, over every tool, and unlike the evaluation cases."""

import json
from pathlib import Path
from typing import Any

import pytest

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.dataset.inputs import open_dataset
from punie_train.dataset.rows import read_rows
from punie_train.dataset.validation import Validation
from punie_train.sandbox.run_code import Sandbox
from punie_train.starter.cases import prompts_of
from punie_train.starter.overlap import overlapping

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data/hand-authored/tool-calling"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    """Return the rows of all splits."""
    return [row.value for row in read_rows(open_dataset(DATA))]


def test_nothing_is_wrong_with_them(rows: list[dict[str, Any]]) -> None:
    """No error, no warning, and as many rows as the manifest says."""
    assert not list(Validation(open_dataset(DATA)).findings())
    manifest = json.loads((DATA / "manifest.json").read_text())
    assert len(rows) == manifest["count"] >= 16


def test_every_tool_is_used(rows: list[dict[str, Any]]) -> None:
    """All tools are called, and every row goes several steps."""
    calls = [
        [c["function"] for m in row["messages"] for c in m.get("tool_calls", ())] for row in rows
    ]
    assert {one["name"] for some in calls for one in some} == {tool.name for tool in AGENT_TOOLS}
    assert all(len(some) > 1 for some in calls)


def test_their_code_runs(rows: list[dict[str, Any]]) -> None:
    """Code mode fits the types and runs to its end whatever the tools answer."""
    codes = [
        call["function"]["arguments"]["code"]
        for row in rows
        for message in row["messages"]
        for call in message.get("tool_calls", ())
        if call["function"]["name"] == "execute_code"
    ]
    assert codes
    with Sandbox() as sandbox:
        for code in codes:
            seen = sandbox.observe(code)
            assert not seen.type_problems
            assert {run.end for run in seen.runs} == {"done"}


def test_no_case_is_in_them(rows: list[dict[str, Any]]) -> None:
    """The bar is not in the data; a copied case would be seen."""
    prompts = prompts_of(ROOT / "evals")
    assert not overlapping(rows, prompts)
    copied = {"messages": [{"role": "user", "content": prompts[0]}]}
    assert overlapping([*rows, copied], prompts)
