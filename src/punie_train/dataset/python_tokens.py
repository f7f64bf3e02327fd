"""Tokens of Python text of any version, 2.7 to the newest, whatever interpreter runs this.

The standard `tokenize` refuses what its own interpreter refuses; this one does not. It keeps no
comment and no white space, and time is linear in the length of the text.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

_IN_LINE = re.compile(r"(?:[ \t\f]++|\\\n|#[^\n]*+)*+")
_IN_BRACKETS = re.compile(r"(?:[ \t\f\n]++|\\\n|#[^\n]*+)*+")
_NAME = re.compile(r"(?:[^\W\d]|[^\x00-\x7f])(?:\w|[^\x00-\x7f])*+")
_NUMBER = re.compile(
    r"0[xX][\da-fA-F_]++[lL]?|0[bB][01_]++[lL]?|0[oO][0-7_]++[lL]?"
    r"|(?:\d[\d_]*+\.?[\d_]*+|\.\d[\d_]*+)(?:[eE][+-]?\d[\d_]*+)?[jJlL]?"
)
_OPERATOR = re.compile(
    r"\.\.\.|\*\*=?|//=?|>>=?|<<=?|!=|->|:=|<>|[-+*/%&|^=<>@]=?|[()\[\]{},:.;~`!]"
)
_PLAIN_ENDS = {
    "'": re.compile(r"[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'", re.DOTALL),
    '"': re.compile(r'[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"', re.DOTALL),
    "'''": re.compile(r"(?:[^'\\]++|\\.|'(?!''))*+'''", re.DOTALL),
    '"""': re.compile(r'(?:[^"\\]++|\\.|"(?!""))*+"""', re.DOTALL),
}
_LITERAL = re.compile(r"""[^'"{}\\\n]++""")
_PREFIXES = frozenset(("r", "u", "b", "ur", "br", "rb"))
_FORMATTED_PREFIXES = frozenset(("f", "fr", "rf", "t", "tr", "rt"))
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_DEEPEST = 12


class Kind(Enum):
    """What a token is; FORMATTED is an f-string or t-string, NEWLINE the end of a statement."""

    NAME = auto()
    NUMBER = auto()
    STRING = auto()
    FORMATTED = auto()
    OPERATOR = auto()
    NEWLINE = auto()


@dataclass(slots=True)
class Token:
    """A token, its text, where it starts (offset in characters) and how deep in brackets.

    A bracket has the depth of what is around it. Of a FORMATTED token, `fields` are the offsets of
    its expressions, `nested` says that it needs the nesting rules of 3.12, and `debug` that a
    field ends with `=`.
    """

    kind: Kind
    text: str
    start: int
    depth: int = 0
    fields: tuple[tuple[int, int], ...] = ()
    nested: bool = False
    debug: bool = False

    @property
    def end(self) -> int:
        """The offset after the last character."""
        return self.start + len(self.text)


class UnreadableError(Exception):
    """No version of Python has such a token."""


def read_tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the tokens of `text[start:end]`, with offsets in `text`.

    Line ends are line feeds. Raises UnreadableError where no token can be read, and for a bracket
    that closes nothing or is never closed.
    """
    tokens: list[Token] = []
    depth, end = 0, len(text) if end is None else end
    while True:
        start = _after_gap(text, start, bool(depth))
        if start >= end:
            break
        if text[start] == "\n":
            if tokens and tokens[-1].kind is not Kind.NEWLINE:
                tokens.append(Token(Kind.NEWLINE, "\n", start))
            start += 1
            continue
        token = _token(text, start, 0)
        if token.kind is Kind.OPERATOR:
            if token.text in _CLOSING:
                depth -= 1
            token.depth = depth
            if token.text in _OPENING:
                depth += 1
            if depth < 0:
                raise UnreadableError
        else:
            token.depth = depth
        tokens.append(token)
        start = token.end
    if depth:
        raise UnreadableError
    return tokens


def _after_gap(text: str, start: int, in_brackets: bool) -> int:
    match = (_IN_BRACKETS if in_brackets else _IN_LINE).match(text, start)
    return match.end() if match else start


def _token(text: str, start: int, level: int) -> Token:
    if match := _NAME.match(text, start):
        quote = text[match.end() : match.end() + 1]
        if quote and quote in "'\"":
            prefix = match.group().lower()
            if prefix in _PREFIXES:
                return _string(text, start, match.end())
            if prefix in _FORMATTED_PREFIXES:
                return _formatted(text, start, match.end(), level)
        return Token(Kind.NAME, match.group(), start)
    if text[start] in "'\"":
        return _string(text, start, start)
    if match := _NUMBER.match(text, start):
        return Token(Kind.NUMBER, match.group(), start)
    if match := _OPERATOR.match(text, start):
        return Token(Kind.OPERATOR, match.group(), start)
    raise UnreadableError


def _quote(text: str, at: int) -> str:
    return text[at] * 3 if text.startswith(text[at] * 3, at) else text[at]


def _string(text: str, start: int, at: int) -> Token:
    quote = _quote(text, at)
    match = _PLAIN_ENDS[quote].match(text, at + len(quote))
    if not match:
        raise UnreadableError
    return Token(Kind.STRING, text[start : match.end()], start)


def _formatted(text: str, start: int, at: int, level: int) -> Token:
    if level > _DEEPEST:
        raise UnreadableError
    quote = _quote(text, at)
    reader = _FieldReader(text, quote, "r" in text[start:at].lower(), level)
    end = reader.literal(at + len(quote), 0)
    return Token(
        Kind.FORMATTED,
        text[start:end],
        start,
        fields=tuple(reader.fields),
        nested=reader.nested,
        debug=reader.debug,
    )


class _FieldReader:
    """Walks one f-string; `fields`, `nested` and `debug` as in Token."""

    def __init__(self, text: str, quote: str, raw: bool, level: int) -> None:
        self._text, self._quote, self._raw, self._level = text, quote, raw, level
        self.fields: list[tuple[int, int]] = []
        self.nested = self.debug = False

    def literal(self, at: int, spec: int) -> int:
        """Return the offset after the closing quote, or in a format spec of its closing brace."""
        text, quote = self._text, self._quote
        while True:
            if match := _LITERAL.match(text, at):
                at = match.end()
            found = text[at : at + 1]
            if not found or (found == "\n" and len(quote) == 1):
                raise UnreadableError
            if found == "\\":
                at = self._after_backslash(at)
            elif text.startswith(quote, at):
                if spec:
                    raise UnreadableError
                return at + len(quote)
            elif found == "{":
                at = at + 2 if text[at + 1 : at + 2] == "{" and not spec else self._field(at, spec)
            elif found == "}" and spec:
                return at
            else:
                at += 1

    def _after_backslash(self, at: int) -> int:
        if not self._raw and self._text.startswith("\\N{", at):
            closing = self._text.find("}", at)
            if closing < 0:
                raise UnreadableError
            return closing + 1
        return at + (1 if self._text[at + 1 : at + 2] in ("{", "}") else 2)

    def _field(self, at: int, spec: int) -> int:
        if spec > _DEEPEST:
            raise UnreadableError
        start = at + 1
        end = self._expression(start)
        self.fields.append((start, end))
        source = self._text[start:end]
        if spec > 1 or "\\" in source or self._quote in source:
            self.nested = True
        if len(self._quote) == 1 and "\n" in source:
            self.nested = True
        text = self._text
        if text[end] == "!":
            match = _NAME.match(text, end + 1)
            named = match.end() if match else end + 1
            end = _after_gap(text, named, True)
            self.nested = self.nested or end > named
        if text[end : end + 1] == ":":
            end = self.literal(end + 1, spec + 1)
        if text[end : end + 1] != "}":
            raise UnreadableError
        return end + 1

    def _expression(self, at: int) -> int:
        text, depth, last = self._text, 0, ""
        while True:
            after = _after_gap(text, at, True)
            if "#" in text[at:after]:
                self.nested = True
            at = after
            if at >= len(text):
                raise UnreadableError
            token = _token(text, at, self._level + 1)
            self.nested = self.nested or token.nested
            self.debug = self.debug or token.debug
            if token.kind is Kind.OPERATOR:
                if not depth and token.text in ("}", ":", ":=", "!"):
                    self.debug = self.debug or last == "="
                    return at
                if token.text in _OPENING:
                    depth += 1
                elif token.text in _CLOSING:
                    depth -= 1
            last = token.text
            at = token.end
