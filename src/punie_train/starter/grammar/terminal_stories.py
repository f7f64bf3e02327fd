"""Requests about a terminal inside a story: a state first, and what is wanted of it then.

The state goes with the deed as often as in life; what decides is the clause that asks. The verbs
of other tools stand in it too, denied: "there is no point in waiting for it".
"""

from random import Random

from punie_train.starter.grammar.framing import finish, quoted
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.samples import Sample, call, user
from punie_train.starter.grammar.terminal_deeds import DEEDS, NEUTRAL, OVER

_TERM = "(|||||terminal |the terminal |session |process |job )"
_VAGUE = "(the build|my server|the job|that command|the thing|the backup|the script|my test run)"
_INSTEAD = "(instead of|rather than) {doing}"
_DENIED = (
    "(there is|i see) no (point|sense|use|good) in {doing}",
    (
        "{doing} (is|would be|seems) (pointless|useless|no use|not needed|a waste of time|wrong|no "
        "help)"
    ),
    "(do not|don't|never|please do not|no need to|you need not|i would not) {order}",
    "(i do not want|i don't want|nobody asked for|it is not about|forget about) {doing}",
    _INSTEAD,
)
_ASIDE = (
    "(without|instead of|rather than) {doing}",
    "(but|just|and) (do not|don't|never) {order}",
    "not {wish}",
)
_ORDERS = (
    "{order}",
    "please {order}",
    "(just|simply|kindly|now|go ahead and|you may|you can|feel free to) {order}",
    (
        "(i want you|i need you|i'd like you|i ask you|it is time|the plan is|the only thing "
        "left is|"
        "what is left is|the best is|all you have to do is|your task is|be so kind as|i think we "
        "should decide) to {order}"
    ),
)
_WISHES = (
    "{wish}, please",
    (
        "(i want|i need|i would like|i'd like|all i want is|all i need is|what i want is|give "
        "me|my "
        "wish is|i ask for|i am after|the next thing i need is) {wish}"
    ),
    "{wish} (is all i want|is what i need|would be nice|would help|is what i ask for)",
)
_DOINGS = (
    "i (suggest|propose|recommend|am for|am in favour of) {doing}",
    "(what remains is|the next step is|the answer is|what it takes is|your job is) {doing}",
)
_PASSIVES = (
    "{o} (may|can|should|must|has to|needs to|is to|ought to|shall|might as well) {passive}",
    "(i want|i would like|i'd like|it is time for|i am waiting for) {o} to {passive}",
)
_QUESTIONS = (
    "(could|can|would|will) you (please |kindly |just |) {order}",
    "(would|do) you mind {doing}",
    "(is it possible|is there a way|would it be ok|may i ask you|are you able) to {order}",
    "(how about|what about) {doing}",
    "(may|can|could) i (have|get|ask for) {wish}",
)
_BETWEEN = (". ", ", so ", ", so ", "; ", " - ", ". so ", ", therefore ", ": ", ". that is why ")


def terminal_story(rng: Random, names: Names, tool: str | None = None) -> Sample:
    """Return a request about a terminal with a story around it."""
    tool = tool or rng.choice(list(DEEDS))
    terminal = names.terminal()
    named = f"{rng.choice((_TERM, _TERM, ''))}{{id}}"
    match rng.randrange(12):
        case 0 | 1 | 2 | 3:
            text = f"{_about(_state(rng, tool), named)}{_then(rng, tool, 'it')}"
        case 4 | 5:
            denied = _denied(rng, tool)
            text = f"{_about(denied, named)}{_after(rng, tool, 'it', denied)}"
        case 6 | 7:
            start = rng.choice((_state(rng, tool), _denied(rng, tool)))
            text = f"{_about(start, _VAGUE)}{_after(rng, tool, named, start)}"
        case 8:
            wanted = _about(rng.choice(DEEDS[tool].orders), named)
            reason = _about(_state(rng, tool), "it")
            text = f"(please |just |){wanted}(, |: |; |. | - ){reason}"
        case 9:
            wanted, question = _asked(rng, tool, named)
            aside = _about(_filled(rng, rng.choice(_ASIDE), _other(rng, tool)), "it")
            text = f"{wanted}(|,) {aside}{'?' if question else ''}"
        case 10:
            denied = _denied(rng, tool)
            start = _about(_state(rng, tool), named)
            text = f"{start}. {_about(denied, 'it')}{_after(rng, tool, 'it', denied)}"
        case _:
            wanted, question = _asked(rng, tool, named)
            text = f"{wanted}{'?' if question else ''}"
    closed = text.endswith("?")
    text = finish(rng, text if closed else f"{text}(.|.|)", "", {"id": quoted(rng, terminal)})
    return Sample(
        history=user(text),
        calls=(call(tool, terminal_id=terminal),),
        category="tool_calling",
        tags=("simple", "story", tool),
    )


def _state(rng: Random, tool: str) -> str:
    """Return a state: mostly one that goes with the deed, or one that says nothing of it."""
    chance = rng.random()
    if chance < 0.5:
        return rng.choice(DEEDS[tool].states)
    if chance < 0.8:
        return rng.choice(NEUTRAL)
    state = rng.choice(DEEDS[_other(rng, tool)].states)
    if state in OVER and tool in ("kill_terminal", "wait_for_terminal_exit"):
        return rng.choice(NEUTRAL)
    return state


def _denied(rng: Random, tool: str) -> str:
    """Return that something else is not wanted."""
    return _filled(rng, rng.choice(_DENIED), _other(rng, tool))


def _other(rng: Random, tool: str) -> str:
    return rng.choice([name for name in DEEDS if name != tool])


def _then(rng: Random, tool: str, who: str) -> str:
    wanted, question = _asked(rng, tool, who)
    return f"{rng.choice(('. ', '. ', '; ') if question else _BETWEEN)}{wanted}" + (
        "?" if question else ""
    )


def _after(rng: Random, tool: str, who: str, start: str) -> str:
    """Return the clause that asks, as an order behind "instead of"."""
    if start.startswith(_INSTEAD.split(" ", 1)[0]):
        return f", {_about(_filled(rng, rng.choice(_ORDERS[:3]), tool), who)}"
    return _then(rng, tool, who)


def _asked(rng: Random, tool: str, who: str) -> tuple[str, bool]:
    """Return the clause that asks for the deed, and whether it is a question."""
    deed = DEEDS[tool]
    ways = [_ORDERS, _ORDERS, _WISHES, _DOINGS, _QUESTIONS]
    ways += [_PASSIVES] * bool(deed.passives)
    chosen = rng.choice(ways)
    return _about(_filled(rng, rng.choice(chosen), tool), who), chosen is _QUESTIONS


def _filled(rng: Random, frame: str, tool: str) -> str:
    deed = DEEDS[tool]
    wishes = deed.wishes
    if not frame.startswith("(i want|"):
        wishes = tuple(form for form in wishes if not form.startswith("to "))
    for slot, forms in (
        ("{order}", deed.orders),
        ("{doing}", deed.doing),
        ("{wish}", wishes),
        ("{passive}", deed.passives or ("",)),
    ):
        frame = frame.replace(slot, rng.choice(forms))
    return frame


def _about(template: str, who: str) -> str:
    """Return the template with the terminal, or a word for it, in its places."""
    its = "its" if who == "it" else f"{who}'s"
    return template.replace("{its}", its).replace("{o}", who)
