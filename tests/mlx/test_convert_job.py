"""Jobs: only quantizations that MLX has, and a file that says the same."""

from pathlib import Path
from typing import Any

import pytest

from punie_train.core.errors import UsageError
from punie_train.mlx.convert_job import (
    ConvertOutcome,
    FuseJob,
    QuantizeJob,
    read_job,
    read_outcome,
    write_job,
    write_outcome,
)


@pytest.mark.parametrize(
    ("bits", "group_size", "mode"),
    [(4, 64, "affine"), (3, 32, "affine"), (4, 32, "mxfp4"), (8, 32, "mxfp8"), (4, 16, "nvfp4")],
)
def test_a_job_survives_its_file(tmp_path: Path, bits: int, group_size: int, mode: str) -> None:
    """Both kinds."""
    quantize = QuantizeJob(
        model="m", work=str(tmp_path), bits=bits, group_size=group_size, mode=mode
    )
    assert read_job(write_job(quantize)) == quantize
    fuse = FuseJob(model="m", adapter="a", work=str(tmp_path), dequantize=bits == 4)
    assert read_job(write_job(fuse)) == fuse


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"bits": 7}, "--bits is 7"),
        ({"group_size": 48}, "--group-size is 48"),
        ({"mode": "int4"}, "--mode is int4"),
        ({"mode": "mxfp4"}, "mxfp4 is 4 bits in groups of 32"),
        ({"mode": "mxfp8", "bits": 8, "group_size": 64}, "8 bits in groups of 32"),
    ],
)
def test_what_mlx_does_not_have_is_refused(changed: dict[str, Any], message: str) -> None:
    """Before a model is loaded."""
    values: dict[str, Any] = {"bits": 4, "group_size": 64, "mode": "affine", **changed}
    with pytest.raises(UsageError, match=message):
        QuantizeJob(model="m", work="w", **values)


def test_a_process_that_said_nothing_has_no_outcome(tmp_path: Path) -> None:
    """Nor one that wrote half of it."""
    assert read_outcome(tmp_path) is None
    (tmp_path / "outcome.json").write_text('{"changed": 1')
    assert read_outcome(tmp_path) is None
    outcome = ConvertOutcome(changed=3, peak_memory_gb=0.5, versions={"mlx": "1"})
    write_outcome(tmp_path, outcome)
    assert read_outcome(tmp_path) == outcome
