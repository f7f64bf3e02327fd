"""Would an agent get the calls that a model writes? The server's parser reads one format (F67)."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.errors import ArtifactError
from punie_train.core.messages import Message
from punie_train.core.sampling import Sampling
from punie_train.core.tool_specs import ToolSpec
from punie_train.dataset.errors import DatasetError
from punie_train.dataset.taught_turns import TaughtTurn
from punie_train.evals.diagnosis import taught_format
from punie_train.evals.replies import parse_turns
from punie_train.mlx.attestation import Completer
from punie_train.mlx.server_parser import ServerParser, server_parser
from punie_train.toolcalls.parsed import WireFormat
from punie_train.workflows.candidates import Candidate
from punie_train.workflows.taught_data import taught_turns

ROWS = 200
"""How many rows of the training data are looked at."""

TOKENS = 256
PROMPTS = (
    "Read README.md.",
    "Run `git status`.",
    "Write `x = 1` to settings.py.",
    "Read src/app.py.",
)
"""What is asked where the data does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A conversation that asks for a call, and the tools that are offered."""

    given: tuple[Message, ...]
    tools: tuple[ToolSpec, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How many questions were asked, answered with a call, and had all calls handed over."""

    asked: int
    written: int
    delivered: int
    formats: tuple[WireFormat, ...]


def questions_of(data: Path | None) -> tuple[tuple[Question, ...], WireFormat | None]:
    """Return what to ask, and the format of calls that the data writes out as text.

    The format is None where the data is gone or unreadable, or leaves the writing to the template.
    """
    turns: list[TaughtTurn] = []
    if data is not None:
        with suppress(DatasetError):
            turns = list(islice(taught_turns(data), ROWS))
    spelled = [turn for turn in turns if not turn.calls and _written(turn)]
    calling = [turn for turn in turns if turn.calls] + spelled
    step = max(1, len(calling) // len(PROMPTS))
    own = [Question(given=each.given, tools=each.tools) for each in calling[::step]]
    made = [
        Question(given=(Message(role="user", content=text),), tools=AGENT_TOOLS) for text in PROMPTS
    ]
    taught = _written(spelled[0]) if len(spelled) * 2 > len(calling) else None
    return tuple((own or made)[: len(PROMPTS)]), taught


def _written(turn: TaughtTurn) -> WireFormat | None:
    return taught_format([turn.text], turn.tools)


def refuse_taught(candidate: Candidate, taught: WireFormat | None) -> None:
    """Raise ArtifactError when the adapter was taught a format that the server does not read."""
    parser = server_parser(candidate.model)
    if taught is None or (parser is not None and parser.format in (taught, None)):
        return
    raise ArtifactError(
        f"{candidate.name} was trained to write {taught} calls, and {_reads(parser)}",
        "an agent would get no call, though the model writes them",
        "Convert the data to the format of the model's chat template and train again, or take a "
        "base whose template teaches the format",
        failure="F67",
    )


async def probe(model: Completer, candidate: Candidate, questions: Sequence[Question]) -> Delivery:
    """Ask, and count the calls that were written and handed over.

    A reply that was cut off, or that holds broken calls, says nothing of the server. Raises
    RequestError without a reply, and ArtifactError when calls are written and none is handed over.
    """
    found: list[tuple[bool, WireFormat]] = []
    for question in questions:
        reply = await model.complete(question.given, question.tools, Sampling(max_tokens=TOKENS))
        turns = parse_turns((reply,), question.tools, candidate.trained)
        if turns.calls and not turns.malformed and reply.finish_reason != "length":
            found.append((turns.delivered is not False, turns.format))
    seen = Delivery(
        asked=len(questions),
        written=len(found),
        delivered=sum(delivered for delivered, _ in found),
        formats=tuple(dict.fromkeys(wire for _, wire in found)),
    )
    if seen.written * 2 >= seen.asked and seen.written and not seen.delivered:
        raise ArtifactError(
            f"{candidate.name} wrote calls in {seen.written} of {seen.asked} replies "
            f"({', '.join(seen.formats)}), and the server handed over none: "
            f"{_reads(server_parser(candidate.model))}",
            "an agent would get no call, though the model writes them",
            "See the raw replies with punie-train diagnose; train the format of the model's chat "
            "template, or take a base whose template teaches this one",
            failure="F67",
        )
    return seen


def _reads(parser: ServerParser | None) -> str:
    if parser is None:
        return "its chat template gives the server no parser for calls"
    return f"its chat template makes the server read {parser.format or parser.name}"
