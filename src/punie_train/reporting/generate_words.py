"""What a run of `dataset generate` did, in a few lines."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_REASONS = {
    "not_proven": "code that does not run in the sandbox",
    "near_copies": "nearly the same as another row",
    "like_cases": "overlap with an evaluation case",
}


def generate_lines(manifest: Mapping[str, Any], output: Path) -> Iterator[str]:
    """Yield the lines about a generated dataset, from its manifest."""
    count = manifest["count"]
    kinds = f"{manifest['variants']} phrasing{'' if manifest['variants'] == 1 else 's'}"
    yield f"{count} row{'' if count == 1 else 's'} of kind {manifest['kind']}, {kinds}: {output}"
    splits = (
        f"{name.removesuffix('.jsonl')} {of['rows']}" for name, of in manifest["files"].items()
    )
    yield f"  splits: {', '.join(splits)}"
    categories = (f"{name} {number}" for name, number in manifest["categories"].items())
    yield f"  categories: {', '.join(categories)}"
    for key, words in _REASONS.items():
        if number := manifest["left_out"][key]:
            yield f"  left out: {number} ({words})"
    yield f"next: punie-train dataset validate {output}"
