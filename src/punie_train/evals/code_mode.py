"""What code in `execute_code` can call, and the fields of what comes back."""

from collections.abc import Mapping

from punie_train.core.agent_tools import AGENT_TOOLS, TYPED_ITEMS, TYPED_RESULTS
from punie_train.core.tool_specs import ToolSpec

CODE_TOOL = "execute_code"

CODE_FUNCTIONS: Mapping[str, ToolSpec] = {
    **{
        name: ToolSpec(
            name=name,
            description="",
            parameters={
                "type": "object",
                "properties": {"path": {"type": "string"}},
                "required": ["path"],
            },
        )
        for name in TYPED_RESULTS
    },
    **{tool.name: tool for tool in AGENT_TOOLS if tool.name != CODE_TOOL},
}
"""The functions that code in `execute_code` can call: the typed tools and the agent's own."""

FIELDS: frozenset[str] = frozenset(
    f"{tool}.{field}" for tool, fields in TYPED_RESULTS.items() for field in fields
) | frozenset(
    f"{tool}.{items}.{field}" for tool, (items, fields) in TYPED_ITEMS.items() for field in fields
)
"""Every field of a typed result as a case file writes it."""
