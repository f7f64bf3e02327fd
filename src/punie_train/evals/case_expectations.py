"""Read what the right answer of a case holds."""

import re
from collections.abc import Collection

from punie_train.evals.case import Expectation, ExpectedCall
from punie_train.evals.case_tools import Tools, read_call
from punie_train.evals.code_mode import CODE_FUNCTIONS, CODE_TOOL, FIELDS
from punie_train.evals.yaml_values import YamlValue, suggestion


def read_expectation(value: YamlValue, tools: Tools) -> Expectation:
    """Return the expectation of a case, checked against its tools."""
    keys = value.keys_from(("calls", "code", "fields", "keywords", "no_call"))
    expectation = Expectation(
        calls=_calls(keys["calls"], tools) if "calls" in keys else (),
        code=_calls(keys["code"], CODE_FUNCTIONS) if "code" in keys else (),
        fields=_alternatives(keys["fields"]) if "fields" in keys else (),
        keywords=_alternatives(keys["keywords"]) if "keywords" in keys else (),
        no_call=keys["no_call"].flag() if "no_call" in keys else False,
    )
    if expectation == Expectation():
        raise value.error(
            f"{value.what} asks for nothing", "Give calls, code, keywords or no_call: true."
        )
    _check_together(value, expectation, tools)
    if "fields" in keys:
        _check_fields(keys["fields"], expectation)
    if "keywords" in keys:
        _check_keywords(keys["keywords"], expectation)
    return expectation


def _calls(value: YamlValue, tools: Tools) -> tuple[ExpectedCall, ...]:
    entries = value.sequence()
    if not entries:
        raise value.error(f"{value.what} is an empty list", "Write no_call: true for no call.")
    return tuple(read_call(entry, tools) for entry in entries)


def _alternatives(value: YamlValue) -> tuple[tuple[str, ...], ...]:
    entries = tuple(entry.texts() for entry in value.sequence())
    if not entries:
        raise value.error(f"{value.what} is an empty list", "Add an entry or remove the key.")
    return entries


def _check_together(value: YamlValue, expectation: Expectation, tools: Tools) -> None:
    if expectation.no_call and (expectation.calls or expectation.code):
        raise value.error(f"{value.what} wants calls and no call", "Remove one of them.")
    if expectation.calls and expectation.code:
        raise value.error(f"{value.what} has calls and code", "Use two cases.")
    if expectation.code and CODE_TOOL not in tools:
        raise value.error(f"{value.what} wants code", f"Add {CODE_TOOL} to the tools of the case.")


def _check_fields(value: YamlValue, expectation: Expectation) -> None:
    called = {call.name for call in expectation.code}
    for entry, names in zip(value.sequence(), expectation.fields, strict=True):
        for name in names:
            _check_name(entry, name, FIELDS)
            if (tool := name.partition(".")[0]) not in called:
                raise entry.error(
                    f"the field {name!r} belongs to {tool}, which the case does not call",
                    f"Add {tool} to 'code', or remove the field.",
                )


def _check_name(entry: YamlValue, name: str, known: Collection[str]) -> None:
    if name not in known:
        raise entry.error(f"unknown field {name!r}", suggestion(name, known))


def _check_keywords(value: YamlValue, expectation: Expectation) -> None:
    for entry, words in zip(value.sequence(), expectation.keywords, strict=True):
        if any(not re.search(r"\S", word) for word in words):
            raise entry.error(f"{entry.what} is blank", "Write a keyword.")
