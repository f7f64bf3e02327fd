"""Control tokens of common chat templates, which content must never hold.

In content they become real turns or ends of turns: the tokenizer does not ask who wrote them.
Sources: the chat templates and added tokens of Qwen (ChatML), Llama 2, 3 and 4, Mistral, Gemma,
DeepSeek and gpt-oss. Words in angle brackets that such models also know but that are ordinary
text elsewhere (`<tool_call>`, `<think>`, `<pad>`) are none.
"""

import re
from collections.abc import Iterable

_TOKEN = re.compile(
    r"<\|[A-Za-z][A-Za-z0-9_]*\|>"  # ChatML, Llama 3 and 4, Phi, gpt-oss
    r"|</?s>|\[/?INST\]|<</?SYS>>"  # Llama 2, Mistral
    r"|\[/?(?:AVAILABLE_TOOLS|TOOL_RESULTS|SYSTEM_PROMPT)\]|\[TOOL_(?:CALLS|CONTENT)\]"  # Mistral
    r"|<(?:start|end)_of_turn>"  # Gemma
    r"|<\uff5c[^<>\uff5c\s]{1,40}\uff5c>"  # DeepSeek
)


def control_token(text: str) -> str | None:
    """Return the first control token in a text, or None."""
    starts = [at for at in (text.find("<"), text.find("[")) if at >= 0]
    if not starts:
        return None
    found = _TOKEN.search(text, min(starts))
    return found[0] if found else None


def control_tokens_in(texts: Iterable[str]) -> str | None:
    """Return the first control token in any of the texts, or None."""
    return control_token("\n".join(texts))
