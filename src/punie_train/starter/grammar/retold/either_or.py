"""Requests with a case and its opposite, in any order of the clauses, over a result or its items.

A condition stands before or behind what it decides, once or twice, whole or as "if not".
"""

from random import Random

from punie_train.starter.grammar.branches import Branch, branch, branched, say
from punie_train.starter.grammar.comparisons import Condition, comparison
from punie_train.starter.grammar.conditions import condition
from punie_train.starter.grammar.framing import finish, quoted
from punie_train.starter.grammar.listing_parts import printed, read
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.nouns import FIELDS, TOOLS, Tool
from punie_train.starter.grammar.requests import AT, dotted, path_for, put, typed_sample
from punie_train.starter.grammar.requests import variable_code as on_variable
from punie_train.starter.grammar.samples import Sample
from punie_train.starter.grammar.selections import selection

_IF = "(if|if|if|when|in case|provided that|as long as|whenever|on condition that|given that)"
_NOT = (
    "(if not|otherwise|if it is not so|when not|else|if that is false|in the opposite case|failing "
    "that|or else|if that is not the case|in all other cases|if this is wrong)"
)
_SO = "(if so|if yes|if that is true|in that case|if it is so|then|when that holds)"
_BOTH = (
    "{b}{t} {if} {c}, and {o} {if} (it is|that is) not (so|the case|true)(.|)",
    "{b}{t} {if} {c}, and {o} (if not|when not|in the other case)(.|)",
    "{b}{o} {if} {n}, {t} {if} (it is otherwise|{c0})(.|)",
    (
        "{b}{o} (if it is (false|not true|wrong|not so) that|unless) {c}, (and |){t} if it is "
        "(true|so|right)(.|)"
    ),
    (
        "should it (be|turn out|be true|be the case|happen) that {c}, (please |i want you to "
        "|){t}(. |"
        "; |, ){not}, {o}(.|)"
    ),
    "{b}{t} when {c}; when not, {o}(.|)",
    "in case {c}, {t}, {not} {o}(.|)",
    "{b}{do} {path}(. |; |, and |: ){t} {if} {c0}, {o} {if} {n0}(.|)",
    "{b}{do} {path}(. |; |: ){o} {if} {n0}(, |. |; ){if} {c0}, {t}(.|)",
    (
        "(two cases|there are two outcomes|one of two things|it is simple): {c} - {t}; (if not|"
        "otherwise|{n0}) - {o}(.|)"
    ),
    "{c}? (then |if so, |yes: |){t}. (if not|no|otherwise)(,|:) {o}(.|)",
    "(either|) {t} or {o}: the first {if} {c}, the second (otherwise|if not|in the other case)(.|)",
    "{b}{if} {n}, {o}(. |; |, ){if} (it is the other way round|it is not so|{c0}), {t}(.|)",
    "(i want you to|you should|please) {t}, {if} {c}(. |; |, ){not}, (you should |please |){o}(.|)",
    "{b}(decide|look|check|see|find out): {c} or not(? |. )({so}, |yes: ){t}. ({not},|no:) {o}(.|)",
    (
        "(when you know|once it is clear|after you found out) whether {c}, {t} {so}(,|) and {o} "
        "(if not|otherwise)(.|)"
    ),
    "{b}{o}, (except|but not) {if} {c}; (then|in that case) {t}(.|)",
    (
        "{b}(let the answer|it should|what happens should) depend on whether {c}: {t} (if so|"
        "then), "
        "(if not|otherwise|else) {o}(.|)"
    ),
)
_ONE = (
    "{b}{t}, but only {if} {c}(.|)",
    "{b}{t}. (only {if} {c}, though|but just {if} {c}|do it only {if} {c})(.|)",
    "(only|just|solely) {if} {c}, (please |){t}(.|)",
    "should it (be|turn out|be the case) that {c}, (please |){t}(.|)",
    "{b}{do} {path} and {t}(, but|,|) only {if} {c0}(.|)",
    "{b}(do not|don't) (print|say|do) (anything|a thing) (unless|except when) {c}; {so}, {t}(.|)",
    "{c}? (then|in that case|if so) {t}(.|)",
    "{b}{t}, (given|assuming|supposing) {c}(.|)",
)
_WORDS = (
    "{b}{v} {x} {if} {c}, {y} (if not|otherwise|if it is not so)(.|)",
    "{b}{v} {y} {if} {n} and {x} (if not|otherwise|in the other case)(.|)",
    "{b}{v} {x} or {y}, depending on whether {c}(| or not)(.|)",
    "{b}{v} (either |){x} or {y}: {x} {if} {c}, {y} (if not|otherwise)(.|)",
    (
        "{x} {if} {c}, {y} (if not|otherwise|else)(: | - )that is (all i want to read|what "
        "to print)"
        "(.|)"
    ),
    (
        "(the word|the text|the answer) (is|should be|has to be) {x} {if} {c}, (and |){y} "
        "(if not|otherwise)(.|)"
    ),
    "{b}(is it|would you print) {x} or {y}? {x} means that {c}(.|)",
    "{b}{do} {path}(. |; |, and |: ){v} {x} {if} {c0}, {y} (if not|otherwise|else)(.|)",
    "{b}{v} {x}, but {y} {if} {n}(.|)",
)
_SPLIT = (
    (
        "(go through|loop over|walk through|for each of|for every one of|take) (all |)the {items} "
        "{at}(: |, and |; | and )(for|of) {those} print {one}, (for|of) (the others|all others|the "
        "rest|the remaining ones) {two}(.|)"
    ),
    (
        "{b}(print|show|list|give me) {one} (of|for) {those} {at}(, but |, and |; ){two} (of|for) "
        "(all the others|the rest|every other one|the remaining ones)(.|)"
    ),
    (
        "{b}for each {item} {at}, print {one} if it is one of {those}, (otherwise|else|if not) "
        "(print |){two}(.|)"
    ),
    (
        "{b}{do} {path}(. |; |, and ){those} (should be shown|are to be printed|come) with {one}, "
        "(the others|all the rest|everything else) with {two}(.|)"
    ),
)


def _either(rng: Random, tool: Tool) -> Condition:
    if rng.random() < 0.12:
        return comparison(rng, tool)
    return condition(rng, tool)


def _branch(rng: Random, names: Names, tool: Tool, asked: Condition, *, good: bool) -> Branch:
    if asked.fields == ("parse_error",) and not good and rng.random() < 0.5:
        words = "(print|show|report|tell me) (the parse error|what the error is|the parsing error)"
        return Branch(words=words, code="print({r}.parse_error)", fields=("parse_error",))
    return branch(rng, names, tool, good=good)


def _filled(frame: str, tool: Tool, asked: Condition, parts: dict[str, str]) -> str:
    values = {
        "{c}": put(asked.words, AT),
        "{n}": put(asked.negated, AT),
        "{c0}": put(asked.words, "", "it"),
        "{n0}": put(asked.negated, "", "it"),
        "{if}": _IF,
        "{not}": _NOT,
        "{so}": _SO,
        "{do}": tool.do,
        **parts,
    }
    for key, value in values.items():
        frame = frame.replace(key, value)
    return frame


def either_or(rng: Random, names: Names) -> Sample:
    """Return a request for one thing in one case and, mostly, another in the other."""
    kind = rng.random()
    if kind < 0.12:
        return split_items(rng, names)
    tool = rng.choice(TOOLS)
    path = path_for(names, tool)
    asked = _either(rng, tool)
    fields = asked.fields
    if kind < 0.4:
        _, then = say(rng, names, good=asked.good)
        other = then
        while other == then:
            _, other = say(rng, names, good=not asked.good)
        shown = {key: code[7:-2] for key, code in (("{x}", then), ("{y}", other))}
        parts = {key: quoted(rng, text, always=True) for key, text in shown.items()}
        verb = "(print|print|say|write|report|answer|output|reply|just say|tell me|only print)"
        text = _filled(rng.choice(_WORDS), tool, asked, {**parts, "{v}": verb})
    else:
        good = _branch(rng, names, tool, asked, good=asked.good)
        bad = _branch(rng, names, tool, asked, good=not asked.good)
        while bad.code == good.code:
            bad = _branch(rng, names, tool, asked, good=not asked.good)
        both = kind < 0.86
        frame = rng.choice(_BOTH if both else _ONE)
        text = _filled(frame, tool, asked, {"{t}": good.words, "{o}": bad.words})
        then, other = good.code, bad.code if both else ""
        fields += good.fields + (bad.fields if both else ())
    code = on_variable(tool, path, branched(asked.test, then, other))
    return typed_sample(
        finish(rng, text, "", {"path": quoted(rng, path)}),
        code,
        ((tool, path),),
        dotted(tool, fields),
        "conditional",
    )


def split_items(rng: Random, names: Names) -> Sample:
    """Return a request that looks at some of the items in one way and at the others in another."""
    tool = rng.choice(TOOLS)
    path = path_for(names, tool)
    chosen = selection(rng, names, tool, filtered=1.0)
    while not chosen.condition:
        chosen = selection(rng, names, tool, filtered=1.0)
    usable = [field for field in FIELDS if field in tool.default or field in ("duration", "column")]
    usable = [f for f in usable if (f in ("name", "outcome", "duration")) == (tool.item == "test")]
    usable = [field for field in usable if field not in chosen.fields]
    one, two = rng.sample(usable, k=2)
    both = (two, one) if rng.random() < 0.3 else (two,)
    frame = (
        rng.choice(_SPLIT)
        .replace("{do}", tool.do)
        .replace("{items}", tool.plural)
        .replace("{item}", tool.singular)
        .replace("{those}", f"(the |){chosen.plural}")
        .replace("{at}", AT)
        .replace("{one}", f"(the|their|its) {FIELDS[one]}")
        .replace("{two}", " and ".join(f"(the|their|its) {FIELDS[field]}" for field in both))
    )
    test = chosen.condition.replace("{i}", tool.item)
    body = branched(test, printed(tool, (one,)), printed(tool, both)).replace("\n", "\n    ")
    return typed_sample(
        finish(rng, frame, "", {"path": quoted(rng, path)}),
        on_variable(tool, path, f"for {tool.item} in {{r}}.{tool.items}:\n    {body}"),
        ((tool, path),),
        dotted(tool, read(tool, chosen.fields, (one,), both)),
        "conditional",
    )
