"""The kinds of rows that can be generated, by name."""

from enum import StrEnum


class Kind(StrEnum):
    """What `dataset generate` can make."""

    TOOL_CALLING = "tool-calling"
    TYPED_TOOLS = "typed-tools"
    FIELD_ACCESS = "field-access"
    WORKFLOWS = "workflows"
    DIRECT = "direct"

    @property
    def purpose(self) -> str:
        """Return in a sentence what rows of this kind teach."""
        return _PURPOSES[self]


_PURPOSES = {
    Kind.TOOL_CALLING: "Calls of the agent's seven tools: one, several at once, one after another.",
    Kind.TYPED_TOOLS: "Code over ty, ruff and pytest, with results of really running them.",
    Kind.FIELD_ACCESS: "Code that reads every field of typed results: values, items, conditions, "
    "several steps.",
    Kind.WORKFLOWS: "Work of several steps with results in between, to the closing words.",
    Kind.DIRECT: "Answers in words or code where no tool is needed.",
}
