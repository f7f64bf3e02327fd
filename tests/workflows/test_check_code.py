"""Programs of rows are judged alike by helpers, without them, and when a helper dies."""

import os
import signal

import pytest

from punie_train.checks.pre_training.code_problem import CodeProblem
from punie_train.workflows.check_code import TOGETHER, CodeRunner

MANY = [
    f"print({number})" if number % 3 else f"print(missing_{number})"
    for number in range(TOGETHER + 9)
]
FEW = MANY[:5]


def judged(programs: list[str]) -> list[CodeProblem | None]:
    """Return what a runner says of programs."""
    with CodeRunner() as runner:
        waiting = [runner.start(program) for program in programs]
        return [pending() for pending in waiting]


def named(programs: list[str]) -> list[str | None]:
    """Return the name that is missing in each program, None for those that run."""
    return [text.removeprefix("print(")[:-1] if "missing" in text else None for text in programs]


@pytest.mark.parametrize("programs", [FEW, MANY], ids=["few", "many"])
def test_each_program_gets_its_own_verdict(programs: list[str]) -> None:
    """In the order of the programs, whoever judges them."""
    for problem, name in zip(judged(programs), named(programs), strict=True):
        assert (problem is None) == (name is None)
        assert problem is None or (name and name in problem.reason)


def test_few_programs_start_no_helper() -> None:
    """A helper costs more than they do; many have one."""
    with CodeRunner() as runner:
        assert [runner.start(program) for program in FEW][-1]() is None
        assert not runner.helpers
        many = [runner.start(program) for program in MANY]
        assert many[0]() is not None
        assert runner.helpers


def test_a_dead_helper_changes_no_verdict() -> None:
    """What it was asked is judged here."""
    with CodeRunner() as runner:
        first = [runner.start(program) for program in MANY]
        assert first[0]() is not None
        for helper in runner.helpers:
            os.kill(helper.pid, signal.SIGKILL)
        later = [runner.start(f"{program} # again") for program in MANY]
        assert [pending() is None for pending in later] == [name is None for name in named(MANY)]


def test_code_that_is_no_text_of_unicode_is_judged() -> None:
    """Half a surrogate pair reaches the helper as it is."""
    odd = "x = '\ud800'"
    alone, *_ = judged([odd])
    together, *_ = judged([odd, *MANY])
    assert alone == together
