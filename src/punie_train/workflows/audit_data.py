"""Audit before anything is downloaded or trained on: a source, a hub id, or data on disk."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from punie_train.core.errors import UsageError
from punie_train.dataset.audit import Audit, audit_source, licence_terms
from punie_train.dataset.inputs import open_dataset
from punie_train.dataset.json_lines import UnreadableLineError
from punie_train.dataset.rows import read_rows
from punie_train.dataset.sources import Author, Source, catalogue
from punie_train.hub.lookup import HubDataset, look_up

UNSAID = "(rows that name no source)"
_WRITERS = re.compile(r"\b(gpt-?[345][\w.-]*|chatgpt|claude[\w.-]*|gemini[\w.-]*)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HubAudit:
    """The audit of a source, and its revision on the hub if the hub was asked.

    `rows` is the source with the files in which its rows are found.
    """

    audit: Audit
    revision: str | None
    rows: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAudit:
    """The audit of rows on disk: one of each source, with the number of rows that name it."""

    audits: tuple[Audit, ...]
    rows: Mapping[str, int]

    @property
    def allowed(self) -> bool:
        """Say whether every row has a source and nothing speaks against any of them."""
        return bool(self.audits) and all(audit.allowed for audit in self.audits)

    def to_json(self) -> dict[str, Any]:
        """Return the audits, the rows by source and the verdict as JSON."""
        return {
            "allowed": self.allowed,
            "sources": [audit.to_json() for audit in self.audits],
            "rows": dict(self.rows),
        }


def find_source(name: str) -> Source:
    """Return a known source, or one that stands for a hub id.

    Raises UsageError with a suggestion for a name that is nearly a known one.
    """
    known = catalogue().sources
    if name in known:
        return known[name]
    if "/" not in name and (near := get_close_matches(name, known, n=1)):
        raise UsageError(
            f"{name} is no known source", "there is nothing to look up", f"Did you mean {near[0]}?"
        )
    return Source(name=name, title=name, repository=name)


def audit_on_hub(source: Source, revision: str | None = None) -> HubAudit:
    """Judge a source, with what its page on the hub says; raises HubError.

    Of a known source the hub is asked for the licence only, and one that changed to terms that do
    not allow training, or that nobody read, is a reason to refuse. Of any other source the card is
    read for the names of models that may have written it.
    """
    if source.repository is None:
        return HubAudit(audit=audit_source(source), revision=None, rows=source)
    page = look_up(source.repository, revision)
    if source.name in catalogue().sources:
        audit = _with_page(audit_source(source), page)
    else:
        audit = audit_source(_described(source, page))
    rows = source
    if page.converted and not source.files:
        files = (f"{source.config or 'default'}/{source.split}/*.parquet",)
        rows = replace(source, files=files, builder="parquet")
    return HubAudit(audit=audit, revision=page.revision, rows=rows)


def audit_directory(data: Path) -> DataAudit:
    """Judge a dataset directory or file by its manifest and by the `source` of its rows.

    Raises DatasetError when there are no rows to read.
    """
    opened = open_dataset(data)
    rows: Counter[str] = Counter()
    for row in read_rows(opened):
        try:
            name = row.value.get("source")
        except UnreadableLineError:
            name = None
        rows[name if isinstance(name, str) and name else UNSAID] += 1
    return audit_rows(opened.manifest, rows)


def audit_rows(manifest: Mapping[str, Any], rows: Mapping[str, int]) -> DataAudit:
    """Judge rows by their manifest and by how many name which source; `UNSAID` names none."""
    told: dict[str, Source] = {}
    accepted: dict[str, tuple[str, ...]] = {}
    for entry in _entries(dict(manifest)):
        source = _from_manifest(entry)
        told.setdefault(source.name, source)
        if isinstance(terms := entry.get("accepted"), list):
            accepted[source.name] = tuple(f"Accepted at the download: {one}." for one in terms)
    known, from_manifest = catalogue().sources, bool(told)
    for name in rows:
        if name != UNSAID and name not in told:
            told[name] = known.get(name, Source(name=name, title=name))
    if UNSAID in rows and not from_manifest:
        told[UNSAID] = Source(name=UNSAID, title="and no manifest tells where they come from")
    audits = (audit_source(source) for source in told.values())
    return DataAudit(
        audits=tuple(
            replace(one, remarks=(*one.remarks, *accepted.get(one.source.name, ())))
            for one in audits
        ),
        rows=dict(Counter(rows).most_common()),
    )


def _with_page(audit: Audit, page: HubDataset) -> Audit:
    """Return the audit with a licence on the page that is not the one known here."""
    source, told = audit.source, (page.licence or "").lower()
    if told in ("", "other", source.licence, source.content_licence):
        return audit
    changed = f"its page on the hub says {told[:40]!r} where {source.licence!r} was known"
    terms = licence_terms(told)
    if terms is not None and terms.allows:
        return replace(audit, remarks=(*audit.remarks, f"The licence changed: {changed}."))
    return replace(audit, refusals=(*audit.refusals, f"the licence changed: {changed}"))


def _described(source: Source, page: HubDataset) -> Source:
    models = sorted({found[0].lower() for found in _WRITERS.finditer(page.card)})
    author = Author.UNKNOWN
    origin = "Named by its id on the hub; nobody has described it here."
    if models:
        origin += f" Its card names {', '.join(models)}, perhaps as the author of rows."
        author = Author.MIXED
    return replace(
        source,
        licence=page.licence,
        written_by=author,
        generation_models=tuple(models),
        origin=origin,
    )


def _entries(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Yield every object of a manifest that tells a licence or a source, outermost first."""
    if depth > 8:
        return
    if isinstance(value, Mapping):
        if any(key in value for key in ("licence", "license", "provenance")):
            yield value
        for one in value.values():
            yield from _entries(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            yield from _entries(one, depth + 1)


def _from_manifest(entry: Mapping[str, Any]) -> Source:
    def text(*names: str) -> str | None:
        found = (entry.get(name) for name in names)
        return next((value for value in found if isinstance(value, str) and value), None)

    models = entry.get("generation_models")
    author = text("written_by")
    if author is None:
        author = "program" if isinstance(entry.get("generator"), str) else "unknown"
    return Source(
        name=text("source", "generator") or "manifest.json",
        title=text("title", "purpose") or "",
        repository=text("repository"),
        config=text("config"),
        licence=text("licence", "license"),
        content_licence=text("content_licence"),
        written_by=Author(author) if author in list(Author) else Author.UNKNOWN,
        generation_models=tuple(map(str, models)) if isinstance(models, list) else (),
        origin=text("origin", "provenance") or "",
        ethics=text("ethics") or "",
    )
