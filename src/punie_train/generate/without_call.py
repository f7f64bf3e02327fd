"""Requests for tools that no call can answer, and the words that do: a question, or a no.

A set in which every request is answered by a call teaches a model to call whatever it is told.
"""

from collections.abc import Mapping
from random import Random

from punie_train.generate.drafts import Draft
from punie_train.generate.phrases import said
from punie_train.generate.plain_names import PlainNames
from punie_train.starter.grammar.framing import order
from punie_train.starter.grammar.samples import Sample, user

CATEGORY = "general"
_FILE = "(it|that|the file|this file|one of the files|the other file|the file I meant|the {w} one)"
_TERMINAL = (
    "(it|that|the terminal|one of the terminals|the other terminal|the session|the {w} one|"
    "the process that I started)"
)
_CODE = "(it|that|this one|the module|this file|the other one|the {w} part|the {w} one)"
_MISSING: Mapping[str, tuple[str, str]] = {
    "read_file": (
        f"(read|open|show me|print|have a look at|look into) {_FILE}",
        "(Which file is it|Which file do you mean|What is the path of the file)?",
    ),
    "write_file": (
        f"(write|save|put) (the text|this|it|the result|the {{w}} text) (to|into) {_FILE}",
        (
            "(Which file shall I write, and what shall be in it|I need the path and the text: what "
            "are they)?"
        ),
    ),
    "run_command": (
        (
            "(run|execute|start|launch) (it|that|the command|the usual command|the script|the {w} "
            "command|the server)"
        ),
        "(Which command is it|What is the command|Which command shall I run)?",
    ),
    "get_terminal_output": (
        f"(show me|print|read|get) (the output|the log|the last lines) of {_TERMINAL}",
        "(Which terminal is it? I need its id|What is the id of the terminal?)",
    ),
    "wait_for_terminal_exit": (
        f"(wait for|wait until the end of|hold on for) {_TERMINAL}",
        "(Which terminal shall I wait for|What is the id of the terminal to wait for)?",
    ),
    "kill_terminal": (
        f"(kill|stop|terminate|abort) {_TERMINAL}",
        "(Which terminal shall I kill? I need its id|What is the id of the terminal to stop?)",
    ),
    "release_terminal": (
        f"(release|free|give back|clean up) {_TERMINAL}",
        "(Which terminal shall I release? I need its id|What is the id of the terminal to free?)",
    ),
}
_MISSING_PATH: Mapping[str, tuple[str, str]] = {
    "typecheck": (
        f"(type-check|check the types of|run the type checker on|count the type errors of) {_CODE}",
        "(Which file or directory shall I type-check|What is the path to type-check)?",
    ),
    "ruff_check": (
        f"(lint|run ruff on|list the lint violations of|count the violations in) {_CODE}",
        "(Which file or directory shall I lint|What is the path to lint)?",
    ),
    "pytest_run": (
        f"(test|run the tests of|list the failing tests of|count the tests of) {_CODE}",
        "(Which tests shall I run|What is the path of the tests)?",
    ),
}
_BEYOND = (
    "(frame|hang up) the photos of the {w} trip",
    "(water|feed) the {w} plants",
    "(sing|hum) the {w} song",
    "(ring|text) somebody from the {w} team",
    "(invite|add) {k} guests to the {w} meeting",
    "(scan|fax) the {w} contract",
    "(reserve|hire) a {w} car for {k} days",
    "(rename|mute) the {w} group on my phone",
    "(taste|season) the {w} soup",
    "turn the {w} lamp (on|off)",
    "(take|crop) a photo of the {w} board",
    "(sell|buy) {k} shares of the {w} company",
)
_CANNOT = (
    "(None of my tools does that|My tools cannot do that|There is no tool for that here): they "
    "read and write files, run commands in terminals and check code."
)


def unclear(rng: Random, names: PlainNames) -> Draft:
    """Return a request for one of the agent's tools that lacks what the tool needs."""
    return _asked_back(rng, names, _MISSING)


def unclear_check(rng: Random, names: PlainNames) -> Draft:
    """Return a request for a typed tool without a path."""
    return _asked_back(rng, names, _MISSING_PATH)


def beyond(rng: Random, names: PlainNames) -> Draft:
    """Return a wish that no tool can fulfil."""
    slots = {"w": names.word(), "k": str(rng.randrange(2, 90))}
    return _reply(order(rng, rng.choice(_BEYOND), slots), said(rng, _CANNOT))


def _asked_back(rng: Random, names: PlainNames, missing: Mapping[str, tuple[str, str]]) -> Draft:
    request, question = missing[rng.choice(tuple(missing))]
    text = order(rng, request, {"w": names.word()})
    return _reply(text, said(rng, f"{question}"))


def _reply(text: str, answer: str) -> Draft:
    return Draft(
        sample=Sample(history=user(text), text=answer, category=CATEGORY, tags=("irrelevance",))
    )
