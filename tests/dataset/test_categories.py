"""What a row is an example of."""

from pathlib import Path
from typing import Any

import pytest

from punie_train.dataset.categories import category_of, check_categories, of_categories
from punie_train.dataset.difficulty import calls, turns
from punie_train.dataset.errors import DatasetError
from punie_train.dataset.example import Example, ExampleFormat


def conversation(*names: str, results: bool = False, **more: Any) -> dict[str, Any]:
    """Return a row whose assistant calls tools of these names."""
    called = [{"function": {"name": name, "arguments": {}}} for name in names]
    rows: list[dict[str, Any]] = [{"role": "user", "content": "do"}]
    rows.append({"role": "assistant", "content": "ok", "tool_calls": called})
    if results:
        rows += [{"role": "tool", "content": "r"}, {"role": "assistant", "content": "done"}]
    return {"messages": rows, **more}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(conversation(), "direct", id="no call"),
        pytest.param(conversation("read_file"), "tool_calling", id="call"),
        pytest.param(conversation("read_file", results=True), "multi_step", id="result answered"),
        pytest.param(conversation("execute_code", results=True), "code_mode", id="code"),
        pytest.param({"text": "abc"}, "direct", id="text"),
        pytest.param(conversation("read_file", category="mine"), "mine", id="named"),
        pytest.param(conversation(metadata={"category": "other"}), "other", id="in metadata"),
        pytest.param(conversation(metadata=None), "direct", id="empty metadata"),
    ],
)
def test_category(row: dict[str, Any], expected: str) -> None:
    """A name in the row wins over its calls."""
    assert category_of(row) == expected


def test_difficulty() -> None:
    """Turns are messages, calls those of the assistant."""
    row = conversation("a", "b", results=True)
    assert (turns(row), calls(row)) == (4, 2)
    assert (turns({"text": "a"}), calls({"text": "a"})) == (1, 0)


def test_rows_are_chosen_and_a_wrong_name_is_told() -> None:
    """With the categories that there are, the most frequent first."""
    kind, path = ExampleFormat.MESSAGES, Path("train.jsonl")
    rows = [
        Example(format=kind, value=value, raw=b"", path=path, line=line)
        for line, value in enumerate((conversation(), conversation("a"), conversation("b")), 1)
    ]
    assert [row.line for row in of_categories(rows, ("tool_calling",))] == [2, 3]
    check_categories(rows, ("direct",))
    with pytest.raises(DatasetError, match=r"'code'.*tool_calling \(2\), direct \(1\)"):
        check_categories(rows, ("direct", "code"))
