"""Workflows in terminals: servers, builds, installations, and commands that fail or hang."""

from random import Random

from punie_train.generate.drafts import Draft, Talk
from punie_train.generate.phrases import said
from punie_train.generate.plain_names import PlainNames, filled
from punie_train.generate.plain_results import ended, result_of, started
from punie_train.starter.grammar.samples import call

CATEGORY = "agent"

_SERVERS = (
    ("uvicorn {w}.api:app --port {n}", "Uvicorn running on http://127.0.0.1:{n}"),
    ("flask --app {w} run --port {n}", "Running on http://127.0.0.1:{n}"),
    ("python -m http.server {n}", "Serving HTTP on 0.0.0.0 port {n}"),
    ("npm run dev -- --port {n}", "Local: http://localhost:{n}/"),
    ("mkdocs serve -a localhost:{n}", "Serving on http://localhost:{n}/"),
    ("python manage.py runserver {n}", "Starting development server at http://127.0.0.1:{n}/"),
)
_BUILDS = (
    ("make {w}", "{v}: built", "make: *** [Makefile:{k}: {w}] Error 2"),
    ("npm run build", "built in {k}.4s", "error: {w}.ts: Cannot find name '{v}'"),
    (
        "cargo build --release",
        "Finished release profile in {k}.1s",
        "error[E0308]: mismatched types in src/{w}.rs",
    ),
    (
        "docker build -t {w} .",
        "naming to docker.io/library/{w}:latest done",
        "failed to solve: {v}: not found",
    ),
    ("tox -e {w}", "{w}: OK", "{w}: FAIL code 1"),
    (
        "mypy {w}",
        "Success: no issues found in {k} source files",
        "{w}/{v}.py:{n}: error: Incompatible return value type",
    ),
    ("alembic upgrade head", "Running upgrade  -> {h}, add {w}", "Can't locate revision '{h}'"),
    ("python scripts/{w}.py", "{v}: {n} rows", "KeyError: '{v}'"),
    ("pip install -e .", "Successfully installed {w}-0.{k}.0", "error: no matching {v} found"),
    ("terraform plan", "Plan: {k} to add, 0 to change", 'Error: Unsupported argument "{v}"'),
    (
        "mkdocs build --strict",
        "Documentation built in {k}.2 seconds",
        "Aborted with {k} warnings in strict mode: {w}.md",
    ),
    ("go test ./...", "ok  \t{w}/{v}\t0.{n}s", "--- FAIL: Test{V} (0.0{k}s)"),
)


def _filled(template: str, rng: Random, names: PlainNames) -> tuple[dict[str, str], str]:
    w, v = names.word(), names.word()
    values = {
        "w": w,
        "v": v,
        "V": v.title().replace("_", ""),
        "n": str(rng.randrange(3000, 9900)),
        "k": str(rng.randrange(2, 10)),
        "h": f"{rng.randrange(16**7):07x}",
    }
    return values, template.format(**values)


def checked_server(rng: Random, names: PlainNames) -> Draft:
    """Return: start a server, see that it is up, stop it and give the terminal back."""
    command, line = rng.choice(_SERVERS)
    values, command = _filled(command, rng, names)
    line, terminal = line.format(**values), names.terminal()
    stops, port = rng.random() < 0.7, values["n"]
    text = said(
        rng,
        "(Start|Launch|Fire up) {c} (and see whether|and check that|to find out whether) it (comes "
        "up|starts)( on port {n}|). "
        + (
            "(Afterwards|Then|After that) (stop it again|shut it down) and release the terminal."
            if stops
            else "(Leave|Keep) it running."
        )
        + "|(Does|Will) {c} (still work|still start|come up)? (Try it|Start it and look at what it "
        "prints). "
        + (
            "(Kill it and clean up when you are done|Stop it again and free the terminal)."
            if stops
            else "(Do not stop it|It may go on running)."
        ),
        {"c": f"`{command}`", "n": port},
    )
    talk = Talk(text)
    talk.step(call("run_command", command=command), started(rng, terminal))
    output = call("get_terminal_output", terminal_id=terminal)
    if rng.random() < 0.3:
        talk.step(output, f"{filled(rng, 'loading {a}')} ...")
    talk.step(output, line)
    for tool in ("kill_terminal", "release_terminal") if stops else ():
        one = call(tool, terminal_id=terminal)
        talk.step(one, result_of(rng, one))
    answer = said(
        rng,
        "(It works|Yes, it comes up|It started): `{l}`. "
        + (
            "(I stopped it again and released terminal {t}.|It is stopped, and terminal {t} is "
            "released.)"
            if stops
            else "(It is running in terminal {t}.|It goes on in terminal {t}.)"
        ),
        {"l": line, "t": terminal},
    )
    return Draft(sample=talk.end(answer, CATEGORY, "workflow"))


def built(rng: Random, names: PlainNames) -> Draft:
    """Return: run a command to its end, read what it printed, tell how it went."""
    command, good, bad = rng.choice(_BUILDS)
    values, command = _filled(command, rng, names)
    fails, terminal = rng.random() < 0.5, names.terminal()
    line, frees = (bad if fails else good).format(**values), rng.random() < 0.5
    text = said(
        rng,
        "(Run|Execute|Please run) {c}, wait (for it|until it is done)( and|, then) (tell me how it "
        "went|report the result|tell me whether it worked)."
        "|(Does|Will) {c} (go through|succeed|work)? (Run it to the end|Let it finish) and (read "
        "the output|look at its output)."
        "|(I need to know|Find out) whether {c} (works|succeeds)( on this machine| here|). (Wait "
        "for the end of it|Let it run to the end) and (show|tell) me what it (says|printed).",
        {"c": f"`{command}`"},
    )
    if frees:
        text += " " + said(
            rng,
            "(Release the terminal|Free the terminal) (afterwards|when you are done|at the end).",
        )
    talk = Talk(text)
    talk.step(call("run_command", command=command), started(rng, terminal))
    talk.step(call("wait_for_terminal_exit", terminal_id=terminal), ended(rng, int(fails)))
    talk.step(call("get_terminal_output", terminal_id=terminal), line)
    if frees:
        release = call("release_terminal", terminal_id=terminal)
        talk.step(release, result_of(rng, release))
    answer = said(
        rng,
        "(`{c}` failed|It failed|It did not work) with exit code 1: `{l}`."
        if fails
        else "(It worked|`{c}` succeeded|It went well): `{l}`.",
        {"c": command, "l": line},
    )
    return Draft(sample=talk.end(answer, CATEGORY, "workflow"))


def stuck(rng: Random, names: PlainNames) -> Draft:
    """Return: look at what hangs, kill it, and start it again in another way."""
    command, good, _ = rng.choice(_BUILDS)
    values, command = _filled(command, rng, names)
    line, old, new = good.format(**values), names.terminal(), names.terminal()
    waits = filled(rng, rng.choice(("waiting for lock on {a} ...", "retrying {a} ({n}) ...")))
    text = said(
        rng,
        "(Terminal {t} seems to hang|I think {t} hangs|{t} has been silent for minutes). (Look at|"
        "Check|Read) its output, and if it (is stuck|makes no progress), kill it and (start|run) "
        "{c} (again|once more)."
        "|(What is going on in|Is anything happening in) {t}? (If it waits for something|If it is "
        "stuck), (stop it|kill it) and run {c} anew, then wait for the end.",
        {"t": old, "c": f"`{command}`"},
    )
    talk = Talk(text)
    talk.step(call("get_terminal_output", terminal_id=old), waits)
    kill = call("kill_terminal", terminal_id=old)
    talk.step(kill, result_of(rng, kill))
    talk.step(call("run_command", command=command), started(rng, new))
    talk.step(call("wait_for_terminal_exit", terminal_id=new), ended(rng, 0))
    talk.step(call("get_terminal_output", terminal_id=new), line)
    answer = said(
        rng,
        "(It was stuck|{o} was stuck) (at|with) `{w}`, so I killed it. The (second|new) run (went "
        "through|succeeded): `{l}`.",
        {"o": old, "w": waits, "l": line},
    )
    return Draft(sample=talk.end(answer, CATEGORY, "workflow"))
