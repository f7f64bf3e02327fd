"""Secrets and generator's marks taken out of a row, with a report that shows none of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from punie_train.dataset.markers import find_markers, may_be_marked
from punie_train.dataset.secret_patterns import SecretKind, find_secrets


@dataclass(frozen=True, slots=True)
class Redaction:
    """What was taken out: its kind, and its place as a path into the row's JSON with a line.

    `messages[2].content line 4`; lines of the string count from 1.
    """

    kind: str
    place: str


@dataclass(frozen=True, slots=True)
class RedactedRow:
    """A row after redaction; without redactions `row` is the very object that came in."""

    row: Mapping[str, Any]
    redactions: tuple[Redaction, ...]


TRAINED_ON = ("messages", "text", "prompt", "completion", "tools")
MOST_KNOWN = 100
"""Secrets of one row that are looked for again, so that a row of secrets takes no hours."""
PLAIN_KEY = re.compile(r"\w{1,30}")
CONTROL = re.compile(r"<\|im_start\|>\w*\n?|<\|im_end\|>")


def redact_row(
    row: Mapping[str, Any], *, secrets: bool = True, markers: bool = True
) -> RedactedRow:
    """Replace secrets by placeholders anywhere, and take marks out of what a row trains on.

    A secret that is found in one place goes wherever it stands in the row, also where nothing names
    it. Strings are changed after parsing, and placeholders are letters and underscores, so JSON,
    and code inside of strings, stay well-formed. Keys stay, marks in tools and in tool results too.
    """
    redactor = _Redactor(secrets=secrets, markers=markers)
    changed = redactor.row(row)
    if redactor.known:
        changed = redactor.row(changed, again=True)
    return RedactedRow(changed if redactor.found else row, tuple(redactor.found))


def is_clean(row: Mapping[str, Any]) -> bool:
    """Say whether `redact_row` finds nothing in a row, without naming places."""
    return all(
        _is_clean(value, key if key not in TRAINED_ON else "", markers=_may_be_marked(key))
        for key, value in row.items()
    )


def _may_be_marked(key: str) -> bool:
    """Say whether marks are taken out of a value of a row: where it is trained on."""
    return key in TRAINED_ON and key != "tools"


def _is_clean(value: Any, name: str, *, markers: bool) -> bool:
    if isinstance(value, str):
        return not find_secrets(value, name) and not (
            markers
            and may_be_marked(value)
            and any(find_markers(turn) for _, turn in _turns(value))
        )
    if isinstance(value, dict):
        markers = markers and value.get("role") != "tool"
        return all(_is_clean(one, key, markers=markers) for key, one in value.items())
    return not isinstance(value, list) or all(_is_clean(one, "", markers=markers) for one in value)


def placeholder(kind: SecretKind) -> str:
    """Return what is written in place of a secret, such as `REDACTED_AWS_KEY`."""
    return f"REDACTED_{kind.upper().replace(' ', '_')}"


class _Redactor:
    """Walks through a value and remembers what it took out."""

    def __init__(self, *, secrets: bool, markers: bool) -> None:
        self.secrets, self.markers = secrets, markers
        self.found: list[Redaction] = []
        self.known: dict[str, SecretKind] = {}
        self.again: re.Pattern[str] | None = None

    def row(self, row: Mapping[str, Any], *, again: bool = False) -> Mapping[str, Any]:
        """Redact a row; `again` takes out what is known to be a secret, and nothing else."""
        if again:
            longest_first = sorted(list(self.known)[:MOST_KNOWN], key=len, reverse=True)
            self.again = re.compile(
                rf"(?<![^\W_])(?:{'|'.join(map(re.escape, longest_first))})(?![^\W_])"
            )
        return {
            key: self.value(
                value,
                _shown(key),
                markers=self.markers and _may_be_marked(key),
                name="" if key in TRAINED_ON else key,
            )
            for key, value in row.items()
        }

    def value(self, value: Any, place: str, *, markers: bool, name: str = "") -> Any:
        match value:
            case str():
                return self.text(value, place, markers=markers, name=name)
            case dict():
                markers = markers and value.get("role") != "tool"
                return {
                    key: self.value(one, f"{place}.{_shown(key)}", markers=markers, name=key)
                    for key, one in value.items()
                }
            case list():
                return [
                    self.value(one, f"{place}[{index}]", markers=markers)
                    for index, one in enumerate(value)
                ]
            case _:
                return value

    def text(self, text: str, place: str, *, markers: bool, name: str) -> str:
        if self.again is not None:
            return "".join(self.pieces(text, self.copies(text, self.again), place))
        if self.secrets and (spans := find_secrets(text, name)):
            edits = [(one.kind, one.start, one.end, placeholder(one.kind)) for one in spans]
            self.known |= {text[one.start : one.end]: one.kind for one in spans}
            text = "".join(self.pieces(text, edits, place))
        if markers and may_be_marked(text):
            marks = [
                (one.kind, offset + one.start, offset + one.end, one.replacement)
                for offset, turn in _turns(text)
                for one in find_markers(turn)
            ]
            if marks:
                text = "".join(self.pieces(text, marks, place))
        return text

    def copies(self, text: str, secret: re.Pattern[str]) -> list[tuple[str, int, int, str]]:
        found = ((match.span(), self.known[match[0]]) for match in secret.finditer(text))
        return [(kind, start, end, placeholder(kind)) for (start, end), kind in found]

    def pieces(
        self, text: str, edits: Sequence[tuple[str, int, int, str]], place: str
    ) -> Iterator[str]:
        end, line = 0, 1
        for kind, start, stop, replacement in edits:
            line += text.count("\n", end, start)
            self.found.append(Redaction(str(kind), f"{place} line {line}"))
            yield text[end:start]
            yield replacement
            line += text.count("\n", start, stop)
            end = stop
        yield text[end:]


def _turns(text: str) -> Iterator[tuple[int, str]]:
    """Yield the stretches between the control tokens of ChatML, with where they start."""
    start = 0
    for control in CONTROL.finditer(text):
        yield start, text[start : control.start()]
        start = control.end()
    yield start, text[start:]


def _shown(key: str) -> str:
    """Return a key for a report; one that could be a secret itself is not shown."""
    return key if PLAIN_KEY.fullmatch(key) else "?"
