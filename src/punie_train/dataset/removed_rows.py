"""`removed.jsonl`: every row that an operation took out, with its place and the reason."""

import base64
import json
from typing import Any

from punie_train.dataset.rows import Row

_encode = json.JSONEncoder(separators=(",", ":")).encode


def removed_line(row: Row, *, name: str, reason: str) -> bytes:
    """Return the line of a removed row; its own bytes stand in it as the value of `example`."""
    return _head(row, name, reason) + b',"example":' + row.raw.strip() + b"}"


def unreadable_line(row: Row, *, name: str, reason: str) -> bytes:
    r"""Return the line of a row that is no JSON object, as text in `raw`.

    Bytes that are not UTF-8 are shown as `\xff`, and `base64` then holds the line as it was.
    """
    value = {"raw": row.raw.decode(errors="backslashreplace")}
    if value["raw"].encode() != row.raw:
        value["base64"] = base64.b64encode(row.raw).decode()
    return _head(row, name, reason) + b"," + _dump(value)[1:]


def _head(row: Row, name: str, reason: str) -> bytes:
    place = {"split": row.split.name, "line": row.line, "filter": name, "reason": reason}
    return _dump(place)[:-1]


def _dump(value: dict[str, Any]) -> bytes:
    return _encode(value).encode()
