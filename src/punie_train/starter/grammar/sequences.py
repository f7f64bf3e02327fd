"""Requests for steps one after the other, said in the many ways people put an order of steps.

Each step is known by its verb forms; the frames say which comes first: "once it is up", "having run
it", "before you release it", "at the end".
"""

from dataclasses import dataclass
from random import Random

from punie_train.core.messages import ToolCall
from punie_train.starter.grammar.framing import finish, quoted
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.samples import call
from punie_train.starter.grammar.terminal_deeds import DEEDS

_START = "(run|start|launch|execute|kick off|fire up|begin with|set off)"
_STARTED = "(started|launched|run|executed|kicked off)"
_STARTING = "(starting|launching|running|executing|kicking off)"
_NEXT = (
    "(, then|, and then|; then|. then|. after that|, after that|. afterwards|, and afterwards|"
    ", next|. next| and then| and)"
)
_AFTER_A_STEP = "(. once that is done,|. when you have that,|. with that done,)"
_LAST = (
    "(, and at the end|. at the end|, and finally|. finally|, and as the last step|. last,|. in "
    "the end|, and at last|. to finish,|, lastly|, and when all is done)"
)
_UP = "(once|when|as soon as) (it|that) (is up|runs|is running|has started|is started|is going)"
_ENDED = (
    "(once|when|as soon as|after) (it|that) (is done|has finished|has ended|has exited|is over|"
    "exits|ends|is through)"
)
_WAITS = "wait_for_terminal_exit"
_READS = "get_terminal_output"
_PLANS = (
    (_READS,),
    (_WAITS,),
    ("kill_terminal",),
    ("release_terminal",),
    (_WAITS, _READS),
    (_WAITS, _READS),
    (_WAITS, "release_terminal"),
    (_READS, "kill_terminal"),
    (_READS, "release_terminal"),
    ("kill_terminal", "release_terminal"),
    (_WAITS, _READS, "release_terminal"),
    (_READS, "kill_terminal", "release_terminal"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A request and its calls in order; `{id}` in an argument is what the first call returns."""

    text: str
    steps: tuple[ToolCall, ...]
    terminal: str


def sequence(rng: Random, names: Names) -> Sequence:
    """Return a request to start a command and to go on with its terminal."""
    command, terminal = names.command(), names.terminal()
    plan = rng.choice(_PLANS)
    steps = (
        call("run_command", command=command),
        *(ToolCall(name=step, arguments={"terminal_id": terminal}) for step in plan),
    )
    frame = _reversed(rng, plan) if len(plan) > 1 and rng.random() < 0.3 else _forward(rng, plan)
    text = finish(rng, frame, "", {"cmd": quoted(rng, command, always=True)})
    return Sequence(text=text, steps=steps, terminal=terminal)


def _order(rng: Random, tool: str) -> str:
    form = rng.choice(DEEDS[tool].orders)
    return form.replace("{o}", "it").replace("{its}", "its")


def _doing(rng: Random, tool: str) -> str:
    form = rng.choice(DEEDS[tool].doing)
    return form.replace("{o}", "it").replace("{its}", "its")


def _wish(rng: Random, tool: str) -> str:
    form = rng.choice(DEEDS[tool].wishes)
    return form.replace("{o}", "it").replace("{its}", "its")


def _forward(  # noqa: PLR0911 - one return for each frame
    rng: Random, plan: tuple[str, ...]
) -> str:
    """Return the start and the steps in the order they are done."""
    tail = _tail(rng, plan)
    rest = _tail(rng, plan[1:], plan[0])
    first = _order(rng, plan[0])
    if plan[0] != _WAITS:
        first = f"(|{_UP}, ){first}"
    match rng.randrange(10):
        case 0 | 1:
            return f"(|please |now ){_START} {{cmd}}{tail}(.|)"
        case 2:
            return f"(first|first of all|to begin with)(,|) {_START} {{cmd}}{tail}(.|)"
        case 3:
            return f"(i'd like|i would like|i want|i need) {{cmd}} {_STARTED}{tail.rstrip()}(.|)"
        case 4:
            having = "(having|when you have|once you have|after you have)"
            return f"{having} {_STARTED} {{cmd}}, {first}{rest}(.|)"
        case 5:
            return f"after {_STARTING} {{cmd}}, {first}{rest}(.|)"
        case 6:
            return f"(once|when|as soon as) {{cmd}} (is up|runs|is started), {first}{rest}(.|)"
        case 7:
            return f"(could|can|would) you {_START} {{cmd}}{tail.replace('. ', ', ')}?"
        case 8:
            return (
                f"{_START} {{cmd}}. (what i want then is|i then need|from it i want) "
                f"{_wish(rng, plan[0])}{rest}(.|)"
            )
        case _:
            after = f" (afterwards|then|next)(,|) {_order(rng, plan[1])}" if plan[1:] else ""
            after += _tail(rng, plan[2:], "".join(plan[1:2]))
            asked = f"(would|do) you mind {_STARTING} {{cmd}} and {_doing(rng, plan[0])}?"
            return f"{asked}{after}{'(.|)' if after else ''}"


def _tail(rng: Random, plan: tuple[str, ...], before: str = "") -> str:
    """Return steps after a start or after the step before, each behind a word for its place."""
    text = ""
    for number, step in enumerate(plan):
        last = number == len(plan) - 1 and bool(before)
        join = _LAST if last and rng.random() < 0.5 else _NEXT
        if before and not last and rng.random() < 0.15:
            join = _AFTER_A_STEP
        if before == _WAITS and rng.random() < 0.4:
            join = f"(.|, and|;) {_ENDED},"
        elif not before and step != _WAITS and rng.random() < 0.3:
            join = f"(.|, and|;) {_UP},"
        you = rng.choice(("", "", "", "you ")) if join is _NEXT else ""
        text += f"{join} {you}{_order(rng, step)}"
        before = step
    return text


def _reversed(rng: Random, plan: tuple[str, ...]) -> str:
    """Return a request that names a later step before an earlier one."""
    *early, one, two = plan
    start = f"(|please |first ){_START} {{cmd}}{_tail(rng, tuple(early))}"
    later, earlier = _order(rng, two), _order(rng, one)
    if one == _WAITS and rng.random() < 0.5:
        return rng.choice(
            (
                (
                    f"{start}, (and |but ){later} (only |)(once|when|after) it (has ended|is done|"
                    "has exited|has finished)(.|)"
                ),
                f"{start}. {_ENDED}, {later}(.|)",
                f"{start}. (not before it (has ended|is done|exits)|only at its end), {later}(.|)",
            )
        )
    return rng.choice(
        (
            f"{start}. (but |)before {_doing(rng, two)}, {earlier}(.|)",
            f"{start}. before you {later}, {earlier}(.|)",
            f"{start}. {later}, but (only |)after {_doing(rng, one)}(.|)",
            f"{start}. {later}(, but|;) {earlier} (first|before that|beforehand)(.|)",
            f"{start}. {earlier} before {_doing(rng, two)}(.|)",
        )
    )
