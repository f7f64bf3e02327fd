"""Requests with words of time and courtesy right behind or before what is to be copied."""

from random import Random

from punie_train.starter.grammar.framing import finish, quoted
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.retold.story_phrases import DO
from punie_train.starter.grammar.samples import Sample, call, user

_TIME = (
    "(right now|at once|straight away|immediately|right away|now|today|this minute|this instant|"
    "without delay|as soon as you can|as soon as possible|as quickly as you can|asap|in a moment|"
    "when you can|before lunch|before the meeting|first thing|next|again|once more|one more time|"
    "in the meantime|on the spot|promptly|directly|without waiting|before anything else|quickly)"
)
_COURTESY = (
    "(please|for me|if you please|will you|would you|thanks|thank you|if you can|if you would|"
    "for us|if it is no trouble|be so kind|my friend|if possible|if that is ok|okay|pretty please|"
    "if you do not mind|kindly|many thanks|on my behalf|for my colleague|just for me|i beg you)"
)
_TAILS = (
    f" {_TIME}",
    f" {_TIME}",
    f" {_COURTESY}",
    f", {_COURTESY}",
    f" {_TIME}(,|) {_COURTESY}",
    f" {_COURTESY}(,|) {_TIME}",
    f", {_TIME}",
)
_HEADS = (f"{_TIME}(,|) ", f"{_COURTESY}, ", f"{_TIME}, {_COURTESY}, ", "", "", "", "", "")
_ASKS = ("", "", "", "", "please ", "could you ", "i want you to ", "i need you to ", "go and ")
_RUN = (
    "(run|execute|start|launch|do|try|kick off|fire up|fire off) {x}",
    "(run|execute|start) (the command|the shell command|this command) {x}",
    "(get|have) {x} (started|going|running)",
)
_READ = (
    "(read|open|show me|look into|inspect|view|print|load|fetch|check|go through) {x}",
    "(tell me|show me|see|find out) what is in {x}",
    "(show|print|read|get) (me |)(the content|the contents|the text|all) of {x}",
)
_WRITE = (
    "(write|save|put|store|add) {y} (to|into|in) {x}",
    "(create|make) {x} with {y}",
    "(fill|overwrite) {x} with {y}",
)


def last_word(rng: Random, names: Names) -> Sample:
    """Return a request for one call, its argument bare and followed by words to leave out."""
    tool = rng.choice(("run_command", "run_command", "run_command", "read_file", "read_file", ""))
    if rng.random() < 0.12:
        tool = "write_file"
    slots: dict[str, str] = {}
    if tool == "run_command":
        wanted = call(tool, command=names.command())
        frame = rng.choice(_RUN)
    elif tool == "read_file":
        wanted = call(tool, path=names.file_path())
        frame = rng.choice(_READ)
    elif tool == "write_file":
        wanted = call(tool, path=names.file_path(), content=names.text())
        frame = rng.choice(_WRITE)
        slots["y"] = quoted(rng, wanted.arguments["content"], always=True)
    else:
        tool = rng.choice(list(DO))
        wanted = call(tool, terminal_id=names.terminal())
        frame = rng.choice(DO[tool]).replace("{o}", "{x}")
    value = next(iter(wanted.arguments.values()))
    slots["x"] = quoted(rng, value, always=True) if rng.random() < 0.15 else value
    if tool == "run_command" and ("  " in value or value.endswith(("?", "!"))):
        slots["x"] = f"`{value}`"
    head, ask = rng.choice(_HEADS), rng.choice(_ASKS)
    end = "?" if ask.startswith("could") else rng.choice((".", "", "", "!"))
    text = finish(rng, f"{head}{ask}{frame}{rng.choice(_TAILS)}{end}", "", slots)
    return Sample(
        history=user(text), calls=(wanted,), category="tool_calling", tags=("simple", tool)
    )
