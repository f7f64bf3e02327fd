"""Turns of a loop that is under way or done: the next step, or the words that close it.

The words come as often as a step, so that a finished chain is told from one with a step left.
"""

from random import Random

from punie_train.core.messages import Message, ToolCall
from punie_train.starter.grammar.framing import finish, quoted
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.phrasing import phrase, sentence
from punie_train.starter.grammar.samples import Sample, call, user
from punie_train.starter.grammar.sequences import sequence
from punie_train.starter.grammar.terminal_deeds import DEEDS
from punie_train.starter.grammar.terminal_stories import terminal_story
from punie_train.starter.grammar.tool_results import (
    ENDS,
    answered,
    called,
    closing,
    line_of_text,
    result_of,
    started,
    tool_turn,
)

_READ = "(read|open|load|look into|fetch|take)"
_WRITE = "(write|save|put|store|copy|place)"
_WHAT = "(it|its content|its contents|what it says|its text|what you find|what stands there)"
WRITTEN = ("ok", "done", "", "written", '{"ok": true}')


_ORDER = ("get_terminal_output", "wait_for_terminal_exit", "kill_terminal", "release_terminal")
"""Deeds as they can follow one another on one terminal."""


def closings(rng: Random, names: Names) -> Sample:
    """Return a turn of a loop: its end in words half of the time, or else its next step."""
    match rng.randrange(10):
        case 0:
            return answered(rng, names, terminal_story(rng, names))
        case 1 | 2:
            return _files(rng, names)
        case 3:
            return _kept(rng, names)
        case 4:
            return _asked_in_turns(rng, names)
        case _:
            return _terminal_loop(rng, names)


def _terminal_loop(rng: Random, names: Names) -> Sample:
    made = sequence(rng, names)
    results = [started(rng, made.terminal)]
    results += [result_of(rng, names, one) for one in made.steps[1:]]
    return turn_of(rng, user(made.text), made.steps, results)


def turn_of(
    rng: Random, history: tuple[Message, ...], steps: tuple[ToolCall, ...], results: list[str]
) -> Sample:
    """Return the turn after some of the steps: all of them half of the time.

    `results` has the text that each step returns.
    """
    turn = len(steps) if rng.random() < 0.5 else rng.randrange(len(steps))
    if turn == 0 and rng.random() < 0.5:
        turn = rng.randrange(len(steps))
    said = list(history)
    for one, result in zip(steps[:turn], results, strict=False):
        said += [called(one), tool_turn(one.name, result)]
    done = turn == len(steps)
    return Sample(
        history=tuple(said),
        calls=() if done else (steps[turn],),
        text=_words(rng, steps[-1], results[-1]) if done else "",
        category="tool_calling",
        tags=("multi-turn", "answer") if done else ("multi-turn",),
    )


def _words(rng: Random, last: ToolCall, result: str) -> str:
    return ENDS.get(last.name) or closing(rng, result)


def _files(rng: Random, names: Names) -> Sample:
    """Return a turn of reading a file, writing its text to another and perhaps looking at it."""
    source, target = names.file_path(), names.file_path()
    content = rng.choice((names.text(), line_of_text(rng, names)))
    frame = rng.choice(
        (
            f"{_READ} {{s}} and {_WRITE} {_WHAT} (to|into|in) {{t}}",
            f"(having|once you have|when you have) read {{s}}, {_WRITE} {_WHAT} (to|into) {{t}}",
            "(put|copy|bring|take) (what {s} (says|holds)|the (text|content) of {s}) (to|into) {t}",
            "{t} (should|must|is to) (get|have|hold|receive) the (text|content) of {s}",
            "(i want|i need|i'd like) {t} to (say|hold) (what {s} says|the same as {s})",
            "(make|let) {t} (say|hold) what {s} (says|holds)",
            f"before you write {{t}}, {_READ} {{s}}: (it|the copy) has to be the same text",
            f"after reading {{s}}, {_WRITE} {_WHAT} (to|into) {{t}}",
            f"first {_READ} {{s}}, (and |)then {_WRITE} {_WHAT} (to|into) {{t}}",
        )
    )
    steps = [call("read_file", path=source), call("write_file", path=target, content=content)]
    results = [content, rng.choice(WRITTEN)]
    if rng.random() < 0.3:
        frame += (
            "(, and at the end|. finally|, and to make sure|. afterwards|. then) (show me|read|"
            "print|open) (the new file|what was written|the copy|the result)"
        )
        steps.append(call("read_file", path=target))
        results.append(content)
    slots = {"s": quoted(rng, source), "t": quoted(rng, target)}
    text = finish(rng, frame + "(.|)", "", slots)
    return turn_of(rng, user(text), tuple(steps), results)


def _kept(rng: Random, names: Names) -> Sample:
    """Return a turn of running a command and keeping its output in a file."""
    command, target, terminal = names.command(), names.file_path(), names.terminal()
    content = line_of_text(rng, names)
    steps = [
        call("run_command", command=command),
        call("get_terminal_output", terminal_id=terminal),
        call("write_file", path=target, content=content),
    ]
    results = [started(rng, terminal), content, rng.choice(WRITTEN)]
    out = "(output|output|log|printed text)"
    wait = rng.random() < 0.3
    frame = rng.choice(
        (
            (
                f"(run|start|execute) {{cmd}}, {{w}}(read|fetch|look at) its {out} and {_WRITE} "
                f"(it|that|the text) (to|into) {{t}}"
            ),
            (
                f"(run|start|launch) {{cmd}}(, {{w}}and|. {{w}}then|, {{w}}then) {_WRITE} (its "
                f"{out}|"
                f"what it (prints|printed)) (to|into|in) {{t}}"
            ),
            (
                f"(after running|having run|having started) {{cmd}}, {{w}}{_WRITE} (its "
                f"{out}|what it "
                f"printed) (to|into|in) {{t}}"
            ),
        )
    ).replace("{w}", "(wait until it is done|wait for it to end), " if wait else "")
    if wait:
        steps.insert(1, call("wait_for_terminal_exit", terminal_id=terminal))
        results.insert(1, result_of(rng, names, steps[1]))
    slots = {"cmd": quoted(rng, command, always=True), "t": quoted(rng, target)}
    return turn_of(rng, user(finish(rng, frame + "(.|)", "", slots)), tuple(steps), results)


def _asked_in_turns(rng: Random, names: Names) -> Sample:
    """Return the last of some requests about one terminal, or the words that answer it."""
    command, terminal = names.command(), names.terminal()
    steps = [call("run_command", command=command)]
    results = [started(rng, terminal)]
    head = "((run|start|launch|please start) {cmd}|(i need|i'd like to have) {cmd} running)"
    shown = quoted(rng, command, always=True)
    said = [*user(finish(rng, head + "(.|)", "", {"cmd": shown}))]
    for tool in sorted(rng.sample(list(DEEDS), k=rng.choice((1, 2))), key=_ORDER.index):
        said += [called(steps[-1]), tool_turn(steps[-1].name, results[-1])]
        said.append(Message(role="assistant", content=_words(rng, steps[-1], results[-1])))
        form = rng.choice((*DEEDS[tool].orders, f"i want {rng.choice(DEEDS[tool].wishes)}"))
        form = form.replace("{o}", "it").replace("{its}", "its")
        lead = "(|now |please |ok, |good, |so |and |thanks, )"
        said += user(sentence(phrase(rng, f"{lead}{form}(.|)")))
        steps.append(ToolCall(name=tool, arguments={"terminal_id": terminal}))
        results.append(result_of(rng, names, steps[-1]))
    return turn_of(rng, tuple(said), (steps[-1],), [results[-1]])
