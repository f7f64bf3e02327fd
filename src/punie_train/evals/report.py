"""The report of one evaluation session; JSON, HTML and terminal are views of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from punie_train.core.attestations import Attestation
from punie_train.evals.result import CaseResult
from punie_train.evals.statistics.intervals import Interval
from punie_train.toolcalls.parsed import WireFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts and score over a group of cases.

    `cases` counts all, the outcomes count replies, which with repeats are more. `score` is the
    mean over the cases that are not unavailable, `interval` that of the score, `success_rate` the
    share that passed; all None when there is none. `tokens_per_second` is completion tokens over
    the wall time of the generation phase (overall) or None (categories). Of the replies that hold
    calls or were meant to, `strict_format_rate` is the share that is written in the trained format
    to the letter, `lenient_format_rate` the share whose calls can all be read in some format.
    """

    cases: int
    passed: int
    failed: int
    malformed: int
    truncated: int
    unavailable: int
    score: float | None
    success_rate: float | None
    interval: Interval | None
    tokens_per_second: float | None = None
    strict_format_rate: float | None = None
    lenient_format_rate: float | None = None

    @property
    def answered(self) -> int:
        """Return how many replies have a score."""
        return self.passed + self.failed + self.malformed + self.truncated

    @property
    def replies(self) -> int:
        """Return how many replies were asked for, unavailable ones included."""
        return self.answered + self.unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldAccessRates:
    """How often the needed fields are read: by the text, past the type check, and when run.

    Each 0.0 to 1.0 over the cases it was measured on, None where it was on none.
    """

    static: float | None = None
    typed: float | None = None
    executed: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Determinism:
    """How many cases were asked a second time, alone, and which then answered otherwise."""

    asked: int
    differing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatRates:
    """What repeats say: the chance, 0.0 to 1.0, that one of k replies is right, and that all are.

    Means over `cases`, those with at least k replies.
    """

    k: int
    pass_at: float
    pass_hat: float
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterSummary:
    """One adapter's numbers; `tags` tallies new-phrasing and known-phrasing apart.

    `tags` maps (category, tag) to its tally. Rates are 0.0 to 1.0, None where nothing counts.
    `confusion` counts calls by the tool that is right, then by the tool that was called. `repeats`
    has an entry for each k up to the number of repeats, and none without repeats.
    """

    overall: Tally
    categories: Mapping[str, Tally]
    tags: Mapping[tuple[str, str], Tally]
    delivered_rate: float | None
    strict_format_rate: float | None
    field_access_rate: FieldAccessRates = FieldAccessRates()
    confusion: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    repeats: tuple[RepeatRates, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterRecord:
    """An adapter of the session; `path` and `fingerprint` are None for the bare model.

    `trained` is the call format that its model's template teaches, None where nobody knows.
    """

    name: str
    path: str | None
    fingerprint: str | None
    attestation: Attestation
    trained: WireFormat | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Two adapters on the same cases: `both_missing` counts cases without a pair."""

    old: str
    new: str
    category: str
    pairs: int
    gained: int
    lost: int
    unpaired: int
    difference: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """One line of the policy and whether it holds.

    A comparison with a baseline also says its `verdict` (pass, regressed, inconclusive or invalid)
    and the `numbers` it rests on; None and empty for every other line.
    """

    name: str
    adapter: str
    passed: bool
    message: str
    verdict: str | None = None
    numbers: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRecord:
    """The base model: path or repository, weights fingerprint and chat template hash."""

    path: str
    fingerprint: str | None
    template_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalReport:
    """Everything one session measured, in the order in which it ran.

    `run` is a unique id that starts with the UTC start time. `environment` holds versions and
    machine facts. `interrupted` says that not every selected case was reached. `cached` and
    `resumed` count, by adapter, the results whose replies came from the cache and from the killed
    run that this one went on with; an adapter without any is left out. `determinism` is by
    adapter, empty where it was not probed, and `concurrency` the requests in flight that a run
    found to be best, empty where the number was given.
    """

    run: str
    model: ModelRecord
    adapters: tuple[AdapterRecord, ...]
    suites: tuple[str, ...]
    sampling: Mapping[str, Any]
    environment: Mapping[str, str]
    results: tuple[CaseResult, ...]
    summary: Mapping[str, AdapterSummary]
    pairings: tuple[Pairing, ...] = ()
    gates: tuple[GateResult, ...] = ()
    interrupted: bool = False
    cached: Mapping[str, int] = field(default_factory=dict)
    resumed: Mapping[str, int] = field(default_factory=dict)
    determinism: Mapping[str, Determinism] = field(default_factory=dict)
    concurrency: Mapping[str, int] = field(default_factory=dict)
