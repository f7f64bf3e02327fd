"""Calls that the server would not hand over are found before an agent waits for them (F67)."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from punie_train.core.completions import Completion
from punie_train.core.errors import ArtifactError
from punie_train.core.messages import Message, ToolCall
from punie_train.core.sampling import Sampling
from punie_train.core.tool_specs import ToolSpec
from punie_train.toolcalls.parsed import WireFormat
from punie_train.workflows.candidates import Candidate
from punie_train.workflows.delivery import PROMPTS, probe, questions_of, refuse_taught

CALL = ToolCall(name="read_file", arguments={"path": "a.py"})
JSON_CALL = '<tool_call>\n{"name": "read_file", "arguments": {"path": "a.py"}}\n</tool_call>'
XML_CALL = (
    "<tool_call>\n<function=read_file>\n<parameter=path>\na.py\n</parameter>\n</function>\n"
    "</tool_call>"
)
BROKEN = "<tool_call>\n<function=read_file>\n<parameter=path>\na.p"
XML, HERMES = "<tool_call>\n<function=", "<tool_call>{{ tool_call.name }}"
OTHER, NONE = "<arg_key>", "{{ messages }}"
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "read_file",
            "parameters": {"type": "object", "properties": {"path": {"type": "string"}}},
        },
    }
]


def candidate(directory: Path, template: str) -> Candidate:
    """Return a candidate whose base has a template."""
    (directory / "chat_template.jinja").write_text(template)
    return Candidate(
        name="v9", model_name="m", model=directory, adapter=directory, base_fingerprint="f",
        adapter_fingerprint=None, template="t", trained=WireFormat.QWEN3_CODER_XML,
    )  # fmt: skip


def data_of(directory: Path, *answers: dict[str, Any]) -> Path:
    """Write a training split with one row for each answer."""
    rows = [
        {
            "messages": [
                {"role": "user", "content": f"Question {number}?"},
                {"role": "assistant", "content": "", **answer},
            ],
            "tools": TOOLS,
        }
        for number, answer in enumerate(answers)
    ]
    (directory / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return directory


STRUCTURED = {"tool_calls": [{"function": {"name": "read_file", "arguments": {"path": "a.py"}}}]}


def test_questions_come_from_the_data(tmp_path: Path) -> None:
    """With its own tools, rows that call only; a template writes structured calls."""
    data = data_of(tmp_path, {"content": "Hello."}, STRUCTURED, STRUCTURED)
    questions, taught = questions_of(data)
    assert [each.given[0].content for each in questions] == ["Question 1?", "Question 2?"]
    assert [tool.name for tool in questions[0].tools] == ["read_file"]
    assert taught is None


def test_format_is_that_which_the_data_spells_out(tmp_path: Path) -> None:
    """Calls written as text reach the model as they are."""
    data = data_of(tmp_path, {"content": JSON_CALL}, {"content": JSON_CALL}, STRUCTURED)
    assert questions_of(data)[1] is WireFormat.HERMES_JSON


def test_without_data_or_calls_in_it_common_questions_are_asked(tmp_path: Path) -> None:
    """A file that no longer fits is no reason not to serve."""
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "train.jsonl").write_text("{\n")
    for data in (None, data_of(tmp_path, {"content": "Hello."}), tmp_path / "bad"):
        questions, taught = questions_of(data)
        assert [each.given[0].content for each in questions] == list(PROMPTS)
        assert taught is None


@pytest.mark.parametrize(
    ("template", "taught"),
    [
        (XML, WireFormat.QWEN3_CODER_XML),
        (HERMES, WireFormat.HERMES_JSON),
        (OTHER, WireFormat.HERMES_JSON),
        (NONE, None),
    ],
    ids=["xml", "hermes", "a parser without a name here", "nothing known"],
)
def test_format_that_the_server_reads_passes(
    tmp_path: Path, template: str, taught: WireFormat | None
) -> None:
    """So does one of which nothing can be said beforehand."""
    refuse_taught(candidate(tmp_path, template), taught)


@pytest.mark.parametrize(
    ("template", "taught", "words"),
    [
        (XML, WireFormat.HERMES_JSON, "hermes-json calls, and .* read qwen3-coder-xml"),
        (HERMES, WireFormat.QWEN3_CODER_XML, "qwen3-coder-xml calls, and .* read hermes-json"),
        (XML, WireFormat.FENCED_JSON, "fenced-json calls"),
        (NONE, WireFormat.HERMES_JSON, "gives the server no parser"),
    ],
)
def test_format_that_the_server_does_not_read_is_refused(
    tmp_path: Path, template: str, taught: WireFormat, words: str
) -> None:
    """The message names both formats (F67)."""
    with pytest.raises(ArtifactError, match=words) as caught:
        refuse_taught(candidate(tmp_path, template), taught)
    assert caught.value.failure == "F67"


class Says:
    """A model that says one text after another; `handed` are the calls that its server delivers."""

    def __init__(self, *texts: str, handed: Sequence[ToolCall] = (), end: str = "stop") -> None:
        self.texts, self.handed, self.end = list(texts), tuple(handed), end

    async def complete(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec], sampling: Sampling
    ) -> Completion:
        text = self.texts.pop(0)
        return Completion(
            text=text, content=text, delivered=self.handed if "<" in text else (),
            finish_reason=self.end, prompt_tokens=1, completion_tokens=1, queue_seconds=0.0,
            generation_seconds=0.0, recovered=True,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("model", "written", "delivered"),
    [
        (Says(*[XML_CALL] * 4, handed=[CALL]), 4, 4),
        (Says(XML_CALL, "Hm.", "Hm.", "Hm."), 1, 0),
        (Says(*["Hm."] * 4), 0, 0),
        (Says(*[BROKEN] * 4), 0, 0),
        (Says(*[XML_CALL] * 4, end="length"), 0, 0),
    ],
    ids=["handed over", "one lost of four replies", "no calls", "broken by the model", "cut off"],
)
@pytest.mark.asyncio
async def test_probe_counts(tmp_path: Path, model: Says, written: int, delivered: int) -> None:
    """Only whole calls that the model wrote say something of the server."""
    seen = await probe(model, candidate(tmp_path, XML), questions_of(None)[0])
    assert (seen.asked, seen.written, seen.delivered) == (4, written, delivered)


@pytest.mark.asyncio
async def test_calls_of_which_none_is_handed_over_are_refused(tmp_path: Path) -> None:
    """However it comes that the server does not read them (F67)."""
    model = Says("Hm.", JSON_CALL, JSON_CALL, "Hm.")
    with pytest.raises(ArtifactError, match=r"in 2 of 4 replies \(hermes-json\).* none") as caught:
        await probe(model, candidate(tmp_path, XML), questions_of(None)[0])
    assert caught.value.failure == "F67"
