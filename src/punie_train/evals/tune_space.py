"""Which settings are tried, those nearest to the default first."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from punie_train.evals.tuning import DEFAULT, TuneSetting


@dataclass(frozen=True, slots=True, kw_only=True)
class TuneSpace:
    """The values of each parameter; the default setting is always tried.

    Top-p is varied above temperature 0 only, where it changes something. KV bits stand alone: each
    needs a server of its own, and is measured with the default sampling.
    """

    temperatures: tuple[float, ...] = (0.0, 0.1, 0.3, 0.7)
    top_p: tuple[float, ...] = (0.9, 0.95, 1.0)
    repetition_penalties: tuple[float, ...] = (1.0, 1.1, 1.2)
    kv_bits: tuple[int, ...] = (8, 4)

    def settings(self, *, quick: bool = False, most: int | None = None) -> tuple[TuneSetting, ...]:
        """Return the settings, the default first, then those that differ from it least.

        `quick` leaves only those that differ in one parameter, `most` so many in all.
        """
        sampled = [
            TuneSetting(
                temperature=temperature,
                top_p=None if top_p == 1 else top_p,
                repetition_penalty=None if penalty == 1 else penalty,
            )
            for temperature, penalty in product(self.temperatures, self.repetition_penalties)
            for top_p in (self.top_p if temperature else (1.0,))
        ]
        cached = [TuneSetting(kv_bits=bits) for bits in self.kv_bits]
        found = list(dict.fromkeys([DEFAULT, *sampled, *cached]))
        found.sort(key=_distance)
        return tuple(one for one in found if not quick or _distance(one) <= 1)[:most]


def by_server(settings: Sequence[TuneSetting]) -> dict[int | None, list[TuneSetting]]:
    """Return the settings by what the server must be started with."""
    groups: dict[int | None, list[TuneSetting]] = {}
    for setting in settings:
        groups.setdefault(setting.kv_bits, []).append(setting)
    return groups


def _distance(one: TuneSetting) -> int:
    values = (one.temperature or None, one.top_p, one.repetition_penalty, one.kv_bits)
    return sum(value is not None for value in values)
