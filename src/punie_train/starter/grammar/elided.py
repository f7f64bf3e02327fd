"""Requests with two ways out that leave out what was said before: one verb for both, "if none".

What is asked for is often a thing, not a deed: "ok if it passes, else the number of problems".
"""

from dataclasses import dataclass
from random import Random

from punie_train.starter.grammar.branches import branched, plain_words
from punie_train.starter.grammar.cases_in_short import OWN_FIELDS, Case, case
from punie_train.starter.grammar.framing import finish, quoted
from punie_train.starter.grammar.listing_parts import joined, loop_code, printed, read
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.nouns import PLURAL_FIELDS, TOOLS, Tool
from punie_train.starter.grammar.requests import (
    AT,
    dotted,
    facet,
    path_for,
    put,
    typed_sample,
    variable_code,
)
from punie_train.starter.grammar.samples import Sample
from punie_train.starter.grammar.selected import Selection

_V = "(print|print|print|show|output|report|log|give me|write|return|tell me)"
_WISH = "(i want|i need|i would like|i'd like|give me|let me see|show me)"
_IF = "(if|if|if|when|in case|provided that|as long as)"
_NOT = "(otherwise|if not|else|or else|if that is not so|when not|{if} {u}|{if} {u}|{if} {u})"
_SEP = "(, |; |. |, and |, but |: )"

_BOTH = (
    "{b}{v} {x} {if} {c}, (and |or |but |){y} {if} {u}(.|)",
    "{b}{v} {x} {if} {c}, (and |or |){y} (otherwise|if not|else|in the other case)(.|)",
    "{b}{v} {x} {if} {c}{sep}{not} {y}(.|)",
    "{b}{if} {c}, {v} {x}, {not} {y}(.|)",
    "{b}{if} {c}{sep}{wish} {x}. {not}, {v} {y}(.|)",
    "{b}{if} {c}, {wish} {x}{sep}{not} {y}(.|)",
    "should {d}, {wish} {x}(. |; |, ){not}, {v} {y}(.|)",
    "should {d}, {v} {x}(. |; |, ){not}(,|) {y}(.|)",
    "should {d}, (then |){x} (is|are) what i (want|need)(. |; ){not}(,|) {v} {y}(.|)",
    "{b}{wish} {x} {if} {c} and {y} {if} {u}(.|)",
    "{b}{wish} {x}, should {d}, (and|or|but) {y} (otherwise|if not|{if} {u})(.|)",
    "{x} {if} {c}, {y} (otherwise|if not|else|{if} {u})(.|: that is what to print.)",
    "(what i want|what i need|what to print) (is|:) {x} {if} {c}(,| and) {y} {not}(.|)",
    "{b}{do} {path}(. |; |, and ){v} {x} {if} {e}, {y} (otherwise|if not|{if} {u})(.|)",
    "{b}{do} {path}(. |; |: ){x} {if} {e}, (and |){y} (otherwise|if not|{if} {u})(.|)",
    "{c}? (then |if so, |){v} {x}. {not}(,|) {y}(.|)",
    "{c}? (then |yes: |){x}(, please|). {not}(,|) {y}(.|)",
    "{b}(depending on whether|according to whether) {c} or not, {v} {x} or {y}(.|)",
    "{b}{v} {x}, or, {if} {u2}, {y}: the first (is |)for the case that {c}(.|)",
)
_ONE = (
    "{b}{v} {x}, but only {if} {c}(.|)",
    "{b}{do} {path} and {v} {x}, (but |)only {if} {e}(.|)",
    "{b}{do} {path} and {v} {x}{sep}(but |)(only|solely|just) {if} {e}(.|)",
    "{b}{wish} {x}, (but |)only {if} {c}(.|)",
    "(only|just) {if} {c}, {v} {x}(.|)",
    "should {d}, {wish} {x}(.|)",
    "should {d}, {v} {x}{sep}{not}, (nothing|no output at all|say nothing|nothing at all)(.|)",
    "{b}{v} {x} {if} {c}, (and |)nothing (otherwise|if not|{if} {u})(.|)",
    "{b}{do} {path}. {if} {e}, {wish} {x}(.|)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thing:
    """Something to print: a noun phrase, or words as they are; code on `{r}` and fields."""

    words: str
    code: str
    fields: tuple[str, ...] = ()


def elided(rng: Random, names: Names) -> Sample:
    """Return a request for one of two things that names the verb, or the condition, only once."""
    tool = rng.choice(TOOLS)
    path = path_for(names, tool)
    asked = case(rng, tool)
    alone = rng.random() < 0.2
    held = _held(rng, names, tool, asked, alone=alone)
    other = _said(rng, names, good=not asked.good)
    if not alone and (not held.fields or rng.random() < 0.25):
        other = _thing(rng, names, tool)
        while other.code == held.code:
            other = _thing(rng, names, tool)
    frame = _filled(rng.choice(_ONE if alone else _BOTH), tool, asked, (held, other))
    text = finish(rng, frame, "", {"path": quoted(rng, path)})
    code = variable_code(tool, path, branched(asked.test, held.code, "" if alone else other.code))
    fields = (asked.field, *held.fields, *(() if alone else other.fields))
    return typed_sample(text, code, ((tool, path),), dotted(tool, fields), "conditional")


def _held(rng: Random, names: Names, tool: Tool, asked: Case, *, alone: bool) -> _Thing:
    """Return what is printed when the case holds."""
    kind = rng.random()
    if asked.them and kind < 0.5:
        return _them(rng, tool, asked, asked.them)
    if alone or kind > 0.7:
        return _thing(rng, names, tool)
    return _said(rng, names, good=asked.good)


def _said(rng: Random, names: Names, *, good: bool) -> _Thing:
    words = plain_words(rng, names, good=good)
    shown = words if rng.random() < 0.5 else quoted(rng, words, always=True)
    return _Thing(words=shown, code=f'print("{words}")')


def _thing(rng: Random, names: Names, tool: Tool) -> _Thing:
    asked = facet(rng, names, tool, iteration=0.35)
    nouns = [noun for noun in asked.nouns if noun.startswith(("the ", "(the ", "how ", "all "))]
    words = put(rng.choice(nouns or asked.nouns), rng.choice(("", "", "there")), "it")
    return _Thing(words=words, code=asked.code, fields=asked.fields)


def _them(rng: Random, tool: Tool, asked: Case, them: Selection) -> _Thing:
    """Return a look at what the condition counts: how many, or what each of them says."""
    if rng.random() < 0.35:
        words = "(how many (there are|they are)|their (number|count)|the (count|exact number))"
        return _Thing(words=words, code=f"print({{r}}.{asked.field})", fields=(asked.field,))
    fields = tuple(rng.sample(OWN_FIELDS[tool.name], k=1 if rng.random() < 0.65 else 2))
    named = [PLURAL_FIELDS[field] for field in fields]
    owner = f"(of them|of those|of these|of all of them|of the {them.plural})"
    words = f"(their {joined(named)}|the {joined(named)} {owner})"
    code = loop_code(tool, them, printed(tool, fields))
    return _Thing(words=words, code=code, fields=read(tool, them.fields, fields))


def _filled(frame: str, tool: Tool, asked: Case, things: tuple[_Thing, _Thing]) -> str:
    """Return the frame with its clauses; where the path was named before, they say "it"."""
    held, other = things
    slots = {
        "{not}": _NOT,
        "{c}": put(asked.words, AT),
        "{d}": put(asked.bare, AT),
        "{e}": put(asked.words, "(|there)", "it"),
        "{x}": held.words,
        "{y}": other.words,
        "{v}": _V,
        "{wish}": _WISH,
        "{sep}": _SEP,
        "{do}": tool.do,
        "{u}": asked.unlike,
        "{u2}": "(it is the other way round|not|it is otherwise)",
        "{if}": _IF,
    }
    for slot, words in slots.items():
        frame = frame.replace(slot, words)
    return frame
