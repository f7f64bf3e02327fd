"""Near copies, variants, and splits that keep variants together."""

from typing import Any

from punie_train.generate.drafts import Draft, Talk
from punie_train.generate.made import MadeRow
from punie_train.generate.near_copies import SeenTexts
from punie_train.generate.splitting import split_rows
from punie_train.generate.variants import variant_key
from punie_train.starter.grammar.samples import call


def test_near_copies_are_seen() -> None:
    """One word changed in a long text is a near copy, another text is not."""
    seen = SeenTexts()
    text = " ".join(f"word{number}" for number in range(60))
    assert seen.is_new(text)
    assert not seen.is_new(text.replace("word59", "other"))
    assert not seen.is_new(text.upper())
    assert seen.is_new(" ".join(f"other{number}" for number in range(60)))


def _read(text: str, path: str) -> Draft:
    sample = Talk(text).end_call(call("read_file", path=path), category="tool_calling")
    return Draft(sample=sample)


def test_variants_differ_in_values_only() -> None:
    """Names and case do not make another phrasing; words do."""
    one = variant_key(_read("Please open src/a.py.", "src/a.py"))
    assert variant_key(_read("please open `lib/other.md`.", "lib/other.md")) == one
    assert variant_key(_read("Show me src/a.py.", "src/a.py")) != one


def _row(number: int, variant: str) -> MadeRow:
    value: dict[str, Any] = {"messages": [str(number)], "category": "agent"}
    return MadeRow(value=value, variant=variant, calls=())


def test_variants_stay_together() -> None:
    """No variant is in two splits, nothing is lost, and the shares are met."""
    rows = [_row(number, f"v{number // 3}") for number in range(120)]
    splits = split_rows(rows, 1)
    found = {name: {one.variant for one in members} for name, members in splits.items()}
    assert not found["train"] & found["valid"]
    assert not found["train"] & found["test"]
    assert not found["valid"] & found["test"]
    assert sum(map(len, splits.values())) == 120
    assert all(9 <= len(splits[name]) <= 15 for name in ("valid", "test"))
    assert split_rows(rows, 1) == splits
    assert split_rows(rows, 2) != splits


def test_few_rows_have_no_empty_split() -> None:
    """A split without rows is not written."""
    assert set(split_rows([_row(0, "a")], 1)) == {"train"}
    three = split_rows([_row(number, f"v{number}") for number in range(3)], 1)
    assert {name: len(members) for name, members in three.items()} == {
        "train": 1,
        "valid": 1,
        "test": 1,
    }
