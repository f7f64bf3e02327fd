"""Qwen3-Coder's XML: functions with one tag per parameter, typed by the tool's schema.

One line break after the opening and one before the closing parameter tag is markup; the rest
belongs to the value. A value ends at the first `</parameter>` that another tag of the format
follows, so a `</parameter>` in the middle of a line of a value is kept; a value that holds a
whole `</parameter>` plus tag is ambiguous in this format and ends there.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from punie_train.core.messages import ToolCall
from punie_train.toolcalls.markup import Markup, Tag, TagAt
from punie_train.toolcalls.parsed import MalformedCall, WireFormat
from punie_train.toolcalls.reading import FoundCall, Reading, ToolsByName
from punie_train.toolcalls.typed_values import value_from_text

_NAME = re.compile(r"\s*([^<>\n]{1,200}?)[ \t]*(?:>|(?=[<\n])|\Z)")
_STRAY_END = re.compile(r"\n?</parameter[^\s<>]{0,40}>?\s*\Z")


class _Ending(Enum):
    CLOSED = "by its own closing tag"
    IMPLIED = "by a tag that ends more than the value"
    CUT = "not at all"


@dataclass(slots=True)
class _Function:
    """What was read of one function."""

    name: str
    values: dict[str, str] = field(default_factory=dict)
    end: int = 0
    closed: bool = False
    repeated: bool = False
    problem: MalformedCall | None = None


def render_xml(name: str, values: Mapping[str, str]) -> str:
    """Return the call block exactly as the format prescribes; values are given as text."""
    parameters = "".join(
        f"<parameter={key}>\n{value}\n</parameter>\n" for key, value in values.items()
    )
    return f"<tool_call>\n<function={name}>\n{parameters}</function>\n</tool_call>"


def read_functions(markup: Markup, start: int, index: int, tools: ToolsByName) -> Reading | None:
    """Read the functions that begin at tag `index` of a block that begins at character `start`.

    A block inside `<tool_call>` may hold several functions. Without the opening tag a function
    must be closed or have a parameter, or it is prose about the format and None is returned.
    """
    text, tags = markup.text, markup.tags
    tagged = text.startswith(Tag.CALL, start)
    functions: list[_Function] = []
    end = start
    while index < len(tags) and tags[index].tag is Tag.FUNCTION:
        function = _read_function(markup, index, tools)
        if not tagged and not (
            function.name and (function.closed or function.values or function.problem)
        ):
            break
        functions.append(function)
        end = function.end
        index = markup.index_from(end)
        following = markup.after_space(end)
        if function.problem or not (index < len(tags) and tags[index].start == following):
            break
    if not functions:
        return None
    closes = index < len(tags) and tags[index].tag is Tag.CALL_END
    if closes and (tagged or markup.after_space(end) == tags[index].start):
        end = tags[index].end
    block = text[start:end]
    exact = len(functions) == 1 and block == render_xml(functions[0].name, functions[0].values)
    return Reading(
        start=start,
        end=end,
        calls=tuple(
            FoundCall(
                call=ToolCall(name=function.name, arguments=_typed(function, tools)),
                format=WireFormat.QWEN3_CODER_XML,
                exact=exact and not function.repeated,
            )
            for function in functions
            if function.problem is None
        ),
        malformed=tuple(function.problem for function in functions if function.problem),
    )


def _typed(function: _Function, tools: ToolsByName) -> dict[str, Any]:
    schemas = tools[function.name].parameters.get("properties") if function.name in tools else None
    properties: Mapping[str, Any] = schemas if isinstance(schemas, Mapping) else {}
    return {
        name: value_from_text(text, schema if isinstance(schema, Mapping) else {})
        for name, text in function.values.items()
        for schema in (properties.get(name, {}),)
    }


def _read_function(markup: Markup, index: int, tools: ToolsByName) -> _Function:
    text, tags, opening = markup.text, markup.tags, markup.tags[index]
    if (named := _NAME.match(text, opening.end)) is None:
        problem = MalformedCall(
            reason="the function has no name", position=opening.start, text=opening.tag
        )
        return _Function(name="", end=opening.end, problem=problem)
    function = _Function(name=named[1], end=named.end())
    properties = tools[named[1]].parameters.get("properties", {}) if named[1] in tools else {}
    index += 1
    while index < len(tags):
        tag = tags[index]
        match tag.tag:
            case Tag.PARAMETER:
                index = _read_parameter(markup, index, opening, function, properties.keys())
                if function.problem:
                    return function
            case Tag.FUNCTION_END:
                function.end, function.closed = tag.end, True
                return function
            case Tag.PARAMETER_END:
                function.end = tag.end
                index += 1
            case _:
                return function
    return function


def _read_parameter(
    markup: Markup,
    index: int,
    opening: TagAt,
    function: _Function,
    properties: Collection[str],
) -> int:
    text, tags = markup.text, markup.tags
    named = _NAME.match(text, tags[index].end)
    awaited = {key for key in properties if key not in function.values}
    last, ending = _end_of_value(markup, index, awaited - {named[1]} if named else awaited)
    if named is None or ending is _Ending.CUT:
        what = "has a parameter without a name"
        if named is not None:
            what = f"is cut off in the value of {named[1]}"
        function.end = tags[last].start if last < len(tags) else len(text)
        function.problem = MalformedCall(
            reason=f"the call of {function.name} {what}",
            position=opening.start,
            text=text[opening.start : function.end],
        )
        return last
    closed = ending is _Ending.CLOSED
    value = text[named.end() : tags[last].start]
    if not closed:
        value = _STRAY_END.sub("\n", value, count=1)
    value = value.removeprefix("\n").removesuffix("\n")
    function.repeated |= named[1] in function.values
    function.values[named[1]] = value
    function.end = tags[last].end if closed else tags[last].start
    return last + 1 if closed else last


def _end_of_value(markup: Markup, index: int, awaited: Collection[str]) -> tuple[int, _Ending]:
    """Return the index of the tag that ends the value of the parameter at `index`, and how.

    The opening tag of an `awaited` parameter ends a value that is not closed itself.
    """
    tags = markup.tags
    for last in range(index + 1, len(tags)):
        tag = tags[last]
        match tag.tag:
            case Tag.PARAMETER_END if markup.follows(
                tag, Tag.PARAMETER, Tag.FUNCTION_END, Tag.CALL_END, Tag.CALL, end=True
            ):
                return last, _Ending.CLOSED
            case Tag.PARAMETER if markup.text[tag.start - 1] in "\n>":
                named = _NAME.match(markup.text, tag.end)
                if named and named[1] in awaited:
                    return last, _Ending.IMPLIED
            case Tag.FUNCTION_END if markup.follows(
                tag, Tag.CALL_END, Tag.CALL, Tag.FUNCTION, end=True
            ):
                return last, _Ending.IMPLIED
            case Tag.CALL_END if markup.follows(tag, Tag.CALL, end=True):
                return last, _Ending.IMPLIED
            case Tag.CALL if markup.follows(tag, Tag.FUNCTION):
                return last, _Ending.CUT
    return len(tags), _Ending.CUT
