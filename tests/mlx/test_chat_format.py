"""The template and the tokenizer read as transformers reads them, and where answers stand."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from punie_train import starter
from punie_train.core.errors import ArtifactError
from punie_train.mlx.chat_format import ChatFormat, NotRenderedError

CALL: dict[str, Any] = {
    "type": "function",
    "function": {"name": "read_file", "arguments": {"path": "ä.py"}},
}
TALK: list[dict[str, Any]] = [
    {"role": "system", "content": "Be short."},
    {"role": "user", "content": "Read ä.py"},
    {"role": "assistant", "content": "", "tool_calls": [CALL]},
    {"role": "tool", "content": "x = 1 < 2"},
    {"role": "assistant", "content": "It sets x."},
]
TOOLS = [
    {
        "type": "function",
        "function": {"name": "read_file", "parameters": {"properties": {"path": {}}}},
    }
]
INSTRUCT = (
    "{% for m in messages %}{% if m.role == 'user' %}[INST] {{ m.content }} [/INST]"
    "{% elif m.role == 'assistant' %} {% generation %}{{ m.content }}{% endgeneration %}"
    "{{ eos_token }}{% endif %}{% endfor %}"
)


def test_same_as_transformers() -> None:
    """Text and tokens are those of `apply_chat_template`."""
    from transformers import AutoTokenizer

    real: Any = AutoTokenizer.from_pretrained(starter.model_path())
    ours = ChatFormat(starter.model_path())
    text = real.apply_chat_template(TALK, tools=TOOLS, tokenize=False)
    assert ours.render(TALK, TOOLS) == text
    tokens = real.apply_chat_template(TALK, tools=TOOLS, return_dict=False)
    assert ours.encode([text])[0].ids == tokens
    assert ours.decode_ids([tokens]) == [text]


def test_answers_are_found() -> None:
    """Spans go from after the generation prompt to after the stop token."""
    found = ChatFormat(starter.model_path()).rendered(TALK, TOOLS)
    answers = [found.text[slice(*span)] for span in found.answers if span]
    assert answers[0].startswith("<tool_call>\n<function=read_file>")
    assert answers[0].endswith("</tool_call><|im_end|>")
    assert answers[1] == "It sets x.<|im_end|>"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Return a model directory whose template has no generation prompt."""
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(starter.model_path() / name, tmp_path)
    (tmp_path / "chat_template.jinja").write_text(INSTRUCT)
    return tmp_path


def test_answers_without_a_generation_prompt(other: Path) -> None:
    """They are found by rendering the conversation up to each of them."""
    talk = [one for one in TALK if one["role"] in ("user", "assistant")]
    talk[1] = {"role": "assistant", "content": "Which?"}
    found = ChatFormat(other).rendered(talk)
    assert [found.text[slice(*span)] for span in found.answers if span] == [
        " Which?<|im_end|>",
        " It sets x.<|im_end|>",
    ]


def test_what_the_template_refuses(other: Path) -> None:
    """A template that raises is told in its own words; one that escapes the sandbox is stopped."""
    (other / "chat_template.jinja").write_text("{{ raise_exception('no system') }}")
    with pytest.raises(NotRenderedError, match="no system"):
        ChatFormat(other).render(TALK)
    (other / "chat_template.jinja").write_text("{{ ''.__class__.__mro__[1].__subclasses__() }}")
    with pytest.raises(NotRenderedError, match="unsafe"):
        ChatFormat(other).render(TALK)


def test_missing_and_broken_files(other: Path) -> None:
    """Without template or tokenizer there is one message; with both there is none."""
    assert ChatFormat(other).stop == "<|im_end|>"
    (other / "tokenizer.json").write_text(json.dumps({}))
    with pytest.raises(ArtifactError, match="cannot be read"):
        ChatFormat(other)
    (other / "tokenizer.json").unlink()
    with pytest.raises(ArtifactError, match=r"no tokenizer\.json"):
        ChatFormat(other)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("m.role", "user"),
        ("m.items is callable", "True"),
        ("m['items']", "mine"),
        ("m.nothing is defined", "False"),
        ("m.inner.get('a')", "1"),
        ("m.__class__ is defined", "False"),
    ],
)
def test_keys_of_objects_are_found_as_jinja_finds_them(
    tmp_path: Path, expression: str, text: str
) -> None:
    """What every object has comes before a key of that name; what is unsafe is not there."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    shutil.copytree(starter.model_path(), tmp_path / "model")
    template = f"{{% set m = messages[0] %}}{{{{ {expression} }}}}"
    (tmp_path / "model" / "chat_template.jinja").write_text(template)
    message = {"role": "user", "items": "mine", "inner": {"a": 1}, "__class__": "x"}
    theirs = ImmutableSandboxedEnvironment().from_string(template).render(messages=[message])
    assert ChatFormat(tmp_path / "model").render([message]) == theirs == text
