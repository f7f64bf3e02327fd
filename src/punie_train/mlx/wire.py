"""Messages to the body of a chat request, and the server's JSON back to a completion. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from punie_train.core.completions import Completion
from punie_train.core.messages import Message, ToolCall
from punie_train.core.sampling import Sampling
from punie_train.core.tool_specs import ToolSpec
from punie_train.mlx.raw_text import Decode

PARSER_OFF = "<tool_cal"
"""A stop word that makes mlx-lm leave tool calls as text.

Its text state machine strips stop words wherever they occur, and this one ends before the marker
`<tool_call>` does, so the state `tool` is never entered and no parser runs. Generation goes on:
stopping is decided on token ids, and a tokenizer writes this cut-off word with other tokens than
the marker.
"""


class BadReplyError(ValueError):
    """The server's JSON is not a chat completion."""


def request_body(
    messages: Sequence[Message],
    tools: Sequence[ToolSpec],
    sampling: Sampling,
    *,
    model: str | None = None,
    seed: int | None = None,
    parse_calls: bool = True,
) -> dict[str, Any]:
    """Return the body of a chat request.

    Without `model` and `seed` the body names none: a named model is served without its adapter, a
    seed turns batching off. With `parse_calls` False mlx-lm does not parse the reply's tool calls.
    """
    body: dict[str, Any] = {"messages": _messages(messages), **sampling.to_request()}
    body["logprobs"] = True
    if tools:
        body["tools"] = [tool.to_openai() for tool in tools]
    if model is not None:
        body["model"] = model
    if seed is not None:
        body["seed"] = seed
    if not parse_calls:
        body["stop"] = [PARSER_OFF]
    return body


def _messages(messages: Sequence[Message]) -> list[dict[str, Any]]:
    made = 0
    waiting: list[str] = []
    written = []
    for message in messages:
        entry: dict[str, Any] = {"role": message.role, "content": message.content}
        if message.tool_calls:
            ids = [f"call_{made + index}" for index in range(len(message.tool_calls))]
            made += len(ids)
            waiting = list(ids)
            entry["tool_calls"] = [
                {
                    "id": identity,
                    "type": "function",
                    "function": {
                        "name": call.name,
                        "arguments": json.dumps(dict(call.arguments), ensure_ascii=False),
                    },
                }
                for identity, call in zip(ids, message.tool_calls, strict=True)
            ]
        if message.role == "tool":
            entry["tool_call_id"] = waiting.pop(0) if waiting else "call_0"
        if message.name is not None:
            entry["name"] = message.name
        written.append(entry)
    return written


def read_completion(
    payload: Any,
    *,
    decode: Decode | None,
    queue_seconds: float,
    generation_seconds: float,
) -> Completion:
    """Return the completion in a chat response; raises BadReplyError when there is none.

    The text is decoded from token ids. A server that sends none (`recovered` is then False) gives
    its content, followed by the calls it delivered, written as Qwen3-Coder XML.
    """
    try:
        choice = payload["choices"][0]
        message = choice["message"]
        content = message.get("content")
        finish_reason = str(choice["finish_reason"])
        delivered = tuple(_delivered(message.get("tool_calls") or ()))
        entries = (choice.get("logprobs") or {}).get("content") or ()
        ids = tuple(entry["id"] for entry in entries if isinstance(entry.get("id"), int))
        logprobs = tuple(float(entry["logprob"]) for entry in entries)
        usage = payload.get("usage") or {}
        prompt_tokens = int(usage.get("prompt_tokens", 0))
        completion_tokens = int(usage.get("completion_tokens", len(entries)))
    except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
        raise BadReplyError(f"{type(error).__name__}: {error}") from error
    if content is not None and not isinstance(content, str):
        raise BadReplyError("content is not text")
    recovered = decode is not None and bool(entries) and len(ids) == len(entries)
    if recovered and decode is not None:
        text = decode(ids)
    else:
        text = "\n".join(part for part in (content, *map(render_call, delivered)) if part)
    return Completion(
        text=text,
        content=content,
        delivered=delivered,
        finish_reason=finish_reason,
        prompt_tokens=prompt_tokens,
        completion_tokens=completion_tokens,
        queue_seconds=queue_seconds,
        generation_seconds=generation_seconds,
        recovered=recovered,
        token_ids=ids if recovered else (),
        logprobs=logprobs,
    )


def _delivered(calls: Iterable[Mapping[str, Any]]) -> Iterable[ToolCall]:
    """Yield the calls an agent could use: those whose arguments are a JSON object."""
    for call in calls:
        function = call["function"]
        arguments = function.get("arguments")
        if isinstance(arguments, str):
            try:
                arguments = json.loads(arguments)
            except (ValueError, RecursionError):
                continue
        if isinstance(arguments, dict):
            yield ToolCall(name=str(function["name"]), arguments=arguments)


def render_call(call: ToolCall) -> str:
    """Return a call as Qwen3-Coder XML; values that are not text are written as JSON."""
    lines = ["<tool_call>", f"<function={call.name}>"]
    for name, value in call.arguments.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        lines += [f"<parameter={name}>", text, "</parameter>"]
    return "\n".join([*lines, "</function>", "</tool_call>"])
