"""What `fuse` and `quantize` refuse, and that nothing is left when they do not end."""

import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import mlx.core as mx
import psutil
import pytest

from punie_train.core.errors import ArtifactError, UsageError
from punie_train.mlx.convert_job import ConversionError
from punie_train.mlx.fingerprints import fingerprint
from punie_train.workflows.convert import MadeModel

Convert = Callable[..., MadeModel]


def test_an_adapter_of_another_base_is_refused(
    adapter: Path, base4: Path, tmp_path: Path, fused: Convert
) -> None:
    """F09: also the same model in other bits."""
    with pytest.raises(ArtifactError, match="F09"):
        fused(adapter, tmp_path / "out", model=str(base4))


def test_outputs_that_hold_something_are_refused(
    whole: Path, adapter: Path, tmp_path: Path, fused: Convert, quantized: Convert
) -> None:
    """F58: with --force only models of ours go, and never what is read."""
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        fused(adapter, tmp_path)
    before = fingerprint(whole)
    for output in (adapter, adapter / "inside", whole):
        with pytest.raises(UsageError, match=r"overlaps with|F58"):
            fused(adapter, output)
    with pytest.raises(UsageError, match="overlaps with"):
        quantized(str(whole), whole, bits=4)
    assert fingerprint(whole) == before
    assert {path.name for path in tmp_path.iterdir()} >= {"notes.txt"}


def test_a_disk_without_room_is_refused(adapter: Path, tmp_path: Path, quantized: Convert) -> None:
    """F56: before anything is written. The base is a sparse file that claims 8 TB."""
    base = tmp_path / "base"
    base.mkdir()
    (base / "config.json").write_text('{"eos_token_id": 1}')
    size = 8 * 10**12
    entry = {"dtype": "BF16", "shape": [size // 2048, 1024], "data_offsets": [0, size]}
    header = json.dumps({"x.weight": entry}).encode()
    with (base / "model.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        file.truncate(8 + len(header) + size)
    with pytest.raises(ConversionError, match=r"out needs about 2.\d TB.*F56"):
        quantized(str(base), tmp_path / "out", bits=4)
    assert {path.name for path in tmp_path.iterdir()} & {"out", ".out.unfinished"} == set()


def test_a_converter_that_fails_says_why_and_leaves_nothing(
    adapter: Path, tmp_path: Path, fused: Convert
) -> None:
    """Its last words are shown."""
    tensors = cast(dict[str, mx.array], mx.load(str(adapter / "adapters.safetensors")))
    other = tmp_path / "other"
    other.mkdir()
    (other / "adapter_config.json").write_text((adapter / "adapter_config.json").read_text())
    tensors["model.layers.0.self_attn.q_proj.lora_a"] = mx.ones((64, 4))
    mx.save_safetensors(str(other / "adapters.safetensors"), tensors)
    with pytest.raises(ConversionError, match=r"(?s)ended with status 1.*does not match"):
        fused(other, tmp_path / "out", model="starter")
    assert {path.name for path in tmp_path.iterdir()} & {"out", ".out.unfinished"} == set()


def test_an_interrupted_fusion_leaves_nothing(adapter: Path, tmp_path: Path) -> None:
    """Ctrl-C: one message, status 3, no file beside, no process behind."""
    argv = [sys.executable, "-m", "punie_train", "fuse", "--adapter", str(adapter)]
    argv += ["--output", str(tmp_path / "out"), "--probes", "0"]
    said = tmp_path / "said"
    with said.open("w") as log:
        process = subprocess.Popen(argv, stdout=log, stderr=log, cwd=tmp_path)
        deadline = time.monotonic() + 60
        while not (tmp_path / ".out.unfinished/job.json").exists():
            assert time.monotonic() < deadline, said.read_text()
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 3, said.read_text()
    assert "interrupted" in said.read_text()
    assert "Traceback" not in said.read_text()
    assert {path.name for path in tmp_path.iterdir()} <= {"said", "state", "cache"}
    assert not [
        each
        for each in psutil.Process(os.getpid()).children(recursive=True)
        if "punie_train.mlx.converter_child" in " ".join(each.cmdline())
    ]


def test_a_write_that_fails_leaves_what_was_there(
    adapter: Path, whole: Path, tmp_path: Path
) -> None:
    """F56: half a file is no model, and --force takes nothing away before the new one is whole."""
    shutil.copytree(whole, tmp_path / "out")
    limit = 1_000_000
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))"
    code += "; from punie_train.cli.app import main; main()"
    argv = [sys.executable, "-c", code, "fuse", "--adapter", str(adapter), "--probes", "0"]
    argv += ["--output", str(tmp_path / "out"), "--force"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 3, done.stderr
    assert "the converter ended with status 1" in done.stderr
    assert fingerprint(tmp_path / "out") == fingerprint(whole)
    assert not (tmp_path / ".out.unfinished").exists()
