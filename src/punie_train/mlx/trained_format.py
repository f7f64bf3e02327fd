"""Which call format a model's chat template teaches, and mlx-lm's server therefore reads."""

from pathlib import Path

from punie_train.mlx.fingerprints import chat_template
from punie_train.toolcalls.parsed import WireFormat

XML_MARK = "<tool_call>\\n<function="
JSON_MARK = "tool_call.name"


def trained_format(model: Path) -> WireFormat:
    """Return the format of a model's template; one that teaches none is read as Hermes JSON.

    mlx-lm chooses its parser by the same marks in the template's text, one parser for a template.
    """
    template = chat_template(model)
    if XML_MARK in template or XML_MARK.replace("\\n", "\n") in template:
        return WireFormat.QWEN3_CODER_XML
    return WireFormat.HERMES_JSON
