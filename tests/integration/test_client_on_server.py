"""The client against the real server: what the model wrote, and what was delivered."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from punie_train.core.completions import Exchange
from punie_train.core.messages import Message, ToolCall
from punie_train.core.outcomes import Outcome
from punie_train.core.sampling import Sampling
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.case import Case, Expectation, ExpectedCall
from punie_train.evals.scoring import score_case
from punie_train.mlx.client import ChatClient
from punie_train.mlx.raw_text import token_decoder
from punie_train.mlx.server import ManagedServer
from punie_train.mlx.server_config import ServerConfig
from punie_train.mlx.unanswered import UnansweredError
from punie_train.toolcalls.parsed import WireFormat

READ = ToolSpec(
    name="read_file",
    description="Read a file.",
    parameters={"type": "object", "properties": {"path": {"type": "string"}}},
)
PROMPT = (Message(role="user", content="Show me a.py"),)
DELIVERED = (ToolCall(name="read_file", arguments={"path": "a.py"}),)
XML = """<tool_call>
<function=read_file>
<parameter=path>
a.py
</parameter>
</function>
</tool_call>"""
JSON = '<tool_call>\n{"name": "read_file", "arguments": {"path": "a.py"}}\n</tool_call>'
BAD_JSON = '<tool_call>\n{"name": "read_file", "arguments": {"path": "a.py"\n</tool_call>'
NO_ARGUMENTS = '<tool_call>\n{"name": "read_file", "path": "a.py"}\n</tool_call>'


@asynccontextmanager
async def served(model: Path, log_path: Path) -> AsyncGenerator[ChatClient]:
    """Serve a model and yield a client of it."""
    async with (
        ManagedServer(ServerConfig(model=model), log_path=log_path) as server,
        ChatClient(server.base_url, decode=token_decoder(model)) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("text", "json_calls", "delivered", "finish_reason"),
    [
        pytest.param("Hello there.", False, (), "stop", id="answer"),
        pytest.param(XML, False, DELIVERED, "tool_calls", id="xml call"),
        pytest.param("Sure. " + XML, False, DELIVERED, "tool_calls", id="text and xml call"),
        pytest.param(JSON, True, DELIVERED, "tool_calls", id="json call"),
        pytest.param(JSON, False, (), "tool_calls", id="json call, xml parser: swallowed"),
        pytest.param(XML, True, (), "tool_calls", id="xml call, json parser: swallowed"),
        pytest.param(NO_ARGUMENTS, True, (), "stop", id="call that crashes the parser"),
    ],
)
@pytest.mark.asyncio
async def test_raw_text_is_always_recovered(
    *,
    scripted_model: Callable[..., Path],
    tmp_path: Path,
    text: str,
    json_calls: bool,
    delivered: tuple[ToolCall, ...],
    finish_reason: str,
) -> None:
    """The text is what the model wrote, whatever the server's own parser made of it."""
    async with served(scripted_model(text, json_calls=json_calls), tmp_path / "log") as client:
        reply = await client.complete(PROMPT, (READ,), Sampling())
    assert reply.text == text
    assert reply.recovered
    assert reply.delivered == delivered
    assert reply.finish_reason == finish_reason
    assert len(reply.logprobs) == len(reply.token_ids) == reply.completion_tokens


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        pytest.param(JSON, Outcome.PASSED, id="a whole call"),
        pytest.param(BAD_JSON, Outcome.MALFORMED, id="JSON that is broken"),
        pytest.param(NO_ARGUMENTS, Outcome.MALFORMED, id="no arguments"),
    ],
)
@pytest.mark.asyncio
async def test_what_the_server_drops_is_malformed_and_kept(
    scripted_model: Callable[..., Path], tmp_path: Path, text: str, outcome: Outcome
) -> None:
    """A call that the server swallows is no answer in words: its raw text is in the result."""
    async with served(scripted_model(text, json_calls=True), tmp_path / "log") as client:
        reply = await client.complete(PROMPT, (READ,), Sampling())
    case = Case(
        id="read-it",
        suite="suite",
        category="tool_calling",
        messages=PROMPT,
        tools=(READ,),
        expect=Expectation(calls=(ExpectedCall(name="read_file", arguments={"path": "a.py"}),)),
        path=tmp_path,
        line=1,
        content_hash="0" * 64,
    )
    result = score_case(
        case, Exchange(turns=(reply,)), adapter="base", trained=WireFormat.HERMES_JSON
    )
    assert (result.outcome, result.reply) == (outcome, text)
    assert result.delivered is (outcome is Outcome.PASSED)


@pytest.mark.asyncio
async def test_truncated_reply(scripted_model: Callable[..., Path], tmp_path: Path) -> None:
    """A reply that is cut off says so and is recovered as far as it goes."""
    async with served(scripted_model(XML), tmp_path / "log") as client:
        reply = await client.complete(PROMPT, (READ,), Sampling(max_tokens=5))
    assert reply.finish_reason == "length"
    assert XML.startswith(reply.text)
    assert reply.text


@pytest.mark.slow
@pytest.mark.asyncio
async def test_many_at_once_lose_nothing(
    scripted_model: Callable[..., Path], tmp_path: Path
) -> None:
    """More requests in flight than the listen queue holds all get their reply (F66)."""
    model = scripted_model(XML)
    async with (
        ManagedServer(ServerConfig(model=model), log_path=tmp_path / "log") as server,
        ChatClient(server.base_url, decode=token_decoder(model), max_connections=32) as client,
    ):
        replies = await asyncio.gather(
            *(client.complete(PROMPT, (READ,), Sampling()) for _ in range(96))
        )
    assert {reply.text for reply in replies} == {XML}


@pytest.mark.slow
@pytest.mark.asyncio
async def test_model_is_listed(
    scripted_model: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server lists the directory it serves."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    model = scripted_model("Hello there.")
    async with served(model, tmp_path / "log") as client:
        assert str(model.resolve()) in await client.models()


@pytest.mark.asyncio
async def test_unknown_model_name_is_unanswered(
    scripted_model: Callable[..., Path], tmp_path: Path
) -> None:
    """A name the server does not know is status 404, with what the server said (F03)."""
    async with (
        ManagedServer(
            ServerConfig(model=scripted_model("Hello there.")), log_path=tmp_path / "log"
        ) as server,
        ChatClient(server.base_url, decode=None, model="nobody/nothing") as client,
    ):
        with pytest.raises(UnansweredError) as caught:
            await client.complete(PROMPT, (), Sampling())
    assert (caught.value.kind, caught.value.http_status) == ("status", 404)
    assert caught.value.failure == "F03"
