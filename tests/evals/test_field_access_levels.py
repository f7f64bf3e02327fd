"""Field access past the type check, and in runs."""

from collections.abc import Callable

import pytest

from punie_train.core.code_observations import CodeObservation, CodeRun, RunEnd
from punie_train.core.completions import Completion, Exchange
from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Outcome
from punie_train.evals.case import Case, ExpectedCall
from punie_train.evals.code_reading.read_code import read_code
from punie_train.evals.scorers.executed_access import score_executed_access
from punie_train.evals.scorers.typed_access import score_typed_access
from punie_train.evals.scoring import score_case

EXPECTED = (("ruff_check.success",), ("ruff_check.violation_count", "ruff_check.violations"))
READS = frozenset({"ruff_check.success", "ruff_check.violations"})
CODE = "r = ruff_check('a')\nprint(r.success, len(r.violations))"


def run(end: RunEnd = RunEnd.DONE, output: str = "2", **changes: object) -> CodeRun:
    """Return a run that read what was needed."""
    fields = {"script": "s", "end": end, "output": output, "fields": READS} | changes
    return CodeRun(**fields)  # ty: ignore[invalid-argument-type]


def seen(*runs: CodeRun, unrecorded: CodeRun | None = None) -> CodeObservation:
    """Return an observation of these runs."""
    return CodeObservation(runs=runs, unrecorded=unrecorded)


TYPED = {
    "accepted": (CodeObservation(), 1.0, "all fields are read"),
    "rejected": (
        CodeObservation(type_problems=("line 2: no attribute `total`",)),
        0.0,
        "rejected by the type check: line 2: no attribute `total`",
    ),
    "no-code": (CodeObservation(problem="no call"), 0.0, "no call"),
}


@pytest.mark.parametrize(("observed", "value", "reason"), TYPED.values(), ids=list(TYPED))
def test_typed_access(observed: CodeObservation, value: float, reason: str) -> None:
    """The fields of the text count where the type check has nothing to say."""
    score = score_typed_access(EXPECTED, read_code(CODE), observed)
    assert (score.name, score.value, score.reason) == ("field_access_typed", value, reason)


def test_typed_access_is_partial_as_the_static_one() -> None:
    """A field that is not read is missing at this level too."""
    score = score_typed_access(EXPECTED, read_code("print(ruff_check('a').success)"), seen())
    assert (score.value, score.reason) == (
        0.5,
        "fields not read: ruff_check.violation_count or ruff_check.violations",
    )


WRITES = ToolCall(name="write_file", arguments={"path": "a", "content": "2"})
CRASH = run(RunEnd.ERROR, reason="the code fails: KeyError: x", line=3)
LIMIT = run(RunEnd.UNSUPPORTED, fields=frozenset(), reason="the sandbox cannot run this")
EXECUTED = {
    "runs": (seen(run(), run(output="0")), 1.0, "the code runs and reads all fields"),
    "one-run": (seen(run()), 1.0, "the code runs and reads all fields"),
    "fails": (seen(CRASH, run()), 0.0, "the code fails: KeyError: x (line 3)"),
    "fails-elsewhere": (seen(run(), CRASH, run(output="0")), 1.0, "the code runs and reads"),
    "half": (
        seen(run(fields=frozenset({"ruff_check.success"})), run(fields=frozenset(), output="0")),
        0.5,
        "fields not read when run: ruff_check.violation_count or ruff_check.violations",
    ),
    "read-in-another-run": (
        seen(run(fields=frozenset({"ruff_check.success"})), run(output="0")),
        1.0,
        "the code runs",
    ),
    "silent": (seen(run(output=""), run(output=" \n")), 0.0, "the code prints nothing"),
    "writes-instead": (
        seen(run(output="", calls=(WRITES,)), run(output="", calls=())),
        1.0,
        "the code runs and reads all fields",
    ),
    "always-the-same": (seen(run(), run()), 0.0, "the code prints the same whatever"),
    "unrecorded": (seen(LIMIT, LIMIT, unrecorded=run(fields=frozenset())), 1.0, "the code runs"),
    "unrecorded-branch": (
        seen(run(fields=frozenset()), LIMIT, unrecorded=run(fields=frozenset())),
        1.0,
        "the code runs",
    ),
    "unrecorded-fails": (seen(LIMIT, unrecorded=CRASH), 0.0, "the code fails"),
    "no-code": (CodeObservation(problem="no call"), 0.0, "no call"),
    "no-run": (CodeObservation(), 0.0, "the code was not run"),
}


@pytest.mark.parametrize(("observed", "value", "reason"), EXECUTED.values(), ids=list(EXECUTED))
def test_executed_access(observed: CodeObservation, value: float, reason: str) -> None:
    """The code must run, read the fields, and do something with them."""
    score = score_executed_access(EXPECTED, read_code(CODE), observed)
    assert score is not None
    assert (score.name, score.value) == ("field_access_executed", value)
    assert score.reason.startswith(reason)


@pytest.mark.parametrize("unrecorded", [None, LIMIT], ids=["not-tried", "nor-unrecorded"])
def test_what_the_sandbox_cannot_run_is_not_measured(unrecorded: CodeRun | None) -> None:
    """No score is better than one that blames the code for the sandbox."""
    observed = seen(LIMIT, unrecorded=unrecorded)
    assert score_executed_access(EXPECTED, read_code(CODE), observed) is None


def test_what_the_text_does_not_read_either_is_told_in_the_same_words() -> None:
    """The three levels then give one reason, not two that read alike."""
    code = read_code("print(ruff_check('a').success)")
    only = run(fields=frozenset({"ruff_check.success"}))
    executed = score_executed_access(
        EXPECTED, code, seen(only, run(output="0", fields=only.fields))
    )
    assert executed is not None
    assert executed.reason == score_typed_access(EXPECTED, code, seen()).reason


def test_observed_code_decides_the_case(
    make_case: Callable[..., Case], make_turn: Callable[..., Completion]
) -> None:
    """Without an observation the text decides; with one, code that fails when run fails."""
    case = make_case(
        "Is a clean, and how many violations are there?",
        category="field_access",
        code=(ExpectedCall(name="ruff_check", arguments={"path": "a"}),),
        fields=EXPECTED,
    )
    text = (
        "<tool_call>\n<function=execute_code>\n<parameter=code>\n"
        f"{CODE}\n</parameter>\n</function>\n</tool_call>"
    )
    reply = Exchange(turns=(make_turn(text),))
    static = score_case(case, reply, adapter="v1")
    assert static.outcome is Outcome.PASSED
    assert [score.name for score in static.scores if "field" in score.name] == ["field_access"]
    good = score_case(case, reply, adapter="v1", observation=seen(run(), run(output="0")))
    assert good.outcome is Outcome.PASSED
    bad = score_case(case, reply, adapter="v1", observation=seen(CRASH))
    assert (bad.outcome, bad.reason) == (Outcome.FAILED, "the code fails: KeyError: x (line 3)")
    assert [score.name for score in bad.scores if "field" in score.name] == [
        "field_access",
        "field_access_typed",
        "field_access_executed",
    ]
