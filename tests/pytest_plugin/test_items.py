"""What an item shows and how items are put in order."""

from punie_train.pytest_plugin.items import SHOWN_CHARACTERS, SHOWN_WIDTH, shown


def test_text_is_shown_as_it_is() -> None:
    """Ordinary text keeps its lines."""
    assert shown("first\nsecond\n") == "first\nsecond\n"


def test_control_characters_are_escaped() -> None:
    """A reply cannot colour or move the terminal."""
    text = shown("\x1b[31mred\x07\u202e")
    assert text.isprintable()
    assert "red" in text


def test_long_text_is_cut_and_wrapped() -> None:
    """Neither the length nor a line without spaces gets out of hand."""
    text = shown("a" * 5000)
    assert len(text) < SHOWN_CHARACTERS + 20
    assert max(len(line) for line in text.split("\n")) <= SHOWN_WIDTH
