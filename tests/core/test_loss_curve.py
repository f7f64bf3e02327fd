"""What can be read off a loss curve."""

import pytest

from punie_train.core.loss_curve import LossCurve, LossPoint


def curve(*valid: tuple[int, float]) -> LossCurve:
    """Return a curve with these validation losses."""
    points = tuple(LossPoint(iteration=at, loss=loss) for at, loss in valid)
    return LossCurve(train=(LossPoint(iteration=1, loss=1.0),), valid=points)


@pytest.mark.parametrize(
    ("losses", "best", "rises", "helped"),
    [
        pytest.param([], None, False, True, id="no validation"),
        pytest.param([(0, 3.0)], None, False, True, id="untrained weights are never the best"),
        pytest.param([(0, 3.0), (24, 2.0), (49, 1.0)], 49, False, True, id="falls"),
        pytest.param([(0, 3.0), (24, 1.0), (49, 1.5)], 24, True, True, id="rises"),
        pytest.param([(0, 3.0), (24, 1.0), (49, 1.01)], 24, False, True, id="levels off"),
        pytest.param([(0, 1.0), (24, 2.0)], 24, False, False, id="training made it worse"),
        pytest.param([(24, 2.0)], 24, False, True, id="nothing to compare with"),
    ],
)
def test_validation_is_read_as_words_need_it(
    losses: list[tuple[int, float]], best: int | None, rises: bool, helped: bool
) -> None:
    """Best iteration, overfitting and usefulness follow from the losses."""
    found = curve(*losses)
    assert (found.best_valid.iteration if found.best_valid else None) == best
    assert (found.rises, found.helped) == (rises, helped)


@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        pytest.param([3.0, 2.0, 1.0, 0.99, 0.985], 2, id="levels off"),
        pytest.param([3.0, 2.0, 1.0], None, id="still falling"),
        pytest.param([3.0, 1.0, 2.0], 1, id="rises"),
        pytest.param([3.0], None, id="one validation"),
        pytest.param([3.0, 1.0, 1.5, 0.5, 0.5], 3, id="falls again after a rise"),
    ],
)
def test_where_validation_levels_off(losses: list[float], expected: int | None) -> None:
    """The untrained loss, at iteration 0, does not count."""
    valid = tuple(LossPoint(iteration=at, loss=loss) for at, loss in enumerate(losses))
    found = LossCurve(train=valid, valid=valid).levels_off
    assert (found.iteration if found else None) == expected
