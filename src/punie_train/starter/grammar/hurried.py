"""Requests whose bare command, path or id has words of haste or courtesy behind or before it.

Those words are no part of what is copied; in quotes the same words are.
"""

from random import Random

from punie_train.core.messages import ToolCall
from punie_train.starter.grammar.framing import quoted
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.phrasing import phrase, sentence
from punie_train.starter.grammar.samples import Sample, call, user
from punie_train.starter.grammar.terminal_deeds import DEEDS

_WHEN = (
    "(right now|now|at once|straight away|right away|immediately|instantly|quickly|asap|first|"
    "today|again|once more|one more time|without delay|in a moment|"
    "as soon as (you can|possible)|when you (can|have time|get to it)|before (lunch|we go on|"
    "anything else|i forget)|next|if you (can|like|may|will)|this minute|on the spot)"
)
_POLITE = (
    "(please|for me|for us|thanks|thank you|kindly|will you|would you|if you please|my friend|ok|"
    "okay|would be great|that is all|and nothing else|and that is it)"
)
_TAILS = (
    f" {_WHEN}",
    f" {_WHEN}",
    f" {_POLITE}",
    f", {_POLITE}",
    f", {_WHEN}",
    f" {_WHEN}, {_POLITE}",
    f" {_POLITE} {_WHEN}",
    f" {_POLITE}, {_WHEN}",
    f". {_POLITE}",
)
_HEADS = (
    "",
    "",
    "(please|now|kindly|just|quickly|at once|right now,|immediately|ok,|hey,|so,) ",
    "(can|could|would|will) you (please |) ",
    "(i want you|i need you|i'd like you|it is time|you have) to ",
)
_RUN = (
    "(run|execute|start|launch|do|try|fire up|kick off|trigger|issue|get going with) (|the command "
    "|this: )"
)
_READ = (
    "(read|open|show me|show|print|display|view|load|look at|check|inspect|give me|cat|pull up) "
    "(|the file |file |the contents of |what is in )"
)
_WRITES = (
    "(write|save|put|store) {text} (to|into|in) {v}",
    "(fill|overwrite|create) {v} with {text}",
)
_KINDS = ("run_command", "run_command", "run_command", "read_file", "read_file", "write_file", "")


def hurried(rng: Random, names: Names) -> Sample:
    """Return a request for one call with haste and courtesy around its bare argument."""
    core, slots, wanted = _asked(rng, names)
    head, tail = rng.choice(_HEADS), rng.choice(_TAILS)
    if rng.random() < 0.12:
        tail = ""
    if rng.random() < 0.15:
        head = f"{_WHEN}(,|) "
    end = "?" if "you (please" in head else rng.choice(("", "", ".", "!"))
    template = f"{head}{core}{tail}{end if tail else ''}"
    text = phrase(rng, template, {key: f"\0{key}\0" for key in slots})
    if rng.random() < 0.6:
        text = sentence(text)
    for key, shown in slots.items():
        text = text.replace(f"\0{key}\0", shown)
    return Sample(
        history=user(text),
        calls=(wanted,),
        category="tool_calling",
        tags=("simple", "hurried", wanted.name),
    )


def _asked(rng: Random, names: Names) -> tuple[str, dict[str, str], ToolCall]:
    """Return the verb phrase, what stands in its slots, and the call."""
    haste = phrase(rng, rng.choice((_WHEN, _POLITE)))
    match rng.choice(_KINDS):
        case "run_command":
            command = names.command()
            if rng.random() < 0.2:
                command = f"{command.split(' ', 1)[0]} {haste}"
                slots = {"v": quoted(rng, command, always=True)}
            else:
                slots = {"v": command}
            return _RUN + "{v}", slots, call("run_command", command=command)
        case "read_file":
            path = names.file_path()
            return _READ + "{v}", {"v": path}, call("read_file", path=path)
        case "write_file":
            path, content = names.file_path(), names.text()
            if rng.random() < 0.3:
                content = f"{names.word()} {haste}"
            slots = {"v": path, "text": quoted(rng, content, always=True)}
            wanted = call("write_file", path=path, content=content)
            return rng.choice(_WRITES), slots, wanted
        case _:
            tool, terminal = rng.choice(list(DEEDS)), names.terminal()
            orders = DEEDS[tool].orders
            core = rng.choice([form for form in orders if form.endswith("{o}")] or orders)
            core = core.replace("{its}", "{v}'s").replace("{o}", "{v}")
            return core, {"v": terminal}, call(tool, terminal_id=terminal)
