"""What a conversion of rows is: a value to a value, or the reason why not."""

from collections.abc import Callable, Mapping
from typing import Any

Conversion = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Returns the converted row, or the same object where nothing is to be done."""


class NotConvertedError(ValueError):
    """A row that cannot be converted without a loss; the message is the reason."""


def with_value(
    row: Mapping[str, Any], key: str, value: Any, *, name: str | None = None
) -> dict[str, Any]:
    """Return a row with another value at `key`, and `key` renamed, in the same place."""
    return {(name or key) if one == key else one: value if one == key else row[one] for one in row}
