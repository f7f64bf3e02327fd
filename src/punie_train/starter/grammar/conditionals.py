"""Requests that do one thing or another, depending on a result."""

from random import Random

from punie_train.starter.grammar.branches import Branch, branch, branched
from punie_train.starter.grammar.conditions import condition
from punie_train.starter.grammar.framing import finish, quoted
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.nouns import TOOLS
from punie_train.starter.grammar.requests import (
    AT,
    dotted,
    path_for,
    put,
    typed_sample,
    variable_code,
)
from punie_train.starter.grammar.samples import Sample


def conditional(rng: Random, names: Names) -> Sample:
    """Return a request that does one thing or another, depending on a result."""
    tool = rng.choice(TOOLS)
    path = path_for(names, tool)
    asked = condition(rng, tool)
    then = branch(rng, names, tool, good=asked.good)
    if asked.fields == ("parse_error",) and rng.random() < 0.6:
        words = "(print|show|show me|report|give me) (it|that|the error|that error|what it is)"
        then = Branch(words=words, code="print({r}.parse_error)")
    other = branch(rng, names, tool, good=not asked.good) if rng.random() < 0.75 else None
    at, test = AT, asked.test
    words = put(asked.words, at)
    pronoun = put(asked.words, "", "it")
    otherwise = (
        "(otherwise|otherwise|else|if not|or else|in the other case|if that is not so|in any "
        "other case)"
    )
    when = "(if|if|if|when|in case|provided|should it be that|as long as|whenever|assuming|suppose)"
    tail = f"(, |; |. |, |, and ){otherwise}(,|) {other.words}" if other else ""
    match rng.randrange(9):
        case 0 | 1 | 2:
            frame = f"{{b}}{when} {words}, (then |please |){then.words}{tail}(.|)"
        case 3:
            frame = f"{{b}}{then.words} {when} {words}{tail}(.|)"
        case 4 | 5:
            frame = (
                f"{{b}}{tool.do} {{path}}(. |; |, | and |: |, and ){when} {pronoun}, (then |"
                f"){then.words}{tail}(.|)"
            )
        case 6:
            so = "(if so|if yes|if it is so|if that is the case|if that holds|if true|yes)"
            frame = (
                f"(check|see|find out|look|verify|test) (whether|if) {words}(: |. |; |, and |, "
                f"){so}(,|) {then.words}{tail}(.|)"
            )
        case 7 if other:
            frame = (
                f"{{b}}{then.words} or {other.words}, (depending on|according to|based on) "
                f"whether {words}(| or not)(.|)"
            )
        case 8 if other:
            frame = f"{{b}}{other.words} unless {words}; in that case {then.words}(.|)"
        case _:
            frame = (
                f"{{b}}(unless|except when|except if) {put(asked.negated, at)}, "
                f"{then.words}{tail}(.|)"
            )
    text = finish(rng, frame, "", {"path": quoted(rng, path)})
    code = variable_code(tool, path, branched(test, then.code, other.code if other else ""))
    fields = asked.fields + then.fields + (other.fields if other else ())
    return typed_sample(text, code, ((tool, path),), dotted(tool, fields), "conditional")
