"""The JSON of a report, there and back."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from punie_train.core.attestations import Applied, Attestation
from punie_train.core.errors import PunieTrainError
from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Outcome
from punie_train.evals.report import EvalReport
from punie_train.evals.result import CaseResult
from punie_train.reporting.json_report import dumps, from_json, loads, to_json

Place = tuple[str | int, ...]


def test_round_trip_is_exact(mixed: EvalReport) -> None:
    """What was written is read back equal, field by field."""
    assert loads(dumps(mixed)) == mixed


def test_round_trip_of_hostile_texts(hostile: EvalReport) -> None:
    """Control characters, separators and lone surrogates come back; the file is plain ASCII."""
    text = dumps(hostile)
    assert text.isascii()
    assert loads(text) == hostile


def test_round_trip_of_an_interrupted_run(make_report: Callable[..., EvalReport]) -> None:
    """A report without results, gates and pairings comes back too."""
    empty = make_report({"base": []}, gates=(), pairings=(), interrupted=True)
    assert loads(dumps(empty)) == empty


@pytest.mark.parametrize(
    ("applied", "expected"),
    [
        (Applied.YES, True),
        (Applied.NO, False),
        (Applied.UNVERIFIED, "unverified"),
        (Applied.NOT_APPLICABLE, "not-applicable"),
    ],
)
def test_attestation_is_true_false_or_a_word(
    mixed: EvalReport, applied: Applied, expected: bool | str
) -> None:
    """`applied` is a JSON boolean where there is a verdict, and a word where there is none."""
    record = replace(mixed.adapters[1], attestation=Attestation(applied=applied, reason="because"))
    report = replace(mixed, adapters=(record,))
    assert to_json(report)["adapters"][0]["attestation"]["applied"] is expected or (
        to_json(report)["adapters"][0]["attestation"]["applied"] == expected
    )
    assert from_json(to_json(report)) == report


def test_contract_of_the_schema(mixed: EvalReport) -> None:
    """The keys that scripts rely on are there, under these names."""
    value = to_json(mixed)
    assert value["schema"] == 1
    entry = value["summary"]["v3"]
    tally = {"score", "low", "high", "cases", "malformed", "truncated", "unavailable"}
    assert tally | {"success_rate"} <= entry["overall"].keys()
    assert entry["categories"].keys() == {"tool_calling", "field_access"}
    assert entry["tags"]["tool_calling"].keys() == {"new-phrasing", "known-phrasing"}
    assert entry["metrics"]["field_access_rate"] == {
        "static": None,
        "typed": None,
        "executed": None,
    }
    result = {"case", "suite", "category", "adapter", "repeat", "outcome", "score", "scores"}
    result |= {"reply", "calls", "finish_reason", "delivered", "prompt_tokens"}
    result |= {"completion_tokens", "queue_seconds", "generation_seconds"}
    assert result <= value["results"][0].keys()
    assert value["results"][0]["calls"][0]["arguments"]["path"] == "0.py"


def _deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


def test_arguments_that_json_cannot_hold(
    mixed: EvalReport, make_result: Callable[..., CaseResult]
) -> None:
    """Infinity, NaN and absurd nesting in a model's arguments do not spoil the file."""
    arguments = {"a": math.inf, "b": [math.nan], "c": _deep(500), "d": {1}, "e": 2**70}
    odd = replace(
        make_result(1, "v3", Outcome.PASSED), calls=(ToolCall(name="x", arguments=arguments),)
    )
    text = dumps(replace(mixed, results=(odd,)))
    read = loads(text).results[0].calls[0].arguments
    assert (read["a"], read["b"], read["d"], read["e"]) == ("inf", ["nan"], "{1}", 2**70)
    assert "nested too deep" in text


def test_unknown_keys_are_left_out(mixed: EvalReport) -> None:
    """A key of a later version does not stop the reader."""
    value = json.loads(dumps(mixed))
    value["later"] = value["results"][0]["later"] = 1
    assert from_json(value) == mixed


def test_keys_beyond_the_contract_may_be_missing(mixed: EvalReport) -> None:
    """A report with only the contract's keys is read, counts filled in from the rates."""
    value = json.loads(dumps(mixed))
    for key in ("pairings", "interrupted"):
        del value[key]
    for summary in value["summary"].values():
        del summary["tags"], summary["overall"]["passed"], summary["overall"]["failed"]
    for result in value["results"]:
        for key in ("tags", "content_hash", "prompt", "reason", "malformed", "format", "strict"):
            del result[key]
    read = from_json(value)
    assert (read.summary["base"].overall, read.results[0].tags) == (
        mixed.summary["base"].overall,
        (),
    )


def _changed(value: Any, path: Place, new: Any) -> Any:
    *way, last = path
    inner = value
    for step in way:
        inner = inner[step]
    if new is KeyError:
        del inner[last]
    else:
        inner[last] = new
    return value


FAULTS: dict[str, tuple[Place, Any, str]] = {
    "schema": (("schema",), 2, "schema 2; this version reads schema 1"),
    "schema-true": (("schema",), True, "schema True"),
    "no-schema": (("schema",), KeyError, "no schema number"),
    "missing": (("results", 3, "outcome"), KeyError, "report.results[3].outcome: missing"),
    "outcome": (("results", 0, "outcome"), "pased", "report.results[0].outcome: 'pased' is none"),
    "no-text": (("run",), 7, "report.run: int instead of text"),
    "no-list": (("results",), {}, "report.results: dict instead of a list"),
    "no-object": (("summary", "v3"), [], "report.summary.v3: list instead of an object"),
    "no-number": (("results", 0, "queue_seconds"), True, "bool instead of a number"),
    "no-whole": (("results", 0, "turns"), 1.5, "float instead of a whole number"),
    "no-flag": (("gates", 0, "passed"), 1, "int instead of true or false"),
    "no-texts": (("suites",), [1], "report.suites: not every entry is text"),
    "applied": (("adapters", 0, "attestation", "applied"), "maybe", "'maybe' is none of"),
    "null": (("results", 0, "reply"), None, "NoneType instead of text"),
}


@pytest.mark.parametrize(("path", "new", "words"), FAULTS.values(), ids=FAULTS)
def test_faults_are_named_with_their_place(
    mixed: EvalReport, path: Place, new: Any, words: str
) -> None:
    """A report that does not fit is refused in one message with place, reason and remedy."""
    with pytest.raises(PunieTrainError) as caught:
        from_json(_changed(json.loads(dumps(mixed)), path, new))
    assert words in str(caught.value)
    assert "--eval-report" in str(caught.value)


@pytest.mark.parametrize("text", ["", "[1]", "{", "[" * 100_000, '"schema"'])
def test_what_is_no_report_is_refused(text: str) -> None:
    """A file that is not JSON, or not an object, gets the same kind of message."""
    with pytest.raises(PunieTrainError, match="not a readable evaluation report"):
        loads(text)


def test_a_score_that_is_no_number_survives(mixed: EvalReport) -> None:
    """A scorer's NaN is written as null and read as NaN, and the file stays valid JSON."""
    first = mixed.results[0]
    odd = replace(first, scores=(replace(first.scores[0], value=math.nan),))
    assert math.isnan(loads(dumps(replace(mixed, results=(odd,)))).results[0].scores[0].value)
