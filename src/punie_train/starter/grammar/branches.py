"""What follows a condition: words to say, or a look at the result."""

from dataclasses import dataclass
from random import Random

from punie_train.starter.grammar.facets import Facet
from punie_train.starter.grammar.framing import quoted
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.nouns import Tool
from punie_train.starter.grammar.requests import (
    facet,
    put,
)

_GOOD = [
    "ok",
    "all good",
    "all is well",
    "everything is fine",
    "it is clean",
    "clean",
    "green",
    "ready",
    "good to go",
    "ship it",
    "no problems",
    "nothing to do",
    "looks good",
    "well done",
    "all clear",
    "fine",
    "passed",
    "success",
    "ready to merge",
    "we can merge",
    "safe to commit",
    "perfect",
    "great",
]


_BAD = [
    "not ok",
    "there are problems",
    "fix it",
    "needs work",
    "not clean",
    "red",
    "not ready",
    "broken",
    "do not merge",
    "failed",
    "failure",
    "too many",
    "look at it",
    "work to do",
    "please fix",
    "stop",
    "bad",
    "not good",
    "fix first",
    "too slow",
    "attention",
    "blocked",
    "problems found",
    "trouble",
]


def plain_words(rng: Random, names: Names, *, good: bool) -> str:
    """Return what somebody would want to read about a good result or a bad one."""
    words = rng.choice(_GOOD if good else _BAD)
    if rng.random() < 0.25:
        return rng.choice(
            (names.word(), f"{names.word()} {names.word()}", f"{words} {names.word()}")
        )
    return words


def say(rng: Random, names: Names, *, good: bool) -> tuple[str, str]:
    """Return a verb phrase that asks for fixed words, and the code that prints them."""
    words = plain_words(rng, names, good=good)
    verb = (
        "(say|print|say|tell me|report|write|answer|output|reply|log|just say|only print|simply "
        "print)"
    )
    if rng.random() < 0.5:
        return f"{verb} {quoted(rng, words, always=True)}", f'print("{words}")'
    return (
        f"(say|print|report|tell me|answer|write|just say) (that |){words}",
        f'print("{words}")',
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """What to do in one case: words (`{at}` already settled), code on `{r}` and fields."""

    words: str
    code: str
    fields: tuple[str, ...] = ()


def branch(rng: Random, names: Names, tool: Tool, *, good: bool) -> Branch:
    """Return what to do when the result is good or bad."""
    if rng.random() < (0.7 if good else 0.3):
        words, code = say(rng, names, good=good)
        return Branch(words=words, code=code)
    asked: Facet = facet(rng, names, tool, iteration=0.3 if good else 0.65)
    demand = rng.choice(
        (
            *asked.orders,
            *(f"(print|show|tell me|give me|report) {n}" for n in asked.nouns[:2]),
        )
    )
    there = rng.choice(("", "", "", "there"))
    return Branch(words=put(demand, there, "it"), code=asked.code, fields=asked.fields)


def indented(code: str) -> str:
    """Return code one level deeper."""
    return "\n".join(f"    {line}" for line in code.split("\n"))


def branched(test: str, then: str, otherwise: str = "") -> str:
    """Return an if statement."""
    code = f"if {test}:\n{indented(then)}"
    return f"{code}\nelse:\n{indented(otherwise)}" if otherwise else code
