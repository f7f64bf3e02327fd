"""The sandbox of a session is opened when it is needed, and closed with it."""

from pathlib import Path

import psutil

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.completions import Completion, Exchange
from punie_train.core.messages import Message
from punie_train.evals.case import Case, Expectation, ExpectedCall
from punie_train.pytest_plugin.code_runs import CodeRuns
from punie_train.toolcalls.parsed import WireFormat

TEXT = (
    "<tool_call>\n<function=execute_code>\n<parameter=code>\n"
    "print(typecheck('a.py').error_count)\n</parameter>\n</function>\n</tool_call>"
)


def _case(*fields: str) -> Case:
    return Case(
        id="types",
        suite="suite",
        category="field_access",
        messages=(Message(role="user", content="How many type errors has a.py?"),),
        tools=AGENT_TOOLS,
        expect=Expectation(
            code=(ExpectedCall(name="typecheck", arguments={"path": "a.py"}),),
            fields=tuple((field,) for field in fields),
        ),
        path=Path("cases.yaml"),
        line=1,
        content_hash="0" * 64,
    )


def test_one_sandbox_for_all_cases() -> None:
    """A case without fields starts nothing; others share a worker, which ends at the close."""
    turn = Completion(
        text=TEXT,
        content=None,
        delivered=(),
        finish_reason="stop",
        prompt_tokens=1,
        completion_tokens=1,
        queue_seconds=0.0,
        generation_seconds=0.0,
    )
    reply, trained = Exchange(turns=(turn,)), WireFormat.QWEN3_CODER_XML
    before = set(psutil.Process().children())
    runs = CodeRuns()
    assert runs.observe(_case(), reply, trained) is None
    assert set(psutil.Process().children()) == before
    for _ in range(2):
        seen = runs.observe(_case("typecheck.error_count"), reply, trained)
        assert seen is not None
        assert seen.fields == {"typecheck.error_count"}
    workers = set(psutil.Process().children()) - before
    assert len(workers) == 1
    runs.close()
    runs.close()
    assert psutil.wait_procs(workers, timeout=5)[1] == []
