"""The fingerprint of a case: everything that decides its prompt and its score."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from punie_train.core.messages import Message
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.case import AnyOf, Expectation, ExpectedCall


def content_hash(
    *,
    category: str,
    messages: tuple[Message, ...],
    tools: tuple[ToolSpec, ...],
    expect: Expectation,
    results: Mapping[str, tuple[str, ...]],
    max_turns: int,
    scorers: tuple[str, ...] = (),
) -> str:
    """Return the SHA-256 of the case in canonical JSON; id, tags and place are left out."""
    content: dict[str, Any] = {
        "category": category,
        "messages": [
            {
                "role": message.role,
                "content": message.content,
                "name": message.name,
                "tool_calls": [[call.name, call.arguments] for call in message.tool_calls],
            }
            for message in messages
        ],
        "tools": [tool.to_openai() for tool in tools],
        "expect": {
            "calls": [_call(call) for call in expect.calls],
            "code": [_call(call) for call in expect.code],
            "fields": expect.fields,
            "keywords": expect.keywords,
            "no_call": expect.no_call,
        },
        "results": dict(results),
        "max_turns": max_turns,
    }
    if scorers:
        content["scorers"] = scorers
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _call(call: ExpectedCall) -> list[Any]:
    return [call.name, {key: _value(value) for key, value in call.arguments.items()}]


def _value(value: Any) -> Any:
    if not isinstance(value, AnyOf):
        return value
    return {"any_of": value.values} | ({"optional": True} if value.optional else {})
