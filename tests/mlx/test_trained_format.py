"""The template decides which call format is the trained one, as it decides the server's parser."""

from pathlib import Path

import pytest

from punie_train import starter
from punie_train.mlx.trained_format import trained_format
from punie_train.toolcalls.parsed import WireFormat


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("'<tool_call>\\n<function=' + name", WireFormat.QWEN3_CODER_XML),
        ("<tool_call>\n<function=", WireFormat.QWEN3_CODER_XML),
        ("<tool_call>{{ tool_call.name }}", WireFormat.HERMES_JSON),
        ("{{ messages }}", WireFormat.HERMES_JSON),
    ],
    ids=["xml-escaped", "xml", "json", "none"],
)
def test_format_of_template(tmp_path: Path, template: str, expected: WireFormat) -> None:
    """The marks that mlx-lm looks for decide."""
    (tmp_path / "chat_template.jinja").write_text(template)
    assert trained_format(tmp_path) is expected


def test_starter_speaks_xml() -> None:
    """The shipped model's template teaches the XML format."""
    assert trained_format(starter.model_path()) is WireFormat.QWEN3_CODER_XML
