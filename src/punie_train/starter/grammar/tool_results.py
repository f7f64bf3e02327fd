"""What tools answer, and what the model says when it has seen that."""

import json
from random import Random

from punie_train.core.messages import Message, ToolCall
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.samples import Sample


def started(rng: Random, terminal: str) -> str:
    """Return what run_command answers."""
    return rng.choice(
        (
            json.dumps({"terminal_id": terminal}),
            json.dumps({"terminal_id": terminal, "status": "running"}),
            f"terminal_id: {terminal}",
            f"Started in terminal {terminal}.",
            f"started {terminal}",
            terminal,
            f"Terminal {terminal} created",
            f"running in {terminal}",
        )
    )


def line_of_text(rng: Random, names: Names) -> str:
    """Return a line that a program could print."""
    template = rng.choice(
        (
            "{n} passed in {m}s",
            "{n} passed, {m} failed",
            "listening on {n}",
            "done",
            "build finished in {n} s",
            "{w}: ok",
            "error: {w} not found",
            "{w} {v}",
            "Serving on http://localhost:{n}",
            "exit code {m}",
            "{w} started",
            "compiled {n} files",
            "{w} = {n}",
            "version {n}.{m}",
        )
    )
    return template.format(
        n=rng.randrange(9999), m=rng.randrange(60), w=names.word(), v=names.word()
    )


def closing(rng: Random, result: str) -> str:
    """Return the closing words about a result."""
    first = result.split("\n", maxsplit=1)[0]
    del rng
    return f"It says: {first}" if first else "Done."


ENDS = {
    "write_file": "Written.",
    "run_command": "Started.",
    "release_terminal": "Released.",
    "wait_for_terminal_exit": "It has finished.",
    "kill_terminal": "Stopped.",
}


def result_of(rng: Random, names: Names, wanted: ToolCall) -> str:
    """Return what a call's tool could answer."""
    match wanted.name:
        case "read_file" | "get_terminal_output":
            return line_of_text(rng, names)
        case "run_command":
            return rng.choice((started(rng, names.terminal()), line_of_text(rng, names)))
        case "wait_for_terminal_exit":
            return rng.choice(
                (
                    json.dumps({"exit_code": 0}),
                    "exit code 0",
                    "exited with 0",
                    "0",
                    "done",
                )
            )
        case "execute_code":
            return rng.choice((str(rng.randrange(40)), "True", "False", line_of_text(rng, names)))
        case _:
            return rng.choice(
                (
                    "ok",
                    "done",
                    "",
                    json.dumps({"ok": True}),
                    "released",
                    "true",
                    "killed",
                )
            )


def tool_turn(name: str, content: str) -> Message:
    """Return a tool's turn."""
    return Message(role="tool", content=content, name=name)


def called(*calls: ToolCall) -> Message:
    """Return the turn that made these calls."""
    return Message(role="assistant", tool_calls=calls)


def answered(rng: Random, names: Names, sample: Sample) -> Sample:
    """Return the turn after a sample's calls: results have come, the model answers in words."""
    results = [result_of(rng, names, one) for one in sample.calls]
    messages = [tool_turn(one.name, text) for one, text in zip(sample.calls, results, strict=True)]
    last, text = sample.calls[-1], results[-1]
    reply = ENDS.get(last.name) or closing(rng, text)
    if text.startswith("error"):
        reply = closing(rng, text)
    return Sample(
        history=(*sample.history, called(*sample.calls), *messages),
        text=reply,
        category="tool_calling",
        tags=("answer",),
    )
