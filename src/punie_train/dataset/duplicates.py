"""Rows that say again what an earlier row says: exactly, but for form, or nearly."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from punie_train.dataset.likeness import THRESHOLD, Likeness
from punie_train.dataset.near_copies import OnCompared, ShingledTexts, near_copies
from punie_train.dataset.row_text import canonical_json, conversation_text, row_text, turns_text
from punie_train.dataset.rows import Row, place_of
from punie_train.dataset.said_words import SaidWords
from punie_train.dataset.tool_sets import ToolSet
from punie_train.dataset.words import normalized


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """A row that repeats a kept one; positions count rows from 0 in the order they came.

    Places are file and line, as `train.jsonl:3`.
    `similarity` is the Jaccard index of the sets of 5-word runs, 1.0 unless the likeness is near.
    """

    position: int
    place: str
    kept: int
    kept_place: str
    likeness: Likeness
    similarity: float = 1.0

    @property
    def reason(self) -> str:
        """Say what the row repeats, with file and line."""
        match self.likeness:
            case Likeness.EXACT:
                return f"same as {self.kept_place}"
            case Likeness.NORMALIZED:
                return f"same as {self.kept_place} but for case, spaces, punctuation and ids"
            case Likeness.NEAR:
                return f"near copy of {self.kept_place} (similarity {self.similarity:.2f})"


def find_duplicates(
    rows: Iterable[Row],
    *,
    up_to: Likeness = Likeness.NEAR,
    threshold: float = THRESHOLD,
    on_compared: OnCompared | None = None,
) -> tuple[Duplicate, ...]:
    """Return the rows that repeat an earlier kept row, in order; all others are to be kept.

    Exact compares the whole object as canonical JSON; normalized what `row_text` holds, without
    case, spaces and punctuation; near what is said and called (`conversation_text`), by Jaccard
    index of `threshold` (0 to 1) or more. Rows are read once; then `on_compared` is told how many
    of how many texts were compared. 100,000 rows of 100 words take about 20 seconds and 200 MB.
    """
    search = DuplicateSearch(up_to)
    with search.texts:
        for row in rows:
            search.take(row)
        return search.found(threshold, on_compared)


def groups(duplicates: Iterable[Duplicate]) -> Mapping[int, tuple[Duplicate, ...]]:
    """Return the duplicates of each kept row by its position."""
    gathered: dict[int, list[Duplicate]] = defaultdict(list)
    for duplicate in duplicates:
        gathered[duplicate.kept].append(duplicate)
    return {kept: tuple(copies) for kept, copies in gathered.items()}


class DuplicateSearch:
    """What is known of the rows seen so far: take them in order, then ask once what was found."""

    def __init__(self, up_to: Likeness) -> None:
        self.up_to = up_to
        self.texts = ShingledTexts()
        self.shingled: list[int] = []
        self.places: list[str] = []
        self.first: dict[bytes, int] = {}
        self.copies: list[Duplicate] = []

    def take(self, row: Row, said: SaidWords | None = None, tools: ToolSet | None = None) -> None:
        """Take the next row, which must hold a JSON object; give what is known of it already."""
        position = len(self.places)
        self.places.append(place_of(row))
        offered = _offered_by(row.value) if tools is None else _offered(tools)
        others = {key: value for key, value in row.value.items() if key != "tools"}
        whole = f"{canonical_json(others)}\0{offered.canonical}"
        keys = {Likeness.EXACT: _digest("exact", whole)}
        if self.up_to is not Likeness.EXACT:
            if said is None:
                text = normalized(row_text(row.value))
            else:
                text = _normalized(row.value, said, offered)
            keys[Likeness.NORMALIZED] = _digest("normalized", text)
        for likeness, key in keys.items():
            if (kept := self.first.get(key)) is not None:
                self.copies.append(self._copy(position, kept, likeness))
                return
        self.first.update(dict.fromkeys(keys.values(), position))
        if self.up_to is Likeness.NEAR:
            self.shingled.append(position)
            if said is None:
                self.texts.append(conversation_text(row.value))
            else:
                self.texts.append_runs(said.distinct_runs)

    def found(
        self, threshold: float = THRESHOLD, on_compared: OnCompared | None = None
    ) -> tuple[Duplicate, ...]:
        """Return the rows that repeat an earlier one, in order."""
        near = {
            self.shingled[pair.second]: replace(
                self._copy(self.shingled[pair.second], self.shingled[pair.first], Likeness.NEAR),
                similarity=pair.similarity,
            )
            for pair in near_copies(self.texts, threshold, on_compared)
        }
        # What a row repeats may itself be a near copy of an earlier row.
        copies = [
            replace(near[copy.kept], position=copy.position, place=copy.place)
            if copy.kept in near
            else copy
            for copy in self.copies
        ]
        return tuple(sorted((*copies, *near.values()), key=lambda copy: copy.position))

    def _copy(self, position: int, kept: int, likeness: Likeness) -> Duplicate:
        return Duplicate(
            position=position,
            place=self.places[position],
            kept=kept,
            kept_place=self.places[kept],
            likeness=likeness,
        )


class _Offered(NamedTuple):
    """The tools of rows as they are compared: as they stand there, and but for form."""

    canonical: str = ""
    normalized: str = ""


@lru_cache(maxsize=256)
def _offered(tools: ToolSet) -> _Offered:
    return _offered_by({"tools": tools.value})


def _offered_by(row: Mapping[str, Any]) -> _Offered:
    if "tools" not in row:
        return _Offered()
    canonical = canonical_json(row["tools"])
    return _Offered(canonical, normalized(f"tools\n{canonical}") if row["tools"] else "")


def _normalized(row: Mapping[str, Any], said: SaidWords, offered: _Offered) -> str:
    """Return `row_text`, normalized; what one does to texts apart it does to them together."""
    text = turns_text(said.parts)
    if not text and not offered.normalized:
        return normalized(canonical_json(row))
    return " ".join(filter(None, (normalized(text), offered.normalized)))


def _digest(kind: str, text: str) -> bytes:
    whole = f"{kind}\0{text}".encode(errors="surrogatepass")
    return hashlib.blake2b(whole, digest_size=16).digest()
