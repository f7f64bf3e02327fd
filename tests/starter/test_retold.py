"""The second writer's makers: stories, sequences, last words, talk, cases and several fields."""

import ast
import re
from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from punie_train.generate.drafts import Draft
from punie_train.generate.proof import is_proven
from punie_train.sandbox.run_code import Sandbox
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.retold.either_or import either_or
from punie_train.starter.grammar.retold.last_words import last_word
from punie_train.starter.grammar.retold.sequences import copying, sequence
from punie_train.starter.grammar.retold.several_fields import several
from punie_train.starter.grammar.retold.spoken_words import spoken
from punie_train.starter.grammar.retold.story_phrases import DO
from punie_train.starter.grammar.retold.terminal_stories import terminal_story
from punie_train.starter.grammar.samples import call
from punie_train.starter.grammar.topics import CHAT, COMPLEXITIES, CONTRASTS, TOPICS
from punie_train.starter.mixture import after_story

MAKERS = (terminal_story, sequence, copying, last_word, spoken, either_or, several, after_story)
WORDS_OF = {
    "kill_terminal": r"kill|stop|terminat|abort|halt|cancel|interrupt|end|destroy|shoot|shut|bring"
    r"|tak|tear|forc|break|pull|cut|misery|get rid|quit",
    "release_terminal": r"releas|free|relinquish|hand|giv|return|dispos|let|surrender|clean|tid"
    r"|drop|set",
    "wait_for_terminal_exit": r"wait|hold|stay|hang|patien|sit|stand|pause|let|time|finish",
    "get_terminal_output": r"output|log|text|lines|print|wr[io]t|sa[iy]|put out|came|stand|appear"
    r"|message",
}


def _made(maker, seed: int, count: int) -> list:
    rng = Random(seed)
    names = Names(rng)
    return [maker(rng, names) for _ in range(count)]


def _ids(maker):
    return maker.__name__


@pytest.mark.parametrize("maker", MAKERS, ids=_ids)
def test_same_seed_same_samples(maker) -> None:
    """Samples are decided by the seed, and another seed gives others."""
    assert _made(maker, 4, 40) == _made(maker, 4, 40)
    assert _made(maker, 4, 40) != _made(maker, 5, 40)


@pytest.mark.parametrize("maker", MAKERS, ids=_ids)
def test_prompts_rarely_return(maker) -> None:
    """Of 2,000 samples at least four in five ask in words of their own."""
    made = _made(maker, 6, 2000)
    assert len({sample.prompt for sample in made}) >= 1600


@pytest.mark.parametrize("tool", sorted(DO))
def test_a_story_asks_for_its_tool(tool: str) -> None:
    """The request names the terminal and has a word for the tool; others are turned down in it."""
    rng = Random(8)
    names = Names(rng)
    others = 0
    for _ in range(300):
        sample = terminal_story(rng, names, tool)
        (wanted,) = sample.calls
        assert wanted.name == tool
        assert wanted.arguments["terminal_id"] in sample.prompt
        assert re.search(WORDS_OF[tool], sample.prompt.lower()), sample.prompt
        others += bool(re.search(r"pointless|no (use|point)|instead|don't|do not", sample.prompt))
    assert others > 20


@pytest.mark.parametrize("maker", [sequence, copying], ids=_ids)
def test_a_sequence_goes_on_or_ends(maker) -> None:
    """A next step is none of those made; as many rows close in words as go on."""
    made = _made(maker, 9, 600)
    kinds = Counter("words" if sample.text else "call" for sample in made)
    assert 0.35 < kinds["words"] / 600 < 0.55
    for sample in made:
        done = [one.name for message in sample.history for one in message.tool_calls]
        assert bool(sample.text) != bool(sample.calls)
        assert not {one.name for one in sample.calls} & set(done)
        assert len(done) == len(set(done))
        if sample.text:
            assert len(done) > 1
    assert any(len(sample.history) > 6 for sample in made) == (maker is sequence)


def test_a_step_takes_the_terminal_that_was_started() -> None:
    """Every step after the first names the terminal of the first result."""
    steps = [s for s in _made(sequence, 10, 300) if s.calls and len(s.history) > 1]
    assert steps
    for sample in steps:
        assert sample.calls[0].arguments["terminal_id"] in sample.history[2].content


def test_last_words_are_not_copied() -> None:
    """What is copied stands in the request, and words that ask for haste stand outside of it."""
    tail = re.compile(r"\b(right now|at once|straight away|for me|immediately)\W*$", re.IGNORECASE)
    hurried = 0
    for sample in _made(last_word, 11, 800):
        for value in sample.calls[0].arguments.values():
            assert value in sample.prompt
            if found := tail.search(sample.prompt):
                hurried += 1
                assert not value.lower().endswith(found[1].lower())
    assert hurried > 60


def test_talk_is_answered_from_what_is_known() -> None:
    """Every answer is one that the base corpus has."""
    known = {row[-1] for table in (TOPICS, CONTRASTS, COMPLEXITIES, CHAT) for row in table}
    made = _made(spoken, 12, 500)
    assert {sample.text for sample in made} <= known
    assert any(len(sample.history) > 1 for sample in made)
    assert not any(sample.calls for sample in made)


def test_cases_have_both_branches() -> None:
    """Code of a case is an if statement, mostly with its else."""
    whole = 0
    for sample in _made(either_or, 13, 300):
        tree = ast.parse(sample.calls[0].arguments["code"])
        (case,) = [node for node in ast.walk(tree) if isinstance(node, ast.If)][:1]
        whole += bool(case.orelse)
    assert 240 < whole < 300


@pytest.mark.parametrize("maker", [either_or, several], ids=_ids)
def test_code_runs_and_reads_what_it_says(maker) -> None:
    """Code passes the type check, ends well in the sandbox and reads its fields there."""
    with Sandbox() as sandbox:
        for sample in _made(maker, 14, 30):
            assert is_proven(Draft(sample=sample), sandbox), sample.calls
        code = sample.calls[0].arguments["code"]
        wrong = replace(sample, calls=(call("execute_code", code=f"{code}\nprint(result.lost)"),))
        assert not is_proven(Draft(sample=wrong), sandbox)
