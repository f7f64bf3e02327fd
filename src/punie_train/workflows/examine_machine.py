"""Is this machine ready: each thing that a command needs is really tried."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from punie_train import starter
from punie_train.core.errors import PunieTrainError
from punie_train.core.settings import Settings
from punie_train.mlx.adapter_manifest import STARTER
from punie_train.mlx.versions import installed
from punie_train.processes.child import Child
from punie_train.processes.user_directories import cache_directory, state_directory
from punie_train.sandbox.run_code import Sandbox
from punie_train.workflows.find_model import find_model

ENOUGH_DISK, ENOUGH_MEMORY = 20e9, 8e9
"""Bytes below which a 4-bit model of a few billion parameters does not fit comfortably."""

SECONDS = 60.0
_TRY_MLX = "mlx_lm"


class Readiness(StrEnum):
    """Ready, worth knowing, or what stops a command."""

    READY = "ready"
    NOTE = "note"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One thing: what it is, whether it is ready, what was found, and what to do if not."""

    name: str
    readiness: Readiness
    found: str
    remedy: str = ""


def examine_machine(settings: Settings) -> Iterator[Examined]:
    """Yield what was found, one thing after another; nothing raises, nothing is downloaded."""
    yield _python()
    yield _mlx()
    yield _tools()
    yield _sandbox()
    yield _model("starter model", STARTER)
    if settings.model:
        yield _model("settings' model", settings.located(settings.model, STARTER))
    yield _memory()
    yield from _disks(settings.root)
    yield _chromium()


def _ready(name: str, found: str) -> Examined:
    return Examined(name=name, readiness=Readiness.READY, found=found)


def _missing(name: str, found: str, remedy: str) -> Examined:
    return Examined(name=name, readiness=Readiness.MISSING, found=found, remedy=remedy)


def _note(name: str, found: str, remedy: str) -> Examined:
    return Examined(name=name, readiness=Readiness.NOTE, found=found, remedy=remedy)


def _python() -> Examined:
    version = ".".join(map(str, sys.version_info[:3]))
    return _ready("Python", f"{version}, {os.cpu_count()} processors, {sys.platform}")


def _mlx() -> Examined:
    """Import mlx-lm where a crash of it ends nothing of ours."""
    versions = ", ".join(installed(("mlx-lm", "mlx")))
    status, words = _run_module([_TRY_MLX, "--help"])
    if status == 0:
        return _ready("mlx-lm", versions)
    return _missing(
        "mlx-lm",
        words or "cannot be imported",
        "On Linux install mlx[cpu] or mlx[cuda], on macOS mlx; then mlx-lm.",
    )


def _tools() -> Examined:
    broken = [name for name in ("ruff", "ty", "pytest") if _run_module([name, "--version"])[0]]
    if not broken:
        return _ready("typed tools", "ruff, ty and pytest start")
    return _missing(
        "typed tools",
        f"{', '.join(broken)} cannot be started",
        "Install punie-train anew with its dependencies.",
    )


def _sandbox() -> Examined:
    try:
        with Sandbox() as sandbox:
            run = sandbox.run("print(1 + 1)")
    except PunieTrainError as error:
        return _missing("sandbox", error.fact, error.remedy)
    if "2" in run.output:
        return _ready("sandbox", "runs code of a model without files, network and processes")
    return _missing("sandbox", "ran nothing", "Install pydantic-monty anew.")


def _model(what: str, name: str) -> Examined:
    try:
        path = starter.model_path() if name == STARTER else find_model(name)
    except PunieTrainError as error:
        return _missing(what, error.fact, error.remedy)
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return _ready(what, f"{name}, {size / 1e9:.3g} GB")


def _memory() -> Examined:
    memory = psutil.virtual_memory()
    found = f"{memory.available / 1e9:.1f} of {memory.total / 1e9:.1f} GB free"
    if memory.available >= ENOUGH_MEMORY:
        return _ready("memory", found)
    return _note(
        "memory", found, "Close what is large, or train a small model with --grad-checkpoint."
    )


def _disks(root: Path) -> Iterator[Examined]:
    for name, path in (
        ("disk of the project", root),
        ("disk of the cache", cache_directory()),
        ("disk of the records", state_directory()),
    ):
        yield _disk(name, path)


def _disk(name: str, path: Path) -> Examined:
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path):
            free = shutil.disk_usage(path).free
    except OSError as error:
        return _missing(name, f"{path}: {error.strerror}", "Make it writable, or move it.")
    found = f"{path}: {free / 1e9:.1f} GB free"
    if free >= ENOUGH_DISK:
        return _ready(name, found)
    return _note(name, found, "Fusing and quantizing a large model needs several times its size.")


def _chromium() -> Examined:
    name = "browser"
    if found := next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None):
        return _ready(name, f"{Path(found).name}, for the project's own tests of HTML")
    return _note(name, "no chromium", "Only the project's own tests of HTML need one.")


def _run_module(command: list[str]) -> tuple[int | None, str]:
    with tempfile.TemporaryDirectory(prefix="punie-train-doctor-") as folder:
        child = Child.start(command, log_path=Path(folder) / "log", cwd=Path(folder))
        try:
            status = child.wait(SECONDS)
        finally:
            child.stop()
        return status, child.log_tail(1)
