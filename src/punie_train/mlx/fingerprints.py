"""What a model or adapter directory holds, as one hash; large files are hashed once."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from punie_train.core.errors import ArtifactError
from punie_train.core.json_files import write_json
from punie_train.processes.user_directories import cache_directory

CONFIGS = ("config.json", "adapter_config.json")
CHECKPOINT_MARK = "_adapters.safetensors"
COMPANIONS = frozenset({".json", ".jinja", ".model", ".txt", ".tiktoken", ".py"})
"""Suffixes of the files that a server reads beside the weights."""


class DigestCache:
    """SHA-256 digests of files, remembered by path, size, modification time and inode."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = cache_directory() / "digests.json" if path is None else path
        self._known = self._load()
        self._changed = False

    def digest(self, file: Path) -> str:
        """Return the SHA-256 of a file in hexadecimal; raises OSError when it cannot be read."""
        stat = file.stat()
        name = str(file.resolve())
        identity = [stat.st_size, stat.st_mtime_ns, stat.st_ino]
        match self._known.get(name):
            case [size, time, inode, str(digest)] if [size, time, inode] == identity:
                return digest
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        self._known[name] = [*identity, digest]
        self._changed = True
        return digest

    def save(self) -> None:
        """Write what was learnt; a cache that cannot be written is left as it is."""
        if self._changed:
            try:
                write_json(self.path, self._known)
            except OSError:
                return
            self._changed = False

    def _load(self) -> dict[str, Any]:
        try:
            known = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}


def fingerprint(directory: Path, *, cache: DigestCache | None = None) -> str:
    """Return the SHA-256 over names and contents of a directory's weights and configuration.

    Checkpoints that a trainer left beside an adapter do not count. Raises ArtifactError when there
    are no weights.
    """
    weights = [
        file for file in directory.glob("*.safetensors") if not file.name.endswith(CHECKPOINT_MARK)
    ]
    if not weights:
        raise ArtifactError(
            f"{directory} holds no *.safetensors",
            "there are no weights to identify",
            "Check the path; it must be a model or adapter directory in MLX or Hugging Face form",
        )
    configs = [directory / name for name in CONFIGS if (directory / name).is_file()]
    cache = DigestCache() if cache is None else cache
    total = hash_files(sorted([*weights, *configs]), cache)
    cache.save()
    return total


def companions_hash(directory: Path, *, cache: DigestCache | None = None) -> str:
    """Return the SHA-256 over all that a server may read beside a model's weights.

    That is tokenizer, generation settings, chat template and code; notes do not count. Raises
    OSError when a file cannot be read.
    """
    cache = DigestCache() if cache is None else cache
    files = (file for file in directory.iterdir() if file.suffix in COMPANIONS and file.is_file())
    total = hash_files(sorted(files), cache)
    cache.save()
    return total


def hash_files(files: Iterable[Path], cache: DigestCache) -> str:
    """Return the SHA-256 over the names and digests of `files`, in the order given."""
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.name}\0{cache.digest(file)}\n".encode())
    return total.hexdigest()


def chat_template(directory: Path) -> str:
    """Return the chat template of a model directory, or "" when it has none."""
    file = directory / "chat_template.jinja"
    if file.is_file():
        return file.read_text(encoding="utf-8")
    for name in ("chat_template.json", "tokenizer_config.json"):
        try:
            value = json.loads((directory / name).read_text(encoding="utf-8"))["chat_template"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        return value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return ""


def template_hash(directory: Path) -> str:
    """Return the SHA-256 of a model directory's chat template in hexadecimal."""
    return hashlib.sha256(chat_template(directory).encode()).hexdigest()
