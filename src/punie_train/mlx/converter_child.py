"""The converter process: fuses and quantizes with mlx-lm, weights and config.json only.

Started as `python -m punie_train.mlx.converter_child JOB.json`. Weights are read lazily and given
up shard by shard, so that a model larger than the memory can be converted.
"""

import importlib.metadata
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import mlx.core as mx
from mlx import nn
from mlx.utils import tree_unflatten
from mlx_lm.tuner.utils import load_adapters
from mlx_lm.utils import dequantize_model, load_model, quantize_model, save_config, save_model

from punie_train.mlx.convert_job import (
    ConvertOutcome,
    FuseJob,
    QuantizeJob,
    read_job,
    write_outcome,
)

GIGABYTE = 1e9


def main(arguments: Sequence[str]) -> int:
    """Do the job; returns the exit status."""
    job = read_job(Path(arguments[0]))
    work = Path(job.work)
    model, config, changed = _fused(job) if isinstance(job, FuseJob) else _quantized(job)
    keep_vision = "vision_tower" in getattr(model, "model", {})
    save_model(work, model, donate_model=True)
    save_config(config, work / "config.json", keep_vision_config=keep_vision)
    versions = {name: importlib.metadata.version(name) for name in ("mlx", "mlx-lm", "punie-train")}
    write_outcome(
        work,
        ConvertOutcome(
            changed=changed,
            peak_memory_gb=mx.get_peak_memory() / GIGABYTE,
            versions={**versions, "python": platform.python_version()},
        ),
    )
    return 0


def _fused(job: FuseJob) -> tuple[Any, dict[str, Any], int]:
    """Return what `mlx_lm fuse` makes, its config and the number of fused layers."""
    model, config = load_model(Path(job.model), lazy=True)
    model = load_adapters(model, job.adapter)
    fused = [
        (name, module.fuse(dequantize=job.dequantize))
        for name, module in model.named_modules()
        if hasattr(module, "fuse")
    ]
    model.update_modules(tree_unflatten(fused))
    if job.dequantize:
        model = dequantize_model(model)
    if not _quantized_layers(model):
        config.pop("quantization", None)
        config.pop("quantization_config", None)
    return model, config, len(fused)


def _quantized(job: QuantizeJob) -> tuple[Any, dict[str, Any], int]:
    """Return what `mlx_lm convert -q` makes, its config and the number of quantized layers."""
    model, config = load_model(Path(job.model), lazy=True)
    model, config = quantize_model(model, config, job.group_size, job.bits, mode=job.mode)
    return model, config, _quantized_layers(model)


def _quantized_layers(model: nn.Module) -> int:
    return sum("scales" in module for _, module in model.named_modules())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
