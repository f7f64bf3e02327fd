"""The end of a session: close the pump, write the report, let the gates decide, show it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from punie_train.core.outcomes import Outcome
from punie_train.pytest_plugin.keys import SESSION
from punie_train.pytest_plugin.options import repeat_command
from punie_train.pytest_plugin.probes import FORGETTING, judge_forgetting

if TYPE_CHECKING:
    from punie_train.evals.report import EvalReport
    from punie_train.pytest_plugin.eval_session import EvalSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """The report and the files of it by what they are; `lost` says why there is none."""

    report: "EvalReport"
    written: tuple[tuple[str, Path], ...] = ()
    lost: str | None = None


CONCLUSION: "pytest.StashKey[Conclusion]" = pytest.StashKey()


def finish(session: pytest.Session) -> None:
    """Close everything, then report what was measured; nothing was, nothing is printed."""
    evaluation = session.config.stash.get(SESSION, None)
    if evaluation is None:
        return
    evaluation.close()
    if evaluation.broken_off:
        session.exitstatus = int(pytest.ExitCode.INTERRUPTED)
    if not evaluation.results:
        _measure_of_nothing(session, evaluation)
        return
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
        interrupted=not evaluation.complete,
        policy=evaluation.policy,
        cached=+evaluation.cached,
        resumed=+evaluation.resumed,
    )
    if options.baseline and evaluation.baseline:
        from punie_train.workflows.conclude import against_baseline

        policy = options.baseline.policy(settings.max_unavailable)
        report = against_baseline(report, evaluation.baseline, policy)
    if FORGETTING in options.probes:
        report = judge_forgetting(
            report,
            strict=bool(options.baseline and options.baseline.strict),
            max_unavailable=settings.max_unavailable,
        )
    status = exit_status(
        int(session.exitstatus), session.testsfailed, report, asked=asked(evaluation, report)
    )
    try:
        page = write_report(report, evaluation.report_path)
    except OSError as error:
        lost = f"the report could not be written: {error}. Give another file with --eval-report."
        conclusion = Conclusion(report=report, lost=lost)
        status = status or int(pytest.ExitCode.TESTS_FAILED)
    else:
        files = (("JSON report", evaluation.report_path), ("transcript page", page))
        conclusion = Conclusion(report=report, written=files, lost=_note(evaluation, report))
        if evaluation.memory and not report.interrupted:
            evaluation.memory.report_is_whole()
    session.config.stash[CONCLUSION] = conclusion
    session.exitstatus = status


def _note(evaluation: "EvalSession", report: "EvalReport") -> str | None:
    from punie_train.workflows.keep_journal import note_evaluation

    try:
        note_evaluation(report, evaluation.report_path, evaluation.config.rootpath)
    except OSError as error:
        return f"the run could not be noted in the journal: {error}. The report is not affected."
    return None


def _measure_of_nothing(session: pytest.Session, evaluation: "EvalSession") -> None:
    """Without a result no gate can hold: what asked for one fails, and says so (F62)."""
    status, config = int(session.exitstatus), session.config
    if evaluation.stopped or config.option.collectonly or hasattr(config, "workerinput"):
        return
    if evaluation.options.gates_asked and status == pytest.ExitCode.OK:
        session.exitstatus = status = int(pytest.ExitCode.TESTS_FAILED)
    collected_in_vain = evaluation.suites and status == pytest.ExitCode.NO_TESTS_COLLECTED
    if evaluation.options.gates_asked or collected_in_vain:
        evaluation.stopped = (
            "no evaluation case was run: nothing was measured, so no gate can hold. "
            "Check the paths and what -k, -m and --lf select. [F62]"
        )


def asked(evaluation: "EvalSession", report: "EvalReport") -> bool:
    """Say whether options or settings ask for gates, and at least one was judged."""
    options = evaluation.options
    wanted = (
        options.fail_under
        or options.baseline
        or FORGETTING in options.probes
        or evaluation.settings.release_policy
    )
    return bool(wanted and report.gates)


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
        if kept := evaluation.goes_on_at:
            terminal.write_line(f"next: {repeat_command(config, resume=_near(kept, config))}")
        return
    from punie_train.reporting.safe_text import one_line
    from punie_train.reporting.terminal_table import summary_lines

    terminal.section("punie-train")
    lines = summary_lines(
        conclusion.report,
        width=terminal._tw.fullwidth,  # noqa: SLF001 - pytest offers no other way to the width
        next_command=next_command(conclusion.report, config, evaluation.goes_on_at),
        written=[(what, _near(path, config)) for what, path in conclusion.written],
    )
    for line in lines:
        terminal.write_line(line)
    for note in evaluation.notes:
        terminal.write_line(one_line(note), yellow=True)
    if conclusion.lost:
        terminal.write_line(conclusion.lost, red=True)


def next_command(
    report: "EvalReport", config: pytest.Config, goes_on_at: Path | None = None
) -> str | None:
    """Return what a reader would run next; a run that was stopped goes on at its partial file."""
    command = repeat_command(config)
    if report.interrupted:
        return repeat_command(config, resume=_near(goes_on_at, config)) if goes_on_at else command
    if any(result.outcome is not Outcome.PASSED for result in report.results):
        return command if "--lf" in command.split() else f"{command} --lf"
    names = [adapter.name for adapter in report.adapters]
    return None if "base" in names else f"{command} --adapter base"


def _near(path: Path, config: pytest.Config) -> str:
    try:
        return str(path.relative_to(config.invocation_params.dir))
    except ValueError:
        return str(path)
