"""Requests for two or three fields at once, of the result or of each item, with talk before them.

The talk may sound like a condition ("the tests are slow"), but the code has none.
"""

from random import Random

from punie_train.core.agent_tools import TYPED_ITEMS
from punie_train.starter.grammar.facets import values
from punie_train.starter.grammar.framing import ask, finish, order, quoted, wish
from punie_train.starter.grammar.listing_parts import SHOW, loop_code, printed, read
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

_FACTS = {
    "typecheck": (
        (
            "(the (types|annotations|type hints) are|typing is) (a mess|new|old|not "
            "mine|incomplete|"
            "half done)"
        ),
        (
            "(the type checker|mypy) (complains|was unhappy|fails|found something) (again|today|"
            "yesterday|in ci)"
        ),
        "(i|we) (added|changed|removed) (some|all|a few) (annotations|type hints|types)",
        "(there are|we have) (type errors|many type problems|new types)",
    ),
    "ruff_check": (
        "(the style is|our style is|the formatting is) (bad|a mess|old|new|not mine)",
        (
            "(the linter|ruff) (complains|is unhappy|is too strict|fails|found something) "
            "(again|today|"
            "in ci|)"
        ),
        "(i|we) (turned on|changed|added) (some|new|more|a few) (rules|lint rules)",
        "(there are|we have) (style problems|many violations|lint errors)",
    ),
    "pytest_run": (
        "(the tests|the unit tests|our tests) are (slow|flaky|new|old|red|green|failing|not mine)",
        (
            "(pytest|the suite|the test run) (takes ages|is slow|was red|fails|was green) "
            "(again|today|"
            "in ci|)"
        ),
        "(i|we) (added|skipped|changed|fixed) (some|all|a few) tests",
        "(there are|we have) (failing tests|slow tests|too many tests)",
    ),
}
_ANY = (
    (
        "(it (may|might|must|should) be (fixed|better) (soon|by now)|nobody knows why|i do not "
        "know "
        "why|that is known|i was told so|my boss is not happy|this worries me)"
    ),
)
_TOGETHER = (
    "(and|and the|together with the|along with the|as well as the|with the|plus the|next to the|"
    "and also the|followed by the|, then the|and then the)"
)
_OF_EACH = (
    "(of each|for each|for every|of every|of all the|per|one by one for every|of each single)"
)


def joint_fields(rng: Random, names: Names) -> Sample:
    """Return a request for some fields in one go."""
    tool = rng.choice(TOOLS)
    path = path_for(names, tool)
    slots = {"path": quoted(rng, path)}
    match rng.randrange(10):
        case 0 | 1 | 2 | 3 | 4:
            text, body, fields = _of_items(rng, names, tool, slots)
            category = "iteration"
        case 5 | 6:
            text, body, fields = _of_result(rng, tool, slots)
            category = "field_access"
        case 7:
            text, body, fields = _value_and_list(rng, names, tool, slots)
            category = "iteration"
        case _:
            asked = facet(rng, names, tool, iteration=0.7)
            text = _told(rng, tool, words_for_one(rng, tool, asked, slots), always=True)
            body, fields, category = asked.code, asked.fields, asked.category
    return typed_sample(
        text,
        variable_code(tool, path, body),
        ((tool, path),),
        dotted(tool, fields),
        category,
    )


Asked = tuple[str, str, tuple[str, ...]]


def _told(rng: Random, tool: Tool, text: str, *, always: bool = False) -> str:
    """Return the request behind a fact that changes nothing."""
    if not always and rng.random() < 0.75:
        return text
    facts = (*_FACTS[tool.name], *_ANY) if rng.random() < 0.85 else _ANY
    fact = finish(rng, "{vp}(.|.|!)", rng.choice(facts), {})
    if rng.random() < 0.2:
        aside = fact
        while aside[:-1].lower() == fact[:-1].lower():
            aside = finish(rng, "{vp}.", rng.choice(_ANY), {})
        fact = f"{fact[:-1]}, {aside.lower()}".replace(" i ", " I ")
    return f"{fact} {text}"


def _of_items(rng: Random, names: Names, tool: Tool, slots: dict[str, str]) -> Asked:
    """Return a request for two or three fields of each item that is meant."""
    chosen = selection(rng, names, tool, filtered=0.4)
    usable = [f for f in TYPED_ITEMS[tool.name][1] if f not in chosen.fields]
    picked = tuple(rng.sample(usable, k=min(len(usable), rng.choice((2, 2, 2, 3)))))
    if len(picked) < 2:
        picked = (*picked, *chosen.fields)[:2]
    one, many = _series([FIELDS[f] for f in picked]), _series([PLURAL_FIELDS[f] for f in picked])
    head, *rest = (FIELDS[f] for f in picked)
    later = _series(rest)
    these = f"(the |all |all the |){chosen.plural}"
    frames = (
        f"{SHOW} {these} {{at}}(,|) each with its {one}",
        (
            f"{SHOW} the {head} {{o}} {chosen.singular} {{at}} (and|together with|with|next to) "
            "its "
            f"{later}"
        ),
        f"{SHOW} first the {head}, then the {later} {{o}} {chosen.singular} {{at}}",
        (
            f"{SHOW} the {one} {{o}} {chosen.singular} {{at}}, (in that order|nothing else|on one "
            "line|side by side)"
        ),
        f"{SHOW} (both |)the {many} (of|for) {these} {{at}}",
        f"(take|go through|for) {these} {{at}}(:| and| and then) {SHOW} the {one} (of each|)",
        f"(go over|walk over|take) {these} {{at}} one by one and {SHOW} (its|their) {one}",
        f"{SHOW} a line {{o}} {chosen.singular} {{at}} with (its|the) {one}",
        f"{SHOW} {these} {{at}} as {one}",
        f"{SHOW} {head} {_TOGETHER.replace(' the', '')} {later} {{o}} {chosen.singular} {{at}}",
    )
    nouns = (
        f"the {one} {{o}} {chosen.singular} {{at}}",
        f"{head} together with {later} {{o}} {chosen.singular} {{at}}",
        f"{these} {{at}}, each with (its |){one}",
        f"a list of {these} {{at}} with (their |){many}",
    )
    if rng.random() < 0.7:
        frame = rng.choice(frames).replace("{o}", _OF_EACH)
        text = order(rng, put(frame, AT), slots)
    else:
        text = wish(rng, put(rng.choice(nouns).replace("{o}", _OF_EACH), AT), slots)
    body = loop_code(tool, chosen, printed(tool, picked))
    return _told(rng, tool, text), body, read(tool, chosen.fields, picked)


def _series(words: list[str]) -> str:
    """Return names of fields as one phrase."""
    if len(words) == 1:
        return words[0]
    *early, last = words
    return f"{'(, |, then |, the )'.join(early)} {_TOGETHER} {last}"


def _of_result(rng: Random, tool: Tool, slots: dict[str, str]) -> Asked:
    """Return a request for two or three values of the result."""
    pool = {one.code: one for one in values(tool)}
    asked = rng.sample(list(pool.values()), k=rng.choice((2, 2, 2, 3)))
    nouns = [
        rng.choice(
            [n for n in one.nouns if n.startswith(("(", "the ", "how", "whe"))] or list(one.nouns)
        )
        for one in asked
    ]
    first, *rest = nouns
    tail = [put(noun, "", "it") for noun in rest]
    join = "( and| and also|, and|, then| and then| plus| as well as| together with)"
    text_rest = "".join(f"{',' if n < len(tail) - 1 else join} {t}" for n, t in enumerate(tail))
    show = "(print|show|show me|tell me|give me|report|output|say|return)"
    match rng.randrange(5):
        case 0:
            steps = "".join(f", then {noun}" for noun in tail)
            text = order(rng, f"{show} first {put(first, AT)}{steps}", slots)
        case 1:
            here = put(first, "(|there)", "it")
            text = order(rng, f"{tool.do} {{path}} and {show} {here}{text_rest}", slots)
        case 2:
            numbers = "(two|both|two things|these two)" if len(asked) == 2 else "(three things)"
            text = order(rng, f"{show} {numbers}: {put(first, AT)}{text_rest}", slots)
        case 3:
            question = put(rng.choice(asked[0].questions), AT)
            more = "".join(f", and {t}" for t in tail)
            text = ask(rng, f"{question}{more}", slots)
        case _:
            text = order(rng, f"{show} {put(first, AT)}{text_rest}", slots)
    body = f"print({', '.join(one.expression for one in asked)})"
    fields = tuple(field for one in asked for field in one.fields)
    return _told(rng, tool, text), body, fields


def _value_and_list(rng: Random, names: Names, tool: Tool, slots: dict[str, str]) -> Asked:
    """Return a request for a value of the result and then for its items."""
    value = rng.choice(values(tool))
    chosen = selection(rng, names, tool, filtered=0.4)
    picked = tuple(rng.sample(TYPED_ITEMS[tool.name][1], k=rng.choice((1, 2, 2))))
    one = _series([FIELDS[f] for f in picked])
    noun = put(rng.choice(value.nouns[:2]), AT)
    items = f"the {one} {_OF_EACH} {chosen.singular}"
    text = order(
        rng,
        rng.choice(
            (
                (
                    f"{SHOW} {noun}(, and then|, then|; then|. then {SHOW}|, and after it|, "
                    "followed by) "
                    f"{items}"
                ),
                f"(first|to start with,) {SHOW} {noun}, (and |)(then|below it|after that) {items}",
                f"{SHOW} {noun} and below (it|that) {items}",
            )
        ),
        slots,
    )
    body = f"{value.code}\n{loop_code(tool, chosen, printed(tool, picked))}"
    return _told(rng, tool, text), body, (*value.fields, *read(tool, chosen.fields, picked))
