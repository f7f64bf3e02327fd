"""Workflows on files: change a setting, follow a search, copy, note down what a command said."""

from random import Random

from punie_train.generate.drafts import Draft, Talk
from punie_train.generate.phrases import said
from punie_train.generate.plain_names import SETTINGS, PlainNames, filled
from punie_train.generate.plain_results import ended, file_text, result_of, started
from punie_train.starter.grammar.samples import call

CATEGORY = "agent"
_SETTINGS = {
    ".toml": ("[{s}]\n{o}\n{k} = {v}\n", "{j} = {x}"),
    ".ini": ("[{s}]\n{o}\n{k} = {v}\n", "{j} = {x}"),
    ".yaml": ("{s}:\n  {o}\n  {k}: {v}\n", "{j}: {x}"),
    ".env": ("{o}\n{K}={v}\n", "{J}={x}"),
    ".json": ('{{\n  "{s}": {{\n    {o},\n    "{k}": {v}\n  }}\n}}\n', '"{j}": {x}'),
    ".py": ("# {s}\n{o}\n{K} = {v}\n", "{J} = {x}"),
}

_LISTS = (
    ("git log --oneline -2 {a}", "{h} Add {a}\n{g} Fix {b} in {a}"),
    ("git diff --stat {a}", " {a}/{b}.py | {k} +-\n 1 file changed"),
    ("du -sh {a}", "{n}M\t{a}"),
    ("ls {a}", "__init__.py\n{b}.py\ntest_{b}.py"),
    ("wc -l {a}.py", "{n} {a}.py"),
    ("pip show {a}", "Name: {a}\nVersion: {m}.{k}.{j}"),
    ("git branch --list '{a}*'", "  {a}-{b}\n* {a}-{n}"),
    ("head -n 2 {a}.csv", "id,{b}\n1,{n}"),
    ("git blame -L {k},{k} {a}.py", "{h} (dev) {k}) {b} = {n}"),
    ("find {a} -name '*.sql'", "{a}/{b}.sql\n{a}/{n}.sql"),
    ("python -m {a} --list", "{b}\n{b}_{n}"),
    ("docker ps --filter name={a}", "{h}  {a}:latest  Up {k} hours"),
)


def changed_setting(rng: Random, names: PlainNames) -> Draft:
    """Return: read a file, write it with one value changed, perhaps read it again."""
    ending = rng.choice(list(_SETTINGS))
    shape, other = _SETTINGS[ending]
    key, also = rng.sample(SETTINGS, k=2)
    old, new, same = rng.sample(range(2, 900), k=3)
    where = f"{names.directory()}/{names.word()}{ending}"
    slots = {"s": names.word(), "k": key, "K": key.upper(), "j": also, "J": also.upper()}
    slots["x"] = str(same)
    slots["o"] = other.format(**slots)
    before, after = (shape.format(v=value, **slots) for value in (old, new))
    text = said(
        rng,
        "(Set|Change|Raise or lower) {k} (in|of) {p} to {n}( and keep the rest as it is|, nothing "
        "else|)."
        "|(In|Open) {p}(, change|: set) {k} (from {o} |)to {n}."
        "|{p} (has|sets) the wrong {k}: (it should be|make it|we want) {n}. (Please correct it|"
        "Fix that|Change only that).",
        {"k": f"`{key}`", "p": where, "n": str(new), "o": str(old)},
    )
    checks = rng.random() < 0.5
    if checks:
        text += " " + said(rng, "(Read it again afterwards|Check the file afterwards).")
    talk = Talk(text)
    read = call("read_file", path=where)
    talk.step(read, before)
    write = call("write_file", path=where, content=after)
    talk.step(write, result_of(rng, write))
    if checks:
        talk.step(read, after)
    answer = said(
        rng,
        "(`{k}` in `{p}` is {n} now, it was {o}.|I changed `{k}` in `{p}` from {o} to {n}.)"
        + (" (I have read the file again: the rest is as before.)" if checks else ""),
        {"k": key, "p": where, "n": str(new), "o": str(old)},
    )
    return Draft(sample=talk.end(answer, CATEGORY, "workflow"))


def followed_search(rng: Random, names: PlainNames) -> Draft:
    """Return: search by a command, read the file that it names, answer."""
    word, path = names.word(), f"{names.directory()}/{names.word()}.py"
    value, line, folder = (
        rng.randrange(2, 900),
        rng.randrange(3, 90),
        path.split("/", maxsplit=1)[0],
    )
    constant, terminal = word.upper(), names.terminal()
    command = rng.choice(("grep -rn {c} {d}", "rg -n {c} {d}", "git grep -n {c} -- {d}")).format(
        c=constant, d=folder
    )
    text = said(
        rng,
        "(Where|In which file) is {c} defined( below {d}|), and (what is its value|what is it set "
        "to)? (Search for it and read the file|Use {g} and look into the file)."
        "|(Find|Search for) {c} (in|below) {d} with {g}, (read|open) the file (that defines it|you "
        "find) and tell me its value.",
        {"c": f"`{constant}`", "d": folder, "g": f"`{command.split(' ', maxsplit=1)[0]}`"},
    )
    talk = Talk(text)
    talk.step(call("run_command", command=command), started(rng, terminal))
    talk.step(call("wait_for_terminal_exit", terminal_id=terminal), ended(rng, 0))
    found = f"{path}:{line}:{constant} = {value}"
    talk.step(call("get_terminal_output", terminal_id=terminal), found)
    extra = file_text(rng, "x.py")
    talk.step(call("read_file", path=path), f"{extra}\n\n{constant} = {value}\n")
    answer = said(
        rng,
        "(`{c}` is defined in `{p}`, line {l}, and is {v}.|It is in line {l} of `{p}`: `{c}` is "
        "{v}.)",
        {"c": constant, "p": path, "l": str(line), "v": str(value)},
    )
    return Draft(sample=talk.end(answer, CATEGORY, "workflow"))


def copied_file(rng: Random, names: PlainNames) -> Draft:
    """Return: read a file, write its text to one or two others, tell."""
    source = f"{names.directory()}/{names.word()}{rng.choice(('.json', '.env', '.toml', '.sql'))}"
    ending = "." + source.rsplit(".", maxsplit=1)[-1]
    targets = [f"{names.directory()}/{names.word()}{ending}" for _ in range(rng.choice((1, 1, 2)))]
    content = file_text(rng, source)
    text = said(
        rng,
        "(Copy|Duplicate) {s} to {t}(, please|)."
        "|(Read|Open) {s} and (write|save) the same (text|content) to {t}."
        "|{t} should have (exactly |)the content of {s}.",
        {"s": source, "t": " and ".join(targets)},
    )
    talk = Talk(text)
    talk.step(call("read_file", path=source), content)
    writes = [call("write_file", path=target, content=content) for target in targets]
    talk.steps(*((write, result_of(rng, write)) for write in writes))
    answer = said(
        rng,
        "({t} has the content of `{s}` now.|I copied `{s}` to {t}.)",
        {"s": source, "t": " and ".join(f"`{target}`" for target in targets)},
    )
    return Draft(sample=talk.end(answer, CATEGORY, "workflow"))


def noted_output(rng: Random, names: PlainNames) -> Draft:
    """Return: run a command, wait, read its output, write it to a file, tell."""
    command, printed = (filled(rng, one) for one in rng.choice(_LISTS))
    terminal = names.terminal()
    target = f"{names.directory()}/{names.word()}{rng.choice(('.txt', '.log', '.md'))}"
    text = said(
        rng,
        "(Run|Execute) {c} and (save|write|put) (its output|what it prints) (in|to|into) {t}."
        "|(I want|I'd like) the output of {c} in {t}(: run it, wait for it and write it there|).",
        {"c": f"`{command}`", "t": target},
    )
    talk = Talk(text)
    talk.step(call("run_command", command=command), started(rng, terminal))
    talk.step(call("wait_for_terminal_exit", terminal_id=terminal), ended(rng, 0))
    talk.step(call("get_terminal_output", terminal_id=terminal), printed)
    write = call("write_file", path=target, content=printed + "\n")
    talk.step(write, result_of(rng, write))
    answer = said(
        rng,
        "(The output of `{c}` is in `{t}`.|`{t}` holds what `{c}` printed, {n} (line|lines).)",
        {"c": command, "t": target, "n": str(printed.count("\n") + 1)},
    ).replace("1 lines", "1 line")
    return Draft(sample=talk.end(answer, CATEGORY, "workflow"))


def missing_file(rng: Random, names: PlainNames) -> Draft:
    """Return: a file is not where it should be; look for it, read it there, tell."""
    stem = f"{names.word()}{rng.choice(('.md', '.toml', '.json', '.sql', '.yaml'))}"
    wrong, right = f"{names.directory()}/{stem}", f"{names.directory()}/{names.word()}/{stem}"
    terminal = names.terminal()
    text = said(
        rng,
        "(What does {w} say?|Show me what {w} says, please.) (If it is not there, find it|It may "
        "have moved, then search for it)."
        "|(Read|Open) {w} for me. (If it is gone|Should it be missing), (look for {s} elsewhere|"
        "find out where it is now) and read it there.",
        {"w": wrong, "s": stem},
    )
    talk = Talk(text)
    talk.step(call("read_file", path=wrong), f"error: {wrong}: no such file")
    talk.step(call("run_command", command=f"find . -name {stem}"), started(rng, terminal))
    talk.step(call("wait_for_terminal_exit", terminal_id=terminal), ended(rng, 0))
    talk.step(call("get_terminal_output", terminal_id=terminal), f"./{right}")
    content = file_text(rng, right)
    talk.step(call("read_file", path=right), content)
    answer = said(
        rng,
        "(`{w}` does not exist; the file is at `{r}` now:|It is not at `{w}` but at `{r}`. It "
        "says:)",
        {"w": wrong, "r": right},
    )
    return Draft(sample=talk.end(f"{answer}\n\n```\n{content.strip()}\n```", CATEGORY, "workflow"))
