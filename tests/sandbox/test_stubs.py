"""What the type check knows of the tools is what the product says of them elsewhere."""

import ast
from dataclasses import fields

from punie_train.core.agent_tools import AGENT_TOOLS, TYPED_ITEMS, TYPED_RESULTS
from punie_train.sandbox.stubs import ITEM_TYPES, RESULT_TYPES, TEXT_TOOLS, type_stubs


def test_results_have_the_fields_that_are_promised() -> None:
    """Names and order of the fields are the same in values, stubs and the table of fields."""
    assert {
        name: tuple(field.name for field in fields(kind)) for name, kind in RESULT_TYPES.items()
    } == dict(TYPED_RESULTS)
    assert {
        name: tuple(field.name for field in fields(kind)) for name, kind in ITEM_TYPES.items()
    } == {name: names for name, (_, names) in TYPED_ITEMS.items()}


def test_the_stubs_are_python_and_hold_every_tool() -> None:
    """Three typed tools and the agent's seven, but not the one that runs code itself."""
    tree = ast.parse(type_stubs())
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert functions == {*RESULT_TYPES, *TEXT_TOOLS}
    assert {tool.name for tool in AGENT_TOOLS} - functions == {"execute_code"}
    assert "    errors: list[TypeCheckError]\n" in type_stubs()
    assert "    parse_error: str | None\n" in type_stubs()
