"""Is a model that mlx-lm has just written the one that was asked for?"""

from collections.abc import Iterator
from pathlib import Path

from punie_train.mlx.convert_job import ConversionError, FuseJob, Job, QuantizeJob
from punie_train.mlx.model_weights import ModelWeights

EXAMPLES = 3


def check_made(job: Job) -> tuple[str, ...]:
    """Return notes on what was left as it is.

    Raises ConversionError where bits, group size or mode differ from what was asked, in config.json
    or in the weights themselves, or where nothing was quantized or fused, and ArtifactError when a
    file is not whole (F56).
    """
    before, after = ModelWeights(Path(job.model)), ModelWeights(Path(job.work))
    if not after.tensors:
        raise _not_as_asked(["there are no weights"])
    match job:
        case FuseJob():
            wrong, notes = [*_fuse_faults(before, after, job)], ()
        case QuantizeJob():
            wrong, notes = [*_quantize_faults(after, job)], tuple(_left(after, job))
    if wrong:
        raise _not_as_asked(wrong)
    return notes


def _fuse_faults(before: ModelWeights, after: ModelWeights, job: FuseJob) -> Iterator[str]:
    left = [module for module in after.modules if f"{module}.scales" in after.tensors]
    if job.dequantize and (left or after.quantization):
        yield f"{len(left)} layers are still quantized"
    if any(name.rpartition(".")[2] in {"lora_a", "lora_b", "m"} for name in after.tensors):
        yield "the adapter's matrices stand beside the weights instead of in them"
    if not job.dequantize:
        for module in before.modules:
            old, new = before.quantized(module), after.quantized(module)
            if old and new and (old.bits, old.group_size) != (new.bits, new.group_size):
                yield f"{module} has {new.bits} bits instead of {old.bits}"


def _quantize_faults(after: ModelWeights, job: QuantizeJob) -> Iterator[str]:
    asked = {"bits": job.bits, "group_size": job.group_size, "mode": job.mode}
    written = {key: after.quantization.get(key) for key in asked}
    if written != asked:
        yield f"config.json says {written} instead of {asked}"
    quantized = {module: found for module in after.modules if (found := after.quantized(module))}
    if not quantized:
        yield "no layer is quantized"
    for module, found in quantized.items():
        if isinstance(after.quantization.get(module), dict):
            continue
        stored = {"bits": found.bits, "group_size": found.group_size, "mode": found.mode}
        if stored != asked:
            yield f"{module} is stored with {stored} instead of {asked}"


def _left(after: ModelWeights, job: QuantizeJob) -> Iterator[str]:
    """Yield a note on layers that mlx-lm leaves out or stores otherwise on its own."""
    whole = [module for module in after.modules if f"{module}.scales" not in after.tensors]
    if whole:
        yield (
            f"{len(whole)} of {len(after.modules)} weight matrices stay as they are, their rows do"
            f" not divide into groups of {job.group_size} or the model asks for it"
            f" ({_some(whole)})"
        )
    own = [module for module in after.modules if isinstance(after.quantization.get(module), dict)]
    if own:
        yield (
            f"the model asks for other bits in {len(own)} of {len(after.modules)} weight matrices"
            f" ({_some(own)})"
        )


def _some(names: list[str]) -> str:
    more = ", ..." if len(names) > EXAMPLES else ""
    return ", ".join(names[:EXAMPLES]) + more


def _not_as_asked(wrong: list[str]) -> ConversionError:
    shown = "; ".join(wrong[:EXAMPLES])
    return ConversionError(
        f"the new model is not what was asked for ({shown})",
        "it was thrown away",
        "Report this with the version of mlx-lm, or use the version that punie-train asks for",
    )
