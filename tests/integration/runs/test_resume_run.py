"""A run that was killed goes on where it was, with the real mlx-lm."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from punie_train.mlx.adapter_manifest import read_manifest
from punie_train.mlx.metrics import MetricsTail

Run = Callable[..., subprocess.CompletedProcess[str]]
OPTIONS = ("--iters", "60", "--valid-every", "7", "--save-every", "5", "--lora-dropout", "0.1")


def killed(argv: list[str], cwd: Path, output: str, sent: signal.Signals) -> None:
    """Start a run, and send a signal when it has kept a state."""
    state = cwd / f".{output}.unfinished/resume/state.json"
    with (cwd / "said").open("w") as said:
        process = subprocess.Popen(argv, cwd=cwd, stdout=said, stderr=said)
        while process.poll() is None and not (
            state.exists() and json.loads(state.read_text())["iteration"] >= 10
        ):
            time.sleep(0.002)
        process.send_signal(sent)
        process.wait(60)
    assert process.returncode, (cwd / "said").read_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        pytest.param((), id="adam"),
        pytest.param(("--curriculum", "tokens"), id="curriculum"),
        pytest.param(
            ("--schedule", "cosine", "--warmup", "3", "--grad-accumulation", "2"), id="schedule"
        ),
    ],
)
def test_a_killed_run_ends_as_if_it_had_not_been_killed(
    run: Run, command: Callable[..., list[str]], tmp_path: Path, options: tuple[str, ...]
) -> None:
    """F55: after kill -9 and --resume the weights are, byte for byte, those of a whole run."""
    options = (*OPTIONS, *options)
    whole = run("--output", "whole", *options)
    assert whole.returncode == 0, whole.stderr
    killed(command("--output", "out", *options), tmp_path, "out", signal.SIGKILL)
    assert not (tmp_path / "out").exists()
    refused = run("--output", "out", *options)
    assert refused.returncode == 2
    assert "--resume" in refused.stderr
    resumed = run("--output", "out", "--resume")
    assert resumed.returncode == 0, resumed.stderr
    assert "Going on from iteration" in resumed.stderr
    losses = []
    for name in ("whole", "out"):
        metrics = MetricsTail(tmp_path / name / "metrics.jsonl").read_new()
        losses.append(
            [
                (type(each).__name__, each.iteration, getattr(each, "train_loss", None))
                for each in metrics
            ]
        )
    assert losses[0] == losses[1]
    ours, other = (tmp_path / name / "adapters.safetensors" for name in ("whole", "out"))
    assert ours.read_bytes() == other.read_bytes()
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        path.name for path in (tmp_path / "whole").iterdir()
    }


@pytest.mark.slow
def test_an_interrupted_run_can_be_resumed(
    run: Run, command: Callable[..., list[str]], tmp_path: Path, data: Path
) -> None:
    """Its adapter is not complete until then; other parameters or data are refused."""
    killed(command("--output", "out", *OPTIONS), tmp_path, "out", signal.SIGINT)
    manifest = read_manifest(tmp_path / "out")
    assert manifest
    assert not manifest.complete
    other = run("--output", "out", "--resume", "--lora-rank", "4")
    assert other.returncode == 2
    assert "lora-rank is 4, and 8" in other.stderr
    before = (data / "train.jsonl").read_bytes()
    with (data / "train.jsonl").open("ab") as file:
        file.write(before.splitlines()[0] + b"\n")
    changed = run("--output", "out", "--resume")
    assert changed.returncode == 2
    assert "the training data changed" in changed.stderr
    (data / "train.jsonl").write_bytes(before)
    resumed = run("--output", "out", "--resume")
    assert resumed.returncode == 0, resumed.stderr
    manifest = read_manifest(tmp_path / "out")
    assert manifest
    assert manifest.complete
    assert not (tmp_path / "out/resume").exists()


def test_nothing_to_resume_is_said(run: Run) -> None:
    """Before anything is loaded."""
    done = run("--output", "out", "--resume")
    assert done.returncode == 2
    assert "names no unfinished run" in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_leaves_what_was_there(
    command: Callable[..., list[str]], run: Run, tmp_path: Path
) -> None:
    """F56: a clear message, the older adapter as it was, and the run can be resumed."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], check=False
    )
    if mounted.returncode:
        pytest.skip("mounting is not permitted here")
    try:
        first = run("--output", "disk/out", "--iters", "2")
        assert first.returncode == 0, first.stderr
        before = {path.name: path.read_bytes() for path in (disk / "out").iterdir()}
        with (tmp_path / "said").open("w") as said:
            process = subprocess.Popen(
                command("--output", "disk/out", "--force", *OPTIONS, "--iters", "900"),
                cwd=tmp_path,
                stdout=said,
                stderr=said,
            )
            state = disk / ".out.unfinished/resume/state.json"
            while process.poll() is None and not state.exists():
                time.sleep(0.01)
            with (disk / "filler").open("wb", buffering=0) as filler:
                try:
                    while True:
                        filler.write(b"\0" * 4096)
                except OSError:
                    pass
            status = process.wait(100)
        text = (tmp_path / "said").read_text()
        assert status == 3, text
        assert "the disk refused" in text
        assert "[F56]" in text
        assert "Traceback" not in text
        assert {path.name: path.read_bytes() for path in (disk / "out").iterdir()} == before
        (disk / "filler").unlink()
        subprocess.run(["mount", "-o", "remount,size=8m", str(disk)], check=True)
        resumed = run("--output", "disk/out", "--resume", "--force")
        assert resumed.returncode == 0, resumed.stderr
    finally:
        subprocess.run(["umount", str(disk)], check=True)
