"""From the replies of a case to its result."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from punie_train.core.completions import Completion, Exchange, Unavailable
from punie_train.core.messages import Message, ToolCall
from punie_train.core.outcomes import Outcome
from punie_train.evals.case import Case, ExpectedCall
from punie_train.evals.result import CaseResult
from punie_train.evals.scoring import score_case
from punie_train.toolcalls.parsed import WireFormat
from punie_train.toolcalls.qwen3_coder_xml import render_xml

MakeCase = Callable[..., Case]
MakeTurn = Callable[..., Completion]

READ = (ExpectedCall(name="read_file", arguments={"path": "a.py"}),)
RUFF = (ExpectedCall(name="ruff_check", arguments={"path": "a.py"}),)
XML = render_xml("read_file", {"path": "a.py"})
JSON = '{"name": "read_file", "arguments": {"path": "a.py"}}'
HANDED = (("read_file", {"path": "a.py"}),)
CODE = render_xml("execute_code", {"code": "print(ruff_check('a.py').success)"})


def _score(case: Case, *turns: Completion) -> CaseResult:
    return score_case(case, Exchange(turns=turns), adapter="v1")


TOOL_CALLING = [
    ("right", XML, "passed", ""),
    ("right-with-words", f"Sure.\n{XML}", "passed", ""),
    ("fenced", f"```json\n{JSON}\n```", "failed", "call in fenced-json, not in the trained format"),
    ("bare", JSON, "failed", "call in bare-json, not in the trained format"),
    ("hermes", f"<tool_call>\n{JSON}\n</tool_call>", "failed", "hermes-json"),
    ("loose-xml", XML.removeprefix("<tool_call>\n"), "failed", "not exactly as trained"),
    ("wrong-path", XML.replace("a.py", "b.py"), "failed", 'path is "b.py"'),
    ("twice", f"{XML}\n{XML}", "failed", "not asked for"),
    ("no-call", "I cannot.", "failed", "missing call"),
    ("empty", "", "failed", "missing call"),
    ("malformed", "<tool_call>\nread a.py\n</tool_call>", "malformed", "character"),
    ("right-and-malformed", f"{XML}\n<tool_call>\n</tool_call>", "malformed", "no call"),
]


@pytest.mark.parametrize(
    ("text", "outcome", "reason"), [pytest.param(*row[1:], id=row[0]) for row in TOOL_CALLING]
)
def test_tool_calling_is_scored_in_the_strict_format(
    make_case: MakeCase, make_turn: MakeTurn, text: str, outcome: str, reason: str
) -> None:
    """Only the exact call in the trained format passes; the reason says what else it was."""
    result = _score(make_case(calls=READ), make_turn(text))
    assert result.outcome is Outcome(outcome)
    assert result.score == (1.0 if outcome == "passed" else 0.0)
    assert reason in result.reason
    assert result.reply == text


CODE_CASES = [
    ("right", CODE, "passed"),
    ("no-field", CODE.replace(".success", ""), "failed"),
    ("wrong-path", CODE.replace("a.py", "b.py"), "failed"),
    ("other-tool", XML, "failed"),
    ("two-programs", f"{CODE}\n{CODE}", "failed"),
    ("words", "It has none.", "failed"),
    ("no-code", render_xml("execute_code", {}), "failed"),
    ("broken-code", CODE.replace("print(", "print(("), "failed"),
    ("fenced", CODE.replace("<tool_call>", "").replace("</tool_call>", ""), "failed"),
]


@pytest.mark.parametrize(
    ("text", "outcome"), [pytest.param(*row[1:], id=row[0]) for row in CODE_CASES]
)
def test_code_must_call_the_tool_and_read_the_field(
    make_case: MakeCase, make_turn: MakeTurn, text: str, outcome: str
) -> None:
    """One execute_code call with the right typed tool, path and field passes."""
    case = make_case(category="field_access", code=RUFF, fields=(("ruff_check.success",),))
    result = _score(case, make_turn(text))
    assert result.outcome is Outcome(outcome)
    assert {score.name for score in result.scores} == {
        "code_calls",
        "field_access",
        "strict_format",
    }


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("It is fixed.", "passed"), (CODE, "failed"), ("", "failed"), ("It is.", "failed")],
)
def test_direct_answers_have_the_keyword_and_no_call(
    make_case: MakeCase, make_turn: MakeTurn, text: str, outcome: str
) -> None:
    """Words with the keyword pass; a call, silence or other words do not."""
    case = make_case(category="reasoning", no_call=True, keywords=(("fixed",),))
    assert _score(case, make_turn(text)).outcome is Outcome(outcome)


def test_a_conversation_shows_its_calls_and_may_be_quoted(
    make_case: MakeCase, make_turn: MakeTurn
) -> None:
    """The prompt names the calls of the history; what a tool said counts where it is repeated."""
    history = (
        Message(role="user", content="Who wrote it?"),
        Message(
            role="assistant", tool_calls=(ToolCall(name="read_file", arguments={"path": "a"}),)
        ),
        Message(role="tool", name="read_file", content="made by Ada and Grace"),
    )
    case = replace(make_case(keywords=(("Ada",),)), messages=history)
    result = _score(case, make_turn("It was made by Ada and Grace."))
    assert result.outcome is Outcome.PASSED
    assert 'assistant: read_file(path="a")' in result.prompt


def test_calls_are_taken_over_all_turns(make_case: MakeCase, make_turn: MakeTurn) -> None:
    """The calls of a loop count together, and its numbers are sums."""
    kill = ExpectedCall(name="kill_terminal", arguments={"terminal_id": "t-1"})
    kill_xml = render_xml("kill_terminal", {"terminal_id": "t-1"})
    turns = (make_turn(XML), make_turn(kill_xml), make_turn("Done."))
    result = _score(make_case(calls=(*READ, kill)), *turns)
    assert result.outcome is Outcome.PASSED
    assert (result.turns, result.prompt_tokens, result.completion_tokens) == (3, 30, 12)
    assert (result.queue_seconds, result.generation_seconds) == (0.75, 1.5)
    assert [call.name for call in result.calls] == ["read_file", "kill_terminal"]
    assert result.reply == f"{XML}\n\n{kill_xml}\n\nDone."


def test_a_cut_reply_is_truncated(make_case: MakeCase, make_turn: MakeTurn) -> None:
    """A reply that ended at the token limit is truncated, whatever it holds."""
    for text in (XML, XML[:40], "Words"):
        result = _score(make_case(calls=READ), make_turn(text, finish_reason="length"))
        assert result.outcome is Outcome.TRUNCATED
        assert result.score == 0.0
        assert "4 tokens" in result.reason
        assert (result.strict, result.delivered) == (None, None)


def test_no_reply_is_unavailable(make_case: MakeCase, make_turn: MakeTurn) -> None:
    """A failure that is not the model's has no score, and keeps what came before."""
    lost = Unavailable(reason="connection reset", turns=(make_turn(XML),))
    result = score_case(make_case(calls=READ), lost, adapter="v1", repeat=2)
    assert (result.outcome, result.score, result.scores) == (Outcome.UNAVAILABLE, None, ())
    assert (result.reason, result.reply, result.repeat) == ("connection reset", XML, 2)
    silent = score_case(make_case(calls=READ), Exchange(turns=()), adapter="v1")
    assert silent.outcome is Outcome.UNAVAILABLE


DELIVERED = [
    ("handed-over", XML, HANDED, "tool_calls", True),
    ("not-handed-over", XML, (), "tool_calls", False),
    ("other-arguments", XML, (("read_file", {"path": "b"}),), "tool_calls", False),
    ("one-of-two", f"{XML}\n{XML}", HANDED, "tool_calls", False),
    ("fenced", f"```json\n{JSON}\n```", (), "stop", False),
    ("malformed", "<tool_call>\n</tool_call>", (), "tool_calls", False),
    ("no-call", "Words.", (), "stop", None),
]


@pytest.mark.parametrize(
    ("text", "handed", "finish", "delivered"),
    [pytest.param(*row[1:], id=row[0]) for row in DELIVERED],
)
def test_delivered_compares_with_what_the_server_handed_over(
    make_case: MakeCase,
    make_turn: MakeTurn,
    *,
    text: str,
    handed: tuple[tuple[str, dict[str, Any]], ...],
    finish: str,
    delivered: bool | None,
) -> None:
    """Every call must have been handed over equal; without calls there is nothing to say."""
    turn = make_turn(text, delivered=handed, finish_reason=finish)
    assert _score(make_case(calls=READ), turn).delivered is delivered


def test_a_swallowed_call_is_malformed(make_case: MakeCase, make_turn: MakeTurn) -> None:
    """A server that reports a call and hands over none has swallowed it."""
    turn = make_turn("", finish_reason="tool_calls", recovered=False)
    result = _score(make_case(no_call=True), turn)
    assert result.outcome is Outcome.MALFORMED
    assert "hands over none" in result.reason


def test_a_server_that_hides_its_text_is_taken_at_its_word(
    make_case: MakeCase, make_turn: MakeTurn
) -> None:
    """Its calls are scored; format and delivery stay open."""
    turn = make_turn("", delivered=HANDED, finish_reason="tool_calls", recovered=False)
    result = _score(make_case(calls=READ), turn)
    assert result.outcome is Outcome.PASSED
    assert (result.format, result.strict, result.delivered) == (WireFormat.NONE, None, None)


def test_calls_of_a_server_are_not_read_again(make_case: MakeCase, make_turn: MakeTurn) -> None:
    """A hidden reply's calls keep their values, and say nothing of the format they were in."""
    content = "a\n</parameter>\n</function>"
    wanted = ExpectedCall(name="write_file", arguments={"path": "null", "content": content})
    handed = (("write_file", dict(wanted.arguments)),)
    text = render_xml("write_file", dict(wanted.arguments))
    turn = make_turn(text, delivered=handed, finish_reason="tool_calls", recovered=False)
    result = _score(make_case(calls=(wanted,)), turn)
    assert result.outcome is Outcome.PASSED
    assert (result.format, result.strict) == (WireFormat.NONE, None)


def test_calls_in_the_content_of_a_hidden_reply_count(
    make_case: MakeCase, make_turn: MakeTurn
) -> None:
    """A call that the server left in its content is read, and is not in the trained format."""
    turn = make_turn(JSON, recovered=False)
    result = _score(make_case(calls=READ), replace(turn, content=JSON))
    assert result.outcome is Outcome.FAILED
    assert (len(result.calls), result.format) == (1, WireFormat.BARE_JSON)


def test_a_format_unknown_here_is_not_strict(make_case: MakeCase, make_turn: MakeTurn) -> None:
    """A call that only the server could read is not in the trained format."""
    turn = make_turn("[TOOL_CALLS]...", delivered=HANDED, finish_reason="tool_calls")
    result = _score(make_case(calls=READ), turn)
    assert result.outcome is Outcome.FAILED
    assert "cannot be read here" in result.reason


def test_format_is_that_of_the_first_loose_call(make_case: MakeCase, make_turn: MakeTurn) -> None:
    """A reply of two formats shows the one that is at fault."""
    result = _score(make_case(calls=READ), make_turn(f"{XML}\n```json\n{JSON}\n```"))
    assert (result.format, result.strict) == (WireFormat.FENCED_JSON, False)
    result = _score(make_case(calls=READ), make_turn(XML))
    assert (result.format, result.strict) == (WireFormat.QWEN3_CODER_XML, True)


def test_another_trained_format_can_be_asked_for(make_case: MakeCase, make_turn: MakeTurn) -> None:
    """A model trained on Hermes JSON passes with it."""
    exchange = Exchange(turns=(make_turn(f"<tool_call>\n{JSON}\n</tool_call>"),))
    case = make_case(calls=READ)
    result = score_case(case, exchange, adapter="v1", trained=WireFormat.HERMES_JSON)
    assert result.outcome is Outcome.PASSED
