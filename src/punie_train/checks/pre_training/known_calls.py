"""Calls against the tools that a row offers: slips of a generator (F44)."""

from collections import Counter
from collections.abc import Iterator

from punie_train.checks.measured import Histogram, Measured, Share
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.checks.pre_training.seen_row import SeenRow
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
        """Look at calls in text too, where the row says which tools there are."""
        self._calls.update(row.called)
        if not row.tools:
            return
        self._judged += len(row.called)
        answers = [turn for turn in row.turns if turn.role in ("assistant", "text")]
        for turn, calls in zip(answers, row.calls, strict=True):
            if turn.calls or not calls:
                continue
            known = {tool.name: tool for tool in row.tools}
            for call in calls:
                if call.name not in known:
                    self.in_row(IN_TEXT, row, f"calls {call.name[:60]!r}, which is not in `tools`")
                    continue
                for misfit in _definition(known[call.name]).misfits(call.arguments):
                    self.in_row(IN_TEXT, row, f"call of {call.name[:60]!r}: {misfit.fact}")

    def measured(self) -> Iterator[Measured]:
        """Yield the calls by tool."""
        yield Histogram("calls by tool", tuple(self._calls.most_common()))
        yield Share("calls whose tool is defined in their row", self._judged, self._calls.total())


def _definition(tool: ToolSpec) -> ToolDefinition:
    return tool_definition(to_line(tool.to_openai()))
