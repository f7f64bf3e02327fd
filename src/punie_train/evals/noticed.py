"""What a score hides, said by name: results that show a failure of the catalogue."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from punie_train.core.outcomes import Outcome
from punie_train.evals.result import CaseResult
from punie_train.evals.scorers import code_calls

_ACTIVE = re.compile(
    r"<(script|iframe|object|embed)\b|\bon\w{2,20}\s*=\s*[\"']|javascript:|\x1b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Sign:
    shows: Callable[[CaseResult], bool]
    words: str


def noticed(results: Sequence[CaseResult]) -> list[str]:
    """Return a sentence, with a remedy and the id, for each failure that some results show."""
    said = []
    for failure, sign in _SIGNS.items():
        if found := [result for result in results if sign.shows(result)]:
            first = found[0]
            which = f"{len(found)} of {len(results)} replies ({first.case}"
            which += ", ...)" if len(found) > 1 else ")"
            said.append(f"{which} {sign.words} [{failure}]")
    return said


def _unparsed(result: CaseResult) -> bool:
    """The server gave the broken call back as text, after its parser had failed on it."""
    return bool(result.malformed) and any(
        turn.recovered and turn.finish_reason != "tool_calls" for turn in result.replies
    )


def _swallowed(result: CaseResult) -> bool:
    return bool(result.malformed) and any(
        turn.finish_reason == "tool_calls" and not turn.delivered for turn in result.replies
    )


def _undelivered(result: CaseResult) -> bool:
    return result.delivered is False and bool(result.calls) and not result.malformed


def _unread_fields(result: CaseResult) -> bool:
    values = {score.name: score.value for score in result.scores}
    fields = [value for name, value in values.items() if name.startswith("field_access")]
    return values.get(code_calls.NAME) == 1.0 and any(value < 1.0 for value in fields)


def _extra_calls(result: CaseResult) -> bool:
    return bool(result.expected) and len(result.calls) > len(result.expected or ())


def _truncated(result: CaseResult) -> bool:
    return result.outcome is Outcome.TRUNCATED


def _active(result: CaseResult) -> bool:
    return _ACTIVE.search(result.reply) is not None


def _marked(failure: str) -> Callable[[CaseResult], bool]:
    mark = f"[{failure}]"
    return lambda result: any(mark in score.reason for score in result.scores)


_SIGNS = {
    "F08": _Sign(
        _unparsed,
        "hold a call on which the server's parser fails: malformed, and the server lives. Read "
        "them on the transcript page, and train complete calls",
    ),
    "F11": _Sign(
        _swallowed,
        "hold a call that the server swallowed: malformed, not 'no call'. Read the raw text on "
        "the transcript page, and train the format exactly",
    ),
    "F12": _Sign(
        _unread_fields,
        "call the right tool and do not make use of its result: the choice of the tool alone says "
        "little. Train on examples that read the fields",
    ),
    "F13": _Sign(
        _extra_calls,
        "hold more calls than were asked for, which counts against them. Train on examples that "
        "end after the last call",
    ),
    "F16": _Sign(
        _marked("F16"),
        "repeat a keyword of the question, which answers nothing. Read them, or ask for keywords "
        "that the prompt does not hold",
    ),
    "F18": _Sign(
        _marked("F18"),
        "name a field in a comment or a string and do not read it. Train on examples that read it",
    ),
    "F19": _Sign(
        _truncated,
        "were cut off: counted apart as truncated. Raise --eval-max-tokens, or train shorter "
        "replies",
    ),
    "F60": _Sign(
        _active,
        "hold markup or control characters that could act: every view shows them as text. Open "
        "replies only on pages that punie-train wrote",
    ),
    "F64": _Sign(
        _marked("F64"),
        "hold code that reaches for files, processes or the network: it ran in the sandbox only "
        "and got nothing. Never run it by hand, and train on the tools that are offered",
    ),
    "F67": _Sign(
        _undelivered,
        "hold calls that can be read here and that the server did not hand over: an agent would "
        "get none. Train the format of the chat template; punie-train diagnose shows both",
    ),
}
