"""What need not be asked: replies of the cache and of a run that was stopped; and what is kept."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from punie_train.core.attestations import Applied, Attestation
from punie_train.core.completions import Exchange
from punie_train.core.errors import ArtifactError, UsageError
from punie_train.reporting import numbers
from punie_train.workflows.carried import carried_attestation, count_by_run
from punie_train.workflows.evaluate import Group, Job, Key
from punie_train.workflows.identity import Identity, reply_keys, request_digest
from punie_train.workflows.partial_file import Partial, PartialFile, Slot, StoredReply
from punie_train.workflows.reply_store import Found, ReplyStore


@dataclass(slots=True)
class _GroupMemory:
    """What one group has got so far, and where from."""

    identity: Identity
    store_keys: Mapping[Key, str]
    cached: Mapping[Key, Found]
    resumed: Mapping[Key, StoredReply]
    received: dict[Key, Exchange]


class ReplyMemory:
    """The `Kept` of an evaluation, over a reply cache and a partial file.

    Only replies that were attested to the end reach the cache; all others are in the partial file.
    """

    def __init__(
        self,
        run: str,
        identify: Callable[[str], Identity],
        *,
        partial: PartialFile,
        store: ReplyStore | None = None,
        resumed: Partial | None = None,
    ):
        """Keep the parts; `identify` looks at the files of an adapter by its name."""
        self._run, self._identify = run, identify
        self._partial, self._store, self._resumed = partial, store, resumed
        self._groups: dict[str, _GroupMemory] = {}
        self._changed: list[str] = []
        self._looked_at: set[Slot] = set()
        self._notes: list[str] = []

    def known(self, group: Group) -> Mapping[Key, Exchange]:
        """Return the replies that need not be asked for."""
        identity = self._identify(group.name)
        resumed = self._resumed_replies(group)
        keys = reply_keys(identity, group.jobs) if self._store else {}
        wanted = {
            keys[job.key]: f"{job.case.suite}::{job.case.id}"
            for job in group.jobs
            if job.key in keys and job.key not in resumed
        }
        found = self._store.find(wanted) if self._store and wanted else {}
        cached = {key: found[stored] for key, stored in keys.items() if stored in found}
        self._groups[group.name] = _GroupMemory(
            identity=identity, store_keys=keys, cached=cached, resumed=resumed, received={}
        )
        return {key: each.exchange for key, each in (resumed | cached).items()}

    def settled(self, group: Group) -> bool:
        """Say whether every known reply was attested to the end of its run."""
        of_stopped = self._groups[group.name].resumed.values()
        return all(self._stretch(group.name, each.run)[1] for each in of_stopped)

    def attested(self, group: Group, attestation: Attestation) -> None:
        """Write down who answers from now on."""
        identity = self._groups[group.name].identity.to_json()
        if group.jobs:
            self._partial.attested(group.name, identity, attestation, ended=False)

    def received(self, job: Job, exchange: Exchange) -> None:
        """Write down a reply before anybody scores it."""
        self._groups[job.key[0]].received[job.key] = exchange
        self._partial.received(_slot(job), request_digest(job.case), exchange)

    def ended(self, group: Group, live: Attestation | None) -> Attestation:
        """Return the attestation of all replies of a group, and keep what it is good for.

        `live` is that of the server after its last reply, None where none was started.
        """
        memory = self._groups[group.name]
        if live and memory.received:
            self._partial.attested(group.name, memory.identity.to_json(), live, ended=True)
        runs = {each.run: (each.attestation, True) for each in memory.cached.values()}
        cached = count_by_run(runs, [each.run for each in memory.cached.values()])
        stopped = {
            each.run: self._stretch(group.name, each.run) for each in memory.resumed.values()
        }
        resumed = count_by_run(stopped, [each.run for each in memory.resumed.values()])
        if memory.received or memory.resumed:
            own = len(memory.received) + len(memory.resumed)
            self._cache(group, carried_attestation(live, (), resumed, total=own))
        return carried_attestation(live, cached, resumed, total=len(group.jobs))

    def is_cached(self, key: Key) -> bool:
        """Say whether a reply came from the cache."""
        return key[0] in self._groups and key in self._groups[key[0]].cached

    def is_resumed(self, key: Key) -> bool:
        """Say whether a reply came from the run that this one goes on with."""
        return key[0] in self._groups and key in self._groups[key[0]].resumed

    @property
    def goes_on_at(self) -> Path | None:
        """Return the file from which another run can go on, None where there is none."""
        return self._partial.path if self._partial.begun else None

    @property
    def notes(self) -> tuple[str, ...]:
        """Return in words what could not be used or kept."""
        moved, problem = self._partial.moved, self._partial.problem
        notes = [*(self._store.problems if self._store else ()), *self._notes]
        if self._resumed and self._resumed.problem:
            notes.append(self._resumed.problem)
        if self._changed:
            more = f" and {len(self._changed) - 1} more" if len(self._changed) > 1 else ""
            notes.append(
                f"the request of {self._changed[0]}{more} has changed since the run that was "
                "stopped: asked again."
            )
        if moved:
            notes.append(
                f"an earlier run to the same report was stopped: what it received is in {moved}; "
                f"--eval-resume {moved} goes on with it."
            )
        return (*notes, problem) if problem else tuple(notes)

    def close(self) -> None:
        """Close the partial file, which stays; idempotent."""
        self._partial.close(remove=False)

    def report_is_whole(self) -> None:
        """Remove the partial file, unless it holds replies that this run did not ask for."""
        if unused := self._unused():
            self._notes.append(
                f"{self._partial.path} stays: it holds "
                f"{numbers.plural(unused, 'more reply', 'more replies')}, to cases that this run "
                "did not select."
            )
        else:
            self._partial.close(remove=True)

    def _unused(self) -> int:
        return len(self._resumed.replies.keys() - self._looked_at) if self._resumed else 0

    def _cache(self, group: Group, attestation: Attestation) -> None:
        memory = self._groups[group.name]
        if self._store is None or attestation.applied is Applied.NO:
            return
        try:
            unchanged = self._identify(group.name) == memory.identity
        except ArtifactError:
            unchanged = False
        if not unchanged:
            self._notes.append(
                f"the files of '{group.name}' changed while it was evaluated: its replies are not "
                "kept in the cache. Evaluate it again."
            )
            return
        own = memory.received | {key: each.exchange for key, each in memory.resumed.items()}
        replies = {
            memory.store_keys[key]: exchange
            for key, exchange in own.items()
            if key in memory.store_keys
        }
        self._store.keep(memory.identity.digest, self._run, attestation, replies)

    def _resumed_replies(self, group: Group) -> dict[Key, StoredReply]:
        if self._resumed is None:
            return {}
        kept: dict[Key, StoredReply] = {}
        dead: set[str] = set()
        for job in group.jobs:
            stored = self._resumed.replies.get(_slot(job))
            if stored is None:
                continue
            self._looked_at.add(_slot(job))
            if stored.request != request_digest(job.case):
                self._changed.append(f"{job.case.suite}::{job.case.id}")
            elif self._stretch(group.name, stored.run)[0].applied is Applied.NO:
                dead.add(stored.run)
            else:
                kept[job.key] = stored
        self._notes += [
            f"the replies of run {run} are left out: '{group.name}' was not live there."
            for run in sorted(dead)
        ]
        return kept

    def _stretch(self, group: str, run: str) -> tuple[Attestation, bool]:
        stretch = self._resumed.stretches.get((group, run)) if self._resumed else None
        if stretch is None:
            return Attestation(applied=Applied.NO, reason="nobody wrote down who answered"), False
        return stretch.attestation, stretch.ended


def check_resumable(
    partial: Partial, groups: Iterable[str], identify: Callable[[str], Identity]
) -> None:
    """Raise UsageError where the stored replies are not those of the models that are asked now."""
    wanted = tuple(groups)
    now = {name: identify(name) for name, _ in partial.stretches if name in wanted}
    for (name, _), stretch in partial.stretches.items():
        if name in now and (changes := now[name].changes(stretch.identity)):
            raise UsageError(
                f"--eval-resume: '{name}' is not what {partial.path} was received from, for "
                f"{' and '.join(changes)} changed since",
                "old and new replies would be counted as those of one model",
                "Restore it, or leave --eval-resume out",
                failure="F23",
            )
    if not any(slot[0] in wanted for slot in partial.replies):
        names = sorted({slot[0] for slot in partial.replies})
        raise UsageError(
            f"--eval-resume: {partial.path} holds no reply of {', '.join(wanted)}",
            f"there are replies of {', '.join(names)}" if names else "there is none at all",
            "Name the same adapters as the run that was stopped" if names else "Start anew",
        )


def _slot(job: Job) -> Slot:
    return (job.key[0], job.case.suite, job.case.id, job.key[3])
