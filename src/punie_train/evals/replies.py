"""The replies of one case, parsed: what the scorers look at."""

from collections.abc import Sequence
from dataclasses import dataclass

from punie_train.core.completions import Completion
from punie_train.core.messages import ToolCall
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.scorers.matching import match_up
from punie_train.evals.scorers.values import same_number_value
from punie_train.toolcalls.parse import parse
from punie_train.toolcalls.parsed import ParsedCall, WireFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedTurns:
    """All calls of a loop, what was meant as a call and lost, and the text of all turns.

    `delivered` and `strict` are as in `CaseResult`.
    """

    calls: tuple[ParsedCall, ...]
    malformed: tuple[str, ...]
    content: str
    text: str
    delivered: bool | None
    strict: bool | None
    format: WireFormat

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """Return the calls without how they were written."""
        return tuple(parsed.call for parsed in self.calls)


def parse_turns(
    turns: Sequence[Completion], tools: Sequence[ToolSpec], trained: WireFormat
) -> ParsedTurns:
    """Return the replies of one case, read from their raw text.

    Where a server hides its raw text, its own calls are taken as they are and nothing is said of
    their format.
    """
    calls: list[ParsedCall] = []
    malformed: list[str] = []
    content: list[str] = []
    handed_over: list[bool] = []
    for turn in turns:
        written = turn.text if turn.recovered else turn.content or ""
        reply = parse(written, tools, trained=trained)
        found = reply.calls
        problems = [f"{item.reason} (character {item.position})" for item in reply.malformed]
        if not turn.recovered or not (found or problems):
            found = (*_of_server(turn, tools), *found)
            if not (found or problems) and turn.finish_reason == "tool_calls":
                problems = ["the server reports a call and hands over none"]
        if turn.recovered and (found or problems):
            handed_over.append(not problems and _all_delivered(found, turn.delivered))
        calls += found
        malformed += problems
        content.append(reply.content)
    hidden = any(not turn.recovered for turn in turns)
    return ParsedTurns(
        calls=tuple(calls),
        malformed=tuple(malformed),
        content="\n\n".join(part for part in content if part),
        text="\n\n".join(turn.text for turn in turns),
        delivered=None if hidden or not handed_over else all(handed_over),
        strict=_strict(calls, malformed, hidden=hidden),
        format=_format(calls),
    )


def _of_server(turn: Completion, tools: Sequence[ToolSpec]) -> tuple[ParsedCall, ...]:
    names = {tool.name for tool in tools}
    return tuple(
        ParsedCall(
            call=call,
            format=WireFormat.NONE,
            strict=not turn.recovered,
            known=call.name in names,
        )
        for call in turn.delivered
    )


def _all_delivered(calls: Sequence[ParsedCall], delivered: Sequence[ToolCall]) -> bool:
    matched = match_up([parsed.call for parsed in calls], delivered, _same)
    return None not in matched


def _same(read: ToolCall, handed_over: ToolCall) -> bool:
    return read.name == handed_over.name and same_number_value(
        read.arguments, handed_over.arguments
    )


def _strict(calls: Sequence[ParsedCall], malformed: Sequence[str], *, hidden: bool) -> bool | None:
    if hidden or not (calls or malformed):
        return None
    return not malformed and all(parsed.strict for parsed in calls)


def _format(calls: Sequence[ParsedCall]) -> WireFormat:
    loose = (parsed.format for parsed in calls if not parsed.strict)
    return next(loose, calls[0].format if calls else WireFormat.NONE)
