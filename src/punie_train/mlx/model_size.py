"""How many bytes a fused or quantized model will need, from the headers of its source."""

from dataclasses import dataclass
from math import prod

from punie_train.mlx.convert_job import FuseJob, Job, QuantizeJob
from punie_train.mlx.model_weights import ModelWeights

SHARD_BYTES = 5 << 30
"""What mlx-lm writes into one file, and holds at once."""

PROCESS_BYTES = 300_000_000
TASKS_IN_FLIGHT = 10
"""How many matrices MLX works on at a time, each with a copy in float32."""

_DTYPE_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "U32": 4, "U8": 1, "I64": 8, "I32": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Bytes of the files, and of memory while they are written (an upper estimate)."""

    disk: int
    memory: int


def needed(weights: ModelWeights, job: Job) -> Need:
    """Return what a job needs for a model with these weights."""
    match job:
        case FuseJob(dequantize=True):
            disk = _dequantized_bytes(weights)
        case FuseJob():
            disk = source_bytes(weights)
        case QuantizeJob():
            disk = _quantized_bytes(weights, job)
    memory = PROCESS_BYTES + min(disk, SHARD_BYTES) + min(source_bytes(weights), SHARD_BYTES)
    return Need(disk=disk, memory=memory + TASKS_IN_FLIGHT * 4 * _largest_matrix(weights))


def source_bytes(weights: ModelWeights) -> int:
    """Return the bytes of all tensors as they are stored."""
    return sum(stored.tensor.end - stored.tensor.start for stored in weights.tensors.values())


def bits_per_weight(weights: ModelWeights) -> float:
    """Return the bits of all files over the number of weights, scales not counted as weights."""
    values = 0
    for name, stored in weights.tensors.items():
        module, _, kind = name.rpartition(".")
        if (quantized := weights.quantized(module)) is None:
            values += prod(stored.tensor.shape)
        elif kind == "weight":
            values += prod(quantized.shape)
    return 8 * source_bytes(weights) / max(1, values)


def _dequantized_bytes(weights: ModelWeights) -> int:
    total = 0
    for name, stored in weights.tensors.items():
        module, _, kind = name.rpartition(".")
        if (quantized := weights.quantized(module)) is None:
            total += stored.tensor.end - stored.tensor.start
        elif kind == "weight":
            wide = quantized.biases is not None and quantized.scales.tensor.dtype == "F32"
            total += prod(quantized.shape) * (4 if wide else 2)
        elif kind == "bias":
            total += stored.tensor.end - stored.tensor.start
    return total


def _quantized_bytes(weights: ModelWeights, job: QuantizeJob) -> int:
    total = 0
    for name, stored in weights.tensors.items():
        shape, size = stored.tensor.shape, stored.tensor.end - stored.tensor.start
        if len(shape) < 2 or not name.endswith(".weight") or shape[-1] % job.group_size:
            total += size
            continue
        values = prod(shape)
        per_group = 2 * _DTYPE_BYTES[stored.tensor.dtype] if job.mode == "affine" else 1
        total += values * job.bits // 8 + values // job.group_size * per_group
    return total


def _largest_matrix(weights: ModelWeights) -> int:
    """Return the number of values of the largest matrix."""
    shapes = [prod(found.shape) for name in weights.modules if (found := weights.matrix(name))]
    return max(shapes, default=0)
