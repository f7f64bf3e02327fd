"""Options of the form `[CATEGORY=]X`."""

from punie_train.core.errors import UsageError


def parse_bound(option: str, text: str) -> tuple[str, float]:
    """Read `[CATEGORY=]X`, 0.0 to 1.0 or in percent; without a category it is about `overall`."""
    category, _, number = text.rpartition("=")
    try:
        bound = float(number.removesuffix("%")) / (100 if number.endswith("%") else 1)
    except ValueError:
        bound = -1.0
    if not 0 <= bound <= 1:
        raise UsageError(
            f"{option} {text}",
            "it holds no score from 0.0 to 1.0",
            f"Write for example {option} tool_calling=0.95.",
        )
    return category or "overall", bound
