"""Calls against the tools that a row offers: slips of a generator (F44)."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import takewhile

from punie_train.checks.measured import Histogram, Measured, Share
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.checks.pre_training.seen_row import SeenRow
from punie_train.core.messages import ToolCall
from punie_train.core.tool_specs import ToolSpec
from punie_train.dataset import rules
from punie_train.dataset.json_lines import to_line
from punie_train.dataset.rules import Finding, Rule, Severity
from punie_train.dataset.tool_definitions import ToolDefinition, tool_definition

CODES = frozenset(
    rule.code
    for rule in (
        rules.UNKNOWN_TOOL,
        rules.CALL_WITHOUT_TOOLS,
        rules.ARGUMENT_MISFIT,
        rules.ARGUMENT_OUTSIDE,
    )
)
IN_TEXT = Rule(
    "written-call-misfit",
    Severity.ERROR,
    "Correct the call in the text, or the `tools` of the row.",
    "F44",
)
NOT_OFFERED = Rule(
    "written-call-unknown",
    Severity.WARNING,
    "Add the `tools` of the row, correct the call, or leave the row out: an agent without the tool "
    "cannot answer it.",
    "F44",
)
_NAME = re.compile(r"[A-Za-z_][\w.-]*\w")


class KnownCalls(RowCheck):
    """Calls of tools, or with arguments, that do not exist."""

    name = "calls-fit"

    def __init__(self, subject: Subject) -> None:
        """Start with no call."""
        super().__init__(subject)
        self._calls, self._judged = Counter[str](), 0

    def take_finding(self, finding: Finding) -> None:
        """Keep what is about calls that do not fit."""
        if finding.rule.code in CODES:
            self.keep(finding)

    def take_row(self, row: SeenRow) -> None:
        """Look at calls in text too: of the row's tools, or where it offers none, the agent's."""
        self._calls.update(row.called)
        self._judged += len(row.called) if row.tools else 0
        if not (written := list(_written(row))):
            return
        known = {tool.name: tool for tool in row.read_with}
        told = _told(row)
        rule = IN_TEXT if row.tools else NOT_OFFERED
        facts: dict[str, None] = {}
        for call in written:
            name = repr(call.name[:60])
            if not row.tools and call.name in told:
                continue
            if call.name in known:
                misfits = _definition(known[call.name]).misfits(call.arguments)
                facts |= dict.fromkeys(f"call of {name}: {misfit.fact}" for misfit in misfits)
            elif row.tools:
                facts[f"calls {name}, which is not in `tools`"] = None
            else:
                facts[f"calls {name}; the row offers no tools, and the agent has none so named"] = (
                    None
                )
        for fact in facts:
            self.in_row(rule, row, fact)

    def measured(self) -> Iterator[Measured]:
        """Yield the calls by tool."""
        yield Histogram("calls by tool", tuple(self._calls.most_common()))
        yield Share("calls whose tool is defined in their row", self._judged, self._calls.total())


def _told(row: SeenRow) -> frozenset[str]:
    """Return the words before the first answer: tools that are offered in text are among them."""
    before = takewhile(lambda turn: turn.role in ("system", "user"), row.turns)
    return frozenset(word for turn in before for word in _NAME.findall(turn.text))


def _written(row: SeenRow) -> Iterator[ToolCall]:
    """Yield the calls that stand in text."""
    answers = [turn for turn in row.turns if turn.role in ("assistant", "text")]
    for turn, calls in zip(answers, row.calls, strict=True):
        if not turn.calls:
            yield from calls


def _definition(tool: ToolSpec) -> ToolDefinition:
    return tool_definition(to_line(tool.to_openai()))
