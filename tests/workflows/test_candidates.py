"""Candidates are resolved and checked before anything is started."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from punie_train.core.errors import ArtifactError, UsageError
from punie_train.core.settings import Settings
from punie_train.mlx.adapter_manifest import AdapterManifest, write_manifest
from punie_train.mlx.fingerprints import fingerprint
from punie_train.processes.sweep import ProcessRecord
from punie_train.workflows import opening
from punie_train.workflows.candidates import resolve
from punie_train.workflows.external_model import ExternalModel
from punie_train.workflows.opening import end_orphans, open_model, resolve_candidates
from punie_train.workflows.wanted import Wanted


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the digests of a test to the test."""
    monkeypatch.setenv("PUNIE_TRAIN_CACHE_DIR", str(tmp_path / "cache"))


MakeModel = Callable[[str], Path]
MakeAdapter = Callable[[str, Path | None], Path]


@pytest.fixture
def model(tmp_path: Path) -> MakeModel:
    """Return a function that makes what looks like a model."""

    def make(name: str) -> Path:
        directory = tmp_path / name
        directory.mkdir()
        (directory / "config.json").write_text(f'{{"name": "{name}"}}')
        (directory / "chat_template.jinja").write_text("tool_call.name")
        save_file({"w": np.ones(2, np.float32)}, directory / "model.safetensors")
        return directory

    return make


@pytest.fixture
def adapter(tmp_path: Path) -> MakeAdapter:
    """Return a function that makes a sound adapter, with a manifest where a base is given."""

    def make(name: str, base: Path | None) -> Path:
        directory = tmp_path / name
        directory.mkdir()
        (directory / "adapter_config.json").write_text("{}")
        ones = np.ones(2, np.float32)
        save_file({"q.lora_a": ones, "q.lora_b": ones}, directory / "adapters.safetensors")
        if base:
            manifest = AdapterManifest(
                base_model=str(base), base_fingerprint=fingerprint(base), template_hash="",
                data="d", data_hash="", parameters={}, seed=0, versions={}, complete=True,
            )  # fmt: skip
            write_manifest(directory, manifest)
        return directory

    return make


def test_adapter_brings_its_own_base(model: MakeModel, adapter: MakeAdapter) -> None:
    """Its manifest names the model, and the bare model beside it is the same one."""
    base, other = model("base-model"), model("other")
    v1 = adapter("v1", base)
    bare, tuned = resolve(
        [Wanted(name="base"), Wanted(name="v1", adapter=str(v1))], default_model=str(other)
    )
    assert (bare.model, tuned.model) == (base, base)
    assert bare.base_fingerprint == tuned.base_fingerprint
    assert (bare.adapter, tuned.adapter) == (None, v1)
    assert tuned.adapter_fingerprint is not None


def test_without_a_manifest_the_default_is_taken(model: MakeModel, adapter: MakeAdapter) -> None:
    """Who wrote no manifest says nothing about the base."""
    base = model("base-model")
    (tuned,) = resolve([Wanted(name="v1", adapter=str(adapter("v1", None)))], str(base))
    assert tuned.model == base


def test_another_base_is_refused(model: MakeModel, adapter: MakeAdapter) -> None:
    """A model named on the command line that is not the adapter's is said by name (F09)."""
    v1, other = adapter("v1", model("base-model")), model("other")
    with pytest.raises(ArtifactError, match="F09"):
        resolve([Wanted(name="v1", adapter=str(v1), model=str(other))], str(other))


def test_unreadable_manifest_is_refused(model: MakeModel, adapter: MakeAdapter) -> None:
    """It is said by the check, not lost on the way to the base."""
    base = model("base-model")
    v1 = adapter("v1", base)
    (v1 / "manifest.json").write_text("{")
    with pytest.raises(ArtifactError, match="cannot be read"):
        resolve([Wanted(name="v1", adapter=str(v1))], str(base))


def test_settings_of_the_server_are_checked(model: MakeModel, tmp_path: Path) -> None:
    """A known key is accepted; one that would do nothing is refused with a suggestion."""
    base = str(model("base-model"))
    wanted = [Wanted(name="base")]
    good = Settings(root=tmp_path, model=base, server={"prompt_cache_size": 20})
    assert resolve_candidates(wanted, good)[0].model_name == base
    typo = Settings(root=tmp_path, model=base, server={"promt_cache_size": 20})
    with pytest.raises(UsageError, match="Did you mean 'prompt_cache_size'"):
        resolve_candidates(wanted, typo)
    odd = Settings(root=tmp_path, model=base, server={"colour": 1})
    with pytest.raises(UsageError, match="Known keys"):
        resolve_candidates(wanted, odd)


def test_without_a_candidate_the_model_is_external() -> None:
    """A server of somebody else's needs no files here."""
    opened = open_model(
        None, server_url="http://h", model_name=None, server_options={}, log_path=Path("l"),
        timeout=1, concurrency=1,
    )  # fmt: skip
    assert isinstance(opened, ExternalModel)


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 model server was left"), (2, "2 model servers were left")]
)
def test_orphans_are_counted(monkeypatch: pytest.MonkeyPatch, count: int, words: str) -> None:
    """Servers of a killed run are ended and said by name (F07); without any nothing is said."""
    gone = ProcessRecord(pid=1, started=0, runner=2, runner_started=0, command=())
    monkeypatch.setattr(opening, "sweep", lambda: (gone,) * count)
    said = end_orphans() or ""
    assert words in said
    assert "F07" in said
    monkeypatch.setattr(opening, "sweep", tuple)
    assert end_orphans() is None
