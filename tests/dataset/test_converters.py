"""Converters of public datasets: what becomes of a row, and why one is no example."""

import json
from pathlib import Path
from typing import Any

import pytest

from punie_train.dataset.converters.conversion import UnconvertibleError
from punie_train.dataset.converters.converting import CONVERTERS, convert_row, is_about
from punie_train.dataset.inputs import Split
from punie_train.dataset.row_rules import row_faults
from punie_train.dataset.rows import row_of
from punie_train.dataset.rules import Severity
from punie_train.dataset.sources import Source, catalogue

TOOLS = [{"name": "look", "description": None, "parameters": {"type": "object", "properties": {}}}]


def converted(row: dict[str, Any], converter: str = "chat") -> dict[str, Any]:
    """Return the example of a row, which breaks no rule of the validation."""
    line = convert_row(row, Source(name="test", title="", converter=converter))
    found = row_faults(row_of(line, Split(name="train", path=Path(__file__)), 1))
    assert not [one for one in found if one.rule.severity is Severity.ERROR]
    return json.loads(line)


def said(row: dict[str, Any], converter: str = "chat") -> list[str]:
    """Return the texts of an example."""
    return [one["content"] for one in converted(row, converter)["messages"]]


@pytest.mark.parametrize(
    ("converter", "row", "texts"),
    [
        pytest.param(
            "article",
            {"text": "Ada\n\nA mathematician.\n"},
            ["Write an encyclopedia article about: Ada", "A mathematician."],
            id="article",
        ),
        pytest.param(
            "stack-exchange",
            {"text": "Q: How?\n\nA: is no answer here\nbut A: inside\n\nA: second"},
            ["How?", "is no answer here\nbut A: inside"],
            id="stack-exchange",
        ),
        pytest.param(
            "documented-code",
            {
                "func_name": "Cart.total",
                "whole_func_string": 'def total(self):\n    """Add."""\n    return "```"\n',
                "func_documentation_string": "Add.",
            },
            [
                "Write a Python function `total` that does this:\n\nAdd.",
                '````python\ndef total(self):\n    """Add."""\n    return "```"\n````',
            ],
            id="documented-code",
        ),
        pytest.param(
            "question-answer",
            {"question": "Add.", "solution": "def add(a, b):\n    return a + b\n"},
            ["Add.", "```python\ndef add(a, b):\n    return a + b\n```"],
            id="code-answer",
        ),
        pytest.param(
            "question-answer",
            {"question": "Add.", "solution": "Use plus"},
            ["Add.", "Use plus"],
            id="word-answer",
        ),
        pytest.param(
            "chat",
            {"conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hey"}]},
            ["Hi", "Hey"],
            id="sharegpt",
        ),
        pytest.param(
            "chat",
            {"instruction": "Translate.", "input": "Haus", "output": "House"},
            ["Translate.\n\nHaus", "House"],
            id="instruction",
        ),
        pytest.param(
            "chat",
            {
                "messages": [
                    {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
                    {"role": "assistant", "content": "Hey", "tool_calls": None, "name": None},
                ]
            },
            ["Hi", "Hey"],
            id="parts-and-nulls",
        ),
    ],
)
def test_rows_become_examples(converter: str, row: dict[str, Any], texts: list[str]) -> None:
    """Each shape ends as a request and an answer."""
    assert said(row, converter) == texts


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(
            {"role": "assistant", "function_call": {"name": "look", "arguments": '{"x": null}'}},
            id="function_call",
        ),
        pytest.param(
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"function": {"name": "look", "arguments": '{"x": null}'}}],
            },
            id="tool_calls",
        ),
        pytest.param(
            {"role": "tool_call", "content": "{'name': 'look', 'arguments': '{\"x\": null}'}"},
            id="python-literal",
        ),
        pytest.param(
            {"from": "function_call", "value": '{"name": "look", "arguments": {"x": null}}'},
            id="sharegpt",
        ),
    ],
)
def test_calls_in_every_spelling_are_the_same(call: dict[str, Any]) -> None:
    """Arguments are real JSON, a null that stands in text is kept, the result has the call's id."""
    column = {"type": ["string", "null"], "default": None}
    schema = {"type": "object", "properties": {"x": column}}
    example = converted(
        {
            "messages": [
                {"role": "user", "content": "Look."},
                call,
                {"role": "function", "name": "look", "content": "seen"},
                {"role": "assistant", "content": "Done."},
            ],
            "tools": json.dumps([{"name": "look", "parameters": schema}]),
        },
        "tool-trajectory",
    )
    (written,) = example["messages"][1]["tool_calls"]
    assert written["function"] == {"name": "look", "arguments": {"x": None}}
    assert example["messages"][2]["tool_call_id"] == written["id"]
    assert example["tools"][0]["function"]["parameters"] == schema


def test_nulls_of_typed_columns_are_left_out() -> None:
    """Where the columns are typed every absent key is null: in arguments and in tools."""
    call = {"function": {"name": "look", "arguments": {"x": None, "y": 1}}}
    example = converted(
        {
            "messages": [
                {"role": "user", "content": "Look."},
                {"role": "assistant", "content": None, "tool_calls": [call]},
            ],
            "tools": [
                {"name": "look", "description": None, "parameters": {"type": "object"}},
            ],
        }
    )
    assert example["messages"][1]["tool_calls"][0]["function"]["arguments"] == {"y": 1}
    assert example["tools"][0]["function"] == {"name": "look", "parameters": {"type": "object"}}


def test_calls_one_after_another_are_one_message() -> None:
    """Parallel calls that a dataset keeps apart are joined, and their results find them."""
    example = converted(
        {
            "messages": [
                {"role": "system", "content": "<|im_system|>tool_declare<|im_middle|>[]"},
                {"role": "user", "content": "Look twice."},
                {"role": "tool_call", "content": {"name": "look", "arguments": {}}},
                {"role": "tool_call", "content": {"name": "look", "arguments": {}}},
                {"role": "tool_response", "content": "one"},
                {"role": "tool_response", "content": "two"},
                {"role": "tool_call", "content": {"name": "look", "arguments": {}}},
                {"role": "tool_response", "content": "three"},
                {"role": "assistant", "content": "Done."},
            ],
            "tools": TOOLS,
        },
        "tool-trajectory",
    )
    roles = ["user", "assistant", "tool", "tool", "assistant", "tool", "assistant"]
    assert [one["role"] for one in example["messages"]] == roles
    ids = [one["tool_call_id"] for one in example["messages"] if one["role"] == "tool"]
    assert ids == ["call_1", "call_2", "call_3"]


@pytest.mark.parametrize(
    ("converter", "row", "reason"),
    [
        pytest.param("article", {"text": "x" * 200}, "no title", id="no-title"),
        pytest.param("article", {"text": "Ada"}, "nothing else", id="no-body"),
        pytest.param("article", {}, "no text in text", id="no-text"),
        pytest.param("stack-exchange", {"text": "Q: How?"}, "no answer", id="no-answer"),
        pytest.param("stack-exchange", {"text": "How?"}, "does not start", id="no-question"),
        pytest.param("documented-code", {"code": "x = 1"}, "no text in func_d", id="undocumented"),
        pytest.param("chat", {"a": 1}, "in the columns a", id="unknown-columns"),
        pytest.param("chat", {"prompt": "", "completion": "x"}, "is empty", id="empty"),
        pytest.param(
            "chat", {"messages": [{"role": "alien", "content": "x"}]}, "'alien'", id="role"
        ),
        pytest.param(
            "chat", {"messages": [{"role": "user", "content": "x"}]}, "not the assis", id="last"
        ),
        pytest.param("chat", {"text": "\ud800"}, "surrogate", id="surrogate"),
        pytest.param("chat", {"messages": "[" * 5000}, "neither JSON", id="nested"),
        pytest.param("chat", {"messages": 7}, "no list of messages", id="number"),
        pytest.param(
            "tool-trajectory",
            {"messages": [{"role": "tool_call", "content": '{"name": "look"}'}], "tools": "[]"},
            "'look' is called and not offered",
            id="not-offered",
        ),
        pytest.param(
            "chat",
            {
                "messages": [
                    {"role": "tool_call", "content": '{"name": "look"}'},
                    {"role": "user", "content": "x"},
                ]
            },
            "the call of 'look' has no result",
            id="no-result",
        ),
        pytest.param(
            "chat",
            {"messages": [{"role": "tool", "content": "x"}]},
            "a result answers no call",
            id="no-call",
        ),
        pytest.param(
            "chat",
            {"messages": [{"role": "tool_call", "content": '{"name": "a", "arguments": "[1]"}'}]},
            "are no object",
            id="arguments",
        ),
    ],
)
def test_rows_that_are_no_examples_say_why(
    converter: str, row: dict[str, Any], reason: str
) -> None:
    """The reason stands in removed.jsonl later."""
    with pytest.raises(UnconvertibleError, match=reason):
        convert_row(row, Source(name="test", title="", converter=converter))


@pytest.mark.parametrize(
    ("text", "about"),
    [
        pytest.param("in Python3, please", True, id="version"),
        pytest.param("PYTHON?", True, id="capitals"),
        pytest.param("a pythonic style", False, id="longer-word"),
        pytest.param("Java", False, id="other"),
    ],
)
def test_what_a_row_is_about(text: str, *, about: bool) -> None:
    """A word of the column that the source names decides; other columns do not."""
    source = Source(name="test", title="", about="python", about_in=("question",))
    assert is_about({"question": text, "other": "python"}, source) is about


def test_every_source_has_a_converter() -> None:
    """What sources.yaml names exists."""
    for source in catalogue().sources.values():
        assert source.converter in CONVERTERS
        assert not source.about or source.about_in
