"""Failures between the score and its reader, each planted and caught by name."""

import json
from collections.abc import Callable
from typing import Any

from typer.testing import CliRunner

from punie_train.cli.app import app

Caught = Callable[[str, object], None]
Silent = Callable[[object], None]
RUNNER = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"})


def test_f60_reply_that_is_a_page(
    museum: Any, faulty: Any, healthy: Any, caught: Caught, silent: Silent
) -> None:
    """Neither page nor terminal gets the markup of a reply; a plain reply is not mentioned."""
    caught("F60", faulty.output)
    silent(healthy.output)
    assert "<img src=x" in faulty.results()["f60"]["reply"]
    assert "\x1b[31m" not in faulty.output
    for name in ("faulty.html", "report.transcript.html"):
        page = (museum.root / name).read_text()
        assert "<img src=x" not in page
        assert "<script>alert(60)" not in page
    assert "Content-Security-Policy" in (museum.root / "report.transcript.html").read_text()


def test_f61_green_without_a_pass(
    faulty: Any, healthy: Any, caught: Caught, silent: Silent
) -> None:
    """A score of zero under a gate is exit status 1; a gate that holds is 0."""
    assert faulty.status == 1
    caught("F61", faulty.output)
    assert healthy.status == 0
    silent(healthy.output)


def test_f62_nothing_ran(museum: Any, healthy: Any, caught: Caught, silent: Silent) -> None:
    """A misspelt -k is an error, gates or not; cases that are found are run."""
    run = museum.pytest("healthy.yaml", "-k", "raed")
    assert (run.status, run.report) == (5, {})
    caught("F62", run.output)
    assert (healthy.status, len(healthy.report["results"])) == (0, 3)
    silent(healthy.output)


def test_f63_runs_that_do_not_compare(
    *, museum: Any, healthy: Any, compared: Any, caught: Caught, silent: Silent
) -> None:
    """Other sampling and an edited case are INVALID, each named; the same run compares."""
    stored = json.loads(json.dumps(healthy.report))
    stored["sampling"]["max_tokens"] = 64
    stored["results"][0]["content_hash"] = "0" * 64
    other = museum.write("other.json", json.dumps(stored))
    run = museum.pytest("healthy.yaml", "--eval-baseline", other)
    assert run.status == 1
    caught("F63", run.output)
    assert "museum::hello were edited since" in run.output
    assert compared.status == 0, compared.output
    silent(compared.output)


def test_f64_code_of_a_model(
    museum: Any, faulty: Any, healthy: Any, caught: Caught, silent: Silent
) -> None:
    """It touches nothing here, and the reason says what it reached for; honest code runs."""
    assert not list(museum.root.rglob("owned.txt"))
    assert "the sandbox does not have this" in faulty.results()["f64"]["reason"]
    caught("F64", faulty.output)
    rates = healthy.report["summary"]["base"]["metrics"]["field_access_rate"]
    assert rates["executed"] == 1.0
    silent(healthy.output)


def test_f65_times_of_two_runs(museum: Any, healthy: Any, caught: Caught, silent: Silent) -> None:
    """Speeds of different runs are set apart, not against each other; one session's are not."""
    stored = json.loads(json.dumps(healthy.report))
    stored["run"] += "-busy"
    stored["summary"]["base"]["overall"]["tokens_per_second"] /= 3
    busy = museum.write("busy.json", json.dumps(stored))
    quiet = museum.root / "healthy.json"
    run = RUNNER.invoke(app, ["compare", str(busy), str(quiet)])
    assert run.exit_code == 0, run.output
    caught("F65", run.output)
    same = RUNNER.invoke(app, ["compare", str(quiet), str(quiet)])
    silent(same.output)
