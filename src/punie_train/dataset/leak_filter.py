"""Rows that hold an evaluation case, as an operation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from punie_train.dataset.leakage import EvaluationPrompts, Leak
from punie_train.dataset.operations import KEPT, Kept, Removed
from punie_train.dataset.rows import Row, place_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakFilter:
    """Removes the rows that hold one of the prompts; `against` names where these come from."""

    prompts: EvaluationPrompts
    against: tuple[str, ...]
    name: str = "evaluation cases"
    found: dict[str, Leak] = field(default_factory=dict)

    @property
    def settings(self) -> Mapping[str, Any]:
        """Return the case files and the number of prompts."""
        return {"against": list(self.against), "prompts": len(self.prompts)}

    def prepare(self, rows: Iterator[Row]) -> None:
        """Find the leaks; common phrases are known only when all rows were seen."""
        places: list[str] = []

        def values() -> Iterator[Mapping[str, Any]]:
            for row in rows:
                places.append(place_of(row))
                yield row.value

        self.found.update((places[leak.position], leak) for leak in self.prompts.leaks(values()))

    def judge(self, row: Row) -> Kept | Removed:
        """Look the row up."""
        leak = self.found.get(place_of(row))
        return KEPT if leak is None else Removed(leak.reason)
