"""Each rule finds its fault, and leaves a good row that looks alike."""

from pathlib import Path
from typing import Any

import pytest

from punie_train.dataset.inputs import open_dataset
from punie_train.dataset.quality import RULES, quality_reason
from punie_train.dataset.rows import read_rows

DATA = Path(__file__).parents[2] / "data"
ECHO = "please tell me how the new parser reads its first line"

CASES: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    ("empty-answer", ("How?", " \n"), ("How?", "Like this.")),
    ("one-word-answer", ("How does it work?", "Fine."), ("Say one word", "Fine.")),
    ("one-word-answer", ("How does it work?", "Fine."), ("Bye then", "Goodbye.")),
    ("unclosed-fence", ("Code?", "```py\nx = 1"), ("Code?", "```py\nx = 1\n```")),
    ("repeated-lines", ("Go", "It is so\n" * 4), ("Go", "It is so\n" * 3)),
    ("looping-words", ("Go", "and so on " * 7), ("Go", "and so on " * 3)),
    ("echoed-prompt", (ECHO, f"{ECHO}."), (ECHO, "It reads the first line as a header.")),
    ("placeholder-text", ("Code?", "x = 1\n# TODO: implement this"), ("Code?", "Use a todo list.")),
    ("placeholder-text", ("Mail?", "Dear [insert name here], hi"), ("Mail?", "See [insert](a.md)")),
    ("placeholder-text", ("Run it", "[Tool execution completed]"), ("Run it", "It is completed.")),
    ("broken-characters", ("Say", "It\ufffds fine now"), ("Say", "It\u2019s fine now")),
    ("broken-characters", ("Say", "Ã©tÃ© is summer"), ("Say", "été is summer")),
]


def chat(*texts: str) -> dict[str, Any]:
    """Return a row in which user and assistant take turns."""
    roles = ("user", "assistant")
    return {"messages": [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]}


@pytest.mark.parametrize(("rule", "poor", "good"), CASES, ids=lambda one: str(one)[:24])
def test_a_poor_row_goes_and_a_good_one_stays(
    rule: str, poor: tuple[str, ...], good: tuple[str, ...]
) -> None:
    """The reason starts with the rule's name."""
    assert (quality_reason(chat(*poor)) or "").startswith(f"{rule}: ")
    assert quality_reason(chat(*good)) is None


@pytest.mark.parametrize(
    ("result", "poor"), [("Tool execution completed", True), ("", False), ("3 passed", False)]
)
def test_a_placeholder_as_a_tool_result_is_poor(result: str, *, poor: bool) -> None:
    """Empty output is real; a word after a result is an answer."""
    row = chat("Stop it")
    row["messages"] += [
        {"role": "tool", "content": result},
        {"role": "assistant", "content": "Stopped."},
    ]
    reason = quality_reason(row)
    assert (reason is not None) is poor
    assert reason is None or reason.startswith("placeholder-result: ")


def test_every_rule_has_a_case() -> None:
    """A new rule needs one here."""
    assert set(RULES) == {rule for rule, _, _ in CASES} | {"placeholder-result"}


@pytest.mark.parametrize("name", ["v1", "v2", "v3"])
def test_shipped_data_stays(name: str) -> None:
    """At most one row in a thousand of our own data is called poor: a file that says TODO."""
    rows = list(read_rows(open_dataset(DATA / name)))
    gone = [row.line for row in rows if quality_reason(row.value)]
    assert len(gone) <= len(rows) // 1000
