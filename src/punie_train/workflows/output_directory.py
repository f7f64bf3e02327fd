"""A directory that appears whole or not at all, written by one run at a time."""

import fcntl
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from punie_train.core.errors import UsageError
from punie_train.core.swapped_paths import swap
from punie_train.mlx.adapter_manifest import MANIFEST_NAME, read_manifest
from punie_train.mlx.model_manifest import read_model_manifest
from punie_train.mlx.resume_state import read_state
from punie_train.mlx.trained_adapter import ADAPTER_CONFIG_NAME

LOCK_NAME = "lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputKind:
    """What a directory holds: its noun, and whether one that exists holds that and may go."""

    noun: str
    article: str
    replaceable: Callable[[Path], bool]


def _is_model(path: Path) -> bool:
    return read_model_manifest(path) is not None


def _is_adapter(path: Path) -> bool:
    there = any((path / name).is_file() for name in (MANIFEST_NAME, ADAPTER_CONFIG_NAME))
    return there and not _is_model(path)


ADAPTER = OutputKind(noun="adapter", article="an", replaceable=_is_adapter)
MODEL = OutputKind(noun="model made by fuse or quantize", article="a", replaceable=_is_model)


def unfinished_run(path: Path) -> Path | None:
    """Return where the unfinished run of an output directory is, None when there is none.

    That is the hidden directory of a run that was killed, or what an interrupted one has left.
    """
    killed = _work_of(path)
    if killed.is_dir() and any(item.name != LOCK_NAME for item in killed.iterdir()):
        return killed
    for left in (path, _aside(path)):
        if read_state(left) and (manifest := read_manifest(left)) and not manifest.complete:
            return left
    return None


def _work_of(path: Path) -> Path:
    return path.parent / f".{path.name}.unfinished"


def _aside(path: Path) -> Path:
    return path.parent / f"{path.name}.incomplete"


class OutputDirectory:
    """`work` is a hidden directory beside `path` that is renamed to it at the end.

    Opening raises UsageError when `path` holds something and `force` is not given, when it holds
    something that is not of this kind, or when another run is writing to it. What stands at `path`
    is untouched until `publish`, and then replaced in one step where the file system can do that.
    With `resume`, `work` is the unfinished run that was there before; without, one that can be
    resumed is only discarded with `force`.
    """

    def __init__(
        self, path: Path, *, force: bool, kind: OutputKind = ADAPTER, resume: bool = False
    ) -> None:
        self.path, self._kind = path, kind
        self.work = _work_of(path)
        self._old = path.parent / f".{path.name}.replaced"
        found = unfinished_run(path) if resume else None
        if found != path:
            _check_replaceable(path, kind, force=force)
        if found and found != self.work:
            shutil.rmtree(self.work, ignore_errors=True)
            found.rename(self.work)
        self._lock = self._claim(keep=resume, force=force)
        try:
            if self._old.exists() and not path.exists():
                self._old.rename(path)
            _check_replaceable(path, kind, force=force)
        except UsageError:
            self.discard()
            raise

    def publish(self) -> Path:
        """Put the finished directory in place, replacing what stood there."""
        _sync(self.work)
        if _is_empty(self.path):
            self.work.rename(self.path)
        elif swap(self.work, self.path):
            _sync_entries(self.path.parent)
            self._release(self.path)
            shutil.rmtree(self.work, ignore_errors=True)
            return self.path
        else:
            shutil.rmtree(self._old, ignore_errors=True)
            self.path.rename(self._old)
            self.work.rename(self.path)
        _sync_entries(self.path.parent)
        self._release(self.path)
        shutil.rmtree(self._old, ignore_errors=True)
        return self.path

    def publish_partial(self) -> Path:
        """Put an unfinished directory in place, or beside an adapter that stands there."""
        if _is_empty(self.path):
            return self.publish()
        aside = _aside(self.path)
        shutil.rmtree(aside, ignore_errors=True)
        _sync(self.work)
        self.work.rename(aside)
        self._release(aside)
        return aside

    def discard(self) -> None:
        """Remove the working directory, unless it was published."""
        if not self._lock.closed:
            shutil.rmtree(self.work, ignore_errors=True)
            self._lock.close()

    def leave(self) -> None:
        """Leave the working directory as it is, so that the run can be resumed."""
        self._lock.close()

    def _claim(self, *, keep: bool, force: bool) -> IO[str]:
        try:
            self.work.mkdir(parents=True, exist_ok=True)
            lock = (self.work / LOCK_NAME).open("w")
        except OSError as error:
            raise UsageError(
                f"{self.path} cannot be made ({error.strerror})",
                f"the {self._kind.noun} would have no place",
                "Give another --output.",
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held = os.fstat(lock.fileno()).st_ino
            if (self.work / LOCK_NAME).stat().st_ino != held:
                raise BlockingIOError
        except OSError as error:
            lock.close()
            raise UsageError(
                f"another run is writing to {self.path}",
                "two runs into one directory would spoil both",
                "Wait for it, or give another --output.",
                failure="F58",
            ) from error
        if keep:
            return lock
        if not force and (state := read_state(self.work)):
            lock.close()
            raise UsageError(
                f"an unfinished run to {self.path} is there, {state.iteration} iterations long",
                "a new one would throw it away",
                "Give --resume to go on with it, or --force to begin again.",
                failure="F55",
            )
        for left in self.work.iterdir():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            elif left.name != LOCK_NAME:
                left.unlink()
        return lock

    def _release(self, directory: Path) -> None:
        with suppress(FileNotFoundError):
            (directory / LOCK_NAME).unlink()
        self._lock.close()


def _check_replaceable(path: Path, kind: OutputKind, *, force: bool) -> None:
    a_thing = f"{kind.article} {kind.noun}"
    if path.exists() and not path.is_dir():
        raise UsageError(f"{path} is a file", f"{a_thing} is a directory", "Give another --output.")
    if _is_empty(path):
        return
    if not force:
        raise UsageError(
            f"{path} is not empty",
            f"{a_thing} would be overwritten",
            "Give another --output, or --force to replace it.",
            failure="F58",
        )
    if path.is_symlink() or not kind.replaceable(path):
        raise UsageError(
            f"{path} holds something that is no {kind.noun}",
            "--force would delete it",
            "Give another --output.",
            failure="F58",
        )


def _is_empty(path: Path) -> bool:
    return not path.exists() or (path.is_dir() and not any(path.iterdir()))


def _sync(directory: Path) -> None:
    """Force the files of a directory to the disk, so that a rename never outruns them."""
    for path in directory.iterdir():
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    _sync_entries(directory)


def _sync_entries(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
