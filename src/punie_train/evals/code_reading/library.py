"""The functions and methods of Python's library that hand values through."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from punie_train.evals.code_reading.abstract import (
    UNKNOWN,
    Constant,
    Getter,
    Values,
    constants,
    element_at,
    elements_of,
    iterations,
    many,
    one,
    pairs,
    sequence,
    union,
)

Apply = Callable[[Values, Sequence[Values]], Values]
"""Calls a function value with positional arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """The arguments of one call, and how to call a callback among them."""

    positional: tuple[Values, ...]
    named: Mapping[str, Values]
    apply: Apply

    def at(self, index: int) -> Values:
        """Return a positional argument, or unknown."""
        return self.positional[index] if index < len(self.positional) else UNKNOWN

    def use_key(self, elements: Values) -> None:
        """Call the `key` function on the elements."""
        if key := self.named.get("key"):
            self.apply(key, (elements,))


def _same(call: Arguments) -> Values:
    values = call.at(0)
    call.use_key(elements_of(values))
    return values


def _largest(call: Arguments) -> Values:
    single = len(call.positional) == 1
    elements = elements_of(call.at(0)) if single else union(call.positional)
    call.use_key(elements)
    return elements | call.named.get("default", UNKNOWN)


def _n_largest(call: Arguments) -> Values:
    elements = elements_of(call.at(1))
    call.use_key(elements)
    return many(elements)


def _enumerate(call: Arguments) -> Values:
    known = iterations(call.at(0))
    if known is not None:
        return sequence(sequence((one(Constant(i)), item)) for i, item in enumerate(known))
    return many(sequence((UNKNOWN, elements_of(call.at(0)))))


def _zip(call: Arguments) -> Values:
    rows = [iterations(values) for values in call.positional]
    known = [row for row in rows if row is not None]
    if rows and len(known) == len(rows):
        return sequence(sequence(row) for row in zip(*known, strict=False))
    return many(sequence(elements_of(values) for values in call.positional))


def _filter(call: Arguments) -> Values:
    elements = elements_of(call.at(1))
    call.apply(call.at(0), (elements,))
    return many(elements)


def _map(call: Arguments) -> Values:
    rows = [iterations(values) for values in call.positional[1:]]
    known = [row for row in rows if row is not None]
    if rows and len(known) == len(rows):
        return sequence(call.apply(call.at(0), row) for row in zip(*known, strict=False))
    elements = [elements_of(values) for values in call.positional[1:]]
    return many(call.apply(call.at(0), elements))


def _next(call: Arguments) -> Values:
    return elements_of(call.at(0)) | call.at(1)


def _flatten(call: Arguments) -> Values:
    return elements_of(call.at(0))


def _chain(call: Arguments) -> Values:
    known = [iterations(values) for values in call.positional]
    if known and all(row is not None for row in known):
        return sequence(item for row in known if row is not None for item in row)
    return many(union(map(elements_of, call.positional)))


def _from_iterable(call: Arguments) -> Values:
    return many(elements_of(elements_of(call.at(0))))


def _gather(call: Arguments) -> Values:
    return sequence(call.positional)


def _group_by(call: Arguments) -> Values:
    elements = elements_of(call.at(0))
    call.apply(call.at(1), (elements,))
    call.use_key(elements)
    return many(sequence((UNKNOWN, many(elements))))


def _reduce(call: Arguments) -> Values:
    elements = elements_of(call.at(1)) | call.at(2)
    return elements | call.apply(call.at(0), (elements, elements))


def _attrgetter(call: Arguments) -> Values:
    names = [name for values in call.positional for name in constants(values)]
    return one(Getter(tuple(name for name in names if isinstance(name, str))))


def _text(call: Arguments) -> Values:
    return frozenset(Constant(str(value)) for value in constants(call.at(0)))


def _dict(call: Arguments) -> Values:
    held = elements_of(elements_of(call.at(0))) | union(call.named.values())
    return call.at(0) or many(held)


FUNCTIONS: Mapping[str, Callable[[Arguments], Values]] = {
    **dict.fromkeys(
        ("list", "tuple", "set", "frozenset", "iter", "sorted", "reversed", "deque", "copy"), _same
    ),
    **dict.fromkeys(("islice", "cycle", "run", "cast", "deepcopy", "as_completed"), _same),
    **dict.fromkeys(("max", "min"), _largest),
    **dict.fromkeys(("nlargest", "nsmallest"), _n_largest),
    **dict.fromkeys(("zip", "zip_longest"), _zip),
    **dict.fromkeys(("filter", "filterfalse", "takewhile", "dropwhile"), _filter),
    **dict.fromkeys(("sum", "choice"), _flatten),
    **dict.fromkeys(("str", "Path", "PurePath"), _text),
    **dict.fromkeys(("dict", "defaultdict", "OrderedDict"), _dict),
    "enumerate": _enumerate,
    "map": _map,
    "next": _next,
    "chain": _chain,
    "from_iterable": _from_iterable,
    "gather": _gather,
    "groupby": _group_by,
    "reduce": _reduce,
    "attrgetter": _attrgetter,
}
"""Followed functions by their last name, module or not."""


def _items(values: Values, _call: Arguments) -> Values:
    return pairs(values)


def _values(values: Values, _call: Arguments) -> Values:
    return many(elements_of(values))


def _get(values: Values, call: Arguments) -> Values:
    return element_at(values, call.at(0)) | call.at(1)


def _pop(values: Values, call: Arguments) -> Values:
    return elements_of(values) | call.at(1)


def _copy(values: Values, _call: Arguments) -> Values:
    return values


def _sort(values: Values, call: Arguments) -> Values:
    call.use_key(elements_of(values))
    return UNKNOWN


METHODS: Mapping[str, Callable[[Values, Arguments], Values]] = {
    "items": _items,
    "values": _values,
    "get": _get,
    "pop": _pop,
    "popleft": _pop,
    "popitem": _pop,
    "setdefault": _get,
    "copy": _copy,
    "sort": _sort,
}
"""Methods of containers that hand values through."""


def added_by(method: str, call: Arguments) -> Values:
    """Return the elements that a method puts into its container; unknown for other methods."""
    match method:
        case "append" | "add" | "appendleft":
            return call.at(0)
        case "insert" | "setdefault":
            return call.at(1)
        case "extend" | "update" | "extendleft":
            return elements_of(call.at(0)) | union(call.named.values())
    return UNKNOWN
