"""JSON files that are whole or absent."""

import json
from pathlib import Path
from typing import Any

from punie_train.core.whole_files import write_text


def write_json(path: Path, value: Any) -> None:
    """Write `value` as indented JSON; raises OSError when the disk refuses, with nothing lost."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=2) + "\n")
