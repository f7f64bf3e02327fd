"""Is a model or an adapter there, whole, and fit for the other? Refusals in words."""

import json
import re
from difflib import get_close_matches
from pathlib import Path

from punie_train.core.errors import ArtifactError
from punie_train.mlx.adapter_manifest import AdapterManifest, read_manifest
from punie_train.mlx.fingerprints import DigestCache, fingerprint
from punie_train.mlx.safetensors_reader import inspect_values

ADAPTER_FILES = ("adapter_config.json", "adapters.safetensors")
HUB_PATTERNS = ["*.json", "*.safetensors", "*.jinja", "*.model", "*.txt", "*.tiktoken", "*.py"]


def resolve_model(name_or_path: str | Path) -> Path:
    """Return the directory of a model: a local one, or a repository in the hub's cache.

    Nothing is downloaded. Raises ArtifactError when the model is not there or not whole.
    """
    path = Path(name_or_path).expanduser()
    directory = path.resolve() if path.is_dir() else _cached(str(name_or_path))
    if directory is None:
        raise ArtifactError(
            f"Model {name_or_path} is neither a directory nor in the hub cache",
            "there is nothing to load",
            f"{_suggestion(path)}Check the name{_fetching(str(name_or_path))}",
            failure="F03",
        )
    missing = [] if (directory / "config.json").is_file() else ["config.json"]
    if not any(directory.glob("*.safetensors")):
        missing.append("*.safetensors")
    if missing:
        raise ArtifactError(
            f"Model {directory} has no {' and no '.join(missing)}",
            "it cannot be loaded",
            "Check the path, or fetch the model again",
        )
    return directory


def _cached(repository: str) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import (
        HFValidationError,
        LocalEntryNotFoundError,
    )

    try:
        found = snapshot_download(repository, local_files_only=True, allow_patterns=HUB_PATTERNS)
    except (HFValidationError, LocalEntryNotFoundError, OSError):
        return None
    return Path(found)


def _fetching(name: str) -> str:
    is_repository = re.fullmatch(r"[\w-][\w.-]*/[\w.-]+", name) is not None
    return f", or fetch it first: hf download {name}" if is_repository else ""


def _suggestion(path: Path) -> str:
    parent = path.parent
    try:
        names = [entry.name for entry in parent.iterdir() if entry.is_dir()]
    except OSError:
        return ""
    close = get_close_matches(path.name, names, n=1)
    return f"Did you mean {parent / close[0]}? " if close else ""


def check_adapter(
    directory: Path, model_dir: Path, *, cache: DigestCache | None = None
) -> AdapterManifest | None:
    """Return an adapter's manifest (None without one) after proving that the adapter is usable.

    Raises ArtifactError when the directory is missing or incomplete (F55), was trained from another
    base model (F09), or holds weights that are not finite or change nothing (F10).
    """
    _check_files(directory)
    manifest = read_manifest(directory)
    if manifest is not None:
        _check_manifest(directory, manifest, model_dir, cache)
    _check_weights(directory)
    return manifest


def _check_files(directory: Path) -> None:
    if not directory.is_dir():
        raise ArtifactError(
            f"Adapter directory {directory} does not exist",
            "there is nothing to load",
            f"{_suggestion(directory)}Check the path, or train it: punie-train run DATA --output"
            f" {directory}",
        )
    if (directory / "config.json").is_file() and any(directory.glob("model*.safetensors")):
        raise ArtifactError(
            f"{directory} is a model and no adapter",
            "it cannot be loaded beside a base model",
            f"Give it as the model: --model {directory}",
        )
    if missing := [name for name in ADAPTER_FILES if not (directory / name).is_file()]:
        raise ArtifactError(
            f"Adapter {directory} has no {' and no '.join(missing)}",
            "it is incomplete, and the server would not load it",
            "Was its training interrupted? Train it again, or restore the files",
            failure="F55",
        )
    try:
        config = json.loads((directory / "adapter_config.json").read_text(encoding="utf-8"))
        problem = None if isinstance(config, dict) else "it is not an object"
    except (OSError, ValueError) as error:
        problem = str(error)
    if problem:
        raise ArtifactError(
            f"{directory / 'adapter_config.json'} cannot be read ({problem})",
            "the adapter cannot be loaded",
            "Restore the file, or train the adapter again",
            failure="F55",
        )


def _check_manifest(
    directory: Path, manifest: AdapterManifest, model_dir: Path, cache: DigestCache | None
) -> None:
    if not manifest.complete:
        raise ArtifactError(
            f"The training of {directory} was not finished",
            "its weights are those of some checkpoint",
            "Finish it with punie-train run --resume, or train it again",
            failure="F55",
        )
    base = fingerprint(model_dir, cache=cache)
    if manifest.base_fingerprint != base:
        raise ArtifactError(
            f"Adapter {directory} was trained from {manifest.base_model}"
            f" ({manifest.base_fingerprint[:12]}), and {model_dir} is another model ({base[:12]})",
            "the shapes may fit, the meaning does not",
            "Name the base model with --model, or train the adapter from this one",
            failure="F09",
        )


def _check_weights(directory: Path) -> None:
    values = list(inspect_values(directory / "adapters.safetensors"))
    if broken := [value.name for value in values if not value.finite]:
        raise ArtifactError(
            f"Adapter {directory} holds NaN or infinite weights in {_count(broken)}",
            "every reply would be noise",
            "Train it again: look at the loss for the iteration where it broke (F37), lower the"
            " learning rate",
        )
    ups = [value for value in values if value.name.endswith("lora_b")]
    if not values or (ups and all(value.zero for value in ups)):
        what = "holds no weights" if not values else "has only zeros in its B matrices"
        raise ArtifactError(
            f"Adapter {directory} {what}",
            "it loads and changes nothing, so its scores would be the base model's",
            "Train it again with a rank above 0, on layers the model has, and with iterations",
            failure="F10",
        )


def _count(names: list[str]) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return names[0] + more
