"""Cases needed and detectable difference against known numbers and enumerated power."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punie_train.evals.statistics.exact_tests import Alternative, mcnemar
from punie_train.evals.statistics.paired import tango
from punie_train.evals.statistics.power import cases_needed, detectable_difference

TABLE = [(0.05, 0.05, 155), (0.05, 0.10, 312), (0.02, 0.05, 979), (0.02, 0.10, 1960)]


@pytest.mark.parametrize(("difference", "share", "cases"), TABLE)
def test_known_numbers_of_cases(difference: float, share: float, cases: int) -> None:
    """5 and 2 points where the models disagree on 5 and 10 % of the cases, in both directions."""
    assert cases_needed(difference, share) == cases_needed(-difference, share) == cases


@pytest.mark.parametrize(("difference", "share", "cases"), TABLE[1:])
def test_so_many_cases_have_the_power(difference: float, share: float, cases: int, tables) -> None:
    """Enumerated, 80 % within 3 points: of the interval being below 0, and of mid-p.

    Neither finds anything where the square of lost - gained is below three times their sum.
    """
    interval = test = 0.0
    for lost, gained, chance in tables(cases, (share + difference) / 2, (share - difference) / 2):
        if lost > gained and (lost - gained) ** 2 > 3 * (lost + gained):
            interval += chance * (tango(lost, gained, cases).high < 0)
            test += chance * (mcnemar(lost, gained) <= 0.05)
    assert interval == pytest.approx(0.8, abs=0.03)
    assert test == pytest.approx(0.8, abs=0.03)


def test_power_where_every_change_is_a_loss(tables) -> None:
    """There counts are too few for the formula: exact 80 %, mid-p and the interval have more."""
    power = dict.fromkeys(("exact", "mid-p", "interval"), 0.0)
    for lost, gained, chance in tables(155, 0.05, 0.0):
        power["exact"] += chance * (mcnemar(lost, gained, mid_p=False) <= 0.05)
        power["mid-p"] += chance * (mcnemar(lost, gained) <= 0.05)
        power["interval"] += chance * (tango(lost, gained, 155).high < 0)
    assert power["exact"] == pytest.approx(0.8, abs=0.03)
    assert power["interval"] > power["mid-p"] > 0.85


@pytest.mark.parametrize("n", [20, 50, 200])
@pytest.mark.parametrize("share", [0.05, 0.2])
def test_one_sided_mid_p_is_a_p_value(n: int, share: float, tables) -> None:
    """At most 5 % of equal models have one of at most 5 %, and mid-p may add half a point."""
    found = sum(
        chance
        for lost, gained, chance in tables(n, share / 2, share / 2)
        if mcnemar(lost, gained, alternative=Alternative.LESS) <= 0.05
    )
    assert 0 < found <= 0.055


@given(st.integers(1, 400), st.integers(500, 5000))
def test_detectable_difference_is_about_2_8_roots(discordant: int, n: int) -> None:
    """And as many cases are needed to see it, but for the small term of the formula."""
    found = detectable_difference(discordant, n)
    assert found == pytest.approx(2.8016 * discordant**0.5 / n, rel=1e-4)
    if discordant >= 20:
        assert cases_needed(found, discordant / n) == pytest.approx(n, rel=0.07)


def test_no_discordant_pair_is_not_perfect_sight() -> None:
    """None counts as one, and nothing is beyond a whole score."""
    assert detectable_difference(0, 130) == detectable_difference(1, 130) > 0.02
    assert detectable_difference(2, 2) == 1.0


def test_impossible_questions_are_refused() -> None:
    """A difference needs as many discordant pairs, and not to be zero; a run needs cases."""
    for difference, share in ((0.05, 0.04), (0.0, 0.1), (0.5, 1.5)):
        with pytest.raises(ValueError, match="cannot come from"):
            cases_needed(difference, share)
    for discordant, n in ((1, 0), (-1, 5)):
        with pytest.raises(ValueError, match="detect nothing"):
            detectable_difference(discordant, n)
