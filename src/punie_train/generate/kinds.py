"""The kinds of rows that can be generated."""

from collections.abc import Iterator
from enum import StrEnum
from random import Random

from punie_train.generate.direct import direct
from punie_train.generate.drafts import Draft
from punie_train.generate.field_access import field_access
from punie_train.generate.tool_calling import tool_calling
from punie_train.generate.typed_tools import typed_tools
from punie_train.generate.workflows import workflows
from punie_train.sandbox.run_code import Sandbox


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


def drafts(kind: Kind, seed: int, sandbox: Sandbox) -> Iterator[Draft]:
    """Yield drafts of a kind without end, the same for the same seed."""
    rng = Random(f"{kind} {seed}")
    match kind:
        case Kind.TOOL_CALLING:
            return tool_calling(rng)
        case Kind.TYPED_TOOLS:
            return typed_tools(rng, sandbox, f"{kind} {seed}")
        case Kind.FIELD_ACCESS:
            return field_access(rng)
        case Kind.WORKFLOWS:
            return workflows(rng, sandbox)
        case Kind.DIRECT:
            return direct(rng, sandbox)
