"""The scorers that a case or a suite may choose by name, and what each needs to be expected."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Score
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.case import Case, Expectation, ExpectedCall
from punie_train.evals.code_reading.reading import CodeReading
from punie_train.evals.replies import ParsedTurns
from punie_train.evals.scorers.arguments import score_arguments
from punie_train.evals.scorers.call_exact import score_call_exact
from punie_train.evals.scorers.call_rates import NAMES as RATES
from punie_train.evals.scorers.call_rates import score_call_rates
from punie_train.evals.scorers.call_rule import StringMatch
from punie_train.evals.scorers.calls import score_calls
from punie_train.evals.scorers.code_calls import score_code_calls
from punie_train.evals.scorers.field_access import score_field_access
from punie_train.evals.scorers.hallucinated_tool import score_hallucinated_tool
from punie_train.evals.scorers.irrelevance import score_irrelevance
from punie_train.evals.scorers.keywords import score_keywords
from punie_train.evals.scorers.no_call import score_no_call
from punie_train.evals.scorers.parse_rate import score_parse_rate
from punie_train.evals.scorers.strict_format import score_strict_format
from punie_train.evals.scorers.tool_selection import score_tool_selection
from punie_train.evals.scorers.trajectory import Trajectory, score_trajectory
from punie_train.toolcalls.parsed import WireFormat


class Need(StrEnum):
    """The part of an expectation that a scorer looks at."""

    CALLS = "calls"
    CODE = "code"
    FIELDS = "fields"
    KEYWORDS = "keywords"
    NO_CALL = "no_call"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What a scorer may look at."""

    case: Case
    reply: ParsedTurns
    code: CodeReading
    trained: WireFormat

    @property
    def expected(self) -> tuple[ExpectedCall, ...]:
        """Return the calls that the right answer makes."""
        return self.case.expect.calls

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """Return the calls that were made."""
        return self.reply.tool_calls

    @property
    def tools(self) -> dict[str, ToolSpec]:
        """Return the offered tools by name."""
        return {tool.name: tool for tool in self.case.tools}


Scorer = Callable[[Scored], Score]


def _rate(index: int) -> Scorer:
    return lambda it: score_call_rates(it.expected, it.calls)[index]


def _trajectory(mode: Trajectory) -> Scorer:
    return lambda it: score_trajectory(it.expected, it.calls, mode)


def _normalized(it: Scored) -> Score:
    score = score_call_exact(it.expected, it.calls, it.tools, string_match=StringMatch.NORMALIZED)
    return replace(score, name="call_normalized")


def _keywords(it: Scored) -> Score:
    prompt = "\n".join(message.content for message in it.case.messages)
    return score_keywords(it.case.expect.keywords, it.reply.content, prompt)


SCORERS: Mapping[str, tuple[Need, Scorer]] = {
    "calls": (Need.CALLS, lambda it: score_calls(it.expected, it.calls)),
    "call_exact": (Need.CALLS, lambda it: score_call_exact(it.expected, it.calls, it.tools)),
    "call_normalized": (Need.CALLS, _normalized),
    "tool_selection": (Need.CALLS, lambda it: score_tool_selection(it.expected, it.calls)),
    "arguments": (Need.CALLS, lambda it: score_arguments(it.expected, it.calls)),
    **{name: (Need.CALLS, _rate(index)) for index, name in enumerate(RATES)},
    **{f"trajectory_{mode}": (Need.CALLS, _trajectory(mode)) for mode in Trajectory},
    "code_calls": (Need.CODE, lambda it: score_code_calls(it.case.expect.code, it.code)),
    "field_access": (Need.FIELDS, lambda it: score_field_access(it.case.expect.fields, it.code)),
    "keywords": (Need.KEYWORDS, _keywords),
    "no_call": (Need.NO_CALL, lambda it: score_no_call(it.calls, it.reply.content)),
    "irrelevance": (Need.NO_CALL, lambda it: score_irrelevance(it.calls, it.reply.malformed)),
    "hallucinated_tool": (
        Need.NOTHING,
        lambda it: score_hallucinated_tool(it.calls, it.tools.keys()),
    ),
    "strict_format": (Need.NOTHING, lambda it: score_strict_format(it.reply.calls, it.trained)),
    "parse_rate": (Need.NOTHING, lambda it: score_parse_rate(it.calls, it.reply.malformed)),
}


def need_of(name: str) -> Need:
    """Return the part of an expectation that a scorer looks at."""
    return SCORERS[name][0]


def applies(name: str, expect: Expectation) -> bool:
    """Return whether a scorer has something to look at."""
    need = need_of(name)
    return need is Need.NOTHING or bool(getattr(expect, need))


def chosen_scores(names: Sequence[str], scored: Scored) -> tuple[Score, ...]:
    """Return the score of each scorer, in the order of their names."""
    return tuple(SCORERS[name][1](scored) for name in names)
