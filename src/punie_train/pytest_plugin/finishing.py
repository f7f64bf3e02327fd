"""The end of a session: close the pump, write the report, let the gates decide, show it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from punie_train.core.outcomes import Outcome
from punie_train.pytest_plugin.keys import SESSION
from punie_train.pytest_plugin.options import repeat_command

if TYPE_CHECKING:
    from punie_train.evals.report import EvalReport
    from punie_train.pytest_plugin.eval_session import EvalSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """The report and where it was written."""

    report: "EvalReport"
    path: Path
    page: Path


CONCLUSION: "pytest.StashKey[Conclusion]" = pytest.StashKey()


def finish(session: pytest.Session) -> None:
    """Close everything, then report what was measured; nothing was, nothing is printed."""
    evaluation = session.config.stash.get(SESSION, None)
    if evaluation is None:
        return
    evaluation.close()
    if not evaluation.results:
        return
    from punie_train.evals.gates import GatePolicy
    from punie_train.workflows.conclude import conclude, write_report

    settings, options = evaluation.settings, evaluation.options
    report = conclude(
        run=evaluation.run,
        names=evaluation.group_names,
        candidates=evaluation.candidates,
        server_url=options.server_url,
        sampling=options.sampling,
        results=evaluation.results,
        ends=evaluation.pump.ends if evaluation.pump else {},
        interrupted=len(evaluation.results) < evaluation.planned,
        policy=GatePolicy(
            fail_under=options.fail_under,
            release=settings.release_policy,
            max_unavailable=settings.max_unavailable,
        ),
        uncomputed=options.uncomputed,
    )
    page = write_report(report, evaluation.report_path)
    session.config.stash[CONCLUSION] = Conclusion(
        report=report, path=evaluation.report_path, page=page
    )
    session.exitstatus = exit_status(
        int(session.exitstatus), session.testsfailed, report, asked=asked(evaluation)
    )


def asked(evaluation: "EvalSession") -> bool:
    """Say whether options or settings give gates that decide about the whole run."""
    return bool(evaluation.options.fail_under or evaluation.settings.release_policy)


def exit_status(status: int, tests_failed: int, report: "EvalReport", *, asked: bool) -> int:
    """Return the exit status: a broken gate is 1; gates that hold forgive the model's failures.

    They forgive nothing else: an unavailable case, another failed test or an interruption stays.
    """
    if any(not gate.passed for gate in report.gates):
        return status or int(pytest.ExitCode.TESTS_FAILED)
    if not asked or status != pytest.ExitCode.TESTS_FAILED or report.interrupted:
        return status
    by_model = {Outcome.FAILED, Outcome.MALFORMED, Outcome.TRUNCATED}
    forgiven = sum(result.outcome in by_model for result in report.results)
    return int(pytest.ExitCode.OK) if tests_failed == forgiven else status


def show(terminal: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the summary, or why there is none."""
    evaluation = config.stash.get(SESSION, None)
    conclusion = config.stash.get(CONCLUSION, None)
    if evaluation is None:
        return
    if conclusion is None:
        if evaluation.stopped:
            terminal.section("punie-train", red=True)
            terminal.write_line(f"no score: {evaluation.stopped}")
        return
    from punie_train.reporting.terminal_table import summary_lines

    terminal.section("punie-train")
    lines = summary_lines(
        conclusion.report,
        width=terminal._tw.fullwidth,  # noqa: SLF001 - pytest offers no other way to the width
        next_command=next_command(conclusion.report, config),
        written=(
            ("JSON report", _near(conclusion.path, config)),
            ("transcript page", _near(conclusion.page, config)),
        ),
    )
    for line in lines:
        terminal.write_line(line)


def next_command(report: "EvalReport", config: pytest.Config) -> str | None:
    """Return what a reader would run next."""
    command = repeat_command(config)
    if report.interrupted:
        return command
    if any(result.outcome is not Outcome.PASSED for result in report.results):
        return command if "--lf" in command.split() else f"{command} --lf"
    names = [adapter.name for adapter in report.adapters]
    return None if "base" in names else f"{command} --adapter base"


def _near(path: Path, config: pytest.Config) -> str:
    try:
        return str(path.relative_to(config.invocation_params.dir))
    except ValueError:
        return str(path)
