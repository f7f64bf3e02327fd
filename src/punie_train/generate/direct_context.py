"""Questions whose answer stands in the conversation already: nothing has to be called again."""

from random import Random

from punie_train.generate.drafts import Draft, Talk
from punie_train.generate.phrases import said
from punie_train.generate.plain_names import SETTINGS, PlainNames
from punie_train.generate.plain_results import ended, started
from punie_train.starter.grammar.samples import call

CATEGORY = "discrimination"


def from_a_file(rng: Random, names: PlainNames) -> Draft:
    """Return a question about a file that was read before."""
    path = f"{names.directory()}/{names.word()}{rng.choice(('.ini', '.toml', '.env', '.cfg'))}"
    keys = rng.sample(SETTINGS, k=rng.choice((2, 3, 4)))
    values = rng.sample(range(2, 900), k=len(keys))
    upper = path.endswith(".env")
    sign = "=" if upper else " = "
    shown = [key.upper() if upper else key for key in keys]
    content = "\n".join(f"{key}{sign}{value}" for key, value in zip(shown, values, strict=True))
    talk = Talk(said(rng, "(Read|Open|Show me) {p}.|(What is|What's) in {p}?", {"p": path}))
    talk.step(call("read_file", path=path), content)
    talk.say(
        said(rng, "`{p}` has {n} settings:", {"p": path, "n": str(len(keys))})
        + f"\n\n```\n{content}\n```"
    )
    wanted = rng.randrange(len(keys))
    match rng.randrange(4):
        case 0 | 1:
            talk.ask(
                said(
                    rng,
                    "(And what|What|So what) is `{k}` (set to|there)?|(Which|What) value has `{k}`"
                    "?|Remind me, what is `{k}`?|(Sorry, I|I) missed it: how (high|large) is "
                    "`{k}`?",
                    {"k": shown[wanted]},
                )
            )
            text = said(
                rng, "`{k}` is {v}.|It is {v}.", {"k": shown[wanted], "v": str(values[wanted])}
            )
        case 2:
            talk.ask(
                said(
                    rng,
                    "Which (of them|setting|one) has the (highest|largest) (value|number)?|What is "
                    "the largest number (in it|in there)?",
                )
            )
            top = max(range(len(keys)), key=lambda number: values[number])
            text = f"`{shown[top]}`, with {values[top]}."
        case _:
            limit = rng.randrange(2, 900)
            talk.ask(
                said(
                    rng,
                    "Is `{k}` (above|higher than|more than) {l}?|Does `{k}` exceed {l}?",
                    {"k": shown[wanted], "l": str(limit)},
                )
            )
            yes = values[wanted] > limit
            text = f"{'Yes' if yes else 'No'}, `{shown[wanted]}` is {values[wanted]}."
    return Draft(sample=talk.end(text, CATEGORY, "context"))


def from_a_run(rng: Random, names: PlainNames) -> Draft:
    """Return a question about a test run whose output was shown before."""
    tests, terminal = f"tests/test_{names.word()}.py", names.terminal()
    passed, failed = rng.randrange(1, 60), rng.choice((0, 0, 1, 2, 3))
    skipped = rng.choice((0, 0, 1, 4))
    cases = sorted({f"test_{names.word()}" for _ in range(failed)})
    failed = len(cases)
    counts = [f"{failed} failed"] if failed else []
    counts += [f"{passed} passed"] + ([f"{skipped} skipped"] if skipped else [])
    seconds = f"{rng.randrange(5, 900) / 100:.2f}"
    output = "\n".join(
        (*(f"FAILED {tests}::{name}" for name in cases), f"{', '.join(counts)} in {seconds}s")
    )
    talk = Talk(
        said(
            rng,
            "(Run|Please run) `pytest {t}`, wait for it and show me the output.|(Start|Execute) "
            "`pytest {t}`, let it finish and print what it says.",
            {"t": tests},
        )
    )
    talk.step(call("run_command", command=f"pytest {tests}"), started(rng, terminal))
    talk.step(call("wait_for_terminal_exit", terminal_id=terminal), ended(rng, 1 if failed else 0))
    talk.step(call("get_terminal_output", terminal_id=terminal), output)
    talk.say(f"The run is over:\n\n```\n{output}\n```")
    match rng.randrange(4):
        case 0:
            talk.ask(said(rng, "(So did|Did) (all of them|everything|all tests) pass?"))
            text = (
                f"No, {failed} of {failed + passed + skipped} failed: {_listed(cases)}."
                if failed
                else f"Yes, no test failed and {passed} passed."
            )
        case 1:
            talk.ask(said(rng, "How long did (it|the run|that) take?|(What about|And) the time?"))
            text = f"{seconds} seconds."
        case 2:
            talk.ask(said(rng, "How many (tests |)were skipped?|(Any|Were there any) skips?"))
            text = f"{skipped} skipped." if skipped else "None was skipped."
        case _:
            talk.ask(said(rng, "Which (ones|tests) failed?|(Name|Tell me) the (red|failed) ones."))
            text = f"{_listed(cases)}." if cases else "None of them failed."
    return Draft(sample=talk.end(text, CATEGORY, "context"))


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
