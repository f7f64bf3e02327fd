"""A redacted row is the same row without secrets and marks, and the report shows neither."""

import json
from pathlib import Path
from typing import Any

import pytest

from punie_train.dataset.inputs import Split
from punie_train.dataset.json_lines import DEEPEST
from punie_train.dataset.operations import Changed
from punie_train.dataset.redact_filter import Redacted, RedactRows
from punie_train.dataset.redaction import is_clean, redact_row
from punie_train.dataset.rows import row_of

TOKEN = "ghp_" + "aB3dE5gH7jK9mN1pQ2sT4vW6xY8zA0cF2hJ4"
PASSWORD = "a1B2c3D4" + "e5"


def messages(*turns: tuple[str, Any]) -> dict[str, Any]:
    """Return a row of turns."""
    return {"messages": [{"role": role, "content": content} for role, content in turns]}


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (messages(("user", f"a\nb {TOKEN}")), "messages[0].content line 2"),
        (
            messages(("user", [{"type": "text", "text": TOKEN}])),
            "messages[0].content[0].text line 1",
        ),
        ({"text": f"<|im_start|>user\n{TOKEN}<|im_end|>"}, "text line 2"),
        ({"prompt": "a", "completion": TOKEN}, "completion line 1"),
        (
            {"messages": [{"tool_calls": [{"function": {"arguments": json.dumps({"t": TOKEN})}}]}]},
            "messages[0].tool_calls[0].function.arguments line 1",
        ),
        ({"tools": [{"token": TOKEN}]}, "tools[0].token line 1"),
        (messages(("tool", {TOKEN: TOKEN})), "messages[0].content.? line 1"),
        ({"text": "Hi", "source": {"note": TOKEN}}, "source.note line 1"),
    ],
)
def test_a_secret_goes_wherever_it_stands(row: dict[str, Any], place: str) -> None:
    """Its place is told and its text is not; keys stay as they are."""
    done = redact_row(row)
    assert [one.place for one in done.redactions] == [place]
    assert f'"{TOKEN}"' not in json.dumps(done.row).replace(f'"{TOKEN}":', "")
    assert TOKEN not in str(done.redactions)


def test_a_secret_that_is_named_once_goes_everywhere() -> None:
    """The answer repeats the password that only the tool's result calls one."""
    row = messages(
        ("user", "A password please"),
        ("tool", json.dumps({"password": PASSWORD})),
        ("assistant", f"It is: {PASSWORD}. Keep {PASSWORD}x."),
    )
    changed = redact_row(row).row["messages"]
    assert json.loads(changed[1]["content"]) == {"password": "REDACTED_PASSWORD"}
    assert changed[2]["content"] == f"It is: REDACTED_PASSWORD. Keep {PASSWORD}x."


def test_code_in_a_row_still_runs() -> None:
    """Placeholders are words."""
    code = f"def connect():\n    return login('{TOKEN}')  # (example 4)\n"
    changed = redact_row(messages(("assistant", code))).row["messages"][0]["content"]
    assert changed == "def connect():\n    return login('REDACTED_GITHUB_TOKEN')  #\n"
    compile(changed, "code", "exec")


def test_marks_stay_where_they_are_data() -> None:
    """A tool's result and a tool's description are not of the generator's hand."""
    row = messages(("tool", "Row (example 4)"), ("user", "Read it (example 4)"))
    row["tools"] = [{"description": "Read (example 4)"}]
    changed = redact_row(row).row
    assert changed["messages"][0]["content"] == "Row (example 4)"
    assert changed["messages"][1]["content"] == "Read it"
    assert changed["tools"] == row["tools"]


def test_a_clean_row_is_the_same_object() -> None:
    """Nothing is rebuilt without need."""
    row = messages(("user", "What is 3 + 4?"), ("assistant", "7"))
    assert redact_row(row).row is row


@pytest.mark.parametrize("what", list(Redacted))
def test_each_operation_takes_out_its_own(what: Redacted) -> None:
    """The note counts kinds; the detail has the places."""
    raw = json.dumps(messages(("user", f"{TOKEN} (example 4)"))).encode()
    done = RedactRows(what).judge(row_of(raw, Split(name="train", path=Path("a")), 1))
    assert isinstance(done, Changed)
    assert (TOKEN.encode() in done.raw) is (what is Redacted.MARKERS)
    assert (b"example" in done.raw) is (what is Redacted.SECRETS)
    assert TOKEN not in f"{done.note}{done.detail}"


@pytest.mark.parametrize("depth", [50, DEEPEST - 1])
def test_the_deepest_row_is_searched(depth: int) -> None:
    """What is nested more deeply counts as unreadable, and no operation keeps it."""
    raw = b'{"messages": ' + b"[" * depth + json.dumps(TOKEN).encode() + b"]" * depth + b"}"
    row = row_of(raw, Split(name="train", path=Path("a")), 1)
    assert row.unreadable is None
    done = RedactRows(Redacted.SECRETS).judge(row)
    assert isinstance(done, Changed)
    assert TOKEN.encode() not in done.raw


@pytest.mark.parametrize(
    "row",
    [
        messages(("user", f"see {TOKEN}")),
        messages(("user", [{"type": "text", "text": TOKEN}])),
        messages(("user", "Fix it (question 17)")),
        messages(("tool", "Fix it (question 17)")),
        messages(("user", "Version 17 of 20")),
        {"text": "<|im_start|>user\nExample #3: go<|im_end|>\n"},
        {"text": "a", "id": TOKEN},
        {"text": PASSWORD, "password": PASSWORD},
        {"messages": [{"role": "user", "content": "a", "password": PASSWORD}]},
        {"text": "a", "tools": [{"description": f"{TOKEN} (question 5)"}]},
        {"text": "a", "tools": [{"description": "(question 5)"}]},
        {"messages": None},
    ],
)
def test_clean_is_what_has_no_redaction(row: dict[str, Any]) -> None:
    """The quick answer is the long one's."""
    assert is_clean(row) == (not redact_row(row).redactions)
