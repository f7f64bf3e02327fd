"""docs/conversion.md names options and thresholds that exist."""

import re
from pathlib import Path
from typing import cast

import pytest
import typer.main
from click import Group

from punie_train.cli.app import app
from punie_train.core.retention import LEAST_AGREEMENT, LEAST_COSINE, LEAST_SHARE

PAGE = (Path(__file__).parents[2] / "docs" / "conversion.md").read_text(encoding="utf-8")
COMMANDS = cast(Group, typer.main.get_command(app)).commands
OF_OTHERS = {"--candidate", "--page"}
"""Options of pytest and of the benchmark."""


def options(command: str) -> dict[str, object]:
    """Return the options of a command with their defaults."""
    return {name: each.default for each in COMMANDS[command].params for name in each.opts}


def test_options_exist() -> None:
    """Every option on the page belongs to one of the two commands."""
    named = set(re.findall(r"--[a-z][a-z-]+", PAGE))
    assert named - OF_OTHERS <= options("fuse").keys() | options("quantize").keys()
    assert named >= {"--no-dequantize", "--bits", "--group-size", "--mode", *OF_OTHERS}


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (r"share under ([\d.]+)", LEAST_SHARE),
        (r"cosine under ([\d.]+)", LEAST_COSINE),
        (r"Under ([\d.]+), or when", LEAST_AGREEMENT),
        (r"--probes (\d+)", options("fuse")["--probes"]),
        (r"--probes (\d+)", options("quantize")["--probes"]),
    ],
)
def test_numbers_are_those_of_the_code(words: str, value: float) -> None:
    """Thresholds and defaults on the page are the ones in force."""
    found = re.search(words, PAGE)
    assert found is not None
    assert float(found[1].rstrip(".")) == value
