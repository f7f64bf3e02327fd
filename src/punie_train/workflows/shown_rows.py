"""Rows of training data, shown to trainer, server and the evaluation's parser."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from punie_train.checks.runtime.agreement import Rows, ShownRow
from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.messages import Message, ToolCall
from punie_train.core.tool_specs import ToolSpec
from punie_train.dataset.chatml_rows import exact_turns
from punie_train.dataset.conversions import NotConvertedError
from punie_train.dataset.example import Example, ExampleFormat, read_example
from punie_train.dataset.inputs import open_dataset
from punie_train.dataset.lines import read_lines
from punie_train.dataset.structure import check_structure
from punie_train.dataset.taught_turns import TaughtTurn, taught_turn
from punie_train.evals.scorers.matching import match_up
from punie_train.evals.scorers.values import same_number_value
from punie_train.mlx.served_rows import RowToServe, ServedRow, serve_rows
from punie_train.mlx.server_parser import server_parser
from punie_train.toolcalls.parse import parse
from punie_train.toolcalls.parsed import WireFormat

IN_TEMPLATE = "template"
NO_CALL = "none"
_ROLES: Mapping[str, Any] = {name: name for name in ("system", "user", "assistant", "tool")}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taught:
    """One answer, the row up to it as the trainer reads it, and how its calls are written."""

    turn: TaughtTurn
    row: Mapping[str, Any]
    kind: str


def shown_rows(
    data: Path,
    model: Path,
    trained: WireFormat,
    *,
    count: int,
    server_options: Mapping[str, Any],
) -> Rows | str:
    """Return up to `count` answers of the training split, evenly spread over each format of calls.

    Each assistant turn counts, as a row up to it. Returns text where no row names its turns. Raises
    DatasetError for a row that no trainer reads, ArtifactError for a tokenizer that cannot be
    loaded.
    """
    chosen = _chosen(data, count)
    if not chosen:
        return f"no row of {data} names its turns, so there is no prompt to compare"
    serving = serve_rows(
        model,
        [RowToServe(row=each.row, given=each.turn.given) for each in chosen],
        template_args=server_options.get("chat_template_args") or {},
        template=server_options.get("chat_template"),
    )
    parser = server_parser(model)
    return Rows(
        data=data.name,
        rows=tuple(
            _shown(each, served, trained) for each, served in zip(chosen, serving.rows, strict=True)
        ),
        parser=f"{parser.name} ({parser.format or 'its own format'})" if parser else None,
        marks=serving.marks,
    )


def _chosen(data: Path, count: int) -> list[_Taught]:
    kinds: dict[str, list[int]] = {}
    for index, taught in _taught(data):
        kinds.setdefault(taught.kind, []).append(index)
    share = max(1, count // max(1, len(kinds)))
    wanted = {index for places in kinds.values() for index in _spread(places, share)}
    return [taught for index, taught in _taught(data) if index in wanted]


def _spread(places: Sequence[int], count: int) -> Sequence[int]:
    number = min(count, len(places))
    return [places[index * len(places) // number] for index in range(number)]


def _taught(data: Path) -> Iterator[tuple[int, _Taught]]:
    train = open_dataset(data).splits[0]
    index = 0
    for line in read_lines(train.path):
        example = read_example(line)
        check_structure(example)
        for turn, row in _turns(example):
            yield index, _Taught(turn=turn, row=row, kind=_kind(turn))
            index += 1


def _turns(example: Example) -> Iterator[tuple[TaughtTurn, Mapping[str, Any]]]:
    """Yield every answer of a row, calls before the last one among them, and the row up to it."""
    if example.format is ExampleFormat.TEXT:
        yield from _text_turns(example)
        return
    messages = example.value.get("messages", ())
    ends = [at for at, each in enumerate(messages, 1) if each["role"] == "assistant"]
    rows = [{**example.value, "messages": messages[:end]} for end in ends]
    for row in rows or [example.value]:
        if (turn := taught_turn(replace(example, value=row))) is not None:
            yield turn, row


def _text_turns(example: Example) -> Iterator[tuple[TaughtTurn, Mapping[str, Any]]]:
    text = example.value["text"]
    try:
        turns = exact_turns(text)
    except NotConvertedError:
        return
    said = [Message(role=_ROLES[turn[1]], content=turn[2]) for turn in turns]
    for at, turn in enumerate(turns):
        if at and said[at].role == "assistant":
            taught = TaughtTurn(
                given=tuple(said[:at]),
                tools=AGENT_TOOLS,
                text=said[at].content,
                calls=(),
                path=example.path,
                line=example.line,
            )
            yield taught, {**example.value, "text": text[: turn.end()]}


def _kind(turn: TaughtTurn) -> str:
    if turn.calls:
        return IN_TEMPLATE
    reply = parse(turn.text, _tools(turn))
    if reply.malformed:
        return "malformed"
    return str(reply.calls[0].format) if reply.calls else NO_CALL


def _tools(turn: TaughtTurn) -> tuple[ToolSpec, ...]:
    return turn.tools or AGENT_TOOLS


def _shown(taught: _Taught, served: ServedRow, trained: WireFormat) -> ShownRow:
    turn = taught.turn
    place = f"{turn.path.name}:{turn.line}"
    if served.error is not None:
        return ShownRow(place=place, fault=f"the chat template fails ({served.error})")
    before, after = (
        parse(turn.text, _tools(turn)),
        parse(served.text, _tools(turn), trained=trained),
    )
    calls = (*(each.call for each in before.calls), *turn.calls)
    found = [each.call for each in after.calls]
    meant = calls or (ToolCall(name="?", arguments={}),) * bool(before.malformed)
    return ShownRow(
        place=place,
        taught=meant,
        format=str(after.calls[0].format) if after.calls else taught.kind,
        read=not after.malformed and len(found) == len(meant) and _all_in(meant, found),
        delivered=_all_in(meant, served.delivered),
        crash=served.crash,
        serving=served.serving,
        shared=served.shared,
        pieces=(served.trained_piece, served.served_piece),
        ends=served.ends,
    )


def _all_in(wanted: Sequence[ToolCall], found: Sequence[ToolCall]) -> bool:
    return None not in match_up(wanted, found, _same)


def _same(wanted: ToolCall, found: ToolCall) -> bool:
    return wanted.name == found.name and same_number_value(wanted.arguments, found.arguments)
