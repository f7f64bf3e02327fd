"""Open what an evaluation remembers: the reply cache, its partial file, and a stopped run."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from punie_train.core.errors import ArtifactError
from punie_train.core.sampling import Sampling
from punie_train.processes.user_directories import cache_directory
from punie_train.workflows.candidates import Candidate
from punie_train.workflows.identity import Identity, identify, identify_foreign
from punie_train.workflows.memory import ReplyMemory, check_resumable
from punie_train.workflows.partial_file import PartialFile, partial_path, read_partial
from punie_train.workflows.reply_store import ReplyStore


def reply_store(*, directory: Path | None, disabled: bool, foreign: bool) -> ReplyStore | None:
    """Return the reply cache in a directory, or None without one.

    By default it is in the user's cache directory; a server of somebody else, whose weights may
    change unseen, has one only where a directory is given.
    """
    if disabled or (foreign and directory is None):
        return None
    return ReplyStore(directory or cache_directory() / "replies")


def open_memory(
    groups: Iterable[str],
    candidates: Mapping[str, Candidate],
    *,
    run: str,
    report: Path,
    store: ReplyStore | None,
    resume: Path | None,
    server_url: str | None,
    model_name: str | None,
    server_options: Mapping[str, Any],
    sampling: Sampling,
) -> ReplyMemory:
    """Return the memory of a run that writes `report`.

    `resume` names the partial file of a stopped run, or its report. Raises UsageError where that
    holds nothing that this run can go on with, and ArtifactError for a model that cannot be read.
    """

    def identity_of(name: str) -> Identity:
        if name not in candidates:
            return identify_foreign(server_url or "", model_name, sampling)
        found, planned = identify(candidates[name], server_options, sampling), candidates[name]
        if (found.base, found.adapter) != (planned.base_fingerprint, planned.adapter_fingerprint):
            raise ArtifactError(
                f"The weights of '{name}' have changed since this run began",
                "its report would name other weights than those that answer",
                "Run the evaluation again",
            )
        return found

    stopped = read_partial(partial_path(resume)) if resume else None
    if stopped is not None:
        check_resumable(stopped, groups, identity_of)
    partial = PartialFile(partial_path(report), run, before=stopped)
    return ReplyMemory(run, identity_of, partial=partial, store=store, resumed=stopped)
