"""One HTML file with every prompt and reply: works offline, requests nothing, runs nothing of it.

The page's own script and style are named by hash in its content security policy. What models
wrote is data in a JSON block, which the script shows only as text.
"""

import base64
import hashlib
from importlib import resources
from string import Template

from punie_train.evals.report import EvalReport
from punie_train.reporting import numbers
from punie_train.reporting.safe_text import html_line
from punie_train.reporting.transcript_data import embedded_json, transcript_data
from punie_train.reporting.transcript_summary import (
    adapter_cards,
    confusion_plots,
    gate_list,
    score_table,
)


def transcript_page(report: EvalReport) -> str:
    """Return the page as text, free of lone surrogates, to be written as UTF-8."""
    style, script = _asset("transcript.css"), _asset("transcript.js")
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return Template(_asset("transcript.html")).substitute(
        policy=policy,
        style=style,
        script=script,
        title=html_line(_title(report)),
        model=html_line(report.model.path),
        facts=html_line(_facts(report)),
        interrupted=_interrupted(report),
        cards=adapter_cards(report),
        gates=gate_list(report),
        table=score_table(report),
        confusion=confusion_plots(report),
        data=embedded_json(transcript_data(report)),
    )


def _asset(name: str) -> str:
    return (resources.files("punie_train.reporting") / "assets" / name).read_text("utf-8").strip()


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _title(report: EvalReport) -> str:
    names = ", ".join(adapter.name for adapter in report.adapters)
    return f"{names} on {report.model.path}: transcripts of {report.run}"


def _facts(report: EvalReport) -> str:
    results = numbers.plural(len(report.results), "result")
    sampling = ", ".join(f"{key} {value}" for key, value in report.sampling.items())
    machine = ", ".join(f"{key} {value}" for key, value in report.environment.items())
    return " | ".join(filter(None, (f"run {report.run}", results, sampling, machine)))


def _interrupted(report: EvalReport) -> str:
    if not report.interrupted:
        return ""
    return '<p class="alarm">Interrupted: only the cases that were reached are shown.</p>'
