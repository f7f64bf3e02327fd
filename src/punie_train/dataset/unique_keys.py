"""Keys that stand twice in one JSON object: readers take the last one, silently."""

import json
from typing import Any


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
