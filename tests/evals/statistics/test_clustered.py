"""Errors of means against scipy and statsmodels, alone and in clusters."""

import numpy as np
import pytest
from scipy.stats import sem
from scipy.stats import t as student
from statsmodels.regression.linear_model import OLS

from punie_train.evals.statistics.clustered import (
    cluster_sums,
    mean_error,
    mean_interval,
    wilson_clustered,
)
from punie_train.evals.statistics.intervals import wilson

SEEDS = range(10)


def clustered_scores(seed: int) -> tuple[list[float], list[int]]:
    """Draw scores of 40 cases in up to 12 clusters of unequal size."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 12, 40)
    scores = np.clip(rng.normal(0.6, 0.2, 12)[labels] + rng.normal(0, 0.1, 40), 0, 1)
    return scores.tolist(), labels.tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_error_alone_is_that_of_scipy(seed: int) -> None:
    """Without clusters it is the plain standard error, and every case is its own cluster."""
    scores, _ = clustered_scores(seed)
    found = mean_error(scores)
    assert found.error == pytest.approx(float(sem(scores)))
    assert (found.mean, found.cases, found.clusters) == (pytest.approx(np.mean(scores)), 40, 40)
    assert mean_error(scores, list(range(40))) == found


@pytest.mark.parametrize("seed", SEEDS)
def test_clustered_error_and_interval_are_those_of_statsmodels(seed: int) -> None:
    """The sandwich estimate with its small-sample factor, and t with G - 1, agree."""
    scores, labels = clustered_scores(seed)
    fit = OLS(scores, np.ones(40)).fit(
        cov_type="cluster", cov_kwds={"groups": np.array(labels)}, use_t=True
    )
    interval = mean_interval(scores, labels)
    assert mean_error(scores, labels).error == pytest.approx(float(fit.bse[0]))
    assert (interval.low, interval.high) == pytest.approx(tuple(fit.conf_int()[0]))
    assert mean_error(scores, labels).clusters == len(set(labels))


def test_clustered_interval_covers_where_the_plain_one_does_not() -> None:
    """In 1,000 simulated runs of 20 clusters of 5 alike cases."""
    rng = np.random.default_rng(2)
    labels = [case // 5 for case in range(100)]
    shared = np.repeat(rng.normal(0, 1, (1000, 20)), 5, axis=1)
    runs = shared + rng.normal(0, 0.5, (1000, 100))
    covered = {"clustered": 0, "plain": 0}
    for run in runs.tolist():
        for name, interval in (
            ("clustered", mean_interval(run, labels)),
            ("plain", mean_interval(run)),
        ):
            covered[name] += interval.low <= 0 <= interval.high
    assert covered["clustered"] >= 930
    assert covered["plain"] < 800


def test_copies_of_cases_say_nothing_new() -> None:
    """Five copies of each case, in a cluster, have the interval of the cases alone."""
    scores = [1.0] * 17 + [0.0] * 3
    copied = [score for score in scores for _ in range(5)]
    labels = [case // 5 for case in range(100)]
    once, copies = wilson_clustered(scores, list(range(20))), wilson_clustered(copied, labels)
    assert (copies.low, copies.high) == (pytest.approx(once.low), pytest.approx(once.high))
    plain = wilson(85, 100)
    assert copies.high - copies.low > 2 * (plain.high - plain.low)


def test_effective_n_never_exceeds_n() -> None:
    """Clusters that are all alike, or without any spread, leave n as it is, with a t quantile."""
    labels = [case // 2 for case in range(40)]
    t = float(student.ppf(0.975, 19))
    even = wilson_clustered([0.0, 1.0] * 20, labels)
    half = t / (1 + t * t / 40) * np.sqrt(0.25 / 40 + t * t / 6400)
    assert (even.low, even.high) == (pytest.approx(0.5 - half), pytest.approx(0.5 + half))
    nearly = wilson_clustered([0.0, 1.0] * 18 + [0.0, 0.0, 1.0, 1.0], labels)
    assert (nearly.low, nearly.high) == (pytest.approx(even.low), pytest.approx(even.high))
    passed = wilson_clustered([1.0] * 40, labels)
    assert (passed.low, passed.high) == (pytest.approx(1 / (1 + t * t / 40)), 1.0)


def test_sums_come_in_an_order_of_their_own() -> None:
    """The order of the cases does not matter; labels must fit the values."""
    assert cluster_sums([1.0, 0.5, 0.0], ["b", "a", "b"]) == [(0.5, 1), (1.0, 2)]
    assert cluster_sums([1.0, 0.5], None) == [(0.5, 1), (1.0, 1)]
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        cluster_sums([1.0, 0.5], ["a"])


def test_one_cluster_has_no_error() -> None:
    """One case or one cluster is refused; two are enough."""
    assert mean_error([0.0, 1.0]).error == pytest.approx(0.5)
    for scores, labels in (([1.0], None), ([0.0, 1.0], ["a", "a"])):
        with pytest.raises(ValueError, match="at least two"):
            mean_error(scores, labels)


def test_a_rate_needs_scores_of_a_rate() -> None:
    """A score above 1 is refused."""
    with pytest.raises(ValueError, match="not between 0 and 1"):
        wilson_clustered([0.0, 1.5], ["a", "b"])
