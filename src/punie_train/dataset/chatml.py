"""The turns in a text of ChatML: `<|im_start|>role`, a line feed, the content, `<|im_end|>`."""

import re
from dataclasses import dataclass

START, END = "<|im_start|>", "<|im_end|>"
_TURN = re.compile(r"<\|im_start\|>([^\n<]*)\n(.*?)<\|im_end\|>\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: who speaks, and what."""

    role: str
    content: str


class ChatMLError(ValueError):
    """A text that is not ChatML; the message says at which character."""


def chatml_turns(text: str) -> tuple[Turn, ...]:
    """Return the turns of a text; raises ChatMLError for whatever stands between turns."""
    turns: list[Turn] = []
    at = 0
    while at < len(text):
        turn = _TURN.match(text, at)
        if turn is None or START in turn[2]:
            raise ChatMLError(f"no whole ChatML turn at character {at}")
        turns.append(Turn(turn[1].strip(), turn[2]))
        at = turn.end()
    return tuple(turns)
