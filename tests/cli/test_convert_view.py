"""What a user sees while a model is made, and after."""

from io import StringIO
from pathlib import Path

from rich.console import Console

from punie_train.cli.convert_view import ConvertProgress, summary
from punie_train.core.retention import LayerRetention, Retention, SignalRetention
from punie_train.mlx.model_manifest import Kind, ModelManifest
from punie_train.workflows.convert import MadeModel

LAYER = LayerRetention(name="q", share=1.0, cosine=0.9, strength=0.1)
SIGNAL = SignalRetention(share=1.0, cosine=0.9, strength=0.1, layers=(LAYER,))


def made(kind: Kind, adapter: str | None, retention: Retention) -> MadeModel:
    """Return a model of 2.6 MB."""
    return MadeModel(
        path=Path("out"),
        bytes=2_600_000,
        manifest=ModelManifest(
            kind=kind,
            source="fused/v3" if kind == "quantized" else "starter",
            source_fingerprint="",
            base_model="starter" if adapter else None,
            base_fingerprint=None,
            adapter=adapter,
            adapter_fingerprint=None,
            fingerprint="",
            template_hash="",
            parameters={},
            versions={},
            bits_per_weight=6.5,
            peak_memory_gb=0.1,
        ),
        retention=retention,
        warnings=(),
        notes=(),
    )


def test_the_summary_ends_with_the_next_command() -> None:
    """It measures the new model beside what it was made from."""
    lines = summary(made("fused", "adapters/v3", Retention(signal=SIGNAL)), width=80, taken=61.0)
    assert lines[0] == "Wrote out in 1 min 1 s: 2.6 MB, 6.50 bits per weight."
    assert any(line.endswith("every layer and reply: out/retention.json") for line in lines)
    assert lines[-1] == (
        "Next: pytest evals --candidate adapter=starter:adapters/v3 --candidate fused=out"
    )
    bare = summary(made("quantized", None, Retention()), width=80, taken=1.0)
    assert bare[1:] == [
        "",
        "Next: pytest evals --candidate source=fused/v3 --candidate quantized=out",
    ]


def test_the_bar_shows_one_step_after_another() -> None:
    """On a terminal; elsewhere nothing is printed."""
    shown = {}
    for terminal in (True, False):
        console = Console(file=StringIO(), force_terminal=terminal, width=100)
        with ConvertProgress(console) as progress:
            progress.step("writing weights", 50, 100)
            progress.step("writing weights", 100, 100)
            progress.step("comparing [weights]", 1, 42)
        assert progress.seconds > 0
        assert isinstance(console.file, StringIO)
        shown[terminal] = console.file.getvalue()
    assert "comparing [weights]" in shown[True]
    assert shown[False] == ""
