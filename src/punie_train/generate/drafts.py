"""A draft: a conversation that may become a row, with what its proof needs."""

from dataclasses import dataclass

from punie_train.core.messages import Message, ToolCall
from punie_train.starter.grammar.samples import Sample, user


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A sample, and what stands beside it.

    `subject` names what the row is about; rows of one subject and one phrasing are variants.
    `programs` are run in the sandbox as well. Python files at the paths in `joined` are not run on
    their own, because a program holds them.
    """

    sample: Sample
    subject: str = ""
    programs: tuple[str, ...] = ()
    joined: frozenset[str] = frozenset()


class Talk:
    """A conversation that grows turn by turn."""

    def __init__(self, text: str) -> None:
        """Start with what the user says."""
        self.messages: list[Message] = list(user(text))

    def ask(self, text: str) -> None:
        """Add what the user says next."""
        self.messages += user(text)

    def step(self, call: ToolCall, result: str) -> None:
        """Add a call of one tool and its result."""
        self.steps((call, result))

    def steps(self, *pairs: tuple[ToolCall, str]) -> None:
        """Add calls made in one turn, and their results in the same order."""
        self.messages.append(Message(role="assistant", tool_calls=tuple(call for call, _ in pairs)))
        self.messages += [
            Message(role="tool", name=call.name, content=result) for call, result in pairs
        ]

    def say(self, text: str) -> None:
        """Add a reply in words that is not the last one."""
        self.messages.append(Message(role="assistant", content=text))

    def end(self, text: str, category: str, *tags: str) -> Sample:
        """Return the conversation with its closing words."""
        return Sample(history=tuple(self.messages), text=text, category=category, tags=tags)

    def end_call(self, *calls: ToolCall, category: str) -> Sample:
        """Return the conversation with the calls that are right as the last turn."""
        return Sample(history=tuple(self.messages), calls=calls, category=category)


def all_calls(sample: Sample) -> tuple[ToolCall, ...]:
    """Return every call of a sample, in order."""
    earlier = (call for message in sample.history for call in message.tool_calls)
    return (*earlier, *sample.calls)


def said_by_assistant(sample: Sample) -> tuple[str, ...]:
    """Return what the assistant says in words, in order."""
    earlier = (m.content for m in sample.history if m.role == "assistant" and m.content)
    return (*earlier, *((sample.text,) if sample.text else ()))
