"""Lists, counts, extremes and groups over the items of a result."""

from random import Random

from punie_train.starter.grammar.aggregates import (
    counted,
    distinct,
    first,
    grouped,
    ordered,
)
from punie_train.starter.grammar.extremes import any_fixable, times
from punie_train.starter.grammar.listing_parts import (
    EACH,
    SHOW,
    Listing,
    joined,
    loop_code,
    printed,
    read,
)
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.nouns import FIELDS, PLURAL_FIELDS, PYTEST, RUFF, Tool
from punie_train.starter.grammar.selected import Selection
from punie_train.starter.grammar.selections import selection
from punie_train.starter.grammar.wonderings import wondering


def listing(  # noqa: PLR0911 - one return for each kind of question
    rng: Random, names: Names, tool: Tool, fields: tuple[str, ...]
) -> Listing:
    """Return a random question over the items of the tool's result."""
    if rng.random() < 0.25:
        return wondering(rng, tool)
    match rng.randrange(20):
        case 0 | 1:
            return counted(rng, names, tool)
        case 2 | 3:
            return distinct(rng, tool)
        case 4:
            return grouped(rng, tool)
        case 5:
            return first(rng, tool, fields)
        case 6:
            return ordered(rng, tool, fields)
        case 7 | 8 if tool is PYTEST:
            return times(rng)
        case 7 if tool is RUFF:
            return any_fixable()
        case _:
            return _loop(rng, names, tool, fields)


def _loop(rng: Random, names: Names, tool: Tool, fields: tuple[str, ...]) -> Listing:
    chosen = selection(rng, names, tool)
    if rng.random() < 0.3:
        return _whole(tool, chosen)
    usable = [
        f for f in fields if f not in chosen.fields or f in ("line", "duration", "code", "message")
    ]
    picked = tuple(rng.sample(usable, k=rng.choice((1, 1, 2, 2, 2, 3))))
    one = joined([FIELDS[field] for field in picked])
    many = joined([PLURAL_FIELDS[field] for field in picked])
    nouns = (
        f"(the |){one} (of|for|from) (each|every|all|any|each and every) {chosen.singular} {{at}}",
        f"(the |){many} (of|for|from) (all |the |all the |){chosen.plural} {{at}}",
        f"(the |){one} {EACH} {chosen.singular} {{at}}",
        (
            f"(all |the |){chosen.plural} {{at}} (with|by|including|together with|along with|"
            "showing|"
            "each with|,"
            f"|:|as|- just|, only) (their|the|its|) {many}"
        ),
        f"{EACH} {chosen.singular} {{at}} (the|its|) {one}",
    )
    questions = (
        f"what (is|are) (the |){one} of (each|every) {chosen.singular} {{at}}",
        f"what are the {many} of (the |all |){chosen.plural} {{at}}",
        f"(which|what) {many} do (the |){chosen.plural} {{at}} have",
        (
            f"(which|what) {many} (have|belong to|are given for|come with) (the |){chosen.plural} "
            f"{{at}}"
        ),
    )
    if picked[0] == "line" and len(picked) == 1:
        questions += (
            (
                "(on|in|at) (which|what) (lines|line) (are|do we find|is there|sit|do you see|can "
                "i "
                "find|occur) "
                f"(the |){chosen.plural} {{at}}"
            ),
            f"which lines {{at}} have {chosen.plural}",
        )
    orders = (
        (
            f"{SHOW} (|only |just )(the |){one} (of|for|from) (each|every|all|any) "
            f"{chosen.singular} {{at}}"
        ),
        f"{SHOW} (|only |just )(the |){many} (of|for|from) (all |the |){chosen.plural} {{at}}",
        (
            "(go through|walk through|loop over|iterate over|go over|run through|step through|"
            "take) "
            "(all |the |)"
            f"{chosen.plural} {{at}} and {SHOW} (the|each|every|their|its|each one's|just the) "
            f"{one}"
        ),
        (
            f"{SHOW} (all |the |){chosen.plural} {{at}} (with|by|including|together with|along "
            "with|"
            "as) (their|the"
            f"|) {many}"
        ),
        f"{EACH} {chosen.singular} {{at}}(,|) {SHOW} (the|its|) {one}",
        f"{SHOW}, {EACH} {chosen.singular} {{at}}, (the|its) {one}",
    )
    return Listing(
        nouns=nouns,
        questions=questions,
        orders=orders,
        code=loop_code(tool, chosen, printed(tool, picked)),
        fields=read(tool, chosen.fields, picked),
    )


def _whole(tool: Tool, chosen: Selection) -> Listing:
    shown = chosen.default
    verbs = {
        "typecheck": (
            "does (the type checker|type checking|typecheck) (report|find|complain about|see|list)"
        ),
        "ruff_check": "does (ruff|the linter) (report|find|flag|complain about|see|list|dislike)",
        "pytest_run": "(are|do we have|exist|does pytest report|did we get)",
    }[tool.name]
    return Listing(
        nouns=(
            (
                "(the |all |all the |every one of the |a list of (the |all |)|the list of |each of "
                f"the |){chosen.plural} {{at}}"
            ),
            f"(each|every|every single) {chosen.singular} {{at}}",
            (
                f"(which|what) {chosen.plural} (there are {{at}}|{{path}} has|exist {{at}}|we have "
                f"{{at}}|{{at}} are left)"
            ),
        ),
        questions=(
            (
                f"(which|what) {chosen.plural} (are there|are|do we have|exist|are left|remain|"
                "show "
                "up|can you see|"
                "did we get|turn up|occur) {at}"
            ),
            (
                f"(which|what) {chosen.plural} does {{path}} (have|contain|give|produce|still have|"
                "show)"
            ),
            f"(which|what) {chosen.plural} {verbs} {{at}}",
            *(
                (
                    (
                        f"which (of the |)tests {{at}} "
                        f"{chosen.plural.split('(that|which) ')[1].split(')|')[0]})"
                    ),
                )
                if tool is PYTEST and chosen.fields == ("outcome",)
                else ()
            ),
        ),
        orders=(
            f"{SHOW} (|only |just )(the |all |all the |every one of the |){chosen.plural} {{at}}",
            f"{SHOW} (each|every|every single) {chosen.singular} {{at}}",
            (
                "(go through|walk through|loop over|iterate over|go over) (all |the |"
                f"){chosen.plural} {{at}} and "
                f"{SHOW} (them|each|each one|every one|them all|each of them)"
            ),
            f"(make|give me|write|build|produce) a list of (all |the |){chosen.plural} {{at}}",
        ),
        code=loop_code(tool, chosen, printed(tool, shown)),
        fields=read(tool, chosen.fields, shown),
    )
