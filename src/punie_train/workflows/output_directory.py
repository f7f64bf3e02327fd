"""A directory that appears whole or not at all, written by one run at a time."""

import fcntl
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import IO, Literal

from punie_train.core.errors import UsageError
from punie_train.mlx.adapter_manifest import MANIFEST_NAME
from punie_train.mlx.model_manifest import read_model_manifest
from punie_train.mlx.trained_adapter import ADAPTER_CONFIG_NAME

LOCK_NAME = "lock"
Holds = Literal["adapter", "model"]
_KNOWN_AS = {"adapter": "adapter", "model": "model made by fuse or quantize"}


class OutputDirectory:
    """`work` is a hidden directory beside `path` that is renamed to it at the end.

    Opening raises UsageError when `path` holds something and `force` is not given, when it does
    not hold what is made here (`force` replaces adapters by adapters, fused or quantized models by
    such models), or when another run is writing to it. What stands at `path` is untouched until
    `publish`.
    """

    def __init__(self, path: Path, *, force: bool, holds: Holds = "adapter") -> None:
        self.path = path
        self.holds: Holds = holds
        self.work = path.parent / f".{path.name}.unfinished"
        _check_replaceable(path, force=force, holds=holds)
        self._lock = self._claim()

    def publish(self) -> Path:
        """Put the finished directory in place, replacing what stood there."""
        _sync(self.work)
        old = self.path.parent / f".{self.path.name}.replaced"
        shutil.rmtree(old, ignore_errors=True)
        if self.path.exists():
            self.path.rename(old)
        self._release()
        self.work.rename(self.path)
        shutil.rmtree(old, ignore_errors=True)
        return self.path

    def publish_partial(self) -> Path:
        """Put an unfinished directory in place, or beside an adapter that stands there."""
        if _is_empty(self.path):
            return self.publish()
        aside = self.path.parent / f"{self.path.name}.incomplete"
        shutil.rmtree(aside, ignore_errors=True)
        _sync(self.work)
        self._release()
        return self.work.rename(aside)

    def discard(self) -> None:
        """Remove the working directory, unless it was published."""
        if not self._lock.closed:
            self._release()
            shutil.rmtree(self.work, ignore_errors=True)

    def _claim(self) -> IO[str]:
        try:
            self.work.mkdir(parents=True, exist_ok=True)
            lock = (self.work / LOCK_NAME).open("w")
        except OSError as error:
            raise UsageError(
                f"{self.path} cannot be made ({error.strerror})",
                f"the {self.holds} would have no place",
                "Give another --output.",
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise UsageError(
                f"another run is writing to {self.path}",
                "two runs into one directory would spoil both",
                "Wait for it, or give another --output.",
                failure="F58",
            ) from error
        for left in self.work.iterdir():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            elif left.name != LOCK_NAME:
                left.unlink()
        return lock

    def _release(self) -> None:
        with suppress(FileNotFoundError):
            (self.work / LOCK_NAME).unlink()
        self._lock.close()


def _check_replaceable(path: Path, *, force: bool, holds: Holds) -> None:
    article = "an" if holds == "adapter" else "a"
    if path.exists() and not path.is_dir():
        raise UsageError(
            f"{path} is a file", f"{article} {holds} is a directory", "Give another --output."
        )
    if _is_empty(path):
        return
    if not force:
        raise UsageError(
            f"{path} is not empty",
            "what it holds would be overwritten",
            "Give another --output, or --force to replace it.",
            failure="F58",
        )
    if path.is_symlink() or not _is_ours(path, holds):
        raise UsageError(
            f"{path} holds something that is no {_KNOWN_AS[holds]}",
            "--force would delete it",
            "Give another --output.",
            failure="F58",
        )


def _is_ours(path: Path, holds: Holds) -> bool:
    """Say whether a directory holds what a command of ours makes and may therefore replace."""
    is_model = read_model_manifest(path) is not None
    if holds == "model":
        return is_model
    return not is_model and any(
        (path / name).is_file() for name in (MANIFEST_NAME, ADAPTER_CONFIG_NAME)
    )


def _is_empty(path: Path) -> bool:
    return not path.exists() or (path.is_dir() and not any(path.iterdir()))


def _sync(directory: Path) -> None:
    """Force the files of a directory to the disk, so that a rename never outruns them."""
    for path in directory.iterdir():
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
