"""What the converter process is asked to do, and what it says of itself at the end."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from punie_train.core.errors import PunieTrainError, UsageError
from punie_train.core.json_files import write_json

JOB_NAME = "job.json"
OUTCOME_NAME = "outcome.json"
AFFINE_BITS = (2, 3, 4, 5, 6, 8)
AFFINE_GROUPS = (32, 64, 128)
FIXED_MODES: Mapping[str, tuple[int, int]] = {
    "mxfp4": (4, 32),
    "nvfp4": (4, 16),
    "mxfp8": (8, 32),
}
"""Bits and group size of the modes that leave no choice."""

MODES = ("affine", *FIXED_MODES)


class ConversionError(PunieTrainError):
    """A model was not fused or not quantized as asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FuseJob:
    """Add an adapter's weights to its base model's; `dequantize` leaves no quantized weight."""

    model: str
    adapter: str
    work: str
    dequantize: bool
    kind: Literal["fuse"] = "fuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantizeJob:
    """Store a model's weights in `bits` bits, with one scale per `group_size` values.

    Raises UsageError for a combination that MLX does not have.
    """

    model: str
    work: str
    bits: int
    group_size: int
    mode: str
    kind: Literal["quantize"] = "quantize"

    def __post_init__(self) -> None:
        """Refuse what MLX would crash on."""
        if self.mode not in MODES:
            raise _unknown("mode", self.mode, MODES)
        if self.mode == "affine":
            for name, value, known in (
                ("bits", self.bits, AFFINE_BITS),
                ("group-size", self.group_size, AFFINE_GROUPS),
            ):
                if value not in known:
                    raise _unknown(name, value, known)
        elif (fixed := FIXED_MODES[self.mode]) != (self.bits, self.group_size):
            raise UsageError(
                f"--mode {self.mode} is {fixed[0]} bits in groups of {fixed[1]}",
                f"--bits {self.bits} --group-size {self.group_size} does not exist for it",
                f"Give --bits {fixed[0]} --group-size {fixed[1]}, or leave --mode out.",
            )


Job = FuseJob | QuantizeJob


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertOutcome:
    """The end of a conversion that went well: versions by package, peak memory in GB (1e9 bytes).

    `changed` is the number of layers that were fused or quantized.
    """

    changed: int
    peak_memory_gb: float
    versions: Mapping[str, str] = field(default_factory=dict)


def write_job(job: Job) -> Path:
    """Write a job into its working directory and return the file."""
    path = Path(job.work) / JOB_NAME
    write_json(path, asdict(job))
    return path


def read_job(path: Path) -> Job:
    """Return the job of a file that `write_job` has written."""
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return FuseJob(**values) if values["kind"] == "fuse" else QuantizeJob(**values)


def write_outcome(directory: Path, outcome: ConvertOutcome) -> None:
    """Write the outcome into the working directory."""
    write_json(directory / OUTCOME_NAME, asdict(outcome))


def read_outcome(directory: Path) -> ConvertOutcome | None:
    """Return the outcome, None when the process ended without a word."""
    try:
        return ConvertOutcome(**json.loads((directory / OUTCOME_NAME).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _unknown(name: str, value: object, known: tuple[object, ...]) -> UsageError:
    return UsageError(
        f"--{name} is {value}",
        "MLX has no such quantization",
        f"Use one of {', '.join(map(str, known))}.",
    )
