"""Values of a YAML file that know their line, so that every complaint names file and line."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from punie_train.core.errors import UsageError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_VALUES = 1_000_000
_KINDS = {"str": "text", "int": "a number", "float": "a number", "bool": "true or false"}
_KINDS |= {"null": "empty", "seq": "a list", "map": "a mapping", "timestamp": "a date"}


class CaseFileError(UsageError):
    """A case file cannot be used; `path` and `line` (from 1) say where."""

    def __init__(self, path: Path, line: int, problem: str, consequence: str, remedy: str):
        """Build the message from the place and what is wrong there."""
        self.path, self.line = path, line
        super().__init__(f"{path}:{line}: {problem}", consequence, remedy)


def did_you_mean(name: str, known: Collection[str], *, cutoff: float = 0.6) -> str | None:
    """Return the known name that is closest, or None when none is near."""
    matches = get_close_matches(name, sorted(known), n=1, cutoff=cutoff)
    return matches[0] if matches else None


def suggestion(name: str, known: Collection[str]) -> str:
    """Return the remedy for an unknown name."""
    if near := did_you_mean(name, known):
        return f"Did you mean {near!r}?"
    return f"Use one of: {', '.join(sorted(known))}."


@dataclass(frozen=True, slots=True)
class YamlValue:
    """A node of a YAML file; `what` names it in messages."""

    node: yaml.Node
    path: Path
    what: str

    @property
    def line(self) -> int:
        """Return the line on which the value starts, from 1."""
        return self.node.start_mark.line + 1

    @property
    def kind(self) -> str:
        """Return what the value is, in words."""
        return _KINDS.get(self.node.tag.rpartition(":")[2], self.node.tag)

    def error(self, problem: str, remedy: str) -> CaseFileError:
        """Return the error for this value."""
        return CaseFileError(self.path, self.line, problem, "the suite is not loaded", remedy)

    def expected(self, wanted: str) -> CaseFileError:
        """Return the error for a value of another type."""
        remedy = "Put it in quotes." if wanted == "text" and self._is_scalar else f"Write {wanted}."
        return self.error(f"{self.what} is {self.kind} where {wanted} belongs", remedy)

    @property
    def _is_scalar(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode) and self.kind != "empty"

    def mapping(self) -> "dict[str, YamlValue]":
        """Return the entries by key; raises `CaseFileError` for another type or a repeated key."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.expected("a mapping")
        entries: dict[str, YamlValue] = {}
        for key_node, value_node in self.node.value:
            key = YamlValue(key_node, self.path, f"a key of {self.what}").text()
            if key in entries:
                place = YamlValue(key_node, self.path, key)
                raise place.error(f"the key {key!r} stands twice in {self.what}", "Remove one.")
            entries[key] = YamlValue(value_node, self.path, f"{key!r} of {self.what}")
        return entries

    def keys_from(
        self, known: Collection[str], *, required: Collection[str] = ()
    ) -> "dict[str, YamlValue]":
        """Return the entries; raises `CaseFileError` for an unknown or a missing key."""
        entries = self.mapping()
        for key in entries:
            if key not in known:
                place = YamlValue(self._key_node(key), self.path, key)
                raise place.error(f"unknown key {key!r} in {self.what}", suggestion(key, known))
        for key in required:
            if key not in entries:
                raise self.error(f"{self.what} has no {key!r}", f"Add the key {key!r}.")
        return entries

    def _key_node(self, key: str) -> yaml.Node:
        return next(node for node, _ in self.node.value if node.value == key)

    def sequence(self) -> "list[YamlValue]":
        """Return the elements; raises `CaseFileError` for another type."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.expected("a list")
        return [
            YamlValue(node, self.path, f"entry {number} of {self.what}")
            for number, node in enumerate(self.node.value, start=1)
        ]

    def text(self) -> str:
        """Return the text; raises `CaseFileError` for another type."""
        if not isinstance(self.node, yaml.ScalarNode) or self.kind != "text":
            raise self.expected("text")
        return self.node.value

    def filled_text(self) -> str:
        """Return the text; raises `CaseFileError` also for blank text."""
        if not (text := self.text()).strip():
            raise self.error(f"{self.what} is blank", "Write some text.")
        return text

    def texts(self) -> tuple[str, ...]:
        """Return one text or a list of texts as a tuple."""
        if isinstance(self.node, yaml.SequenceNode):
            if not self.node.value:
                raise self.error(f"{self.what} is an empty list", "Add an entry.")
            return tuple(element.text() for element in self.sequence())
        return (self.text(),)

    def flag(self) -> bool:
        """Return true or false; raises `CaseFileError` for another type."""
        if not isinstance(value := self.json(), bool):
            raise self.expected("true or false")
        return value

    def count(self) -> int:
        """Return a whole number from 1; raises `CaseFileError` for anything else."""
        value = self.json()
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.expected("a whole number from 1")
        return value

    def json(self) -> Any:
        """Return the value with everything inside, which must be what JSON can hold."""
        match self.node:
            case yaml.MappingNode():
                return {key: value.json() for key, value in self.mapping().items()}
            case yaml.SequenceNode():
                return [value.json() for value in self.sequence()]
        if self.kind not in _KINDS.values() or self.kind == "a date":
            raise self.expected("text")
        try:
            return yaml.constructor.SafeConstructor().construct_object(self.node)
        except (ValueError, yaml.YAMLError):
            raise self.expected("text") from None


def read_yaml(path: Path) -> YamlValue:
    """Return the top of a YAML file; raises `CaseFileError` for what is not readable YAML."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
        values = _values(node, {})
    except OSError as error:
        reason = error.strerror or str(error)
        raise CaseFileError(
            path, 1, f"cannot be read ({reason})", "no case is loaded", "Check the path."
        ) from error
    except UnicodeDecodeError as error:
        raise CaseFileError(
            path, 1, "is not UTF-8 text", "no case is loaded", "Save the file as UTF-8."
        ) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        problem = f"not valid YAML ({error.problem})"
        remedy = "Put text with ': ', ' #' or leading punctuation in quotes."
        line = mark.line + 1 if mark else 1
        raise CaseFileError(path, line, problem, "no case is loaded", remedy) from error
    except yaml.YAMLError as error:
        raise CaseFileError(
            path, 1, f"not valid YAML ({error})", "no case is loaded", "Remove control characters."
        ) from error
    except RecursionError as error:
        raise CaseFileError(
            path, 1, "is nested too deeply", "no case is loaded", "Flatten the file."
        ) from error
    if values > MOST_VALUES:
        raise CaseFileError(
            path,
            1,
            f"its aliases stand for more than {MOST_VALUES:,} values",
            "no case is loaded",
            "Write them out, or leave some out.",
        )
    if node is None:
        raise CaseFileError(
            path, 1, "is empty", "no case is loaded", "Add 'suite:' and 'cases:' (docs/cases.md)."
        )
    return YamlValue(node, path, "the file")


def _values(node: yaml.Node | None, known: dict[int, int]) -> int:
    """Return how many values a node holds once its aliases are written out."""
    if id(node) not in known:
        known[id(node)] = MOST_VALUES + 1  # of a node that holds itself
        match node:
            case yaml.MappingNode():
                inner = [each for pair in node.value for each in pair]
            case yaml.SequenceNode():
                inner = node.value
            case _:
                inner = []
        known[id(node)] = 1 + sum(_values(each, known) for each in inner)
    return known[id(node)]


def only_entry(value: YamlValue) -> tuple[str, YamlValue]:
    """Return key and value of a mapping with exactly one entry, such as `read_file: {...}`."""
    entries: Mapping[str, YamlValue] = value.mapping()
    if len(entries) != 1:
        raise value.error(
            f"{value.what} has {len(entries)} keys where one tool name belongs",
            "Write one call a list entry: - tool: {argument: value}.",
        )
    return next(iter(entries.items()))
