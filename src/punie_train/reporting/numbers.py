"""How a number reads: the only place where one becomes text."""

from punie_train.evals.statistics.intervals import Interval

NOT_AVAILABLE = "n/a"


def percent(rate: float | None) -> str:
    """Return a rate of 0.0 to 1.0 as a percentage; only exactly 0 and 1 read as 0 and 100."""
    return NOT_AVAILABLE if rate is None else f"{_tenths(rate)} %"


def interval(bounds: Interval | None) -> str:
    """Return both ends of a confidence interval, in percent."""
    if bounds is None:
        return NOT_AVAILABLE
    return f"{bounds.low * 100:.1f}-{bounds.high * 100:.1f} %"


def points(difference: float | None) -> str:
    """Return a difference of two rates (each 0.0 to 1.0) as signed percentage points."""
    if difference is None:
        return NOT_AVAILABLE
    rounded = round(difference * 100, 1)
    return "0 points" if rounded == 0 else f"{rounded:+.1f} points"


def points_interval(bounds: Interval) -> str:
    """Return both ends of the interval of a difference, in signed percentage points."""
    return f"{bounds.low * 100:+.1f} to {bounds.high * 100:+.1f}"


def p_value(p: float) -> str:
    """Return a p value with three digits, small ones as an upper bound."""
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def plural(number: int, singular: str, many: str | None = None) -> str:
    """Return the number with its noun, such as `1 case` or `1,240 cases`."""
    return f"{count(number)} {singular if number == 1 else many or singular + 's'}"


def share(part: int, whole: int) -> str:
    """Return a part of a whole, such as `135/140`."""
    return f"{count(part)}/{count(whole)}"


def count(number: int | None) -> str:
    """Return a whole number with thousands separated."""
    return NOT_AVAILABLE if number is None else f"{number:,}"


def seconds(duration: float | None) -> str:
    """Return a duration in seconds in the unit that suits it: ms, s, min or h."""
    if duration is None:
        return NOT_AVAILABLE
    if duration < 0.9995:
        return f"{duration * 1000:.0f} ms"
    if duration < 59.95:
        return f"{duration:.1f} s"
    minutes, rest = divmod(round(duration), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def speed(tokens_per_second: float | None) -> str:
    """Return tokens a second without its unit: two digits at least, thousands separated."""
    if tokens_per_second is None:
        return NOT_AVAILABLE
    return f"{tokens_per_second:,.0f}" if tokens_per_second >= 9.95 else f"{tokens_per_second:.1f}"


def tokens_per_second(rate: float | None) -> str:
    """Return a speed with its unit."""
    return NOT_AVAILABLE if rate is None else f"{speed(rate)} tok/s"


def score(value: float | None) -> str:
    """Return a score of 0.0 to 1.0 with two digits; only exactly 0 and 1 read as 0.00 and 1.00."""
    if value is None:
        return NOT_AVAILABLE
    return f"{value if value in (0, 1) else min(max(value, 0.01), 0.99):.2f}"


def nats(shift: float | None) -> str:
    """Return a difference of natural log-probabilities with three significant digits."""
    return NOT_AVAILABLE if shift is None else f"{shift:.3g}"


def size(number_of_bytes: int) -> str:
    """Return a size in the unit that suits it, kB to TB (powers of 1000)."""
    value = float(number_of_bytes)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 999.95:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def kept(ratio: float) -> str:
    """Return a share or a cosine with three digits, as it is: it may be below 0 and above 1."""
    return f"{round(ratio, 3) + 0.0:.3f}"


def _tenths(rate: float) -> str:
    if rate in (0, 1):
        return f"{rate * 100:.0f}"
    return f"{min(max(rate * 100, 0.1), 99.9):.1f}"
