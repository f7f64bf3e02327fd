"""How numbers read."""

from collections.abc import Callable
from typing import Any

import pytest

from punie_train.evals.statistics.intervals import Interval
from punie_train.reporting import numbers

TABLE: dict[str, tuple[Callable[..., str], tuple[Any, ...], str]] = {
    "percent-none": (numbers.percent, (None,), "n/a"),
    "percent-zero": (numbers.percent, (0.0,), "0 %"),
    "percent-one": (numbers.percent, (1.0,), "100 %"),
    "percent-third": (numbers.percent, (1 / 3,), "33.3 %"),
    "percent-nearly-all": (numbers.percent, (0.9999,), "99.9 %"),
    "percent-nearly-none": (numbers.percent, (0.0001,), "0.1 %"),
    "interval-none": (numbers.interval, (None,), "n/a"),
    "interval": (numbers.interval, (Interval(low=0.919, high=1.0),), "91.9-100.0 %"),
    "points-none": (numbers.points, (None,), "n/a"),
    "points-up": (numbers.points, (0.125,), "+12.5 points"),
    "points-down": (numbers.points, (-0.04,), "-4.0 points"),
    "points-level": (numbers.points, (-0.0001,), "0 points"),
    "plural-one": (numbers.plural, (1, "case"), "1 case"),
    "plural-none": (numbers.plural, (0, "case"), "0 cases"),
    "plural-many": (numbers.plural, (1240, "case"), "1,240 cases"),
    "plural-irregular": (numbers.plural, (2, "category", "categories"), "2 categories"),
    "count-none": (numbers.count, (None,), "n/a"),
    "share": (numbers.share, (135, 1140), "135/1,140"),
    "seconds-none": (numbers.seconds, (None,), "n/a"),
    "seconds-ms": (numbers.seconds, (0.0432,), "43 ms"),
    "seconds-rounding-up": (numbers.seconds, (0.9996,), "1.0 s"),
    "seconds": (numbers.seconds, (1.84,), "1.8 s"),
    "seconds-minutes": (numbers.seconds, (59.97,), "1 min"),
    "seconds-minutes-rest": (numbers.seconds, (75.2,), "1 min 15 s"),
    "seconds-hours": (numbers.seconds, (7200,), "2 h"),
    "seconds-hours-rest": (numbers.seconds, (7265,), "2 h 1 min"),
    "speed-none": (numbers.speed, (None,), "n/a"),
    "speed-slow": (numbers.speed, (9.42,), "9.4"),
    "speed-fast": (numbers.tokens_per_second, (1183.4,), "1,183 tok/s"),
    "speed-unit-none": (numbers.tokens_per_second, (None,), "n/a"),
    "score-none": (numbers.score, (None,), "n/a"),
    "score-one": (numbers.score, (1.0,), "1.00"),
    "score-nearly-one": (numbers.score, (0.999,), "0.99"),
    "score-nearly-zero": (numbers.score, (0.001,), "0.01"),
    "nats-none": (numbers.nats, (None,), "n/a"),
    "nats": (numbers.nats, (3.2149,), "3.21"),
}


@pytest.mark.parametrize(("render", "arguments", "expected"), TABLE.values(), ids=TABLE)
def test_numbers_read(
    render: Callable[..., str], arguments: tuple[Any, ...], expected: str
) -> None:
    """Each number reads as the table says."""
    assert render(*arguments) == expected
