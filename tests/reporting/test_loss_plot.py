"""The loss curve is a picture that opens offline, and a line of blocks."""

from xml.etree import ElementTree as ET

from punie_train.core.loss_curve import LossCurve, LossPoint
from punie_train.reporting.loss_plot import loss_lines, loss_svg

SVG = "{http://www.w3.org/2000/svg}"


def points(*losses: float) -> tuple[LossPoint, ...]:
    """Return one point per iteration."""
    return tuple(LossPoint(iteration=at, loss=loss) for at, loss in enumerate(losses, start=1))


def test_both_series_axes_and_legend_are_drawn() -> None:
    """The document is well-formed XML, names both series and escapes its title."""
    curve = LossCurve(train=points(3.0, 2.0, 1.0), valid=points(2.5, 1.5))
    root = ET.fromstring(loss_svg(curve, title="a <b> & c"))  # noqa: S314 - our own document
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert {"a <b> & c", "iteration", "loss", "training", "validation"} <= set(words)
    assert len(list(root.iter(f"{SVG}polyline"))) == 2
    assert len(list(root.iter(f"{SVG}circle"))) == 2


def test_a_run_without_validation_has_one_line() -> None:
    """No empty series is drawn or named, also for a flat curve of one point."""
    root = ET.fromstring(loss_svg(LossCurve(train=points(0.0)), title="t"))  # noqa: S314
    assert len(list(root.iter(f"{SVG}polyline"))) == 1
    assert "validation" not in {text.text for text in root.iter(f"{SVG}text")}


def test_points_stay_inside_the_picture() -> None:
    """Every point lies within the view box, whatever the losses are."""
    curve = LossCurve(train=points(12345.678, 0.0001, 7.0))
    root = ET.fromstring(loss_svg(curve, title="t"))  # noqa: S314 - our own document
    line = next(root.iter(f"{SVG}polyline")).attrib["points"]
    for pair in line.split():
        x, y = map(float, pair.split(","))
        assert 0 <= x <= 720
        assert 0 <= y <= 400


def test_lines_show_the_fall_in_blocks() -> None:
    """Blocks fall from left to right, with first, last and lowest loss beside them."""
    assert loss_lines(LossCurve(train=points(4.0, 3.0, 2.0, 1.0)), width=4) == [
        "train loss  █▆▃▁  4.000 -> 1.000, lowest 1.000"
    ]


def test_many_points_fit_the_width() -> None:
    """A long run is averaged into the columns that there are."""
    long = LossCurve(train=points(*range(1000, 0, -1)), valid=points(1.0, 1.0))
    train, valid = loss_lines(long, width=10)
    assert train.split("  ")[1] == "█▇▆▆▅▄▃▃▂▁"
    assert valid.split("  ")[1] == "▁▁"
