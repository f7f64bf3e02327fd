"""One run inside of mlx-lm's own training loop. A part of the trainer process.

mlx-lm's `train` takes the batches and the callback from outside; everything here goes through these
two, so that the loop itself stays mlx-lm's.
"""

import os
import types
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import mlx.core as mx
import numpy as np
from mlx.utils import tree_flatten, tree_unflatten
from mlx_lm.tuner import trainer
from mlx_lm.tuner.callbacks import get_reporting_callbacks

from punie_train.dataset import difficulty
from punie_train.mlx.curriculum import batches_by_difficulty, curriculum
from punie_train.mlx.layer_choice import chosen_layers
from punie_train.mlx.linear_names import check_keys
from punie_train.mlx.resume_state import (
    ResumeState,
    keep_state,
    optimizer_file,
    read_state,
    weights_file,
)
from punie_train.mlx.train_callback import (
    METRICS_NAME,
    Surroundings,
    TrainCallback,
    first_change,
)
from punie_train.mlx.train_outcome import TRACKER_NAME
from punie_train.mlx.trained_adapter import BEST_NAME
from punie_train.mlx.trained_rows import TrainedRows, blamed
from punie_train.mlx.watched_rows import WatchedRows

NUMBERED = "[0-9]*_adapters.safetensors"
"""What mlx-lm writes every `save_every` iterations, and never removes."""


class Shifted(int):
    """A number of steps for a loop that counts from 1 after `by` iterations were done before."""

    by = 0

    def __rmod__(self, iteration: int) -> int:
        """Return what is left of the iteration's place in the whole run."""
        return (iteration + self.by) % int(self)


class Session:
    """One run of mlx-lm's trainer, from its start or from a state that an earlier one has left."""

    def __init__(self, args: types.SimpleNamespace, model: Any, rows: TrainedRows, work: Path):
        self._args, self._model, self._work, self._rows = args, model, work, rows
        self._watched = WatchedRows(rows, batches=args.steps_per_report)
        self._state = read_state(work)
        self._world = mx.distributed.init()
        self._optimizer: Any = None
        self._pass_start = self._drawn = np.random.get_state()
        self.leads = self._world.rank() == 0
        tracked = self.leads and args.report_to
        around = Surroundings(
            save=self.save_best,
            keep=self.keep,
            rows=self.last_rows,
            agree=self.agree,
            repeated=self.repeated,
            leads=self.leads,
            tracker=_tracker(args, work) if tracked else None,
        )
        self.callback = TrainCallback(
            work / METRICS_NAME,
            work / BEST_NAME,
            around,
            patience=args.patience,
            keep_every=args.save_every,
            accumulated=args.grad_accumulation_steps,
            changed_at=first_change(args.grad_accumulation_steps, args.lr_schedule),
            since=self._state,
        )
        self._repeats = bool(self._state) and (
            (self._done + 1) % args.steps_per_eval != 0 and self._done + 1 < args.iters
        )

    @property
    def _done(self) -> int:
        return self._state.iteration if self._state else 0

    def train(
        self,
        *,
        model: Any,
        args: trainer.TrainingArgs,
        optimizer: Any,
        train_dataset: Any,
        val_dataset: Any,
        training_callback: Any,
    ) -> None:
        """Stand between mlx-lm's `train_model` and its `train`, with the same arguments."""
        del train_dataset
        total, self._optimizer = len(model.layers), optimizer
        if self._args.float32:
            model.set_dtype(mx.float32)  # here, for mlx-lm has loaded older weights by now
        check_keys(model.layers, (self._args.lora_parameters or {}).get("keys"))
        chosen = chosen_layers(self._args.num_layers, self._args.layer_choice, total)
        for index in set(range(total)) - set(chosen):
            model.layers[index].freeze()
        if self._state:
            model.load_weights(str(weights_file(self._work, self._done)), strict=False)
            tensors = cast(
                dict[str, mx.array], mx.load(str(optimizer_file(self._work, self._done)))
            )
            high, low = (int(half) for half in cast(Any, tensors.pop("random")).tolist())
            mx.random.seed(high << 32 | low)  # a key is the two halves of its seed
            optimizer.state = tree_unflatten(list(tensors.items()))
            np.random.set_state(_numpy_state(self._state.now))
        trainer.train(
            model=model,
            args=replace(
                args,
                iters=args.iters - self._done,
                steps_per_report=self._shifted(args.steps_per_report),
                steps_per_eval=self._shifted(args.steps_per_eval),
                steps_per_save=self._shifted(args.steps_per_save),
            ),
            optimizer=optimizer,
            train_dataset=self._watched,
            val_dataset=val_dataset,
            loss=trainer.default_loss if self._world.size() == 1 else self.shared_loss,
            iterate_batches=self.batches,
            training_callback=training_callback,
        )

    def batches(
        self, dataset: Any, batch_size: int, max_seq_length: int, loop: bool = False, **more: Any
    ) -> Iterator[Any]:
        """Yield mlx-lm's batches; those of a resumed run begin where it was."""
        shape = {"batch_size": batch_size, "max_seq_length": max_seq_length, **more}
        if not loop:
            yield from trainer.iterate_batches(dataset, **shape)
            return
        if self._args.curriculum != "none":
            source = self._from_easy_to_hard(shape)
        else:
            source = trainer.iterate_batches(dataset, loop=True, **shape)
            self._go_to_place(source, len(dataset) // batch_size)
        iteration, per_pass = self._done, len(dataset) // batch_size
        while True:
            if iteration % per_pass == 0:
                self._pass_start = np.random.get_state()
            self._watched.next_batch()
            batch = next(source)
            self._drawn = np.random.get_state()
            yield batch
            iteration += 1

    def _go_to_place(self, source: Iterator[Any], per_pass: int) -> None:
        """Draw the batches of the pass that were trained before the run was resumed."""
        if self._state and (before := self._done % per_pass):
            self._pass_start = _numpy_state(self._state.pass_start)
            np.random.set_state(self._pass_start)
            for _ in range(before):
                next(source)
            np.random.set_state(_numpy_state(self._state.now))
            self._watched.forget()

    def _from_easy_to_hard(self, shape: dict[str, Any]) -> Iterator[Any]:
        indices = range(len(self._rows))
        match self._args.curriculum:
            case "turns":
                hard = [difficulty.turns(self._rows[index]) for index in indices]
            case "calls":
                hard = [difficulty.calls(self._rows[index]) for index in indices]
            case _:
                hard = [len(self._watched[index][0]) for index in indices]
        self._watched.forget()
        parts = batches_by_difficulty(hard, self._args.batch_size)
        for number in curriculum(len(parts), self._args.iters, self._args.seed)[self._done :]:
            rows = [self._watched[index] for index in parts[number]]
            yield from trainer.iterate_batches(rows, **shape)

    def shared_loss(self, model: Any, batch: mx.array, lengths: mx.array) -> Any:
        """Return the loss of this process's rows as a part of the loss of the whole batch.

        mlx-lm takes the mean of the processes' means, which gives a token in the shorter half of a
        batch more weight; here every token of the batch counts alike, as with one process.
        """
        loss, tokens = trainer.default_loss(model, batch, lengths)
        share = mx.distributed.all_sum(tokens, stream=mx.cpu) / self._world.size()
        return loss * (tokens / share), share

    def repeated(self) -> bool:
        """Say whether a validation is only mlx-lm's first one of a resumed run; undo its draws."""
        repeats, self._repeats = self._repeats, False
        if repeats:
            np.random.set_state(self._drawn)
        return repeats

    def keep(self) -> None:
        """Write all that the run needs to be gone on with from here."""
        callback = self.callback
        for numbered in self._work.glob(NUMBERED):
            numbered.unlink()
        state = ResumeState(
            iteration=callback.iteration,
            pass_start=_listed(self._pass_start),
            now=_listed(np.random.get_state()),
            metrics_bytes=callback.metrics_bytes,
            trained_tokens=callback.trained_tokens,
            best_iteration=callback.best_iteration,
            best_loss=callback.best_loss if callback.best_iteration is not None else None,
            without_improvement=callback.without_improvement,
        )
        tensors = {**dict(tree_flatten(self._optimizer.state)), "random": _random_key()}
        keep_state(
            self._work, state, weights=self.save, optimizer=lambda path: _write(path, tensors)
        )

    def save(self, path: Path) -> None:
        """Write the weights that are trained."""
        _write(path, dict(tree_flatten(self._model.trainable_parameters())))

    def save_best(self, path: Path) -> None:
        """Write the weights with their iteration and loss, in case that the process is killed."""
        loss, iteration = self.callback.best_loss, self.callback.best_iteration
        facts = {"format": "mlx", "iteration": str(iteration), "valid_loss": repr(loss)}
        _write(path, dict(tree_flatten(self._model.trainable_parameters())), facts)

    def agree(self, asked: bool) -> bool:
        """Say whether any process was asked to stop: all must leave after the same iteration."""
        if self._world.size() == 1:
            return asked
        return bool(mx.distributed.all_sum(mx.array(int(asked)), stream=mx.cpu).item())

    def last_rows(self, *, before_last: bool) -> str:
        """Say which rows were trained last, and which of them break the untrained model."""
        recent = self._watched.recent(before_last=before_last)
        if self._world.size() > 1 or self._args.fine_tune_type != "lora":
            return blamed(self._rows.places(recent), None)
        zero = [
            (name, mx.zeros_like(cast(mx.array, value)))
            for name, value in tree_flatten(self._model.parameters())
            if name.endswith(("lora_a", "lora_b"))
        ]
        self._model.load_weights(zero, strict=False)
        broken = [
            index
            for index in recent
            if not np.isfinite(
                trainer.evaluate(
                    self._model, [self._watched[index]], 1, 1, self._args.max_seq_length
                )
            )
        ]
        return blamed(self._rows.places(recent), self._rows.places(broken))

    def _shifted(self, steps: int) -> int:
        shifted = Shifted(steps)
        shifted.by = self._done
        return shifted


def _tracker(args: types.SimpleNamespace, work: Path) -> Any:
    directory = work / TRACKER_NAME / Path(args.adapter_path).name
    directory.mkdir(parents=True, exist_ok=True)
    config: Any = vars(args)
    return get_reporting_callbacks(args.report_to, log_dir=str(directory), config=config)


def _random_key() -> mx.array:
    return cast(Any, mx.random.state)[0]


def _write(path: Path, tensors: dict[str, Any], facts: dict[str, str] | None = None) -> None:
    """Write tensors to a file and the file to the disk."""
    mx.save_safetensors(str(path), tensors, facts)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _listed(state: Any) -> list[Any]:
    name, keys, *rest = state
    return [name, [int(key) for key in keys], *rest]


def _numpy_state(listed: list[Any]) -> Any:
    name, keys, *rest = listed
    return (name, np.array(keys, dtype=np.uint32), *rest)
