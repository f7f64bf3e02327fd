"""The verdict over a source follows from licence, authors and generation models."""

from typing import Any

import pytest

from punie_train.dataset.audit import audit_source
from punie_train.dataset.sources import Author, Source, catalogue

OPEN: dict[str, Any] = {"licence": "mit", "written_by": Author.HUMAN}


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        pytest.param({}, None, id="open"),
        pytest.param({"licence": "MIT"}, None, id="capitals"),
        pytest.param({"licence": None}, "no licence is given", id="no-licence"),
        pytest.param({"licence": "acme"}, "'acme' is not known", id="unknown-licence"),
        pytest.param({"licence": "cc-by-nc-4.0"}, "forbids commercial use", id="non-commercial"),
        pytest.param({"content_licence": "cc-by-nd-4.0"}, "CC BY-ND", id="content-licence"),
        pytest.param({"content_licence": "cc-by-sa-4.0"}, None, id="share-alike"),
        pytest.param({"written_by": Author.MODEL}, "not known which", id="unknown-model"),
        pytest.param(
            {"written_by": Author.MODEL, "generation_models": ("Qwen/Qwen3-32B",)},
            None,
            id="open-weights",
        ),
        pytest.param(
            {"written_by": Author.MODEL, "generation_models": ("gpt-4o-mini",)},
            "OpenAI's terms",
            id="closed-model",
        ),
        pytest.param(
            {"written_by": Author.MODEL, "generation_models": ("gpt-oss-20b",)},
            None,
            id="open-model-of-a-closed-house",
        ),
        pytest.param(
            {"written_by": Author.MIXED, "generation_models": ("acme-9",)},
            "its terms are not known",
            id="strange-model",
        ),
    ],
)
def test_the_verdict_follows_from_the_facts(facts: dict[str, Any], refusal: str | None) -> None:
    """One fact is changed at a time; the others allow training."""
    audit = audit_source(Source(name="test", title="", **(OPEN | facts)))
    assert audit.allowed is (refusal is None)
    assert bool(audit.accepting) is not audit.allowed
    if refusal:
        assert len(audit.refusals) == 1
        assert refusal in audit.refusals[0]


def test_of_the_known_sources_one_is_refused() -> None:
    """KodCode may not be used commercially and was written by GPT-4o; the others are open."""
    audits = {name: audit_source(source) for name, source in catalogue().sources.items()}
    assert [name for name, audit in audits.items() if not audit.allowed] == ["kodcode"]
    assert len(audits["kodcode"].refusals) == 2


def test_every_fact_is_told() -> None:
    """No source is without origin, author and a word on ethics."""
    for source in catalogue().sources.values():
        assert source.title
        assert source.origin
        assert source.ethics
        assert source.licence in catalogue().licences
        assert source.written_by is not Author.UNKNOWN
