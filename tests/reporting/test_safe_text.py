"""Text of models, harmless."""

import pytest

from punie_train.reporting import safe_text

TABLE = {
    "plain": ("größer, 漢字", "größer, 漢字"),
    "escape": ("\x1b[31m", "\\x1b[31m"),
    "line-feed": ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
    "c1": ("\x9b31m", "\\x9b31m"),
    "separators": ("\u2028\u2029", "\\u2028\\u2029"),
    "override": ("a\u202eb", "a\\u202eb"),
    "surrogate": ("\ud800", "\\ud800"),
    "tag-character": ("\U000e0041", "\\U000e0041"),
}


@pytest.mark.parametrize(("text", "expected"), TABLE.values(), ids=TABLE)
def test_one_line_shows_what_cannot_be_seen(text: str, expected: str) -> None:
    """Control, format and separator characters become escapes, everything else stays."""
    assert safe_text.one_line(text) == expected


def test_lines_keep_line_feeds() -> None:
    """Line feeds and tabs stay in a block, other controls do not."""
    assert safe_text.lines("a\n\tb\r\x00") == "a\n\tb\\r\\x00"


def test_html_is_escaped_in_content_and_attributes() -> None:
    """Angle brackets, ampersands and both quotes are escaped."""
    assert safe_text.html_line("<a b='\"'>&\n") == "&lt;a b=&#x27;&quot;&#x27;&gt;&amp;\\n"
    assert safe_text.html_lines("<\n>") == "&lt;\n&gt;"


@pytest.mark.parametrize(
    ("width", "expected"), [(20, "adapters/v3"), (9, "ada.../v3"), (3, "ada"), (0, "")]
)
def test_shorten_leaves_out_the_middle(width: int, expected: str) -> None:
    """A text that is too long loses its middle and never exceeds the width."""
    assert safe_text.shorten("adapters/v3", width) == expected
