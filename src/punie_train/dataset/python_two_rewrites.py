"""The syntax of Python 2 that Python 3 refuses, one rule per construct."""

import ast
import re
from collections.abc import Mapping

from punie_train.dataset.python_constructs import MEANT_ANEW, PYTHON_TWO, Version
from punie_train.dataset.python_rewrites import Rewriting, Statement, closing, commas
from punie_train.dataset.python_tokens import Kind, Token

_OPERATOR_WORDS = frozenset(("in", "is", "and", "or", "if", "else", "for", "as", "import"))
_WHOLE = re.compile(r"0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|\d+")
_OLD_OCTAL = re.compile(r"0[0-7]*[1-7][0-7]*[lL]?")
_FAR = 500
_STARTS = (Kind.STRING, Kind.FORMATTED, Kind.NUMBER)
_AFTER_NAMES = frozenset("=.,)]}:") | {"==", "!=", "is", "in", "and", "or", "if", ""}
NAMES_UNTIL: tuple[Mapping[str, Version], ...] = (
    {"async": (3, 6), "await": (3, 6)},
    {"True": PYTHON_TWO, "False": PYTHON_TWO, "None": PYTHON_TWO, "nonlocal": PYTHON_TWO},
)
"""Names that became keywords and the last version that has them as names; looked for in turn."""


def rewrite_python_two(statement: Statement, into: Rewriting) -> None:
    """Add to `into` the Python 2 constructs of one statement."""
    match statement[0].text:
        case "print" | "exec":
            _print_or_exec(statement, into)
        case "raise":
            _raise(statement, into)
        case "except":
            _except(statement, into)
        case "def":
            _parameters(statement, into)
    _tokens(statement, into)


def _print_or_exec(statement: Statement, into: Rewriting) -> None:
    if len(statement) == 1:
        return
    word, after = statement[0], statement[1]
    if word.text == "exec" and len(commas(statement)) > 1:
        return
    is_name = after.kind is Kind.NAME and after.text not in _OPERATOR_WORDS
    if is_name or after.kind in _STARTS or after.text in ("`", "{"):
        into.name(f"{word.text} statement", word, until=PYTHON_TWO)
        into.replace(word, word, "0,   "[: len(word.text)])


def _raise(statement: Statement, into: Rewriting) -> None:
    found = commas(statement)
    if found and len(found) < 3 and found[-1] != len(statement) - 1:
        into.name("raise E, V", statement[0], until=PYTHON_TWO)
        into.enclose(statement[1], statement[-1])


def _except(statement: Statement, into: Rewriting) -> None:
    found = commas(statement)
    if not found or any(token.text == "as" and not token.depth for token in statement):
        return
    starred = statement[1].text == "*"
    if starred or len(found) > 1 or not _is_target(statement[found[0] + 1 :]):
        into.name("except A, B without parentheses", statement[0], since=MEANT_ANEW)
    else:
        into.name("except E, e", statement[0], until=PYTHON_TWO, again=MEANT_ANEW)
    into.enclose(statement[2 if starred else 1], statement[-1])


def _is_target(tokens: Statement) -> bool:
    return bool(tokens) and (
        len(tokens) == 1
        or tokens[0].text in ("(", "[")
        or tokens[-1].text == "]"
        or any(token.text == "." and not token.depth for token in tokens)
    )


def _parameters(statement: Statement, into: Rewriting) -> None:
    opening = next((at for at, token in enumerate(statement) if token.text == "("), None)
    if opening is not None:
        _tuple_parameters(statement[opening : closing(statement, opening)], into, depth=1)


def _tuple_parameters(tokens: Statement, into: Rewriting, *, depth: int) -> None:
    for at in range(1, len(tokens)):
        token = tokens[at]
        if token.text == "(" and token.depth == depth and _starts_parameter(tokens, at, depth):
            into.name("tuple parameter", token, until=PYTHON_TWO)
            into.replace(token, tokens[closing(tokens, at)], f"_tuple_{token.start}")


def _starts_parameter(tokens: Statement, at: int, depth: int) -> bool:
    before = tokens[at - 1]
    return before.text in (",", "(", "lambda") and before.depth >= depth - 1


def _tokens(statement: Statement, into: Rewriting) -> None:
    brackets: list[str] = []
    for at, token in enumerate(statement):
        if token.kind is Kind.NUMBER:
            _number(token, into)
        elif token.kind is Kind.STRING:
            _string(token, statement[at - 1] if at else None, into)
        elif token.text in ("(", "[", "{"):
            brackets.append(token.text)
        elif token.text in (")", "]", "}"):
            brackets.pop()
        elif token.text == "lambda":
            _lambda(statement[at : at + _FAR], into)
        elif token.text == "for" and brackets[-1:] == ["["]:
            _loop_over_tuple(statement[at : at + _FAR], into)
        elif token.text == "<>":
            into.name("<>", token, until=PYTHON_TWO)
            into.replace(token, token, "!=")
    _backticks(statement, into)
    _joined_strings(statement, into)


def _backticks(statement: Statement, into: Rewriting) -> None:
    marks = [at for at, token in enumerate(statement) if token.text == "`"]
    for opened, closed in zip(marks[::2], marks[1::2], strict=False):
        if closed > opened + 1:
            into.name("backticks", statement[opened], until=PYTHON_TWO)
            into.replace(statement[opened], statement[opened], "(0,")
            into.replace(statement[closed], statement[closed], ")")


def _number(token: Token, into: Rewriting) -> None:
    digits = token.text
    if digits[-1] in "lL" and _WHOLE.fullmatch(digits[:-1]):
        into.name("long integer", token, until=PYTHON_TWO)
        digits = digits[:-1]
    if _OLD_OCTAL.fullmatch(digits):
        into.name("octal without 0o", token, until=PYTHON_TWO)
        digits = f"0o{digits[1:]}"
    if digits != token.text:
        into.replace(token, token, digits)


def _string(token: Token, before: Token | None, into: Rewriting) -> None:
    text = token.text
    quote_at = min(at for at in (text.find("'"), text.find('"')) if at >= 0)
    prefix = text[:quote_at].lower()
    if prefix == "ur":
        into.name("ur string", token, until=PYTHON_TWO)
    elif prefix in ("b", "br") and not text.isascii():
        into.name("bytes with characters beyond ASCII", token, until=PYTHON_TWO)
    elif not prefix and _has_old_escape(text):
        into.name("incomplete unicode escape", token, until=PYTHON_TWO)
    else:
        return
    if before is None or before.kind is not Kind.STRING:
        into.replace(token, token, "''")
    else:
        into.replace(token, token, " ")


def _has_old_escape(text: str) -> bool:
    """Return whether Python 3 refuses an escape that means nothing in the bytes of Python 2."""
    if not any(escape in text for escape in ("\\u", "\\U", "\\N")):
        return False
    return _is_literal(f"b{text}".encode("ascii", "replace").decode()) and not _is_literal(text)


def _is_literal(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return False
    return True


def _joined_strings(statement: Statement, into: Rewriting) -> None:
    run: list[Token] = []
    for token in (*statement, None):
        if token is not None and token.kind is Kind.STRING:
            run.append(token)
            continue
        if len({_is_bytes(each) for each in run}) > 1:
            into.name("bytes and text joined", run[0], until=PYTHON_TWO)
            into.replace(run[0], run[-1], "''")
        run = []


def _is_bytes(token: Token) -> bool:
    return "b" in token.text[:2].lower().split("'")[0].split('"')[0]


def _lambda(tokens: Statement, into: Rewriting) -> None:
    depth = tokens[0].depth
    nested = 0
    for at, token in enumerate(tokens[1:], start=1):
        if token.depth < depth:
            return
        if token.depth == depth:
            if token.text == "lambda":
                nested += 1
            elif token.text == ":":
                if not nested:
                    _tuple_parameters(tokens[:at], into, depth=depth)
                    return
                nested -= 1


def _loop_over_tuple(loop: Statement, into: Rewriting) -> None:
    """`[x for x in 1, 2]`, from its `for` on."""
    depth = loop[0].depth
    start = end = next(
        (at + 1 for at, token in enumerate(loop) if token.text == "in" and token.depth == depth),
        len(loop),
    )
    while end < len(loop) and not _ends_loop(loop[end], depth):
        end += 1
    part = loop[start:end]
    if commas(part, depth):
        into.name("[... for x in a, b]", loop[0], until=PYTHON_TWO)
        into.enclose(part[0], part[-1])


def _ends_loop(token: Token, depth: int) -> bool:
    return token.depth < depth or (token.depth == depth and token.text in ("for", "if"))


def rename_keywords(statement: Statement, into: Rewriting, words: Mapping[str, Version]) -> None:
    """Add to `into` those of the words, keywords by now, that are names: until which version."""
    for at, token in enumerate(statement):
        if token.kind is not Kind.NAME or token.text not in words:
            continue
        before = statement[at - 1].text if at else ""
        after = statement[at + 1].text if at + 1 < len(statement) else ""
        if _is_plain_name(token.text, before, after):
            into.name(f"{token.text} as a name", token, until=words[token.text])
            into.replace(token, token, f"{token.text}_")


def _is_plain_name(word: str, before: str, after: str) -> bool:
    if word == "None":
        return before == "."
    if before in (".", "def", "class", "import", "as"):
        return True
    if word == "async":
        return after not in ("def", "for", "with")
    if word in ("True", "False"):
        return True
    return after in (
        "",
        "=",
        ".",
        ",",
        ")",
        "]",
        "}",
        ":",
        "==",
        "!=",
        "is",
        "in",
        "and",
        "or",
        "if",
    )


def expand_tabs(tokens: Statement, into: Rewriting) -> None:
    """Add to `into` the indentation that mixes tabs and spaces, a tab reaching to 8 columns."""
    starts_line, named = True, False
    for token in tokens:
        if starts_line and token.kind is not Kind.NEWLINE:
            start = into.text.rfind("\n", 0, token.start) + 1
            indentation = into.text[start : token.start]
            if "\t" in indentation:
                if not named:
                    into.name("tabs and spaces mixed", token, until=PYTHON_TWO)
                    named = True
                into.edits.append((start, token.start, indentation.expandtabs(8)))
        starts_line = token.kind is Kind.NEWLINE
