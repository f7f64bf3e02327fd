"""The confusion matrix as a picture: every number in it, nothing of a model's text live."""

from xml.etree import ElementTree as ET

from punie_train.reporting.confusion_plot import OTHER, confusion_plot

MATRIX = {
    "read_file": {"read_file": 12, "none": 1},
    "kill_terminal": {"kill_terminal": 3, "release_terminal": 2, "malformed": 1},
    "none": {"none": 5},
}


def _texts(svg: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter("text")]  # noqa: S314 - our own


def test_every_count_is_drawn() -> None:
    """In reading order, under the names of the columns."""
    texts = _texts(confusion_plot(MATRIX))
    assert [text for text in texts if text.isdigit()] == ["12", "1", "3", "2", "1", "5"]
    assert texts[:5] == ["read_file", "kill_terminal", "release_terminal", "none", "malformed"]


def test_nothing_measured_draws_nothing() -> None:
    """No empty frame."""
    assert confusion_plot({}) == ""


def test_invented_tools_share_a_column() -> None:
    """A model may invent any number of them."""
    row = {f"tool{number}": 1 for number in range(6)}
    texts = _texts(confusion_plot({"read_file": row}))
    assert OTHER in texts
    assert texts.count("1") == 3
    assert "3" in texts


def test_a_hostile_name_stays_text() -> None:
    """What a model calls is its own text."""
    name = '<img src=x onerror="alert(1)">'
    svg = confusion_plot({"read_file": {name: 1}})
    assert "<img" not in svg
    assert any("<img" in text for text in _texts(svg))
