"""Room on the disk and in memory: what does not fit is said before anything is written."""

from pathlib import Path

import pytest

from punie_train.mlx.convert_job import ConversionError
from punie_train.mlx.model_size import Need
from punie_train.workflows.room import can_serve, check_disk, check_memory, check_room

GB = 1_000_000_000


def test_a_full_disk_is_refused() -> None:
    """F56: with what is needed, what is there, and what to free."""
    with pytest.raises(ConversionError, match=r"about 57.0 GB.*12.0 GB free.*Free 45.1 GB.*F56"):
        check_disk(Path("out"), 57 * GB, free=12 * GB)
    check_disk(Path("out"), 57 * GB, free=58 * GB)


@pytest.mark.parametrize(
    ("available", "expected"), [(32, None), (10, "20.0 GB of memory and 10.0 GB are free")]
)
def test_short_memory_is_a_warning(available: int, expected: str | None) -> None:
    """It is slow, but it works."""
    found = check_memory(20 * GB, total=64 * GB, available=available * GB)
    assert (found is None) if expected is None else (expected in str(found))


def test_more_memory_than_there_is_is_refused() -> None:
    """Nothing that can be closed would help."""
    with pytest.raises(ConversionError, match=r"up to 80.0 GB of memory.*has 64.0 GB"):
        check_memory(80 * GB, total=64 * GB, available=60 * GB)


def test_this_machine_has_room_for_a_small_model_only(tmp_path: Path) -> None:
    """The real disk and memory are asked, also for a place that does not exist yet."""
    output = tmp_path / "not" / "yet"
    assert check_room(output, Need(disk=1000, memory=1000)) is None
    with pytest.raises(ConversionError, match="its disk has"):
        check_room(output, Need(disk=10**18, memory=1000))
    with pytest.raises(ConversionError, match="of memory, and this machine has"):
        check_room(output, Need(disk=1000, memory=10**18))
    assert can_serve(1000)
    assert not can_serve(10**18)
