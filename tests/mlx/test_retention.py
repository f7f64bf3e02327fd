"""Share and cosine of an adapter's effect, where the right answer is known."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from punie_train.core.errors import ArtifactError
from punie_train.core.retention import SignalRetention
from punie_train.mlx.retention import measure_signal, spread_rows

GENERATOR = np.random.default_rng(3)
ROWS, COLUMNS, SCALE = 60, 40, 2.0
BASE = GENERATOR.normal(size=(ROWS, COLUMNS)).astype(np.float32)
A = GENERATOR.normal(size=(COLUMNS, 2)).astype(np.float32)
B = GENERATOR.normal(size=(2, ROWS)).astype(np.float32)
EFFECT = (SCALE * A @ B).T
NOISE = GENERATOR.normal(size=BASE.shape).astype(np.float32)


@pytest.fixture
def measured(tmp_path: Path):
    """Return a function that measures a model whose weight `q` is given."""

    def measure(made: np.ndarray, **more: np.ndarray) -> SignalRetention | None:
        for name, weights in (("base", {"q.weight": BASE}), ("made", {"q.weight": made})):
            (tmp_path / name).mkdir(exist_ok=True)
            save_file(weights, tmp_path / name / "model.safetensors")
            (tmp_path / name / "config.json").write_text("{}")
        save_file({"q.lora_a": A, "q.lora_b": B, **more}, tmp_path / "adapters.safetensors")
        config = {"lora_parameters": {"scale": SCALE}}
        (tmp_path / "adapter_config.json").write_text(json.dumps(config))
        return measure_signal(tmp_path / "base", tmp_path, tmp_path / "made")

    return measure


@pytest.mark.parametrize(
    ("kept", "share", "cosine"),
    [
        pytest.param(EFFECT, 1.0, 1.0, id="whole"),
        pytest.param(EFFECT / 2, 0.5, 1.0, id="half"),
        pytest.param(EFFECT * 0, 0.0, 0.0, id="erased"),
        pytest.param(-EFFECT, -1.0, -1.0, id="opposite"),
    ],
)
def test_share_and_cosine(measured, kept: np.ndarray, share: float, cosine: float) -> None:
    """They are exact where there is no noise."""
    found = measured((BASE + kept).astype(np.float32))
    assert found.share == pytest.approx(share, abs=1e-5)
    assert found.cosine == pytest.approx(cosine, abs=1e-5)
    assert found.strength == pytest.approx(np.linalg.norm(EFFECT) / np.linalg.norm(BASE), rel=1e-5)
    assert [layer.name for layer in found.layers] == ["q"]
    assert found.erased == (share < 0.8)


def test_noise_lowers_the_cosine_and_not_the_share(measured) -> None:
    """The effect is whole under noise as large as itself, and then three times as large."""
    noise = NOISE * (np.linalg.norm(EFFECT) / np.linalg.norm(NOISE))
    one, three = measured(BASE + EFFECT + noise), measured(BASE + EFFECT + 3 * noise)
    assert one.share == pytest.approx(1.0, abs=0.05)
    assert one.cosine == pytest.approx(2**-0.5, abs=0.05)
    assert not one.drowned
    assert three.share == pytest.approx(1.0, abs=0.15)
    assert three.drowned


def test_layers_without_an_effect_do_not_count(measured) -> None:
    """B of zeros is an adapter that a layer does not have; an unknown layer is named."""
    found = measured(BASE + EFFECT, **{"r.lora_a": A, "r.lora_b": B})
    assert found.unread == ("r",)
    assert found.share == pytest.approx(1.0, abs=1e-5)
    assert measured(BASE, **{"q.lora_b": 0 * B}) is None


def test_weights_that_are_not_finite_are_refused(measured) -> None:
    """A model of noise is never called whole."""
    broken = (BASE + EFFECT).copy()
    broken[7, 7] = np.inf
    with pytest.raises(ArtifactError, match="NaN or infinite weights in q"):
        measured(broken)


def test_rows_of_a_large_matrix_stand_for_all(measured, tmp_path: Path) -> None:
    """They are spread from the first to the last, and the measure says that it sampled."""
    measured(BASE + EFFECT / 2)
    found = measure_signal(tmp_path / "base", tmp_path, tmp_path / "made", matrix_values=400)
    assert found is not None
    assert found.sampled
    assert found.share == pytest.approx(0.5, abs=1e-4)
    assert spread_rows((ROWS, COLUMNS), 400).tolist() == [0, 7, 13, 20, 26, 33, 39, 46, 52, 59]
    assert spread_rows((3, COLUMNS), 1).tolist() == [0]
    assert len(spread_rows((ROWS, COLUMNS), 10**9)) == ROWS


def test_the_worst_layers_come_first() -> None:
    """By the smaller of both measures."""
    from punie_train.core.retention import LayerRetention

    layers = tuple(
        LayerRetention(name=name, share=share, cosine=cosine, strength=0.1)
        for name, share, cosine in (("a", 1.0, 0.9), ("b", 0.2, 0.9), ("c", 1.0, 0.5))
    )
    found = SignalRetention(share=1.0, cosine=1.0, strength=0.1, layers=layers)
    assert [layer.name for layer in found.worst(2)] == ["b", "c"]
