"""The tools of the Punie agent, and the results of the typed tools in code mode."""

from collections.abc import Mapping
from types import MappingProxyType

from punie_train.core.tool_specs import ToolSpec


def _spec(name: str, description: str, **parameters: str) -> ToolSpec:
    return ToolSpec(
        name=name,
        description=description,
        parameters={
            "type": "object",
            "properties": {
                key: {"type": "string", "description": text} for key, text in parameters.items()
            },
            "required": list(parameters),
        },
    )


_TERMINAL = "The id that run_command returned."

AGENT_TOOLS: tuple[ToolSpec, ...] = (
    _spec("read_file", "Read a text file.", path="Path of the file."),
    _spec("write_file", "Create or replace a text file.", path="Path.", content="New content."),
    _spec("run_command", "Start a shell command in a new terminal.", command="The command."),
    _spec("get_terminal_output", "Return what a terminal printed.", terminal_id=_TERMINAL),
    _spec("release_terminal", "Give a terminal back.", terminal_id=_TERMINAL),
    _spec("wait_for_terminal_exit", "Wait until a command ends.", terminal_id=_TERMINAL),
    _spec("kill_terminal", "Stop a running command.", terminal_id=_TERMINAL),
    _spec("execute_code", "Run Python that may call the typed tools.", code="Python source."),
)

TOOLS_BY_NAME: Mapping[str, ToolSpec] = MappingProxyType({tool.name: tool for tool in AGENT_TOOLS})

TYPED_RESULTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "typecheck": ("success", "error_count", "warning_count", "errors", "parse_error"),
        "ruff_check": ("success", "violation_count", "fixable_count", "violations", "parse_error"),
        "pytest_run": (
            "success",
            "passed",
            "failed",
            "errors",
            "skipped",
            "duration",
            "tests",
            "parse_error",
        ),
    }
)
"""Fields of each typed tool's result, by tool name."""

TYPED_ITEMS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "typecheck": ("errors", ("file", "line", "column", "severity", "code", "message")),
        "ruff_check": ("violations", ("file", "line", "column", "code", "message", "fixable")),
        "pytest_run": ("tests", ("name", "outcome", "duration", "message")),
    }
)
"""The list field of each typed tool's result and the fields of its items, by tool name."""
