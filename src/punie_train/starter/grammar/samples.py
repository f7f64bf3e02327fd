"""A sample: a conversation with its right answer, before it is written in any style."""

from dataclasses import dataclass

from punie_train.core.messages import Message, ToolCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One assistant turn to learn: what was said before, and the right reply.

    `calls` is empty for a reply in words. `printed` is the same code with every result only
    printed (the starter's fault). `fields` are the dotted fields the code reads, `typed` the typed
    calls in it. `tags` name the intent.
    """

    history: tuple[Message, ...]
    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    printed: str = ""
    typed: tuple[tuple[str, str], ...] = ()
    fields: tuple[str, ...] = ()
    category: str
    tags: tuple[str, ...] = ()

    @property
    def prompt(self) -> str:
        """Return the last thing the user said."""
        return next(m.content for m in reversed(self.history) if m.role == "user")


def user(text: str) -> tuple[Message, ...]:
    """Return a history of one user message."""
    return (Message(role="user", content=text),)


def call(name: str, **arguments: str) -> ToolCall:
    """Return a tool call."""
    return ToolCall(name=name, arguments=arguments)
