"""Name what an evaluation is asked to measure, before anything on disk is looked at."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from punie_train.core.errors import UsageError

BASE = "base"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A candidate as it was asked for; `model` None takes the adapter's own base."""

    name: str
    adapter: str | None = None
    model: str | None = None


def wanted_adapters(
    adapters: Iterable[str], model: str | None, named: Iterable[Wanted] = ()
) -> tuple[Wanted, ...]:
    """Name each adapter by its directory; raise UsageError when two would share a name."""
    wanted: list[Wanted] = []
    for text in adapters:
        if text == BASE:
            wanted.append(Wanted(name=BASE, model=model))
            continue
        path = Path(text).resolve()
        if any(each.adapter and Path(each.adapter).resolve() == path for each in wanted):
            raise _twice(text)
        known = slug(path.name) in {BASE, *(each.name for each in wanted)}
        name = slug("-".join(path.parts[-2:]) if known else path.name)
        wanted.append(Wanted(name=name, adapter=text, model=model))
    wanted += named
    for index, each in enumerate(wanted):
        if any(each.name == before.name for before in wanted[:index]):
            raise _twice(each.adapter or each.name)
    return tuple(wanted)


def _twice(name: str) -> UsageError:
    return UsageError(
        f"'{name}' is asked for twice",
        "its cases would be counted twice",
        "Name each adapter once.",
    )


def slug(text: str) -> str:
    """Return a name that is safe in a test id, a file name and HTML."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "._") else "-" for c in text)
