"""The tools as the sandbox sees them: answers from a script, and a record of what was done."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from pydantic_monty import NOT_HANDLED, ClassInstance, ExternalModule

from punie_train.core.agent_tools import TYPED_ITEMS
from punie_train.core.messages import ToolCall
from punie_train.sandbox.scripts import FILE, Answer, Script
from punie_train.sandbox.stubs import RESULT_TYPES, TEXT_TOOLS

SHOWN = 200
"""Characters kept of an argument or of the name of something that was tried."""

KEPT = 100
"""Calls and attempts kept of one run."""


class HandedOver(ClassInstance):
    """A value that crosses whole, with nothing noted."""

    def __init__(self, value: Any) -> None:
        super().__init__(value, eager_attrs=_names(value))

    def convert_value(self, /, name: str, value: Any) -> Any:
        """Return an attribute as the sandbox takes it."""
        del name
        return [HandedOver(item) for item in value] if isinstance(value, tuple) else value


class Recorded(ClassInstance):
    """A value whose attributes are fetched one by one, each noted under a dotted prefix."""

    def __init__(self, value: Any, prefix: str, reads: set[str]) -> None:
        self._prefix, self._reads = prefix, reads
        super().__init__(value, lazy_attrs=_names(value))

    def lookup_lazy_attrs(self, name: str) -> Any:
        """Return an attribute and note that it was read; AttributeError where there is none."""
        value = super().lookup_lazy_attrs(name)
        path = f"{self._prefix}.{name}"
        self._reads.add(path)
        if isinstance(value, tuple):
            return [Recorded(item, path, self._reads) for item in value]
        return value


class Host:
    """What one run can call, and what it did."""

    def __init__(self, script: Script, *, recorded: bool = True) -> None:
        """Start with an unused script; with `recorded`, reads of fields are noted."""
        self._recorded = recorded
        self.fields: set[str] = set()
        self.calls: list[ToolCall] = []
        self.attempts: dict[str, None] = {}
        self._script, self._used = script, Counter[str]()

    def functions(self) -> dict[str, Callable[..., Any]]:
        """Return the tools by name."""
        parameters = {**dict.fromkeys(RESULT_TYPES, ("path",)), **TEXT_TOOLS}
        return {name: self._tool(name, names) for name, names in parameters.items()}

    def refuse(self, *, name: str, args: tuple[Any, ...], **_: Any) -> Any:
        """Note a call of the operating system, and leave it to the sandbox to refuse it."""
        self._attempt(f"{name}({', '.join(_shown(argument) for argument in args)})")
        return NOT_HANDLED

    def modules(self) -> Mapping[str, ExternalModule]:
        """Return no module at all, and note which are asked for."""
        return _NoModules(self._attempt)

    def _attempt(self, what: str) -> None:
        if len(self.attempts) < KEPT:
            self.attempts[what[:SHOWN]] = None

    def _tool(self, name: str, parameters: tuple[str, ...]) -> Callable[..., Any]:
        def tool(*positional: Any, **named: Any) -> Any:
            arguments = _bound(name, parameters, positional, named)
            if len(self.calls) < KEPT:
                shown = {key: value[:SHOWN] for key, value in arguments.items()}
                self.calls.append(ToolCall(name=name, arguments=shown))
            answer = self._next(name)
            if isinstance(answer, str):
                return answer
            placed = _placed(name, answer, arguments["path"])
            return Recorded(placed, name, self.fields) if self._recorded else HandedOver(placed)

        return tool

    def _next(self, name: str) -> Answer:
        answers = self._script.answers[name]
        turn = min(self._used[name], len(answers) - 1)
        self._used[name] += 1
        return answers[turn]


class _NoModules(Mapping[str, ExternalModule]):
    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note

    def __getitem__(self, name: str) -> ExternalModule:
        self._note(f"import {name}")
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _bound(
    name: str, parameters: tuple[str, ...], positional: tuple[Any, ...], named: dict[str, Any]
) -> dict[str, str]:
    """Return the arguments by name, all of them text, as a real tool would insist on."""
    if len(positional) > len(parameters):
        raise TypeError(f"{name}() takes {len(parameters)} arguments, {len(positional)} were given")
    arguments = dict(zip(parameters, positional, strict=False))
    for key, value in named.items():
        if key not in parameters or key in arguments:
            what = "twice" if key in arguments else "but there is no such parameter"
            raise TypeError(f"{name}() got the argument {key[:SHOWN]!r} {what}")
        arguments[key] = value
    for key in parameters:
        if key not in arguments:
            raise TypeError(f"{name}() misses the argument {key!r}")
        if not isinstance(arguments[key], str):
            kind = type(arguments[key]).__name__
            raise TypeError(f"{name}() wants text for {key!r}, not {kind}")
    return arguments


def _placed(name: str, answer: Any, path: str) -> Any:
    """Return the answer with its items in a file at the path that was asked for."""
    items, names = TYPED_ITEMS[name]
    if "file" not in names:
        return answer
    file = path if path.endswith(".py") else f"{path.rstrip('/')}/app.py"
    placed = tuple(
        replace(item, file=item.file.replace(FILE, file)) for item in getattr(answer, items)
    )
    return replace(answer, **{items: placed})


def _names(value: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(value))


def _shown(value: Any) -> str:
    return repr(str(value)[:SHOWN]) if isinstance(value, str) or hasattr(value, "parts") else "..."
