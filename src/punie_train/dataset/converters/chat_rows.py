"""Rows with conversations, tool trajectories, or columns of usual names, as chat examples."""

from collections.abc import Mapping
from typing import Any

from punie_train.dataset.converters.conversations import conversation_example
from punie_train.dataset.converters.conversion import UnconvertibleError, exchange

_CONVERSATIONS = ("messages", "conversations", "conversation")
_PAIRS = (
    ("prompt", "completion"),
    ("prompt", "response"),
    ("instruction", "output"),
    ("instruction", "response"),
    ("question", "answer"),
    ("question", "response"),
    ("question", "solution"),
    ("query", "answer"),
    ("input", "output"),
)


def trajectory_example(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a conversation with the tools it could call; raises UnconvertibleError.

    `messages` and `tools` (or `available_tools`) may be JSON in a string, as Toucan keeps them.
    """
    example = conversation_example(
        row.get("messages"), row.get("tools", row.get("available_tools"))
    )
    called = {
        one["function"]["name"]
        for message in example["messages"]
        for one in message.get("tool_calls", ())
    }
    offered = {tool["function"]["name"] for tool in example.get("tools", ())}
    if missing := sorted(called - offered):
        raise UnconvertibleError(f"the tool {missing[0][:60]!r} is called and not offered")
    return example


def chat_example(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the example in a row of a dataset that nobody described; raises UnconvertibleError.

    Columns are looked for in this order: a conversation, a question with its answer, `text`.
    """
    for name in _CONVERSATIONS:
        if row.get(name):
            tools = row.get("tools", row.get("functions"))
            return conversation_example(row[name], tools)
    for asked, told in _PAIRS:
        question, answer = row.get(asked), row.get(told)
        if isinstance(question, str) and isinstance(answer, str):
            if not question.strip() or not answer.strip():
                raise UnconvertibleError(f"{asked} or {told} is empty")
            more = row.get("input") if asked == "instruction" else None
            return exchange(f"{question}\n\n{more}" if more else question, answer)
    text = row.get("text")
    if isinstance(text, str) and text.strip():
        return {"text": text}
    columns = ", ".join(map(str, row))[:100]
    raise UnconvertibleError(f"no conversation, question or text in the columns {columns}")
