"""Read the tools of a case, and check calls that a case file writes against them."""

from collections.abc import Mapping
from typing import Any

from punie_train.core.agent_tools import AGENT_TOOLS, TOOLS_BY_NAME
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.case import AnyOf, ExpectedCall
from punie_train.evals.yaml_values import YamlValue, only_entry, suggestion

Tools = Mapping[str, ToolSpec]

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def read_tools(value: YamlValue | None) -> tuple[ToolSpec, ...]:
    """Return the tools of a case: `agent` (the default), names of agent tools, or OpenAI specs."""
    if value is None:
        return AGENT_TOOLS
    if value.kind == "text":
        if value.text() != "agent":
            remedy = "Write 'agent' for all of them, or a list of names."
            raise value.error(f"unknown set of tools {value.text()!r}", remedy)
        return AGENT_TOOLS
    tools: dict[str, ToolSpec] = {}
    for entry in value.sequence():
        tool = _read_tool(entry)
        if tool.name in tools:
            raise entry.error(f"the tool {tool.name!r} stands twice in {value.what}", "Remove one.")
        tools[tool.name] = tool
    return tuple(tools.values())


def _read_tool(entry: YamlValue) -> ToolSpec:
    if entry.kind == "text":
        return known_tool(entry, entry.text(), TOOLS_BY_NAME)
    keys = entry.mapping()
    function = entry.keys_from(("type", "function"))["function"] if "function" in keys else entry
    parts = function.keys_from(("type", "name", "description", "parameters"), required=("name",))
    parameters = parts["parameters"].json() if "parameters" in parts else {}
    if not isinstance(parameters, dict) or not isinstance(parameters.get("properties", {}), dict):
        raise parts["parameters"].expected("an object schema with properties")
    return ToolSpec(
        name=parts["name"].filled_text(),
        description=parts["description"].text() if "description" in parts else "",
        parameters={"type": "object", "properties": {}} | parameters,
    )


def known_tool(place: YamlValue, name: str, tools: Tools) -> ToolSpec:
    """Return the tool of that name; raises `CaseFileError` with a suggestion."""
    if name not in tools:
        raise place.error(f"unknown tool {name!r} in {place.what}", suggestion(name, tools))
    return tools[name]


def read_call(value: YamlValue, tools: Tools) -> ExpectedCall:
    """Return one call, `tool: {argument: value}`, checked against the tool's schema."""
    name, place = only_entry(value)
    tool = known_tool(value, name, tools)
    entries = {} if place.kind == "empty" else place.mapping()
    properties = tool.parameters.get("properties", {})
    for key, argument in entries.items():
        if key not in properties:
            known = suggestion(key, properties) if properties else "It takes none."
            raise argument.error(f"{name} has no argument {key!r}", known)
    for key in sorted(tool.required - entries.keys()):
        raise place.error(f"the call of {name} lacks the argument {key!r}", f"Add {key!r}.")
    return ExpectedCall(
        name=name,
        arguments={key: _read_value(entry, properties[key]) for key, entry in entries.items()},
    )


def _read_value(value: YamlValue, schema: Mapping[str, Any]) -> Any:
    keys = value.mapping() if value.kind == "a mapping" else {}
    if "any_of" in keys and keys.keys() <= {"any_of", "optional"}:
        choices = keys["any_of"].sequence()
        if not choices:
            raise value.error(f"{value.what} has no alternative", "Add one to any_of.")
        return AnyOf(
            values=tuple(_read_plain(choice, schema) for choice in choices),
            optional="optional" in keys and keys["optional"].flag(),
        )
    return _read_plain(value, schema)


def _read_plain(value: YamlValue, schema: Mapping[str, Any]) -> Any:
    plain = value.json()
    wanted = schema.get("type")
    if isinstance(wanted, str) and wanted in _TYPES:
        fits = isinstance(plain, _TYPES[wanted]) and (
            not isinstance(plain, bool) or wanted == "boolean"
        )
        if not fits:
            raise value.expected("text" if wanted == "string" else f"a value of type {wanted}")
    return plain
