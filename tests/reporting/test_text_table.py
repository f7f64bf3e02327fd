"""Aligned columns and wrapped lines."""

from punie_train.reporting.text_table import aligned, wrapped


def test_columns_are_aligned() -> None:
    """The first column is left-aligned, the others right-aligned."""
    rows = [("name", "cases"), ("  a", "5"), ("b", "1,000")]
    assert aligned(rows, width=40) == ["name  cases", "  a       5", "b     1,000"]


def test_first_column_gives_way() -> None:
    """A long name is shortened in the middle so that the line fits, indentation kept."""
    assert aligned([("  a-very-long-name", "100 %")], width=17) == ["  a-...ame  100 %"]


def test_no_rows_are_no_lines() -> None:
    """An empty table is empty."""
    assert aligned([], width=40) == []


def test_long_lines_wrap_at_words() -> None:
    """A line that is too long goes on, indented; a word that is too long is cut."""
    assert wrapped("one two three", width=8) == ["one two", "  three"]
    assert wrapped("onetwothree", width=6) == ["onetwo", "  thre", "  e"]
