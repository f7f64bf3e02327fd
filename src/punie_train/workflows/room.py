"""Is there room for a model that is about to be written, on the disk and in memory?"""

import shutil
from pathlib import Path

import psutil

from punie_train.mlx.convert_job import ConversionError
from punie_train.mlx.model_size import Need
from punie_train.reporting.numbers import size

MARGIN_BYTES = 100_000_000
"""What is left free on the disk beside the model."""

SERVING_FACTOR = 1.2
"""Memory of a server over the size of its weights."""


def check_room(output: Path, need: Need) -> str | None:
    """Return a warning in words when memory is short, else None.

    Raises ConversionError when the disk of `output` or this machine's whole memory is too small.
    """
    place = next(path for path in (output, *output.absolute().parents) if path.is_dir())
    check_disk(output, need.disk, free=shutil.disk_usage(place).free)
    memory = psutil.virtual_memory()
    return check_memory(need.memory, total=memory.total, available=memory.available)


def check_disk(output: Path, need: int, *, free: int) -> None:
    """Raise ConversionError when `need` bytes do not fit into `free` ones."""
    if need + MARGIN_BYTES > free:
        raise ConversionError(
            f"{output} needs about {size(need)}, and its disk has {size(free)} free",
            "the model would be cut off in the middle",
            f"Free {size(need + MARGIN_BYTES - free)} there, or give an --output on another disk",
            failure="F56",
        )


def check_memory(need: int, *, total: int, available: int) -> str | None:
    """Return a warning when `need` bytes are not available now, else None.

    Raises ConversionError when they are more than this machine has.
    """
    if need > total:
        raise ConversionError(
            f"this takes up to {size(need)} of memory, and this machine has {size(total)}",
            "the system would end it, or stand still",
            "Do it on a machine with more memory; the files can be copied back",
        )
    if need > available:
        return (
            f"this may take {size(need)} of memory and {size(available)} are free: it"
            " can be slow. Close what you can"
        )
    return None


def can_serve(weight_bytes: int) -> bool:
    """Say whether a model of this size fits into the memory that is free now."""
    return weight_bytes * SERVING_FACTOR < psutil.virtual_memory().available
