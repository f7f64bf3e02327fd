"""The journal as tables and as a page with the trend of scores and losses."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from punie_train.core.journal import EVALUATION, TRAINING, JournalEntry
from punie_train.evals.report import Interval
from punie_train.reporting import numbers
from punie_train.reporting.progression_plot import ScorePoint, progression_plot
from punie_train.reporting.static_page import html_table, static_page

EVALUATION_HEAD = [
    "nr",
    "ended",
    "adapter",
    "score",
    "95 % interval",
    "cases",
    "delivered",
    "gates",
]
TRAINING_HEAD = ["nr", "ended", "adapter", "data", "iters", "rate", "rank", "train", "valid", "MB"]
Measured = tuple[JournalEntry, dict[str, Any]]
_UNKNOWN = numbers.NOT_AVAILABLE


def evaluation_rows(entries: Sequence[JournalEntry]) -> list[list[str]]:
    """Return the head and a row for each adapter of each evaluation, in order."""
    return [EVALUATION_HEAD, *(_evaluation(*pair) for pair in _measured(entries))]


def training_rows(entries: Sequence[JournalEntry]) -> list[list[str]]:
    """Return the head and a row for each training, in order."""
    trained = (entry for entry in entries if entry.kind == TRAINING)
    return [TRAINING_HEAD, *map(_training, trained)]


def journal_page(entries: Sequence[JournalEntry]) -> str:
    """Return the page: trend of the scores by adapter and by category, and both tables."""
    measured = list(_measured(entries))
    labels = [f"{entry.number} {entry.time[:10]}" for entry, _ in measured]
    parts = []
    overall = _series(measured, lambda facts: {str(facts.get("name")): facts.get("overall")})
    by_category = _series(measured, lambda facts: facts.get("categories"))
    for title, series in (("Score", overall), ("Score by category", by_category)):
        if plot := progression_plot(series, labels, title=title):
            parts.append(f"<h2>{title}</h2>{plot}")
    for title, rows in (
        ("Evaluations", evaluation_rows(entries)),
        ("Trainings", training_rows(entries)),
    ):
        if len(rows) > 1:
            parts.append(f"<h2>{title}</h2>{html_table(rows, numbers_from=3)}")
    return static_page("Journal", "\n".join(parts) or "<p>Nothing was run yet.</p>")


def _measured(entries: Sequence[JournalEntry]) -> Iterator[Measured]:
    for entry in entries:
        if entry.kind == EVALUATION:
            for adapter in _items(entry.facts.get("adapters")):
                yield entry, adapter


def _series(
    measured: Sequence[Measured], choose: Callable[[dict[str, Any]], Any]
) -> dict[str, list[ScorePoint]]:
    series: dict[str, list[ScorePoint]] = {}
    for place, (_, facts) in enumerate(measured):
        for name, tally in _mapping(choose(facts)).items():
            if (score := _number(_mapping(tally).get("score"))) is not None:
                point = ScorePoint(place=place, score=score, interval=_interval(tally))
                series.setdefault(name, []).append(point)
    return series


def _evaluation(entry: JournalEntry, adapter: dict[str, Any]) -> list[str]:
    overall = _mapping(adapter.get("overall"))
    failed, asked = entry.facts.get("gates_failed"), entry.facts.get("gates")
    gates = _UNKNOWN
    if isinstance(failed, list) and isinstance(asked, int):
        gates = "none" if not asked else f"{len(failed)} failed" if failed else "hold"
    if entry.facts.get("interrupted"):
        gates += ", interrupted"
    return [
        str(entry.number),
        entry.time[:16].replace("T", " "),
        str(adapter.get("name")),
        numbers.percent(_number(overall.get("score"))),
        numbers.interval(_interval(overall)),
        _whole(overall.get("cases")),
        numbers.percent(_number(adapter.get("delivered_rate"))),
        gates,
    ]


def _training(entry: JournalEntry) -> list[str]:
    facts, asked = entry.facts, _mapping(entry.facts.get("parameters"))
    size = _number(facts.get("bytes"))
    return [
        str(entry.number),
        entry.time[:16].replace("T", " "),
        str(facts.get("adapter")) + ("" if facts.get("complete") else " (interrupted)"),
        str(facts.get("data")),
        _whole(asked.get("iters")),
        f"{rate:g}" if (rate := _number(asked.get("learning_rate"))) is not None else _UNKNOWN,
        _whole(asked.get("lora_rank")),
        _loss(facts.get("train_loss")),
        _loss(facts.get("valid_loss")),
        f"{size / 1e6:.2f}" if size is not None else _UNKNOWN,
    ]


def _loss(value: Any) -> str:
    return f"{number:.3f}" if (number := _number(value)) is not None else _UNKNOWN


def _whole(value: Any) -> str:
    return numbers.count(value if isinstance(value, int) else None)


def _interval(tally: Any) -> Interval | None:
    low, high = (_number(_mapping(tally).get(end)) for end in ("low", "high"))
    return None if low is None or high is None else Interval(low=low, high=high)


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
