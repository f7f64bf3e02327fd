"""What tools could answer to a call, and what is worth saying about it."""

import json
from random import Random

from punie_train.core.messages import ToolCall
from punie_train.generate.phrases import said
from punie_train.generate.plain_names import WORDS, filled

_SERVES = ("serve", "runserver", "uvicorn", "gunicorn", "flask", "http.server", "run dev", "up")


def file_text(rng: Random, path: str) -> str:
    """Return what a file of that name could hold."""
    name = path.rsplit("/", 1)[-1]
    lines = WORDS["lines"]
    ending = "." + name.rsplit(".", 1)[-1] if "." in name else ""
    return filled(rng, rng.choice(lines.get(name) or lines.get(ending) or lines[""]))


def command_output(rng: Random, command: str) -> str:
    """Return what a command could print; with an empty command what any could."""
    outputs = WORDS["outputs"]
    words = command.split() or [rng.choice([key for key in outputs if " " not in key])]
    keys = (" ".join(words[:2]), words[0])
    if any(word in command for word in _SERVES):
        keys = ("serve",)
    found = next((outputs[key] for key in keys if key in outputs), outputs[""])
    return filled(rng, rng.choice(found))


def started(rng: Random, terminal: str) -> str:
    """Return what run_command answers."""
    return rng.choice(
        (
            json.dumps({"terminal_id": terminal}),
            json.dumps({"terminal_id": terminal, "status": "running"}),
            f"terminal_id: {terminal}",
            f"Started in terminal {terminal}.",
        )
    )


def ended(rng: Random, status: int) -> str:
    """Return what wait_for_terminal_exit answers."""
    return rng.choice(
        (json.dumps({"exit_code": status}), f"exit code {status}", f"exited with {status}")
    )


def result_of(rng: Random, call: ToolCall, *, command: str = "", status: int = 0) -> str:
    """Return what the tool could answer; `command` is what runs in the terminal, if known."""
    match call.name:
        case "read_file":
            return file_text(rng, call.arguments["path"])
        case "write_file":
            size = len(call.arguments["content"].encode())
            return rng.choice(("ok", f"wrote {size} bytes", json.dumps({"written": size})))
        case "get_terminal_output":
            return command_output(rng, command)
        case "wait_for_terminal_exit":
            return ended(rng, status)
        case "release_terminal":
            return rng.choice(("released", "ok", json.dumps({"released": True})))
        case "kill_terminal":
            return rng.choice(("killed", "terminated", json.dumps({"killed": True})))
    raise ValueError(call.name)


_DONE = {
    "write_file": (
        "(I have written|I wrote) `{path}`.|`{path}` is written.|Done, `{path}` has the (new |)"
        "content."
    ),
    "run_command": (
        "(It|`{command}`|The command) is running in terminal {id}.|(I started|I have started) "
        "`{command}` in terminal {id}."
    ),
    "release_terminal": "(Terminal {id} is released.|I have released terminal {id}.)",
    "kill_terminal": "(The process in {id} is stopped.|I (stopped|have stopped) terminal {id}.)",
}


def closing(rng: Random, call: ToolCall, result: str, *, terminal: str = "") -> str:
    """Return the reply after a call's result: short, and no more than the result says."""
    if call.name in _DONE:
        slots = {"id": terminal, **{str(k): str(v) for k, v in call.arguments.items()}}
        slots["id"] = slots.get("terminal_id", terminal)
        return said(rng, f"({_DONE[call.name]})", slots)
    match call.name:
        case "wait_for_terminal_exit":
            good = "0" in result.split() or '"exit_code": 0' in result
            return said(
                rng,
                "(The command has finished, with exit code 0.|It is done and ended well.)"
                if good
                else "(The command has ended, but it failed: {r}.|It is over and it failed: {r}.)",
                {"r": result},
            )
        case "read_file":
            lead = said(
                rng,
                "(`{p}` holds|Here is `{p}`|This is what `{p}` says|`{p}`):",
                {"p": call.arguments["path"]},
            )
        case _:
            lead = said(rng, "(It printed|The output is|This is the output|The terminal shows):")
    return f"{lead}\n\n```\n{result.strip()}\n```"
