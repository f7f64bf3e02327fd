"""The grammar: the same seed says the same, and every answer is what its request needs."""

import re
from random import Random

import pytest

from punie_train.core.agent_tools import TOOLS_BY_NAME
from punie_train.evals.code_reading.read_code import read_code
from punie_train.starter.adapter_mixtures import ADAPTER_MIXTURES, adapter_rows
from punie_train.starter.grammar.agent_calls import MAKERS, simple
from punie_train.starter.grammar.chains import chained, copied
from punie_train.starter.grammar.conditionals import conditional
from punie_train.starter.grammar.direct import chat, contrast, function, script, topic
from punie_train.starter.grammar.distractions import distracted
from punie_train.starter.grammar.follow_ups import followed
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.parallel_calls import parallel
from punie_train.starter.grammar.phrasing import phrase
from punie_train.starter.grammar.requests import bare
from punie_train.starter.grammar.sums import summed
from punie_train.starter.grammar.workflows import multi_step
from punie_train.starter.mixture import base_rows, iteration, value

CODE = (bare, value, iteration, conditional, multi_step, summed)
AGENT = (simple, parallel, chained, copied, followed, script)
WORDS = (topic, contrast, chat, function)


def _ids(maker):
    return maker.__name__


@pytest.mark.parametrize("version", sorted(ADAPTER_MIXTURES))
def test_same_seed_same_rows(version: str) -> None:
    """Rows of an adapter are decided by the seed, and another seed gives others."""
    first = list(adapter_rows(version, 1, 30))
    assert first == list(adapter_rows(version, 1, 30))
    assert first != list(adapter_rows(version, 2, 30))


def test_same_seed_same_base_rows() -> None:
    """The base corpus is decided by the seed."""
    assert list(base_rows(4, 60)) == list(base_rows(4, 60))
    assert list(base_rows(4, 60)) != list(base_rows(5, 60))


@pytest.mark.parametrize("maker", CODE, ids=_ids)
def test_code_reads_what_it_declares(maker) -> None:
    """Code calls exactly its typed tools on paths of the request, and reads the fields it names."""
    rng = Random(11)
    names = Names(rng)
    for _ in range(150):
        sample = maker(rng, names)
        code = str(sample.calls[0].arguments["code"])
        reading = read_code(code)
        typed = {
            (call.name, dict(call.arguments)["path"])
            for call in reading.calls
            if call.name != "write_file"
        }
        assert not reading.problem, code
        assert not reading.unknown_fields, code
        assert typed == set(sample.typed), code
        assert set(sample.fields) <= reading.fields, code
        assert all(path in sample.prompt for _, path in sample.typed), sample.prompt


@pytest.mark.parametrize("maker", CODE, ids=_ids)
def test_printed_code_reads_nothing(maker) -> None:
    """The faulty variant calls the same tools and reads no field."""
    rng = Random(12)
    for _ in range(60):
        sample = maker(rng, Names(rng))
        reading = read_code(sample.printed)
        typed = {(call.name, dict(call.arguments)["path"]) for call in reading.calls}
        assert typed == set(sample.typed)
        assert reading.fields == frozenset()


@pytest.mark.parametrize("maker", AGENT, ids=_ids)
def test_calls_fit_the_schemas(maker) -> None:
    """Every call names a tool of the agent and gives all its parameters as text."""
    rng = Random(13)
    for _ in range(100):
        sample = maker(rng, Names(rng))
        for call in sample.calls:
            assert set(call.arguments) == set(TOOLS_BY_NAME[call.name].parameters["properties"])
            assert all(isinstance(value, str) for value in call.arguments.values())


@pytest.mark.parametrize("maker", WORDS, ids=_ids)
def test_words_call_nothing(maker) -> None:
    """A question about a concept, small talk or a plain function is answered in words."""
    rng = Random(14)
    for _ in range(60):
        sample = maker(rng, Names(rng))
        assert sample.text
        assert not sample.calls


@pytest.mark.parametrize("tool", sorted(MAKERS))
def test_arguments_stand_in_the_request(tool: str) -> None:
    """What a single call is given can be copied from the request."""
    rng = Random(15)
    for _ in range(400):
        sample = simple(rng, Names(rng), tool)
        for argument in sample.calls[0].arguments.values():
            assert argument in sample.prompt


def test_the_dot_that_ends_a_command_stays() -> None:
    """`black .` is not a sentence that ends, whatever follows it."""
    rng = Random(18)
    for _ in range(3000):
        sample = parallel(rng, Names(rng))
        for call in sample.calls:
            if call.name == "run_command":
                assert call.arguments["command"] in sample.prompt


@pytest.mark.parametrize("maker", [*CODE, *AGENT, *WORDS], ids=_ids)
def test_clutter_changes_no_answer_and_nothing_that_is_copied(maker) -> None:
    """Fillers, slips and talk stand around what the answer takes from the request."""
    rng = Random(19)
    changed = 0
    for _ in range(150):
        plain = maker(rng, Names(rng))
        sample = distracted(rng, Names(rng), plain)
        assert (sample.calls, sample.text) == (plain.calls, plain.text)
        assert len(sample.history) == len(plain.history)
        changed += sample.prompt != plain.prompt
        copied_parts = [path for _, path in sample.typed]
        copied_parts += [v for call in sample.calls for v in call.arguments.values() if v]
        for part in copied_parts:
            assert plain.prompt.count(part) <= sample.prompt.count(part), sample.prompt
    assert changed > 40


def test_no_slot_is_left() -> None:
    """No phrase keeps an unfilled slot or a bar of its template."""
    rng = Random(16)
    for maker in (*CODE, *AGENT, *WORDS):
        for _ in range(40):
            prompt = maker(rng, Names(rng)).prompt
            assert not re.search(r"\{[a-z]+\}", prompt), prompt
            assert "\0" not in prompt


def test_held_out_names_are_never_trained() -> None:
    """A path of the held-out pool does not come from the training pool."""
    trained, held = Names(Random(1)), Names(Random(1), "heldout")
    seen = {trained.python_path() for _ in range(3000)}
    assert seen.isdisjoint(held.python_path() for _ in range(300))


@pytest.mark.parametrize(
    ("template", "readings"),
    [
        ("(a|b) c", {"a c", "b c"}),
        ("(a |)b", {"a b", "b"}),
        ("((a|b) x|y)", {"a x", "b x", "y"}),
        ("say {it}", {"say (x|y)"}),
    ],
    ids=["choice", "optional", "nested", "slot is verbatim"],
)
def test_phrase(template: str, readings: set[str]) -> None:
    """A template gives each of its readings and no other."""
    rng = Random(3)
    assert {phrase(rng, template, {"it": "(x|y)"}) for _ in range(60)} == readings
