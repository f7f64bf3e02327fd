"""A dataset for mlx-lm's trainer that knows where its rows came from."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from punie_train.dataset.errors import DatasetError


class RowSource(Protocol):
    """mlx-lm's dataset: rows by index, and a row to token ids and the length of its prompt."""

    def __len__(self) -> int:
        """Return the number of rows."""
        ...

    def __getitem__(self, idx: int) -> Any:
        """Return one row."""
        ...

    def process(self, d: Any) -> tuple[list[int], int]:
        """Return the token ids of a row and the number of those that are not trained."""
        ...


class TrainedRows:
    """The same rows in the same order; refuses one of which no token would be trained.

    Such a row gives a loss that is not a number: its prompt alone fills `max_seq_length`.
    """

    def __init__(self, rows: RowSource, lines: Path, *, max_seq_length: int) -> None:
        self._rows, self._limit, self._last = rows, max_seq_length, 0
        self._places: list[str] = json.loads(lines.read_text(encoding="utf-8"))
        self._tokens: dict[int, tuple[list[int], int]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, idx: int) -> Any:
        """Return the row as mlx-lm holds it, and remember its index for `process`."""
        self._last = int(idx)
        return self._rows[self._last]

    def places(self, indices: Iterable[int]) -> list[str]:
        """Return file and line of rows."""
        return [self._places[index] for index in indices]

    def check_all(self) -> None:
        """Raise for the first unusable row now, not when the trainer comes to it."""
        for index in range(len(self)):
            self.process(self[index])

    def process(self, row: Any) -> tuple[list[int], int]:
        """Return token ids and prompt length; raises DatasetError with file and line."""
        if self._last not in self._tokens:
            self._tokens[self._last] = self._checked(row)
        return self._tokens[self._last]

    def _checked(self, row: Any) -> tuple[list[int], int]:
        tokens, prompt = self._rows.process(row)
        if max(prompt, 1) >= min(len(tokens), self._limit):
            raise DatasetError(
                f"{self._places[self._last]}: the prompt has {prompt} of the row's {len(tokens)} "
                "tokens",
                f"with max-seq-length {self._limit} no token of the reply would be trained, and "
                "the loss would not be a number",
                "Raise --max-seq-length, or shorten or remove the row.",
                failure="F37",
            )
        return tokens, prompt


def blamed(places: Sequence[str], broken: Sequence[str] | None) -> str:
    """Return which rows a spoiled batch had, as the end of a sentence.

    `broken` are those that have no finite loss in the untrained model either; None: not known.
    """
    rows = ", ".join(dict.fromkeys(places))
    if broken:
        return f", on {rows}, of which {', '.join(broken)} breaks the untrained model, too"
    whole = " (the untrained model has a finite loss on each of them)" if broken == [] else ""
    return f", on {rows}{whole}" if rows else ""
