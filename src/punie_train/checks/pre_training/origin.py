"""What must not be in training data: secrets, a generator's marks, text of unknown origin."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from punie_train.checks.measured import Histogram, Measured, Share, Words
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.checks.pre_training.seen_row import SeenRow
from punie_train.dataset.markers import MarkerKind
from punie_train.dataset.redaction import redact_row
from punie_train.dataset.row_text import row_text
from punie_train.dataset.rows import place_of
from punie_train.dataset.rules import Rule, Severity
from punie_train.dataset.words import normalized

SECRET = Rule(
    "secret",
    Severity.ERROR,
    "Take it out with `punie-train dataset redact`, and revoke it: it may have been read.",
    "F47",
)
MARKER = Rule("generator-mark", Severity.ERROR, "Take it out: `punie-train dataset redact`.", "F41")
NUMBERED_COPIES = Rule(
    "numbered-copies",
    Severity.ERROR,
    "Keep one of each: `punie-train dataset redact`, then `punie-train dataset dedupe`.",
    "F41",
)
NOT_ALLOWED = Rule(
    "source-not-allowed",
    Severity.ERROR,
    "Leave the rows out, or read the terms: `punie-train dataset audit`.",
    "F48",
)
UNKNOWN_SOURCE = Rule(
    "source-unknown",
    Severity.WARNING,
    'Write them into manifest.json, as {"licence": ..., "provenance": ...}: `punie-train dataset '
    "audit` shows how they are read.",
    "F48",
)
ACCEPTED = Rule(
    "source-accepted",
    Severity.WARNING,
    "Somebody accepted these terms at the download: make sure that your use is within them.",
    "F48",
)
_MARKERS = frozenset(map(str, MarkerKind))


class Secrets(RowCheck):
    """Keys, tokens and passwords; only their kind and place are shown."""

    name = "secrets"

    def __init__(self, subject: Subject) -> None:
        """Start with no row."""
        super().__init__(subject)
        self._rows = self._with = 0
        self._kinds: Counter[str] = Counter()

    def take_row(self, row: SeenRow) -> None:
        """Look for secrets."""
        if row.value is None:
            return
        self._rows += 1
        found = [one for one in row.redactions if one.kind not in _MARKERS]
        self._with += bool(found)
        for one in found:
            self._kinds[one.kind] += 1
            self.in_row(SECRET, row, f"{one.place} holds what looks like a secret ({one.kind})")

    def measured(self) -> Iterator[Measured]:
        """Yield the share of rows, and the kinds."""
        yield Share("rows with a secret", self._with, self._rows)
        yield Histogram("kinds", tuple(self._kinds.most_common()))


class Markers(RowCheck):
    """Marks such as "(question 17)"."""

    name = "markers"

    def __init__(self, subject: Subject) -> None:
        """Start with no row."""
        super().__init__(subject)
        self._rows = self._with = self._copies = 0
        self._first: dict[bytes, str] = {}
        self._copy = ""

    def take_row(self, row: SeenRow) -> None:
        """Look for marks, and for marked rows that are the same without them."""
        if row.value is None:
            return
        self._rows += 1
        found = [one for one in row.redactions if one.kind in _MARKERS]
        self._with += bool(found)
        if found:
            self.in_row(MARKER, row, f"{found[0].place} holds a {found[0].kind}")
            self._compare(row.value, place_of(row.row))

    def _compare(self, value: Mapping[str, Any], place: str) -> None:
        text = normalized(row_text(redact_row(value, secrets=False).row))
        key = hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest()
        known = self._first.setdefault(key, place)
        if known != place:
            self._copies += 1
            self._copy = self._copy or f"{place} is then the same as {known}"

    def conclude(self) -> None:
        """Report rows that differ by their marks alone."""
        if self._copies:
            repeat = "row repeats" if self._copies == 1 else "rows repeat"
            fact = f"{self._copies} {repeat} another but for its mark ({self._copy})"
            self.in_data(NUMBERED_COPIES, fact)

    def measured(self) -> Iterator[Measured]:
        """Yield the shares of rows with a mark, and of those that are copies without it."""
        yield Share("rows with a generator's mark", self._with, self._rows)
        yield Share("rows that repeat another but for the mark", self._copies, self._rows)


class Provenance(RowCheck):
    """Sources whose terms do not allow training, or that nobody named."""

    name = "provenance"

    def __init__(self, subject: Subject) -> None:
        """Start with no row."""
        super().__init__(subject)
        self._sources: Counter[str] = Counter()
        self._licences: list[str] = []

    def skipped(self) -> str | None:
        """Return why nothing can be audited, or None."""
        lent = self.subject.lent
        return lent.why_not("audit") if lent.audit is None else super().skipped()

    def take_row(self, row: SeenRow) -> None:
        """Count the source that a row names."""
        source = (row.value or {}).get("source")
        self._sources[source if isinstance(source, str) else ""] += 1

    def conclude(self) -> None:
        """Judge the sources."""
        audit = self.subject.lent.audit
        for one in audit(self.subject.data.manifest, self._sources) if audit else ():
            self._licences.append(f"{one.source}: {one.licence or 'no licence known'}")
            for refusal in one.refusals:
                rule = NOT_ALLOWED
                if one.unsaid:
                    rule = UNKNOWN_SOURCE
                elif one.accepted:
                    rule = ACCEPTED
                self.in_data(rule, f"{one.source}: {refusal}")

    def measured(self) -> Iterator[Measured]:
        """Yield the sources and their licences."""
        named = [(name or "(not named by the row)", n) for name, n in self._sources.most_common()]
        yield Histogram("rows by source", tuple(named))
        yield Words("licences", "; ".join(self._licences) or "none known")
