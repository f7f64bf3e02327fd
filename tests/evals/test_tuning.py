"""S19: which settings are tried, and what is said of them."""

from collections.abc import Callable

import pytest

from punie_train.evals.result import CaseResult
from punie_train.evals.tune_space import TuneSpace, by_server
from punie_train.evals.tuning import DEFAULT, SettingRun, TuneSetting, judge_settings

Make = Callable[..., CaseResult]
WARM = TuneSetting(temperature=0.7, top_p=0.9)


def _run(make: Make, setting: TuneSetting, passed: int, of: int = 60) -> SettingRun:
    results = [make(f"c{i}", "passed" if i < passed else "failed") for i in range(of)]
    return SettingRun(setting=setting, results=tuple(results), tokens_per_second=100.0)


def test_a_gain_beyond_chance_is_recommended(make_result: Make) -> None:
    """The setting with the best score among those that are better."""
    small, large = TuneSetting(repetition_penalty=1.1), TuneSetting(repetition_penalty=1.2)
    found = judge_settings(
        [_run(make_result, DEFAULT, 30), _run(make_result, small, 42), _run(make_result, large, 45)]
    )
    assert found.recommended == large
    assert [one.setting for one in found.scores] == [large, small, DEFAULT]
    assert [one.is_better for one in found.scores] == [True, True, False]
    assert found.default.difference is None


@pytest.mark.parametrize("passed", [30, 32, 10])
def test_otherwise_the_default_stays(make_result: Make, passed: int) -> None:
    """As good, a little better, or worse."""
    found = judge_settings([_run(make_result, DEFAULT, 30), _run(make_result, WARM, passed)])
    assert found.recommended == DEFAULT


def test_of_many_settings_one_is_the_best_by_chance(make_result: Make) -> None:
    """What is enough for one setting is not enough for the best of many."""
    default, lucky = _run(make_result, DEFAULT, 30), _run(make_result, WARM, 36)
    assert judge_settings([default, lucky]).recommended == WARM
    others = [
        _run(make_result, TuneSetting(temperature=number / 100), 30) for number in range(1, 20)
    ]
    assert judge_settings([default, lucky, *others]).recommended == DEFAULT


def test_a_setting_without_results_is_last_and_told(make_result: Make) -> None:
    """It takes nothing from the others."""
    broken = SettingRun(setting=WARM, results=(), failure="the server died")
    found = judge_settings([broken, _run(make_result, DEFAULT, 30)])
    assert [one.failure for one in found.scores] == [None, "the server died"]
    assert found.scores[1].tally.score is None
    with pytest.raises(ValueError, match="default"):
        judge_settings([broken])


def test_every_combination_that_differs() -> None:
    """Top-p varies above temperature 0 only, KV bits alone, the default is first."""
    settings = TuneSpace().settings()
    assert len(settings) == len(set(settings)) == 3 + 3 * 3 * 3 + 2
    assert settings[0] == DEFAULT
    assert all(one.temperature for one in settings if one.top_p)
    assert [one for one in settings if one.kv_bits] == [
        TuneSetting(kv_bits=8),
        TuneSetting(kv_bits=4),
    ]
    assert list(by_server(settings)) == [None, 8, 4]


def test_the_nearest_come_first() -> None:
    """Quick leaves one change each; a number cuts the farthest."""
    quick = TuneSpace().settings(quick=True)
    assert [one.name for one in quick] == [
        "default",
        "repetition penalty 1.1",
        "repetition penalty 1.2",
        "temperature 0.1",
        "temperature 0.3",
        "temperature 0.7",
        "KV bits 8",
        "KV bits 4",
    ]
    assert TuneSpace().settings(most=8) == quick
    only = TuneSpace(temperatures=(0.3,), top_p=(1.0,), repetition_penalties=(1.0,), kv_bits=())
    assert only.settings() == (DEFAULT, TuneSetting(temperature=0.3))
