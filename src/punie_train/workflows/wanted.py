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
    """Name each adapter by its directory.

    Raises UsageError when two would share a name, and for an empty one, as that of a shell's unset
    variable is: it would stand for another model than the one that is meant.
    """
    wanted: list[Wanted] = []
    if model is not None and not model.strip():
        raise _empty("--model")
    for text in adapters:
        if not text.strip():
            raise _empty("--adapter")
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


def _empty(option: str) -> UsageError:
    return UsageError(
        f"{option} is empty",
        "another model than the one you mean would answer",
        f"Give {option} a directory, or leave it out.",
    )


def _twice(name: str) -> UsageError:
    return UsageError(
        f"'{name}' is asked for twice",
        "its cases would be counted twice",
        "Name each adapter once.",
    )


def slug(text: str) -> str:
    """Return a name that is safe in a test id, a file name and HTML."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "._") else "-" for c in text)
