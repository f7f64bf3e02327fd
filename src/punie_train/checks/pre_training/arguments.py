"""Arguments as objects: what this model's template makes of a JSON string (F39)."""

import re
from collections.abc import Iterator

from punie_train.checks.measured import Measured, Share, Words
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.checks.pre_training.seen_row import SeenRow
from punie_train.dataset import rules
from punie_train.dataset.call_rules import call_function, calls_of
from punie_train.dataset.example import ExampleFormat
from punie_train.dataset.rules import Finding, Rule, Severity
from punie_train.toolcalls.parsed import ParsedCall, WireFormat

CODES = frozenset(
    rule.code
    for rule in (rules.ARGUMENTS_AS_TEXT, rules.DOUBLE_ENCODED, rules.ARGUMENTS_NOT_OBJECT)
)
TEXT_FOR_TEMPLATE = Rule(
    "arguments-as-text",
    Severity.ERROR,
    "Write an object: this model's template crashes on a JSON string or encodes it twice.",
    "F39",
)
WRITTEN_AS_TEXT = Rule(
    "written-arguments-as-text",
    Severity.ERROR,
    "Write an object: a server hands such arguments over as text in text, or not at all.",
    "F39",
)
_AS_TEXT = re.compile(
    r'"name"\s{0,20}:\s{0,20}"([^"\s]{1,200})"\s{0,20},\s{0,20}"(?:arguments|parameters)"\s{0,20}:'
    r"\s{0,20}[\"']"
)
"""A call in JSON that has a string where its arguments should be."""


class ArgumentsAsObjects(RowCheck):
    """Arguments that are no objects."""

    name = "arguments-objects"
    uses_model = True

    def __init__(self, subject: Subject) -> None:
        """Start with no call."""
        super().__init__(subject)
        self._calls = self._objects = 0

    def take_finding(self, finding: Finding) -> None:
        """Keep what is about arguments; text is an error where the template cannot take it."""
        if finding.rule.code not in CODES:
            return
        model = self.subject.lent.model
        if finding.rule is rules.ARGUMENTS_AS_TEXT and model and not model.takes_text_arguments:
            self.found(TEXT_FOR_TEMPLATE, finding.path, finding.line, finding.fact)
        else:
            self.keep(finding)

    def take_row(self, row: SeenRow) -> None:
        """Count calls by the type of their arguments; look at JSON calls in text too."""
        self._look_at_text(row)
        if row.format is not ExampleFormat.MESSAGES or row.value is None:
            return
        messages = row.value["messages"]
        for message in messages if isinstance(messages, list) else ():
            for call in calls_of(message) if isinstance(message, dict) else ():
                if (function := call_function(call)) is not None:
                    self._calls += 1
                    self._objects += isinstance(function.get("arguments"), dict)

    def _look_at_text(self, row: SeenRow) -> None:
        answers = [turn for turn in row.turns if turn.role in ("assistant", "text")]
        for position, turn in enumerate(answers, start=1):
            if turn.calls or not (named := _AS_TEXT.search(turn.text)):
                continue
            reply = row.replies[position - 1]
            if row.unread[position - 1] or (reply and any(map(_is_json, reply.calls))):
                fact = f"answer {position}: the arguments of {named[1][:60]!r} are a string"
                self.in_row(WRITTEN_AS_TEXT, row, fact)

    def measured(self) -> Iterator[Measured]:
        """Yield the share of objects, and what the template takes."""
        yield Share("calls with an object as arguments", self._objects, self._calls)
        if model := self.subject.lent.model:
            takes = "takes" if model.takes_text_arguments else "does not take"
            yield Words("template", f"{takes} arguments as a JSON string")


def _is_json(found: ParsedCall) -> bool:
    return found.format not in (WireFormat.QWEN3_CODER_XML, WireFormat.BARE_CODE)
