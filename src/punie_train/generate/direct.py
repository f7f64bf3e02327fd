"""Rows that call no tool: explanations, plain code, and answers that are known already."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from random import Random

import yaml

from punie_train.core.code_observations import RunEnd
from punie_train.generate.direct_context import from_a_file, from_a_run
from punie_train.generate.drafts import Draft
from punie_train.generate.functions import FUNCTIONS
from punie_train.generate.phrases import said
from punie_train.generate.plain_names import PlainNames, filled
from punie_train.sandbox.run_code import Sandbox
from punie_train.starter.grammar.direct import contrast, function, topic
from punie_train.starter.grammar.framing import ask
from punie_train.starter.grammar.phrasing import phrase
from punie_train.starter.grammar.samples import Sample, user

_FACTS = yaml.safe_load((Path(__file__).parent / "facts.yaml").read_text(encoding="utf-8"))
_BITS = {4: "read", 2: "write", 1: "execute"}
_SNIPPETS = (
    "print(sorted([{k}, {m}, {n}], reverse=True))",
    'print("{a}"[:{k}])',
    'print("{a}"[::-1])',
    'print("-".join(["{a}", "{b}"]))',
    "print({n} // {k}, {n} % {k})",
    "print([x * {k} for x in range({m})])",
    "print({{x: x * x for x in range(2, {k})}})",
    'print(len("{a} {b}".split()))',
    'print("{a}".replace("a", "o"))',
    'd = {{}}\nfor c in "{a}":\n    d[c] = d.get(c, 0) + 1\nprint(max(d.values()))',
    "total = 0\nfor number in range({k}, 2{j}, {m}):\n    total += number\nprint(total)",
    'items = ["{a}", "{b}"]\nitems.append("{a}")\nprint(items.count("{a}"), len(items))',
    "x = {n}\nwhile x > {m}:\n    x //= 2\nprint(x)",
    'print("{a}" < "{b}")',
    "first, *rest = [{k}, {m}, {n}]\nprint(rest)",
    "print(bool([]), bool([{k}]), bool({m} - {m}))",
    "print(list(zip([{k}, {m}], [{n}, {k}])))",
    'name = "{a}"\nprint(f"{{name}}: {{len(name)}}")',
    "print(sum(x for x in range(1, 2{j}) if x % {k} == 0))",
    'print(list(enumerate(["{a}", "{b}"], start={k})))',
)
_BEYOND = (
    "(send|write) an email to the {a} team",
    "book a (room|flight|table) for {k} people",
    "(call|phone) the {a} (team|vendor)",
    "order {k} licences for the {a} service",
    "(post|publish) this in the {a} channel of our chat",
    "draw a picture of the {a} page",
    "(translate|read out) the {a} guide aloud",
    "pay the {a} invoice over {n} euros",
    "move my {a} meeting to {k} o'clock",
    "(remind|wake) me about {a} in {n} minutes",
)


def direct(rng: Random, sandbox: Sandbox) -> Iterator[Draft]:
    """Yield drafts without end; every way takes its turn."""
    names = PlainNames(rng)
    ways: tuple[Callable[[], Draft | None], ...] = (
        lambda: _of_grammar(topic(rng, names)),
        lambda: _fact(rng),
        lambda: from_a_file(rng, names),
        lambda: _printed(rng, sandbox),
        lambda: _of_grammar(contrast(rng, names)),
        lambda: _function(rng, sandbox),
        lambda: from_a_run(rng, names),
        lambda: _status(rng),
        lambda: _fact(rng),
        lambda: _of_grammar(function(rng, names)),
        lambda: _mode(rng),
        lambda: _beyond(rng),
    )
    while True:
        for way in ways:
            if (draft := way()) is not None:
                yield draft


def _of_grammar(sample: Sample) -> Draft:
    return Draft(sample=sample, subject=sample.text)


def _reply(text: str, answer: str, category: str, subject: str = "") -> Draft:
    sample = Sample(history=user(text), text=answer, category=category, tags=("irrelevance",))
    return Draft(sample=sample, subject=subject)


def _fact(rng: Random) -> Draft:
    fact = rng.choice(_FACTS)
    text = ask(rng, rng.choice(fact["ask"]), {})
    return _reply(text, fact["answer"], "reasoning", fact["answer"])


def _status(rng: Random) -> Draft:
    """Return a question about an HTTP status; the words are the standard library's."""
    status = rng.choice([one for one in HTTPStatus if one.description])
    ways = (
        "what does (HTTP (status |)|status ){c} mean",
        "(our API|the server|a webhook|a client) (answers|answered|returns) {c}, what is that",
        "(explain|what is) HTTP {c}",
        "which (HTTP |)status (is|has the number) {c}",
        "(a|the) (request|upload|login|health check) ends (in|with) {c}: what does it mean",
    )
    text = ask(rng, rng.choice(ways), {"c": str(status.value)})
    answer = f'{status.value} is "{status.phrase}": {_lower(status.description)}.'
    return _reply(text, answer, "reasoning", answer)


def _lower(text: str) -> str:
    text = text.rstrip(".")
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _mode(rng: Random) -> Draft:
    digits = [rng.choice((0, 4, 5, 6, 7)) for _ in range(3)]
    digits[0] = rng.choice((4, 5, 6, 7))
    mode = "".join(map(str, digits))
    who = ("the owner", "the group", "everybody else")
    rights = [
        f"{name} may {_joined([word for bit, word in _BITS.items() if digit & bit])}"
        if digit
        else f"{name} may do nothing"
        for name, digit in zip(who, digits, strict=True)
    ]
    text = ask(
        rng,
        rng.choice(
            (
                "what does (chmod |mode |the file mode ){m} (mean|allow|say)",
                "who may do what (with|under) (chmod |mode ){m}",
                "(explain|describe) (chmod |file mode ){m}",
                "(a file|my script|a directory) has (the mode|mode) {m}, what does that allow",
            )
        ),
        {"m": mode},
    )
    return _reply(text, f"{mode}: {'; '.join(rights)}.", "reasoning", f"mode {mode}")


def _joined(words: list[str]) -> str:
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]


def _printed(rng: Random, sandbox: Sandbox) -> Draft | None:
    """Return a question for what code prints, to be answered without running it."""
    code = filled(rng, rng.choice(_SNIPPETS))
    run = sandbox.run(code)
    output = run.output.strip()
    if run.end is not RunEnd.DONE or not output or len(output) > 120:
        return None
    lead = said(
        rng,
        "(Without running it|Do not run it|Just by reading it|No need to run it)(, what|: what) "
        "(does this|would this) print?|(Explain|Tell me) what this prints, (without executing|do "
        "not execute) it:|What is the output of this code? (Please don't run it.|Just think it "
        "through.|No tools, please.)",
    )
    text = f"{lead}\n```python\n{code}\n```"
    reply = said(rng, "It prints|This prints|The output is")
    return _reply(text, f"{reply} `{output}`.", "reasoning")


def _function(rng: Random, sandbox: Sandbox) -> Draft:
    """Return a request for a function, answered by code and an example that was run."""
    one = rng.choice(FUNCTIONS)
    example = rng.choice(one.checks)
    text = said(
        rng,
        "(Write|Show me|Give me) a (Python |)function {f} that {d}(.| - just here, no file.|, do "
        "not save it anywhere.)|(How would you|How do I) write a (Python |)function that {d}?|I "
        "need a (typed |)Python function that {d}. (Only show it to me.|No file needed.|Just the "
        "code.)|(What would|What could) {f}, a function that {d}, look like?",
        {"f": f"`{one.name}`", "d": one.does},
    )
    value = example.split(" == ")[0].removeprefix("not ")
    output = sandbox.run(f"{one.code}\n\nprint(repr({value}))").output.strip()
    fence = f"```python\n{one.code}\n```"
    answer = f"{fence}\n\n" + said(
        rng,
        "For example, `{v}` returns `{o}`.|`{v}` gives `{o}`.|With it, `{v}` is `{o}`.",
        {"v": value, "o": output},
    )
    return _reply(text, answer, "code_generation", one.name)


def _beyond(rng: Random) -> Draft:
    wish = phrase(rng, filled(rng, rng.choice(_BEYOND)))
    text = said(
        rng,
        "(Could you|Can you|Would you) {w}(?|, please?)|I want you to {w}.|(Now |Next, "
        "|One more thing: |Please ){w}.",
        {"w": wish},
    )
    answer = said(
        rng,
        "I have no tool for that. I can read and write files, run commands and check code.|That is "
        "beyond my tools: (I work with files, terminals and code checks|files, terminals and code "
        "checks are all I have).|I cannot do that (with|by) the tools I have here. Is there a file "
        "or a command I can help with?",
    )
    return _reply(text, answer, "general")
