"""Requests whose later calls need the result of an earlier one."""

from dataclasses import dataclass
from random import Random

from punie_train.core.messages import ToolCall
from punie_train.starter.grammar.agent_calls import MAKERS
from punie_train.starter.grammar.framing import finish, quoted
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.phrasing import phrase
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

_AFTER = {
    "get_terminal_output": (
        (
            "(show|print|get|give me|tell me|read|fetch|display|report) (me |)(its output|the "
            "output|"
            "what it prints|what it printed|"
            "its log|the log|what it says|what comes out|the logs|the result|the results)"
        ),
        "(look|have a look|check) (at |)(what it says|what it printed|the output|its output)",
    ),
    "wait_for_terminal_exit": (
        (
            "wait (for it|until it is done|until it finishes|until it ends|until it has finished|"
            "for "
            "it to finish|for it "
            "to end|till it is over|for the end|until it exits|for it to exit|for completion)"
        ),
        "(let it finish|let it run to the end|wait)",
    ),
    "kill_terminal": (
        (
            "(kill|stop|terminate|abort|end|cancel|interrupt) (it|it again|the process|the "
            "terminal)(| right away| at once|)"
        ),
        "(shut|bring) it down",
    ),
    "release_terminal": (
        (
            "(release|free|give back|clean up|let go of|dispose of|drop) (it|the terminal|its "
            "terminal|the session)"
        ),
        "(hand|give) it back",
    ),
}


_NEXT = (
    "( and| and| and then|, then|; then|, and then|. then|. after that|, and afterwards|. when "
    "it is up,|. once it is started,| and after that|, and)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A request whose later calls need the terminal id that the first one returns."""

    text: str
    terminal: str
    steps: tuple[ToolCall, ...]


_PLANS = (
    ("get_terminal_output",),
    ("get_terminal_output",),
    ("wait_for_terminal_exit",),
    ("wait_for_terminal_exit", "get_terminal_output"),
    ("wait_for_terminal_exit", "get_terminal_output"),
    ("get_terminal_output", "kill_terminal"),
    ("kill_terminal",),
    ("release_terminal",),
    ("wait_for_terminal_exit", "release_terminal"),
    ("get_terminal_output", "release_terminal"),
    ("kill_terminal", "release_terminal"),
    ("wait_for_terminal_exit", "get_terminal_output", "release_terminal"),
)


def chain(rng: Random, names: Names) -> Chain:
    """Return a request to start a command and to go on with its terminal."""
    words, start = MAKERS["run_command"](rng, names)
    plan = rng.choice(_PLANS)
    text = words.rstrip(".?")
    for step in plan:
        text += _space(phrase(rng, _NEXT + " (|please )" + rng.choice(_AFTER[step])))
    terminal = names.terminal()
    return Chain(
        text=text + rng.choice((".", "", "?")),
        terminal=terminal,
        steps=(
            start,
            *(ToolCall(name=step, arguments={"terminal_id": terminal}) for step in plan),
        ),
    )


def _space(text: str) -> str:
    return text if text[0] in ".,;" else f" {text}"


def chained(rng: Random, names: Names) -> Sample:
    """Return one turn of a loop that starts a command and goes on with its terminal."""
    made = chain(rng, names)
    history = list(user(made.text))
    turn = rng.randrange(0 if rng.random() < 0.35 else 1, len(made.steps) + 1)
    last = ""
    for one in made.steps[:turn]:
        last = started(rng, made.terminal) if one is made.steps[0] else result_of(rng, names, one)
        history += [called(one), tool_turn(one.name, last)]
    if turn < len(made.steps):
        return Sample(
            history=tuple(history),
            calls=(made.steps[turn],),
            category="tool_calling",
            tags=("multi-turn",),
        )
    reply = ENDS.get(made.steps[-1].name) or closing(rng, last)
    return Sample(
        history=tuple(history),
        text=reply,
        category="tool_calling",
        tags=("multi-turn", "answer"),
    )


def copied(rng: Random, names: Names) -> Sample:
    """Return one turn of reading a file and writing what was read to another."""
    source, target = names.file_path(), names.file_path()
    content = rng.choice(
        (names.text(), line_of_text(rng, names), f"{names.text()}\n{names.text()}")
    )
    text = finish(
        rng,
        "{b}(copy|duplicate|transfer) (the content of |the contents of |the text of |what is in |"
        "){s} (to|into) {t}(.|)"
        if rng.random() < 0.5
        else "{b}(read|open|load|look into) {s} (and|and then|, then) (write|save|put|store|copy) "
        "(it|its content|its "
        "contents|the same text|what it says|what is in it|the content|everything|the text) (to|"
        "into|in) {t}(.|)",
        "",
        {"s": quoted(rng, source), "t": quoted(rng, target)},
    )
    read, write = (
        call("read_file", path=source),
        call("write_file", path=target, content=content),
    )
    history = [*user(text), called(read), tool_turn("read_file", content)]
    match rng.randrange(4):
        case 0:
            return Sample(
                history=user(text),
                calls=(read,),
                category="tool_calling",
                tags=("multi-turn",),
            )
        case 1:
            history += [
                called(write),
                tool_turn("write_file", rng.choice(("ok", "done", "", "written"))),
            ]
            return Sample(
                history=tuple(history),
                text="Written.",
                category="tool_calling",
                tags=("multi-turn", "answer"),
            )
        case _:
            return Sample(
                history=tuple(history),
                calls=(write,),
                category="tool_calling",
                tags=("multi-turn",),
            )
