"""Which calls mlx-lm's server hands over: it picks one parser for a model, by its files.

The order of the marks is that of mlx-lm 0.32; a test compares both on every mark.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from punie_train.mlx.fingerprints import chat_template
from punie_train.toolcalls.parsed import WireFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerParser:
    """A parser by mlx-lm's name, and what it reads; None for a format without a name here."""

    name: str
    format: WireFormat | None


def _has(*marks: str) -> Callable[[str], bool]:
    return lambda template: all(mark in template for mark in marks)


def _has_any(*marks: str) -> Callable[[str], bool]:
    return lambda template: any(mark in template for mark in marks)


_FORMATS = {
    "qwen3_coder": WireFormat.QWEN3_CODER_XML,
    "json_tools": WireFormat.HERMES_JSON,
    "mistral": WireFormat.MISTRAL,
    "pythonic": WireFormat.PYTHONIC,
}
_BY_TEMPLATE: tuple[tuple[Callable[[str], bool], str], ...] = (
    (_has("<minimax:tool_call>"), "minimax_m2"),
    (_has("<|tool_call>", "<tool_call|>"), "gemma4"),
    (_has("<start_function_call>"), "function_gemma"),
    (_has("<longcat_tool_call>"), "longcat"),
    (_has("<arg_key>"), "glm47"),
    (_has_any("<|tool_list_start|>", "<|tool_call_start|>"), "pythonic"),
    (_has_any("<tool_call>\\n<function=", "<tool_call>\n<function="), "qwen3_coder"),
    (_has("<|tool_calls_section_begin|>"), "kimi_k2"),
    (_has('<function name="', '<param name="'), "minicpm5"),
    (_has("[TOOL_CALLS]"), "mistral"),
    (_has("<atem:function_calls>"), "muse_spark"),
    (_has("<tool_call>", "tool_call.name"), "json_tools"),
)


def server_parser(model: Path) -> ServerParser | None:
    """Return the parser that the server picks for a model directory, None when it picks none.

    A name in `tokenizer_config.json` wins over the marks in the chat template. Parsers that mlx-lm
    picks by vocabulary alone are not seen.
    """
    name = _named(model)
    if name is None:
        template = chat_template(model)
        name = next((parser for fits, parser in _BY_TEMPLATE if fits(template)), None)
    return ServerParser(name=name, format=_FORMATS.get(name)) if name else None


def _named(model: Path) -> str | None:
    try:
        config = json.loads((model / "tokenizer_config.json").read_text(encoding="utf-8"))
        name = config.get("tool_parser_type")
    except (OSError, ValueError, AttributeError):
        return None
    return name if isinstance(name, str) else None
