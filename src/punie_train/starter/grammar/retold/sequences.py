"""Requests for steps one after the other, at each point: the next step, or words at the end."""

from random import Random

from punie_train.core.messages import Message, ToolCall
from punie_train.starter.grammar.framing import finish, quoted
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.retold.sequence_words import (
    COPY,
    COPY_READ,
    COPY_WRITE,
    DONE,
    DONE_WITH,
    FINALLY,
    ITS,
    START,
    STARTED,
    STARTING,
    STEPPING,
    STEPS,
    THEN,
)
from punie_train.starter.grammar.samples import Sample, call, user
from punie_train.starter.grammar.tool_results import (
    ENDS,
    called,
    closing,
    line_of_text,
    result_of,
    started,
    tool_turn,
)

_PLANS = (
    ("wait_for_terminal_exit",),
    ("get_terminal_output",),
    ("kill_terminal",),
    ("release_terminal",),
    ("wait_for_terminal_exit", "get_terminal_output"),
    ("wait_for_terminal_exit", "release_terminal"),
    ("get_terminal_output", "kill_terminal"),
    ("get_terminal_output", "wait_for_terminal_exit"),
    ("get_terminal_output", "release_terminal"),
    ("kill_terminal", "release_terminal"),
    ("wait_for_terminal_exit", "get_terminal_output", "release_terminal"),
    ("get_terminal_output", "kill_terminal", "release_terminal"),
    ("get_terminal_output", "wait_for_terminal_exit", "release_terminal"),
)
_UP = f"(once|when|as soon as|after) {DONE['run_command']}"
_ASKING = "(|||please |could you |can you |i want you to |would you |go and |i need you to )"


def _step(rng: Random, tool: str) -> str:
    return f"(||||please ){rng.choice(STEPS[tool])}".replace("{o}", ITS)


def _opening(  # noqa: PLR0911 - one return for each shape
    rng: Random, plan: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """Return how a request begins, and the steps that are still to be said."""
    start, starting = rng.choice(START), rng.choice(STARTING)
    first, rest = _step(rng, plan[0]), plan[1:]
    match rng.randrange(9):
        case 0 | 1:
            return f"{_ASKING}{start}", plan
        case 2:
            return f"{_ASKING}{start}(, and |. |; ){_UP}, {first}", rest
        case 3:
            want = "(i'd like|i want|i would like|i need|i wish to have|let me have|please get)"
            return f"{want} {{cmd}} {rng.choice(STARTED)}{THEN} {first}", rest
        case 4:
            return f"first {start}(, and when |; when |. when ){DONE['run_command']}, {first}", rest
        case 5:
            return f"(after {starting}|having (run|started|launched) {{cmd}}), {first}", rest
        case 6:
            return f"(once|when|as soon as) you have (started|launched|run) {{cmd}}, {first}", rest
        case 7 if rest:
            before = f"before (you {rng.choice(STEPS[rest[0]])}|{rng.choice(STEPPING[rest[0]])})"
            said = f"{_ASKING}{start}(; |. |, and |, but ){before}, {first}"
            return said.replace("{o}", "it"), rest[1:]
        case _:
            return f"{_ASKING}{start} and {first}", rest


def _said(rng: Random, plan: tuple[str, ...]) -> str:
    """Return a request for starting `{cmd}` and the steps of the plan."""
    text, rest = _opening(rng, plan)
    for index, tool in enumerate(rest):
        last = index == len(rest) - 1 and len(plan) > 1
        earlier = plan[plan.index(tool) - 1] if plan.index(tool) else "run_command"
        match rng.randrange(6):
            case 0 | 1 if last:
                text += f"{FINALLY} {_step(rng, tool)}"
            case 2:
                text += f"(, and |. |; )(once|when|as soon as) {DONE[earlier]}, {_step(rng, tool)}"
            case 3 if earlier != "run_command":
                text += f"(. |; |, and )after {rng.choice(STEPPING[earlier])}, {_step(rng, tool)}"
            case 4 if earlier != "run_command":
                text += f"{DONE_WITH} {_step(rng, tool)}"
            case _:
                text += f"{THEN} {_step(rng, tool)}"
    return text


def _turn(rng: Random, count: int) -> int:
    """Return how many of the steps are done: all of them as often as some of them."""
    if rng.random() < 0.45:
        return count
    return rng.randrange(1, count) if rng.random() < 0.85 else 0


def _at_turn(
    text: str, steps: tuple[ToolCall, ...], results: list[str], done: int, end: str
) -> Sample:
    history: list[Message] = list(user(text))
    for one, result in zip(steps[:done], results[:done], strict=True):
        history += [called(one), tool_turn(one.name, result)]
    finished = done == len(steps)
    return Sample(
        history=tuple(history),
        calls=() if finished else (steps[done],),
        text=end if finished else "",
        category="tool_calling",
        tags=("multi-turn", "answer") if finished else ("multi-turn",),
    )


def sequence(rng: Random, names: Names) -> Sample:
    """Return one turn of starting a command and going on with its terminal, told in many ways."""
    command, terminal, plan = names.command(), names.terminal(), rng.choice(_PLANS)
    text = finish(
        rng,
        f"{_said(rng, plan)}(.|.|)",
        "",
        {"cmd": quoted(rng, command, always=rng.random() < 0.8)},
    )
    steps = (
        call("run_command", command=command),
        *(ToolCall(name=tool, arguments={"terminal_id": terminal}) for tool in plan),
    )
    results = [started(rng, terminal), *(result_of(rng, names, one) for one in steps[1:])]
    end = ENDS.get(plan[-1]) or closing(rng, results[-1])
    return _at_turn(text, steps, results, _turn(rng, len(steps)), end)


def copying(rng: Random, names: Names) -> Sample:
    """Return one turn of reading a file and writing what was read to another."""
    source, target = names.file_path(), names.file_path()
    content = rng.choice((names.text(), names.sentence(), line_of_text(rng, names)))
    if content.startswith("error"):
        content = names.text()
    frame = (
        rng.choice(COPY)
        .replace("{read}", rng.choice(COPY_READ))
        .replace("{write}", rng.choice(COPY_WRITE))
        .replace("{then}", THEN)
    )
    asking = _ASKING if frame.startswith(("(read", "(get", "(open", "(make")) else ""
    slots = {"s": quoted(rng, source), "t": quoted(rng, target)}
    text = finish(rng, f"{asking}{frame}(.|.|)", "", slots)
    steps = (call("read_file", path=source), call("write_file", path=target, content=content))
    results = [content, rng.choice(("ok", "done", "", "written", "true"))]
    return _at_turn(text, steps, results, _turn(rng, 2), ENDS["write_file"])
