"""The syntax of versions newer than the running interpreter, one rule per construct."""

import sys

from punie_train.dataset.python_constructs import Version
from punie_train.dataset.python_rewrites import Rewriting, Statement, closing
from punie_train.dataset.python_tokens import Kind, Token

RUNNING: Version = sys.version_info[:2]


def rewrite_newer(statement: Statement, into: Rewriting, running: Version = RUNNING) -> None:
    """Add to `into` the constructs of one statement that `running` does not know yet."""
    words = [token.text for token in statement[:3]]
    if running < (3, 13):
        if running < (3, 12):
            _formatted(statement, into)
        if words[0] in ("def", "class") or words[:2] == ["async", "def"]:
            name = 2 if words[0] == "async" else 1
            _type_parameters(statement, name + 1, into)
        elif words[0] == "type" and len(words) > 2 and words[2] in ("=", "["):
            _type_statement(statement, into, running)
    if running < (3, 15) and words[0] == "lazy" and words[1:2] in (["import"], ["from"]):
        into.name("lazy import", statement[0], since=(3, 15))
        into.replace(statement[0], statement[1], statement[1].text)
    if running < (3, 14):
        for token in statement:
            if token.kind is Kind.FORMATTED and _is_template(token):
                into.name("template string", token, since=(3, 14))
                into.replace(token, token, "''")


def _formatted(statement: Statement, into: Rewriting) -> None:
    for token in statement:
        if token.kind is Kind.FORMATTED and token.nested and not _is_template(token):
            into.name("f-string with nested quotes", token, since=(3, 12))
            into.replace(token, token, "''")


def _is_template(token: Token) -> bool:
    return "t" in token.text[:2].lower().split("'")[0].split('"')[0]


def _type_statement(statement: Statement, into: Rewriting, running: Version) -> None:
    if running < (3, 12):
        into.name("type statement", statement[0], since=(3, 12))
        into.replace(statement[0], statement[1], statement[1].text)
    _type_parameters(statement, 2, into)


def _type_parameters(statement: Statement, at: int, into: Rewriting) -> None:
    if at >= len(statement) or statement[at].text != "[":
        return
    end = closing(statement, at)
    depth = statement[at].depth + 1
    assigned = next((t for t in statement[at:end] if t.text == "=" and t.depth == depth), None)
    into.name("type parameters", statement[at], since=(3, 12))
    if assigned:
        into.name("default of a type parameter", assigned, since=(3, 13))
    into.replace(statement[at], statement[end], "")
