"""JSON files that are whole or absent."""

import json
from pathlib import Path
from typing import Any

from punie_train.core.whole_files import write_text


def write_json(path: Path, value: Any) -> None:
    """Write `value` as indented JSON; raises OSError when the disk refuses, with nothing lost.

    Half of a surrogate pair, which stands for a byte in a path that is not UTF-8, is escaped.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    write_text(path, text.encode(errors="backslashreplace").decode())
