"""Who answers, and what is asked, is known by content; no name and no path is in it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from punie_train.core.errors import ArtifactError
from punie_train.core.sampling import Sampling
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.case import Case
from punie_train.toolcalls.parsed import WireFormat
from punie_train.workflows.candidates import Candidate
from punie_train.workflows.evaluate import Job
from punie_train.workflows.identity import (
    Identity,
    identify,
    identify_foreign,
    reply_keys,
    request_digest,
)

CHANGES: dict[str, tuple[Any, str]] = {
    "base": ("x", "the base model's weights"),
    "adapter": (None, "the adapter's weights"),
    "template": ("x", "the chat template"),
    "companions": ("x", "the tokenizer"),
    "options": (("--kv-bits", "4"), "(none then, --kv-bits 4 now)"),
    "versions": (("mlx-lm 9",), "(mlx-lm 0.32.2 then, mlx-lm 9 now)"),
    "sampling": ((("temperature", 0.3),), "temperature 0.0 then, temperature 0.3 now"),
}


def job(case: Case, repeat: int = 1) -> Job:
    """Return the job of a case."""
    return Job(key=("v3", "cases.yaml", case.id, repeat), case=case)


@pytest.mark.parametrize(
    ("name", "new", "words"), [(n, *c) for n, c in CHANGES.items()], ids=CHANGES
)
def test_every_part_counts(
    make_identity: Callable[..., Identity], name: str, new: object, words: str
) -> None:
    """Another value is another identity, and the change is told in words."""
    before, after = make_identity(), make_identity(**{name: new})
    assert after.digest != before.digest
    (told,) = after.changes(before.to_json())
    assert words in told


def test_the_same_is_the_same(make_identity: Callable[..., Identity]) -> None:
    """Equal parts make an equal digest and no change."""
    assert make_identity().digest == make_identity().digest
    assert make_identity().changes(make_identity().to_json()) == ()


@pytest.fixture
def candidate(tmp_path: Path) -> Candidate:
    """Return a candidate whose files look like a model and an adapter."""
    model, adapter = tmp_path / "model", tmp_path / "adapter"
    for directory, name in ((model, "model"), (adapter, "adapters")):
        directory.mkdir()
        (directory / f"{name}.safetensors").write_bytes(b"weights")
    return Candidate(
        name="v3", model_name="m", model=model, adapter=adapter, base_fingerprint="",
        adapter_fingerprint=None, template="", trained=WireFormat.QWEN3_CODER_XML,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        ("model/model.safetensors", "base"),
        ("adapter/adapters.safetensors", "adapter"),
        ("model/tokenizer.json", "companions"),
        ("model/generation_config.json", "companions"),
        ("model/README.md", None),
    ],
)
def test_files_are_looked_at(
    tmp_path: Path, candidate: Candidate, file: str, changed: str | None
) -> None:
    """Retrained weights in the same place are another identity; notes are not."""
    before = identify(candidate, {}, Sampling())
    (tmp_path / file).write_text("retrained, say")
    after = identify(candidate, {}, Sampling())
    if changed is None:
        assert after == before
    else:
        assert after == replace(before, **{changed: getattr(after, changed)}) != before


def test_place_does_not_count(tmp_path: Path, candidate: Candidate) -> None:
    """A copy of the same files gives the same replies."""
    before = identify(candidate, {}, Sampling())
    moved = candidate.model.rename(tmp_path / "elsewhere")
    assert identify(replace(candidate, name="x", model=moved), {}, Sampling()) == before


def test_server_and_sampling_count(candidate: Candidate) -> None:
    """All options of the server that may change a reply, and all of the sampling."""
    plain = identify(candidate, {}, Sampling())
    assert identify(candidate, {"kv_bits": 4}, Sampling()).options == ("--kv-bits", "4")
    assert identify(candidate, {"port": 8080}, Sampling()) == plain
    for changed in (Sampling(temperature=0.3), Sampling(top_p=0.9), Sampling(max_tokens=9)):
        assert identify(candidate, {}, changed).digest != plain.digest


def test_files_that_cannot_be_read_are_an_error_in_words(candidate: Candidate) -> None:
    """A model that is gone has no identity."""
    with pytest.raises(ArtifactError):
        identify(replace(candidate, model=candidate.model / "absent"), {}, Sampling())


def test_foreign_server_is_known_by_its_address() -> None:
    """Its URL and the model's name are all there is."""
    plain = identify_foreign("http://h:1/", None, Sampling())
    assert plain == identify_foreign("http://h:1", None, Sampling())
    for url, model in (("http://h:2", None), ("http://h:1", "m")):
        assert identify_foreign(url, model, Sampling()).digest != plain.digest


def test_order_of_parameters_counts(make_case: Callable[..., Case]) -> None:
    """A template writes them in their order, so the prompt is another one."""

    def with_tool(*names: str) -> Case:
        schema = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
        return replace(
            make_case("x"), tools=(ToolSpec(name="t", description="d", parameters=schema),)
        )

    assert request_digest(with_tool("a", "b")) == request_digest(with_tool("a", "b"))
    assert request_digest(with_tool("a", "b")) != request_digest(with_tool("b", "a"))


def test_key_follows_request_and_repeat_not_the_name(
    make_case: Callable[..., Case], make_identity: Callable[..., Identity]
) -> None:
    """A renamed case finds its reply; another prompt, repeat or identity does not."""
    who = make_identity()

    def key(each: Job, identity: Identity = who) -> str:
        return reply_keys(identity, [each])[each.key]

    plain = key(job(make_case("one")))
    assert key(job(make_case("renamed"))) == plain
    others = (
        key(job(make_case("one", "Goodbye"))),
        key(job(make_case("one"), repeat=2)),
        key(job(make_case("one")), make_identity(adapter="retrained")),
        key(job(replace(make_case("one"), request_hash="other results"))),
    )
    assert len({plain, *others}) == 5


def test_cases_that_ask_the_same_keep_a_reply_each(
    make_case: Callable[..., Case], make_identity: Callable[..., Identity]
) -> None:
    """At a temperature above 0 they are two draws, and stay two."""
    jobs = [job(make_case("one")), job(make_case("two"))]
    first = reply_keys(make_identity(), jobs)
    assert len(set(first.values())) == 2
    assert first == reply_keys(make_identity(), jobs)


def test_case_without_a_hash_has_no_key(
    make_case: Callable[..., Case], make_identity: Callable[..., Identity]
) -> None:
    """What is not known by content is not kept."""
    assert reply_keys(make_identity(), [job(replace(make_case("x"), request_hash=""))]) == {}
