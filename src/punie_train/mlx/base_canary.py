"""The bare model's canary: taken once, kept, and used for every adapter of that model."""

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from punie_train.core.json_files import write_json
from punie_train.mlx.attestation import (
    PROMPTS,
    TOKENS,
    Canary,
    CanaryReply,
    Completer,
    noise_between,
    take_canary,
)
from punie_train.mlx.client import ChatClient
from punie_train.mlx.raw_text import Decode
from punie_train.mlx.server import ManagedServer
from punie_train.mlx.server_command import numeric_options
from punie_train.mlx.server_config import ServerConfig
from punie_train.mlx.versions import installed
from punie_train.processes.user_directories import cache_directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A canary, and the noise: the largest shift between two canaries of the same server."""

    canary: Canary
    noise: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineKey:
    """All that decides a bare model's canary; `options` are those of the server that matter."""

    fingerprint: str
    template_hash: str
    versions: tuple[str, ...]
    options: tuple[str, ...]

    @property
    def file(self) -> Path:
        """Return where the canary of this key is kept."""
        values = json.dumps([asdict(self), PROMPTS, TOKENS], sort_keys=True)
        name = hashlib.sha256(values.encode()).hexdigest()[:32]
        return cache_directory() / "canaries" / f"{name}.json"


def baseline_key(fingerprint: str, template_hash: str, config: ServerConfig) -> BaselineKey:
    """Return the key of a base model as `config` serves it, with the versions installed."""
    return BaselineKey(
        fingerprint=fingerprint,
        template_hash=template_hash,
        versions=installed(("mlx", "mlx-lm")),
        options=numeric_options(config),
    )


async def take_baseline(client: Completer) -> Baseline:
    """Take two canaries from an idle server; raises RequestError when a reply is missing."""
    first = await take_canary(client)
    return Baseline(canary=first, noise=noise_between(first, await take_canary(client)))


def load_baseline(key: BaselineKey) -> Baseline | None:
    """Return the canary kept for `key`, or None."""
    try:
        values = json.loads(key.file.read_text(encoding="utf-8"))
        replies = tuple(
            CanaryReply(token_ids=tuple(reply["token_ids"]), logprobs=tuple(reply["logprobs"]))
            for reply in values["canary"]["replies"]
        )
        return Baseline(canary=Canary(replies=replies), noise=float(values["noise"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def store_baseline(key: BaselineKey, baseline: Baseline) -> None:
    """Keep a canary; a cache that cannot be written is left as it is."""
    with suppress(OSError):
        write_json(key.file, asdict(baseline))


async def find_baseline(
    key: BaselineKey,
    config: ServerConfig,
    *,
    decode: Decode | None,
    log_path: Path,
    ready_seconds: float = 60.0,
) -> Baseline:
    """Return the bare model's canary: the kept one, or one from a server started for it.

    Raises ServerError and RequestError as that server does.
    """
    if (kept := load_baseline(key)) is not None:
        return kept
    bare = ManagedServer(config.without_adapter(), log_path=log_path, ready_seconds=ready_seconds)
    async with bare, ChatClient(bare.base_url, decode=decode) as client:
        baseline = await take_baseline(client)
    store_baseline(key, baseline)
    return baseline
