"""Scripts made for one program, so that its conditions hold at times and fail at others."""

import ast
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from itertools import count
from random import Random
from types import MappingProxyType
from typing import Any, TypeGuard, get_type_hints

from punie_train.core.agent_tools import TYPED_ITEMS
from punie_train.sandbox.scripts import CLEAN, FINDINGS, Script
from punie_train.sandbox.stubs import ITEM_TYPES, RESULT_TYPES

MOST_CONSTANTS = 200
_LARGEST = 2**31

_ANSWERS = 3
_ITEMS = 6
_USUAL_NUMBERS = (0, 2, 9)
_OWN_SHARE = 0.8
"""How often a value is taken from the constants of the code instead of the usual ones."""

Value = str | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """The constants of a program: all, and those that stand in one condition with a field."""

    all: tuple[Value, ...] = ()
    by_field: Mapping[str, tuple[Value, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def texts(self, name: str) -> tuple[str, ...]:
        """Return texts for a field, those it is compared with if there are any."""
        own = [value for value in self.by_field.get(name, ()) if isinstance(value, str)]
        return tuple(own) or tuple(value for value in self.all if isinstance(value, str))

    def numbers(self, name: str) -> tuple[float, ...]:
        """Return numbers for a field, likewise: they, their neighbours and one above all."""
        own = [value for value in self.by_field.get(name, ()) if not isinstance(value, str)]
        found = own or [value for value in self.all if not isinstance(value, str)]
        if not found:
            return _USUAL_NUMBERS
        near = [each for value in found for each in (value, value + 1, value - 1)]
        return tuple(dict.fromkeys(each for each in (*near, max(near) + 9) if each >= 0))


def constants(code: str) -> Constants:
    """Return the constants in the code; none when it does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nodes = list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Constants()
    by_field: dict[str, tuple[Value, ...]] = {}
    for node in nodes:
        if isinstance(node, ast.Compare | ast.Call):
            parts = list(ast.walk(node))[:MOST_CONSTANTS]
            values = _values_of(parts)
            for part in parts:
                if isinstance(part, ast.Attribute) and values:
                    by_field.setdefault(part.attr, values)
    return Constants(all=_values_of(nodes), by_field=MappingProxyType(by_field))


def _values_of(nodes: list[ast.AST]) -> tuple[Value, ...]:
    values = [node.value for node in nodes if isinstance(node, ast.Constant)][:MOST_CONSTANTS]
    return tuple(dict.fromkeys(value for value in values if _usable(value)))


def _usable(value: object) -> TypeGuard[Value]:
    if isinstance(value, int | float):
        return not isinstance(value, bool) and abs(value) < _LARGEST
    return isinstance(value, str)


def varied_scripts(code: str) -> Iterator[Script]:
    """Yield scripts without end, always the same for the same code."""
    known = constants(code)
    for seed in count():
        rng = _Draw(seed)
        answers = {
            name: tuple(_result(rng, name, known) for _ in range(_ANSWERS)) for name in RESULT_TYPES
        }
        yield Script(
            name=f"varied {seed + 1}",
            answers=MappingProxyType({**FINDINGS.answers, **answers}),
        )


class _Draw(Random):
    """Chance by a seed; every third seed takes the choices of a pool in turn instead."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._turn = None if seed % 3 else seed // 3

    def from_pool(self, pool: tuple[Any, ...]) -> Any:
        return self.choice(pool) if self._turn is None else pool[self._turn % len(pool)]


def _result(rng: _Draw, tool: str, known: Constants) -> Any:
    items = TYPED_ITEMS[tool][0]
    usual = rng.choice((FINDINGS, CLEAN)).answers[tool][0]
    usual_items = getattr(FINDINGS.answers[tool][0], items)
    made = tuple(
        _made(rng, ITEM_TYPES[tool], known, rng.choice(usual_items)) for _ in range(_ITEMS)
    )
    return _made(rng, RESULT_TYPES[tool], known, usual, **{items: made})


def _made(rng: _Draw, kind: type[Any], known: Constants, usual: Any, **given: Any) -> Any:
    hints = get_type_hints(kind)
    values = {
        each.name: _value(rng, each.name, hints[each.name], known, getattr(usual, each.name))
        for each in fields(kind)
    }
    return kind(**(values | given))


def _value(rng: _Draw, name: str, hint: Any, known: Constants, usual: Any) -> Any:
    own = name in known.by_field or rng.random() < _OWN_SHARE
    if hint is bool:
        return rng.random() < 0.5
    if hint in (int, float) and own:
        return hint(rng.from_pool(known.numbers(name)))
    texts = known.texts(name)
    if hint is str and own and texts:
        return rng.choice(texts)
    if hint == str | None and own:
        return rng.choice((None, None, *texts[:2], "no report"))
    return usual
