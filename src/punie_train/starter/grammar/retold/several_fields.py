"""Requests for two or three things of one result at once, some of them behind idle facts."""

from random import Random

from punie_train.core.agent_tools import TYPED_ITEMS
from punie_train.starter.grammar.conditions import condition
from punie_train.starter.grammar.counts import Facet
from punie_train.starter.grammar.facets import items, values
from punie_train.starter.grammar.framing import finish, quoted
from punie_train.starter.grammar.listing_parts import loop_code, printed, read
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.nouns import FIELDS, PLURAL_FIELDS, TOOLS, Tool
from punie_train.starter.grammar.requests import (
    AT,
    dotted,
    facet,
    path_for,
    put,
    typed_sample,
    variable_code,
    words_for_one,
)
from punie_train.starter.grammar.samples import Sample
from punie_train.starter.grammar.selections import selection

_SHOW = "(print|print|show|show me|tell me|give me|report|output|let me have|i want|i need)"
_PAIRS = (
    (
        "{b}{show} {a} {at}(,|) (and|together with|along with|as well as|plus|and then|"
        "followed by) "
        "{b0}{c}(.|)"
    ),
    (
        "{b}{show} (two|several|some) (things|facts|values) about {path}: {a0}(,| and|; then|"
        ";) {b0}"
        "{c}(.|)"
    ),
    (
        "{b}{do} {path}(. |; |, then |: |, and ){show} {a0} (and|and also|, then|together "
        "with|plus) "
        "{b0}{c}(.|)"
    ),
    "{b}first {show} {a} {at}, then {b0}{c}(.|)",
    "(for|about|of|regarding) {path}(,|:) {show} {a0}(,| and|, and|, then) {b0}{c}(.|)",
    "{b}{show} both {a} {at} and {b0}{c}(.|)",
    "{b}(not only|besides) {a} {at}(, but also|, i want|, show me) {b0}{c}(.|)",
    "(what i need|what i want to know|my wish|the report) (is|:) {a} {at}, and {b0}{c}(.|)",
)
_THIRD = "(, and| and also|, and also|, then| and finally|, and last) {c0}"
_EACH = (
    "{b}{show} (each|every|each and every) {item} {at} with (its|the) {one}(.|)",
    "{b}(for|of) (each|every|every single) {item} {at}(,|) {show} {one}(.|)",
    "{b}(list|print|show|go through) (the|all|all the) {items} {at}, each with (its|the) {one}(.|)",
    "{b}{show} {one} (for|of) every {item} {at}(.|, side by side.|, in one line.|)",
    "{b}{show} (the|all) {many} of (the|all) {items} {at}(.|, on one line each.|)",
    "{b}{do} {path}(. |; |, and |: ){show}, (for|of) each {item}, {one}(.|)",
    (
        "{b}(each|every) {item} {at} (should be|has to be|is to be) (shown|printed|listed) with "
        "(its|the) {one}(.|)"
    ),
    (
        "{b}for (the|all the) {items} {at} (i need|i want|give me|print) (the|their|both the) "
        "{many}(.|)"
    ),
    "{b}i (need|want) to see (the|all|all the) {items} {at}: {one} of each(.|)",
)
_FACT = (
    (
        "(i (hear|read|think|believe|heard|fear|hope|guess|suspect|know)|they say|people say|it "
        "seems|rumour has it|somebody wrote|the report says|my colleague claims|it looks as if|no "
        "wonder) (that |){c}"
    ),
    (
        "(yesterday|last week|this morning|for days now|as always|by the way|apparently|sadly|of "
        "course|as you know)(,|) {c}"
    ),
    "{c}(, i (think|guess|believe|know|hear|am told)|, as always|, they say|, apparently)",
    "(it does not matter|never mind|i do not care) (whether|if) {c}",
)


def several_values(rng: Random, names: Names) -> Sample:
    """Return a request for two or three values of one result, or for a value and a list."""
    tool = rng.choice(TOOLS)
    path = path_for(names, tool)
    asked: list[Facet] = []
    while len(asked) < rng.choice((2, 2, 3)):
        new = rng.choice(values(tool))
        if all(new.code != one.code for one in asked):
            asked.append(new)
    lines = f"print({', '.join(one.expression for one in asked)})"
    if rng.random() < 0.4:
        listed = items(rng, names, tool)
        asked = [asked[0], listed]
        lines = f"{asked[0].code}\n{listed.code}"
    nouns = [rng.choice(one.nouns) for one in asked]
    later = [put(noun, "", "it") for noun in nouns]
    frame = (
        rng.choice(_PAIRS)
        .replace("{c}", _THIRD.replace("{c0}", later[2]) if len(later) > 2 else "")
        .replace("{a} {at}", put(nouns[0], AT))
        .replace("{a0}", later[0])
        .replace("{b0}", later[1])
        .replace("{show}", _SHOW)
        .replace("{do}", tool.do)
        .replace("{at}", AT)
    )
    fields = tuple(field for one in asked for field in one.fields)
    return _sample(rng, (tool, path), frame, lines, fields)


def several_of_each(rng: Random, names: Names) -> Sample:
    """Return a request for two or three fields of each item."""
    tool = rng.choice(TOOLS)
    path = path_for(names, tool)
    chosen = selection(rng, names, tool, filtered=0.35)
    known = [f for f in TYPED_ITEMS[tool.name][1] if f in FIELDS and f not in chosen.fields]
    picked = tuple(rng.sample(known, k=min(len(known), rng.choice((2, 2, 2, 3)))))
    join = rng.choice((" and ", " and (its |the |)", " together with ", " plus ", " as well as "))
    one, many = (_listed([table[f] for f in picked], join) for table in (FIELDS, PLURAL_FIELDS))
    frame = (
        rng.choice(_EACH)
        .replace("{items}", chosen.plural)
        .replace("{item}", chosen.singular)
        .replace("{one}", one)
        .replace("{many}", many)
        .replace("{show}", _SHOW)
        .replace("{do}", tool.do)
        .replace("{at}", AT)
    )
    body = loop_code(tool, chosen, printed(tool, picked))
    return _sample(rng, (tool, path), frame, body, read(tool, chosen.fields, picked))


def idle_fact(rng: Random, names: Names) -> Sample:
    """Return a question about a result behind a fact that sounds like a condition and is none."""
    tool = rng.choice(TOOLS)
    path = path_for(names, tool)
    asked = facet(rng, names, tool, iteration=0.6)
    slots = {"path": quoted(rng, path)}
    words = put(condition(rng, tool).words, "", rng.choice(("it", "it", "the code", "our code")))
    fact = finish(rng, rng.choice(_FACT).replace("{c}", words), "", {})
    text = f"{fact}. {words_for_one(rng, tool, asked, slots)}"
    return typed_sample(
        text,
        variable_code(tool, path, asked.code),
        ((tool, path),),
        dotted(tool, asked.fields),
        asked.category,
    )


def several(rng: Random, names: Names) -> Sample:
    """Return a request for several fields, or one behind an idle fact."""
    return rng.choice((several_values, several_of_each, idle_fact))(rng, names)


def _listed(words: list[str], join: str) -> str:
    return ", ".join(words[:-1]) + join + words[-1]


def _sample(
    rng: Random, run: tuple[Tool, str], frame: str, body: str, fields: tuple[str, ...]
) -> Sample:
    tool, path = run
    listed = any("." in field for field in fields)
    return typed_sample(
        finish(rng, frame, "", {"path": quoted(rng, path)}),
        variable_code(tool, path, body),
        (run,),
        dotted(tool, fields),
        "iteration" if listed else "field_access",
    )
