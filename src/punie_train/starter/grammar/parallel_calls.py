"""Requests for several independent calls in one reply."""

from random import Random

from punie_train.core.messages import ToolCall
from punie_train.starter.grammar.agent_calls import MAKERS
from punie_train.starter.grammar.framing import finish, quoted, without_end
from punie_train.starter.grammar.lists_of_values import announced
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.phrasing import phrase, sentence
from punie_train.starter.grammar.samples import Sample, call, user

_TOGETHER = (
    "(in one go|at once|at the same time|together|in parallel|in a single reply|simultaneously)"
)
_JOIN = (
    "( and| and| and also|, and|, then| and then|; then|. Then|. Also|; also|. And|. After that|"
    ", plus|, and also| as well as|. Then please|, and after that|;|,|. Besides,|. In addition,|. "
    "Meanwhile,|, meanwhile|; besides|. On top of that|, on top of that|, while you|. Next to that "
    "please|, but also| and besides| and at the same time|. Apart from that,)"
)


def parallel(rng: Random, names: Names) -> Sample:
    """Return a request for two or three independent calls."""
    cued = rng.random() < 0.6
    wanted: list[ToolCall] = []
    if rng.random() < 0.5:
        text = _same_tool(rng, names, wanted)
    else:
        parts = []
        for _ in range(rng.choice((2, 2, 2, 3))):
            words, one = MAKERS[rng.choice(list(MAKERS))](rng, names)
            while "\n" in words or len(words) > 90:
                words, one = MAKERS[rng.choice(list(MAKERS))](rng, names)
            wanted.append(one)
            parts.append(without_end(words, one))
        text = parts[0]
        for part in parts[1:]:
            join = phrase(rng, _JOIN)
            tail = sentence(part) if join == "." else part[:1].lower() + part[1:]
            text = f"{text}{'' if join[0] in ',;.' else ' '}{join} {tail}"
        text += rng.choice((".", "", "?"))
    if cued:
        text = f"{without_end(text, *wanted)}, {phrase(rng, _TOGETHER)}."
    return Sample(
        history=user(text),
        calls=tuple(wanted),
        category="tool_calling",
        tags=("parallel", *(("cued",) if cued else ())),
    )


_SAME = {
    "read_file": (
        "(read|open|show me|show|display|print|load|give me|look at|get|view|check|compare|fetch|"
        "inspect|what is in|"
        "cat|take a look at|i need to see|see|pull up|what do we have in) (|both |the files |the "
        "contents of |files )"
    ),
    "get_terminal_output": (
        "(show|get|print|read|fetch|give me|display|check|what is) (the output of|the output "
        "from|"
        "what was printed in|the logs of|the latest output of|the outputs of) (|both |terminals |"
        "the "
        "terminals |sessions )"
    ),
    "release_terminal": (
        "(release|free|give back|clean up|let go of|drop|free up|dispose of|return|hand back) (|"
        "both |terminals |the "
        "terminals |sessions )"
    ),
    "wait_for_terminal_exit": (
        "(wait for|wait until|wait on|hold on for) (|both |terminals |the terminals |sessions )"
    ),
    "kill_terminal": (
        "(kill|stop|terminate|end|abort|cancel|shut down|interrupt|halt) (|both |terminals |the "
        "terminals |"
        "sessions |the processes in )"
    ),
    "run_command": "(run|execute|start|launch|do) (|both |the commands |these: |commands )",
}


def _same_tool(rng: Random, names: Names, wanted: list[ToolCall]) -> str:
    count = rng.choice((2, 2, 2, 3))
    if rng.random() < 0.12:
        paths = [names.file_path() for _ in range(count)]
        texts = [names.text()] * count
        if rng.random() < 0.5:
            texts = [names.text() for _ in range(count)]
        wanted += [call("write_file", path=p, content=t) for p, t in zip(paths, texts, strict=True)]
        pieces = [
            f"{p} {rng.choice(('with', 'containing', 'with the content', 'that says'))} "
            f"{quoted(rng, t, always=True)}"
            for p, t in zip(paths, texts, strict=True)
        ]
        if rng.random() < 0.35:
            return announced(rng, "write_file", count, _and(rng, pieces))
        return (
            f"{phrase(rng, '(create|write|make|add|Create|Write|please create)')} "
            f"{_and(rng, pieces)}."
        )
    tool = rng.choice(list(_SAME))
    key, make = {
        "read_file": ("path", names.file_path),
        "run_command": ("command", names.command),
    }.get(tool, ("terminal_id", names.terminal))
    values = [make() for _ in range(count)]
    wanted += [ToolCall(name=tool, arguments={key: value}) for value in values]
    always = tool == "run_command"
    shown = _and(rng, [quoted(rng, value, always=always) for value in values])
    if rng.random() < 0.2:
        return announced(rng, tool, count, shown)
    lead = _SAME[tool] if count == 2 else _SAME[tool].replace("both ", "")
    tail = "(.|.||?| please| for me.|, please.)"
    if tool == "wait_for_terminal_exit":
        tail = " (to finish|to exit|to end|are done|have finished|to complete|, both|)(.|)"
    return finish(rng, "{b}" + lead + "{all}" + tail, "", {"all": shown})


def _and(rng: Random, parts: list[str]) -> str:
    last = rng.choice((" and ", " and ", " and ", " and also ", " as well as ", ", ", " plus "))
    return ", ".join(parts[:-1]) + last + parts[-1]
