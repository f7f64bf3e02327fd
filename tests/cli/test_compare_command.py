"""`punie-train compare`: tables, a page, refusals."""

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from punie_train.cli.app import app
from punie_train.core.attestations import Applied, Attestation
from punie_train.core.errors import ArtifactError, PunieTrainError, UsageError
from punie_train.core.outcomes import Outcome
from punie_train.evals.report import AdapterRecord, EvalReport, ModelRecord
from punie_train.evals.result import CaseResult
from punie_train.evals.summary import summarize
from punie_train.reporting.json_report import dumps
from punie_train.toolcalls.parsed import WireFormat

RUNNER = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"})
HOSTILE = "<script>document.title='pwned'</script>"


def _result(number: int, *, passed: bool) -> CaseResult:
    return CaseResult(
        case=f"case-{number}",
        suite="suite",
        category="tool_calling",
        tags=(),
        content_hash="h",
        prompt="p",
        adapter="v3",
        repeat=1,
        outcome=Outcome.PASSED if passed else Outcome.FAILED,
        score=float(passed),
        scores=(),
        reason="",
        reply="",
        calls=(),
        malformed=(),
        format=WireFormat.NONE,
        strict=None,
        delivered=None,
        finish_reason="stop",
        turns=1,
        prompt_tokens=1,
        completion_tokens=1,
        queue_seconds=0.0,
        generation_seconds=0.1,
    )


def _report(passed: int) -> EvalReport:
    results = tuple(_result(number, passed=number < passed) for number in range(60))
    live = Attestation(applied=Applied.YES, reason="shift 1.2")
    return EvalReport(
        run="20261121T080000.000Z",
        model=ModelRecord(path=f"starter{HOSTILE}", fingerprint=None, template_hash=None),
        adapters=(AdapterRecord(name="v3", path=None, fingerprint=None, attestation=live),),
        suites=("suite",),
        sampling={},
        environment={},
        results=results,
        summary=summarize(results, seconds_by_adapter={}),
    )


@pytest.fixture
def reports(tmp_path: Path) -> list[str]:
    """Return the paths of two reports: 30 and 57 of 60 cases passed."""
    paths = [tmp_path / "old.json", tmp_path / "new.json"]
    for path, passed in zip(paths, (30, 57), strict=True):
        path.write_text(dumps(_report(passed)))
    return [str(path) for path in paths]


def _compare(*arguments: str) -> Result:
    return RUNNER.invoke(app, ["compare", *arguments])


def test_scores_differences_and_flips(reports: list[str]) -> None:
    """The first report is what the other is compared with."""
    done = _compare(*reports)
    assert done.exit_code == 0, done.exception
    (overall,) = (
        line for line in done.stdout.splitlines() if line.startswith("overall") and "points" in line
    )
    assert overall.split()[1:3] == ["+45.0", "points"]
    assert overall.split()[-4:] == ["27", "0", "60", "1.000"]
    flips = [line for line in done.stdout.splitlines() if line.startswith("case-")]
    assert len(flips) == 27
    assert flips[0].split() == ["case-30", "failed", "passed"]


def test_the_page_draws_the_progression(reports: list[str], tmp_path: Path) -> None:
    """A point a report and category, every flip, nothing live of a model's text."""
    page = tmp_path / "compare.html"
    assert _compare(*reports, "--html", str(page)).exit_code == 0
    text = page.read_text()
    assert text.count("<circle") == 4
    assert text.count("case-") == 27
    assert "<script" not in text


def test_long_lists_of_flips_are_cut_in_the_terminal_only(
    reports: list[str], tmp_path: Path
) -> None:
    """And say where the rest is."""
    Path(reports[0]).write_text(dumps(_report(0)))
    page = tmp_path / "compare.html"
    done = _compare(*reports, "--html", str(page))
    assert "and 17 more: --html FILE shows all" in done.stdout
    assert page.read_text().count("case-") == 57


def _refusal(*arguments: str) -> PunieTrainError:
    error = _compare(*arguments).exception
    assert isinstance(error, PunieTrainError), error
    return error


def test_refusals(reports: list[str], tmp_path: Path) -> None:
    """One message each."""
    assert isinstance(_refusal(reports[0]), UsageError)
    assert isinstance(_refusal(reports[0], str(tmp_path / "none.json")), ArtifactError)
    assert isinstance(_refusal(*reports, "--html", str(tmp_path)), UsageError)
    broken = tmp_path / "broken.json"
    broken.write_text("{}")
    assert "broken.json" in str(_refusal(reports[0], str(broken)))


def test_an_adapter_without_results_is_no_column(reports: list[str]) -> None:
    """It was asked for, but nothing came of it."""
    report = _report(30)
    idle = replace(report.adapters[0], name="idle")
    Path(reports[0]).write_text(dumps(replace(report, adapters=(*report.adapters, idle))))
    done = _compare(*reports)
    assert done.exit_code == 0, done.exception
    assert "idle" not in done.stdout
