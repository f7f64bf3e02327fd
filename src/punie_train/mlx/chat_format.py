"""A model's chat template and tokenizer, as mlx-lm uses them in training, without loading it.

The template runs in Jinja's sandbox with what transformers gives it: chat templates of the hub are
code of others.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment
from tokenizers import Encoding, Tokenizer

from punie_train.core.errors import ArtifactError
from punie_train.mlx.fingerprints import chat_template

Messages = Sequence[Mapping[str, Any]]
Spans = tuple[tuple[int, int] | None, ...]


class NotRenderedError(ValueError):
    """A conversation that the template cannot render; the message says why."""


@dataclass(frozen=True, slots=True)
class RenderedChat:
    """A conversation as text, and where each answer of the assistant stands in it.

    A span goes from the first character after the generation prompt to after the stop token; None
    for an answer that the template leaves out or writes differently later on.
    """

    text: str
    answers: Spans


class _Generation(Extension):
    """`{% generation %}`, with which templates mark answers: here it only shows its content."""

    tags = {"generation"}  # noqa: RUF012 - Jinja declares it as an instance's

    def parse(self, parser: Any) -> Any:
        """Return the content of the block."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class ChatFormat:
    """Template and tokenizer of a model directory; raises ArtifactError where they are missing."""

    def __init__(self, model: Path) -> None:
        """Read the files; the template is compiled once."""
        self.model = model
        self._special = _special_tokens(model)
        source, file = chat_template(model), model / "tokenizer.json"
        if not source or not file.is_file():
            missing = "tokenizer.json" if source else "chat template"
            raise ArtifactError(
                f"{model} has no {missing}",
                "it cannot be seen how the model reads the data",
                "Give a model with a fast tokenizer and a chat template.",
            )
        try:
            self._template = _environment().from_string(source)
            self._template.globals = dict(self._template.globals)  # a chain of maps is slow
            self.tokenizer = Tokenizer.from_file(str(file))
        except Exception as error:  # tokenizers raises bare Exception
            raise ArtifactError(
                f"{model}: chat template or tokenizer cannot be read ({error})",
                "it cannot be seen how the model reads the data",
                "Fetch the model again.",
            ) from error
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()

    @property
    def stop(self) -> str:
        """Return the text of the token that ends an answer; "" where none is named."""
        return self._special.get("eos_token", "")

    def token_id(self, text: str) -> int | None:
        """Return the id of a token, None for a text that is no single token."""
        return self.tokenizer.token_to_id(text)

    def encode(self, texts: Sequence[str], *, special: bool = False) -> list[Encoding]:
        """Return the tokens of texts; `special` adds what the tokenizer adds to a plain text."""
        return self.tokenizer.encode_batch(list(texts), add_special_tokens=special)

    def decode_ids(self, ids: Sequence[list[int]]) -> list[str]:
        """Return the texts of tokens, special ones included."""
        return self.tokenizer.decode_batch(list(ids), skip_special_tokens=False)

    def render(self, messages: Messages, tools: Any = None, *, prompt: bool = False) -> str:
        """Return a conversation as text, with `prompt` ready for an answer.

        Raises NotRenderedError for whatever the template does not take.
        """
        try:
            return self._template.render(
                messages=messages,
                tools=tools or None,
                documents=None,
                add_generation_prompt=prompt,
                **self._special,
            )
        except Exception as error:
            raise NotRenderedError(f"{type(error).__name__}: {error}") from error

    def rendered(self, messages: Messages, tools: Any = None) -> RenderedChat:
        """Return a conversation as text with its answers; raises NotRenderedError."""
        text = self.render(messages, tools)
        number = sum(message.get("role") == "assistant" for message in messages)
        spans = self._quick_spans(text)
        if spans is None or len(spans) != number:
            spans = tuple(self._slow_spans(text, messages, tools))
        return RenderedChat(text, spans)

    @cached_property
    def _lead(self) -> str:
        """Return what stands before every answer, "" where that is not one fixed text."""
        asked = [{"role": "user", "content": "a"}]
        try:
            bare, ready = self.render(asked), self.render(asked, prompt=True)
            whole = self.render([*asked, {"role": "assistant", "content": "b"}])
        except NotRenderedError:
            return ""
        lead = ready[len(bare) :] if ready.startswith(bare) else ""
        return lead if lead and whole.startswith(f"{ready}b") else ""

    def _quick_spans(self, text: str) -> Spans | None:
        if not (self._lead and self.stop):
            return None
        spans: list[tuple[int, int]] = []
        at = text.find(self._lead)
        while at >= 0:
            start = at + len(self._lead)
            at = text.find(self._lead, start)
            stop = text.find(self.stop, start, at if at >= 0 else len(text))
            end = stop + len(self.stop) if stop >= 0 else (at if at >= 0 else len(text))
            spans.append((start, end))
        return tuple(spans)

    def _slow_spans(self, text: str, messages: Messages, tools: Any) -> Any:
        at = 0
        for index, message in enumerate(messages):
            if message.get("role") != "assistant":
                continue
            try:
                before = self.render(messages[:index], tools, prompt=True)
                after = self.render(messages[: index + 1], tools)
            except NotRenderedError:
                before, after = "-", ""
            answer = after[len(before) :] if after.startswith(before) else ""
            start = text.find(answer, at) if answer else -1
            if start < 0:
                yield None
                continue
            at = start + len(answer)
            stop = text.find(self.stop, start, at) if self.stop else -1
            yield start, (stop + len(self.stop) if stop >= 0 else at)


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which looks keys of plain objects up without asking for attributes first."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return what the sandbox returns."""
        if type(obj) is dict and attribute in obj and attribute not in _OF_OBJECTS:
            return obj[attribute]
        return super().getattr(obj, attribute)


_OF_OBJECTS = frozenset(dir(dict))


def _environment() -> ImmutableSandboxedEnvironment:
    environment = _Environment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, loopcontrols]
    )
    environment.filters["tojson"] = _to_json
    functions: dict[str, Any] = {"raise_exception": _raise, "strftime_now": _now}
    environment.globals.update(functions)
    return environment


def _to_json(value: Any, ensure_ascii: bool = False, **options: Any) -> str:
    """Return JSON without Jinja's escapes for HTML."""
    return json.dumps(value, ensure_ascii=ensure_ascii, **options)


def _now(form: str) -> str:
    return datetime.now().astimezone().strftime(form)


def _raise(message: str) -> None:
    raise jinja2.TemplateError(message)


def _special_tokens(model: Path) -> dict[str, str]:
    try:
        config = json.loads((model / "tokenizer_config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    found: dict[str, str] = {}
    for name in ("bos_token", "eos_token", "pad_token", "unk_token"):
        value = config.get(name) if isinstance(config, dict) else None
        text = value.get("content") if isinstance(value, dict) else value
        if isinstance(text, str):
            found[name] = text
    return found
