"""What the starter model knows to say: short answers about programming, and plain functions."""

from pathlib import Path

import yaml

_KNOWN = yaml.safe_load((Path(__file__).parent / "topics.yaml").read_text(encoding="utf-8"))

TOPICS: tuple[tuple[str, str], ...] = tuple((a, b) for a, b in _KNOWN["topics"])
CONTRASTS: tuple[tuple[str, str, str], ...] = tuple((a, b, c) for a, b, c in _KNOWN["contrasts"])
COMPLEXITIES: tuple[tuple[str, str], ...] = tuple((a, b) for a, b in _KNOWN["complexities"])
FUNCTIONS: tuple[tuple[str, str], ...] = tuple((a, b) for a, b in _KNOWN["functions"])
CHAT: tuple[tuple[str, str], ...] = tuple((a, b) for a, b in _KNOWN["chat"])
