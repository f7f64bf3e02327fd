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
        "expect": {
            "calls": [_call(call) for call in expect.calls],
            "code": [_call(call) for call in expect.code],
            "fields": expect.fields,
            "keywords": expect.keywords,
            "no_call": expect.no_call,
        },
        **_request(messages, tools, results, max_turns),
    }
    if scorers:
        content["scorers"] = scorers
    return _sha256(content)


def request_hash(
    messages: tuple[Message, ...],
    tools: tuple[ToolSpec, ...],
    results: Mapping[str, tuple[str, ...]],
    max_turns: int,
) -> str:
    """Return the SHA-256 of what the model is asked: what is expected of it is left out.

    Replies to the same request may be scored again by another expectation.
    """
    return _sha256(_request(messages, tools, results, max_turns))


def _request(
    messages: tuple[Message, ...],
    tools: tuple[ToolSpec, ...],
    results: Mapping[str, tuple[str, ...]],
    max_turns: int,
) -> dict[str, Any]:
    return {
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
        "results": dict(results),
        "max_turns": max_turns,
    }


def _sha256(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _call(call: ExpectedCall) -> list[Any]:
    return [call.name, {key: _value(value) for key, value in call.arguments.items()}]


def _value(value: Any) -> Any:
    if not isinstance(value, AnyOf):
        return value
    return {"any_of": value.values} | ({"optional": True} if value.optional else {})
