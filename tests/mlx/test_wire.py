"""Requests as the server reads them, and its replies as values."""

import json
from typing import Any

import pytest

from punie_train.core.messages import Message, ToolCall
from punie_train.core.sampling import Sampling
from punie_train.core.tool_specs import ToolSpec
from punie_train.mlx.wire import (
    PARSER_OFF,
    BadReplyError,
    read_completion,
    render_call,
    request_body,
)

TOOL = ToolSpec(name="read_file", description="Read.", parameters={"type": "object"})
HELLO = {
    "choices": [{"finish_reason": "stop", "message": {"content": "Hello"}}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 5},
}


def _read(payload: Any, decode: Any = None) -> Any:
    return read_completion(payload, decode=decode, queue_seconds=0.25, generation_seconds=0.5)


def test_plain_request_names_neither_model_nor_seed() -> None:
    """Log-probabilities are always asked for; model, seed, tools and stop words are not there."""
    body = request_body((Message(role="user", content="Hi"),), (), Sampling(max_tokens=7))
    assert body == {
        "messages": [{"role": "user", "content": "Hi"}],
        "temperature": 0.0,
        "max_tokens": 7,
        "logprobs": True,
    }


def test_optional_fields() -> None:
    """What is given is sent; a request without the parser carries its stop word."""
    body = request_body((), (TOOL,), Sampling(top_p=0.5), model="m", seed=1, parse_calls=False)
    assert (body["model"], body["seed"], body["top_p"]) == ("m", 1, 0.5)
    assert body["tools"] == [TOOL.to_openai()]
    assert body["stop"] == [PARSER_OFF]
    assert "<tool_call>".startswith(PARSER_OFF)


def test_results_answer_their_calls() -> None:
    """Calls carry ids, arguments are JSON text, and results refer to the calls in order."""
    calls = (
        ToolCall(name="read_file", arguments={"path": "ä"}),
        ToolCall(name="read_file", arguments={"path": "b"}),
    )
    results = [Message(role="tool", content=text, name="read_file") for text in "AB"]
    again = Message(role="assistant", tool_calls=calls[:1])
    messages = (Message(role="assistant", tool_calls=calls), *results, again, results[0])
    written = request_body(messages, (), Sampling())["messages"]
    ids = [call["id"] for call in written[0]["tool_calls"]]
    assert len(set(ids)) == 2
    assert [entry["tool_call_id"] for entry in written[1:3]] == ids
    assert written[4]["tool_call_id"] == written[3]["tool_calls"][0]["id"] not in ids
    assert written[0]["tool_calls"][0]["function"]["arguments"] == '{"path": "ä"}'
    assert written[1]["name"] == "read_file"


def test_result_without_a_call() -> None:
    """A result that answers nothing still gets an id."""
    (entry,) = request_body((Message(role="tool", content="x"),), (), Sampling())["messages"]
    assert entry["tool_call_id"]


def test_ids_are_decoded() -> None:
    """With an id for every token the text is what was decoded, not what the server made of it."""
    entries = [{"id": 72, "logprob": -1}, {"id": 105, "logprob": -2.5}]
    payload = {
        "choices": [
            {
                "finish_reason": "tool_calls",
                "message": {"content": None},
                "logprobs": {"content": entries},
            }
        ]
    }
    completion = _read(payload, lambda ids: "".join(map(chr, ids)))
    assert (completion.text, completion.content, completion.recovered) == ("Hi", None, True)
    assert (completion.token_ids, completion.logprobs) == ((72, 105), (-1.0, -2.5))
    assert (completion.completion_tokens, completion.prompt_tokens) == (2, 0)
    assert (completion.queue_seconds, completion.generation_seconds) == (0.25, 0.5)


@pytest.mark.parametrize(
    "logprobs",
    [None, {"content": None}, {"content": [{"token": "H", "logprob": -1.0}]}],
    ids=["none", "empty", "without ids"],
)
def test_server_without_ids(logprobs: Any) -> None:
    """Without token ids the text is content and delivered calls, and says it is not recovered."""
    call = {"function": {"name": "read_file", "arguments": '{"path": "a.py"}'}}
    message = {"content": "Sure.", "tool_calls": [call]}
    payload = {
        "choices": [{"finish_reason": "tool_calls", "message": message, "logprobs": logprobs}]
    }
    completion = _read(payload, lambda ids: "never")
    assert not completion.recovered
    assert completion.token_ids == ()
    assert completion.delivered == (ToolCall(name="read_file", arguments={"path": "a.py"}),)
    assert completion.text == "Sure.\n" + render_call(completion.delivered[0])


@pytest.mark.parametrize(
    ("arguments", "delivered"),
    [
        ('{"path": "a"}', True),
        ({"path": "a"}, True),
        ("[1]", False),
        ("{", False),
        (None, False),
        ("[" * 100_000, False),
    ],
    ids=["text", "object", "list", "broken", "missing", "deep"],
)
def test_only_usable_calls_count_as_delivered(arguments: Any, delivered: bool) -> None:
    """A call whose arguments are no JSON object is of no use to an agent."""
    message = {"tool_calls": [{"function": {"name": "f", "arguments": arguments}}]}
    completion = _read({"choices": [{"finish_reason": "tool_calls", "message": message}]})
    assert bool(completion.delivered) is delivered


def test_usage_is_read() -> None:
    """Token counts are the server's."""
    completion = _read(HELLO)
    assert (completion.prompt_tokens, completion.completion_tokens) == (3, 5)
    assert completion.finish_reason == "stop"


@pytest.mark.parametrize(
    "payload",
    [
        [],
        {},
        {"choices": []},
        {"choices": [{"message": {"content": "x"}}]},
        {"choices": [{"finish_reason": "stop", "message": None}]},
        {"choices": [{"finish_reason": "stop", "message": {"content": 3}}]},
        {"choices": [{"finish_reason": "stop", "message": {}, "logprobs": {"content": [{}]}}]},
        {"choices": [{"finish_reason": "stop", "message": {"tool_calls": [{}]}}]},
    ],
    ids=json.dumps,
)
def test_other_replies_are_refused(payload: Any) -> None:
    """What is not a chat completion is not read as one."""
    with pytest.raises(BadReplyError):
        _read(payload)


def test_rendered_call() -> None:
    """Text stands as it is, other values as JSON."""
    call = ToolCall(name="f", arguments={"text": 'a "b"', "count": 2, "flag": True})
    assert render_call(call) == (
        '<tool_call>\n<function=f>\n<parameter=text>\na "b"\n</parameter>\n'
        "<parameter=count>\n2\n</parameter>\n<parameter=flag>\ntrue\n</parameter>\n"
        "</function>\n</tool_call>"
    )
