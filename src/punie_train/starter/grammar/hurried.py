"""Requests whose bare command, path or id has words of haste or courtesy behind or before it.

Those words are no part of what is copied; in quotes the same words are.
"""

from random import Random

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
_KINDS = ("run_command", "run_command", "run_command", "read_file", "read_file", "write_file", "")


def hurried(rng: Random, names: Names) -> Sample:
    """Return a request for one call with haste and courtesy around its bare argument."""
    kind = rng.choice(_KINDS)
    slots: dict[str, str] = {}
    content = ""
    match kind:
        case "run_command":
            value, core = names.command(), _RUN + "{v}"
            if rng.random() < 0.2:
                value = f"{value.split(' ', 1)[0]} {phrase(rng, rng.choice((_WHEN, _POLITE)))}"
                slots["v"] = quoted(rng, value, always=True)
            wanted = call(kind, command=value)
        case "read_file":
            value, core = names.file_path(), _READ + "{v}"
            wanted = call(kind, path=value)
        case "write_file":
            value, content = names.file_path(), names.text()
            if rng.random() < 0.3:
                content = f"{names.word()} {phrase(rng, rng.choice((_WHEN, _POLITE)))}"
            core = rng.choice(
                (
                    "(write|save|put|store) {text} (to|into|in) {v}",
                    "(fill|overwrite|create) {v} with {text}",
                )
            )
            wanted = call(kind, path=value, content=content)
            slots["text"] = quoted(rng, content, always=True)
        case _:
            kind, value = rng.choice(list(DEEDS)), names.terminal()
            shapes = [form for form in DEEDS[kind].orders if form.endswith(("{o}", "{o}{its}"))]
            core = rng.choice(shapes or list(DEEDS[kind].orders))
            core = core.replace("{its}", "{v}'s").replace("{o}", "{v}")
            wanted = call(kind, terminal_id=value)
    slots.setdefault("v", value)
    head, tail = rng.choice(_HEADS), rng.choice(_TAILS)
    if rng.random() < 0.12:
        tail = ""
    if rng.random() < 0.15:
        head = f"{_WHEN}(,|) "
    end = "?" if "you (please" in head else rng.choice(("", "", ".", "!"))
    if not tail:
        end = ""
    marked = phrase(rng, head + core + tail + end, {key: f"\0{key}\0" for key in slots})
    if rng.random() < 0.6:
        marked = sentence(marked)
    for key, shown in slots.items():
        marked = marked.replace(f"\0{key}\0", shown)
    return Sample(
        history=user(marked),
        calls=(wanted,),
        category="tool_calling",
        tags=("simple", "hurried", kind),
    )
