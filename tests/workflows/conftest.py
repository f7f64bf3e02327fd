"""Cases, replies and identities for the tests of what is kept."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from punie_train.core.completions import Completion, Exchange
from punie_train.core.messages import Message, ToolCall
from punie_train.evals.case import Case, Expectation
from punie_train.evals.case_hash import request_hash
from punie_train.workflows.identity import Identity


def exchange(text: str = "Hello", **changes: Any) -> Exchange:
    """Return one reply that holds a bit of everything."""
    fields: dict[str, Any] = {
        "text": text,
        "content": None,
        "delivered": (ToolCall(name="read_file", arguments={"path": "a\u2028b.py", "n": [1]}),),
        "finish_reason": "stop",
        "prompt_tokens": 3,
        "completion_tokens": 2,
        "queue_seconds": 0.1,
        "generation_seconds": 0.2,
    }
    return Exchange(turns=(Completion(**(fields | changes)),))


def case(name: str, prompt: str = "Hello") -> Case:
    """Return a case with one prompt."""
    messages = (Message(role="user", content=prompt),)
    return Case(
        id=name,
        suite="demo",
        category="general",
        messages=messages,
        tools=(),
        expect=Expectation(no_call=True),
        path=Path("cases.yaml"),
        line=1,
        content_hash="",
        request_hash=request_hash(messages, (), {}, 1),
    )


def identity(**changes: Any) -> Identity:
    """Return who answers."""
    fields: dict[str, Any] = {
        "base": "b" * 64,
        "adapter": "a" * 64,
        "template": "t" * 64,
        "companions": "c" * 64,
        "options": (),
        "versions": ("mlx-lm 0.32.2",),
        "sampling": (("max_tokens", 512), ("temperature", 0.0)),
    }
    return Identity(**(fields | changes))


@pytest.fixture
def make_exchange() -> Callable[..., Exchange]:
    """Return the function that makes a reply."""
    return exchange


@pytest.fixture
def make_case() -> Callable[..., Case]:
    """Return the function that makes a case."""
    return case


@pytest.fixture
def make_identity() -> Callable[..., Identity]:
    """Return the function that says who answers."""
    return identity
