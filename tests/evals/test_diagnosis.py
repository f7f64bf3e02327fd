"""S36: does the model emit what its training data taught, and what to try when it does not."""

from typing import Any

import pytest

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.completions import Completion
from punie_train.core.messages import ToolCall
from punie_train.evals.diagnosis import Finding, diagnose, judge_reply, taught_format
from punie_train.toolcalls.parsed import WireFormat

XML = (
    "<tool_call>\n<function=read_file>\n<parameter=path>\na.py\n</parameter>\n</function>\n"
    "</tool_call>"
)
FENCED = '```json\n{"name": "read_file", "arguments": {"path": "a.py"}}\n```'
CALL = ToolCall(name="read_file", arguments={"path": "a.py"})
QWEN = WireFormat.QWEN3_CODER_XML
PARAMETERS = {"lora_rank": 8, "iters": 260, "learning_rate": 5e-4}


def _reply(text: str, *delivered: ToolCall) -> Any:
    completion = Completion(
        text=text,
        content=None,
        delivered=delivered,
        finish_reason="stop",
        prompt_tokens=5,
        completion_tokens=5,
        queue_seconds=0.0,
        generation_seconds=0.1,
    )
    return judge_reply("Read a.py.", completion, AGENT_TOOLS, QWEN)


@pytest.mark.parametrize(
    ("text", "delivered", "finding"),
    [
        pytest.param(XML, (CALL,), Finding.RIGHT, id="right"),
        pytest.param(XML, (), Finding.NOT_DELIVERED, id="swallowed by the server"),
        pytest.param(FENCED, (), Finding.OTHER_FORMAT, id="still a code fence"),
        pytest.param("It is a file.", (), Finding.NO_CALL, id="words"),
        pytest.param(XML[:70], (), Finding.UNREADABLE, id="cut off"),
        pytest.param(
            XML.replace("<tool_call>\n", ""), (CALL,), Finding.NOT_STRICT, id="no opening tag"
        ),
    ],
)
def test_what_a_reply_shows(text: str, delivered: tuple[ToolCall, ...], finding: Finding) -> None:
    """Every way in which a reply can differ from what was taught."""
    assert _reply(text, *delivered).finding is finding


def _diagnosed(*texts: str, **changes: Any) -> Any:
    facts: dict[str, Any] = {
        "taught": QWEN, "template": QWEN, "parameters": PARAMETERS, "rows": 1350,
    } | changes  # fmt: skip
    return diagnose([_reply(text, CALL) for text in texts], **facts)


def test_a_healthy_model_needs_nothing() -> None:
    """No remedy is offered where nothing is wrong."""
    found = _diagnosed(XML, XML)
    assert found.healthy
    assert found.right == 2
    assert found.remedies == ()


def test_remedies_come_in_their_order_with_the_runs_own_numbers() -> None:
    """Rank, iterations, examples, learning rate, each doubled from what was used."""
    found = _diagnosed(XML, FENCED)
    assert not found.healthy
    first, second, third, fourth = found.remedies
    assert "from 8 to 16" in first
    assert "260 to 520" in second
    assert "now 1,350" in third
    assert "0.0005 to 0.001" in fourth


def test_a_manifest_that_says_nothing_gets_the_usual_numbers() -> None:
    """Rank 16, 100 iterations and 1e-5 are what a run is taken to have used."""
    remedies = _diagnosed(FENCED, parameters={}, rows=None).remedies
    assert "from 16 to 32" in remedies[0]
    assert "100 to 200" in remedies[1]
    assert remedies[2].endswith("fails")
    assert "1e-05 to 2e-05" in remedies[3]


def test_a_bare_model_is_to_be_trained() -> None:
    """There is no rank to raise."""
    (only,) = _diagnosed(FENCED, parameters=None).remedies
    assert "punie-train run" in only


def test_data_and_template_that_differ_come_first() -> None:
    """No amount of training mends two formats."""
    found = _diagnosed(XML, taught=WireFormat.FENCED_JSON)
    assert not found.healthy
    assert "fenced-json" in found.remedies[0]
    assert "convert" in found.remedies[0]


def test_calls_that_the_server_swallows_are_its_fault() -> None:
    """The format is right, so training is not what is offered."""
    found = diagnose([_reply(XML)], taught=QWEN, template=QWEN, parameters=PARAMETERS, rows=1)
    (only,) = found.remedies
    assert "server" in only


def test_the_format_of_texts_is_the_most_frequent_one() -> None:
    """One odd row does not decide."""
    assert taught_format([FENCED, XML, FENCED], AGENT_TOOLS) is WireFormat.FENCED_JSON
    assert taught_format(["no call"], AGENT_TOOLS) is None
