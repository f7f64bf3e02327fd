"""Replies of other runs bring their attestation along, and the gravest one counts."""

import pytest

from punie_train.core.attestations import Applied, Attestation
from punie_train.workflows.carried import Carried, carried_attestation

LIVE = Attestation(applied=Applied.YES, reason="the canary moved", shift=0.5, noise=0.01)
WEAKER = Attestation(applied=Applied.YES, reason="it moved a little", shift=0.2, noise=0.02)
UNSURE = Attestation(applied=Applied.UNVERIFIED, reason="no token ids")
BARE = Attestation(applied=Applied.NOT_APPLICABLE, reason="the bare model")
DEAD = Attestation(applied=Applied.NO, reason="the canary is another one")


def carried(attestation: Attestation, run: str = "r1", count: int = 2, **changes: bool) -> Carried:
    """Return replies of another run."""
    return Carried(run=run, attestation=attestation, count=count, **changes)


def test_own_replies_are_as_they_were() -> None:
    """A run without foreign replies has the attestation of its server."""
    assert carried_attestation(LIVE, (), (), total=4) == LIVE


def test_all_from_the_cache() -> None:
    """The run that received them attests them."""
    made = carried_attestation(None, [carried(LIVE, count=4)], (), total=4)
    assert made.reason == "replies from the cache, attested by run r1 (the canary moved)"
    assert (made.applied, made.shift, made.noise) == (Applied.YES, 0.5, 0.01)


def test_some_from_the_cache() -> None:
    """Both reasons are told, and the weaker evidence is that of all."""
    made = carried_attestation(LIVE, [carried(WEAKER)], (), total=4)
    assert made.reason == (
        "the canary moved; 2 of 4 replies from the cache, attested by run r1 (it moved a little)"
    )
    assert (made.applied, made.shift, made.noise) == (Applied.YES, 0.2, 0.02)


def test_many_runs_are_counted() -> None:
    """Three are named, the others counted; equal reasons stand there once."""
    runs = [carried(LIVE, run=f"r{number}", count=1) for number in range(5)]
    made = carried_attestation(None, runs, (), total=5)
    assert made.reason == (
        "replies from the cache, attested by run r0, r1, r2 and 2 more (the canary moved)"
    )


@pytest.mark.parametrize(
    ("ended", "words"),
    [(True, "attested to its end ("), (False, "attested at its start, for it was stopped")],
)
def test_stopped_run_says_how_far_it_was_attested(ended: bool, words: str) -> None:
    """A run that was killed had no last canary."""
    made = carried_attestation(LIVE, (), [carried(LIVE, ended=ended)], total=4)
    assert "2 of 4 replies from the stopped run r1" in made.reason
    assert words in made.reason


@pytest.mark.parametrize(
    ("live", "cached", "applied"),
    [
        (LIVE, LIVE, Applied.YES),
        (LIVE, UNSURE, Applied.UNVERIFIED),
        (UNSURE, LIVE, Applied.UNVERIFIED),
        (DEAD, LIVE, Applied.NO),
        (BARE, BARE, Applied.NOT_APPLICABLE),
    ],
    ids=["both-live", "cache-unsure", "server-unsure", "not-live", "bare"],
)
def test_the_gravest_verdict_counts(
    live: Attestation, cached: Attestation, applied: Applied
) -> None:
    """One part in doubt leaves the whole in doubt."""
    assert carried_attestation(live, [carried(cached)], (), total=4).applied is applied
