"""The drafts of each kind of rows."""

from collections.abc import Iterator
from random import Random

from punie_train.generate.direct import direct
from punie_train.generate.drafts import Draft
from punie_train.generate.field_access import field_access
from punie_train.generate.kind import Kind
from punie_train.generate.tool_calling import tool_calling
from punie_train.generate.typed_tools import typed_tools
from punie_train.generate.workflows import workflows
from punie_train.sandbox.run_code import Sandbox


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
