"""Do trainer, evaluation and server make the same of the training rows? (F25, F30, F43, F67)"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from punie_train.checks.judgement import Judgement
from punie_train.checks.limits import CheckLimits
from punie_train.checks.live_reply import Live
from punie_train.checks.measured import Amount, Histogram, Share, Words
from punie_train.core.errors import PunieTrainError
from punie_train.core.messages import ToolCall
from punie_train.dataset.rules import Rule, Severity

NOT_READ = Rule(
    "not-read",
    Severity.ERROR,
    "See what is read with `punie-train parse`; convert the data with `punie-train dataset "
    "convert`.",
    "F30",
)
NOT_DELIVERED = Rule(
    "not-delivered",
    Severity.ERROR,
    "Convert the data to the format of the model's chat template, or take a base whose template "
    "teaches this one.",
    "F67",
)
OTHER_PROMPT = Rule(
    "other-prompt",
    Severity.ERROR,
    "Serve with the chat template and its arguments that training used (chat_template and "
    "chat_template_args of [tool.punie-train.server]).",
    "F25",
)
OTHER_TEMPLATE = Rule(
    "other-template",
    Severity.ERROR,
    "Restore the chat template of the base, or train the adapter again.",
    "F25",
)
UNRENDERED = Rule(
    "unrendered",
    Severity.ERROR,
    "Correct the row, or the chat template: see `pytest checks -m pre_training`.",
    "F25",
)
MANY_TOKENS = Rule(
    "mark-of-many-tokens",
    Severity.WARNING,
    "Take a base whose tokenizer has the marks of its own template, or add them to it.",
    "F43",
)
NO_END = Rule(
    "no-end-taught",
    Severity.ERROR,
    "End the turn in the chat template with the end token of config.json.",
    "F54",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """One row as trainer, server and the evaluation's parser see it.

    `taught` are its calls, `format` how they are written. `shared` of the server's `serving` prompt
    tokens are those of the training. `fault` says why it could not be shown at all.
    """

    place: str
    taught: tuple[ToolCall, ...] = ()
    format: str = ""
    read: bool = True
    delivered: bool = True
    crash: str | None = None
    serving: int = 0
    shared: int = 0
    pieces: tuple[str, str] = ("", "")
    ends: bool = True
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows that were looked at, the parser of the server, and the tokens of each mark.

    `parser` is None where the model's files give the server none.
    """

    data: str
    rows: tuple[ShownRow, ...]
    parser: str | None
    marks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """A model as it is served; parts are looked at where they are asked for.

    `rows` and `delivery` return text where there is nothing to look at and raise PunieTrainError.
    `templates` are the hashes of the chat template in training and now.
    """

    path: Path
    limits: CheckLimits
    rows: Callable[[], Rows | str]
    templates: tuple[str, str] | None = None
    live: Callable[[], Live] = field(default=Live)
    delivery: Callable[[], tuple[tuple[int, bool], ...] | str] = field(default=str)


def judge_read(runtime: Runtime, judgement: Judgement) -> None:
    """Find taught calls that the parser of the evaluation reads otherwise or not at all."""
    if (seen := _rows(runtime, judgement)) is None:
        return
    calling = [row for row in seen.rows if row.taught]
    formats = Counter(row.format for row in calling)
    judgement.measure(
        Words("data", seen.data),
        Histogram("rows by format of their calls", tuple(formats.most_common())),
        Share("rows read as taught", sum(row.read for row in calling), len(calling)),
    )
    if not calling:
        judgement.skip(f"no row of {seen.data} teaches a call")
    for row in calling:
        if not row.read:
            judgement.found(NOT_READ, f"{row.place}: its calls are read as others, or not at all")


def judge_delivered(runtime: Runtime, judgement: Judgement) -> None:
    """Find formats of the data of which the server hands over no calls."""
    if (seen := _rows(runtime, judgement)) is None:
        return
    calling = [row for row in seen.rows if row.taught]
    delivered = sum(row.delivered for row in calling)
    judgement.measure(
        Words("parser of the server", seen.parser or "none"),
        Share("rows delivered by the server's parser", delivered, len(calling)),
    )
    if not calling:
        judgement.skip(f"no row of {seen.data} teaches a call")
    for name in dict.fromkeys(row.format for row in calling):
        rows = [row for row in calling if row.format == name]
        kept = sum(row.delivered for row in rows)
        if kept < runtime.limits.delivered * len(rows):
            first = next(row for row in rows if not row.delivered)
            why = f", {first.crash}" if first.crash else ""
            judgement.found(
                NOT_DELIVERED,
                f"of {len(rows)} rows with {name} calls the server delivers {kept} "
                f"({first.place}{why}); its parser is {seen.parser or 'none'}",
            )


def judge_prompt(runtime: Runtime, judgement: Judgement) -> None:
    """Find prompts that are other tokens in serving than in training."""
    if runtime.templates is not None:
        trained, now = runtime.templates
        judgement.measure(Words("chat template", now[:12]))
        if trained and trained != now:
            judgement.found(
                OTHER_TEMPLATE, f"it was trained with the template {trained[:12]}, now {now[:12]}"
            )
    if (seen := _rows(runtime, judgement)) is None:
        return
    shown = [row for row in seen.rows if row.fault is None]
    same = sum(row.shared == row.serving for row in shown)
    judgement.measure(
        Share("prompts equal token for token", same, len(shown)),
        Amount("prompt tokens compared", sum(row.serving for row in shown)),
    )
    for row in seen.rows:
        if row.fault is not None:
            judgement.found(UNRENDERED, f"{row.place}: {row.fault}")
        elif row.shared != row.serving:
            judgement.found(
                OTHER_PROMPT,
                f"{row.place}: token {row.shared + 1} of {row.serving} differs, "
                f"trained {row.pieces[0]!r}, served {row.pieces[1]!r}",
            )


def judge_marks(runtime: Runtime, judgement: Judgement) -> None:
    """Find marks of the format that this tokenizer spells in letters."""
    if (seen := _rows(runtime, judgement)) is None:
        return
    judgement.measure(
        *(Amount(f"{mark} is", number, "token") for mark, number in seen.marks.items())
    )
    if not seen.marks:
        judgement.skip("the server has no parser for this model, so no marks")
    for mark, number in seen.marks.items():
        if number > 1:
            judgement.found(MANY_TOKENS, f"{mark} is {number} tokens")


def judge_ends(runtime: Runtime, judgement: Judgement) -> None:
    """Find rows that do not teach a token that ends a reply."""
    if (seen := _rows(runtime, judgement)) is None:
        return
    shown = [row for row in seen.rows if row.fault is None]
    judgement.measure(
        Share("rows that teach an end token", sum(row.ends for row in shown), len(shown))
    )
    for row in shown:
        if not row.ends:
            judgement.found(NO_END, f"{row.place}: no token of its answer ends a reply")


def _rows(runtime: Runtime, judgement: Judgement) -> Rows | None:
    try:
        seen = runtime.rows()
    except PunieTrainError as error:
        judgement.refused(error)
        return None
    if isinstance(seen, str):
        judgement.skip(seen)
        return None
    return seen
