"""One row per assistant turn, so that prompt masking leaves none of them untrained.

With a masked prompt the trainer learns the last message of a row only: of user, call, result,
answer it would never see the call.
"""

from collections.abc import Mapping
from typing import Any


def assistant_turns(row: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return a `messages` row cut after each of its assistant messages, in order.

    Everything beside the messages (tools and the like) is kept; messages after the last
    assistant turn are dropped, since nothing is learned from them.
    """
    messages = row["messages"]
    ends = [index for index, message in enumerate(messages, 1) if message["role"] == "assistant"]
    return tuple({**row, "messages": messages[:end]} for end in ends)


def needs_expansion(row: Mapping[str, Any]) -> bool:
    """Say whether prompt masking would leave an assistant turn of the row untrained."""
    roles = [message["role"] for message in row["messages"]]
    return roles.count("assistant") > 1 or roles[-1] != "assistant"
