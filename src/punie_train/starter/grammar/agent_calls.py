"""Requests for the seven agent tools, one call each: phrase, tool and arguments."""

from collections.abc import Callable
from random import Random

from punie_train.core.messages import ToolCall
from punie_train.starter.grammar.agent_phrases import (
    EMPTY,
    FILE,
    READ,
    READ_ASK,
    RUN,
    RUN_ASK,
    WRITE,
)
from punie_train.starter.grammar.framing import ask, order, quoted, without_end
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.phrasing import phrase
from punie_train.starter.grammar.samples import Sample, call, user
from punie_train.starter.grammar.terminal_phrases import (
    KILL,
    OUTPUT,
    OUTPUT_ASK,
    RELEASE,
    TERM,
    WAIT,
)


def _path_call(rng: Random, names: Names) -> tuple[str, ToolCall]:
    path = names.file_path()
    slots = {"path": quoted(rng, path)}
    slots["path0"] = slots["path"]
    if rng.random() < 0.3:
        text = ask(rng, _with(rng.choice(READ_ASK)), slots)
    else:
        chosen = rng.choice(READ)
        template = _with(chosen)
        if "{path0}" in template:
            marked = phrase(rng, template, {"path": "\1", "path0": "\2"})
            if "\2" in marked:
                marked = marked.replace("\1", "").strip()
            template = marked.replace("\1", "{path}").replace("\2", "{path}")
        text = _demanded(rng, chosen, template, slots)
    return text, call("read_file", path=path)


_STATEMENTS = (
    "{",
    TERM,
    "(i ",
    "(i|",
    "(we ",
    "(once",
    "(the content",
    "the ",
    "(i need",
)


def _demanded(rng: Random, chosen: str, template: str, slots: dict[str, str]) -> str:
    """Return an order, or a plain statement when the phrase is one."""
    if chosen.replace("{t}", "").startswith(_STATEMENTS):
        return ask(rng, template, slots).rstrip("?") + rng.choice((".", ""))
    return order(rng, template, slots)


def _with(template: str) -> str:
    return template.replace("{f}", FILE).replace("{t}", TERM)


def _write_call(rng: Random, names: Names) -> tuple[str, ToolCall]:
    path = names.file_path()
    if rng.random() < 0.1:
        text = order(rng, rng.choice(EMPTY), {"path": quoted(rng, path)})
        return text, call("write_file", path=path, content="")
    content = names.text()
    if rng.random() < 0.12:
        content = "\n".join((content, names.text()))
        request = order(
            rng,
            _with(rng.choice(WRITE[:2])).rsplit("(", 1)[0].rsplit("{path}", 1)[0] + "{path}",
            {"path": quoted(rng, path), "f": ""},
        ).rstrip(".?")
        block = rng.choice((f"```\n{content}\n```", content))
        lead = rng.choice((":", " with this content:", " with:", " containing:"))
        return f"{request}{lead}\n{block}", call("write_file", path=path, content=content)
    shown = quoted(rng, content, always=rng.random() < 0.8)
    slots = {"path": quoted(rng, path), "text": shown}
    chosen = rng.choice(WRITE)
    template = _with(chosen)
    if shown == content:
        template = rng.choice(WRITE[:2])
        text = phrase(rng, rng.choice(("", "", "please ", "can you "))) + " "
        text = (text + phrase(rng, template, slots)).strip()
        return text, call("write_file", path=path, content=content)
    text = _demanded(rng, chosen, template, slots)
    return text, call("write_file", path=path, content=content)


def _run_call(rng: Random, names: Names) -> tuple[str, ToolCall]:
    command = names.command()
    if rng.random() < 0.25:
        head = (
            "(run|execute|start|launch|do|try|please run|can you run|now run|run this:|run:|"
            "execute:)"
        )
        return phrase(rng, head + " {cmd}", {"cmd": command}), call("run_command", command=command)
    bare = rng.random() < 0.2
    slots = {"cmd": command if bare else quoted(rng, command, always=True)}
    if rng.random() < 0.12:
        return ask(rng, rng.choice(RUN_ASK), slots), call("run_command", command=command)
    chosen = rng.choice(RUN)
    return _demanded(rng, chosen, chosen, slots), call("run_command", command=command)


def _terminal(
    tool: str, orders: tuple[str, ...], questions: tuple[str, ...] = ()
) -> Callable[[Random, Names], tuple[str, ToolCall]]:
    def make(rng: Random, names: Names) -> tuple[str, ToolCall]:
        terminal = names.terminal()
        slots = {"id": quoted(rng, terminal)}
        slots["id0"] = slots["id"]
        if questions and rng.random() < 0.35:
            text = ask(rng, _with(rng.choice(questions)), slots)
        else:
            chosen = rng.choice(orders)
            text = _demanded(rng, chosen, _with(chosen), slots)
        return text, call(tool, terminal_id=terminal)

    return make


MAKERS: dict[str, Callable[[Random, Names], tuple[str, ToolCall]]] = {
    "read_file": _path_call,
    "write_file": _write_call,
    "run_command": _run_call,
    "get_terminal_output": _terminal("get_terminal_output", OUTPUT, OUTPUT_ASK),
    "release_terminal": _terminal("release_terminal", RELEASE),
    "wait_for_terminal_exit": _terminal("wait_for_terminal_exit", WAIT),
    "kill_terminal": _terminal("kill_terminal", KILL),
}


_BUT = "(, but|, but please|;|, and|. But|. Please|,|, just) (do not|don't|do not|never) "
_OTHER = (
    "(change anything|do anything else|touch anything else|explain it|run it|run anything|ask|"
    "edit it)"
)
_NOT: dict[str, tuple[str, ...]] = {
    "read_file": (
        "(run|execute|change|edit|touch|overwrite|modify|start|write to) it",
        _OTHER,
    ),
    "write_file": (
        "(read|open|run|execute|show) it (|first|before)",
        "(read|run) anything",
    ),
    "run_command": ("(wait for it|wait|show the output|read anything|write anything|stop it)",),
    "get_terminal_output": (
        "(kill|stop|release|close|end|interrupt|wait for|touch|abort|free) it",
        "(kill|stop|release|wait for) (the terminal|the process|anything)",
    ),
    "release_terminal": ("(kill|stop|read|wait for) it", "(kill|stop|run) anything"),
    "wait_for_terminal_exit": (
        "(kill|stop|interrupt|release|abort|cancel|close|end|disturb|touch) it",
        "(kill|stop|release) (the terminal|the process|anything)",
    ),
    "kill_terminal": (
        "(release|wait for|read|restart|free) it",
        "(wait|release it yet|restart)",
    ),
}


def simple(rng: Random, names: Names, tool: str | None = None) -> Sample:
    """Return a request that one call of one agent tool answers."""
    tool = tool or rng.choice(list(MAKERS))
    text, wanted = MAKERS[tool](rng, names)
    if rng.random() < 0.1 and "\n" not in text and not text.endswith("?"):
        but = phrase(rng, _BUT + rng.choice(_NOT[tool]))
        text = without_end(text, wanted) + but + rng.choice((".", ""))
    return Sample(
        history=user(text),
        calls=(wanted,),
        category="tool_calling",
        tags=("simple", tool),
    )
