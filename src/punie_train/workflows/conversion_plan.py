"""What a model is made from: resolved and checked before anything is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from punie_train.core.errors import ArtifactError, UsageError
from punie_train.core.settings import Settings
from punie_train.mlx.adapter_manifest import STARTER, read_manifest
from punie_train.mlx.artifacts import check_adapter
from punie_train.mlx.convert_job import FuseJob, Job, QuantizeJob
from punie_train.mlx.fingerprints import fingerprint
from punie_train.mlx.model_manifest import ModelManifest, read_model_manifest
from punie_train.mlx.model_weights import ModelWeights
from punie_train.workflows.find_model import find_model
from punie_train.workflows.probe_replies import Probe, choose_probes

FUSED_REMEDY = "Leave out --no-dequantize; then quantize with 6 or 8 bits if it must be smaller"
WEAK_REMEDY = "Serve the adapter on its base model, or train it to a larger effect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a model's behaviour comes from: an adapter and its base, by name and directory."""

    base_name: str
    base: Path
    adapter: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionPlan:
    """A conversion that can be done; `remedy` is what helps when it loses the adapter's effect."""

    kind: Literal["fused", "quantized"]
    output: Path
    source_name: str
    source: Path
    origin: Origin | None
    probes: tuple[Probe, ...]
    parameters: Mapping[str, Any]
    remedy: str
    notes: tuple[str, ...] = field(default=())

    def job(self, work: Path) -> Job:
        """Return what the converter process is asked to do; raises UsageError for bad numbers."""
        values: dict[str, Any] = {"model": str(self.source), "work": str(work), **self.parameters}
        if self.kind == "fused" and self.origin:
            return FuseJob(**values, adapter=str(self.origin.adapter))
        return QuantizeJob(**values)


def plan_fuse(
    adapter: Path,
    output: Path,
    *,
    model: str | None,
    dequantize: bool,
    probes: int,
    settings: Settings,
) -> ConversionPlan:
    """Plan a fusion; without `model` the base that the adapter's manifest names is taken.

    Raises ArtifactError for a model or adapter that cannot be used (F09, F10, F55), and UsageError
    when the output would lie in what it is made from.
    """
    origin = origin_of(adapter, model, settings)
    check_apart(output, origin.base, adapter)
    quantized = _bits(origin.base) is not None
    notes: tuple[str, ...] = ()
    if not dequantize and not quantized:
        notes = (f"{origin.base_name} is not quantized: --no-dequantize changes nothing.",)
    return ConversionPlan(
        kind="fused",
        output=output,
        source_name=origin.base_name,
        source=origin.base,
        origin=origin,
        probes=choose_probes(settings, probes),
        parameters={"dequantize": dequantize},
        remedy=FUSED_REMEDY if quantized and not dequantize else WEAK_REMEDY,
        notes=notes,
    )


def plan_quantize(
    model: str,
    output: Path,
    *,
    bits: int,
    group_size: int,
    mode: str,
    adapter: Path | None,
    base: str | None,
    probes: int,
    settings: Settings,
) -> ConversionPlan:
    """Plan a quantization; `adapter` and `base` default to what `model` was fused from.

    Raises UsageError for numbers that MLX does not have, a model that is quantized already, or an
    output in what it is made from, and ArtifactError as `plan_fuse`.
    """
    source = find_model(model)
    manifest = read_model_manifest(source)
    if (found := _bits(source)) is not None:
        raise UsageError(
            f"{model} is quantized already ({found} bits)",
            "quantizing it once more would only lose more",
            "Quantize the model it was made from"
            + (f": {manifest.source}" if manifest else ", or a fused one"),
        )
    notes: tuple[str, ...] = ()
    if adapter:
        origin = origin_of(adapter, base, settings)
    else:
        origin, notes = recorded_origin(model, manifest, settings)
    check_apart(output, source, *([origin.base, origin.adapter] if origin else []))
    plan = ConversionPlan(
        kind="quantized",
        output=output,
        source_name=model,
        source=source,
        origin=origin,
        probes=choose_probes(settings, probes),
        parameters={"bits": bits, "group_size": group_size, "mode": mode},
        remedy="Quantize with more bits: --bits 6, or 8" if bits < 6 else WEAK_REMEDY,
        notes=notes,
    )
    plan.job(output)
    return plan


def check_apart(output: Path, *sources: Path) -> None:
    """Raise UsageError when the output is, holds, or lies in one of the sources."""
    place = output.resolve()
    for source in (path.resolve() for path in sources):
        if place == source or place in source.parents or source in place.parents:
            raise UsageError(
                f"--output {output} overlaps with {source}",
                "what the model is made from would be overwritten",
                "Give another --output.",
            )


def origin_of(adapter: Path, model: str | None, settings: Settings) -> Origin:
    """Return an adapter and the base that `model` or its manifest names, both proven usable.

    Raises ArtifactError as `check_adapter` does.
    """
    try:
        manifest = read_manifest(adapter)
    except ArtifactError:
        manifest = None  # the check below says it better, or goes without
    own = manifest.base_model if manifest else None
    name = model or own or settings.located(settings.model, STARTER)
    base = find_model(name)
    check_adapter(adapter, base)
    return Origin(base_name=name, base=base, adapter=adapter)


def recorded_origin(
    model: str, manifest: ModelManifest | None, settings: Settings
) -> tuple[Origin | None, tuple[str, ...]]:
    """Return what a model was fused from, where it still is, or a note on what is missing."""
    if manifest is None or manifest.adapter is None or manifest.base_model is None:
        note = (
            f"no adapter is known to be in {model}: what is left of one is not measured. Name it"
            " with --adapter if there is one."
        )
        return None, (note,)
    places = (Path(manifest.adapter), settings.root / manifest.adapter)
    base = settings.located(manifest.base_model, STARTER)
    origin = None
    try:
        for place in places:
            if place.is_dir() and fingerprint(place) == manifest.adapter_fingerprint:
                origin = origin_of(place, base, settings)
    except ArtifactError as error:
        return None, (f"what is left of the adapter is not measured: {error}",)
    if origin is None or fingerprint(origin.base) != manifest.base_fingerprint:
        note = (
            f"{manifest.adapter} or its base model is gone or has changed since {model} was fused"
            " from them: what is left of the adapter is not measured. Fuse again, or name it with"
            " --adapter."
        )
        return None, (note,)
    return origin, ()


def _bits(model: Path) -> int | None:
    """Return the bits of a quantized model, None of any other."""
    weights = ModelWeights(model)
    quantized = next((q for name in weights.modules if (q := weights.quantized(name))), None)
    return quantized.bits if quantized else None
