"""What a row is an example of, so that an adapter can be trained for one kind of task."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from punie_train.dataset.errors import DatasetError
from punie_train.dataset.example import Example

CODE_TOOL = "execute_code"
MULTI_STEP, CODE, CALL, DIRECT = "multi_step", "code_mode", "tool_calling", "direct"


def category_of(row: Mapping[str, Any]) -> str:
    """Return the `category` that a row names, itself or in `metadata`, else one from its calls.

    Without a name: `code_mode` when code is executed, `multi_step` when a result of a tool is
    answered, `tool_calling` for other calls, `direct` for none.
    """
    metadata = row.get("metadata")
    inside = metadata.get("category") if isinstance(metadata, Mapping) else None
    if isinstance(named := row.get("category", inside), str):
        return named
    messages = row.get("messages") or ()
    called = [call for message in messages for call in message.get("tool_calls") or ()]
    if any(call.get("function", call).get("name") == CODE_TOOL for call in called):
        return CODE
    if called and any(message["role"] == "tool" for message in messages):
        return MULTI_STEP
    return CALL if called else DIRECT


def of_categories(rows: Iterable[Example], wanted: Collection[str]) -> list[Example]:
    """Return the rows of the wanted categories, in order."""
    return [row for row in rows if category_of(row.value) in wanted]


def check_categories(rows: Iterable[Example], wanted: Collection[str]) -> None:
    """Raise DatasetError when a wanted category has no row, with those that there are."""
    found = Counter(category_of(row.value) for row in rows)
    if missing := [name for name in wanted if not found[name]]:
        there = ", ".join(f"{name} ({count})" for name, count in found.most_common())
        raise DatasetError(
            f"no training row is of the category {missing[0]!r}",
            "an adapter for it would learn nothing",
            f"Use one of {there}.",
        )
