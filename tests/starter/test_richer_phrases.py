"""Makers of many more words: right tool for the words, whole chains, code that runs."""

import re
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from punie_train.core.agent_tools import TOOLS_BY_NAME
from punie_train.core.code_observations import RunEnd
from punie_train.evals.code_reading.read_code import read_code
from punie_train.sandbox.run_code import Sandbox
from punie_train.starter.adapter_mixtures import ADAPTER_MIXTURES
from punie_train.starter.grammar.cases_in_short import case
from punie_train.starter.grammar.closings import closings
from punie_train.starter.grammar.direct import chat, contrast, topic
from punie_train.starter.grammar.distractions import distracted
from punie_train.starter.grammar.either_or import either_or
from punie_train.starter.grammar.elided import elided
from punie_train.starter.grammar.hurried import hurried
from punie_train.starter.grammar.joint_fields import joint_fields
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.nouns import TOOLS
from punie_train.starter.grammar.terminal_deeds import DEEDS
from punie_train.starter.grammar.terminal_stories import terminal_story
from punie_train.starter.grammar.tool_results import ENDS
from punie_train.starter.grammar.twin_files import twin_files
from punie_train.starter.grammar.wordings import wording

CODE = (either_or, elided, joint_fields)
CALLS = (terminal_story, closings, hurried, twin_files)
MAKERS = (*CODE, *CALLS, wording)
SIGNS = {
    "get_terminal_output": "output|log|lines|text|printout|messages|screen|scrollback|stdout"
    "|print|read"
    "|says|said|say|shows|wrote|written",
    "wait_for_terminal_exit": "wait|await|hold|hang|stay|sit|stand|patien|pause|let|allow|finish"
    "|when|once|after|as soon as",
    "kill_terminal": "kill|stop|terminat|abort|end|cancel|halt|interrupt|shut|force|quit|down|off"
    "|dead|die|plug|rid",
    "release_terminal": "releas|free|back|return|let|lett|dispos|clean|give up|drop|relinquish",
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Return a running sandbox."""
    with Sandbox() as running:
        yield running


def _ids(maker):
    return maker.__name__


def _samples(maker, seed: int, count: int):
    rng = Random(seed)
    names = Names(rng)
    return [maker(rng, names) for _ in range(count)]


@pytest.mark.parametrize("maker", MAKERS, ids=_ids)
def test_a_seed_decides_and_few_prompts_repeat(maker) -> None:
    """The same seed says the same, another says other things, and 80 % of 2000 differ."""
    made = _samples(maker, 5, 2000)
    assert made[:40] == _samples(maker, 5, 40)
    assert made[:40] != _samples(maker, 6, 40)
    assert len({sample.prompt for sample in made}) >= 1600


@pytest.mark.parametrize("maker", MAKERS, ids=_ids)
def test_no_slot_is_left(maker) -> None:
    """No request keeps an unfilled slot of its template."""
    for sample in _samples(maker, 16, 400):
        assert not re.search(r"\{[a-z0-9]+\}|\0", sample.prompt), sample.prompt


@pytest.mark.parametrize("maker", CODE, ids=_ids)
def test_code_reads_what_it_declares(maker) -> None:
    """Code calls its typed tool on the path of the request, and reads the fields it names."""
    for sample in _samples(maker, 11, 200):
        code = str(sample.calls[0].arguments["code"])
        reading = read_code(code)
        typed = {(call.name, dict(call.arguments)["path"]) for call in reading.calls}
        assert not reading.problem, code
        assert not reading.unknown_fields, code
        assert typed == set(sample.typed), code
        assert set(sample.fields) <= reading.fields, code
        assert all(path in sample.prompt for _, path in sample.typed), sample.prompt


@pytest.mark.parametrize("maker", CODE, ids=_ids)
def test_code_fits_the_types_and_runs(maker, sandbox: Sandbox) -> None:
    """The sandbox finds nothing to complain about, with findings and without.

    An extreme of no items is an error of Python's own, so those programs are left out.
    """
    codes = [str(s.calls[0].arguments["code"]) for s in _samples(maker, 8, 24)]
    for code in codes:
        seen = sandbox.observe(code)
        assert not seen.type_problems, code
        assert seen.runs
        if "max(" not in code and "min(" not in code:
            last = seen.unrecorded or seen.runs[-1]
            ends = {run.end for run in (*seen.runs, last)}
            assert last.end is RunEnd.DONE, code
            assert ends <= {RunEnd.DONE, RunEnd.UNSUPPORTED}, code


@pytest.mark.parametrize("maker", [either_or, elided], ids=_ids)
def test_most_conditions_have_both_branches(maker) -> None:
    """A request for one of two things is answered by a whole if and else."""
    codes = [str(s.calls[0].arguments["code"]) for s in _samples(maker, 3, 300)]
    assert all("\nif " in code for code in codes)
    assert sum("\nelse:\n    " in code for code in codes) > 210


def test_bounds_are_those_of_the_words() -> None:
    """ "At most 3" is `<= 3` in the code, and so on, wherever a request of one condition has it."""
    signs = {">=": "at least|no fewer than", "<=": "at most|no more than|up to"}
    signs |= {">": "more than|over|above", "<": "fewer than|less than|under|below"}
    seen = Counter()
    for sample in _samples(elided, 23, 1500):
        code = str(sample.calls[0].arguments["code"])
        for sign, number in re.findall(r"\nif result\.\w+ ([<>]=?) ([1-9]\d*):", code):
            assert re.search(rf"(?i)\b({signs[sign]}) {number} ", sample.prompt), sample.prompt
            seen[sign] += 1
    assert len(seen) == 4
    assert min(seen.values()) > 20


def test_what_is_negated_is_not_followed_by_it_does_not() -> None:
    """ "If ruff finds nothing, ...; if it does not" has no meaning; "if ruff passes" has one."""
    negated = re.compile(r"no test|finds nothing|not happy|does not")
    followed = Counter()
    for seed in range(400):
        asked = case(Random(seed), TOOLS[seed % len(TOOLS)])
        if asked.field == "success":
            again = "it does not" in asked.unlike or "they do not" in asked.unlike
            followed[bool(negated.search(asked.words)), again] += 1
    assert followed[True, True] == 0
    assert min(followed[True, False], followed[False, True]) > 20


def test_two_files_are_asked_for_in_their_order() -> None:
    """What comes first in the words, or behind `before`, comes first in the calls."""
    orders = Counter()
    for sample in _samples(twin_files, 29, 1500):
        done = [one for message in sample.history for one in message.tool_calls]
        steps = [*done, *sample.calls]
        paths = [str(one.arguments["path"]) for one in steps]
        names = [one.name for one in steps]
        if names == ["read_file", "write_file"]:
            words = sample.prompt.lower()
            later = re.search(r"^before (?!i\b)|\bnot before ", words)
            first, second = (sample.prompt.index(path) for path in paths)
            if paths[0] not in paths[1] and paths[1] not in paths[0] and "after" not in words:
                orders[bool(later), first < second] += 1
    assert orders[False, True] > 50
    assert orders[True, False] > 20
    assert orders[True, True] == orders[False, False] == 0


@pytest.mark.parametrize("tool", sorted(DEEDS))
def test_the_clause_that_asks_decides(tool: str) -> None:
    """A story calls its tool on the terminal it names, with words of that tool in it."""
    rng = Random(15)
    for _ in range(300):
        sample = terminal_story(rng, Names(rng), tool)
        (wanted,) = sample.calls
        assert wanted.name == tool
        assert wanted.arguments["terminal_id"] in sample.prompt
        assert re.search(SIGNS[tool], sample.prompt.lower()), sample.prompt


def test_a_denied_verb_stands_beside_the_right_one() -> None:
    """Stories deny the verb of another tool, so that a verb alone decides nothing."""
    prompts = [s.prompt.lower() for s in _samples(terminal_story, 21, 900) if _kills(s)]
    assert sum("no point" in p or "don't" in p or "do not" in p for p in prompts) > 10
    assert sum(bool(re.search("wait|releas|output", p)) for p in prompts) > 10


def _kills(sample) -> bool:
    return sample.calls[0].name == "kill_terminal"


@pytest.mark.parametrize("maker", CALLS, ids=_ids)
def test_calls_fit_the_schemas(maker) -> None:
    """Every call names a tool of the agent and gives all its parameters as text."""
    for sample in _samples(maker, 13, 200):
        for call in sample.calls:
            assert set(call.arguments) == set(TOOLS_BY_NAME[call.name].parameters["properties"])
            assert all(isinstance(value, str) for value in call.arguments.values())


def test_haste_is_not_copied() -> None:
    """What is copied stands in the request, and the words behind a bare argument stay out."""
    tails = Counter()
    for sample in _samples(hurried, 17, 600):
        (wanted,) = sample.calls
        for value in wanted.arguments.values():
            assert value in sample.prompt
        bare = next(iter(wanted.arguments.values()))
        tails[sample.prompt.endswith((bare, f"{bare}."))] += 1
    assert tails[False] > 300


@pytest.mark.parametrize("maker", [closings, twin_files], ids=_ids)
def test_chains_close_in_words_and_go_on_in_calls(maker) -> None:
    """Half of the turns close: one never repeats its last call, each call has its result."""
    made = _samples(maker, 19, 400)
    closed = [sample for sample in made if not sample.calls]
    assert 0.4 < len(closed) / len(made) < 0.65
    for sample in closed:
        last = sample.history[-1]
        assert last.role == "tool"
        ended = next(m.tool_calls[-1].name for m in reversed(sample.history) if m.tool_calls)
        assert sample.text in (ENDS.get(ended), f"It says: {last.content}", "Done.")
    for sample in made:
        before = [one for m in sample.history for one in m.tool_calls]
        assert all(one not in before for one in sample.calls if one.name != "read_file")


def test_talk_is_answered_by_what_the_base_knows() -> None:
    """New words for questions lead to old answers."""
    rng = Random(2)
    known = {m(rng, Names(rng)).text for m in (topic, contrast, chat) for _ in range(3000)}
    for sample in _samples(wording, 14, 300):
        assert not sample.calls
        assert sample.text in known


@pytest.mark.parametrize("maker", MAKERS, ids=_ids)
def test_clutter_changes_no_answer(maker) -> None:
    """Fillers and slips stand around what the answer takes from the request."""
    rng = Random(19)
    for plain in _samples(maker, 20, 100):
        sample = distracted(rng, Names(rng), plain)
        assert (sample.calls, sample.text) == (plain.calls, plain.text)


@pytest.mark.parametrize("version", ["v2", "v3"])
def test_both_writers_are_in_the_mixture(version: str) -> None:
    """These makers have about a quarter, those of somebody who had not seen them a fifth."""
    weights = ADAPTER_MIXTURES[version]
    whole = sum(weight for weight, _ in weights)
    first = sum(weight for weight, maker in weights if maker in MAKERS) / whole
    second = sum(weight for weight, maker in weights if "retold" in maker.__module__) / whole
    assert 0.15 < first < 0.3
    assert 0.15 < second < 0.25
