"""Sign flips and bootstrap against scipy, exact enumeration and simulated coverage."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from punie_train.evals.statistics.clustered import mean_error
from punie_train.evals.statistics.exact_tests import Alternative
from punie_train.evals.statistics.resampling import bootstrap, sign_flip

SEEDS = range(3)


def some_differences(seed: int, n: int = 10) -> list[float]:
    """Draw differences of case means over four repeats, more losses than gains."""
    return (np.random.default_rng(seed).integers(-3, 3, n) / 4).tolist()


@pytest.mark.parametrize("alternative", Alternative)
@pytest.mark.parametrize("seed", SEEDS)
def test_sign_flip_agrees_with_scipy(seed: int, alternative: Alternative) -> None:
    """All flips of ten differences, as scipy enumerates them, within the error of 10,000."""
    differences = some_differences(seed)
    exact = stats.permutation_test(
        (differences,),
        np.mean,
        permutation_type="samples",
        alternative=alternative.value,
        n_resamples=np.inf,
    )
    found = sign_flip(differences, alternative=alternative)
    assert found == pytest.approx(float(exact.pvalue), abs=0.02)


@pytest.mark.parametrize("alternative", Alternative)
@pytest.mark.parametrize("size", [1 - 2 / 3, 0.1, 0.7], ids=["third", "tenth", "seven-tenths"])
def test_ties_count_whatever_the_rounding(alternative: Alternative, size: float) -> None:
    """Eleven of a size, seven of them negative: as many flips as a binomial has, with ties."""
    differences = [-size] * 7 + [size] * 4
    more = 7 if alternative is not Alternative.GREATER else 4
    sided = "two-sided" if alternative is Alternative.TWO_SIDED else "greater"
    exact = float(stats.binomtest(more, 11, alternative=sided).pvalue)
    assert sign_flip(differences, alternative=alternative) == pytest.approx(exact, abs=0.02)


def test_clusters_flip_together() -> None:
    """With clusters it is the enumeration over clusters, not over cases."""
    differences = [-0.5, -0.25, -0.5, -0.75, 0.25, -0.5, -0.25, -0.25]
    labels = list("aabbcddd")
    sums = np.array([-0.75, -1.25, 0.25, -1.0])
    totals = np.array(list(product([-1, 1], repeat=4))) @ sums
    exact = float((totals <= sums.sum() + 1e-9).mean())
    found = sign_flip(differences, labels, alternative=Alternative.LESS)
    assert found == pytest.approx(exact, abs=0.01)
    assert sign_flip(differences, alternative=Alternative.LESS) < found / 2


def test_p_is_never_zero() -> None:
    """The observed arrangement is one of those counted; without a difference p is 1."""
    assert sign_flip([-1.0] * 60, resamples=999) == 1 / 1000
    assert sign_flip([0.0] * 60) == 1.0


@pytest.mark.parametrize("resamples", [1, 999])
def test_sign_flip_keeps_its_level(resamples: int) -> None:
    """Also with few flips p <= alpha has at most that probability, in 2,000 runs."""
    rng = np.random.default_rng(5)
    runs = rng.choice([-0.5, -0.25, 0.25, 0.5], (2000 if resamples == 1 else 400, 20))
    p_values = [
        sign_flip(run, alternative=Alternative.LESS, resamples=resamples, seed=index)
        for index, run in enumerate(runs.tolist())
    ]
    assert np.mean(np.array(p_values) <= 0.5) <= 0.56
    assert np.mean(np.array(p_values) <= 0.05) <= 0.075


def test_results_depend_on_the_seed_alone() -> None:
    """Not on the order of the cases."""
    differences = some_differences(7, 40)
    labels = [case // 3 for case in range(40)]
    turned = (differences[::-1], labels[::-1])
    assert sign_flip(differences, labels) == sign_flip(*turned)
    assert sign_flip(differences, labels) != sign_flip(differences, labels, seed=1)
    assert bootstrap(differences, labels).interval() == bootstrap(*turned).interval()
    assert np.any(bootstrap(differences).means != bootstrap(differences, seed=1).means)


@pytest.mark.parametrize("seed", SEEDS)
def test_bootstrap_agrees_with_scipy(seed: int) -> None:
    """The means have the quantiles of scipy's, within the error of 10,000."""
    differences = some_differences(seed, 80)
    theirs = stats.bootstrap((differences,), np.mean, method="percentile", n_resamples=9999)
    ours = np.quantile(bootstrap(differences).means, [0.025, 0.975])
    expected = (theirs.confidence_interval.low, theirs.confidence_interval.high)
    assert tuple(ours) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("seed", SEEDS)
def test_cluster_bootstrap_has_the_clustered_error(seed: int) -> None:
    """The spread of its means is the sandwich estimate, about."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 60, 300)
    values = (rng.normal(0, 0.3, 60)[labels] + rng.normal(0, 0.1, 300)).tolist()
    drawn = bootstrap(values, labels.tolist())
    assert np.std(drawn.means) == pytest.approx(mean_error(values, labels.tolist()).error, rel=0.06)
    assert drawn.clusters == len(set(labels.tolist()))


def test_few_clusters_widen_the_interval() -> None:
    """For eight normal clusters plain percentiles cover less than 91 %, the expanded more."""
    plain = expanded = 0
    for seed, values in enumerate(np.random.default_rng(3).normal(0, 1, (500, 8)).tolist()):
        drawn = bootstrap(values, resamples=500, seed=seed)
        low, high = np.quantile(drawn.means, [0.025, 0.975])
        interval = drawn.interval()
        plain += low <= 0 <= high
        expanded += interval.low <= 0 <= interval.high
    assert plain < 0.91 * 500
    assert expanded >= 0.91 * 500


def test_expanded_percentiles_are_hesterbergs() -> None:
    """Student's quantile times sqrt(G/(G-1)), as a tail of the normal distribution."""
    drawn = bootstrap(some_differences(1, 6))
    tail = stats.norm.cdf(stats.t.ppf(0.025, 5) * (6 / 5) ** 0.5)
    interval = drawn.interval()
    expected = np.quantile(drawn.means, [tail, 1 - tail])
    assert (interval.low, interval.high) == pytest.approx(tuple(expected))


def test_nothing_cannot_be_drawn_from() -> None:
    """No value, no resample, or an interval from one case is an error; two cases are enough."""
    assert bootstrap([0.0, 1.0]).interval().high == 1.0
    with pytest.raises(ValueError, match="nothing to draw"):
        bootstrap([])
    with pytest.raises(ValueError, match="none"):
        sign_flip([0.5], resamples=0)
    with pytest.raises(ValueError, match="at least two"):
        bootstrap([0.5]).interval()
