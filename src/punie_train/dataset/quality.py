"""Rules on the quality of chat and code; published rules for web pages remove most good chats.

Each rule takes a row's turns and says why the row is poor, or None. They judge what is learnt:
what the assistant says and calls, beside what it was asked.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from punie_train.dataset.prose import FENCED, prose_of, without_code
from punie_train.dataset.row_text import Part, row_parts
from punie_train.dataset.words import words

Rule = Callable[[Sequence[Part]], str | None]


def empty_answer(parts: Sequence[Part]) -> str | None:
    """An answer of the assistant has neither text nor calls, or there is nothing but spaces."""
    answers = _answers(parts)
    if any(not part.text.strip() and not part.calls for part in answers):
        return "empty answer"
    return None if any(part.text.strip() or part.calls for part in parts) else "no text"


def one_word_answer(parts: Sequence[Part]) -> str | None:
    """The last answer is one word, after no tool's result, and nobody asked for so little."""
    answers = _answers(parts)
    if not answers or answers[-1].calls or "```" in answers[-1].text or _is_shown(parts):
        return None
    said = answers[-1].text.split()
    if len(said) != 1 or not ONE_WORD.fullmatch(said[0]) or COURTESY.fullmatch(said[0]):
        return None
    return None if ASKS_FOR_LITTLE.search(_asked(parts)) else "answer of one word"


def empty_tool_result(parts: Sequence[Part]) -> str | None:
    """A tool result is a placeholder (F32); tools may truly return nothing, so empty is fine."""
    results = [part.text for part in parts if part.role == "tool"]
    results += [match[1] for part in parts for match in TOOL_RESPONSE.finditer(part.text)]
    return (
        "tool result is a placeholder"
        if any(STUB_RESULT.fullmatch(result.strip()) for result in results)
        else None
    )


def unclosed_fence(parts: Sequence[Part]) -> str | None:
    """A code fence is opened and never closed: the answer was cut off."""
    for part in _answers(parts):
        rest = FENCED.sub(lambda match: "" if _is_closed(match) else match[0], part.text)
        if re.search(r"^[ \t]*(?:```|~~~)", rest, re.MULTILINE):
            return "code fence is not closed"
    return None


def repeated_lines(parts: Sequence[Part]) -> str | None:
    """One line of three words or more stands four times in a row."""
    for part in _answers(parts):
        lines = [line.strip() for line in part.text.split("\n") if line.strip()]
        run = 1
        for before, line in pairwise(lines):
            run = run + 1 if line == before and len(words(line)) >= 3 else 1
            if run >= MOST_EQUAL_LINES:
                return f"a line stands {MOST_EQUAL_LINES} times in a row"
    return None


def looping_words(parts: Sequence[Part]) -> str | None:
    """The same one to eight words follow each other six times, outside of code."""
    for part in _answers(parts):
        said = words(without_code(part.text))
        if _loops(said):
            return "the same words again and again"
    return None


def echoed_prompt(parts: Sequence[Part]) -> str | None:
    """The last answer is the last question and little else; code is left out.

    Questions that hold data, such as a tool result in the user's name, are there to be repeated.
    """
    answers = _answers(parts)
    if not answers or answers[-1].calls or DATA.search(_asked(parts)):
        return None
    asked, said = words(prose_of(_asked(parts))), words(prose_of(answers[-1].text))
    if len(asked) < SHORTEST_ECHO or len(said) < SHORTEST_ECHO:
        return None
    runs = [{tuple(text[at : at + 3]) for at in range(len(text) - 2)} for text in (asked, said)]
    shared = len(runs[0] & runs[1])
    if shared >= ECHO * len(runs[0]) and shared >= ECHO * len(runs[1]):
        return "answer repeats the question"
    return None


def placeholder_text(parts: Sequence[Part]) -> str | None:
    """Something was left to be filled in, and the question had no such thing in it."""
    asked = "\n".join(part.text for part in parts if part.role in ("user", "system", "tool"))
    for part in _answers(parts):
        said = part.text.strip()
        if said.strip(".").upper() in STUB_ANSWERS or STUB_RESULT.fullmatch(said):
            return "answer is a placeholder"
        said = "\n".join((part.text, *part.calls))
        for name, pattern in PLACEHOLDERS.items():
            if pattern.search(said) and not pattern.search(asked):
                return f"placeholder text: {name}"
    return None


def broken_characters(parts: Sequence[Part]) -> str | None:
    """Characters were lost, or decoded in a wrong encoding."""
    for part in _answers(parts):
        if "\ufffd" in part.text:
            return "lost characters (U+FFFD)"
        if len(MOJIBAKE.findall(part.text)) >= 2:
            return "characters in a wrong encoding"
    return None


RULES: Mapping[str, Rule] = {
    "empty-answer": empty_answer,
    "one-word-answer": one_word_answer,
    "placeholder-result": empty_tool_result,
    "unclosed-fence": unclosed_fence,
    "repeated-lines": repeated_lines,
    "looping-words": looping_words,
    "echoed-prompt": echoed_prompt,
    "placeholder-text": placeholder_text,
    "broken-characters": broken_characters,
}

MOST_EQUAL_LINES = 4
LOOPS = 6
LONGEST_LOOP = 8
SHORTEST_ECHO = 6
ECHO = 0.8
DATA = re.compile(r"<tool_response>|[{\[]\s*['\"]")
ONE_WORD = re.compile(r"[^\W\d_]+[.!?]?")
COURTESY = re.compile(r"(?:hello|hi|hey|welcome|goodbye|bye|thanks|sorry)[.!?]?", re.IGNORECASE)
ASKS_FOR_LITTLE = re.compile(
    r"\b(?:one|single|only|just|exactly|yes|no|true|false|name|which|what is the|capital|word|"
    r"label|classify|choose|reply with|answer with|respond with|output)\b",
    re.IGNORECASE,
)
TOOL_RESPONSE = re.compile(r"<tool_response>([^<]{0,100})</tool_response>")
STUB_RESULT = re.compile(
    r"[\[(<{]?\s*(?:tool execution completed|tool (?:output|result)(?: here)?|placeholder|"
    r"(?:insert )?(?:output|result) here|todo|tbd)\s*[\])>}]?\.?",
    re.IGNORECASE,
)
STUB_ANSWERS = frozenset(
    ("TODO", "TBD", "FIXME", "N/A", "PLACEHOLDER", "XXX", "[ANSWER]", "ANSWER")
)
PLACEHOLDERS: Mapping[str, re.Pattern[str]] = {
    "lorem ipsum": re.compile(r"\blorem ipsum\b", re.IGNORECASE),
    "to do": re.compile(
        r"\b(?:TODO|FIXME)\b\W{0,3}(?:implement|add|fill|write|complete|your|finish|replace|insert)"
        r"|^[ \t]*(?:#|//)[ \t]*(?:TODO|FIXME)[ \t:.]*$",
        re.MULTILINE | re.IGNORECASE,
    ),
    "your code here": re.compile(
        r"(?:#|//|<|\[|\()\s*(?:add |put |write |insert )?your (?:code|implementation|logic|answer|"
        r"text)(?: goes)? here",
        re.IGNORECASE,
    ),
    "rest of the code": re.compile(
        r"(?:#|//|\.\.\.|/\*)\s*(?:\.\.\.)?\s*(?:the )?(?:rest of (?:the|your)|existing|remaining) "
        r"(?:code|file|function|class|implementation)",
        re.IGNORECASE,
    ),
    "a field to fill in": re.compile(
        r"\[(?:insert|your|add|fill in|placeholder)\b[^\]\n]{0,40}\](?!\()", re.IGNORECASE
    ),
}
MOJIBAKE = re.compile(
    r"Ã[\u0080-\u00bf]|â€[\u0080-\u2122]|Â[\u00a0-\u00bf]|ï»¿|â\u0080[\u0090-\u00af]"
)


def quality_reason(row: Mapping[str, Any]) -> str | None:
    """Say which rule a row breaks first, as `name: reason`; None for a row that breaks none."""
    parts = row_parts(row)
    for name, rule in RULES.items():
        if (reason := rule(parts)) is not None:
            return f"{name}: {reason}"
    return None


def _answers(parts: Sequence[Part]) -> list[Part]:
    return [part for part in parts if part.role == "assistant"]


def _asked(parts: Sequence[Part]) -> str:
    asked = [part.text for part in parts if part.role == "user"]
    return asked[-1] if asked else ""


def _is_shown(parts: Sequence[Part]) -> bool:
    """Say whether the last answer follows the result of a tool."""
    before = parts[-2] if len(parts) > 1 else None
    return before is not None and (before.role == "tool" or "<tool_response>" in before.text)


def _is_closed(fenced: re.Match[str]) -> bool:
    text, fence = fenced[0].strip(), fenced["fence"]
    return text.endswith(fence) and len(text) > 2 * len(fence)


def _loops(said: list[str]) -> bool:
    for period in range(1, LONGEST_LOOP + 1):
        run = 0
        for word, before in zip(said[period:], said, strict=False):
            run = run + 1 if word == before and not word.isdigit() else 0
            if run >= period * (LOOPS - 1):
                return True
    return False
