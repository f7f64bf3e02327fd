"""The summary in the terminal."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from punie_train.core.attestations import Applied, Attestation
from punie_train.core.outcomes import Outcome
from punie_train.evals.report import EvalReport
from punie_train.reporting.terminal_table import MIN_WIDTH, summary_lines


def _row(lines: list[str], name: str) -> str:
    return next(" ".join(line.split()) for line in lines if line.split()[:1] == [name])


@pytest.mark.parametrize("width", [20, 64, 80, 100, 120, 200])
def test_every_line_fits(hostile: EvalReport, width: int) -> None:
    """No line is wider than the terminal, down to the smallest width that a table needs."""
    lines = summary_lines(hostile, width=width, next_command="x", written=[("JSON", "r" * 300)])
    assert max(map(len, lines)) <= max(width, MIN_WIDTH)


def test_scores_by_adapter_category_and_tag(mixed: EvalReport) -> None:
    """Adapter, category and each half of the phrasings have a row with all counts."""
    lines = summary_lines(mixed, width=120, next_command=None)
    heads = "cases score 95 % interval malformed truncated unavailable tok/s"
    assert _row(lines, "adapter") == f"adapter and category {heads}"
    assert _row(lines, "base") == "base 10 25.0 % 12.5-62.5 % 2 2 2 1,183"
    assert _row(lines, "tool_calling") == "tool_calling 5 25.0 % 12.5-62.5 % 1 1 1"
    assert sum(line.startswith("    new-phrasing") for line in lines) == 4
    assert sum(line.startswith("    known-phrasing") for line in lines) == 4


def test_halves_of_all_cases_stand_below_the_adapter(mixed: EvalReport) -> None:
    """A tally of a tag over all categories comes right after the adapter's own row."""
    summary = mixed.summary["v3"]
    tagged = replace(summary, tags={("overall", "new-phrasing"): summary.overall})
    lines = summary_lines(replace(mixed, summary={"v3": tagged}), width=120, next_command=None)
    place = next(index for index, line in enumerate(lines) if line.startswith("v3 "))
    assert lines[place + 1].startswith("  new-phrasing ")


def test_delivered_rate_and_attestation_stand_beside_the_scores(mixed: EvalReport) -> None:
    """Each adapter has a row with its attestation and its rates."""
    lines = summary_lines(mixed, width=80, next_command=None)
    assert "base       bare model     50.0 %          100 %             n/a" in lines
    assert "v3                yes     50.0 %          100 %             n/a" in lines


@pytest.mark.parametrize("applied", [Applied.NO, Applied.UNVERIFIED])
def test_reason_of_a_missing_attestation_is_told(mixed: EvalReport, applied: Applied) -> None:
    """An adapter that is not proven live is named with the reason."""
    proof = Attestation(applied=applied, reason="the canary equals the base's [F01]")
    records = (mixed.adapters[0], replace(mixed.adapters[1], attestation=proof))
    text = "\n".join(summary_lines(replace(mixed, adapters=records), width=120, next_command=None))
    assert f"attestation of v3: {applied.value}, the canary equals the base's [F01]" in text


def test_pairs_are_compared_with_the_first(mixed: EvalReport) -> None:
    """Gained, lost and difference stand by adapter and category; unpaired cases are counted."""
    lines = summary_lines(mixed, width=80, next_command=None)
    place = next(n for n, line in enumerate(lines) if line.startswith("compared with base"))
    assert lines[place + 1].split() == ["v3", "10", "3", "1", "+20.0", "points"]
    assert lines[place + 2].split() == ["tool_calling", "10", "3", "1", "+20.0", "points"]
    assert "v3: 2 cases without a pair, left out of the comparison" in lines


def test_failed_gates_are_named(mixed: EvalReport) -> None:
    """Every failed gate has its line, those that hold have none."""
    text = "\n".join(summary_lines(mixed, width=80, next_command=None))
    assert "gates: 1 of 2 failed\n  FAILED v3, delivered: F67, only 50 %" in text
    assert "80 % is enough" not in text


def test_gate_over_the_whole_run_has_no_adapter(mixed: EvalReport) -> None:
    """A gate that belongs to no adapter is named by itself."""
    report = replace(mixed, gates=(replace(mixed.gates[1], adapter=""),))
    assert "  FAILED delivered: F67, only 50 %" in summary_lines(
        report, width=80, next_command=None
    )


def test_gates_that_hold_are_one_line(mixed: EvalReport) -> None:
    """With all gates met, one line says so."""
    report = replace(mixed, gates=mixed.gates[:1] * 2)
    assert "gates: all 2 hold" in summary_lines(report, width=80, next_command=None)
    one = replace(mixed, gates=mixed.gates[:1])
    assert "gates: 1 holds" in summary_lines(one, width=80, next_command=None)


def test_perfect_run_tells_its_bound(make_report: Callable[..., EvalReport]) -> None:
    """When all cases passed, the upper bound of the failure rate is told, 1 - 0.05^(1/n)."""
    text = "\n".join(
        summary_lines(make_report({"v3": [Outcome.PASSED] * 59}), width=120, next_command=None)
    )
    assert "v3: all 59 cases passed: the failure rate is at most 5.0 %" in text


@pytest.mark.parametrize("end", [Outcome.FAILED, Outcome.UNAVAILABLE])
def test_imperfect_run_tells_no_bound(make_report: Callable[..., EvalReport], end: Outcome) -> None:
    """One failure or one missing reply, and nothing is said of all."""
    report = make_report({"v3": [*[Outcome.PASSED] * 9, end]})
    assert "at most" not in "\n".join(summary_lines(report, width=120, next_command=None))


def test_repeats_are_not_cases(make_report: Callable[..., EvalReport]) -> None:
    """The bound counts distinct cases: one case repeated shows next to nothing."""
    report = make_report({"v3": [Outcome.PASSED] * 4})
    summary = report.summary["v3"]
    once = replace(summary, overall=replace(summary.overall, cases=1))
    told = replace(report, summary={"v3": once})
    text = "\n".join(summary_lines(told, width=120, next_command=None))
    assert "the only case passed: the failure rate is at most 95.0 %" in text
    assert "v3: 4 replies to 1 case: passed, malformed" in text


@pytest.mark.parametrize("passed", [1, 2, 4])
def test_repeats_pass_all_only_when_each_does(
    make_report: Callable[..., EvalReport], passed: int
) -> None:
    """As many passed replies as there are cases are not all of them."""
    ends = [Outcome.PASSED] * passed + [Outcome.FAILED] * (4 - passed)
    summary = make_report({"v3": ends}).summary["v3"]
    twice = replace(summary, overall=replace(summary.overall, cases=2))
    report = replace(make_report({"v3": ends}), summary={"v3": twice})
    text = "\n".join(summary_lines(report, width=120, next_command=None))
    assert ("all 2 cases passed" in text) is (passed == 4)


def test_end_of_the_summary(mixed: EvalReport) -> None:
    """Interruption, files and, as the last line, the next command."""
    lines = summary_lines(
        replace(mixed, interrupted=True),
        width=120,
        next_command="punie-train compare a.json",
        written=[("JSON report", "reports/x.json")],
    )
    assert "interrupted after 20 results: the numbers cover only" in "\n".join(lines)
    assert lines[-3:] == ["JSON report: reports/x.json", "", "next: punie-train compare a.json"]


def test_a_whole_run_is_not_called_interrupted(mixed: EvalReport) -> None:
    """A run to its end says nothing of an interruption, and without a next command ends before."""
    text = "\n".join(summary_lines(mixed, width=120, next_command=None))
    assert "interrupted" not in text
    assert "next:" not in text


def test_nothing_was_reached(make_report: Callable[..., EvalReport]) -> None:
    """A report without results and summary still reads."""
    report = make_report({"base": []}, gates=(), summary={}, adapters=(), interrupted=True)
    assert "interrupted after 0 results" in "\n".join(
        summary_lines(report, width=80, next_command=None)
    )


def test_no_control_character_reaches_the_terminal(make_report: Callable[..., EvalReport]) -> None:
    """Names, reasons, messages, paths and commands with escapes are shown, not sent."""
    bad = "x\x1b[2J\u202e\n"
    report = make_report({f"base{bad}": [Outcome.PASSED], f"v3{bad}": [Outcome.FAILED]}, bad)
    spoiled = replace(
        report,
        run=bad,
        model=replace(report.model, path=bad),
        gates=(replace(report.gates[1], name=bad, message=bad),),
        adapters=tuple(
            replace(one, attestation=Attestation(applied=Applied.NO, reason=bad))
            for one in report.adapters
        ),
        pairings=tuple(replace(one, category=bad) for one in report.pairings),
    )
    lines = summary_lines(spoiled, width=120, next_command=bad, written=[("JSON", bad)])
    assert all(line.isprintable() for line in lines)
    assert "\\x1b" in lines[-1]
