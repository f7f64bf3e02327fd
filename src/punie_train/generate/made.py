"""Rows from drafts: proven, each unlike the others, none like an evaluation case."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.errors import PunieTrainError
from punie_train.generate.drafts import Draft, all_calls
from punie_train.generate.kind import Kind
from punie_train.generate.kinds import drafts
from punie_train.generate.near_copies import SeenTexts
from punie_train.generate.proof import is_proven
from punie_train.generate.variants import variant_key
from punie_train.sandbox.run_code import Sandbox
from punie_train.starter.overlap import overlapping
from punie_train.starter.rows import row

PATIENCE = 60
"""Drafts made for each row that is wanted, at most."""

TOOLS: tuple[dict[str, Any], ...] = tuple(
    {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.description,
            "parameters": dict(tool.parameters),
        },
    }
    for tool in AGENT_TOOLS
)
"""The tools of every row, in OpenAI's form."""


class ExhaustedError(PunieTrainError):
    """The grammar has fewer different rows than were asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeRow:
    """A row, the key it shares with its variants, and the names of the tools it calls."""

    value: dict[str, Any]
    variant: str
    calls: tuple[str, ...]

    @property
    def category(self) -> str:
        """Return the row's category."""
        return self.value["category"]

    @property
    def line(self) -> bytes:
        """Return the row as one line of JSON without a line feed."""
        return json.dumps(self.value, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(slots=True, kw_only=True)
class Rejected:
    """How many drafts did not become rows, and why."""

    not_proven: int = 0
    near_copies: int = 0
    like_cases: int = 0


def made_rows(
    kind: Kind,
    count: int,
    seed: int,
    sandbox: Sandbox,
    *,
    prompts: Sequence[str] = (),
    on_row: Callable[[int], None] = lambda _: None,
) -> tuple[list[MadeRow], Rejected]:
    """Return `count` rows, the same for the same arguments, and what was left out.

    No row overlaps one of the `prompts` of evaluation cases. `on_row` is told the number of rows
    so far. Raises ExhaustedError, and SandboxError when no code can be run.
    """
    rejected, seen = Rejected(), SeenTexts()
    stream = _new_rows(
        islice(drafts(kind, seed, sandbox), PATIENCE * count), seen, sandbox, rejected
    )
    rows: list[MadeRow] = []
    while len(rows) < count:
        before = len(rows)
        for one in islice(stream, count - before):
            rows.append(one)
            on_row(len(rows))
        if len(rows) == before:
            raise ExhaustedError(
                f"only {len(rows)} different rows of kind {kind} were found",
                f"{count} cannot be made",
                "Ask for fewer, or add rows of another seed or kind.",
            )
        like = overlapping([one.value for one in rows], prompts)
        rejected.like_cases += len(like)
        rows = [one for number, one in enumerate(rows) if number not in like]
    return rows, rejected


def _new_rows(
    source: Iterator[Draft], seen: SeenTexts, sandbox: Sandbox, rejected: Rejected
) -> Iterator[MadeRow]:
    asked: set[str] = set()
    for draft in source:
        if not is_proven(draft, sandbox):
            rejected.not_proven += 1
            continue
        value = row(draft.sample, tools=TOOLS) | {"category": draft.sample.category}
        if (text := _asked(value)) in asked or not seen.is_new(_told(value)):
            rejected.near_copies += 1
            continue
        asked.add(text)
        calls = tuple(call.name for call in all_calls(draft.sample))
        yield MadeRow(value=value, variant=variant_key(draft), calls=calls)


def _asked(value: dict[str, Any]) -> str:
    """Return what the user says in a row, in lower case."""
    return "\n".join(m["content"].lower() for m in value["messages"] if m["role"] == "user")


def _told(value: dict[str, Any]) -> str:
    """Return all that is said and called in a row."""
    parts: list[str] = []
    for message in value["messages"]:
        parts.append(message["content"])
        parts += (json.dumps(call["function"]) for call in message.get("tool_calls", ()))
    return "\n".join(parts)


def tools_by_category(rows: Sequence[MadeRow]) -> dict[str, dict[str, int]]:
    """Return how often each tool is called in the rows of each category."""
    counts: dict[str, Counter[str]] = {}
    for one in rows:
        counts.setdefault(one.category, Counter()).update(one.calls)
    return {name: dict(sorted(counts[name].items())) for name in sorted(counts)}
