"""What is written beside a fused or quantized model: what it was made from, and how."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from punie_train.core.errors import ArtifactError
from punie_train.core.json_files import write_json
from punie_train.mlx.adapter_manifest import MANIFEST_NAME

Kind = Literal["fused", "quantized"]
KINDS: tuple[Kind, ...] = ("fused", "quantized")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelManifest:
    """The origin of a model that a command of ours has made.

    `source` is the model whose weights were converted. `base_model` and `adapter` are what the
    behaviour comes from, None where that is not known; for a fused model `source` and `base_model`
    are the same. Models are named as the user named them (`starter`, a path, a repository).
    Fingerprints and hashes are hexadecimal SHA-256; `parameters` are as asked for. `retention` says
    in a few numbers what is left of the adapter, retention.json in all. `complete` is always True:
    the manifest is written last.
    """

    kind: Kind
    source: str
    source_fingerprint: str
    base_model: str | None
    base_fingerprint: str | None
    adapter: str | None
    adapter_fingerprint: str | None
    fingerprint: str
    template_hash: str
    parameters: Mapping[str, Any]
    versions: Mapping[str, str]
    bits_per_weight: float
    peak_memory_gb: float
    retention: Mapping[str, float | int | None] = field(default_factory=dict)
    complete: bool = True


def write_model_manifest(directory: Path, manifest: ModelManifest) -> None:
    """Write the manifest of a model directory; raises OSError when the disk refuses."""
    write_json(directory / MANIFEST_NAME, asdict(manifest))


def read_model_manifest(directory: Path) -> ModelManifest | None:
    """Return the manifest of a model that we have made, None for any other directory.

    Raises ArtifactError when it is one of ours and cannot be understood.
    """
    path = directory / MANIFEST_NAME
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(values, dict) or values.get("kind") not in KINDS:
        return None
    known = {item.name for item in fields(ModelManifest)}
    try:
        return ModelManifest(**{key: value for key, value in values.items() if key in known})
    except TypeError as error:
        raise ArtifactError(
            f"{path} is not whole ({error})",
            "it is not known what this model was made from",
            "Restore the file, or make the model again",
        ) from error
