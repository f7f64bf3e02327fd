"""What was read of an adapter, before it is judged."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from punie_train.checks.limits import CheckLimits
from punie_train.checks.live_reply import Live
from punie_train.core.errors import PunieTrainError
from punie_train.core.loss_curve import LossCurve


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterFiles:
    """Which files are missing or broken, in words; `finished` is None without a manifest."""

    missing: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    finished: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterBase:
    """The model that is there, and the fingerprint of the one the adapter was trained from.

    `trained_from` is None where no manifest says it.
    """

    name: str
    fingerprint: str
    trained_from: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterShape:
    """What was trained in numbers; `differences` say in words what is not as asked.

    `asked` says where it is known from what was asked, None where nothing says it.
    """

    rank: int | None
    layers: int
    tensors: int
    asked: str | None
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterWeights:
    """The numbers of tensors and of B matrices, which of them are not finite, and which zero."""

    tensors: int
    ups: int
    broken: tuple[str, ...] = ()
    zero_ups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedAdapter:
    """An adapter and what was measured of it; a part that could not be read is the error.

    `kept_iteration` is that of the weights that were kept, None where it is not known. `went_on`
    says that the run began with older weights, whose loss had fallen before. `live` is called for
    what a server says; nothing is started before.
    """

    path: Path
    limits: CheckLimits
    files: AdapterFiles
    base: AdapterBase | PunieTrainError
    shape: AdapterShape | PunieTrainError
    weights: AdapterWeights | PunieTrainError
    curve: LossCurve | PunieTrainError
    kept_iteration: int | None = None
    went_on: bool = False
    live: Callable[[], Live] = field(default=Live)
