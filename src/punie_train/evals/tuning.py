"""Is any way of sampling better than the default one, beyond chance?"""

from collections.abc import Sequence
from dataclasses import dataclass

from punie_train.core.sampling import Sampling
from punie_train.evals.comparison import case_means, repeats_of
from punie_train.evals.report import Tally
from punie_train.evals.result import CaseResult
from punie_train.evals.statistics.multiplicity import holm
from punie_train.evals.statistics.verdict import PairVerdict, judge_pair
from punie_train.evals.summary import tally

ALPHA = 0.025
"""One side of a 95 % interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TuneSetting:
    """How replies are drawn; `kv_bits` of the server's KV cache, None for full precision.

    Without top-p and repetition penalty the server's own hold: 1.0, so they change nothing.
    """

    temperature: float = 0.0
    top_p: float | None = None
    repetition_penalty: float | None = None
    kv_bits: int | None = None

    @property
    def name(self) -> str:
        """Return what is not as by default, in words."""
        parts = {
            "temperature": self.temperature or None,
            "top-p": self.top_p,
            "repetition penalty": self.repetition_penalty,
            "KV bits": self.kv_bits,
        }
        said = [f"{name} {value:g}" for name, value in parts.items() if value is not None]
        return ", ".join(said) or "default"

    def sampling(self, max_tokens: int) -> Sampling:
        """Return the sampling of a request."""
        return Sampling(
            temperature=self.temperature,
            top_p=self.top_p,
            repetition_penalty=self.repetition_penalty,
            max_tokens=max_tokens,
        )


DEFAULT = TuneSetting()


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRun:
    """The results under one setting; `tokens_per_second` None where replies were known already.

    `failure` says why there are no results.
    """

    setting: TuneSetting
    results: tuple[CaseResult, ...]
    tokens_per_second: float | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingScore:
    """One setting beside the default one.

    `difference` is setting - default, None for the default itself and for what was not measured.
    `p_better` is of "it is not better than the default" (one-sided), Holm 1979 over all settings.
    """

    setting: TuneSetting
    tally: Tally
    difference: PairVerdict | None
    p_better: float | None
    tokens_per_second: float | None
    failure: str | None

    @property
    def is_better(self) -> bool:
        """Say whether it is better than the default setting, beyond chance."""
        return self.p_better is not None and self.p_better <= ALPHA


@dataclass(frozen=True, slots=True, kw_only=True)
class TuneResult:
    """All settings, the best score first; `recommended` is the default unless one is better."""

    scores: tuple[SettingScore, ...]
    recommended: TuneSetting
    repeats: int

    @property
    def default(self) -> SettingScore:
        """Return the default setting's."""
        return next(one for one in self.scores if one.setting == DEFAULT)


def judge_settings(runs: Sequence[SettingRun]) -> TuneResult:
    """Compare every setting with the default one, case by case, and recommend one.

    A setting is recommended when its cases are better beyond chance, however many settings were
    tried; of several the one with the best score. Raises `ValueError` without the default setting.
    """
    first = next((run for run in runs if run.setting == DEFAULT), None)
    if first is None:
        raise ValueError("the default setting was not measured")
    others = [run for run in runs if run is not first]
    old, told = case_means(first.results), [_differ(first, run) for run in others]
    raw = [
        judge_pair(case_means(run.results), old, repeats=_repeats(first, run)).p_value
        for run, difference in zip(others, told, strict=True)
        if difference is not None
    ]
    adjusted = iter(holm(raw))
    scores = [_score(first, None, None)]
    for run, difference in zip(others, told, strict=True):
        scores.append(_score(run, difference, None if difference is None else next(adjusted)))
    scores.sort(key=_order)
    better = [one for one in scores if one.is_better]
    return TuneResult(
        scores=tuple(scores),
        recommended=better[0].setting if better else DEFAULT,
        repeats=max(repeats_of(run.results) for run in runs),
    )


def _differ(first: SettingRun, run: SettingRun) -> PairVerdict | None:
    old, new = case_means(first.results), case_means(run.results)
    if not old.keys() & new.keys():
        return None
    return judge_pair(old, new, repeats=_repeats(first, run))


def _repeats(first: SettingRun, run: SettingRun) -> int:
    return max(repeats_of(first.results), repeats_of(run.results))


def _score(run: SettingRun, difference: PairVerdict | None, p: float | None) -> SettingScore:
    return SettingScore(
        setting=run.setting,
        tally=tally(run.results),
        difference=difference,
        p_better=p,
        tokens_per_second=run.tokens_per_second,
        failure=run.failure,
    )


def _order(one: SettingScore) -> tuple[bool, float, bool]:
    score = one.tally.score
    return score is None, -(score or 0.0), one.setting != DEFAULT
