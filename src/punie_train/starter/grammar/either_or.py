"""Requests with two ways out of a condition, the clauses in any order; the code has both."""

from dataclasses import dataclass
from random import Random

from punie_train.starter.grammar.branches import Branch, branch, branched, say
from punie_train.starter.grammar.comparisons import Condition
from punie_train.starter.grammar.conditions import condition
from punie_train.starter.grammar.framing import finish, quoted
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.nouns import TOOLS, Tool
from punie_train.starter.grammar.requests import (
    AT,
    dotted,
    path_for,
    put,
    typed_sample,
    variable_code,
)
from punie_train.starter.grammar.samples import Sample
from punie_train.starter.grammar.selections import selection

_WHEN = "(if|if|when|in case|provided|as long as|should it be that|given that|supposing|where)"
_ELSE = (
    "(otherwise|or else|else|if not|when not|if it is not so|if that is not the case|in the other "
    "case|if that is false|if this does not hold|failing that)"
)
_THEN = (
    "(if (so|yes|it is so|that is true|that holds|it is true|that is the case)|when (so|true)|in "
    "that case)"
)
_FALSE = "(is false|is not (true|the case|so)|does not hold|is wrong|is untrue)"
_TRUE = "(is true|is the case|is so|holds|is right)"
_SEP = "(, and |, |; |. |, but )"

_FRAMES = (
    "{b}{then} {when} {c}{sep}{other} {if} (it is not|not|that is false|it is not so|not so)",
    "{b}{then} {when} {c}{sep}{else}(,|) {other}",
    "{b}{other} {when} (it {false} that|it is not so that) {c}{sep}{then} {when} it {true}",
    "{b}{other} {when} {n}{sep}{then} {if} (it is not so|not|that is false)",
    "{b}{other} {when} {n}{sep}{then} {when} {c2}",
    "{b}{when} {n}, {other}{sep}{when} {c2}, {then}",
    "{b}{when} {c}, {then}{sep}{when} {n2}, {other}",
    "{b}should it be (so |true |)that {c}, (then |i want you to |please |){then}. {else}, {other}",
    "{b}in case {c}, (then |please |){then}, {else}(,|) {other}",
    "{b}{then}, but only {when} {c}(. |; |, ){else}(,|) {other}",
    "{b}{other}. only {when} {c}, though, {then}(| instead)",
    (
        "{b}{other}, (except when|except if|unless|but not if) {c}(; |. |, ){then} (then|in that "
        "case|instead)"
    ),
    "{do} {path}. {c2}? (then |){then}. (not so|no|if not)? {other}",
    "{do} {path}(. |; |, and ){then} {when} {c2}{sep}{else}(,|) {other}",
    "{do} {path}(. |; |, and ){other} {when} {n2}{sep}{then} {when} {c2}",
    "(depending on whether|according to whether) {c}, {then} or {other}",
    "(either {then} or {other}|{then} or {other}): the first {when} {c}, the second {if} not",
    "(there are two cases|two cases|one of two things): {c}, (then |){then}; {n2}, (then |){other}",
    "(is it so that|is it true that) {c}? {yes}, {then}, {else}, {other}",
    (
        "{b}(find out|check|see|look) (whether|if) {c}(. |; |, and ){yes}(,|) "
        "{then}{sep}{else}(,|) "
        "{other}"
    ),
    (
        "{b}(find out|check|see|look) (whether|if) {c}(. |; |, and ){other} {if} (not|it {false})"
        "{sep}{then} {when} it {true}"
    ),
)
"""`c` and `n` are the condition and its opposite at the path, `c2` and `n2` where it is known."""
_BARE_NO = (
    "{b}{then}, but only {when} {c}",
    "{b}only {when} {c}(,|) {then}",
    "{b}{then}. (only|but only) {when} {c}, though",
    "{b}(unless|except when|except if) {n}, {then}",
    "{b}{then}(,|) (unless|except when|except if|but not if) {n}",
    "{b}{when} {n}, (say|print|do) nothing{sep}{else}(,|) {then}",
    "{do} {path}. {c2}? (then |){then}",
)
"""Frames for a condition with one way out only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ways:
    """What is done when the condition holds, and what is done when it does not."""

    asked: Condition
    then: Branch
    other: Branch


def either_or(rng: Random, names: Names) -> Sample:
    """Return a request for one of two things, or now and then for one thing or nothing."""
    tool = rng.choice(TOOLS)
    path = path_for(names, tool)
    ways = _ways(rng, names, tool)
    alone = rng.random() < 0.12
    frame = _filled(rng.choice(_BARE_NO if alone else _FRAMES), tool, ways)
    text = finish(rng, frame + "(.|)", "", {"path": quoted(rng, path)})
    other = "" if alone else ways.other.code
    code = variable_code(tool, path, branched(ways.asked.test, ways.then.code, other))
    fields = ways.asked.fields + ways.then.fields + (() if alone else ways.other.fields)
    return typed_sample(text, code, ((tool, path),), dotted(tool, fields), "conditional")


def _ways(rng: Random, names: Names, tool: Tool) -> _Ways:
    asked = _any_item(rng, names, tool) if rng.random() < 0.2 else condition(rng, tool)
    spoken = rng.random() < 0.3
    then = _way(rng, names, tool, good=asked.good, spoken=spoken)
    if asked.fields == ("parse_error",) and rng.random() < 0.6:
        words = "(print|show|report|give me) (that error|the parse error|the error|what it is)"
        then = Branch(words=words, code="print({r}.parse_error)")
    other = _way(rng, names, tool, good=not asked.good, spoken=spoken)
    while other.code == then.code:
        other = _way(rng, names, tool, good=not asked.good, spoken=spoken)
    return _Ways(asked=asked, then=then, other=other)


def _way(rng: Random, names: Names, tool: Tool, *, good: bool, spoken: bool) -> Branch:
    if not spoken:
        return branch(rng, names, tool, good=good)
    words, code = say(rng, names, good=good)
    return Branch(words=words, code=code)


def _any_item(rng: Random, names: Names, tool: Tool) -> Condition:
    """Return whether there is an item of some kind, which needs a look at each."""
    chosen = selection(rng, names, tool, filtered=1.0)
    test = chosen.condition.replace("{i}", tool.item)
    return Condition(
        words=f"(there (is|are) (any|some)|we have (any|some)|you find any) {chosen.plural} {{at}}",
        negated=f"(there are no|we have no|you find no) {chosen.plural} {{at}}",
        test=f"any({test} for {tool.item} in {{r}}.{tool.items})",
        fields=(tool.items, *(f"{tool.items}.{field}" for field in chosen.fields)),
        good=False,
    )


def _filled(frame: str, tool: Tool, ways: _Ways) -> str:
    """Return the frame with its clauses; the first of them names the path, the rest say "it"."""
    known = frame.startswith("{do}")
    slots = {
        "{c}": put(ways.asked.words, AT),
        "{n}": put(ways.asked.negated, AT),
        "{c2}": put(ways.asked.words, "(|there)" if known else "", "it"),
        "{n2}": put(ways.asked.negated, "(|there)" if known else "", "it"),
        "{then}": ways.then.words,
        "{other}": ways.other.words,
        "{when}": _WHEN,
        "{if}": "(if|if|when|in case)",
        "{else}": _ELSE,
        "{yes}": _THEN,
        "{false}": _FALSE,
        "{true}": _TRUE,
        "{sep}": _SEP,
        "{do}": tool.do,
    }
    for slot, words in slots.items():
        frame = frame.replace(slot, words)
    return frame
