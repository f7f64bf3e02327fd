"""Calls that are written in the text of a model, in other words: read, and written anew."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.messages import ToolCall
from punie_train.core.tool_specs import ToolSpec
from punie_train.dataset.conversions import NotConvertedError
from punie_train.dataset.json_lines import to_line
from punie_train.toolcalls.openai_tools import UnreadableToolsError, tools_from_openai
from punie_train.toolcalls.parse import claims
from punie_train.toolcalls.qwen3_coder_xml import render_xml

CallConversion = Callable[[ToolCall], ToolCall]

_MENTIONED = re.compile(
    r'"name"\s{0,20}:\s{0,20}"([^"\s]{1,200})"[^`]{0,200}?"(?:arguments|parameters)"\s{0,20}:'
)
"""A name with arguments: meant as a call, even where its JSON is broken."""


def known_tools(row: Mapping[str, Any]) -> dict[str, ToolSpec]:
    """Return the tools of a row by name, and those of the agent where a row has no such tool."""
    try:
        own = tools_from_openai(row.get("tools"))
    except UnreadableToolsError as error:
        raise NotConvertedError(str(error)) from None
    return {tool.name: tool for tool in (*AGENT_TOOLS, *own)}


def rewritten(text: str, tools: Mapping[str, ToolSpec], convert: CallConversion) -> str:
    """Return the text with every call converted and written as Qwen3-Coder's XML.

    Text around calls stays. The result is read again: raises NotConvertedError for a call that
    cannot be read, or would be read as another one.
    """
    mentioned = {name: _unknown(name) for name in _MENTIONED.findall(text)}
    readings = claims(text, mentioned | dict(tools))
    pieces: list[str] = []
    wanted: list[ToolCall] = []
    at = 0
    for reading in readings:
        if reading.malformed:
            raise NotConvertedError(f"broken call: {reading.malformed[0].reason}")
        calls = [convert(found.call) for found in reading.calls]
        pieces += [text[at : reading.start], "\n".join(map(written, calls))]
        wanted += calls
        at = reading.end
    if not wanted:
        return text
    new = "".join((*pieces, text[at:]))
    got = [found.call for reading in claims(new, tools) for found in reading.calls]
    _check(got, wanted, tools)
    return new


def written(call: ToolCall) -> str:
    """Return a call as Qwen3-Coder's template writes it."""
    if not re.fullmatch(r"[^<>\s]{1,200}", call.name):
        raise NotConvertedError(f"{call.name[:40]!r} cannot be the name of a function")
    if odd := [name for name in call.arguments if not re.fullmatch(r"[^<>\s]{1,200}", name)]:
        raise NotConvertedError(f"{odd[0][:40]!r} cannot be the name of a parameter")
    return render_xml(call.name, {name: _text(value) for name, value in call.arguments.items()})


def _check(got: Sequence[ToolCall], wanted: Sequence[ToolCall], tools: Mapping[str, Any]) -> None:
    if [call.name for call in got] != [call.name for call in wanted]:
        raise NotConvertedError("the calls would be read as others")
    for one, other in zip(got, wanted, strict=True):
        same = one.arguments == other.arguments or (
            one.name not in tools and _texts(one) == _texts(other)
        )
        if not same:
            raise NotConvertedError(f"the arguments of {other.name[:60]} would be read as others")


def _texts(call: ToolCall) -> dict[str, tuple[bool, str]]:
    """Return arguments as the XML shows them, which has no types; null is told from its name."""
    return {name: (value is None, _text(value)) for name, value in call.arguments.items()}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else to_line(value).decode()


def _unknown(name: str) -> ToolSpec:
    return ToolSpec(name=name, description="", parameters={})
