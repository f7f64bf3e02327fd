"""Every call parses with the evaluation's parser, in the format that the server delivers (F30)."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from punie_train.checks.measured import Histogram, Measured, Share
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.checks.pre_training.seen_row import SeenRow, meant_call
from punie_train.core.messages import ToolCall
from punie_train.core.tool_specs import ToolSpec
from punie_train.dataset.rules import Rule, Severity
from punie_train.toolcalls.parse import parse
from punie_train.toolcalls.parsed import ParsedReply

MALFORMED = Rule(
    "call-unreadable",
    Severity.ERROR,
    "Correct the call, or remove the row: `punie-train dataset convert` leaves such rows out.",
    "F30",
)
OTHER_FORMAT = Rule(
    "other-call-format",
    Severity.ERROR,
    "Write calls as `tool_calls`, which the model's own template renders; Qwen3-Coder's XML is "
    "written by `punie-train dataset convert --to format-a`.",
    "F30",
)
OTHER_CALL = Rule(
    "call-changed",
    Severity.ERROR,
    "Choose a model whose template keeps the arguments, or simplify them.",
    "F30",
)
NOT_EXACT = Rule(
    "call-not-exact",
    Severity.WARNING,
    "The model learns a spelling that differs from its template's: write calls as `tool_calls`; "
    "Qwen3-Coder's XML is put right by `punie-train dataset convert --to format-a`.",
    "F30",
)
_NAME = re.compile(r'"name"\s{0,20}:\s{0,20}"([^"\s]{1,200})"')
SHOWN = 120
"""Characters of a call that are shown: enough to see what is wrong with most."""


class CallsParse(RowCheck):
    """Calls that the evaluation would not read, or would read as others."""

    name = "calls-parse"
    needs_model = True

    def __init__(self, subject: Subject) -> None:
        """Start with no call."""
        super().__init__(subject)
        self._formats: Counter[str] = Counter()
        self._answers = self._sound = 0

    def take_row(self, row: SeenRow) -> None:
        """Read the answers of a row as an evaluation does."""
        answers = [turn for turn in row.turns if turn.role in ("assistant", "text")]
        for position, (turn, reply) in enumerate(zip(answers, row.replies, strict=True), start=1):
            if row.unread[position - 1] and not (reply and reply.malformed):
                self._answers += 1
                shown = meant_call(turn.text)[:SHOWN]
                why = _why_unread(turn.text, row.read_with)
                self.in_row(MALFORMED, row, f"answer {position}: {why}: {shown!r}")
                continue
            if reply is None or not (turn.calls or reply.calls or reply.malformed):
                continue
            self._answers += 1
            before = self._formats.total()
            self._formats.update(str(found.format) for found in reply.calls)
            sound = self._judge(row, f"answer {position}", turn.calls, reply)
            self._sound += sound and self._formats.total() > before

    def measured(self) -> Iterator[Measured]:
        """Yield the calls by format."""
        yield Share("answers whose calls are read as meant", self._sound, self._answers)
        yield Histogram("calls by format", tuple(self._formats.most_common()))

    def _judge(
        self, row: SeenRow, where: str, calls: Sequence[ToolCall], reply: ParsedReply
    ) -> bool:
        if reply.malformed:
            problem = reply.malformed[0]
            fact = f"{where}: {problem.reason}: {problem.text[:SHOWN]!r}"
            self.in_row(MALFORMED, row, fact)
            return False
        trained = self.model.trained
        for found in reply.calls:
            if found.format is not trained:
                fact = f"{where}: a call in {found.format}, the model's format is {trained}"
                self.in_row(OTHER_FORMAT, row, fact)
                return False
        got = [found.call for found in reply.calls]
        if calls and [call.name for call in got] != [call.name for call in calls]:
            fact = f"{where}: {len(calls)} calls are read as {len(got)} or of other tools"
            self.in_row(OTHER_CALL, row, fact)
            return False
        for call, other in zip(calls, got, strict=False):
            if dict(call.arguments) != dict(other.arguments):
                fact = f"{where}: the arguments of {call.name[:60]!r} are read as others"
                self.in_row(OTHER_CALL, row, fact)
                return False
        if not all(found.strict for found in reply.calls):
            self.in_row(NOT_EXACT, row, f"{where}: the call is not as the template writes it")
        return True


def _why_unread(text: str, tools: Sequence[ToolSpec]) -> str:
    """Return what a parser that knew the tools named in a text would say of it."""
    named = [ToolSpec(name=name, description="", parameters={}) for name in _NAME.findall(text)]
    problems = parse(text, (*tools, *named)).malformed
    return problems[0].reason if problems else "meant as a call, and no call can be read"
