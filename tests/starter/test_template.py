"""The chat template: what it writes is what mlx-lm's server reads and what training sees."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.starter import model_path
from punie_train.starter.corpus import render, template_text
from punie_train.starter.rows import TOOL_ROWS

CALLS = {
    "read_file": {"path": "src/a b.py"},
    "write_file": {"path": "notes.md", "content": "# Title\n\n  two\nlines\n"},
    "run_command": {"command": "grep -n '<b>' x | head"},
    "get_terminal_output": {"terminal_id": "t-17"},
    "release_terminal": {"terminal_id": "4f2a"},
    "wait_for_terminal_exit": {"terminal_id": "session_9"},
    "kill_terminal": {"terminal_id": "7"},
    "execute_code": {"code": 'result = typecheck("a.py")\nif not result.success:\n    print(1)'},
}


def _row(*calls: tuple[str, dict[str, str]], content: str = "") -> dict[str, Any]:
    written = [
        {"type": "function", "function": {"name": name, "arguments": arguments}}
        for name, arguments in calls
    ]
    answer = {"role": "assistant", "content": content, "tool_calls": written}
    return {"messages": [{"role": "user", "content": "go"}, answer], "tools": list(TOOL_ROWS)}


def _read_back(text: str) -> list[dict[str, Any]]:
    from mlx_lm.tool_parsers import qwen3_coder

    tools = [tool.to_openai() for tool in AGENT_TOOLS]
    blocks = text.split(qwen3_coder.tool_call_start)[1:]
    return [
        qwen3_coder.parse_tool_call(block.split(qwen3_coder.tool_call_end)[0], tools)
        for block in blocks
    ]


def test_every_tool_has_a_call_here() -> None:
    """The calls of this module cover all tools of the agent."""
    assert set(CALLS) == {tool.name for tool in AGENT_TOOLS}


@pytest.mark.parametrize("name", sorted(CALLS))
def test_the_server_reads_each_call(name: str) -> None:
    """The server's own parser reads a rendered call back: name and arguments are equal."""
    text = render(_row((name, CALLS[name]))).answer
    assert _read_back(text) == [{"name": name, "arguments": CALLS[name]}]


def test_the_server_reads_several_calls() -> None:
    """Several calls in one reply, with words before them, are all read."""
    text = render(_row(*CALLS.items(), content="Doing all of it.")).answer
    assert text.startswith("Doing all of it.\n<tool_call>")
    assert [call["name"] for call in _read_back(text)] == list(CALLS)


def test_the_server_chooses_the_parser_of_the_format() -> None:
    """mlx-lm infers its Qwen3-Coder parser from the template."""
    from mlx_lm import tokenizer_utils

    infer = tokenizer_utils._infer_tool_parser
    assert infer(SimpleNamespace(chat_template=template_text())) == "qwen3_coder"


def test_tools_are_one_short_line_each() -> None:
    """The prompt names each tool with its parameters, and no description."""
    prompt = render(_row()).prompt
    assert "\nwrite_file(path, content)\n" in prompt
    assert prompt.count("\n") < len(AGENT_TOOLS) + 8


def test_descriptions_do_not_change_the_prompt() -> None:
    """Tools as an agent sends them render as those of the training rows."""
    row = _row()
    full = {**row, "tools": [tool.to_openai() for tool in AGENT_TOOLS]}
    assert render(full).prompt == render(row).prompt


def test_results_stand_in_a_user_turn() -> None:
    """Consecutive tool results share one turn of the user."""
    row = _row(("kill_terminal", {"terminal_id": "1"}))
    row["messages"] += [
        {"role": "tool", "content": "a"},
        {"role": "tool", "content": "b"},
        {"role": "assistant", "content": "Stopped."},
    ]
    expected = (
        "<|im_start|>user\n<tool_response>\na\n</tool_response>\n<tool_response>\nb\n"
        "</tool_response><|im_end|>\n<|im_start|>assistant\n"
    )
    assert render(row).prompt.endswith(expected)


def test_transformers_renders_the_same() -> None:
    """The shipped tokenizer, as mlx-lm loads it, renders what training rendered."""
    from transformers import AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(model_path())
    row = json.loads(json.dumps(_row(("write_file", CALLS["write_file"]))))
    rendered = render(row)
    assert rendered.prompt == tokenizer.apply_chat_template(
        row["messages"][:-1], tools=row["tools"], add_generation_prompt=True, tokenize=False
    )
    whole = tokenizer.apply_chat_template(row["messages"], tools=row["tools"], tokenize=False)
    assert whole == rendered.prompt + rendered.answer + "\n"
