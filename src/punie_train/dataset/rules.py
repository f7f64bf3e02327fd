"""The rules of `dataset validate`: codes that do not change, how bad each is, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from punie_train.dataset.json_lines import Unreadable


class Severity(StrEnum):
    """An error stops or spoils training; a warning is worth a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its code, its severity, what to do, and its id in the failure catalogue."""

    code: str
    severity: Severity
    remedy: str
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that a row breaks, and in words what was found."""

    rule: Rule
    fact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A broken rule and its place; `line` counts from 1 and is None for a whole file."""

    path: Path
    line: int | None
    rule: Rule
    fact: str

    @property
    def is_error(self) -> bool:
        """Say whether it is an error."""
        return self.rule.severity is Severity.ERROR

    def to_json(self) -> dict[str, Any]:
        """Return the finding as `validate --json` prints it."""
        value: dict[str, Any] = {
            "file": str(self.path),
            "line": self.line,
            "code": self.rule.code,
            "severity": str(self.rule.severity),
            "message": self.fact,
            "remedy": self.rule.remedy,
        }
        return value if self.rule.failure is None else value | {"failure": self.rule.failure}


def _error(code: str, remedy: str, failure: str | None = None) -> Rule:
    return Rule(code, Severity.ERROR, remedy, failure)


def _warning(code: str, remedy: str, failure: str | None = None) -> Rule:
    return Rule(code, Severity.WARNING, remedy, failure)


_ONE_OBJECT = "Write one complete JSON object per line, in UTF-8."

UNREADABLE: Mapping[Unreadable, Rule] = MappingProxyType(
    {
        Unreadable.BLANK: _error("blank-line", "Remove the line.", "F46"),
        Unreadable.NOT_UTF8: _error("not-utf8", "Save the file as UTF-8.", "F46"),
        Unreadable.NON_FINITE: _error("non-finite-number", "Write a number, or null."),
        Unreadable.LONE_SURROGATE: _error(
            "lone-surrogate", "Write whole characters; no tokenizer takes half of one."
        ),
        Unreadable.TOO_DEEP: _error("nested-too-deeply", "Flatten the row, or remove it."),
        Unreadable.NOT_JSON: _error("not-json", _ONE_OBJECT, "F46"),
        Unreadable.NOT_OBJECT: _error("not-an-object", _ONE_OBJECT, "F46"),
    }
)

BYTE_ORDER_MARK = _error("byte-order-mark", "Save the file as UTF-8 without a byte order mark.")
MISSING_TRAIN = _error("missing-train", "Add train.jsonl, or rename a file to it.")
MISSING_SPLIT = _warning("missing-split", "Make one with `punie-train dataset split`.")
EMPTY_SPLIT = _error("empty-split", "Add rows, or remove the file.")
SPLIT_NAME = _warning("split-name", "Name the splits train.jsonl, valid.jsonl and test.jsonl.")
MANIFEST_MISMATCH = _warning(
    "manifest-mismatch", "Restore the file, or write the manifest again.", "F45"
)

DUPLICATE_KEY = _error("duplicate-key", "Keep one of them: readers take the last one, silently.")
UNKNOWN_FORMAT = _error(
    "unknown-format", "Give the row `messages`, or `prompt` and `completion`, or `text`."
)
MIXED_KEYS = _error("mixed-keys", "Keep one of them: the trainer reads one and drops the rest.")
MIXED_FORMATS = _error(
    "mixed-formats", "Bring all rows of all splits into one format: the first decides.", "F34"
)
NOT_TEXT = _error("not-text", "Write a string.")
EMPTY_TEXT = _error("empty-text", "Write text, or remove the row.")

MESSAGES_NOT_LIST = _error("messages-not-a-list", "Write a list of messages.")
NO_MESSAGES = _error("no-messages", "Add messages, or remove the row.")
MESSAGE_NOT_OBJECT = _error("message-not-an-object", "Write an object with role and content.")
UNKNOWN_ROLE = _error("unknown-role", "Use system, user, assistant or tool.")
SYSTEM_NOT_FIRST = _error("system-not-first", "Keep one system message, before all others.")
FIRST_NOT_USER = _error("first-not-user", "Start with the user, after at most one system message.")
USER_AFTER_USER = _error("user-after-user", "Join the two, or add the reply between them.")
ASSISTANT_AFTER_ASSISTANT = _error(
    "assistant-after-assistant", "Join the two, or add the turn between them."
)
USER_AFTER_RESULT = _warning(
    "user-after-result", "Add the reply of the assistant to the tool's result."
)
LAST_NOT_ASSISTANT = _error(
    "last-not-assistant", "End with the reply to be learnt, or remove what follows it."
)
EMPTY_CONTENT = _error("empty-content", "Write the content, or remove the row.")
EMPTY_RESULT = _warning(
    "empty-result", "Make sure that the tool really returned nothing: the model learns it.", "F32"
)
CONTENT_TYPE = _error("content-type", "Write a string, or a list of text parts.")
CONTENT_PART = _error("content-part", 'Write {"type": "text", "text": ...}; nothing else is read.')
CONTROL_TOKEN = _error(
    "control-token", "Remove it: the template adds such tokens itself, and here they end a turn."
)
CHATML = _error("chatml-broken", "Write <|im_start|>role, a line feed, the content, <|im_end|>.")

TOOLS_NOT_LIST = _error("tools-not-a-list", "Write a list of tools in OpenAI's form.")
BAD_TOOL = _error("bad-tool", "Write the tool in OpenAI's form, its parameters as JSON schema.")
DUPLICATE_TOOL = _warning("duplicate-tool", "Keep one definition of each tool.")
CALLS_NOT_LIST = _error("calls-not-a-list", "Write a list of calls.")
CALLS_OF_OTHERS = _error("calls-of-others", "Only messages of the assistant may call tools.")
MALFORMED_CALL = _error(
    "malformed-call", 'Write {"type": "function", "function": {"name": ..., "arguments": {...}}}.'
)
CALL_WITHOUT_TOOLS = _error(
    "call-without-tools", "Add the `tools` of the row: the model must see what it may call.", "F44"
)
UNKNOWN_TOOL = _error("unknown-tool", "Add the tool to `tools`, or correct the name.", "F44")
DUPLICATE_CALL_ID = _error("duplicate-call-id", "Give each call of a row an id of its own.")
RESULT_WITHOUT_CALL = _error("result-without-call", "Add the call, or remove the result.")
SECOND_RESULT = _error("second-result", "Keep one result per call.")
RESULT_NAME = _error("result-name", "Write the name of the tool that was called.")
CALL_WITHOUT_RESULT = _error(
    "call-without-result", "Add the tool's result before the conversation goes on."
)
ARGUMENTS_NOT_OBJECT = _error(
    "arguments-not-an-object", 'Write an object: "arguments": {"path": "a.py"}.'
)
ARGUMENTS_AS_TEXT = _warning(
    "arguments-as-text",
    "Write an object: some templates crash on a JSON string or encode it twice.",
    "F39",
)
DOUBLE_ENCODED = _error(
    "double-encoded", "Write the value itself, not JSON inside a string.", "F39"
)
ARGUMENT_MISFIT = _error("argument-misfit", "Correct the arguments, or the schema.", "F44")
ARGUMENT_OUTSIDE = _warning(
    "argument-outside-schema", "Correct the name, or add it to the schema.", "F44"
)
