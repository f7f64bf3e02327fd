"""Options win over the run file, that over an older adapter, that over the settings."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from punie_train import starter
from punie_train.core.errors import ArtifactError, PunieTrainError, UsageError
from punie_train.core.settings import Settings
from punie_train.workflows.plan_run import plan_run

NEEDED = {"data": "d", "adapter_path": "a"}


@pytest.fixture(autouse=True)
def own_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the digest cache of a test to the test."""
    monkeypatch.setenv("PUNIE_TRAIN_CACHE_DIR", str(tmp_path / "cache"))


def make_model(directory: Path, layers: int) -> Path:
    """Write as much of a model as planning looks at."""
    directory.mkdir(parents=True)
    (directory / "config.json").write_text(json.dumps({"num_hidden_layers": layers}))
    save_file({"w": np.ones(layers, np.float32)}, directory / "model.safetensors")
    return directory


def make_adapter(directory: Path, **config: Any) -> Path:
    """Write an adapter of rank 2 in three layers."""
    directory.mkdir()
    weights = {"model.layers.0.q.lora_b": np.ones((2, 4), np.float32)}
    save_file(weights, directory / "adapters.safetensors")
    parameters = {"rank": 2, "scale": 5.0, "dropout": 0.0}
    written = {"fine_tune_type": "lora", "num_layers": 3, "lora_parameters": parameters}
    (directory / "adapter_config.json").write_text(json.dumps({**written, **config}))
    return directory


def plan(tmp_path: Path, options: dict[str, Any], **more: Any) -> Any:
    """Return the plan of a run in a project without settings."""
    settings = more.pop("settings", Settings(root=tmp_path))
    return plan_run({**NEEDED, **options}, settings=settings, **more)


@pytest.mark.parametrize(
    ("layers", "expected"), [pytest.param(4, 4, id="small"), pytest.param(28, 16, id="large")]
)
def test_sixteen_layers_or_all_of_a_smaller_model(
    tmp_path: Path, layers: int, expected: int
) -> None:
    """The default never asks for more layers than there are."""
    model = make_model(tmp_path / "m", layers)
    planned = plan(tmp_path, {"model": str(model)})
    assert (planned.config.num_layers, planned.model_layers) == (expected, layers)


def test_more_layers_than_there_are_is_refused(tmp_path: Path) -> None:
    """The message names the number."""
    model = make_model(tmp_path / "m", 4)
    assert plan(tmp_path, {"model": str(model), "num_layers": -1}).config.num_layers == -1
    with pytest.raises(UsageError, match="has only 4"):
        plan(tmp_path, {"model": str(model), "num_layers": 5})


@pytest.mark.parametrize("config", [{"hidden_size": 16}, {"text_config": {"hidden_size": 16}}])
def test_a_rank_above_the_width_of_the_layers_is_refused(
    tmp_path: Path, config: dict[str, Any]
) -> None:
    """A rank as wide as the layers is the highest there is."""
    model = make_model(tmp_path / "m", 4)
    path = model / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **config}))
    assert plan(tmp_path, {"model": str(model), "lora_rank": 16}).config.lora_rank == 16
    with pytest.raises(UsageError, match="16 wide"):
        plan(tmp_path, {"model": str(model), "lora_rank": 17})


def test_the_model_is_the_option_then_the_settings_then_the_starter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each falls back to the next."""
    named, set_one = make_model(tmp_path / "named", 2), make_model(tmp_path / "set", 3)
    shipped = make_model(tmp_path / "shipped", 4)
    monkeypatch.setattr(starter, "model_path", lambda: shipped)
    settings = Settings(root=tmp_path, model=str(set_one))
    assert plan(tmp_path, {"model": str(named)}, settings=settings).model_dir == named
    assert plan(tmp_path, {}, settings=settings).model_dir == set_one
    last = plan(tmp_path, {})
    assert (last.model_dir, last.config.model) == (shipped, "starter")


def test_options_win_over_the_run_file(tmp_path: Path) -> None:
    """What neither names has its default."""
    model = make_model(tmp_path / "m", 4)
    path = tmp_path / "run.yaml"
    path.write_text(f"model: {model}\niters: 7\nbatch_size: 2\n")
    config = plan(tmp_path, {"iters": 9}, run_file=path).config
    assert (config.iters, config.batch_size, config.lora_rank) == (9, 2, 8)


def test_an_adapter_gives_its_shape(tmp_path: Path) -> None:
    """Rank, scale and layers are those of the adapter below."""
    model, adapter = make_model(tmp_path / "m", 4), make_adapter(tmp_path / "old")
    config = plan(tmp_path, {"model": str(model)}, adapter=adapter).config
    assert (config.lora_rank, config.lora_scale, config.num_layers) == (2, 5.0, 3)
    assert config.resume_adapter_file == str(adapter / "adapters.safetensors")


def test_another_shape_than_the_adapters_is_refused(tmp_path: Path) -> None:
    """mlx-lm would load it without a word."""
    model, adapter = make_model(tmp_path / "m", 4), make_adapter(tmp_path / "old")
    with pytest.raises(UsageError, match="lora-rank is 4, and 2 in"):
        plan(tmp_path, {"model": str(model), "lora_rank": 4}, adapter=adapter)


@pytest.mark.parametrize("missing", ["data", "adapter_path"])
def test_what_cannot_be_guessed_is_asked_for(tmp_path: Path, missing: str) -> None:
    """A run file may lack them."""
    model = make_model(tmp_path / "m", 4)
    given = {key: value for key, value in NEEDED.items() if key != missing}
    with pytest.raises(UsageError, match="is not given"):
        plan_run({**given, "model": str(model)}, settings=Settings(root=tmp_path))


def test_a_model_without_layers_is_refused(tmp_path: Path) -> None:
    """Its config.json is named."""
    model = make_model(tmp_path / "m", 4)
    (model / "config.json").write_text("{}")
    with pytest.raises(ArtifactError, match="how many layers"):
        plan(tmp_path, {"model": str(model)})


def test_a_missing_adapter_is_refused(tmp_path: Path) -> None:
    """It is named."""
    with pytest.raises(PunieTrainError, match="nowhere"):
        plan(tmp_path, {}, adapter=tmp_path / "nowhere")


def test_weights_that_a_run_file_begins_with_are_looked_at(tmp_path: Path) -> None:
    """They are those of --adapter: there, of the shape asked for, and with something in them."""
    model, first = make_model(tmp_path / "m", 4), make_adapter(tmp_path / "one")
    wanted = {"model": str(model), "num_layers": 3, "lora_rank": 2, "lora_scale": 5.0}
    wanted["resume_adapter_file"] = str(first / "adapters.safetensors")
    assert plan(tmp_path, wanted).config.resume_adapter_file == wanted["resume_adapter_file"]
    with pytest.raises(UsageError, match="lora-rank is 4, and 2 in"):
        plan(tmp_path, {**wanted, "lora_rank": 4})
    zero = {"model.layers.0.q.lora_b": np.zeros((2, 4), np.float32)}
    save_file(zero, first / "adapters.safetensors")
    with pytest.raises(ArtifactError, match="F10"):
        plan(tmp_path, wanted)
    (first / "adapters.safetensors").unlink()
    with pytest.raises(ArtifactError, match="is not there"):
        plan(tmp_path, wanted)
