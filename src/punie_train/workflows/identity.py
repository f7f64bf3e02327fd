"""What decides a reply: weights, template, tokenizer, server, versions, sampling and request."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from punie_train.core.errors import ArtifactError
from punie_train.core.sampling import Sampling
from punie_train.evals.case import Case
from punie_train.mlx.fingerprints import companions_hash, fingerprint, template_hash
from punie_train.mlx.server_command import numeric_options
from punie_train.mlx.server_config import ServerConfig
from punie_train.mlx.versions import installed
from punie_train.mlx.wire import request_body
from punie_train.workflows.candidates import Candidate
from punie_train.workflows.evaluate import Job, Key

FORMAT = 1
"""Counts up when stored replies mean something else than they did."""

PACKAGES = ("punie-train", "mlx-lm", "mlx", "transformers", "tokenizers")

_WORDS = {
    "base": "the base model's weights",
    "adapter": "the adapter's weights",
    "template": "the chat template",
    "companions": "the tokenizer or the generation settings of the base model",
    "options": "the server's options",
    "versions": "the versions",
    "sampling": "the sampling",
}
_SHOWN = ("options", "versions", "sampling")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who answers, and how: two with the same identity give exchangeable replies.

    `base`, `adapter` (None for the bare model), `template` and `companions` are SHA-256 over
    contents; for a server of somebody else, whose weights nobody sees, `base` is its URL and the
    other three are None. `options` and `versions` are in the server's own words.
    """

    base: str
    adapter: str | None
    template: str | None
    companions: str | None
    options: tuple[str, ...]
    versions: tuple[str, ...]
    sampling: tuple[tuple[str, Any], ...]

    @property
    def digest(self) -> str:
        """Return the SHA-256 over all of it."""
        return _sha256([FORMAT, asdict(self)])

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values; `changes` reads them."""
        return json.loads(json.dumps(asdict(self)))

    def changes(self, stored: Mapping[str, Any]) -> tuple[str, ...]:
        """Return in words what is not as it was; `stored` is what `to_json` gave then."""
        now = self.to_json()
        return tuple(
            f"{words} ({_text(stored.get(name))} then, {_text(now[name])} now)"
            if name in _SHOWN
            else words
            for name, words in _WORDS.items()
            if stored.get(name) != now[name]
        )


def identify(
    candidate: Candidate, server_options: Mapping[str, Any], sampling: Sampling
) -> Identity:
    """Return the identity of a candidate as its files are now; raises ArtifactError."""
    config = ServerConfig(model=candidate.model, adapter=candidate.adapter, **server_options)
    try:
        base = fingerprint(candidate.model)
        adapter = fingerprint(candidate.adapter) if candidate.adapter else None
        template, companions = template_hash(candidate.model), companions_hash(candidate.model)
    except OSError as error:
        raise ArtifactError(
            f"The files of '{candidate.name}' cannot be read ({error})",
            "it is not known which weights answer",
            "Check the model and the adapter directory",
        ) from error
    return Identity(
        base=base,
        adapter=adapter,
        template=template,
        companions=companions,
        options=numeric_options(config),
        versions=installed(PACKAGES),
        sampling=_drawn(sampling),
    )


def identify_foreign(url: str, model: str | None, sampling: Sampling) -> Identity:
    """Return the identity of somebody else's server: its URL and the model that is asked for."""
    return Identity(
        base=url.rstrip("/"),
        adapter=None,
        template=None,
        companions=None,
        options=("--model", model) if model else (),
        versions=installed(PACKAGES[:1]),
        sampling=_drawn(sampling),
    )


def request_digest(case: Case) -> str:
    """Return the SHA-256 over a case's request to the letter, its scripted results included.

    `Case.request_hash` does not tell apart tools whose parameters stand in another order; the
    prompt that a template makes of them differs, so the body of the first request counts too.
    """
    return _sha256([case.request_hash, request_body(case.messages, case.tools, Sampling())])


def reply_keys(identity: Identity, jobs: Iterable[Job]) -> dict[Key, str]:
    """Return under which key the reply to each job is kept; a case without a hash has none.

    Cases that ask the same are draws of one reply: they are counted, so that at a temperature above
    0 each keeps its own.
    """
    keys: dict[Key, str] = {}
    draws: dict[tuple[str, int], int] = {}
    for job in jobs:
        if not job.case.request_hash:
            continue
        request, repeat = request_digest(job.case), job.key[3]
        draw = draws[request, repeat] = draws.get((request, repeat), 0) + 1
        keys[job.key] = _sha256([identity.digest, request, repeat, draw])
    return keys


def _drawn(sampling: Sampling) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(sampling.to_request().items()))


def _text(value: Any) -> str:
    match value:
        case []:
            return "none"
        case list():
            return " ".join(" ".join(map(str, x)) if isinstance(x, list) else str(x) for x in value)
    return str(value)


def _sha256(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()
