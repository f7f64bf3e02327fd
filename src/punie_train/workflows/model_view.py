"""A model's files as the checks of data see them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from punie_train.checks.pre_training.model_view import ModelView
from punie_train.checks.pre_training.seen_row import Encoded, Rendering, SeenRow
from punie_train.dataset.example import ExampleFormat
from punie_train.mlx.chat_format import ChatFormat, Messages, NotRenderedError, RenderedChat
from punie_train.mlx.fingerprints import chat_template
from punie_train.mlx.trained_format import trained_format

CHATML_ANSWER = "<|im_start|>assistant\n"
CHATML_END = "<|im_end|>"
_TAGS = ("<tool_call>", "</tool_call>", "[TOOL_CALLS]")
_PROBE_TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "probe",
            "description": "A probe.",
            "parameters": {"type": "object", "properties": {"path": {"type": "string"}}},
        },
    }
]


def model_view(name: str, model: Path) -> ModelView:
    """Return the view of a model directory; raises ArtifactError without tokenizer or template."""
    chat = ChatFormat(model)

    def render(row: SeenRow) -> Rendering:
        try:
            found = _rendered(chat, row)
        except NotRenderedError as error:
            return Rendering(problem=str(error))
        return Rendering(found.text, found.answers)

    def decode(encodings: Sequence[Encoded]) -> Sequence[str]:
        return chat.decode_ids([encoding.ids for encoding in encodings])

    return ModelView(
        name=name,
        trained=trained_format(model),
        stop=chat.stop,
        stop_id=chat.token_id(chat.stop) if chat.stop else None,
        marks=_marks(chat, chat_template(model)),
        takes_text_arguments=_takes_text(chat),
        render=render,
        encode=lambda texts, plain: chat.encode(texts, special=plain),
        decode=decode,
        token_id=chat.token_id,
    )


def _rendered(chat: ChatFormat, row: SeenRow) -> RenderedChat:
    value = row.value or {}
    if row.format is ExampleFormat.TEXT:
        return _plain_text(value["text"], chat.stop)
    if row.format is ExampleFormat.COMPLETION:
        messages: Messages = [
            {"role": "user", "content": value["prompt"]},
            {"role": "assistant", "content": value["completion"]},
        ]
    else:
        messages = value["messages"]
    if not isinstance(messages, list) or not all(isinstance(one, Mapping) for one in messages):
        raise NotRenderedError("`messages` is no list of messages")
    return chat.rendered(messages, value.get("tools"))


def _plain_text(text: Any, stop: str) -> RenderedChat:
    """Return a `text` row: mlx-lm trains it as it is, and adds the stop token where it is not."""
    if not isinstance(text, str):
        raise NotRenderedError("`text` is no string")
    spans: list[tuple[int, int]] = []
    at = text.find(CHATML_ANSWER)
    while at >= 0:
        start = at + len(CHATML_ANSWER)
        end = text.find(CHATML_END, start)
        end = len(text) if end < 0 else end + len(CHATML_END)
        spans.append((start, end))
        at = text.find(CHATML_ANSWER, end)
    if not spans:
        whole = text if text.rstrip().endswith(stop) else text + stop
        return RenderedChat(whole, ((0, len(whole)),))
    return RenderedChat(text, tuple(spans))


def _marks(chat: ChatFormat, template: str) -> dict[str, int | None]:
    """Return the tokens of calls and turns that the template writes."""
    marks = [tag for tag in _TAGS if tag in template]
    marks += [mark for mark in ("<|im_start|>", "<|im_end|>") if mark in template]
    if chat.stop:
        marks.append(chat.stop)
    return {mark: chat.token_id(mark) for mark in dict.fromkeys(marks)}


def _takes_text(chat: ChatFormat) -> bool:
    """Say whether a call is rendered alike from an object and from its JSON text."""

    def rendered(arguments: Any) -> str:
        call = {"type": "function", "function": {"name": "probe", "arguments": arguments}}
        messages = [
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": "", "tool_calls": [call]},
        ]
        return chat.render(messages, _PROBE_TOOLS)

    try:
        return rendered({"path": "a"}) == rendered('{"path": "a"}')
    except NotRenderedError:
        return False
