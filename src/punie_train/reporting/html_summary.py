"""Fragments for a pytest-html page, which escapes nothing that it is given: these are escaped."""

from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Outcome
from punie_train.evals.confusion import Confusion
from punie_train.evals.report import AdapterRecord, EvalReport, GateResult, Tally
from punie_train.evals.result import CaseResult
from punie_train.evals.summary import OVERALL
from punie_train.reporting import numbers
from punie_train.reporting.attestation_words import BADGES
from punie_train.reporting.bars import bar
from punie_train.reporting.confusion_plot import confusion_plot
from punie_train.reporting.field_access_words import field_access_words
from punie_train.reporting.gate_words import gate_words
from punie_train.reporting.notes import adapter_notes
from punie_train.reporting.safe_text import html_line, html_lines
from punie_train.reporting.tally_rows import tally_rows
from punie_train.reporting.transcript_data import call_texts, facts

_CELL = "padding:3px 14px 3px 0;text-align:left;white-space:nowrap;border:0;color:#1c2733;"
_PRE = (
    "white-space:pre-wrap;overflow-wrap:anywhere;margin:2px 0 8px;padding:8px;background:#f4f5f7;"
    "color:#1c2733;border:1px solid #dce0e6;max-height:400px;overflow:auto;unicode-bidi:isolate;"
)
_QUIET = "color:#5b6876;"
_TONES = {
    "good": "color:#17663a;background:#dff3e6;",
    "bad": "color:#9b1c1c;background:#fbe3e3;",
    "unsure": "color:#7a4b00;background:#fdefd3;",
    "plain": "color:#44505d;background:#e8ebef;",
}
_OUTCOME_TONES = {
    Outcome.PASSED: "good",
    Outcome.FAILED: "bad",
    Outcome.MALFORMED: "unsure",
    Outcome.TRUNCATED: "unsure",
    Outcome.UNAVAILABLE: "plain",
}


def summary_html(report: EvalReport) -> str:
    """Return the summary of a session: gates, and bars by adapter and category."""
    note = f"<p>{_chip('interrupted', 'unsure')} not all cases were reached</p>"
    parts = [
        f"<p>model <b>{html_line(report.model.path)}</b>, run {html_line(report.run)}</p>",
        note if report.interrupted else "",
        *map(_gate, report.gates),
        *(_adapter(report, adapter) for adapter in report.adapters),
    ]
    return f'<div class="punie-train">{"".join(parts)}</div>'


def case_extra_html(result: CaseResult) -> str:
    """Return what one case gave: prompt, reply, calls, scores and measurements."""
    scores = "".join(
        f'<tr><td style="{_CELL}">{html_line(part.name)}</td>'
        f'<td style="{_CELL}">{numbers.score(part.value)}</td>'
        f'<td style="{_CELL}white-space:normal;">{html_line(part.reason)}</td></tr>'
        for part in result.scores
    )
    measured = ", ".join(f"{label}: {text}" for label, text in facts(result))
    parts = [
        f"<p>{outcome_html(result)} {score_html(result)} {html_line(result.reason)}</p>",
        _block("Prompt", result.prompt),
        _block("Reply as the model wrote it", result.reply),
        *(_call(call) for call in result.calls),
        *(_block("Malformed", text) for text in result.malformed),
        f"<table>{scores}</table>" if scores else "",
        f'<p style="{_QUIET}">{html_line(measured)}</p>',
    ]
    return f'<div class="punie-train">{"".join(parts)}</div>'


def outcome_html(result: CaseResult) -> str:
    """Return the outcome as a coloured chip, for a cell."""
    return _chip(result.outcome.value, _OUTCOME_TONES[result.outcome])


def score_html(result: CaseResult) -> str:
    """Return the score with two digits, for a cell."""
    return numbers.score(result.score)


def _adapter(report: EvalReport, adapter: AdapterRecord) -> str:
    label, tone = BADGES[adapter.attestation.applied]
    name = f"{html_line(adapter.name)} {_chip(label, tone)}"
    head = (
        f'<h3 style="margin:14px 0 2px;color:#1c2733;">{name}</h3>'
        f'<p style="margin:0 0 4px;{_QUIET}">{html_line(adapter.attestation.reason)}</p>'
    )
    summary = report.summary.get(adapter.name)
    if summary is None:
        return head
    rates = (
        f"delivered {numbers.percent(summary.delivered_rate)}, "
        f"strict format {numbers.percent(summary.strict_format_rate)}, "
        f"field access {field_access_words(summary.field_access_rate)}, "
        f"{numbers.tokens_per_second(summary.overall.tokens_per_second)}"
    )
    rows = [
        _row(f"- {tag}" if tag else name, tally, bold=name == OVERALL and not tag)
        for name, tag, tally in tally_rows(summary)
    ]
    notes = adapter_notes(report, adapter.name)
    heads = (
        *("category", "score", "", "95 % interval", "passed", "malformed", "truncated"),
        *("unavailable", "strict format", "lenient format"),
    )
    return (
        f"{head}<p>{rates}</p>{''.join(f'<p>{html_line(note)}</p>' for note in notes)}"
        f'<table style="border-collapse:collapse;"><tr>'
        + "".join(f'<th style="{_CELL}{_QUIET}">{name}</th>' for name in heads)
        + f"</tr>{''.join(rows)}</table>{_confusion(summary.confusion)}"
    )


def _confusion(matrix: Confusion) -> str:
    plot = confusion_plot(matrix)
    title = "Calls: the right tool (row) and the tool that was called (column)"
    return f'<p style="margin:10px 0 0;{_QUIET}">{title}</p>{plot}' if plot else ""


def _row(name: str, tally: Tally, *, bold: bool) -> str:
    cells = (
        html_line(name),
        numbers.percent(tally.score),
        bar(tally),
        numbers.interval(tally.interval),
        numbers.share(tally.passed, tally.answered),
        numbers.count(tally.malformed),
        numbers.count(tally.truncated),
        numbers.count(tally.unavailable),
        numbers.percent(tally.strict_format_rate),
        numbers.percent(tally.lenient_format_rate),
    )
    style = _CELL + ("font-weight:600;" if bold else "")
    return "<tr>" + "".join(f'<td style="{style}">{cell}</td>' for cell in cells) + "</tr>"


def _gate(gate: GateResult) -> str:
    chip = _chip("holds", "good") if gate.passed else _chip("failed", "bad")
    return f'<p style="margin:2px 0;">gate {chip} {html_line(gate_words(gate))}</p>'


def _call(call: ToolCall) -> str:
    name, values = call_texts(call)
    arguments = "".join(_block(key, text) for key, text in values)
    return f"<p>call <code>{html_line(name)}</code></p>{arguments}"


def _block(title: str, text: str) -> str:
    if not text:
        return ""
    head = f'<div style="{_QUIET}">{html_line(title)}</div>'
    return f'{head}<pre style="{_PRE}">{html_lines(text)}</pre>'


def _chip(text: str, tone: str) -> str:
    style = f"display:inline-block;padding:0 8px;border-radius:9px;font-size:12px;{_TONES[tone]}"
    return f'<span style="{style}">{html_line(text)}</span>'
