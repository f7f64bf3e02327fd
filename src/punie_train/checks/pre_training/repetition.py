"""Rows that say the same again, that contradict each other, or that an evaluation asks."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from punie_train.checks.measured import Amount, Histogram, Measured, Share
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.checks.pre_training.seen_row import SeenRow
from punie_train.dataset.duplicates import DuplicateSearch, Likeness
from punie_train.dataset.leakage import LeakSearch
from punie_train.dataset.row_text import canonical_json
from punie_train.dataset.rules import Rule, Severity
from punie_train.dataset.words import normalized

LEAK = Rule(
    "evaluation-leak",
    Severity.ERROR,
    "Take the rows out: `punie-train dataset decontaminate`.",
    "F40",
)
NOT_COMPARED = Rule(
    "cases-unreadable",
    Severity.ERROR,
    "Mend the case file, or name others in `evals` of [tool.punie-train.checks].",
    "F40",
)
ACROSS = Rule(
    "copy-across-splits",
    Severity.ERROR,
    "Take it out of one split: `punie-train dataset dedupe`.",
    "F40",
)
NEAR_ACROSS = Rule(
    "near-copy-across-splits",
    Severity.WARNING,
    "Bring both into one split (`punie-train dataset split` does), or what was trained is asked.",
    "F40",
)
MANY_COPIES = Rule(
    "many-duplicates",
    Severity.ERROR,
    "Take them out: `punie-train dataset dedupe`.",
    "F41",
)
COPY = Rule(
    "duplicate",
    Severity.WARNING,
    "Take them out if they were not meant to weigh more: `punie-train dataset dedupe`.",
    "F41",
)
CONTRADICTION = Rule(
    "contradictory-answers",
    Severity.ERROR,
    "Decide for one of them: the model can only learn to toss a coin.",
)


class Leakage(RowCheck):
    """Rows that hold the prompt of an evaluation case."""

    name = "leakage"
    needs_words = True

    def __init__(self, subject: Subject) -> None:
        """Start with no row."""
        super().__init__(subject)
        self._search = LeakSearch()
        self._places: list[tuple[Path, int]] = []
        self._leaks = 0

    def skipped(self) -> str | None:
        """Return why there is nothing to compare with, or None."""
        lent = self.subject.lent
        if lent.prompts is None and lent.prompts_problem is None:
            return lent.why_not("prompts")
        return super().skipped()

    def take_row(self, row: SeenRow) -> None:
        """Look for prompts in a row."""
        if row.value is not None and self.subject.lent.prompts is not None:
            self._places.append((row.row.split.path, row.row.line))
            self.subject.lent.prompts.take_words(self._search, row.said)

    def conclude(self) -> None:
        """Name the rows."""
        if self.subject.lent.prompts is None:
            self.in_data(NOT_COMPARED, self.subject.lent.prompts_problem or "")
            return
        for leak in self.subject.lent.prompts.found(self._search):
            self._leaks += 1
            self.found(LEAK, *self._places[leak.position], leak.reason)

    def measured(self) -> Iterator[Measured]:
        """Yield how much was compared."""
        prompts = self.subject.lent.prompts
        yield Amount("evaluation prompts", len(prompts) if prompts is not None else 0)
        yield Share("rows that hold one", self._leaks, len(self._places))


class NearDuplicates(RowCheck):
    """Rows that repeat an earlier one, exactly or nearly."""

    name = "near-duplicates"
    needs_words = True

    def __init__(self, subject: Subject) -> None:
        """Start with no row."""
        super().__init__(subject)
        self._search = DuplicateSearch(Likeness.NEAR)
        self._places: list[tuple[Path, int]] = []
        self._found: Counter[str] = Counter()

    def take_row(self, row: SeenRow) -> None:
        """Take a row."""
        if row.value is not None:
            self._places.append((row.row.split.path, row.row.line))
            self._search.take(row.row, row.said, row.offered)

    def conclude(self) -> None:
        """Compare all rows."""
        copies = self._search.found()
        self._found = Counter(str(copy.likeness) for copy in copies)
        for copy in copies:
            path, line = self._places[copy.position]
            rule = COPY
            if self._places[copy.kept][0] != path:
                rule = NEAR_ACROSS if copy.likeness is Likeness.NEAR else ACROSS
            self.found(rule, path, line, copy.reason)
        most = self.subject.limits.duplicate_share
        if copies and len(copies) > most * len(self._places):
            fact = f"{len(copies)} of {len(self._places)} rows repeat another"
            self.in_data(MANY_COPIES, f"{fact} ({copies[0].place}: {copies[0].reason})")

    def close(self) -> None:
        """Close the file of word runs."""
        with self._search.texts:
            pass

    def measured(self) -> Iterator[Measured]:
        """Yield the copies by kind."""
        yield Share("rows that repeat another", self._found.total(), len(self._places))
        yield Histogram("copies", tuple(self._found.most_common()))


@dataclass(slots=True)
class _Answered:
    label: bytes
    shown: str
    path: Path
    line: int


class Contradictions(RowCheck):
    """The same conversation, once answered with one tool and once with another or none."""

    name = "contradictions"

    def __init__(self, subject: Subject) -> None:
        """Start with no answer."""
        super().__init__(subject)
        self._known: dict[bytes, _Answered] = {}
        self._prompts = self._repeated = self._different = 0

    def take_row(self, row: SeenRow) -> None:
        """Compare the answers of a row with those given to the same conversation before."""
        offered = ",".join(sorted(tool.name for tool in row.tools))
        before = hashlib.blake2b(offered.encode(errors="surrogatepass"), digest_size=16)
        calls = zip(row.calls, row.unread, strict=True)
        for turn in row.turns:
            if turn.role == "text":
                return
            if turn.role == "assistant":
                called, unread = next(calls)
                if unread:
                    return
                text = canonical_json([[call.name, dict(call.arguments)] for call in called])
                self._take(row, before.digest(), tuple(call.name for call in called), text)
                said = f"{text}\0{normalized(turn.text) if not turn.calls else ''}"
            else:
                said = normalized(turn.text)
            before.update(f"{turn.role}\0{said}\0".encode(errors="surrogatepass"))

    def _take(self, row: SeenRow, key: bytes, names: tuple[str, ...], text: str) -> None:
        shown = ", ".join(name[:40] for name in sorted(set(names))[:4]) or "a direct answer"
        label = hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest()
        known = self._known.get(key)
        if known is None:
            self._prompts += 1
            self._known[key] = _Answered(label, shown, row.row.split.path, row.row.line)
            return
        self._repeated += 1
        self._different += known.label != label
        if known.shown != shown:
            place = f"{known.path.name}:{known.line}"
            fact = f"answered with {shown}, in {place} the same is answered with {known.shown}"
            self.in_row(CONTRADICTION, row, fact)

    def measured(self) -> Iterator[Measured]:
        """Yield how often a conversation comes again."""
        yield Amount("distinct conversations", self._prompts)
        yield Amount("answers to one seen before", self._repeated)
        yield Amount("of these with other calls", self._different)
