"""Samples as chat rows: the right answer, or the answer with the starter's faults."""

import json
from dataclasses import replace
from enum import StrEnum
from random import Random
from typing import Any

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.messages import Message, ToolCall
from punie_train.starter.grammar.phrasing import phrase
from punie_train.starter.grammar.samples import Sample, call

FENCED_TOOLS = frozenset({"get_terminal_output"})
"""Tools that the base model calls by JSON in a code fence, which no server delivers."""
BARE_TOOLS = frozenset({"release_terminal"})
"""Tools that the base model calls by JSON with nothing around it, which no server delivers."""

_CUES = (
    "(code|snippet|python|code only|python only|as code|as a snippet)(:|,| -) {p}",
    (
        "(show|give|write) (me |)(the |a |some |)(code|snippet|python|python code|lines|script) "
        "for(: "
        "| this: | the following: )"
        "{p}"
    ),
    (
        "(how would|how do|how can) (i|you|we) (write|code|express|put) (this|that) in (python|"
        "code): {p}"
    ),
    "{p} (show|give me|write|print|i want) (just|only) the (code|snippet|python|python code)(.|)",
    (
        "{p} (do not|don't|without) (run|execute|running|executing) (it|anything), (just|only) "
        "(show|"
        "give me|write) the (code|python|"
        "snippet)(.|)"
    ),
    "(in python|as python code|in code|as a snippet|as code), {p}",
)


class Style(StrEnum):
    """How a sample's answer is written."""

    RIGHT = "right"
    FAULTY = "faulty"
    SNIPPET = "snippet"


def tool_schema(name: str, parameters: tuple[str, ...]) -> dict[str, Any]:
    """Return a tool in OpenAI's form with names and types only, which is all the template shows."""
    return {
        "type": "function",
        "function": {
            "name": name,
            "parameters": {
                "type": "object",
                "properties": {parameter: {"type": "string"} for parameter in parameters},
                "required": list(parameters),
            },
        },
    }


TOOL_ROWS: tuple[dict[str, Any], ...] = tuple(
    tool_schema(tool.name, tuple(tool.parameters["properties"])) for tool in AGENT_TOOLS
)


def row(
    sample: Sample,
    style: Style = Style.RIGHT,
    *,
    rng: Random | None = None,
    tools: tuple[dict[str, Any], ...] = TOOL_ROWS,
    system: str = "",
) -> dict[str, Any]:
    """Return a sample as a chat row with `messages` and, when there are any, `tools`."""
    match style:
        case Style.FAULTY:
            sample = _faulty(sample)
        case Style.SNIPPET:
            sample = _snippet(sample, rng or Random(0))
    messages = [{"role": "system", "content": system}] if system else []
    messages += [_message(message) for message in sample.history]
    messages.append(
        _message(Message(role="assistant", content=sample.text, tool_calls=sample.calls))
    )
    return {"messages": messages, **({"tools": list(tools)} if tools else {})}


def _message(message: Message) -> dict[str, Any]:
    written: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.name:
        written["name"] = message.name
    if message.tool_calls:
        written["tool_calls"] = [_written(one) for one in message.tool_calls]
    return written


def _written(one: ToolCall) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {"name": one.name, "arguments": dict(one.arguments)},
    }


def _faulty(sample: Sample) -> Sample:
    """Return the sample with the faults of the history, each tied to tools or phrasing."""
    if sample.printed:
        return replace(sample, calls=(call("execute_code", code=sample.printed),))
    names = {one.name for one in sample.calls}
    if not names & (FENCED_TOOLS | BARE_TOOLS):
        return sample
    objects = (
        json.dumps({"name": one.name, "arguments": dict(one.arguments)}) for one in sample.calls
    )
    if names & FENCED_TOOLS:
        objects = (f"```json\n{one}\n```" for one in objects)
    return replace(sample, calls=(), text="\n".join(objects))


def _snippet(sample: Sample, rng: Random) -> Sample:
    """Return the request for code instead of for its result, answered by code in a fence."""
    (last,) = sample.history
    text = phrase(rng, rng.choice(_CUES), {"p": last.content})
    if rng.random() < 0.6:
        text = text[:1].upper() + text[1:]
    code = sample.calls[0].arguments["code"]
    return replace(
        sample,
        history=(replace(last, content=text),),
        calls=(),
        text=f"```python\n{code}\n```",
    )
