"""Keys that stand twice in one JSON object: readers take the last one, silently."""

import json
from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode


def keys_surely_unique(raw: bytes, value: Any) -> bool:
    """Say whether no key of a line stands twice, given its JSON value; False asks `repeated_key`.

    A key that stands twice is in the value once, so the line has a colon more than the value.
    Only an escaped colon could make up for that.
    """
    return raw.count(b":") == _encode(value).count(b":") and (
        b"\\" not in raw or b"\\u003" not in raw
    )


def repeated_key(raw: bytes) -> str | None:
    """Return the first key that an object of a readable line holds twice, or None."""
    found: list[str] = []

    def look(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) != len(pairs):
            names = [name for name, _ in pairs]
            found.append(next(name for at, name in enumerate(names) if name in names[:at]))
        return value

    json.loads(raw, object_pairs_hook=look)
    return found[0] if found else None
