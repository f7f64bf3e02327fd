"""Scripts made for one program, so that its conditions hold at times and fail at others."""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import count
from random import Random
from types import MappingProxyType
from typing import Any, get_type_hints

from punie_train.core.agent_tools import TYPED_ITEMS
from punie_train.sandbox.scripts import CLEAN, FINDINGS, Script
from punie_train.sandbox.stubs import ITEM_TYPES, RESULT_TYPES

MOST_CONSTANTS = 200
_ITEMS = 6
_USUAL_NUMBERS = (0, 2, 9)
_OWN_SHARE = 0.75
"""How often a value is taken from the constants of the code instead of the usual ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """The constants of a program, numbers with their neighbours."""

    texts: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()


def constants(code: str) -> Constants:
    """Return the constants in the code; none when it does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nodes = list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Constants()
    values = [node.value for node in nodes if isinstance(node, ast.Constant)][:MOST_CONSTANTS]
    texts = dict.fromkeys(value for value in values if isinstance(value, str))
    found = [value for value in values if type(value) in (int, float)]
    small = [value for value in found if isinstance(value, int | float) and abs(value) < 2**31]
    numbers = dict.fromkeys(near for value in small for near in (value, value + 1, value - 1))
    return Constants(texts=tuple(texts), numbers=tuple(near for near in numbers if near >= 0))


def varied_scripts(code: str) -> Iterator[Script]:
    """Yield scripts without end, always the same for the same code."""
    known = constants(code)
    for seed in count():
        rng = Random(seed)
        answers = {name: (_result(rng, name, known),) for name in RESULT_TYPES}
        yield Script(
            name=f"varied {seed + 1}",
            answers=MappingProxyType({**FINDINGS.answers, **answers}),
        )


def _result(rng: Random, tool: str, known: Constants) -> Any:
    items = TYPED_ITEMS[tool][0]
    values = _values(rng, RESULT_TYPES[tool], known, rng.choice((FINDINGS, CLEAN)).answers[tool][0])
    usual = getattr(FINDINGS.answers[tool][0], items)
    values[items] = tuple(
        ITEM_TYPES[tool](**_values(rng, ITEM_TYPES[tool], known, rng.choice(usual)))
        for _ in range(_ITEMS)
    )
    return RESULT_TYPES[tool](**values)


def _values(rng: Random, kind: type[Any], known: Constants, usual: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {
        field.name: _value(rng, hints[field.name], known, getattr(usual, field.name))
        for field in fields(kind)
    }


def _value(rng: Random, hint: Any, known: Constants, usual: Any) -> Any:
    own = rng.random() < _OWN_SHARE
    if hint is bool:
        return rng.random() < 0.5
    if hint in (int, float) and own:
        return hint(rng.choice((*known.numbers, *_USUAL_NUMBERS)))
    if hint is str and own and known.texts:
        return rng.choice(known.texts)
    if hint == str | None and own:
        return rng.choice((None, None, None, *known.texts[:1], "no report"))
    return usual
