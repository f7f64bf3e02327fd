"""Requests for two steps on files whose names are alike: read and write, or both read.

Who copies a path has to look at all of it: the stem, the directory or the ending is the same. Some
write a file and read it again.
"""

from pathlib import PurePosixPath
from random import Random

from punie_train.starter.grammar.closings import WRITTEN, turn_of
from punie_train.starter.grammar.framing import finish, quoted
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.samples import Sample, call, user
from punie_train.starter.grammar.tool_results import line_of_text

_ENDINGS = (".py", ".md", ".txt", ".toml", ".json", ".yaml", ".cfg", ".html", ".rst", ".log", ".sh")
_READ = "(read|open|look at|look into|show me|load|go through|view|check|print)"
_READING = "(reading|opening|looking at|viewing|checking|going through)"
_SEEN = (
    "(when|once|as soon as|after) you (have seen it|have read it|know what it says|have it|are "
    "through with it|did that|looked at it)"
)
_W = (
    "((write|create|make|add|save|set up) {t} (with|containing|with the text|with the content|that "
    "says|holding) {x}|(put|write|save|store) {x} (in|into|to) {t})"
)
_WRITING = "(writing|creating|making|adding|saving) {t} (with|containing|with the text) {x}"
_THEN = "(, then|, and then|. then|; then|. after that|. afterwards,|, after which you| and then)"

_READ_WRITE = (
    f"(first|first of all|to begin with)(,|) {_READ} {{s}}(, and|.|;) {_SEEN}, {_W}(.|)",
    f"{{b}}{_READ} {{s}}(.|;|, and) {_SEEN}, {_W}(.|)",
    f"{{b}}{_READ} {{s}}{_THEN} {_W}(.|)",
    f"(having read|once you have read|when you have seen) {{s}}, {_W}(.|)",
    f"after {_READING} {{s}}, {_W}(.|)",
    f"before {_WRITING}, {_READ} {{s}}(.|)",
    f"{{b}}{_W}, but (only after|after|not before) {_READING} {{s}}(.|)",
    f"{{b}}{_READ} {{s}} before {_WRITING}(.|)",
    f"(i'd like|i want|i need) {{s}} read first, (and |)then {_W}(.|)",
    f"(two steps|two things, in order|in this order): {_READ} {{s}}, (then |){_W}(.|)",
)
_WRITE_READ = (
    f"{{b}}{_W}{_THEN} {_READ} (it|the file|the new file|it again|what you wrote)(.|)",
    f"{{b}}{_W}. (once|when|as soon as) it (is there|is written|is saved), {_READ} it(.|)",
    f"(having written|after you have written) {{x}} to {{t}}, {_READ} (it|that file)(.|)",
)
_READ_READ = (
    f"{{b}}{_READ} {{s}}{_THEN} {_READ} {{t}}(.|)",
    f"{{b}}{_READ} {{t}}, but (only after|after|not before) {_READING} {{s}}(.|)",
    f"(first|to begin with)(,|) {_READ} {{s}}(, and|.|;) {_SEEN}, {_READ} {{t}}(.|)",
    f"before {_READING} {{t}}, {_READ} {{s}}(.|)",
)


def twin_files(rng: Random, names: Names) -> Sample:
    """Return a turn of a loop over two files with names that are alike."""
    source, target = _pair(rng, names)
    content = _content(rng, names, source, target)
    read = call("read_file", path=source)
    write = call("write_file", path=target, content=content)
    said = line_of_text(rng, names)
    written = rng.choice(WRITTEN)
    match rng.randrange(10):
        case 0 | 1:
            frames, steps = _WRITE_READ, (write, call("read_file", path=target))
            results = [written, content]
        case 2 | 3:
            frames, steps = _READ_READ, (read, call("read_file", path=target))
            results = [said, line_of_text(rng, names)]
        case _:
            frames, steps, results = _READ_WRITE, (read, write), [said, written]
    slots = {
        "s": quoted(rng, source),
        "t": quoted(rng, target),
        "x": quoted(rng, content, always=True),
    }
    text = finish(rng, rng.choice(frames), "", slots)
    return turn_of(rng, user(text), steps, results)


def _pair(rng: Random, names: Names) -> tuple[str, str]:
    """Return two different paths, mostly with a part in common."""
    source = names.file_path()
    path = PurePosixPath(source)
    match rng.randrange(4):
        case 0:
            other = path.with_suffix(rng.choice(_ENDINGS))
        case 1:
            other = PurePosixPath(names.directory()) / path.name
        case 2:
            name = path.with_suffix(rng.choice(_ENDINGS)).name
            other = PurePosixPath(names.directory()) / name
        case _:
            other = path.parent / f"{names.word()}{path.suffix}"
    target = str(other)
    return source, target if target != str(path) else names.file_path()


def _content(rng: Random, names: Names, source: str, target: str) -> str:
    if rng.random() < 0.3:
        word = rng.choice(("see", "made from", "copy of", "next to", "replaces", "about", "from"))
        return f"{word} {rng.choice((source, source, target))}"
    return names.text()
