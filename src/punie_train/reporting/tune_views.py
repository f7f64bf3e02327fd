"""Settings beside the default one: as a table, as JSON, as a page, and what to do about it."""

import json
from typing import Any

from punie_train.evals.tuning import DEFAULT, SettingScore, TuneResult, TuneSetting
from punie_train.reporting import numbers
from punie_train.reporting.comparison_views import DIFFERENCE_HEAD, difference_cells
from punie_train.reporting.difference_plot import DifferenceRow, difference_plot
from punie_train.reporting.safe_text import html_line, one_line
from punie_train.reporting.static_page import html_table, static_page

HEAD = ("setting", "score", "95 % interval", *DIFFERENCE_HEAD[:-1], "p (better)", "tok/s")


def tune_rows(result: TuneResult) -> list[list[str]]:
    """Return the head and one row a setting, the best score first."""
    return [list(HEAD), *map(_row, result.scores)]


def _row(one: SettingScore) -> list[str]:
    return [
        one.setting.name,
        numbers.percent(one.tally.score),
        numbers.interval(one.tally.interval),
        *difference_cells(one.difference)[:-1],
        numbers.NOT_AVAILABLE if one.p_better is None else numbers.p_value(one.p_better),
        numbers.speed(one.tokens_per_second),
    ]


def advice(result: TuneResult) -> str:
    """Return what to do: another setting only where it is better beyond chance."""
    tried = numbers.plural(len(result.scores) - 1, "other setting")
    if result.recommended == DEFAULT:
        seen = [one.difference for one in result.scores if one.difference is not None]
        sharp = max((each.detectable for each in seen if each.detectable is not None), default=None)
        points = numbers.points(sharp).removeprefix("+")
        shown = f" A difference of {points} would have shown." if sharp else ""
        return f"Keep the default: of {tried} none is better beyond chance.{shown}"
    best = next(one for one in result.scores if one.setting == result.recommended)
    found = numbers.points(best.difference.difference if best.difference else None)
    return (
        f"Use {result.recommended.name}: {found} against the default, beyond chance "
        f"among {tried}. Confirm it on cases that did not choose it."
    )


def notes(result: TuneResult) -> list[str]:
    """Return what else a reader should know: settings without a result, speeds, few replies."""
    said = [f"{one.setting.name}: {one_line(one.failure)}" for one in result.scores if one.failure]
    if any(one.tokens_per_second is None and not one.failure for one in result.scores):
        said.append(
            "Where replies were known already no speed was measured; --no-cache measures all anew."
        )
    missing = sum(one.tally.unavailable for one in result.scores)
    if missing:
        said.append(f"{numbers.plural(missing, 'reply', 'replies')} unavailable: not scored.")
    if result.repeats == 1 and any(one.setting.temperature for one in result.scores):
        said.append("Above temperature 0 replies are drawn: --repeats 3 tells more of each case.")
    return said


def tune_json(result: TuneResult) -> str:
    """Return everything as JSON text."""
    content = {
        "schema": 1,
        "recommended": _setting(result.recommended),
        "keep_default": result.recommended == DEFAULT,
        "advice": advice(result),
        "settings": [_score(one) for one in result.scores],
    }
    return json.dumps(content, indent=1) + "\n"


def _setting(setting: TuneSetting) -> dict[str, Any]:
    return {
        "temperature": setting.temperature,
        "top_p": setting.top_p,
        "repetition_penalty": setting.repetition_penalty,
        "kv_bits": setting.kv_bits,
    }


def _score(one: SettingScore) -> dict[str, Any]:
    found, bounds = one.difference, one.tally.interval
    return {
        **_setting(one.setting),
        "score": one.tally.score,
        "low": bounds.low if bounds else None,
        "high": bounds.high if bounds else None,
        "cases": one.tally.cases,
        "unavailable": one.tally.unavailable,
        "difference": found.difference if found else None,
        "difference_low": found.interval.low if found else None,
        "difference_high": found.interval.high if found else None,
        "gained": found.gained if found else None,
        "lost": found.lost if found else None,
        "pairs": found.pairs if found else None,
        "p_better": one.p_better,
        "better": one.is_better,
        "tokens_per_second": one.tokens_per_second,
        "failure": one.failure,
    }


def tune_page(result: TuneResult) -> str:
    """Return the page: the advice, the differences as a picture, the table, and the notes."""
    rows = [
        DifferenceRow(
            name=one.setting.name,
            difference=one.difference.difference or 0.0,
            interval=one.difference.interval,
        )
        for one in result.scores
        if one.difference is not None
    ]
    title = "Difference to the default setting, in percentage points, with its 95 % interval"
    parts = [f"<p>{html_line(advice(result))}</p>"]
    if rows:
        parts.append(f"<h2>{html_line(title)}</h2>{difference_plot(rows, title=title)}")
    parts.append(f"<h2>All settings</h2>{html_table(tune_rows(result), numbers_from=1)}")
    parts += [f'<p class="quiet">{html_line(note)}</p>' for note in notes(result)]
    return static_page("Inference settings", "\n".join(parts))
