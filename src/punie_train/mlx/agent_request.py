"""What an agent asks, made to reach the weights that are served: mlx-lm picks weights by request.

mlx-lm loads whatever model a request names, without the adapter and with status 200 (F01), and
does the same for `adapters` and `draft_model`. Pure.
"""

import json

SERVED = "default_model"
"""The name by which mlx-lm calls the model and the adapter of its own command line."""

CHOOSERS = frozenset({"adapters", "draft_model"})
"""Fields by which a request could choose other weights."""


class UnreadableRequestError(ValueError):
    """The body of a request is not a JSON object, so it cannot be told what it asks for."""


def for_served_weights(body: bytes) -> bytes:
    """Return the body of a request with its model replaced by the one that is served.

    A field that is null is left out: to an OpenAI client it means the default, and mlx-lm refuses
    it. All else stays. Raises UnreadableRequestError.
    """
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableRequestError(f"Invalid JSON in request body: {error}") from error
    if not isinstance(asked, dict):
        raise UnreadableRequestError("Request should be a JSON dictionary")
    kept = {
        name: value for name, value in asked.items() if value is not None and name not in CHOOSERS
    }
    return json.dumps({**kept, "model": SERVED}).encode()
