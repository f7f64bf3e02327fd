"""Pairing, Tango's interval and the interval of other scores."""

from functools import cache

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from punie_train.evals.statistics.clustered import mean_error
from punie_train.evals.statistics.exact_tests import Alternative, mcnemar
from punie_train.evals.statistics.intervals import Interval
from punie_train.evals.statistics.paired import (
    PairedScores,
    difference_intervals,
    pair_scores,
    tango,
    worse_p_value,
)
from punie_train.evals.statistics.resampling import bootstrap, sign_flip


def test_only_cases_of_both_sides_are_paired() -> None:
    """The others are counted; losses, gains and the mean are over the pairs."""
    paired = pair_scores({"a": 1, "b": 1, "c": 0, "x": 1}, {"c": 1, "b": 0, "a": 0, "y": 1, "z": 0})
    assert paired.differences == (-1, -1, 1)
    assert (paired.lost, paired.gained, paired.unpaired) == (2, 1, 3)
    assert paired.mean == pytest.approx(-1 / 3)
    assert paired.discordant == 3
    assert paired.alone


@pytest.mark.parametrize(
    ("old", "new", "changes", "alone"),
    [
        ({"a": 1, "b": 0}, {"a": 0, "b": 1}, {}, True),
        ({"a": 1, "b": 0.5}, {"a": 0, "b": 1}, {}, False),
        ({"a": 1, "b": 0}, {"a": 0, "b": 1}, {"repeats": 3}, False),
        ({"a": 1, "b": 0}, {"a": 0, "b": 1}, {"clusters": {"a": 1, "b": 1}}, False),
        ({"a": 1, "b": 0}, {"a": 0, "b": 1}, {"clusters": {"a": 1, "b": 2}}, True),
    ],
    ids=["0/1", "partial", "repeats", "clusters", "clusters-of-one"],
)
def test_what_stands_in_a_2x2_table(old, new, changes, alone: bool) -> None:
    """Scores of 0 and 1 from one repeat, each case alone."""
    assert pair_scores(old, new, **changes).alone is alone


def test_what_cannot_be_paired_is_refused() -> None:
    """Scores outside of 0 to 1, not-a-number, and a paired case without a cluster."""
    for score in (1.5, -0.1, float("nan")):
        with pytest.raises(ValueError, match="not between 0 and 1"):
            pair_scores({"a": 1.0}, {"a": score})
    with pytest.raises(ValueError, match="1 cases have no cluster, 'a' among them"):
        pair_scores({"a": 1, "b": 1}, {"a": 1, "b": 1}, clusters={"b": "t"})
    assert pair_scores({"a": 1, "b": 1}, {"b": 1}, clusters={"b": "t"}).unpaired == 1


def test_published_interval() -> None:
    """Fagerland et al. 2014, 7 against 1 of 21: -0.517 to -0.026."""
    interval = tango(7, 1, 21)
    assert (round(interval.low, 3), round(interval.high, 3)) == (-0.517, -0.026)


@pytest.mark.parametrize(("lost", "gained", "n"), [(7, 1, 21), (0, 3, 40), (12, 9, 50), (1, 0, 6)])
def test_ends_are_where_the_score_test_turns(lost: int, gained: int, n: int) -> None:
    """With the likelihood maximized by scipy, the statistic at both ends is 1.96."""
    interval = tango(lost, gained, n)
    for delta in (interval.low, interval.high):

        def unlikely(loss: float, delta: float = delta) -> float:
            chances = np.array([loss, loss + delta, 1 - 2 * loss - delta])
            counts = np.array([lost, gained, n - lost - gained])
            used = counts > 0
            return -float(counts[used] @ np.log(np.maximum(chances[used], 1e-300)))

        bounds = (max(0.0, -delta), (1 - delta) / 2)
        loss = minimize_scalar(
            unlikely, bounds=bounds, method="bounded", options={"xatol": 1e-10}
        ).x
        variance = (2 * loss + delta - delta**2) / n
        z = ((gained - lost) / n - delta) / variance**0.5
        assert abs(z) == pytest.approx(1.959964, abs=1e-3)


@pytest.mark.parametrize("n", [1, 20, 130])
def test_interval_keeps_a_width(n: int) -> None:
    """Without discordant pairs ± z²/(n + z²), 2.9 points at 130; mirrored when all are lost."""
    z2 = 3.841459
    same, lost, gained = tango(0, 0, n), tango(n, 0, n), tango(0, n, n)
    assert (same.low, same.high) == (pytest.approx(-z2 / (n + z2)), pytest.approx(z2 / (n + z2)))
    assert (lost.low, gained.high) == (-1.0, 1.0)
    assert lost.high == pytest.approx(-gained.low)
    assert round(100 * tango(0, 0, 130).high, 1) == 2.9


def test_impossible_counts_are_refused() -> None:
    """More discordant pairs than pairs, negative ones, or none at all."""
    for counts in ((3, 3, 5), (-1, 0, 5), (0, 0, 0)):
        with pytest.raises(ValueError, match="do not fit"):
            tango(*counts)


@pytest.mark.parametrize("n", [20, 50, 200])
@pytest.mark.parametrize("p", [0.5, 0.9, 0.98])
@pytest.mark.parametrize("drop", [0.0, 0.05])
def test_tango_covers_the_truth(n: int, p: float, drop: float, tables) -> None:
    """Enumerated for models that err apart; 5,000 simulated runs agree; at least 91 %."""
    new = p - drop
    loss, gain = p * (1 - new), (1 - p) * new

    @cache
    def covers(lost: int, gained: int) -> bool:
        interval = tango(lost, gained, n)
        return interval.low <= -drop <= interval.high

    exact = sum(chance for lost, gained, chance in tables(n, loss, gain) if covers(lost, gained))
    rng = np.random.default_rng(4)
    runs = rng.multinomial(n, [loss, gain, 1 - loss - gain], 5000)[:, :2].tolist()
    simulated = sum(covers(lost, gained) for lost, gained in runs) / 5000
    assert exact >= 0.91
    assert simulated == pytest.approx(exact, abs=0.015)


def scores_of(differences: list[float], labels: list[int] | None = None) -> PairedScores:
    """Build paired scores that are not 0/1."""
    clusters = None if labels is None else tuple(labels)
    return PairedScores(differences=tuple(differences), clusters=clusters, unpaired=0, binary=False)


def test_tables_get_tango_and_mid_p() -> None:
    """0/1 scores of one repeat are judged by their counts."""
    old = dict.fromkeys(range(50), 1.0)
    new = old | dict.fromkeys(range(6), 0.0)
    paired = pair_scores(old, new)
    assert difference_intervals(paired)(0.9) == tango(6, 0, 50, 0.9)
    assert worse_p_value(paired) == mcnemar(6, 0, alternative=Alternative.LESS)


def test_other_scores_get_bootstrap_and_sign_flips() -> None:
    """Where enough cases differ, the interval is the bootstrap's own."""
    differences = np.random.default_rng(6).normal(-0.1, 0.3, 100).clip(-1, 1).tolist()
    labels = [case // 2 for case in range(100)]
    for paired in (scores_of(differences), scores_of(differences, labels)):
        drawn = bootstrap(differences, paired.clusters, seed=9)
        assert difference_intervals(paired, seed=9)(0.95) == drawn.interval(0.95)
        assert worse_p_value(paired, seed=9) == sign_flip(
            differences, paired.clusters, alternative=Alternative.LESS, seed=9
        )


def test_other_scores_keep_a_width_too() -> None:
    """Without any difference the bootstrap would be sure of what few cases cannot show."""
    found, known = difference_intervals(scores_of([0.0] * 20))(0.95), tango(0, 0, 20)
    assert (found.low, found.high) == (pytest.approx(known.low), pytest.approx(known.high))
    assert bootstrap([0.0] * 20).interval() == Interval(low=0.0, high=0.0)


@pytest.mark.parametrize(
    "paired",
    [scores_of([]), scores_of([-0.5]), scores_of([-0.5, 0.5], [1, 1])],
    ids=["none", "one", "one-cluster"],
)
def test_nothing_known(paired: PairedScores) -> None:
    """Nothing to draw from gives the whole range."""
    assert difference_intervals(paired)(0.95) == Interval(low=-1.0, high=1.0)


@pytest.mark.parametrize("n", [20, 50, 200])
@pytest.mark.parametrize("p", [0.5, 0.9, 0.98])
def test_interval_over_repeats_covers_the_truth(n: int, p: float) -> None:
    """200 simulated runs of three repeats on cases that differ, a drop of 5 %: 91 % at least."""
    rng = np.random.default_rng(int(n + 100 * p))
    covered = 0
    for seed in range(200):
        rates = rng.beta(8 * p, 8 * (1 - p), n)
        differences = (rng.binomial(3, 0.95 * rates) - rng.binomial(3, rates)) / 3
        intervals = difference_intervals(scores_of(differences.tolist()), resamples=500, seed=seed)
        interval = intervals(0.95)
        covered += interval.low <= -0.05 * p <= interval.high
    assert covered >= 0.91 * 200


def test_discordance_of_clusters_is_that_of_the_error() -> None:
    """Its root over n is the standard error, about: it stands for b + c."""
    rng = np.random.default_rng(8)
    labels = [case // 4 for case in range(400)]
    differences = (np.repeat(rng.choice([-0.5, 0, 0.5], 100), 4)).tolist()
    paired = scores_of(differences, labels)
    expected = mean_error(differences, labels).error
    assert paired.discordant**0.5 / 400 == pytest.approx(expected, rel=0.02)
    assert paired.units == 100
