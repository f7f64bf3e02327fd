"""The replies of one case as one line of JSON, and back to the letter."""

import json
from dataclasses import replace
from typing import Any

from punie_train.core.completions import Exchange
from punie_train.reporting.json_fields import Fields
from punie_train.reporting.json_reading import reply_from_fields
from punie_train.reporting.json_report import reply_to_json


def turns_to_json(exchange: Exchange) -> list[dict[str, Any]] | None:
    """Return the turns as JSON values without token ids and their probabilities.

    None where JSON cannot hold them so that they come back the same, such as an argument that is
    not a finite number: scored again, such a reply could give another score.
    """
    turns = [reply_to_json(turn) for turn in exchange.turns]
    bare = tuple(replace(turn, token_ids=(), logprobs=()) for turn in exchange.turns)
    try:
        again = read_turns({"turns": json.loads(json.dumps(turns, allow_nan=False))}, "reply")
    except ValueError:
        return None
    return turns if again.turns == bare else None


def read_turns(values: dict[str, Any], place: str) -> Exchange:
    """Return the exchange whose turns stand under `turns`; raises ReportFormatError."""
    return Exchange(turns=Fields(values=values, place=place).items("turns", reply_from_fields))
