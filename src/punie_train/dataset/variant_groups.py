"""Groups of rows that belong together in one split: variants, and near copies of each other."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from punie_train.dataset.near_copies import ShingledTexts, near_copies
from punie_train.dataset.row_text import conversation_text
from punie_train.dataset.variants import variant_key


class VariantGroups:
    """Takes rows one by one and puts them into groups; a context manager over a temporary file.

    Two rows are in one group when their questions have the same template (`variants`), or when one
    is a near copy of the other as `dataset dedupe` finds them (`near_copies`): what is said and
    called in them shares four fifths of its runs of five words. Groups that share a row are one.
    """

    def __init__(self) -> None:
        """Start without rows."""
        self._texts = ShingledTexts()
        self._above = array("q")
        self._keys: list[bytes] = []
        self._first: dict[bytes, int] = {}

    def __enter__(self) -> Self:
        self._texts.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._texts.__exit__(kind, error, trace)

    def add(self, value: Mapping[str, Any]) -> None:
        """Take the next row's JSON object."""
        key = variant_key(value)
        position = len(self._above)
        self._above.append(self._first.setdefault(key, position))
        self._keys.append(key)
        self._texts.append(conversation_text(value))

    def found(self) -> tuple[Sequence[bytes], Mapping[bytes, int]]:
        """Return the name of each row's group, and the number of rows of each group."""
        for pair in near_copies(self._texts):
            one, other = sorted((self._root(pair.first), self._root(pair.second)))
            self._above[other] = one
        names = [self._keys[self._root(position)] for position in range(len(self._above))]
        return names, dict(Counter(names))

    def _root(self, position: int) -> int:
        above = self._above
        while above[position] != position:
            above[position] = above[above[position]]
            position = above[position]
        return position
