"""Planted evaluation prompts are found in every form; clean rows stay."""

import random
import re
from pathlib import Path
from typing import Any

import pytest

from punie_train.dataset.leakage import EvaluationPrompts, LeakKind
from punie_train.workflows.evaluation_prompts import evaluation_prompts

EVALS = Path(__file__).parents[2] / "evals"
SYSTEM = "You are a helpful assistant. Read the file and tell me what the function in it does."
NUMBER = 45
CLEAN = 1000


def row(user: str, reply: str = "Done.") -> dict[str, Any]:
    """Return a chat with the system prompt that all rows share."""
    turns = [("system", SYSTEM), ("user", user), ("assistant", reply)]
    return {"messages": [{"role": role, "content": text} for role, text in turns]}


@pytest.fixture(scope="module")
def prompts() -> list[tuple[str, str]]:
    """Return 45 prompts of the shipped cases, of five words or more."""
    found = evaluation_prompts([EVALS]).prompts
    long = [one for one in found if len(re.findall(r"\w+", one[1])) >= 5]
    return random.Random(3).sample(long, NUMBER)


@pytest.fixture(scope="module")
def clean(documented: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return rows of the standard library's docstrings and functions."""
    assert len(documented) >= CLEAN
    return [row(f"Write it: {doc}", source) for doc, source in documented[:CLEAN]]


def reformatted(text: str) -> str:
    """Return a text in capitals, over several lines, with other punctuation and one other word."""
    words = re.findall(r"\w+", text.upper())
    words[len(words) - 1] = "OTHERWISE"
    return "**" + " -\n".join(words) + "!**"


def embedded(text: str) -> str:
    """Return a text within a longer one."""
    return f"I was asked by a colleague yesterday: {text} What would you have answered there?"


@pytest.mark.parametrize(
    ("plant", "least"),
    [
        pytest.param(str, 45, id="exact"),
        pytest.param(reformatted, 40, id="reformatted"),
        pytest.param(embedded, 45, id="embedded"),
    ],
)
def test_planted_prompts_are_found_and_clean_rows_stay(
    prompts: list[tuple[str, str]], clean: list[dict[str, Any]], plant: Any, least: int
) -> None:
    """In the user's message or in an answer; at most one clean row in a hundred goes."""
    planted = [row(plant(text)) for _, text in prompts]
    rows = clean + planted
    found = EvaluationPrompts(prompts).leaks(rows)
    right = [
        leak
        for leak in found
        if leak.position >= len(clean) and leak.case == prompts[leak.position - len(clean)][0]
    ]
    assert len(right) >= least
    assert len(found) - sum(leak.position >= len(clean) for leak in found) <= len(clean) / 100


def test_a_prompt_in_every_row_is_found_though_its_runs_are_frequent() -> None:
    """Whole prompts are looked at before frequent runs are dropped."""
    prompt = "Read the file notes.txt and tell me the first word"
    rows = [row(prompt), row(f"Please, now: {prompt}.")] * 20
    kinds = [leak.kind for leak in EvaluationPrompts([("a", prompt)]).leaks(rows)]
    assert kinds == [LeakKind.WHOLE, LeakKind.EMBEDDED] * 20


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("RUN  the tests", LeakKind.WHOLE, id="the message is it"),
        pytest.param("Ok, run the tests please", LeakKind.EMBEDDED, id="the user says it"),
        pytest.param("Run all the tests", None, id="other words"),
    ],
)
def test_short_prompts_count_as_a_whole(text: str, kind: LeakKind | None) -> None:
    """Three or four words have no runs of five."""
    found = EvaluationPrompts([("a", "Run the tests")]).leaks([row(text), row("Else", "run the")])
    assert [leak.kind for leak in found] == ([kind] if kind else [])


def test_frequent_short_prompts_are_phrases() -> None:
    """What many users say in passing is no leak; the bare prompt still is."""
    rows = [row(f"Number {n}: run the tests") for n in range(20)] + [row("Run the tests")]
    (leak,) = EvaluationPrompts([("a", "Run the tests")]).leaks(rows)
    assert (leak.position, leak.kind) == (20, LeakKind.WHOLE)


def test_half_of_a_prompt_is_a_leak_and_one_common_run_is_none() -> None:
    """The reason says how much of which case."""
    prompt = "Read the file notes.txt and tell me quickly the first word of it"
    half = "Read the file notes.txt and tell me quickly something else"
    found = EvaluationPrompts([("suite/a", prompt)]).leaks(
        [row(half), row("Read the file notes.txt")]
    )
    assert [leak.reason for leak in found] == ["holds 50% of the prompt of evaluation case suite/a"]


def test_calls_are_searched_and_the_system_prompt_is_not() -> None:
    """A prompt as an argument is a leak; one in the shared system prompt would flag every row."""
    call = {"function": {"name": "ask", "arguments": {"text": "read the file and tell me what"}}}
    rows = [row("Hi"), {"messages": [{"role": "assistant", "tool_calls": [call]}]}]
    found = EvaluationPrompts([("a", "Read the file and tell me what")]).leaks(rows)
    assert [leak.position for leak in found] == [1]
