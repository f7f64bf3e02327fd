"""Make a fused or a quantized model: room first, then the weights, proof, and its place."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from punie_train.core.json_files import write_json
from punie_train.core.retention import Retention
from punie_train.core.settings import Settings
from punie_train.mlx.convert_job import (
    JOB_NAME,
    OUTCOME_NAME,
    ConversionError,
    ConvertOutcome,
    Job,
)
from punie_train.mlx.fingerprints import fingerprint, template_hash
from punie_train.mlx.kept_files import check_kept, copy_kept
from punie_train.mlx.made_model import check_made
from punie_train.mlx.model_manifest import ModelManifest, write_model_manifest
from punie_train.mlx.model_size import bits_per_weight, needed, source_bytes
from punie_train.mlx.model_weights import ModelWeights
from punie_train.reporting.retention_json import retention_json, retention_summary
from punie_train.reporting.retention_words import retention_warnings
from punie_train.workflows.conversion_plan import ConversionPlan
from punie_train.workflows.converter_process import run_converter
from punie_train.workflows.measure_retention import OnStep, measure_retention
from punie_train.workflows.output_directory import MODEL, OutputDirectory
from punie_train.workflows.room import check_room

RETENTION_NAME = "retention.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeModel:
    """A model in its place; `warnings` say what was lost, `notes` what else is worth knowing."""

    path: Path
    bytes: int
    manifest: ModelManifest
    retention: Retention
    warnings: tuple[str, ...]
    notes: tuple[str, ...]


def convert(
    plan: ConversionPlan,
    *,
    settings: Settings,
    force: bool = False,
    on_step: OnStep = lambda _what, _done, _total: None,
    on_note: Callable[[str], None] = lambda _: None,
) -> MadeModel:
    """Do what was planned; nothing appears at the output before all of it is proven.

    `on_note` is told at once what the user should know while it runs.
    Raises ConversionError when there is no room (F56), the converter fails, is interrupted, or
    makes another model than was asked for (F54), and UsageError for an output in use (F58).
    """
    output = OutputDirectory(plan.output, force=force, kind=MODEL)
    try:
        return _converted(plan, output, settings, on_step, on_note)
    except KeyboardInterrupt:
        raise ConversionError(
            "interrupted",
            f"{plan.output} is as it was, and nothing is left beside it",
            "Run the same command again",
        ) from None
    except OSError as error:
        raise ConversionError(
            f"{plan.output} cannot be written ({error})",
            "it is as it was, and nothing is left beside it",
            "Free space or mend the cause, then run the same command again",
            failure="F56",
        ) from error
    finally:
        output.discard()


def _converted(
    plan: ConversionPlan,
    output: OutputDirectory,
    settings: Settings,
    on_step: OnStep,
    on_note: Callable[[str], None],
) -> MadeModel:
    work = output.work
    job, weights = plan.job(work), ModelWeights(plan.source)
    need = needed(weights, job)
    if short := check_room(plan.output, need):
        on_note(short)
    outcome = run_converter(job, lambda done: on_step("writing weights", done, need.disk))
    copy_kept(plan.source, work)
    notes = check_made(job)
    check_kept(plan.source, work)
    retention = measure_retention(plan, work, settings=settings, on_step=on_step)
    warnings = tuple(retention_warnings(retention, plan.remedy))
    write_json(work / RETENTION_NAME, retention_json(retention, warnings))
    for name in (JOB_NAME, OUTCOME_NAME):
        (work / name).unlink(missing_ok=True)
    made = ModelWeights(work)
    manifest = _manifest(
        plan, job, outcome, bits=bits_per_weight(made), kept=retention_summary(retention)
    )
    size = source_bytes(made)
    write_model_manifest(work, manifest)
    return MadeModel(
        path=output.publish(),
        bytes=size,
        manifest=manifest,
        retention=retention,
        warnings=warnings,
        notes=(*notes, *retention.notes),
    )


def _manifest(
    plan: ConversionPlan,
    job: Job,
    outcome: ConvertOutcome,
    *,
    bits: float,
    kept: Mapping[str, float | int | None],
) -> ModelManifest:
    origin, work = plan.origin, Path(job.work)
    asked = {key: value for key, value in asdict(job).items() if key in plan.parameters}
    return ModelManifest(
        kind=plan.kind,
        source=plan.source_name,
        source_fingerprint=fingerprint(plan.source),
        base_model=origin.base_name if origin else None,
        base_fingerprint=fingerprint(origin.base) if origin else None,
        adapter=str(origin.adapter) if origin else None,
        adapter_fingerprint=fingerprint(origin.adapter) if origin else None,
        fingerprint=fingerprint(work),
        template_hash=template_hash(work),
        parameters=asked,
        versions=outcome.versions,
        bits_per_weight=bits,
        peak_memory_gb=outcome.peak_memory_gb,
        retention=kept,
    )
