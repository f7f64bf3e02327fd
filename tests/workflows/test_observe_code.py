"""The code of a reply goes to the sandbox, where the case asks for fields."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.completions import Completion, Exchange, Unavailable
from punie_train.core.messages import Message
from punie_train.core.outcomes import Outcome
from punie_train.evals.case import Case, Expectation, ExpectedCall
from punie_train.evals.report import FieldAccessRates
from punie_train.evals.scoring import score_case
from punie_train.evals.summary import summarize
from punie_train.sandbox.run_code import Sandbox
from punie_train.toolcalls.parsed import WireFormat
from punie_train.workflows.observe_code import observe_code

QWEN = WireFormat.QWEN3_CODER_XML


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Return a live sandbox."""
    with Sandbox() as live:
        yield live


def _case(*fields: str) -> Case:
    return Case(
        id="lint",
        suite="suite",
        category="field_access",
        messages=(Message(role="user", content="How many violations has a.py?"),),
        tools=AGENT_TOOLS,
        expect=Expectation(
            code=(ExpectedCall(name="ruff_check", arguments={"path": "a.py"}),),
            fields=tuple((field,) for field in fields),
        ),
        path=Path("cases.yaml"),
        line=1,
        content_hash="0" * 64,
    )


def _reply(text: str) -> Exchange:
    turn = Completion(
        text=text,
        content=None,
        delivered=(),
        finish_reason="stop",
        prompt_tokens=1,
        completion_tokens=1,
        queue_seconds=0.0,
        generation_seconds=0.0,
    )
    return Exchange(turns=(turn,))


def _code(code: str) -> Exchange:
    return _reply(
        "<tool_call>\n<function=execute_code>\n<parameter=code>\n"
        f"{code}\n</parameter>\n</function>\n</tool_call>"
    )


def test_nothing_to_observe(sandbox: Sandbox) -> None:
    """No fields are asked for, or nothing came back: no observation."""
    reply = _code("print(ruff_check('a.py').success)")
    assert observe_code(_case(), reply, trained=QWEN, sandbox=sandbox) is None
    gone = Unavailable(reason="no reply")
    case = _case("ruff_check.success")
    assert observe_code(case, gone, trained=QWEN, sandbox=sandbox) is None


def test_a_reply_without_code_is_a_problem(sandbox: Sandbox) -> None:
    """It counts against every level, because nothing reads the fields."""
    seen = observe_code(
        _case("ruff_check.success"), _reply("It is clean."), trained=QWEN, sandbox=sandbox
    )
    assert seen is not None
    assert seen.problem == "one call of execute_code was expected, not no call"


MANY = """
r = ruff_check('a.py')
if r.violation_count > 500:
    print('many')
else:
    print('few')
"""
UNREACHABLE = """
r = ruff_check('a.py')
print(r.success)
if r.success and not r.success:
    print(r.violation_count)
"""
SORTED = """
r = ruff_check('a.py')
print(r.violation_count)
for v in sorted(r.violations, key=lambda v: v.line):
    print(v.line)
"""
ONE = "r = ruff_check('a.py')\n"
LEVELS = {
    "good": ("print(ruff_check('a.py').violation_count)", (1.0, 1.0, 1.0)),
    "behind-a-condition": (MANY, (1.0, 1.0, 1.0)),
    "prints-the-result": ("print(ruff_check('a.py'))", (0.0, 0.0, 0.0)),
    "reads-for-nothing": (ONE + "x = r.violation_count\nprint('done')", (1.0, 1.0, 0.0)),
    "wrong-types": (ONE + "print(r.violation_count + ' violations')", (1.0, 0.0, 0.0)),
    "crashes": (ONE + "print([r.violation_count][1:][0])", (1.0, 1.0, 0.0)),
    "unreachable": (UNREACHABLE, (1.0, 1.0, 0.0)),
    "sorted": (SORTED, (1.0, 1.0, 1.0)),
    "no-code": (None, (0.0, 0.0, 0.0)),
}


@pytest.mark.parametrize(("code", "rates"), LEVELS.values(), ids=list(LEVELS))
def test_the_three_levels_of_one_reply(
    sandbox: Sandbox, code: str | None, rates: tuple[float, float, float]
) -> None:
    """From the reply to the rates, with the real sandbox."""
    case = _case("ruff_check.violation_count")
    reply = _reply("I do not know.") if code is None else _code(code)
    seen = observe_code(case, reply, trained=QWEN, sandbox=sandbox)
    result = score_case(case, reply, adapter="v1", observation=seen)
    static, typed, executed = rates
    summary = summarize([result], seconds_by_adapter={})["v1"]
    assert summary.field_access_rate == FieldAccessRates(
        static=static, typed=typed, executed=executed
    )
    assert (result.outcome is Outcome.PASSED) == (rates == (1.0, 1.0, 1.0))
