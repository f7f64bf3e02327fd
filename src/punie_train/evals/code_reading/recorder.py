"""Record the calls of tools and the fields read while a program is followed."""

from collections.abc import Mapping, Sequence
from itertools import islice, product

from punie_train.core.agent_tools import TYPED_ITEMS, TYPED_RESULTS
from punie_train.evals.code_mode import CODE_FUNCTIONS
from punie_train.evals.code_reading.abstract import (
    UNKNOWN,
    Item,
    Result,
    Values,
    constants,
    many,
    one,
    union,
)
from punie_train.evals.code_reading.reading import CodeCall, Computed

MAX_STEPS = 50_000
_MOST_VARIANTS = 64


class TooLongError(Exception):
    """The program takes too many steps to follow."""


class Recorder:
    """What a program has called and read so far, and the steps it took to follow it."""

    def __init__(self) -> None:
        """Start with nothing recorded."""
        self.calls: dict[CodeCall, None] = {}
        self.fields: set[str] = set()
        self.unknown_fields: dict[str, None] = {}
        self.steps = 0

    def step(self) -> None:
        """Count one step; raises `TooLongError` at the limit."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise TooLongError

    def read(self, owner: Values, field: str) -> Values:
        """Return what a field of a typed result or item may be, and record that it was read."""
        found: list[Values] = []
        known = False
        problems: list[str] = []
        for value in owner:
            match value:
                case Result(tool) if field in TYPED_RESULTS[tool]:
                    self.fields.add(f"{tool}.{field}")
                    known = True
                    if field == TYPED_ITEMS[tool][0]:
                        found.append(many(one(Item(tool))))
                case Item(tool) if field in TYPED_ITEMS[tool][1]:
                    self.fields.add(f"{tool}.{TYPED_ITEMS[tool][0]}.{field}")
                    known = True
                case Result(tool):
                    problems.append(f"{tool}.{field}")
                case Item(tool):
                    problems.append(f"{tool}.{TYPED_ITEMS[tool][0]}.{field}")
                case _:
                    known = True
        if not known:
            self.unknown_fields |= dict.fromkeys(problems)
        return union(found)

    def read_path(self, owner: Values, dotted: str) -> Values:
        """Return what a dotted path of fields may be."""
        for field in dotted.split("."):
            owner = self.read(owner, field)
        return owner

    def call_tool(
        self, name: str, positional: Sequence[Values], named: Mapping[str, Values], line: int
    ) -> Values:
        """Record a call of a tool, once for every constant argument it may get."""
        parameters = list(CODE_FUNCTIONS[name].parameters["properties"])
        given = {
            parameters[i] if i < len(parameters) else f"argument {i + 1}": values
            for i, values in enumerate(positional)
        } | dict(named)
        choices = [
            [(key, plain) for plain in constants(values)] or [(key, Computed())]
            for key, values in given.items()
        ]
        for arguments in islice(product(*choices), _MOST_VARIANTS):
            self.calls[CodeCall(name=name, arguments=arguments, line=line)] = None
        return one(Result(name)) if name in TYPED_RESULTS else UNKNOWN
