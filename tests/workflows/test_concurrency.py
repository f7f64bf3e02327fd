"""B9: the number of requests in flight is found from measured throughput."""

from collections.abc import Callable

import pytest

from punie_train.workflows.concurrency import LADDER, RequestLimit


def _run(rate: Callable[[int], float], replies: int = 600) -> RequestLimit:
    """Feed replies of 10 tokens, as fast as a server that makes `rate` tokens a second."""
    limit, time = RequestLimit(), 0.0
    for _ in range(replies):
        time += 10 / rate(limit.now)
        limit.completed(10, time)
    return limit


@pytest.mark.parametrize(
    ("rates", "found"),
    [
        pytest.param({8: 100, 16: 101, 32: 300}, 8, id="more brings nothing"),
        pytest.param({8: 100, 16: 60, 32: 300}, 8, id="more is slower"),
        pytest.param({8: 100, 16: 150, 32: 152}, 16, id="twice as many is best"),
        pytest.param({8: 100, 16: 107, 32: 114}, 32, id="a little more each"),
        pytest.param({8: 100, 16: 150, 32: 220}, 32, id="the more the better"),
    ],
)
def test_the_best_step_is_kept(rates: dict[int, float], found: int) -> None:
    """Up as long as it pays; then back to the best."""
    limit = _run(rates.__getitem__)
    assert (limit.now, limit.found) == (found, found)
    assert limit.most == max(LADDER)


@pytest.mark.parametrize(
    "rates", [{8: 100, 16: 60, 32: 60}, {8: 100, 16: 104, 32: 10}, {8: 100, 16: 104, 32: 109}]
)
def test_seeking_costs_less_than_a_tenth(rates: dict[int, float]) -> None:
    """Against the best fixed number, over 300 replies."""
    limit, time = RequestLimit(), 0.0
    for _ in range(300):
        time += 10 / rates[limit.now]
        limit.completed(10, time)
    assert 300 * 10 / time >= 0.9 * max(rates.values())


def test_a_short_run_ends_before_anything_is_found() -> None:
    """Then nothing is claimed."""
    limit = _run(lambda _: 100.0, replies=20)
    assert (limit.now, limit.found) == (8, None)


def test_a_fixed_number_stays() -> None:
    """Whatever is measured."""
    limit = RequestLimit(3)
    for time in range(200):
        limit.completed(10, float(time))
    assert (limit.now, limit.most, limit.found, limit.steps) == (3, 3, None, [])
