"""May this data be trained on? Licence, authors and generation models judged by `sources.yaml`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from punie_train.dataset.sources import Author, Catalogue, Source, Terms, catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What is known of a source, and the verdict.

    `refusals` say why the data is refused; with none it is allowed. `remarks` are what has to be
    done or known all the same. `accepting` says what `--accept` would mean.
    """

    source: Source
    refusals: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        """Say whether nothing speaks against the data."""
        return not self.refusals

    @property
    def accepting(self) -> str:
        """Return what somebody says who gives `--accept`, or the empty string."""
        if self.allowed:
            return ""
        return (
            "that you have read these terms yourself, that your use is within them, and that "
            "manifest.json will name what was accepted"
        )

    def to_json(self) -> dict[str, Any]:
        """Return the facts and the verdict as JSON."""
        return {
            **provenance(self.source),
            "allowed": self.allowed,
            "refusals": list(self.refusals),
            "remarks": list(self.remarks),
            "accepting": self.accepting,
        }


def provenance(source: Source) -> dict[str, Any]:
    """Return the facts of a source as a manifest holds them."""
    return {
        "source": source.name,
        "title": source.title,
        "repository": source.repository,
        "config": source.config,
        "licence": source.licence,
        "content_licence": source.content_licence,
        "written_by": str(source.written_by),
        "generation_models": list(source.generation_models),
        "origin": source.origin,
        "ethics": source.ethics,
    }


def audit_source(source: Source) -> Audit:
    """Judge a source by what is known of it."""
    known = catalogue()
    return Audit(
        source=source,
        refusals=tuple(_refusals(source, known)),
        remarks=tuple(_remarks(source, known)),
    )


def licence_terms(licence: str | None) -> Terms | None:
    """Return what a licence says, or None if nobody has read it."""
    return catalogue().licences.get((licence or "").lower())


def _refusals(source: Source, known: Catalogue) -> Iterator[str]:
    for licence in (source.licence, source.content_licence):
        terms = licence_terms(licence)
        if terms is not None and not terms.allows:
            yield f"the licence is {terms.name}: {terms.why}"
    if not source.licence:
        yield "no licence is given: without one nobody may copy or train on it"
    elif licence_terms(source.licence) is None:
        yield f"the licence {source.licence!r} is not known here: nobody has read its terms"
    wrote = "may have written" if source.written_by is Author.MIXED else "wrote"
    for name in source.generation_models:
        terms = known.model(name)
        if terms is None:
            yield f"{name} {wrote} rows and its terms are not known here"
        elif not terms.allows:
            yield f"{name} {wrote} rows: {terms.why} (F48)"
    if source.written_by in (Author.MODEL, Author.MIXED) and not source.generation_models:
        yield "a model wrote rows and it is not known which (F48)"


def _remarks(source: Source, known: Catalogue) -> Iterator[str]:
    terms = licence_terms(source.licence)
    if terms is not None and terms.asks:
        yield f"{terms.name}: {terms.asks}"
    if source.content_licence:
        content = licence_terms(source.content_licence)
        asks = f": {content.asks}" if content is not None and content.asks else "."
        name = content.name if content is not None else source.content_licence
        yield f"The texts in it are under another licence, {name}{asks}"
    for name in source.generation_models:
        model = known.model(name)
        if model is not None and model.allows:
            yield f"{name} wrote rows; its terms ({model.terms}) allow training on them."
    if source.written_by is Author.UNKNOWN:
        yield "Nobody has checked who wrote the rows, people or a model: read some of them."
