"""Workflows on code: read, edit, test. What a test run prints is what the code really does."""

from collections.abc import Mapping
from random import Random

from punie_train.generate.drafts import Draft, Talk
from punie_train.generate.functions import FUNCTIONS, Function, joined_program
from punie_train.generate.phrases import said
from punie_train.generate.plain_names import PlainNames
from punie_train.generate.plain_results import ended, result_of, started
from punie_train.sandbox.run_code import Sandbox
from punie_train.starter.grammar.samples import call

CATEGORY = "agent"
Failing = Mapping[str, tuple[str, ...]]


def failing_tests(sandbox: Sandbox) -> Failing:
    """Return the names of the tests that fail for the faulty code, by function."""
    found: dict[str, tuple[str, ...]] = {}
    for one in FUNCTIONS:
        names = [line[4:].split("(")[0] for line in one.tests.split("\n") if "def " in line]
        runs = [sandbox.run(f"{one.faulty}\n{one.tests}\n{name}()") for name in names]
        found[one.name] = tuple(
            name for name, run in zip(names, runs, strict=True) if run.end != "done"
        )
    return found


def _module(names: PlainNames) -> tuple[str, str, str]:
    """Return the path of a module, of its tests, and how it is imported."""
    package, stem = names.rng.choice(("src", "app", "lib", "core")), names.word()
    return f"{package}/{stem}.py", f"tests/test_{stem}.py", f"{package}.{stem}"


def _pytest_output(rng: Random, path: str, passed: int, failed: tuple[str, ...]) -> str:
    seconds = f"{rng.randrange(1, 30) / 100:.2f}s"
    marks = "F" * len(failed) + "." * passed
    lines = [f"{path} {marks}"]
    lines += [f"FAILED {path}::{name}" for name in failed]
    counts = [f"{len(failed)} failed"] if failed else []
    counts += [f"{passed} passed"] if passed else []
    return "\n".join((*lines, f"{', '.join(counts)} in {seconds}"))


def _run_tests(
    names: PlainNames, talk: Talk, tests: str, passed: int, failed: tuple[str, ...]
) -> str:
    """Add a run of pytest to its end; return its terminal."""
    rng, terminal = names.rng, names.terminal()
    talk.step(call("run_command", command=f"pytest -q {tests}"), started(rng, terminal))
    talk.step(call("wait_for_terminal_exit", terminal_id=terminal), ended(rng, 1 if failed else 0))
    talk.step(
        call("get_terminal_output", terminal_id=terminal),
        _pytest_output(rng, tests, passed, failed),
    )
    return terminal


def fixed_function(rng: Random, names: PlainNames, failing: Failing) -> Draft:
    """Return: read module and tests, put the fault right, run the tests, tell."""
    one = rng.choice(FUNCTIONS)
    path, tests, module = _module(names)
    text = said(
        rng,
        "(`{t}` fails|The tests in {t} fail|Some tests in `{t}` are red), (I think|probably|I "
        "suspect) because {f} in {p} is wrong. (Please find the mistake and fix it|Fix it, please|"
        "Find out why and repair it)(.|, and run the tests again.)"
        "|{f} in {p} (gives wrong results|does not do what it should|is broken): it should be a "
        "function that {d}. (Fix it and run {t}|Correct it, then check with {t}|Repair it and make "
        "sure that {t} passes)."
        "|(Can|Could) you fix {f} in {p}? (It|The function) (should be one that {d}|is meant to be "
        "a function that {d}), and {t} (does not pass|is failing|shows that it does not).",
        {"t": tests, "p": path, "f": f"`{one.name}`", "d": one.does},
    )
    suite = f"from {module} import {one.name}\n\n\n{one.tests}\n"
    talk = Talk(text)
    read = (
        (call("read_file", path=path), one.faulty + "\n"),
        (call("read_file", path=tests), suite),
    )
    if rng.random() < 0.5:
        talk.steps(*read)
    else:
        for pair in read:
            talk.step(*pair)
    if rng.random() < 0.4:
        failed = failing[one.name]
        _run_tests(names, talk, tests, len(one.checks) - len(failed), failed)
    write = call("write_file", path=path, content=one.code + "\n")
    talk.step(write, result_of(rng, write))
    terminal = _run_tests(names, talk, tests, len(one.checks), ())
    if rng.random() < 0.4:
        release = call("release_terminal", terminal_id=terminal)
        talk.step(release, result_of(rng, release))
    answer = said(
        rng,
        "(I fixed|I have corrected) {f} in `{p}`: (it had|there was) `{w}` where `{r}` belongs. "
        "(All {n} tests in `{t}` pass now.|`{t}` passes now, {n} of {n} tests.)",
        {
            "f": f"`{one.name}`",
            "p": path,
            "w": one.wrong,
            "r": one.right,
            "t": tests,
            "n": str(len(one.checks)),
        },
    )
    return Draft(
        sample=talk.end(answer, CATEGORY, "workflow"),
        subject=one.name,
        programs=(joined_program(one.code, one.tests),),
    )


def added_function(rng: Random, names: PlainNames, failing: Failing) -> Draft:
    """Return: write a new module and its tests, run them, tell."""
    del failing
    one = rng.choice(FUNCTIONS)
    path, tests, module = _module(names)
    text = said(
        rng,
        "(Add|Write|Create) a (module|file) {p} with a function {f} that {d}, and (tests for it "
        "in {t}|put tests into {t}). (Then run them|Run the tests as well|Make sure they pass)."
        "|(I need|We need) a function {f} that {d}. (Put it in|It belongs in) {p}, (test it|with "
        "tests) in {t}(, and run the tests.|. Run them, too.)"
        "|(Please create|Create) {p} with {f}, a function that {d}. (Cover it by|Add) tests in "
        "{t} and (tell me whether they pass|show me that they pass).",
        {"t": tests, "p": path, "f": f"`{one.name}`", "d": one.does},
    )
    suite = f"from {module} import {one.name}\n\n\n{one.tests}\n"
    talk = Talk(text)
    writes = (
        call("write_file", path=path, content=one.code + "\n"),
        call("write_file", path=tests, content=suite),
    )
    if rng.random() < 0.5:
        talk.steps(*((write, result_of(rng, write)) for write in writes))
    else:
        for write in writes:
            talk.step(write, result_of(rng, write))
    _run_tests(names, talk, tests, len(one.checks), ())
    answer = said(
        rng,
        "`{p}` has {f}, and `{t}` tests it: (all {n} tests pass|{n} tests, all of them pass).",
        {"p": path, "f": f"`{one.name}`", "t": tests, "n": str(len(one.checks))},
    )
    return Draft(
        sample=talk.end(answer, CATEGORY, "workflow"),
        subject=one.name,
        programs=(joined_program(one.code, one.tests),),
        joined=frozenset({tests}),
    )


def reported_failure(rng: Random, names: PlainNames, failing: Failing) -> Draft:
    """Return: run the tests, read the code of the one that fails, explain without changing it."""
    one: Function = rng.choice(FUNCTIONS)
    path, tests, _ = _module(names)
    failed = failing[one.name]
    text = said(
        rng,
        "(Run|Please run) {t} and (tell me why it fails|explain what is wrong). (Look into|The "
        "code is in) {p}, but (do not change anything yet|don't edit it)."
        "|(Why does|Can you see why) {t} (fail|not pass)? (Run it and look into {p}|Run the tests, "
        "then read {p}). (Only explain it.|I will fix it myself.|Leave the code as it is.)",
        {"t": tests, "p": path},
    )
    talk = Talk(text)
    _run_tests(names, talk, tests, len(one.checks) - len(failed), failed)
    talk.step(call("read_file", path=path), one.faulty + "\n")
    answer = said(
        rng,
        "({x} fails|The failing test is {x}). {f} should be a function that {d}, but it has `{w}`; "
        "(`{r}` would be right|that should be `{r}`). I (changed nothing|have not changed "
        "anything).",
        {
            "x": ", ".join(f"`{name}`" for name in failed),
            "f": f"`{one.name}`",
            "d": one.does,
            "w": one.wrong,
            "r": one.right,
        },
    )
    return Draft(sample=talk.end(answer, CATEGORY, "workflow"), subject=one.name)
