"""The summary of a session as plain lines of text; refuses to colour or to print."""

from collections.abc import Sequence

from punie_train.core.attestations import Applied
from punie_train.evals.confusion import mix_ups
from punie_train.evals.report import EvalReport, FieldAccessRates, Pairing, Tally
from punie_train.evals.summary import OVERALL
from punie_train.reporting import numbers
from punie_train.reporting.gate_words import gate_words
from punie_train.reporting.notes import adapter_notes
from punie_train.reporting.safe_text import one_line
from punie_train.reporting.tally_rows import tally_rows
from punie_train.reporting.text_table import aligned, wrapped

MIN_WIDTH = 64
SHOWN_MIX_UPS = 4
_WIDE = ("cases", "score", "95 % interval", "malformed", "truncated", "unavailable", "tok/s")
_SHORT = ("cases", "score", "95 % interval", "malf", "trunc", "unav", "tok/s")
_LIVE = {
    Applied.YES: "yes",
    Applied.NO: "NO",
    Applied.UNVERIFIED: "unverified",
    Applied.NOT_APPLICABLE: "bare model",
}


def summary_lines(
    report: EvalReport,
    *,
    width: int,
    next_command: str | None,
    written: Sequence[tuple[str, str]] = (),
) -> list[str]:
    """Return the summary, every line at most `width` characters (but at least `MIN_WIDTH`).

    `written` names what was written and where, such as `("JSON report", "reports/x.json")`;
    `next_command` becomes the last line. Text of models, cases and adapters is escaped.
    """
    width = max(width, MIN_WIDTH)
    sections = (
        _model(report),
        _scores(report, width),
        _adapters(report, width),
        _field_access(report, width),
        _mix_ups(report),
        _notes(report),
        _pairings(report, width),
        _gates(report),
        _interrupted(report),
        [f"{what}: {one_line(where)}" for what, where in written],
    )
    lines: list[str] = []
    for section in sections:
        if section:
            lines += ["", *(part for line in section for part in wrapped(line, width=width))]
    if next_command is not None:
        lines += ["", f"next: {one_line(next_command)}"]
    return lines[1:]


def _model(report: EvalReport) -> list[str]:
    return [f"model {one_line(report.model.path)}, run {one_line(report.run)}"]


def _scores(report: EvalReport, width: int) -> list[str]:
    head = _WIDE if width >= 110 else _SHORT
    rows: list[tuple[str, ...]] = [("adapter and category", *head)]
    for name, summary in report.summary.items():
        speed = numbers.speed(summary.overall.tokens_per_second)
        rows += [("", *[""] * len(head))] if len(rows) > 1 else []
        for category, tag, tally in tally_rows(summary):
            depth = (category != OVERALL) + bool(tag)
            label = "  " * depth + (tag or category) if depth else name
            rows.append((label, *_cells(tally, "" if depth else speed)))
    return aligned(rows, width=width)


def _cells(tally: Tally, speed: str = "") -> tuple[str, ...]:
    return (
        numbers.count(tally.cases),
        numbers.percent(tally.score),
        numbers.interval(tally.interval),
        numbers.count(tally.malformed),
        numbers.count(tally.truncated),
        numbers.count(tally.unavailable),
        speed,
    )


def _adapters(report: EvalReport, width: int) -> list[str]:
    rows = [("adapter", "adapter live", "delivered", "strict format", "lenient format")]
    notes = []
    for adapter in report.adapters:
        applied, summary = adapter.attestation.applied, report.summary.get(adapter.name)
        rates: tuple[float | None, ...] = (None, None, None)
        if summary:
            lenient = summary.overall.lenient_format_rate
            rates = (summary.delivered_rate, summary.strict_format_rate, lenient)
        rows.append((adapter.name, _LIVE[applied], *map(numbers.percent, rates)))
        if applied in {Applied.NO, Applied.UNVERIFIED}:
            reason = one_line(adapter.attestation.reason)
            notes.append(f"attestation of {one_line(adapter.name)}: {applied.value}, {reason}")
    return aligned(rows, width=width) + notes if report.adapters else []


def _field_access(report: EvalReport, width: int) -> list[str]:
    rows = [("fields read by the code", "static", "typed", "executed")]
    for name, summary in report.summary.items():
        rates = summary.field_access_rate
        if rates != FieldAccessRates():
            levels = (rates.static, rates.typed, rates.executed)
            rows.append((name, *map(numbers.percent, levels)))
    return aligned(rows, width=width) if len(rows) > 1 else []


def _mix_ups(report: EvalReport) -> list[str]:
    lines = []
    for name, summary in report.summary.items():
        wrong = mix_ups(summary.confusion)
        shown = ", ".join(
            f"{one_line(wanted)} -> {one_line(called)} {numbers.count(count)}"
            for wanted, called, count in wrong[:SHOWN_MIX_UPS]
        )
        if shown:
            more = len(wrong) - SHOWN_MIX_UPS
            lines.append(
                f"{one_line(name)}, right tool -> called tool: {shown}"
                + (f" and {numbers.count(more)} more in the report" if more > 0 else "")
            )
    return lines


def _notes(report: EvalReport) -> list[str]:
    return [
        f"{one_line(name)}: {one_line(note)}"
        for name in report.summary
        for note in adapter_notes(report, name)
    ]


def _pairings(report: EvalReport, width: int) -> list[str]:
    lines: list[str] = []
    for old in dict.fromkeys(pairing.old for pairing in report.pairings):
        group = [pairing for pairing in report.pairings if pairing.old == old]
        rows = [
            (f"compared with {old}, case by case", "pairs", "gained", "lost", "difference"),
            *map(_pairing_cells, group),
        ]
        lines += ["", *aligned(rows, width=width)]
        lines += [
            f"{one_line(pairing.new)}: {numbers.plural(pairing.unpaired, 'case')} without a pair, "
            "left out of the comparison"
            for pairing in group
            if pairing.unpaired and pairing.category == OVERALL
        ]
    return lines[1:]


def _pairing_cells(pairing: Pairing) -> tuple[str, ...]:
    overall = pairing.category == OVERALL
    return (
        pairing.new if overall else f"  {pairing.category}",
        numbers.count(pairing.pairs),
        numbers.count(pairing.gained),
        numbers.count(pairing.lost),
        numbers.points(pairing.difference),
    )


def _gates(report: EvalReport) -> list[str]:
    if not report.gates:
        return []
    failed = [gate for gate in report.gates if not gate.passed]
    verdicts = [
        f"  {one_line(gate_words(gate))}" for gate in report.gates if gate.passed and gate.verdict
    ]
    if not failed:
        total = len(report.gates)
        held = "gates: 1 holds" if total == 1 else f"gates: all {numbers.count(total)} hold"
        return [held, *verdicts]
    return [
        f"gates: {numbers.count(len(failed))} of {numbers.count(len(report.gates))} failed",
        *(f"  FAILED {one_line(gate_words(gate))}" for gate in failed),
        *verdicts,
        "  so the exit status is not 0: train further, or agree on another gate [F61]",
    ]


def _interrupted(report: EvalReport) -> list[str]:
    if not report.interrupted:
        return []
    reached = numbers.plural(len(report.results), "result")
    return [f"interrupted after {reached}: the numbers cover only the cases that were reached"]
