"""Results of free-form evaluations."""

from collections.abc import Sequence

import pytest

from punie_train.core.errors import RequestError
from punie_train.core.outcomes import Score
from punie_train.evals.free_form import free_form_result

ENDS = [
    pytest.param(None, (), "passed", 1.0, id="returned"),
    pytest.param(None, (1.0, 0.5), "passed", 0.75, id="returned-with-scores"),
    pytest.param(AssertionError("no"), (), "failed", 0.0, id="failed"),
    pytest.param(AssertionError("no"), (1.0,), "failed", 0.0, id="failed-after-a-good-score"),
    pytest.param(RequestError("a", "b", "c"), (1.0,), "unavailable", None, id="no-reply"),
]


@pytest.mark.parametrize(("error", "values", "outcome", "score"), ENDS)
def test_a_failed_function_scores_nothing(
    error: BaseException | None, values: Sequence[float], outcome: str, score: float | None
) -> None:
    """The mean counts only where the function returned; a lost reply has no score at all."""
    result = free_form_result(
        case="test_x",
        suite="evals",
        category="agent",
        adapter="v1",
        prompts=(),
        turns=(),
        scores=tuple(Score(name="s", value=value, reason="") for value in values),
        error=error,
    )
    assert (result.outcome.value, result.score) == (outcome, score)
