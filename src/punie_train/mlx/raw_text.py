"""Token ids back to the text that the model wrote, markup included."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from punie_train.core.errors import ArtifactError

Decode = Callable[[Sequence[int]], str]


def token_decoder(model_dir: Path) -> Decode:
    """Return a function from token ids to text, without the token that ended the turn.

    Special tokens are kept as text. Raises ArtifactError when the model has no `tokenizer.json`.
    """
    from tokenizers import Tokenizer

    path = model_dir / "tokenizer.json"
    if not path.is_file():
        raise ArtifactError(
            f"{path} does not exist",
            "what the model really wrote cannot be recovered",
            "Use a model directory with a tokenizer.json",
        )
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:
        raise ArtifactError(
            f"{path} cannot be read ({error})",
            "what the model really wrote cannot be recovered",
            "Restore the file from where the model came from",
        ) from error
    ends = end_tokens(model_dir, tokenizer.token_to_id)

    def decode(token_ids: Sequence[int]) -> str:
        ids = list(token_ids)
        while ids and ids[-1] in ends:
            ids.pop()
        return tokenizer.decode(ids, skip_special_tokens=False)

    return decode


def end_tokens(model_dir: Path, token_to_id: Callable[[str], int | None]) -> frozenset[int]:
    """Return the ids that end a turn, from the configurations in a model directory."""
    ends: set[int] = set()
    for name in ("config.json", "generation_config.json"):
        match _read(model_dir / name).get("eos_token_id"):
            case int(token):
                ends.add(token)
            case list(tokens):
                ends.update(token for token in tokens if isinstance(token, int))
    match _read(model_dir / "tokenizer_config.json").get("eos_token"):
        case str(text) | {"content": str(text)} if (token := token_to_id(text)) is not None:
            ends.add(token)
    return frozenset(ends)


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
