"""The parser that is told beforehand is the one that mlx-lm picks."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from punie_train import starter
from punie_train.mlx.server_parser import server_parser
from punie_train.toolcalls.parsed import WireFormat

TEMPLATES = {
    "xml, escaped": "'<tool_call>\\n<function=' + name",
    "xml": "<tool_call>\n<function=",
    "hermes": "<tool_call>{{ tool_call.name }}",
    "hermes and xml": "<tool_call>{{ tool_call.name }} <tool_call>\n<function=",
    "mistral": "[TOOL_CALLS]",
    "pythonic": "<|tool_call_start|>",
    "pythonic list": "<|tool_list_start|>",
    "minimax": "<minimax:tool_call>",
    "gemma 4": "<|tool_call> <tool_call|>",
    "half of gemma 4": "<|tool_call>",
    "function gemma": "<start_function_call>",
    "longcat": "<longcat_tool_call>",
    "glm beside hermes": "<tool_call> <arg_key> tool_call.name",
    "kimi": "<|tool_calls_section_begin|>",
    "minicpm": '<function name="f"><param name="p">',
    "muse": "<atem:function_calls>",
    "tags alone": "<tool_call>",
    "none": "{{ messages }}",
}


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES.keys())
def test_same_parser_as_mlx_lm(tmp_path: Path, template: str) -> None:
    """On every mark, and where one template holds several."""
    from mlx_lm.tokenizer_utils import _infer_tool_parser

    (tmp_path / "chat_template.jinja").write_text(template)
    found = server_parser(tmp_path)
    tokenizer = SimpleNamespace(chat_template=template, get_vocab=dict)
    assert (found and found.name) == _infer_tool_parser(tokenizer)


def test_a_named_parser_wins(tmp_path: Path) -> None:
    """As in mlx-lm, which reads the name from the tokenizer's configuration."""
    (tmp_path / "chat_template.jinja").write_text(TEMPLATES["xml"])
    config = tmp_path / "tokenizer_config.json"
    config.write_text(json.dumps({"tool_parser_type": "json_tools"}))
    found = server_parser(tmp_path)
    assert found is not None
    assert (found.name, found.format) == ("json_tools", WireFormat.HERMES_JSON)
    config.write_text(json.dumps({"tool_parser_type": "laguna"}))
    found = server_parser(tmp_path)
    assert found is not None
    assert (found.name, found.format) == ("laguna", None)


def test_starter_is_read_as_xml() -> None:
    """The shipped model's calls reach an agent."""
    found = server_parser(starter.model_path())
    assert found is not None
    assert found.format is WireFormat.QWEN3_CODER_XML
