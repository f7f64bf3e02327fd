"""Arguments as objects: what this model's template makes of a JSON string (F39)."""

from collections.abc import Iterator

from punie_train.checks.measured import Measured, Share, Words
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.checks.pre_training.seen_row import SeenRow
from punie_train.dataset import rules
from punie_train.dataset.call_rules import call_function, calls_of
from punie_train.dataset.example import ExampleFormat
from punie_train.dataset.rules import Finding, Rule, Severity

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
        """Count calls by the type of their arguments."""
        if row.format is not ExampleFormat.MESSAGES or row.value is None:
            return
        messages = row.value["messages"]
        for message in messages if isinstance(messages, list) else ():
            for call in calls_of(message) if isinstance(message, dict) else ():
                if (function := call_function(call)) is not None:
                    self._calls += 1
                    self._objects += isinstance(function.get("arguments"), dict)

    def measured(self) -> Iterator[Measured]:
        """Yield the share of objects, and what the template takes."""
        yield Share("calls with an object as arguments", self._objects, self._calls)
        if model := self.subject.lent.model:
            takes = "takes" if model.takes_text_arguments else "does not take"
            yield Words("template", f"{takes} arguments as a JSON string")
