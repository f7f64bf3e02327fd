"""Counts, groups, orders and extremes over the items of a result."""

from random import Random

from punie_train.starter.grammar.listing_parts import (
    SHOW,
    Listing,
    joined,
    loop_code,
    printed,
    read,
)
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.nouns import FIELDS, PLURAL_FIELDS, RUFF, Tool
from punie_train.starter.grammar.selected import Selection
from punie_train.starter.grammar.selections import selection

_COUNTED_BY_THE_TOOL = (("severity",), ("outcome",))


def counted(rng: Random, names: Names, tool: Tool) -> Listing:
    """Return a question for the number of some items."""
    chosen = selection(rng, names, tool, filtered=1.0)
    while chosen.fields in _COUNTED_BY_THE_TOOL or chosen.condition == "{i}.fixable":
        chosen = selection(rng, names, tool, filtered=1.0)
    value = (
        f"len([{tool.item} for {tool.item} in {{r}}.{tool.items} "
        f"if {chosen.condition.replace('{i}', tool.item)}])"
    )
    return Listing(
        nouns=(
            f"(the |)(number|count|total number|amount) of {chosen.plural} {{at}}",
            f"how many {chosen.plural} there are {{at}}",
        ),
        questions=(
            (
                f"how many {chosen.plural} (are there|are|do we have|exist|show up|occur|remain|"
                "did "
                f"we get) {{at}}"
            ),
            f"how many {chosen.plural} does {{path}} (have|contain|show)",
        ),
        orders=(
            f"count (all |)(the |){chosen.plural} {{at}}",
            (
                f"(tell me|print|show|report|say|give me) how many {chosen.plural} (there are "
                f"{{at}}|"
                f"{{path}} has)"
            ),
        ),
        code=f"print({value})",
        expression=value,
        fields=read(tool, chosen.fields),
    )


def distinct(rng: Random, tool: Tool) -> Listing:
    """Return a question for the different values of a field."""
    field = rng.choice(
        {"typecheck": ("code", "file", "severity"), "ruff_check": ("code", "file")}.get(
            tool.name, ("outcome",)
        )
    )
    many = PLURAL_FIELDS[field]
    unique = "(distinct|different|unique|separate|various)"
    extra: tuple[str, ...] = ()
    if field == "file":
        extra = (
            (
                f"(which|what) files {{at}} (have|contain|hold|are affected by|show|are hit by|"
                f"suffer from) {tool.plural}"
            ),
            f"in which files (are there|are|do we have|sit) {tool.plural} {{at}}",
        )
    elif field == "code" and tool is RUFF:
        extra = (
            (
                "(which|what) (rules|rule codes|codes|lint rules) (are|does {path}|get|have been) "
                "(broken|violated|hit|"
                "violate|break) {at}"
            ),
            "(which|what) (rules|codes) does {path} (break|violate|offend|hit)",
        )
    elif field == "code":
        extra = ("(which|what) kinds of type errors (are there|occur|exist|do we have) {at}",)
    return Listing(
        nouns=(
            f"the {unique} {many} (of|among|in) (the |all |){tool.plural} {{at}}",
            f"(each|every) {unique} {FIELDS[field]} (of|among) (the |){tool.plural} {{at}}, once",
            f"the set of {many} (of|among) (the |){tool.plural} {{at}}",
            (
                f"the {many} of (the |all |){tool.plural} {{at}} without (duplicates|repeats|"
                "repetition)"
            ),
        ),
        questions=(
            (
                f"(which|what) {unique} {many} (occur|are there|do we have) among the "
                f"{tool.plural} "
                f"{{at}}"
            ),
            *extra,
        ),
        orders=(
            f"{SHOW} the {unique} {many} (of|among|in) (the |all |){tool.plural} {{at}}",
            (
                f"{SHOW} (each|every) {FIELDS[field]} (of|among) (the |){tool.plural} {{at}} "
                "(only |"
                "just |)once"
            ),
        ),
        code=f"print(sorted({{{tool.item}.{field} for {tool.item} in {{r}}.{tool.items}}}))",
        fields=read(tool, (field,)),
    )


def grouped(rng: Random, tool: Tool) -> Listing:
    """Return a question for the number of items by a field."""
    field = rng.choice(
        {"typecheck": ("code", "severity", "file"), "ruff_check": ("code", "file")}.get(
            tool.name, ("outcome",)
        )
    )
    one = FIELDS[field]
    body = f"counts[{tool.item}.{field}] = counts.get({tool.item}.{field}, 0) + 1"
    return Listing(
        nouns=(
            f"the (number|count) of {tool.plural} {{at}} (per|for each|by|for every) {one}",
            f"how many {tool.plural} there are {{at}} (per|for each|by|for every) {one}",
            (
                "a (count|summary|breakdown|tally|table|histogram|statistic) of (the |"
                f"){tool.plural} {{at}} (by|per) {one}"
            ),
            (
                f"how often (each|every) {one} (occurs|appears|comes up|shows up) (among|in) the "
                f"{tool.plural} {{at}}"
            ),
        ),
        questions=(
            (
                f"how many {tool.plural} {{at}} (are there |do we have |)(per|for each|by|for "
                "every) "
                f"{one}"
            ),
            (
                f"how often does (each|every) {one} (occur|appear|come up) (among|in) the "
                f"{tool.plural} {{at}}"
            ),
        ),
        orders=(
            (
                f"(count|group|tally|sum up|break down|sort|bucket) the {tool.plural} {{at}} (by|"
                f"per) {one}"
            ),
            (
                f"(for|per) (each|every) {one}, (count|tell me how many|say how many|print how "
                "many) "
                f"{tool.plural} {{at}}"
            ),
        ),
        code="counts = {}\n"
        + loop_code(tool, Selection(plural="", singular="", default=()), body)
        + "\nprint(counts)",
        fields=read(tool, (field,)),
    )


def first(rng: Random, tool: Tool, fields: tuple[str, ...]) -> Listing:
    """Return a question for the first items."""
    picked = tuple(rng.sample(fields, k=rng.choice((1, 2, 2)))) if rng.random() < 0.6 else ()
    one = joined([FIELDS[field] for field in picked]) if picked else ""
    number = rng.choice((1, 1, 1, 2, 3, 5, 10))
    if number == 1:
        what = f"the (first|first|very first|top) {tool.singular} {{at}}"
        nouns: tuple[str, ...] = (f"(the |){one} of {what}",) if picked else (what,)
        questions = (
            (f"what is the {one} of {what}",) if picked else (f"what is {what}", f"where is {what}")
        )
    else:
        what = f"the (first|top) {number} {tool.plural} {{at}}"
        nouns = (f"(the |){one} of {what}",) if picked else (what,)
        questions = (f"what are {what}",) if not picked else (f"what are the {one} of {what}",)
    shown = picked or tool.default
    source = f"{{r}}.{tool.items}[:{number}]"
    return Listing(
        nouns=nouns,
        questions=questions,
        orders=tuple(f"{SHOW} (just |only |){noun}" for noun in nouns),
        code=loop_code(
            tool,
            Selection(plural="", singular="", default=()),
            printed(tool, shown),
            source,
        ),
        fields=read(tool, shown),
    )


def ordered(rng: Random, tool: Tool, fields: tuple[str, ...]) -> Listing:
    """Return a request for the items in the order of a field."""
    key = rng.choice(
        {"pytest_run": ("duration", "name", "outcome")}.get(tool.name, ("line", "code", "file"))
    )
    others = tuple(field for field in tool.default if field != key)
    picked = (key, *(rng.sample(others, k=1) if others else ()))
    source = f"sorted({{r}}.{tool.items}, key=lambda {tool.item}: {tool.item}.{key})"
    by = f"(sorted|ordered|in order|arranged|ranked) (by|according to) (their |the |){FIELDS[key]}"
    del fields
    return Listing(
        nouns=(f"(the |all |all the |){tool.plural} {{at}}(,|) {by}",),
        questions=(f"what are the {tool.plural} {{at}}, {by}",),
        orders=(
            f"{SHOW} (the |all |all the |){tool.plural} {{at}}(,|) {by}",
            (
                f"(sort|order|arrange|rank) the {tool.plural} {{at}} by (their |the |"
                f"){FIELDS[key]} "
                f"and {SHOW} them"
            ),
        ),
        code=loop_code(
            tool,
            Selection(plural="", singular="", default=()),
            printed(tool, picked),
            source,
        ),
        fields=read(tool, picked),
    )
