"""Everything that a training run is asked for, in the words of mlx-lm."""

import math
from dataclasses import dataclass
from typing import Any, Literal, get_args

import yaml

from punie_train.core.errors import UsageError
from punie_train.mlx.layer_choice import ALL_LAYERS, is_choice

FineTuneType = Literal["lora", "dora", "full"]
Optimizer = Literal["adam", "adamw", "muon", "sgd", "adafactor"]
Schedule = Literal["constant", "cosine", "linear"]
Curriculum = Literal["none", "tokens", "turns", "calls"]
Tracker = Literal["wandb", "swanlab"]

_OR_ALL = "Give 1 or more, or -1 for all."

_AT_LEAST_ONE = (
    "iters",
    "batch_size",
    "lora_rank",
    "max_seq_length",
    "steps_per_report",
    "steps_per_eval",
    "save_every",
    "grad_accumulation_steps",
    "nproc",
)
_CLOSED = {
    "fine_tune_type": FineTuneType,
    "optimizer": Optimizer,
    "schedule": Schedule,
    "curriculum": Curriculum,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunConfig:
    """The parameters of one run; raises UsageError for a value that cannot work.

    `model`, `data` and `adapter_path` are as the user wrote them. `num_layers` counts from the
    last layer, -1 means all. `val_batches` -1 means the whole validation split. `warmup` is in
    optimizer steps. `patience` is the number of validations without improvement after which the
    run stops, 0 means never. Empty `lora_keys` means every linear layer.

    `layer_choice` ("first N" or "every other") trains other layers than the last ones; mlx-lm then
    adapts all (`num_layers` -1), and those that were not chosen stay as they are. `curriculum` is
    what the rows are ordered by, from easy to hard; `category` keeps the rows of these categories,
    empty means all. `report_to` names trackers, separated by commas. A run has `nproc` processes
    on each of `hosts` (empty: on this machine), which share every batch. `float32` widens the
    weights of the base for the time of the run; only full fine-tuning stores what was widened.
    """

    model: str
    data: str
    adapter_path: str
    fine_tune_type: FineTuneType = "lora"
    iters: int = 100
    batch_size: int = 4
    learning_rate: float = 1e-5
    num_layers: int = 16
    lora_rank: int = 8
    lora_scale: float = 20.0
    lora_dropout: float = 0.0
    lora_keys: tuple[str, ...] = ()
    mask_prompt: bool = False
    max_seq_length: int = 2048
    optimizer: Optimizer = "adam"
    schedule: Schedule = "constant"
    warmup: int = 0
    seed: int = 0
    val_batches: int = 25
    steps_per_report: int = 1
    steps_per_eval: int = 25
    save_every: int = 100
    grad_checkpoint: bool = False
    float32: bool = False
    grad_accumulation_steps: int = 1
    resume_adapter_file: str | None = None
    patience: int = 0
    layer_choice: str = ""
    curriculum: Curriculum = "none"
    category: tuple[str, ...] = ()
    report_to: str | None = None
    nproc: int = 1
    hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse values that mlx-lm would crash on, or that would train nothing."""
        for name in _AT_LEAST_ONE:
            if (value := getattr(self, name)) < 1:
                raise _unusable(name, value, "Give 1 or more.")
        for name, closed in _CLOSED.items():
            if (value := getattr(self, name)) not in get_args(closed):
                raise _unusable(name, value, f"Use one of {', '.join(get_args(closed))}.")
        for name, usable, remedy in self._bounds():
            if not usable:
                raise _unusable(name, getattr(self, name), remedy)

    def _bounds(self) -> tuple[tuple[str, bool, str], ...]:
        """Return name, whether the value is usable, and the remedy when it is not."""
        steps, number = self.optimizer_steps, "Give a number above 0."
        return (
            ("learning_rate", 0 < self.learning_rate < math.inf, number),
            ("lora_scale", 0 < self.lora_scale < math.inf, number),
            ("lora_dropout", 0 <= self.lora_dropout < 1, "Give 0 or more and less than 1."),
            ("num_layers", self.num_layers >= 1 or self.num_layers == ALL_LAYERS, _OR_ALL),
            ("val_batches", self.val_batches >= 1 or self.val_batches == -1, _OR_ALL),
            ("patience", self.patience >= 0, "Give 0 (never stop) or more."),
            ("grad_accumulation_steps", steps >= 1, f"Give at most the {self.iters} iterations."),
            ("warmup", 0 <= self.warmup < max(steps, 1), f"Give less than the {steps} steps."),
            ("seed", 0 <= self.seed < 2**32, "Give a number from 0 to 4294967295."),
            (
                "layer_choice",
                not self.layer_choice or is_choice(self.layer_choice),
                "Give --num-layers N, -1, `first N` or `every other`.",
            ),
            (
                "num_layers",
                not self.layer_choice or self.num_layers == ALL_LAYERS,
                f"With the layers chosen as `{self.layer_choice}` it is -1.",
            ),
            (
                "report_to",
                self.trackers <= set(get_args(Tracker)),
                f"Use {' or '.join(get_args(Tracker))}, or both with a comma.",
            ),
            ("hosts", all(self.hosts), "Give addresses with commas between, such as a,b."),
            (
                "hosts",
                not self.hosts or self.processes > 1,
                "One process shares nothing: name another machine, or give --nproc.",
            ),
            (
                "batch_size",
                self.batch_size % self.processes == 0,
                f"The {self.processes} processes share a batch: give a multiple of that.",
            ),
        )

    @property
    def processes(self) -> int:
        """Return how many processes share a batch."""
        return self.nproc * max(len(self.hosts), 1)

    @property
    def trackers(self) -> set[str]:
        """Return the names in `report_to`."""
        return {name.strip() for name in (self.report_to or "").split(",") if name.strip()}

    @property
    def optimizer_steps(self) -> int:
        """Return how often the weights are changed; 0 when accumulation never completes."""
        return self.iters // self.grad_accumulation_steps

    def to_mlx(self) -> dict[str, Any]:
        """Return the keys and values that mlx-lm reads (its YAML configuration)."""
        adapts = self.fine_tune_type != "full"
        return {
            "train": True,
            "model": self.model,
            "data": self.data,
            "adapter_path": self.adapter_path,
            "fine_tune_type": self.fine_tune_type,
            "iters": self.iters,
            "batch_size": self.batch_size,
            "learning_rate": self.learning_rate,
            "num_layers": self.num_layers,
            "lora_parameters": self._lora_parameters() if adapts else None,
            "mask_prompt": self.mask_prompt,
            "max_seq_length": self.max_seq_length,
            "optimizer": self.optimizer,
            "optimizer_config": optimizer_config(self.optimizer),
            "lr_schedule": self._lr_schedule(),
            "seed": self.seed,
            "val_batches": self.val_batches,
            "steps_per_report": self.steps_per_report,
            "steps_per_eval": self.steps_per_eval,
            "save_every": self.save_every,
            "grad_checkpoint": self.grad_checkpoint,
            "float32": self.float32,
            "grad_accumulation_steps": self.grad_accumulation_steps,
            "resume_adapter_file": self.resume_adapter_file,
            "patience": self.patience,
            "layer_choice": self.layer_choice,
            "curriculum": self.curriculum,
            "category": list(self.category),
            "report_to": self.report_to,
            "nproc": self.nproc,
            "hosts": list(self.hosts),
        }

    def to_yaml(self) -> str:
        """Return the run as YAML, with mlx-lm's keys."""
        return yaml.safe_dump(self.to_mlx(), sort_keys=False, allow_unicode=True)

    def _lora_parameters(self) -> dict[str, Any]:
        parameters: dict[str, Any] = {
            "rank": self.lora_rank,
            "scale": self.lora_scale,
            "dropout": self.lora_dropout,
        }
        if self.lora_keys:
            parameters["keys"] = list(self.lora_keys)
        return parameters

    def _lr_schedule(self) -> dict[str, Any] | None:
        rate, steps = self.learning_rate, self.optimizer_steps
        match self.schedule:
            case "cosine":
                name, arguments = "cosine_decay", [rate, steps - self.warmup]
            case "linear":
                name, arguments = "linear_schedule", [rate, 0.0, steps - self.warmup]
            case _ if self.warmup:
                name, arguments = "linear_schedule", [rate, rate, steps]
            case _:
                return None
        return {"name": name, "arguments": arguments, "warmup": self.warmup}


def optimizer_config(optimizer: str) -> dict[str, Any]:
    """Return settings without which the learning rate would not reach the optimizer."""
    return {optimizer: {"relative_step": False} if optimizer == "adafactor" else {}}


def _unusable(name: str, value: object, remedy: str) -> UsageError:
    return UsageError(f"{name.replace('_', '-')} is {value!r}", "nothing could be trained", remedy)
