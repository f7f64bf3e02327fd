"""The source `sample`: tool-calling examples made on this machine, without network."""

import json
from collections.abc import Iterator
from typing import Any

from punie_train.starter.adapter_mixtures import adapter_rows

VERSION, SEED = "v2", 20_000
MOST = 20_000


def sample_rows(count: int) -> Iterator[dict[str, Any]]:
    """Yield up to `count` different rows, always the same ones in the same order.

    They hold the agent's tools in single, parallel and chained calls, follow-ups and direct
    answers. Nothing here looks at evaluation cases: decontaminate before a score is believed.
    """
    seen: set[str] = set()
    for row in adapter_rows(VERSION, SEED, 2 * MOST):
        if len(seen) >= min(count, MOST):
            return
        key = json.dumps(row["messages"])
        if key not in seen:
            seen.add(key)
            yield row
