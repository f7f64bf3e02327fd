"""The one table of failures that are caught by name: docs/failures.md and the replays follow it."""

from collections.abc import Mapping
from types import MappingProxyType

from punie_train.core.failure_catalogue.data import DATA
from punie_train.core.failure_catalogue.failure import Failure
from punie_train.core.failure_catalogue.reading import READING
from punie_train.core.failure_catalogue.scoring import SCORING
from punie_train.core.failure_catalogue.serving import SERVING
from punie_train.core.failure_catalogue.training import TRAINING

FAMILIES: Mapping[str, Mapping[str, Failure]] = MappingProxyType(
    {
        "serving": SERVING,
        "scoring": SCORING,
        "data": DATA,
        "training_and_fusing": TRAINING,
        "reading": READING,
    }
)
"""Failures by family, then by id."""

FAILURES: Mapping[str, Failure] = MappingProxyType(
    {name: failure for family in FAMILIES.values() for name, failure in family.items()}
)
"""All failures by id."""
