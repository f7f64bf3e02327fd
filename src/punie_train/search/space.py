"""What a search tries: for each parameter of a run a list of values, or a range."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from punie_train.core.errors import UsageError

Value = str | int | float | bool
_BOUNDS = {"low", "high", "log"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of these values."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Any number from `low` to `high`, both included; whole ones where both bounds are whole.

    `log` draws the logarithm evenly, as fits learning rates.
    """

    low: float
    high: float
    log: bool = False

    @property
    def whole(self) -> bool:
        """Say whether only whole numbers are drawn."""
        return isinstance(self.low, int) and isinstance(self.high, int)


Domain = Choice | Range


def ends(domain: Domain) -> tuple[Value, ...]:
    """Return every value of a choice, both bounds of a range."""
    return domain.values if isinstance(domain, Choice) else (domain.low, domain.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSpace:
    """The domain of every parameter that varies, by its name in the run configuration."""

    domains: Mapping[str, Domain]

    @property
    def grid(self) -> dict[str, list[Value]] | None:
        """Return the values by parameter, or None where a range has no end of values."""
        found: dict[str, list[Value]] = {}
        for name, domain in self.domains.items():
            if not isinstance(domain, Choice):
                return None
            found[name] = list(domain.values)
        return found

    @property
    def grid_size(self) -> int | None:
        """Return the number of combinations, or None with a range."""
        grid = self.grid
        return None if grid is None else math.prod(len(values) for values in grid.values())


def default_space(layers: int) -> SearchSpace:
    """Return learning rates, ranks, iterations, and half or all of so many layers."""
    return SearchSpace(
        domains=MappingProxyType(
            {
                "learning_rate": Choice(values=(1e-5, 5e-5, 1e-4)),
                "lora_rank": Choice(values=(4, 8, 16)),
                "iters": Choice(values=(100, 200)),
                "num_layers": Choice(values=(max(1, layers // 2), -1)),
            }
        )
    )


def read_space(path: Path, known: Collection[str]) -> SearchSpace:
    """Read a YAML file: `lora_rank: [4, 8]` or `learning_rate: {low: 1e-5, high: 1e-3, log: true}`.

    `known` has the names that may stand there. Raises UsageError for what cannot be searched.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise _bad(path, f"cannot be read ({error})", "Give a YAML file.") from error
    if not isinstance(content, dict) or not content:
        raise _bad(path, "names no parameter", "Write for example `lora_rank: [4, 8, 16]`.")
    for name in content:
        if name not in known:
            raise _bad(path, f"has the unknown parameter {name!r}", f"Known: {', '.join(known)}.")
    return SearchSpace(
        domains=MappingProxyType(
            {name: _domain(path, name, value) for name, value in content.items()}
        )
    )


def _domain(path: Path, name: str, value: Any) -> Domain:
    match value:
        case [_, *_] if all(isinstance(each, Value) for each in value):
            values = tuple(_number(each) for each in value)
            if not all(map(_finite, values)):
                raise _bad(path, f"{name} names what is no number", "Write numbers.")
            if len(set(values)) == len(values):
                return Choice(values=values)
            raise _bad(path, f"{name} names a value twice", "Name each value once.")
        case {"low": low, "high": high, **rest} if set(value) <= _BOUNDS:
            low, high = _number(low), _number(high)
            log = rest.get("log", False)
            numeric = all(
                isinstance(each, int | float) and not isinstance(each, bool) for each in (low, high)
            )
            if (
                numeric
                and _finite(low)
                and _finite(high)
                and isinstance(log, bool)
                and low < high
                and (low > 0 or not log)
            ):
                return Range(low=low, high=high, log=log)
    raise _bad(
        path,
        f"{name} is {value!r}",
        "Write a list of values, or {low: 1e-5, high: 1e-3, log: true}.",
    )


def _finite(value: Value) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


def _number(value: Any) -> Any:
    """Return the number that YAML 1.1 leaves as text, such as 1e-5."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return value


def _bad(path: Path, fact: str, remedy: str) -> UsageError:
    return UsageError(f"{path} {fact}", "there is nothing to search in", remedy)
