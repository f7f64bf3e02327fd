"""The attestation of replies that were not all received by this run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from punie_train.core.attestations import Applied, Attestation

SHOWN_RUNS = 3
_GRAVEST_FIRST = (Applied.NO, Applied.UNVERIFIED, Applied.YES, Applied.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Replies of another run under that run's attestation.

    `ended` is False for a run that was stopped before its last canary.
    """

    run: str
    attestation: Attestation
    count: int
    ended: bool = True


def carried_attestation(
    live: Attestation | None, cached: Sequence[Carried], resumed: Sequence[Carried], *, total: int
) -> Attestation:
    """Return one verdict for `total` replies: the gravest of all, with the reasons of each.

    `live` is this run's own, None where it started no server. The shift is the smallest that any
    of the runs saw, the noise the largest.
    """
    if live is not None and (live.applied is Applied.NO or not (cached or resumed)):
        return live
    parts = [live] if live else []
    parts += [each.attestation for each in (*cached, *resumed)]
    reasons = [live.reason] if live else []
    reasons += _of_cache(cached, total)
    reasons += [_of_stopped(each, total) for each in resumed]
    shifts = [part.shift for part in parts if part.shift is not None]
    noises = [part.noise for part in parts if part.noise is not None]
    return Attestation(
        applied=min((part.applied for part in parts), key=_GRAVEST_FIRST.index),
        reason="; ".join(reasons),
        shift=min(shifts, default=None),
        noise=max(noises, default=None),
    )


def count_by_run(runs: Mapping[str, tuple[Attestation, bool]], of: Sequence[str]) -> list[Carried]:
    """Return how many replies each run has; `of` names the run of each reply."""
    return [
        Carried(run=run, attestation=attestation, ended=ended, count=number)
        for run, (attestation, ended) in runs.items()
        if (number := sum(each == run for each in of))
    ]


def _of_cache(cached: Sequence[Carried], total: int) -> list[str]:
    if not cached:
        return []
    count = sum(each.count for each in cached)
    runs = ", ".join(each.run for each in cached[:SHOWN_RUNS])
    more = len(cached) - SHOWN_RUNS
    others = f" and {more} more" if more > 0 else ""
    number = "replies" if count == total else f"{count} of {total} replies"
    why = "; ".join(dict.fromkeys(each.attestation.reason for each in cached[:SHOWN_RUNS]))
    return [f"{number} from the cache, attested by run {runs}{others} ({why})"]


def _of_stopped(resumed: Carried, total: int) -> str:
    until = "to its end" if resumed.ended else "at its start, for it was stopped before its end"
    return (
        f"{resumed.count} of {total} replies from the stopped run {resumed.run}, attested {until} "
        f"({resumed.attestation.reason})"
    )
