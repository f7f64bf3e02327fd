"""Score stored calls again: one row with tools, expected calls and the calls that were made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Score
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.case import AnyOf, ExpectedCall
from punie_train.evals.scorers.arguments import score_arguments
from punie_train.evals.scorers.call_exact import score_call_exact
from punie_train.evals.scorers.call_rates import score_call_rates
from punie_train.evals.scorers.call_rule import StringMatch, problems
from punie_train.evals.scorers.hallucinated_tool import score_hallucinated_tool
from punie_train.evals.scorers.irrelevance import score_irrelevance
from punie_train.evals.scorers.tool_selection import score_tool_selection
from punie_train.toolcalls.openai_tools import UnreadableToolsError, tools_from_openai

_ANY_OF = {"any_of", "optional"}


class UnreadableRowError(ValueError):
    """A row that cannot be scored; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCalls:
    """One row, read."""

    tools: Mapping[str, ToolSpec]
    expected: tuple[ExpectedCall, ...]
    calls: tuple[ToolCall, ...]


def read_stored_calls(row: Mapping[str, Any]) -> StoredCalls:
    """Return the row of `score --jsonl`; raises `UnreadableRowError`."""
    for key in ("expected", "calls"):
        if not isinstance(row.get(key), list):
            raise UnreadableRowError(f"'{key}' is not a list of calls")
    try:
        tools = tools_from_openai(row.get("tools"))
    except UnreadableToolsError as error:
        raise UnreadableRowError(str(error)) from None
    return StoredCalls(
        tools={tool.name: tool for tool in tools},
        expected=tuple(
            ExpectedCall(
                name=name, arguments={key: _expected(value) for key, value in arguments.items()}
            )
            for name, arguments in (_call(entry, "expected") for entry in row["expected"])
        ),
        calls=tuple(
            ToolCall(name=name, arguments=arguments)
            for name, arguments in (_call(entry, "calls") for entry in row["calls"])
        ),
    )


def score_stored_calls(
    row: StoredCalls, *, string_match: StringMatch, ordered: bool
) -> tuple[Score, ...]:
    """Return the scores of a row; the first decides whether it passes."""

    def same(wanted: ExpectedCall, call: ToolCall) -> bool:
        return not problems(wanted, call, row.tools, string_match)

    expected, calls = row.expected, row.calls
    exact = score_call_exact(expected, calls, row.tools, string_match=string_match, ordered=ordered)
    scores = [
        exact,
        score_tool_selection(expected, calls),
        score_arguments(expected, calls, same=same),
        *score_call_rates(expected, calls, same=same),
    ]
    if not expected:
        scores.append(score_irrelevance(calls))
    if row.tools:
        scores.append(score_hallucinated_tool(calls, row.tools.keys()))
    return tuple(scores)


def _call(entry: Any, where: str) -> tuple[str, Mapping[str, Any]]:
    name = entry.get("name") if isinstance(entry, Mapping) else None
    if not isinstance(name, str):
        raise UnreadableRowError(f"an entry of '{where}' has no name")
    arguments = entry.get("arguments")
    arguments = {} if arguments is None else arguments
    if not isinstance(arguments, Mapping):
        raise UnreadableRowError(f"the arguments of {name} in '{where}' are not an object")
    return name, arguments


def _expected(value: Any) -> Any:
    match value:
        case {"any_of": list() as choices} if value.keys() <= _ANY_OF:
            values = tuple(_expected(choice) for choice in choices)
            return AnyOf(values=values, optional=value.get("optional") is True)
        case dict():
            return {key: _expected(item) for key, item in value.items()}
        case list():
            return [_expected(item) for item in value]
    return value
