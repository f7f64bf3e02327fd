"""An audit of training data in lines for people."""

from collections.abc import Iterator, Mapping

from punie_train.dataset.audit import Audit
from punie_train.dataset.sources import Author
from punie_train.reporting.numbers import plural
from punie_train.reporting.safe_text import one_line

_WRITTEN: dict[Author, str] = {
    Author.HUMAN: "people",
    Author.MODEL: "a model",
    Author.PROGRAM: "a program of this project's kind, no model",
    Author.MIXED: "people and models, or not known which",
    Author.UNKNOWN: "not known",
}


def audit_lines(audit: Audit) -> Iterator[str]:
    """Yield the facts of a source, what has to be kept in mind, and the verdict."""
    source = audit.source
    title = "" if source.title in ("", source.name) else f": {one_line(source.title)}"
    yield one_line(source.name) + title
    part = f", part {one_line(source.config)}" if source.config else ""
    if source.repository:
        yield f"  repository: {one_line(source.repository)}{part}"
    licence = one_line(source.licence or "none given")
    content = f"; its texts: {one_line(source.content_licence)}" if source.content_licence else ""
    yield f"  licence: {licence}{content}"
    models = ", ".join(map(one_line, source.generation_models))
    yield f"  written by: {_WRITTEN[source.written_by]}" + (f" ({models})" if models else "")
    for name, text in (("origin", source.origin), ("ethics", source.ethics)):
        if text:
            yield f"  {name}: {one_line(text)}"
    for remark in audit.remarks:
        yield f"  note: {one_line(remark)}"
    if audit.allowed:
        yield "  verdict: nothing known speaks against training on it"
        return
    for refusal in audit.refusals:
        yield f"  refused: {one_line(refusal)}"
    yield f"  --accept would mean {audit.accepting}"


def rows_lines(rows: Mapping[str, int]) -> Iterator[str]:
    """Yield how many rows name which source."""
    for name, number in rows.items():
        yield f"{plural(number, 'row')}: {one_line(name)}"
