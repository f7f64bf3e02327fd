"""Rules of the order of turns: who may speak after whom."""

from collections.abc import Iterator, Sequence
from typing import get_args

from punie_train.core.messages import Role
from punie_train.dataset import rules
from punie_train.dataset.rules import Fault

ROLES = frozenset(get_args(Role))


def turn_faults(roles: Sequence[str]) -> Iterator[Fault]:
    """Yield what is wrong with the order of the known roles of a row, in order."""
    before = ""
    for position, role in enumerate(roles, start=1):
        where = f"message {position}"
        if role == "system":
            if position > 1:
                yield Fault(rules.SYSTEM_NOT_FIRST, f"{where} is a system message")
            continue
        match before, role:
            case "", "user":
                pass
            case "", _:
                yield Fault(rules.FIRST_NOT_USER, f"{where} is the first turn, by {role}")
            case "user", "user":
                yield Fault(rules.USER_AFTER_USER, f"{where} is a second turn of the user")
            case "assistant", "assistant":
                fact = f"{where} is a second turn of the assistant"
                yield Fault(rules.ASSISTANT_AFTER_ASSISTANT, fact)
            case "tool", "user":
                yield Fault(rules.USER_AFTER_RESULT, f"{where} of the user follows a result")
        before = role
    if roles and roles[-1] != "assistant":
        yield Fault(rules.LAST_NOT_ASSISTANT, f"the last message is by {roles[-1]}")
