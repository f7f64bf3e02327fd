"""What a variable may hold, as far as calls and fields of typed results need it.

A set of abstract values stands for "one of these"; the empty set is unknown.
"""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, product

LONGEST_FIXED = 64
LONGEST_TEXT = 4096
MOST_TEXTS = 64
"""Texts that one expression may be; more are left out, since their number multiplies."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, text, truth value or None."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a typed tool."""

    tool: str


@dataclass(frozen=True, slots=True)
class Item:
    """An element of the list in a typed tool's result."""

    tool: str


@dataclass(frozen=True, slots=True)
class Many:
    """A container or iterable of unknown length; every element (or value) is one of these."""

    elements: "Values"


@dataclass(frozen=True, slots=True)
class Fixed:
    """A list or tuple whose elements are known one by one."""

    elements: "tuple[Values, ...]"


@dataclass(frozen=True, slots=True)
class Table:
    """A dictionary with constant keys."""

    entries: "tuple[tuple[Constant, Values], ...]"


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as a function."""

    name: str


@dataclass(frozen=True, slots=True)
class Library:
    """A function of Python's library that is followed, by its last name."""

    name: str


@dataclass(frozen=True, slots=True)
class Getter:
    """What `attrgetter` returns."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function or lambda of the program, with the variables it was defined among."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: "Scope"


Abstract = Constant | Result | Item | Many | Fixed | Table | Tool | Library | Getter | Function
Values = frozenset[Abstract]
Scope = dict[str, Values]

UNKNOWN: Values = frozenset()


def union(parts: Iterable[Values]) -> Values:
    """Return everything that any of the parts may be."""
    return UNKNOWN.union(*parts)


def one(value: Abstract) -> Values:
    """Return the set of one value."""
    return frozenset((value,))


def constants(values: Values) -> list[str | int | float | bool | None]:
    """Return the constants among the values, in a stable order."""
    found = [value.value for value in values if isinstance(value, Constant)]
    return sorted(found, key=lambda item: (type(item).__name__, str(item)))


def iterations(values: Values) -> tuple[Values, ...] | None:
    """Return the elements one by one where the iterable is known exactly, else None."""
    if len(values) == 1:
        match next(iter(values)):
            case Fixed(elements) if len(elements) <= LONGEST_FIXED:
                return elements
            case Table(entries) if len(entries) <= LONGEST_FIXED:
                return tuple(one(key) for key, _ in entries)
    return None


def elements_of(values: Values) -> Values:
    """Return what any element of an iterable (or value of a dictionary) may be."""
    parts: list[Values] = []
    for value in values:
        match value:
            case Many(elements):
                parts.append(elements)
            case Fixed(elements):
                parts += elements
            case Table(entries):
                parts += [held for _, held in entries]
    return union(parts)


def many(elements: Values) -> Values:
    """Return an iterable of unknown length."""
    return one(Many(elements))


def sequence(elements: Iterable[Values]) -> Values:
    """Return a list that is known element by element, or only roughly when it is long."""
    known = tuple(elements)
    return one(Fixed(known)) if len(known) <= LONGEST_FIXED else many(union(known))


def pairs(values: Values) -> Values:
    """Return what `items()` of a dictionary gives."""
    if len(values) == 1:
        match next(iter(values)):
            case Table(entries):
                return sequence(sequence((one(key), held)) for key, held in entries)
    return many(sequence((UNKNOWN, elements_of(values))))


def add(left: Values, right: Values) -> Values:
    """Return what `left + right` may be: constant text, or a longer container."""
    choices = islice(product(constants(left), constants(right)), MOST_TEXTS)
    if texts := [
        Constant(a + b)
        for a, b in choices
        if isinstance(a, str) and isinstance(b, str) and len(a) + len(b) <= LONGEST_TEXT
    ]:
        return frozenset(texts)
    first, second = iterations(left), iterations(right)
    if first is not None and second is not None:
        return sequence((*first, *second))
    elements = elements_of(left) | elements_of(right)
    return many(elements) if elements else UNKNOWN


def element_at(values: Values, index: Values) -> Values:
    """Return what `values[index]` may be."""
    keys = constants(index)
    if len(values) == 1 and len(keys) == 1:
        match next(iter(values)), keys[0]:
            case Fixed(elements), int() as place if -len(elements) <= place < len(elements):
                return elements[place]
            case Table(entries), key:
                exact = [held for name, held in entries if name.value == key]
                if exact:
                    return exact[-1]
    return elements_of(values)


def unpacked(values: Values, count: int, star: int | None) -> list[Values]:
    """Return what each of `count` targets gets; `star` is the index of the starred one."""
    known = iterations(values)
    rest = 0 if star is None else len(known or ()) - (count - 1)
    if known is None or rest < 0 or (star is None and len(known) != count):
        elements = elements_of(values)
        return [many(elements) if place == star else elements for place in range(count)]
    if star is None:
        return list(known)
    return [*known[:star], sequence(known[star : star + rest]), *known[star + rest :]]


def joined(scopes: list[Scope]) -> Scope:
    """Return the variables after branches that ended with these."""
    names = {name for scope in scopes for name in scope}
    return {name: union(scope.get(name, UNKNOWN) for scope in scopes) for name in names}


def table(entries: list[tuple[Values, Values]]) -> Values:
    """Return a dictionary: key by key where the keys are constant, else only its values."""
    keys = [list(key) for key, _ in entries]
    if all(len(key) == 1 and isinstance(key[0], Constant) for key in keys):
        plain = [key[0] for key in keys if isinstance(key[0], Constant)]
        held = [value for _, value in entries]
        return one(Table(tuple(zip(plain, held, strict=True))))
    return one(Many(union(value for _, value in entries)))
