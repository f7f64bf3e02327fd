"""Models and adapters: each refusal in words, and the healthy sibling of each."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from punie_train.core.errors import ArtifactError
from punie_train.mlx.adapter_manifest import AdapterManifest, write_manifest
from punie_train.mlx.artifacts import check_adapter, resolve_model
from punie_train.mlx.fingerprints import fingerprint


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Return a directory that looks like a model."""
    directory = tmp_path / "models" / "small"
    directory.mkdir(parents=True)
    (directory / "config.json").write_text("{}")
    save_file({"w": np.ones(2, np.float32)}, directory / "model.safetensors")
    return directory


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    """Return a directory with a sound adapter."""
    directory = tmp_path / "adapters" / "v3"
    directory.mkdir(parents=True)
    (directory / "adapter_config.json").write_text("{}")
    _save(directory)
    return directory


@pytest.fixture
def manifest(model: Path) -> AdapterManifest:
    """Return the manifest of an adapter of that model."""
    return AdapterManifest(
        base_model="starter",
        base_fingerprint=fingerprint(model),
        template_hash="",
        data="data/v3",
        data_hash="",
        parameters={},
        seed=0,
        versions={},
        complete=True,
    )


def _save(directory: Path, a: float = 1.0, b: float = 1.0) -> None:
    weights = {"q.lora_a": np.full(2, a, np.float32), "q.lora_b": np.full(2, b, np.float32)}
    save_file(weights, directory / "adapters.safetensors")


def test_sound_adapter(adapter: Path, model: Path, manifest: AdapterManifest) -> None:
    """An adapter is accepted with its manifest, and without one."""
    assert check_adapter(adapter, model) is None
    write_manifest(adapter, manifest)
    assert check_adapter(adapter, model) == manifest


def test_missing_adapter(adapter: Path, model: Path) -> None:
    """A directory that is not there is named, with the one that was probably meant."""
    with pytest.raises(ArtifactError, match=r"does not exist(.|\n)*Did you mean .*v3\?"):
        check_adapter(adapter.with_name("v33"), model)


@pytest.mark.parametrize("name", ["adapter_config.json", "adapters.safetensors"])
def test_incomplete_adapter(adapter: Path, model: Path, name: str) -> None:
    """A file that is not there is named (F55)."""
    (adapter / name).unlink()
    with pytest.raises(ArtifactError, match=f"has no {name}") as caught:
        check_adapter(adapter, model)
    assert caught.value.failure == "F55"


@pytest.mark.parametrize("content", ["{", "[]"], ids=["broken", "list"])
def test_unreadable_config(adapter: Path, model: Path, content: str) -> None:
    """A configuration that cannot be read is named."""
    (adapter / "adapter_config.json").write_text(content)
    with pytest.raises(ArtifactError, match=r"adapter_config.json cannot be read"):
        check_adapter(adapter, model)


def test_unfinished_training(adapter: Path, model: Path, manifest: AdapterManifest) -> None:
    """An adapter whose training did not end is refused (F55)."""
    write_manifest(adapter, replace(manifest, complete=False))
    with pytest.raises(ArtifactError, match="was not finished") as caught:
        check_adapter(adapter, model)
    assert caught.value.failure == "F55"


def test_adapter_of_another_base(adapter: Path, model: Path, manifest: AdapterManifest) -> None:
    """An adapter of another model is refused, with both named (F09)."""
    write_manifest(adapter, replace(manifest, base_fingerprint="f" * 64))
    with pytest.raises(ArtifactError, match="was trained from starter") as caught:
        check_adapter(adapter, model)
    assert caught.value.failure == "F09"
    assert "ffffffffffff" in str(caught.value)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_not_finite(adapter: Path, model: Path, value: float) -> None:
    """NaN and infinite weights are refused, with the tensors counted."""
    _save(adapter, a=value, b=value)
    with pytest.raises(ArtifactError, match=r"q\.lora_a and 1 more"):
        check_adapter(adapter, model)
    _save(adapter, a=value)
    with pytest.raises(ArtifactError, match=r"weights in q\.lora_a:"):
        check_adapter(adapter, model)


def test_adapter_that_changes_nothing(adapter: Path, model: Path) -> None:
    """All-zero B matrices are refused (F10)."""
    _save(adapter, b=0.0)
    with pytest.raises(ArtifactError, match="only zeros") as caught:
        check_adapter(adapter, model)
    assert caught.value.failure == "F10"


def test_adapter_without_layers(adapter: Path, model: Path) -> None:
    """An adapter that matched no layer is refused (F10)."""
    save_file({}, adapter / "adapters.safetensors")
    with pytest.raises(ArtifactError, match="holds no weights") as caught:
        check_adapter(adapter, model)
    assert caught.value.failure == "F10"


def test_full_weights_have_no_b(adapter: Path, model: Path) -> None:
    """Fully trained layers are accepted, zeros among them included."""
    weights = {"norm": np.ones(2, np.float32), "bias": np.zeros(2, np.float32)}
    save_file(weights, adapter / "adapters.safetensors")
    assert check_adapter(adapter, model) is None


def test_local_model(model: Path) -> None:
    """A directory with configuration and weights is a model."""
    assert resolve_model(model) == model.resolve()
    assert resolve_model(str(model)) == model.resolve()


def test_model_in_place_of_an_adapter(model: Path) -> None:
    """The message says where it belongs."""
    with pytest.raises(ArtifactError, match=f"is a model and no adapter.*--model {model}"):
        check_adapter(model, model)


@pytest.mark.parametrize(
    ("name", "fetched"),
    [
        pytest.param("org/small-model", True, id="repository"),
        pytest.param("/nowhere", False, id="path"),
        pytest.param("../models/small", False, id="relative path"),
    ],
)
def test_only_repositories_can_be_fetched(name: str, fetched: bool) -> None:
    """A path is no name for `hf download`."""
    with pytest.raises(ArtifactError) as caught:
        resolve_model(name)
    assert ("hf download" in caught.value.remedy) is fetched


def test_missing_model(model: Path) -> None:
    """A path that is not there is named, with the one that was probably meant."""
    with pytest.raises(
        ArtifactError, match=r"neither a directory nor(.|\n)*Did you mean"
    ) as caught:
        resolve_model(model.with_name("smal"))
    assert caught.value.failure == "F03"


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_incomplete_model(model: Path, name: str) -> None:
    """A directory without configuration or weights is not a model."""
    (model / name).unlink()
    with pytest.raises(ArtifactError, match="it cannot be loaded"):
        resolve_model(model)


def test_repository_in_the_hub_cache(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repository that was fetched is found without the network; another one is refused."""
    hub = tmp_path / "hub"
    repository = hub / "models--someone--small"
    revision = "0" * 40
    (repository / "snapshots").mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(revision)
    snapshot = model.rename(repository / "snapshots" / revision)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(hub))
    assert resolve_model("someone/small") == snapshot
    with pytest.raises(ArtifactError, match="hf download someone/large"):
        resolve_model("someone/large")
