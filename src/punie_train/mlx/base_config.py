"""What a training run must know of a model before it is loaded."""

import json
from pathlib import Path

from punie_train.core.errors import ArtifactError


def layer_count(model_dir: Path) -> int:
    """Return the number of layers in config.json; raises ArtifactError when it is not there."""
    path = model_dir / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
        return int(config.get("num_hidden_layers") or config["text_config"]["num_hidden_layers"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtifactError(
            f"{path} does not say how many layers the model has ({error})",
            "it cannot be trained",
            "Give --model a complete model directory.",
        ) from error


def kv_group_size(model_dir: Path) -> int:
    """Return the largest group size, 64 or 32, in which the model's KV cache can be quantized.

    mlx-lm's default is 64, which a head of 32 or 96 values cannot be cut into.
    """
    try:
        config = json.loads((model_dir / "config.json").read_text(encoding="utf-8"))
        config = {**config, **(config.get("text_config") or {})}
        head = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
        return 32 if int(head) % 64 else 64
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError):
        return 64
