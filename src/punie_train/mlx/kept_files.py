"""What a fused or quantized model must have in common with the model it was made from."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from punie_train.core.errors import ArtifactError
from punie_train.mlx.convert_job import ConversionError
from punie_train.mlx.fingerprints import chat_template

CONFIG = "config.json"
GENERATION_CONFIG = "generation_config.json"
KEPT_PATTERNS = (
    "tokenizer*",
    "vocab*",
    "merges.txt",
    "special_tokens_map.json",
    "added_tokens.json",
    "chat_template*",
    "*.tiktoken",
    "*.model",
    "*.py",
    "preprocessor_config.json",
    GENERATION_CONFIG,
    "LICENSE*",
    "LICENCE*",
    "NOTICE*",
)
"""Everything that is neither weights nor config.json: mlx-lm would write the tokenizer anew."""

_MAY_DIFFER = {"_name_or_path", "eos_token_id", "quantization", "quantization_config"}
_DROPPED_BY_MLX = {"vision_config"}


def copy_kept(source: Path, made: Path) -> tuple[str, ...]:
    """Copy tokenizer, template, generation config and licence; return the names in order."""
    names = sorted({file.name for file in _kept(source)})
    for name in names:
        shutil.copyfile(source / name, made / name)
    return tuple(names)


def check_kept(source: Path, made: Path) -> None:
    """Raise ConversionError where the new model would stop, be asked or be read otherwise (F54)."""
    if wrong := [*differences(source, made)]:
        raise ConversionError(
            f"the new model differs from {source} in {'; '.join(wrong)}",
            "it would not be asked or not stop as the model it was made from",
            "Report this with the versions of punie-train and mlx-lm",
            failure="F54",
        )


def differences(source: Path, made: Path) -> Iterator[str]:
    """Yield, in words, what was not kept: files, the chat template, the end tokens, the config."""
    for file in _kept(source):
        there = made / file.name
        if not there.is_file():
            yield f"{file.name}, which is missing"
        elif there.read_bytes() != file.read_bytes():
            yield f"the contents of {file.name}"
    if chat_template(source) != chat_template(made):
        yield "its chat template"
    old, new = eos_tokens(source), eos_tokens(made)
    if old != new:
        yield f"its end tokens, {sorted(new)} instead of {sorted(old)}"
    before, after = _read(source / CONFIG), _read(made / CONFIG)
    for key, value in before.items():
        if key in _MAY_DIFFER or (key in _DROPPED_BY_MLX and key not in after):
            continue
        if after.get(key) != value:
            yield f"{key} of config.json"


def eos_tokens(directory: Path) -> frozenset[int]:
    """Return the ids that end a reply, as mlx-lm finds them: generation_config.json comes first.

    Raises ArtifactError when config.json cannot be read.
    """
    generation = directory / GENERATION_CONFIG
    found = _read(generation).get("eos_token_id") if generation.is_file() else None
    found = found or _read(directory / CONFIG).get("eos_token_id")
    match found:
        case int():
            return frozenset({found})
        case list():
            return frozenset(found)
        case _:
            return frozenset()


def _kept(source: Path) -> Iterator[Path]:
    for pattern in KEPT_PATTERNS:
        yield from (path for path in sorted(source.glob(pattern)) if path.is_file())


def _read(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, Mapping):
            return found
        reason = "it is not an object"
    except (OSError, ValueError) as error:
        reason = str(error)
    raise ArtifactError(
        f"{path} cannot be read ({reason})",
        "nobody knows when the model stops",
        "Restore the file, or fetch the model again",
    )
