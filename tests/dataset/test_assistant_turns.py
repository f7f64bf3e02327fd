"""Every assistant turn becomes the last message of a row of its own."""

from typing import Any

import pytest

from punie_train.dataset.assistant_turns import assistant_turns, needs_expansion


def row(roles: str) -> dict[str, Any]:
    """Return a row with one message for each letter: s, u, a, t."""
    names = {"s": "system", "u": "user", "a": "assistant", "t": "tool"}
    messages = [{"role": names[letter], "content": str(at)} for at, letter in enumerate(roles)]
    return {"messages": messages, "tools": [{"name": "f"}]}


@pytest.mark.parametrize(
    ("roles", "cuts", "needed"),
    [
        pytest.param("ua", ["ua"], False, id="one turn"),
        pytest.param("sua", ["sua"], False, id="with a system prompt"),
        pytest.param("uata", ["ua", "uata"], True, id="call and answer"),
        pytest.param("uau", ["ua"], True, id="the user has the last word"),
    ],
)
def test_rows_are_cut_after_each_assistant_message(
    roles: str, cuts: list[str], needed: bool
) -> None:
    """Nothing is lost but what follows the last assistant turn; tools are kept."""
    whole = row(roles)
    assert needs_expansion(whole) is needed
    assert assistant_turns(whole) == tuple(
        {"messages": whole["messages"][: len(cut)], "tools": whole["tools"]} for cut in cuts
    )
