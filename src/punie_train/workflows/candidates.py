"""Resolve what is to be evaluated: which model, with which adapter, under which name."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from punie_train.core.errors import ArtifactError
from punie_train.mlx.adapter_manifest import read_manifest
from punie_train.mlx.artifacts import check_adapter
from punie_train.mlx.fingerprints import fingerprint, template_hash
from punie_train.mlx.trained_format import trained_format
from punie_train.toolcalls.parsed import WireFormat
from punie_train.workflows.find_model import find_model
from punie_train.workflows.wanted import Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A model on disk with or without an adapter.

    `template` hashes its chat template, `trained` is the call format that this template teaches.
    `manifest` says whether the adapter names its base.
    """

    name: str
    model_name: str
    model: Path
    adapter: Path | None
    base_fingerprint: str
    adapter_fingerprint: str | None
    template: str
    trained: WireFormat
    manifest: bool = False


def resolve(wanted: Sequence[Wanted], default_model: str) -> tuple[Candidate, ...]:
    """Check every artifact before anything is started; raise ArtifactError on the first bad one.

    The bare model is the one of the first adapter that names its base, so that they compare.
    """
    bases = [base for item in wanted if item.adapter and (base := _base_of(item.adapter))]
    fallback = bases[0] if bases else default_model
    return tuple(_resolve(item, fallback) for item in wanted)


def _resolve(wanted: Wanted, fallback: str) -> Candidate:
    own_base = _base_of(wanted.adapter) if wanted.adapter else None
    model_name = wanted.model or own_base or fallback
    model = find_model(model_name)
    adapter = Path(wanted.adapter) if wanted.adapter else None
    manifest = None if adapter is None else check_adapter(adapter, model)
    template = template_hash(model)
    if manifest is not None and manifest.template_hash not in ("", template):
        raise ArtifactError(
            f"Adapter {adapter} was trained with another chat template than {model} has now",
            "it would be asked in words that it has never seen, and score far too low",
            "Restore the template, or train the adapter again",
            failure="F25",
        )
    return Candidate(
        name=wanted.name,
        model_name=model_name,
        model=model,
        adapter=adapter,
        base_fingerprint=fingerprint(model),
        adapter_fingerprint=fingerprint(adapter) if adapter else None,
        template=template,
        trained=trained_format(model),
        manifest=manifest is not None,
    )


def _base_of(adapter: str) -> str | None:
    """Return the base that a readable manifest names; what is wrong is said by the check."""
    try:
        manifest = read_manifest(Path(adapter))
    except ArtifactError:
        return None
    return manifest.base_model if manifest else None
