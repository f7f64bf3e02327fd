"""What is written beside an adapter: what it was trained from, on and with."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from punie_train.core.errors import ArtifactError
from punie_train.core.json_files import write_json

MANIFEST_NAME = "manifest.json"
STARTER = "starter"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterManifest:
    """The origin of an adapter.

    `base_model` is `starter` for the shipped model, else a path or a repository. Fingerprints and
    hashes are hexadecimal SHA-256. `parameters` are as asked for, `versions` by package.
    `best_iteration` is that of the weights kept; `complete` is False until training has ended.
    """

    base_model: str
    base_fingerprint: str
    template_hash: str
    data: str
    data_hash: str
    parameters: Mapping[str, Any]
    seed: int
    versions: Mapping[str, str]
    best_iteration: int | None = None
    complete: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)


def write_manifest(directory: Path, manifest: AdapterManifest) -> None:
    """Write the manifest of an adapter directory; raises OSError when the disk refuses."""
    values = asdict(manifest)
    write_json(directory / MANIFEST_NAME, {**values.pop("extra"), **values})


def read_manifest(directory: Path) -> AdapterManifest | None:
    """Return the manifest of an adapter directory, or None when it has none.

    Keys that are not fields are kept in `extra`. Raises ArtifactError when it cannot be read.
    """
    path = directory / MANIFEST_NAME
    known = {item.name for item in fields(AdapterManifest)} - {"extra"}
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        extra = {key: value for key, value in values.items() if key not in known}
        own = {key: value for key, value in values.items() if key in known}
        return AdapterManifest(**own, extra=extra)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ArtifactError(
            f"{path} cannot be read ({error})",
            "it is not known which model this adapter belongs to",
            "Restore the file, or train the adapter again",
        ) from error
