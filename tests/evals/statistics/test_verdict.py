"""The verdict: when it is which, how often it is wrong, and how many may be asked at once."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import punie_train.evals.statistics as package
from punie_train.evals.statistics.intervals import Interval
from punie_train.evals.statistics.multiplicity import holm
from punie_train.evals.statistics.paired import tango
from punie_train.evals.statistics.power import cases_needed, detectable_difference
from punie_train.evals.statistics.verdict import (
    PairVerdict,
    Verdict,
    judge_categories,
    judge_pair,
    overall_verdict,
)


def sides(n: int, lost: int, gained: int) -> tuple[dict[int, float], dict[int, float]]:
    """Build the scores of two models: losses first, then gains, then cases both have right."""
    old = {case: float(not lost <= case < lost + gained) for case in range(n)}
    new = {case: float(case >= lost) for case in range(n)}
    return old, new


@pytest.mark.parametrize(
    ("n", "lost", "gained", "max_drop", "verdict"),
    [
        (130, 0, 0, 0.05, Verdict.PASS),
        (20, 0, 0, 0.05, Verdict.INCONCLUSIVE),
        (300, 5, 3, 0.05, Verdict.PASS),
        (300, 15, 2, 0.05, Verdict.INCONCLUSIVE),
        (300, 30, 2, 0.05, Verdict.REGRESSED),
        (300, 30, 2, 0.20, Verdict.PASS),
        (300, 10, 1, 0.00, Verdict.REGRESSED),
        (300, 1, 10, 0.00, Verdict.PASS),
        (300, 5, 5, 0.00, Verdict.INCONCLUSIVE),
        (1, 1, 0, 0.05, Verdict.INCONCLUSIVE),
    ],
)
def test_verdict_follows_the_interval(
    n: int, lost: int, gained: int, max_drop: float, verdict: Verdict
) -> None:
    """Above the allowed drop, below it, or around it; p says the same."""
    found = judge_pair(*sides(n, lost, gained), max_drop=max_drop)
    assert found.verdict is verdict
    assert found.interval == tango(lost, gained, n)
    assert (found.p_regressed < 0.05) == (verdict is Verdict.REGRESSED)


def test_the_numbers_of_a_verdict() -> None:
    """All of them, as the functions that make them say."""
    old, new = sides(300, 15, 2)
    found = judge_pair(old | {300: 1.0}, new)
    assert found.difference == pytest.approx(-13 / 300)
    assert found.p_value == pytest.approx((1 + 17 + 136 / 2) / 2**17)
    assert found == PairVerdict(
        verdict=Verdict.INCONCLUSIVE,
        max_drop=0.05,
        pairs=300,
        unpaired=1,
        clusters=None,
        lost=15,
        gained=2,
        difference=found.difference,
        interval=tango(15, 2, 300),
        p_value=found.p_value,
        p_regressed=1.0,
        detectable=detectable_difference(17, 300),
        cases_needed=cases_needed(0.05, 17 / 300),
    )


def test_p_is_the_level_at_which_the_interval_turns() -> None:
    """At a confidence of 1 - p the upper end is the allowed drop."""
    p = judge_pair(*sides(300, 30, 2)).p_regressed
    assert tango(30, 2, 300, 1 - p).high == pytest.approx(-0.05, abs=1e-6)


def test_nothing_in_common_is_inconclusive() -> None:
    """Without a pair all is open, and both sides are counted."""
    found = judge_pair({"a": 1.0}, {"b": 0.0, "c": 1.0})
    assert found.verdict is Verdict.INCONCLUSIVE
    assert (found.pairs, found.unpaired, found.difference) == (0, 3, None)
    assert found.interval == Interval(low=-1.0, high=1.0)
    assert (found.p_value, found.p_regressed) == (1.0, 1.0)
    assert found.detectable is found.cases_needed is None


def test_fewer_discordant_pairs_than_the_drop_needs() -> None:
    """The number of cases is that for the least discordance that such a drop can come from."""
    assert judge_pair(*sides(20, 0, 0)).cases_needed == cases_needed(0.05, 0.05) == 155
    assert judge_pair(*sides(20, 0, 0), max_drop=0.0).cases_needed is None


@pytest.mark.parametrize("max_drop", [-0.1, 1.0])
def test_a_drop_that_is_none_is_refused(max_drop: float) -> None:
    """Below 0 or a whole score; 0 itself is asked for above."""
    with pytest.raises(ValueError, match="not between 0 and 1"):
        judge_pair(*sides(20, 0, 0), max_drop=max_drop)


@pytest.mark.parametrize(
    ("new", "verdict"),
    [(0.75, Verdict.PASS), (0.45, Verdict.REGRESSED)],
    ids=["same", "worse"],
)
def test_scores_between_0_and_1(new: float, verdict: Verdict) -> None:
    """Means over repeats are judged by resampling, the same again with the same seed."""
    rng = np.random.default_rng(3)
    old_scores = dict(enumerate((rng.binomial(4, 0.75, 200) / 4).tolist()))
    new_scores = dict(enumerate((rng.binomial(4, new, 200) / 4).tolist()))
    found = judge_pair(old_scores, new_scores, max_drop=0.1, repeats=4)
    assert found.verdict is verdict
    assert found == judge_pair(old_scores, new_scores, max_drop=0.1, repeats=4)
    assert (found.p_value < 0.01) == (verdict is Verdict.REGRESSED)
    assert (found.p_regressed == 2 / 10_001) == (verdict is Verdict.REGRESSED)


def test_clusters_that_fail_together_say_less() -> None:
    """30 losses of 300 regress when they stand alone, not when they are three templates."""
    old, new = sides(300, 30, 0)
    alone = judge_pair(old, new)
    together = judge_pair(old, new, clusters={case: case // 10 for case in range(300)})
    assert (alone.verdict, together.verdict) == (Verdict.REGRESSED, Verdict.INCONCLUSIVE)
    assert (alone.clusters, together.clusters) == (None, 30)
    assert together.p_value > alone.p_value
    assert together.detectable == pytest.approx(detectable_difference(300, 300))
    assert (together.cases_needed or 0) > 5 * (alone.cases_needed or 0)


def shares(n: int, loss: float, gain: float, *, max_drop: float) -> dict[Verdict, float]:
    """Return how often 5,000 simulated comparisons of n cases end with each verdict."""
    rng = np.random.default_rng(11)
    runs = rng.multinomial(n, [loss, gain, 1 - loss - gain], 5000)[:, :2]
    found = dict.fromkeys(Verdict, 0.0)
    for (lost, gained), times in Counter(map(tuple, runs.tolist())).items():
        found[judge_pair(*sides(n, lost, gained), max_drop=max_drop).verdict] += times / 5000
    return found


@pytest.mark.parametrize(
    ("n", "p"), [(20, 0.5), (20, 0.9), (20, 0.98), (50, 0.9), (200, 0.9), (200, 0.98)]
)
def test_identical_models_rarely_regress(n: int, p: float) -> None:
    """At most 5 % of the runs, even when no drop at all is allowed, and some of them then."""
    chance = p * (1 - p)
    strict = shares(n, chance, chance, max_drop=0.0)[Verdict.REGRESSED]
    assert strict <= 0.05
    if n * chance > 2:
        assert strict > 0.005
    assert shares(n, chance, chance, max_drop=0.05)[Verdict.REGRESSED] <= strict


@pytest.mark.parametrize(("n", "share"), [(50, 0.2), (200, 0.1), (312, 0.1)])
def test_a_drop_at_the_limit_is_rarely_told_apart(n: int, share: float) -> None:
    """Exactly the allowed drop is called REGRESSED or PASS in at most 5 % each."""
    found = shares(n, (share + 0.05) / 2, (share - 0.05) / 2, max_drop=0.05)
    assert found[Verdict.REGRESSED] <= 0.05
    assert found[Verdict.PASS] <= 0.05


def test_gate_has_the_power_it_names() -> None:
    """With 312 cases, 10 % discordant, 5 points lost are seen in 80 % within 3 points.

    Identical models PASS a little less often: the variance under that drop is larger.
    """
    lost = shares(312, 0.075, 0.025, max_drop=0.0)
    same = shares(312, 0.05, 0.05, max_drop=0.05)
    assert lost[Verdict.REGRESSED] == pytest.approx(0.8, abs=0.03)
    assert same[Verdict.PASS] == pytest.approx(0.76, abs=0.03)


def test_identical_models_rarely_regress_by_resampling() -> None:
    """Also with three repeats in clusters, in at most 5 % of 400 runs without an allowed drop."""
    rng = np.random.default_rng(13)
    labels = {case: case // 2 for case in range(60)}
    regressed = 0
    for seed in range(400):
        rates = np.repeat(rng.beta(7, 2, 30), 2)
        old, new = (dict(enumerate((rng.binomial(3, rates) / 3).tolist())) for _ in range(2))
        found = judge_pair(
            old, new, max_drop=0.0, clusters=labels, repeats=3, resamples=300, seed=seed
        )
        regressed += found.verdict is Verdict.REGRESSED
    assert 0 < regressed <= 20


def test_one_category_is_judged_as_a_pair() -> None:
    """There is nothing to adjust for."""
    old, new = sides(300, 30, 2)
    assert judge_categories({"tools": old}, {"tools": new}) == {"tools": judge_pair(old, new)}


def test_holm_takes_back_what_one_of_many_may_be() -> None:
    """What its own interval calls REGRESSED is not, among ten; what is clear stays."""
    close, clear, same = sides(300, 27, 2), sides(300, 60, 0), sides(300, 0, 0)
    pairs = {"close": close, "clear": clear} | {f"same {index}": same for index in range(8)}
    found = judge_categories(
        {name: old for name, (old, _) in pairs.items()},
        {name: new for name, (_, new) in pairs.items()},
    )
    assert judge_pair(*close).verdict is Verdict.REGRESSED
    assert found["close"].verdict is Verdict.INCONCLUSIVE
    assert found["clear"].verdict is Verdict.REGRESSED
    assert found["same 0"].verdict is Verdict.PASS
    own = [judge_pair(*pair).p_regressed for pair in pairs.values()]
    assert [verdict.p_regressed for verdict in found.values()] == holm(own)


def test_a_category_of_one_side_is_told_and_not_counted() -> None:
    """It is INCONCLUSIVE, and the others are not adjusted for it."""
    old, new = sides(300, 30, 2)
    found = judge_categories({"tools": old, "gone": old}, {"tools": new, "fresh": new})
    assert list(found) == ["tools", "gone", "fresh"]
    assert found["tools"] == judge_pair(old, new)
    assert found["gone"].verdict is found["fresh"].verdict is Verdict.INCONCLUSIVE
    assert found["gone"].unpaired == 300


def test_family_of_identical_categories_rarely_regresses() -> None:
    """Of 1,000 runs of six categories at the limit, at most 5 % have any REGRESSED.

    Without Holm more than that would.
    """
    rng = np.random.default_rng(12)
    runs = rng.multinomial(100, [0.125, 0.075, 0.8], (1000, 6))[:, :, :2].tolist()
    known = {
        counts: judge_pair(*sides(100, *counts)).p_regressed
        for counts in {tuple(counts) for run in runs for counts in run}
    }
    p_values = [[known[tuple(counts)] for counts in run] for run in runs]
    plain = sum(min(run) < 0.05 for run in p_values)
    adjusted = sum(min(holm(run)) < 0.05 for run in p_values)
    assert adjusted <= 50 < plain


@pytest.mark.parametrize(
    ("drops", "verdict"),
    [
        ((0, 0), Verdict.PASS),
        ((0, 15), Verdict.INCONCLUSIVE),
        ((0, 15, 60), Verdict.REGRESSED),
        ((), Verdict.INCONCLUSIVE),
    ],
    ids=["all-pass", "one-open", "one-regressed", "none"],
)
def test_overall_verdict_is_the_worst(drops: tuple[int, ...], verdict: Verdict) -> None:
    """One that regressed is enough; one that is open leaves all open."""
    assert overall_verdict(judge_pair(*sides(300, drop, 0)) for drop in drops) is verdict


def test_nothing_heavy_is_imported_before_it_is_used() -> None:
    """All modules of the package are light, so that the plugin may import them."""
    names = [path.stem for path in Path(str(package.__file__)).parent.glob("[a-z]*.py")]
    assert "verdict" in names
    imports = "".join(f"import {package.__name__}.{name}\n" for name in names)
    check = "import sys\nassert not {'numpy', 'scipy'} & set(sys.modules)\n"
    done = subprocess.run(
        [sys.executable, "-c", imports + check], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
