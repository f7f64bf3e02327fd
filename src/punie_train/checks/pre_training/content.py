"""Empty and placeholder contents: a model that was shown them answers with them (F32)."""

import re
from collections.abc import Iterator

from punie_train.checks.measured import Measured, Share
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.checks.pre_training.seen_row import SeenRow, SeenTurn
from punie_train.dataset import rules
from punie_train.dataset.rules import Finding, Rule, Severity

CODES = frozenset(rule.code for rule in (rules.EMPTY_RESULT, rules.EMPTY_CONTENT, rules.EMPTY_TEXT))
PLACEHOLDER = Rule(
    "placeholder-result",
    Severity.ERROR,
    "Write what the tool really returned, or remove the row.",
    "F32",
)
PLACEHOLDER_ANSWER = Rule(
    "placeholder-answer", Severity.ERROR, "Write a real answer, or remove the row.", "F32"
)
EMPTY_SHARE = Rule(
    "empty-results",
    Severity.ERROR,
    "Write what the tools really returned: where most results are empty, none is believed.",
    "F32",
)
MOST_EMPTY = 0.5

_RESULT = re.compile(
    r"(?:^[ \t]*Tool result:|<tool_(response|result)>)\s*(.*?)\s*(?:</tool_\1>|\Z)",
    re.DOTALL | re.MULTILINE,
)
_RESULT_MARKS = ("Tool result:", "<tool_response>", "<tool_result>")
_WORDS = (
    r"(?:tool |command |code )?(?:execution |call |run )?(?:was )?(?:completed?|executed|finished)"
    r"(?: successfully)?"
    r"|(?:tool |function )?(?:result|output|response|content)s?(?: goes)?(?: here)?"
    r"|placeholder|todo|tbd|fixme|(?:insert|your) .{1,40} here|lorem ipsum.*|n/a|xxx+|\.{3}"
    r"|(?:file |tool )?(?:content|output|result)s? (?:omitted|truncated|would (?:be|appear) here)"
    r"|simulated .{1,40}|mock(?:ed)? .{1,40}"
)
_BRACKETED = re.compile(rf"[\[<({{]+\s*(?:{_WORDS})\s*[\])}}>]+\.?", re.IGNORECASE | re.DOTALL)
_BARE = re.compile(r"(?:placeholder|lorem ipsum.*|\.{3})\.?", re.IGNORECASE | re.DOTALL)


class Content(RowCheck):
    """Results and answers that say nothing."""

    name = "content"

    def __init__(self, subject: Subject) -> None:
        """Start with nothing."""
        super().__init__(subject)
        self._results = self._empty = self._placeholders = 0
        self._own = frozenset(text.casefold() for text in subject.limits.placeholders)

    def take_finding(self, finding: Finding) -> None:
        """Keep what is empty."""
        if finding.rule.code in CODES:
            self.keep(finding)

    def take_row(self, row: SeenRow) -> None:
        """Look at results and answers."""
        for position, turn in enumerate(row.turns, start=1):
            for result in results(turn):
                self._results += 1
                self._empty += not result
                if not result and turn.role != "tool":
                    self.in_row(rules.EMPTY_RESULT, row, f"message {position}: the result is empty")
                if self._is_placeholder(result):
                    self._placeholders += 1
                    self.in_row(PLACEHOLDER, row, f"message {position}: the result is {result!r}")
            if turn.role == "assistant" and self._is_placeholder(turn.text.strip()):
                fact = f"message {position}: the answer is {turn.text.strip()!r}"
                self.in_row(PLACEHOLDER_ANSWER, row, fact)

    def conclude(self) -> None:
        """Compare the empty results with all."""
        if self._results and self._empty > MOST_EMPTY * self._results:
            self.in_data(EMPTY_SHARE, f"{self._empty} of {self._results} tool results are empty")

    def measured(self) -> Iterator[Measured]:
        """Yield the shares of empty and placeholder results."""
        yield Share("empty tool results", self._empty, self._results)
        yield Share("placeholder tool results", self._placeholders, self._results)

    def _is_placeholder(self, text: str) -> bool:
        if not text or len(text) > 200:
            return False
        return bool(
            text.casefold() in self._own or _BRACKETED.fullmatch(text) or _BARE.fullmatch(text)
        )


def results(turn: SeenTurn) -> Iterator[str]:
    """Yield the results of tools in a turn, stripped: of the role `tool`, or marked in text."""
    if turn.role == "tool":
        yield turn.text.strip()
    elif turn.role == "user" and any(mark in turn.text for mark in _RESULT_MARKS):
        for found in _RESULT.finditer(turn.text):
            yield found[2].strip()
