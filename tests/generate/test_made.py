"""Generated rows of every kind: sound, proven, different, and the same for the same seed."""

import ast
import json
from collections import Counter

import pytest

from punie_train.core.agent_tools import AGENT_TOOLS, TYPED_ITEMS, TYPED_RESULTS
from punie_train.dataset.inputs import Split
from punie_train.dataset.row_rules import row_faults
from punie_train.dataset.rows import row_of
from punie_train.generate import made
from punie_train.generate.kind import Kind
from punie_train.generate.made import ExhaustedError, MadeRow, made_rows
from punie_train.sandbox.run_code import Sandbox

COUNT = 30


@pytest.fixture(scope="module")
def rows(sandbox: Sandbox) -> dict[Kind, list[MadeRow]]:
    """Return some rows of each kind."""
    return {kind: made_rows(kind, COUNT, 1, sandbox)[0] for kind in Kind}


@pytest.mark.parametrize("kind", Kind)
def test_no_rule_is_broken(kind: Kind, rows: dict[Kind, list[MadeRow]], tmp_path) -> None:
    """`dataset validate` finds neither errors nor warnings."""
    split = Split(name="train", path=tmp_path / "train.jsonl")
    assert len(rows[kind]) == COUNT
    for number, one in enumerate(rows[kind], 1):
        assert not list(row_faults(row_of(one.line, split, number)))


@pytest.mark.parametrize("kind", Kind)
def test_rows_offer_all_tools_and_name_their_category(
    kind: Kind, rows: dict[Kind, list[MadeRow]]
) -> None:
    """Each row has the agent's tools in OpenAI's form, and a category."""
    for one in rows[kind]:
        offered = [tool["function"] for tool in one.value["tools"]]
        assert [tool["name"] for tool in offered] == [tool.name for tool in AGENT_TOOLS]
        assert all(tool["description"] for tool in offered)
        assert one.category


def test_nothing_is_said_twice(rows: dict[Kind, list[MadeRow]]) -> None:
    """No two rows ask the same."""
    asked = Counter(
        "\n".join(m["content"] for m in one.value["messages"] if m["role"] == "user")
        for some in rows.values()
        for one in some
    )
    assert asked.most_common(1)[0][1] == 1


def test_kinds_call_as_their_names_say(rows: dict[Kind, list[MadeRow]]) -> None:
    """Direct answers call nothing at the end; code mode calls code; workflows go several steps."""
    for one in rows[Kind.DIRECT]:
        assert "tool_calls" not in one.value["messages"][-1]
    for one in rows[Kind.FIELD_ACCESS]:
        assert one.calls == ("execute_code",)
    for one in rows[Kind.TYPED_TOOLS]:
        assert one.calls[:1] in ((), ("execute_code",))
        assert one.value["messages"][-1]["content"]
    for one in rows[Kind.WORKFLOWS]:
        turns = [m for m in one.value["messages"] if m.get("tool_calls")]
        assert len(turns) > 1
        assert one.value["messages"][-1]["content"]
    called = {name for one in rows[Kind.TOOL_CALLING] for name in one.calls}
    assert called == {tool.name for tool in AGENT_TOOLS} - {"execute_code"}


def test_equal_parts_are_balanced(rows: dict[Kind, list[MadeRow]]) -> None:
    """Between 10 and 80 % of the rows call a tool where every kind has as many (F31)."""
    together = [one for some in rows.values() for one in some]
    assert 0.1 <= sum(bool(one.calls) for one in together) / len(together) <= 0.8


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.TYPED_TOOLS])
def test_seed_decides(kind: Kind, rows: dict[Kind, list[MadeRow]], sandbox: Sandbox) -> None:
    """The same seed gives the same bytes, another one gives other rows."""
    lines = [one.line for one in rows[kind]]
    assert [one.line for one in made_rows(kind, COUNT, 1, sandbox)[0]] == lines
    assert [one.line for one in made_rows(kind, COUNT, 2, sandbox)[0]] != lines


def test_typed_tools_give_the_same_bytes_again(
    rows: dict[Kind, list[MadeRow]], sandbox: Sandbox
) -> None:
    """Times that were measured would differ; those in rows come from the seed."""
    again, _ = made_rows(Kind.TYPED_TOOLS, COUNT, 1, sandbox)
    assert [one.line for one in again] == [one.line for one in rows[Kind.TYPED_TOOLS]]


def test_every_field_is_read(sandbox: Sandbox) -> None:
    """A hundred rows of field access leave no field of a result or of its items out."""
    found, _ = made_rows(Kind.FIELD_ACCESS, 100, 3, sandbox)
    attributes = {
        node.attr
        for one in found
        for node in ast.walk(ast.parse(_code(one)))
        if isinstance(node, ast.Attribute)
    }
    wanted = {field for fields in TYPED_RESULTS.values() for field in fields}
    wanted |= {field for _, fields in TYPED_ITEMS.values() for field in fields}
    assert wanted <= attributes
    assert set(Counter(one.category for one in found)) == {
        "conditional",
        "field_access",
        "iteration",
        "multi_step",
    }


def _code(one: MadeRow) -> str:
    return one.value["messages"][-1]["tool_calls"][0]["function"]["arguments"]["code"]


def test_rows_like_a_case_are_replaced(rows: dict[Kind, list[MadeRow]], sandbox: Sandbox) -> None:
    """A row that says what a case says is left out, and another takes its place."""
    before = rows[Kind.TOOL_CALLING]
    prompt = before[4].value["messages"][0]["content"]
    after, rejected = made_rows(Kind.TOOL_CALLING, COUNT, 1, sandbox, prompts=[prompt])
    assert rejected.like_cases >= 1
    assert len(after) == COUNT
    assert prompt not in {one.value["messages"][0]["content"] for one in after}
    assert after[0].line == before[0].line


def test_too_many_rows_are_refused(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """More rows than there are is an answer in words, not an endless search."""
    monkeypatch.setattr(made, "PATIENCE", 1)
    with pytest.raises(ExhaustedError, match="different rows of kind direct"):
        made_rows(Kind.DIRECT, 400, 1, sandbox)


def test_lines_are_json(rows: dict[Kind, list[MadeRow]]) -> None:
    """A line is the row."""
    one = rows[Kind.DIRECT][0]
    assert json.loads(one.line) == one.value
    assert b"\n" not in one.line
