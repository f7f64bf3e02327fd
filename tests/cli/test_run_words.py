"""What a run says while it works and at its end."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from punie_train.cli.run_summary import as_json, summary
from punie_train.cli.train_progress import TrainProgress
from punie_train.core.loss_curve import LossCurve, LossPoint
from punie_train.mlx.metrics import TrainMetric, ValidMetric
from punie_train.mlx.train_config import RunConfig
from punie_train.workflows.finish_run import TrainedAdapter
from punie_train.workflows.train import RunStarted


def adapter(*valid: tuple[int, float]) -> TrainedAdapter:
    """Return an adapter trained for fifty iterations with these validation losses."""
    curve = LossCurve(
        train=(LossPoint(iteration=1, loss=3.0), LossPoint(iteration=50, loss=1.0)),
        valid=tuple(LossPoint(iteration=at, loss=loss) for at, loss in valid),
    )
    return TrainedAdapter(
        path=Path("adapters/v1"),
        curve=curve,
        kept_iteration=curve.best_valid.iteration if curve.best_valid else 50,
        stopped_early=False,
        complete=True,
        bytes=400_000,
    )


def words(trained: TrainedAdapter) -> str:
    """Return the summary as one text."""
    return "\n".join(summary(trained, iterations=50, seconds=90.0))


def test_a_healthy_run_ends_with_the_next_command() -> None:
    """What was kept, where, how large, and no warning."""
    said = words(adapter((0, 3.0), (24, 2.0), (49, 1.0)))
    assert "Wrote adapters/v1 in 1 min 30 s: weights of iteration 49 of 50" in said
    assert said.endswith("Next: pytest evals --adapter adapters/v1")
    assert "F52" not in said


@pytest.mark.parametrize(
    ("trained", "part"),
    [
        pytest.param(adapter((0, 3.0), (24, 1.0), (49, 2.0)), "Overfitting", id="overfitting"),
        pytest.param(adapter((0, 1.0), (49, 2.0)), "makes it worse", id="worse"),
        pytest.param(
            replace(adapter((0, 3.0), (24, 2.0)), stopped_early=True),
            "Stopped after iteration 50",
            id="patience",
        ),
    ],
)
def test_what_went_wrong_is_said(trained: TrainedAdapter, part: str) -> None:
    """F52: in words, with what was done about it."""
    assert part in words(trained)


def test_an_incomplete_run_names_no_next_command() -> None:
    """Its weights are not to be measured."""
    assert "Next:" not in words(replace(adapter(), complete=False))


@pytest.mark.parametrize(
    ("resume", "said"),
    [
        pytest.param(Path("out"), True, id="with a state"),
        pytest.param(None, False, id="without one"),
    ],
)
def test_an_incomplete_run_names_how_it_goes_on(resume: Path | None, said: bool) -> None:
    """The command, where the run can be resumed."""
    text = words(replace(adapter(), complete=False, resume=resume))
    assert ("Next: punie-train run --output out --resume" in text) is said


def test_weights_that_no_validation_saw_are_not_judged() -> None:
    """Accumulation or warm-up changed them only after the last validation."""
    said = words(replace(adapter((0, 2.0), (3, 2.0)), kept_iteration=4))
    assert "No validation came after the first change of the weights" in said
    assert "weights of iteration 4 of 50, 0.40 MB" in said
    assert "makes it worse" not in said


def test_a_program_reads_the_same() -> None:
    """One JSON object."""
    read = json.loads(as_json(adapter((0, 3.0), (24, 1.0), (49, 2.0))))
    assert (read["kept_iteration"], read["valid_loss"], read["overfitting"]) == (24, 1.0, True)


TRAIN = TrainMetric(
    iteration=1,
    train_loss=2.5,
    learning_rate=1e-5,
    iterations_per_second=1.0,
    tokens_per_second=100.0,
    trained_tokens=100,
    peak_memory_gb=0.5,
)
STARTED = RunStarted(
    config=RunConfig(model="m", data="d", adapter_path="a"),
    train_rows=8,
    valid_rows=0,
    notes=("no validation rows",),
)


@pytest.mark.parametrize(
    ("terminal", "parts"),
    [
        pytest.param(True, ["loss 2.500, valid 3.000", "100 tok/s", "0.50 GB"], id="terminal"),
        pytest.param(False, [], id="file"),
    ],
)
def test_progress_is_shown_on_a_terminal_only(
    terminal: bool, parts: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A log file gets the notes, not the bar."""
    shown = io.StringIO()
    console = Console(file=shown, force_terminal=terminal, width=160, color_system=None)
    with TrainProgress(console, iterations=100) as progress:
        for event in (STARTED, ValidMetric(iteration=0, valid_loss=3.0), TRAIN):
            progress(event)
    text = shown.getvalue()
    assert "Training on 8 training rows, validating on 0: 100 iterations of 4." in text
    assert "no validation rows" in capsys.readouterr().err
    assert all(part in text for part in parts)
    assert terminal or "tok/s" not in text
