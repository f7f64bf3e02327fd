"""The `[tool.punie-train]` table of a project's pyproject.toml."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from punie_train.core.errors import UsageError

_KEYS: Mapping[str, type | tuple[type, ...]] = {
    "model": str,
    "adapter": str,
    "data": str,
    "fail-under": dict,
    "release-policy": bool,
    "max-unavailable": (int, float),
    "delivered-under": (int, float),
    "server": dict,
    "checks": dict,
}


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a project asks for; `active` is False where it has no table.

    `fail_under` maps "overall" or a category to the lowest accepted score, `delivered_under` is
    the lowest accepted delivered rate; all 0.0 to 1.0.
    """

    root: Path
    active: bool = False
    model: str | None = None
    adapter: str | None = None
    data: str | None = None
    fail_under: Mapping[str, float] = field(default_factory=_nothing)
    release_policy: bool = False
    max_unavailable: float = 0.05
    delivered_under: float | None = None
    server: Mapping[str, Any] = field(default_factory=_nothing)
    checks: Mapping[str, Any] = field(default_factory=_nothing)

    def located(self, name: str | None, default: str) -> str:
        """Return a path of the settings as seen from the project, any other name as it is."""
        if name is None or name == default:
            return default
        path = self.root / name
        return str(path) if path.is_dir() and Path.cwd() != self.root else name


def read_settings(root: Path) -> Settings:
    """Read the table from `root/pyproject.toml`; raise UsageError on an unknown or wrong key."""
    path = root / "pyproject.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))["tool"]["punie-train"]
    except (OSError, KeyError, TypeError):
        return Settings(root=root)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        if b"punie-train" not in path.read_bytes():  # somebody else's file, say a template
            return Settings(root=root)
        raise UsageError(
            f"{path} is not valid TOML ({error})",
            "the settings of punie-train cannot be read",
            "Mend the file",
        ) from error
    if not isinstance(table, dict):
        raise UsageError(
            f"{path}: 'punie-train' of [tool] is {table!r}",
            "the settings of punie-train are a table",
            "Write [tool.punie-train] and its keys below.",
        )
    for key, value in table.items():
        _check_key(path, key, value)
    return Settings(
        root=root,
        active=True,
        **{key.replace("-", "_"): value for key, value in table.items()},
    )


def find_settings(start: Path) -> Settings:
    """Read the settings of the nearest directory at or above `start` that has a table."""
    for root in (start, *start.parents):
        if (found := read_settings(root)).active:
            return found
    return Settings(root=start)


def _check_key(path: Path, key: str, value: object) -> None:
    if key not in _KEYS:
        near = difflib.get_close_matches(key, _KEYS, n=1)
        raise UsageError(
            f"{path}: [tool.punie-train] has the unknown key '{key}'",
            "it would do nothing",
            f"Did you mean '{near[0]}'?" if near else f"Known keys: {', '.join(_KEYS)}.",
        )
    if not isinstance(value, _KEYS[key]) or (isinstance(value, bool) and _KEYS[key] is not bool):
        raise UsageError(
            f"{path}: '{key}' of [tool.punie-train] is {value!r}",
            "it has the wrong type",
            "See the settings table in the README.",
        )
    if key == "fail-under" and isinstance(value, dict):
        for category, bound in value.items():
            if isinstance(bound, bool) or not isinstance(bound, int | float) or not 0 <= bound <= 1:
                raise UsageError(
                    f"{path}: fail-under of '{category}' is {bound!r}",
                    "it is no score from 0.0 to 1.0",
                    "Write for example 0.95.",
                )
