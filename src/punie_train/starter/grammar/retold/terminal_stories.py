"""Requests about a terminal told as a story: how things stand, and then what is wanted.

The first clause may name any tool or none; what is asked for stands in the second.
"""

from random import Random

from punie_train.starter.grammar.framing import finish, quoted
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.phrasing import phrase
from punie_train.starter.grammar.retold.story_phrases import (
    ANY_STATE,
    DO,
    DOING,
    NOUNS,
    STATES,
    TURNED_DOWN,
    WISHES,
)
from punie_train.starter.grammar.samples import Sample, call, user

_NAMED = "(|||terminal |the terminal |session |process |the one called |number )"
_ITS = "(it|it|it|it|that one|this one|that thing|that terminal|the thing)"
_UNNAMED = "(it|it|that one|the thing|the job|the terminal|the build|the server)"
_BECAUSE = "(, |; |. |, because |, since |, as |: | now that | - )"
_SO = "(, so |. so |, |. |; |, therefore |, and so | - |. now |: |, hence |. that is why i say: )"


def _wish(rng: Random, tool: str, terminal: str) -> str:
    """Return a clause that asks for the tool; it may end in a question mark."""
    frame = rng.choice(WISHES)
    text = (
        frame.replace("{do}", rng.choice(DO[tool]))
        .replace("{ing}", rng.choice(DOING[tool]))
        .replace("{noun}", rng.choice(NOUNS[tool]))
    )
    if tool == "get_terminal_output" and rng.random() < 0.2:
        its = "its" if terminal == _ITS else f"{terminal}'s"
        text = rng.choice(
            (
                f"{its} (output|log|latest lines|printout)(, please| please| is what i want|)",
                (
                    f"(show me|read|get|give me|i want|i need|let me see|fetch) {its} (output|log|"
                    "lines|printed lines)"
                ),
            )
        )
    return text.replace("{o}", terminal)


def _turned_down(rng: Random, tool: str, terminal: str) -> str:
    """Return a clause that says no to another tool."""
    other = rng.choice([name for name in DO if name != tool])
    return (
        rng.choice(TURNED_DOWN)
        .replace("{do}", rng.choice(DO[other]))
        .replace("{ing}", rng.choice(DOING[other]))
        .replace("{o}", terminal)
    )


def _state(rng: Random, tool: str, terminal: str) -> str:
    states = ANY_STATE if rng.random() < 0.45 else STATES[tool]
    return rng.choice(states).replace("{o}", terminal)


def _told(  # noqa: PLR0911 - one return for each shape
    rng: Random, tool: str, terminal: str
) -> str:
    """Return a story as a template in one or two clauses, with the id in one or both of them."""
    named = _NAMED + terminal
    before, after = (named, _ITS) if rng.random() < 0.6 else (_UNNAMED, named)
    if rng.random() < 0.1:
        before = after = named
    match rng.randrange(10):
        case 0 | 1 | 2:
            return f"{_state(rng, tool, before)}{_SO}{_wish(rng, tool, after)}"
        case 3 | 4:
            said = _turned_down(rng, tool, before)
            join = "(, |; |, so |. |, but | - )"
            if said.startswith(("(rather", "(instead")):
                join = "(, |, please )"
            return f"{said}{join}{_wish(rng, tool, after)}"
        case 5:
            said = _turned_down(rng, tool, _ITS)
            return f"{_state(rng, tool, before)}(, and |. |; |, but ){said}{_SO}" + _wish(
                rng, tool, after
            )
        case 6:
            state = rng.choice(STATES[tool]).replace("{o}", _ITS)
            return f"{_wish(rng, tool, named).rstrip('?')}{_BECAUSE}{state}"
        case 7:
            link = "(now that|since|because|as|given that|seeing that|considering that)"
            return f"{link} {rng.choice(STATES[tool])}, {_wish(rng, tool, after)}".replace(
                "{o}", before
            )
        case 8:
            return f"{_wish(rng, tool, named).rstrip('?')}(, |; |. )" + _turned_down(
                rng, tool, _ITS
            )
        case _:
            return _wish(rng, tool, named)


def terminal_story(rng: Random, names: Names, tool: str | None = None) -> Sample:
    """Return a request about one terminal whose last word decides the tool."""
    tool = tool or rng.choice(list(DO))
    terminal = names.terminal()
    text = phrase(rng, _told(rng, tool, "{id}"), {"id": "{id}"})
    ending = rng.choice(("", ".", ".", "!")) if not text.endswith("?") else ""
    return Sample(
        history=user(finish(rng, f"{text}{ending}", "", {"id": quoted(rng, terminal)})),
        calls=(call(tool, terminal_id=terminal),),
        category="tool_calling",
        tags=("simple", tool),
    )
