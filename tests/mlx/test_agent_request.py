"""Whatever an agent asks for, the request that mlx-lm sees asks for what is served."""

import json
from typing import Any

import pytest

from punie_train.mlx.agent_request import UnreadableRequestError, for_served_weights

MESSAGES = [{"role": "user", "content": "Hi \U0001f642 \u2028 \ud800"}]


@pytest.mark.parametrize(
    "chooses",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"model": "gpt-4"}, id="another name"),
        pytest.param({"model": "default_model"}, id="its own name"),
        pytest.param({"model": None}, id="null"),
        pytest.param({"model": 7}, id="no text"),
        pytest.param({"model": "m", "adapters": "/else", "draft_model": "d"}, id="other weights"),
    ],
)
def test_request_asks_for_what_is_served(chooses: dict[str, Any]) -> None:
    """One name, and no other field that could choose weights."""
    body = json.dumps({"messages": MESSAGES, **chooses}).encode()
    assert json.loads(for_served_weights(body)) == {"messages": MESSAGES, "model": "default_model"}


def test_all_else_stays() -> None:
    """Values of any kind come through; a null, which mlx-lm refuses, means the default."""
    asked = {
        "model": "x",
        "temperature": 0.1,
        "seed": 2**60,
        "stream": True,
        "stop": None,
        "tools": [{"type": "function", "function": {"name": "f", "strict": None}}],
    }
    kept = {name: value for name, value in asked.items() if name != "stop"}
    sent = json.loads(for_served_weights(json.dumps(asked).encode()))
    assert sent == {**kept, "model": "default_model"}


def test_a_name_given_twice_is_given_once() -> None:
    """The last one would count, and it is replaced too."""
    sent = for_served_weights(b'{"model": "default_model", "model": "/base"}')
    assert json.loads(sent) == {"model": "default_model"}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"model": "\xff"}', b"[1]", b'"text"', b"[" * 100_000],
    ids=["empty", "cut", "no UTF-8", "list", "text", "deep"],
)
def test_what_cannot_be_read_is_not_passed_on(body: bytes) -> None:
    """Nobody could tell which weights it asks for."""
    with pytest.raises(UnreadableRequestError):
        for_served_weights(body)
