"""Run the converter in its own process and say how far it is."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from punie_train.mlx.convert_job import (
    ConversionError,
    ConvertOutcome,
    Job,
    read_outcome,
    write_job,
)
from punie_train.mlx.model_weights import WEIGHT_FILES
from punie_train.processes.child import Child

CONVERTER = "punie_train.mlx.converter_child"
LOG_NAME = "convert.log"
POLL_SECONDS = 0.1
LAST_WORDS = 15
FULL_BYTES = 1_000_000
"""With less than this left, a failed conversion has failed for lack of space."""


def run_converter(job: Job, on_bytes: Callable[[int], None]) -> ConvertOutcome:
    """Do a job and return how it went; `on_bytes` is told how many are written.

    Raises ConversionError when the process fails (F56 when the disk is full). However this ends,
    the process is gone.
    """
    work = Path(job.work)
    with tempfile.TemporaryDirectory(prefix="punie-train-convert-") as place:
        child = Child.start(
            [CONVERTER, str(write_job(job))],
            log_path=Path(place) / LOG_NAME,
            env={**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1"},
        )
        try:
            while child.poll() is None:
                on_bytes(sum(path.stat().st_size for path in work.glob(WEIGHT_FILES)))
                time.sleep(POLL_SECONDS)
        finally:
            status = child.stop()
        outcome = read_outcome(work)
        if status or outcome is None:
            raise _failure(status, child.log_tail(LAST_WORDS), free=shutil.disk_usage(work).free)
        return outcome


def _failure(status: int | None, words: str, *, free: int) -> ConversionError:
    """Return why there is no model; `free` bytes are left on its disk."""
    if free < FULL_BYTES:
        return ConversionError(
            "the disk became full while the model was written",
            "nothing was kept of it",
            "Free space, or give an --output on another disk",
            failure="F56",
        )
    indented = "\n".join(f"    {line}" for line in words.splitlines())
    return ConversionError(
        f"the converter ended with status {status}",
        f"nothing was written. Its last words:\n{indented}\n",
        "Mend the cause named there; a negative status without a cause is often a lack of memory",
    )
