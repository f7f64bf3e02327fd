"""The part of the transcript page that needs no script: adapters, gates and scores."""

from punie_train.evals.report import AdapterRecord, AdapterSummary, EvalReport, Tally
from punie_train.evals.summary import OVERALL
from punie_train.reporting import numbers
from punie_train.reporting.attestation_words import BADGES
from punie_train.reporting.bars import bar
from punie_train.reporting.confusion_plot import confusion_plot
from punie_train.reporting.field_access_words import field_access_words
from punie_train.reporting.gate_words import gate_words
from punie_train.reporting.notes import adapter_notes
from punie_train.reporting.safe_text import html_line
from punie_train.reporting.tally_rows import tally_rows


def adapter_cards(report: EvalReport) -> str:
    """Return one card an adapter: badge, score, counts and rates."""
    return "\n".join(_card(report, adapter) for adapter in report.adapters)


def gate_list(report: EvalReport) -> str:
    """Return the gates, those that failed first; empty without gates."""
    if not report.gates:
        return ""
    ordered = sorted(report.gates, key=lambda gate: gate.passed)
    items = "\n".join(
        f'<li><span class="badge {"good" if gate.passed else "bad"}">'
        f"{'holds' if gate.passed else 'failed'}</span> {html_line(gate_words(gate))}</li>"
        for gate in ordered
    )
    return f'<h2>Gates</h2>\n<ul class="gates">\n{items}\n</ul>'


def score_table(report: EvalReport) -> str:
    """Return the table of scores: a row for each category and tag, a column for each adapter."""
    columns = [_tallies(report.summary.get(adapter.name)) for adapter in report.adapters]
    head = "".join(f'<th scope="col">{html_line(adapter.name)}</th>' for adapter in report.adapters)
    rows = []
    for category in dict.fromkeys(category for column in columns for category, _ in column):
        keys = dict.fromkeys(key for column in columns for key in column if key[0] == category)
        rows += [_row(key, [column.get(key) for column in columns]) for key in keys]
    kind = "scores many" if len(columns) > 3 else "scores"
    return (
        f'<table class="{kind}">\n<thead><tr><th scope="col">category</th>'
        f"{head}</tr></thead>\n<tbody>\n{chr(10).join(rows)}\n</tbody></table>"
    )


def confusion_plots(report: EvalReport) -> str:
    """Return the confusion matrix of every adapter, folded away; empty without any."""
    return "\n".join(
        f"<details><summary>{html_line(name)}: the right tool and the called one</summary>"
        f"{plot}</details>"
        for name, summary in report.summary.items()
        if (plot := confusion_plot(summary.confusion))
    )


def _tallies(summary: AdapterSummary | None) -> dict[tuple[str, str], Tally]:
    rows = () if summary is None else tally_rows(summary)
    return {(category, tag): tally for category, tag, tally in rows}


def _row(key: tuple[str, str], tallies: list[Tally | None]) -> str:
    category, tag = key
    kind = "tag" if tag else "total" if category == OVERALL else "category"
    cells = "".join(f"<td>{_cell(tally)}</td>" for tally in tallies)
    return f'<tr class="{kind}"><th scope="row">{html_line(tag or category)}</th>{cells}</tr>'


def _cell(tally: Tally | None) -> str:
    if tally is None:
        return f'<span class="quiet">{numbers.NOT_AVAILABLE}</span>'
    return (
        f'<div class="cell"><span class="score">{numbers.percent(tally.score)}</span>{bar(tally)}'
        f'<span class="quiet">{numbers.interval(tally.interval)}</span> '
        f'<span class="quiet share">{numbers.share(tally.passed, tally.answered)}</span></div>'
    )


def _card(report: EvalReport, adapter: AdapterRecord) -> str:
    label, tone = BADGES[adapter.attestation.applied]
    summary = report.summary.get(adapter.name)
    parts = [
        f'<h3>{html_line(adapter.name)} <span class="badge {tone}">{label}</span></h3>',
        *([] if summary is None else _numbers(report, adapter.name, summary)),
        f'<p class="quiet">{html_line(adapter.attestation.reason)}{_shift(adapter)}</p>',
    ]
    if adapter.fingerprint is not None:
        parts.append(
            f'<p class="quiet">weights <code>{html_line(adapter.fingerprint[:16])}</code></p>'
        )
    return f'<article class="card">{"".join(parts)}</article>'


def _numbers(report: EvalReport, name: str, summary: AdapterSummary) -> list[str]:
    overall = summary.overall
    pairs = (
        ("malformed", numbers.count(overall.malformed)),
        ("truncated", numbers.count(overall.truncated)),
        ("unavailable", numbers.count(overall.unavailable)),
        ("delivered", numbers.percent(summary.delivered_rate)),
        ("strict format", numbers.percent(summary.strict_format_rate)),
        ("lenient format", numbers.percent(overall.lenient_format_rate)),
        ("field access", field_access_words(summary.field_access_rate)),
        ("speed", numbers.tokens_per_second(overall.tokens_per_second)),
    )
    notes = adapter_notes(report, name)
    about = f"{numbers.interval(overall.interval)}, {numbers.plural(overall.cases, 'case')}"
    score = numbers.percent(overall.score)
    return [
        f'<p class="headline">{score} <span class="quiet">{about}</span></p>',
        "<dl>" + "".join(f"<div><dt>{k}</dt><dd>{v}</dd></div>" for k, v in pairs) + "</dl>",
        *(f"<p>{html_line(note)}</p>" for note in notes),
        *(
            f"<p>against {html_line(pairing.old)}: {numbers.points(pairing.difference)}, "
            f"{numbers.count(pairing.gained)} gained, {numbers.count(pairing.lost)} lost in "
            f"{numbers.plural(pairing.pairs, 'pair')}</p>"
            for pairing in report.pairings
            if pairing.new == name and pairing.category == OVERALL
        ),
    ]


def _shift(adapter: AdapterRecord) -> str:
    proof = adapter.attestation
    if proof.shift is None:
        return ""
    return f" (shift {numbers.nats(proof.shift)}, noise {numbers.nats(proof.noise)})"
