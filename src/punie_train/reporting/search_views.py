"""A search as a table, as JSON, and as a page with loss curves and importances."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from punie_train.core.loss_curve import LossCurve, LossPoint
from punie_train.evals.report import Interval
from punie_train.reporting import numbers
from punie_train.reporting.loss_overlay import loss_overlay_svg
from punie_train.reporting.safe_text import html_line, one_line
from punie_train.reporting.share_bars import share_bars_svg
from punie_train.reporting.static_page import html_table, static_page
from punie_train.search.trials import TrialRecord, TrialState, ranked

MOST_CURVES = 12


def search_rows(trials: Sequence[TrialRecord]) -> list[list[str]]:
    """Return the head and one row a trial, the best score first."""
    names = list(dict.fromkeys(name for trial in trials for name in trial.parameters))
    head = ["trial", *names, "score", "95 % interval", "cases", "valid loss", "time", "state"]
    return [head, *(_row(trial, names) for trial in ranked(trials))]


def _row(trial: TrialRecord, names: Sequence[str]) -> list[str]:
    loss = trial.valid_loss
    return [
        f"{trial.number:03d}",
        *(_value(trial.parameters.get(name)) for name in names),
        numbers.percent(trial.score),
        numbers.interval(_interval(trial)),
        numbers.count(trial.cases),
        numbers.NOT_AVAILABLE if loss is None else f"{loss:.3f}",
        numbers.seconds(trial.seconds),
        str(trial.state),
    ]


def _interval(trial: TrialRecord) -> Interval | None:
    if trial.low is None or trial.high is None:
        return None
    return Interval(low=trial.low, high=trial.high)


def _value(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else one_line(str(value))


def search_json(trials: Sequence[TrialRecord], importances: Mapping[str, float]) -> str:
    """Return the trials, the best score first, and the importances as JSON text."""
    content = {
        "schema": 1,
        "trials": [trial.to_json() for trial in ranked(trials)],
        "importances": dict(importances),
    }
    return json.dumps(content, indent=1) + "\n"


def search_page(trials: Sequence[TrialRecord], importances: Mapping[str, float]) -> str:
    """Return the page: table, validation losses overlaid, importances, and why trials failed."""
    done = [trial for trial in ranked(trials) if trial.losses]
    parts = [html_table(search_rows(trials), numbers_from=1)]
    if overlap := overlapping_note(trials):
        parts.append(f'<p class="quiet">{html_line(overlap)}</p>')
    curves = {f"trial {trial.number:03d}": _curve(trial) for trial in done[:MOST_CURVES]}
    if curves:
        title = "Validation loss"
        left = len(done) - len(curves)
        more = f'<p class="quiet">The {len(curves)} best trials are drawn.</p>' if left else ""
        parts.append(f"<h2>{title}</h2>{loss_overlay_svg(curves, title=title)}{more}")
    if importances:
        parts.append(
            "<h2>Share of each parameter in the differences of scores</h2>"
            + share_bars_svg(importances, title="importances")
        )
    parts += [
        f'<p class="bad">Trial {number:03d}: {html_line(reason)}</p>'
        for number, reason in failures(trials).items()
    ]
    return static_page("Search", "\n".join(parts))


def failures(trials: Sequence[TrialRecord]) -> dict[int, str]:
    """Return why trials failed, by number, each in one line."""
    return {
        trial.number: one_line(trial.reason or "nobody knows why")
        for trial in trials
        if trial.state is TrialState.FAILED
    }


def _curve(trial: TrialRecord) -> LossCurve:
    points = tuple(LossPoint(iteration=at, loss=loss) for at, loss in trial.losses.items())
    return LossCurve(train=(), valid=points)


def overlapping_note(trials: Sequence[TrialRecord]) -> str | None:
    """Return how many trials cannot be told from the best one, None when there is one trial."""
    scored = [trial for trial in ranked(trials) if trial.score is not None]
    if len(scored) < 2 or scored[0].low is None:
        return None
    low = scored[0].low
    close = sum(trial.high is not None and trial.high >= low for trial in scored[1:])
    if not close:
        return "The interval of the best trial lies above all others."
    return (
        f"The interval of the best trial overlaps that of {numbers.plural(close, 'other trial')}: "
        "compare their reports case by case with `punie-train compare` before choosing."
    )
