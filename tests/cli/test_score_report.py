"""`punie-train score REPORT`: stored replies are scored again by the cases of today."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from punie_train.cli.app import app
from punie_train.core.attestations import Applied, Attestation
from punie_train.core.completions import Completion, Exchange, Unavailable
from punie_train.core.errors import ArtifactError, PunieTrainError, UsageError
from punie_train.evals.case_files import load_suite
from punie_train.evals.report import AdapterRecord, EvalReport, ModelRecord
from punie_train.evals.result import CaseResult
from punie_train.evals.scoring import score_case
from punie_train.evals.summary import summarize
from punie_train.reporting.json_report import dumps, loads

RUNNER = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"})
CASES = """
suite: small
defaults: {category: tool_calling}
cases:
  - id: read-it
    prompt: Read a.py.
    expect: {calls: [{read_file: {path: a.py}}]}
  - id: stop-it
    prompt: Stop t-1.
    expect: {calls: [{kill_terminal: {terminal_id: t-1}}]}
  - id: count-it
    category: field_access
    prompt: How many violations has a.py?
    expect: {code: [{ruff_check: {path: a.py}}], fields: [ruff_check.violation_count]}
"""
REPLIES = {
    "read-it": "<tool_call>\n<function=read_file>\n<parameter=path>\na.py\n</parameter>\n"
    "</function>\n</tool_call>",
    "stop-it": "<tool_call>\n<function=release_terminal>\n<parameter=terminal_id>\nt-1\n"
    "</parameter>\n</function>\n</tool_call>",
    "count-it": "<tool_call>\n<function=execute_code>\n<parameter=code>\n"
    'r = ruff_check("a.py")\nprint(r.violation_count)\n</parameter>\n</function>\n</tool_call>',
}


def _completion(text: str) -> Completion:
    return Completion(
        text=text,
        content="",
        delivered=(),
        finish_reason="tool_calls",
        prompt_tokens=9,
        completion_tokens=20,
        queue_seconds=0.1,
        generation_seconds=0.5,
    )


def _results(cases: Path) -> tuple[CaseResult, ...]:
    return tuple(
        score_case(case, Exchange(turns=(_completion(REPLIES[case.id]),)), adapter="v3")
        for case in load_suite(cases).cases
    )


def _report(results: tuple[CaseResult, ...]) -> EvalReport:
    yes = Attestation(applied=Applied.YES, reason="shift 1.2")
    return EvalReport(
        run="20261121T080000.000Z",
        model=ModelRecord(path="starter", fingerprint=None, template_hash=None),
        adapters=(AdapterRecord(name="v3", path="v3", fingerprint="f", attestation=yes),),
        suites=("small",),
        sampling={"temperature": 0.0},
        environment={},
        results=results,
        summary=summarize(results, seconds_by_adapter={"v3": 2.0}),
    )


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project with cases and the report of a run over them."""
    monkeypatch.chdir(tmp_path)
    cases = tmp_path / "evals" / "small.yaml"
    cases.parent.mkdir()
    cases.write_text(CASES)
    (tmp_path / "report.json").write_text(dumps(_report(_results(cases))))
    return tmp_path


def _score(*options: str) -> Result:
    return RUNNER.invoke(app, ["score", "report.json", *options])


def _refusal(*options: str) -> PunieTrainError:
    done = _score(*options)
    assert isinstance(done.exception, PunieTrainError), done.output
    return done.exception


def _edit(project: Path, old: str, new: str) -> None:
    cases = project / "evals" / "small.yaml"
    text = cases.read_text()
    assert old in text
    cases.write_text(text.replace(old, new))


def test_unchanged_cases_give_the_same_report(project: Path) -> None:
    """Every number of the summary, also what the code did in the sandbox, and the speed."""
    done = _score("--output", "again.json")
    assert done.exit_code == 0, done.output
    assert "3 of 3 results scored again, 0 flipped" in done.stdout
    old, new = (loads((project / f"{name}.json").read_text()) for name in ("report", "again"))
    assert new.summary["v3"].overall == old.summary["v3"].overall
    assert new.summary["v3"].overall.tokens_per_second == pytest.approx(30.0)
    assert new.summary["v3"].field_access_rate.executed == 1.0
    assert [one.outcome for one in new.results] == [one.outcome for one in old.results]
    assert (project / "again.transcript.html").is_file()


def test_another_bar_flips_and_is_named(project: Path) -> None:
    """The replies stay, what is right is today's."""
    _edit(project, "kill_terminal", "release_terminal")
    done = _score()
    assert "stop-it [v3] failed -> passed" in done.stdout
    assert "1 flipped" in done.stdout
    assert "1 cases expect something else" in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("Stop t-1.", "Please stop t-1.", "ask something else today", id="reworded"),
        pytest.param("id: stop-it", "id: halt-it", "in no case file any more", id="missing"),
    ],
)
def test_what_cannot_be_scored_again_keeps_its_score(
    project: Path, old: str, new: str, said: str
) -> None:
    """A reply to another question says nothing of this one."""
    _edit(project, old, new)
    done = _score("--json")
    assert said in done.stderr
    assert "small::stop-it" in done.stderr
    kept = next(one for one in json.loads(done.stdout)["results"] if one["case"] == "stop-it")
    assert kept["outcome"] == "failed"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"replies": ()}, "stored without replies by turn", id="older version"),
        pytest.param({"content_hash": ""}, "free-form", id="free-form"),
    ],
)
def test_results_without_what_it_takes_are_named(
    project: Path, change: dict[str, Any], said: str
) -> None:
    """One result of three is not scored again, the others are."""
    first, *rest = _results(project / "evals" / "small.yaml")
    report = _report((replace(first, **change), *rest))
    (project / "report.json").write_text(dumps(report))
    done = _score()
    assert said in done.stderr
    assert "2 of 3 results scored again" in done.stdout


def test_what_was_unavailable_stays_so(project: Path) -> None:
    """No reply, nothing to score."""
    first, *rest = load_suite(project / "evals" / "small.yaml").cases
    lost = score_case(first, Unavailable(reason="gone"), adapter="v3")
    results = (lost, *_results(project / "evals" / "small.yaml")[1:])
    (project / "report.json").write_text(dumps(_report(results)))
    done = _score()
    assert f"{len(rest)} of 3 results scored again" in done.stdout


def test_a_gate_that_fails_decides_the_exit_status(project: Path) -> None:
    """The settings' gates, as in a live run."""
    settings = project / "pyproject.toml"
    settings.write_text("[tool.punie-train]\nfail-under = {overall = 0.6}\n")
    assert _score().exit_code == 0
    settings.write_text("[tool.punie-train]\nfail-under = {overall = 0.9}\n")
    done = _score()
    assert done.exit_code == 1
    assert "gates: 1 of 1 failed" in done.stdout


def _no_case_left(project: Path) -> None:
    _edit(project, "suite: small", "suite: other")


def _no_report(project: Path) -> None:
    (project / "report.json").unlink()


def _no_json(project: Path) -> None:
    (project / "report.json").write_text("{")


@pytest.mark.parametrize(
    ("spoil", "options", "kind", "said"),
    [
        (_no_case_left, (), UsageError, "none of the 3 results"),
        (_no_report, (), ArtifactError, "report.json cannot be read"),
        (_no_json, (), PunieTrainError, "report.json: not a readable evaluation report"),
        (None, ("--cases", "nowhere"), UsageError, "nowhere does not exist"),
        (None, ("--cases", "report.json"), UsageError, "no case file in report.json"),
        (None, ("--output", "report.json"), UsageError, "is the report itself"),
        (None, ("--jsonl", "calls.jsonl"), UsageError, "both REPORT and --jsonl"),
    ],
)
def test_refusals(
    project: Path,
    spoil: Callable[[Path], None] | None,
    options: tuple[str, ...],
    kind: type[PunieTrainError],
    said: str,
) -> None:
    """One message each, and the report is untouched."""
    before = (project / "report.json").read_text()
    if spoil:
        spoil(project)
    error = _refusal(*options)
    assert isinstance(error, kind)
    assert said in str(error)
    if spoil is None:
        assert (project / "report.json").read_text() == before
