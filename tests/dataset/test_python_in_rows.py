"""Where the Python of a row stands, whatever the format of the row."""

import json
from typing import Any

import pytest

from punie_train.dataset.python_in_rows import python_in
from punie_train.dataset.python_in_text import PythonText

CODE = "print 'x'"
STATED, UNSTATED = [PythonText(CODE)], [PythonText(CODE, stated=False)]
FENCED = f"Look:\n\n```python\n{CODE}\n```\nThat is it."
ARGUMENTS = {"code": CODE}
CALL = {"name": "execute_code", "arguments": ARGUMENTS}


def message(content: Any, **more: Any) -> dict[str, Any]:
    """Return a row of one message."""
    return {"messages": [{"role": "assistant", "content": content, **more}]}


ROWS: dict[str, tuple[dict[str, Any], list[PythonText]]] = {
    "fenced": (message(FENCED), STATED),
    "fenced-tildes": (message(f"~~~py\n{CODE}\n~~~"), STATED),
    "fenced-version": (message(f"```Python2.7 title=x\n{CODE}\n```"), STATED),
    "fenced-indented": (message(f"1. So:\n   ```python\n   {CODE}\n   ```"), STATED),
    "fenced-quoted": (message(f"> ```python\n> {CODE}\n> ```"), STATED),
    "fenced-carriage-returns": (
        message(f"```python\r\n{CODE}\r\n```\r\n"),
        [PythonText(f"{CODE}\r")],
    ),
    "fenced-never-closed": (message(f"```python\n{CODE}"), STATED),
    "fenced-longer": (message(f"````python\n{CODE}\n````"), STATED),
    "fenced-without-language": (message(f"```\n{CODE}\n```"), UNSTATED),
    "fenced-shell": (message(f"```bash\n{CODE}\n```"), []),
    "session": (message(f"```pycon\n>>> {CODE}\nx\n```"), STATED),
    "two-fences": (message(f"{FENCED}\n{FENCED}"), STATED * 2),
    "parts": (message([{"type": "text", "text": FENCED}]), STATED),
    "plain-code": (message(CODE), UNSTATED),
    "prose": (message("Print the value for me, please."), []),
    "text": ({"text": CODE}, UNSTATED),
    "chatml": (
        {"text": f"<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n{FENCED}<|im_end|>\n"},
        STATED,
    ),
    "chatml-never-closed": (
        {"text": f"<|im_start|>user\n```\na<|im_end|>\n<|im_start|>assistant\n{FENCED}<|im_end|>"},
        STATED,
    ),
    "completion": ({"prompt": "Write it.", "completion": FENCED}, STATED),
    "completion-messages": ({"prompt": [], "completion": message(FENCED)["messages"]}, STATED),
    "call": (message(None, tool_calls=[{"type": "function", "function": CALL}]), STATED),
    "call-text": (
        message(None, tool_calls=[{"function": CALL | {"arguments": json.dumps(ARGUMENTS)}}]),
        STATED,
    ),
    "call-in-content": (message(f"<tool_call>\n{json.dumps(CALL)}\n</tool_call>"), STATED),
    "call-of-another-tool": (
        message("", tool_calls=[{"function": {"name": "run", "arguments": {"script": CODE}}}]),
        UNSTATED,
    ),
    "file": (
        message("", tool_calls=[{"function": {"name": "write_file", "arguments": {
            "path": "a.py", "content": CODE}}}]),
        STATED,
    ),
    "file-of-another-language": (
        message("", tool_calls=[{"function": {"name": "write_file", "arguments": {
            "path": "a.rb", "content": CODE}}}]),
        [],
    ),
    "broken-call": (message("", tool_calls=[{"function": {"name": "run", "arguments": "{"}}]), []),
    "wrong-types": (
        {"messages": [1, {"content": 2, "tool_calls": 3}], "text": {}, "prompt": 4},
        [],
    ),
    "messages-no-list": ({"messages": "x", "completion": None}, []),
}  # fmt: skip


@pytest.mark.parametrize(("row", "found"), ROWS.values(), ids=ROWS)
def test_python_is_found(row: dict[str, Any], found: list[PythonText]) -> None:
    """Its own text, and whether the row says that it is Python."""
    assert list(python_in(row)) == found


def test_a_function_may_be_divided_between_prompt_and_completion() -> None:
    """Neither half parses; the whole does."""
    row = {"prompt": "def f(x):\n", "completion": "    print x\n"}
    assert PythonText("def f(x):\n    print x\n", stated=False) in list(python_in(row))


REQUEST = 'print "queue_plots/heap_bucket.html"'
PROGRAM = 'import os\nprint os.getcwd()\nprint "x"'
SAID: dict[str, tuple[str, bool]] = {
    "request": (REQUEST, False),
    "request-of-two-lines": (f"{REQUEST}\nThanks", False),
    "fenced": (f"```\n{REQUEST}\n```", True),
    "program": (PROGRAM, True),
    "function": ("def f(x):\n    # shows it\n    print x", True),
    "function-of-two-lines": ("def f(x):\n    print (x), 1", True),
}


@pytest.mark.parametrize(("text", "found"), SAID.values(), ids=SAID)
@pytest.mark.parametrize("place", ["messages", "prompt", "chatml", "parts"])
def test_what_a_user_says_is_python_only_where_it_is_a_program(
    place: str, text: str, found: bool
) -> None:
    """One line that asks for a file is no statement; a fence or several lines of code are."""
    rows = {
        "messages": {"messages": [{"role": "user", "content": text}]},
        "prompt": {"prompt": text, "completion": 0},
        "chatml": {"text": f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n"},
        "parts": {"messages": [{"role": "user", "content": [{"type": "text", "text": text}]}]},
    }
    assert bool(list(python_in(rows[place]))) is found


@pytest.mark.parametrize("role", ["assistant", "tool"])
def test_one_line_of_an_answer_may_be_a_program(role: str) -> None:
    """Answers and results are code more often than requests are."""
    row = {"messages": [{"role": role, "content": REQUEST}]}
    assert list(python_in(row)) == [PythonText(REQUEST, stated=False)]
    turn = {"text": f"<|im_start|>{role}\n{REQUEST}<|im_end|>"}
    assert list(python_in(turn)) == [PythonText(REQUEST, stated=False)]
