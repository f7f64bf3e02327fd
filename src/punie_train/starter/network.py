"""The network and its training from nothing, on a processor with PyTorch."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Sizes and schedule of the base model; `batch_tokens` counts padded tokens of a step."""

    hidden: int = 128
    layers: int = 12
    heads: int = 4
    kv_heads: int = 2
    head_dim: int = 32
    intermediate: int = 320
    rows: int = 400_000
    epochs: int = 1
    batch_tokens: int = 2400
    learning_rate: float = 3e-3
    muon_rate: float = 3e-3
    weight_decay: float = 0.01
    warmup: int = 60
    threads: int = 4
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Encoded:
    """One row as token ids; the first `prompt` of them are not trained."""

    ids: tuple[int, ...]
    prompt: int


BUCKET = 16
"""Rows are padded to multiples of this length, and trained positions to multiples of `POSITIONS`.

Every new shape costs the CPU backend a freshly compiled kernel: with few shapes a step is several
times faster.
"""
POSITIONS = 128


def padded_length(row: Encoded) -> int:
    """Return the length that a row is padded to; its last token is only predicted."""
    return -(-(len(row.ids) - 1) // BUCKET) * BUCKET + 1


def batches(rows: Sequence[Encoded], recipe: Recipe) -> list[list[int]]:
    """Return row numbers in batches of one padded length each, in random order, for all epochs.

    The last batch of a length is filled up with rows of that length, so that shapes repeat.
    """
    rng = Random(recipe.seed)
    plan: list[list[int]] = []
    for _ in range(recipe.epochs):
        buckets: dict[int, list[int]] = {}
        for index, row in enumerate(rows):
            buckets.setdefault(padded_length(row), []).append(index)
        made: list[list[int]] = []
        for length, members in sorted(buckets.items()):
            rng.shuffle(members)
            size = max(1, recipe.batch_tokens // length)
            for start in range(0, len(members), size):
                batch = members[start : start + size]
                made.append(batch + rng.choices(members, k=size - len(batch)))
        rng.shuffle(made)
        plan += made
    return plan


def train_network(
    rows: Sequence[Encoded],
    recipe: Recipe,
    output: Path,
    *,
    vocabulary: int,
    end_of_turn: int,
    padding: int,
    report: Callable[[int, int, float], None],
) -> float:
    """Train on the rows, save to `output` in bfloat16 and return the mean loss of the last steps.

    `report` gets step, number of steps and loss. The loss is taken over answers only.
    """
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.set_num_threads(recipe.threads)
    torch.manual_seed(recipe.seed)
    model: Any = Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=vocabulary,
            hidden_size=recipe.hidden,
            num_hidden_layers=recipe.layers,
            num_attention_heads=recipe.heads,
            num_key_value_heads=recipe.kv_heads,
            head_dim=recipe.head_dim,
            intermediate_size=recipe.intermediate,
            max_position_embeddings=4096,
            tie_word_embeddings=True,
            rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
            eos_token_id=end_of_turn,
            pad_token_id=padding,
            bos_token_id=None,
            attention_dropout=0.0,
        )
    )
    model.set_attn_implementation("eager")  # twice as fast as the fused kernel on rows this short
    plan = batches(rows, recipe)
    optimizers = _optimizers(torch, model, recipe)
    schedules = [
        torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: _rate(step, len(plan), recipe.warmup)
        )
        for optimizer in optimizers
    ]
    model.train()
    recent: list[float] = []
    for step, batch in enumerate(plan, 1):
        ids, labels = _tensors(torch, [rows[index] for index in batch], padding)
        where, wanted = _trained(torch, labels[:, 1:].reshape(-1))
        with torch.autocast("cpu", torch.bfloat16):
            hidden = model.model(input_ids=ids[:, :-1]).last_hidden_state
            logits = model.lm_head(hidden.reshape(-1, recipe.hidden)[where]).float()
        loss = torch.nn.functional.cross_entropy(logits, wanted)
        model.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer, schedule in zip(optimizers, schedules, strict=True):
            optimizer.step()
            schedule.step()
        recent = [*recent[-49:], float(loss.detach())]
        report(step, len(plan), sum(recent) / len(recent))
    model.to(torch.bfloat16).save_pretrained(output)
    return sum(recent) / len(recent)


def _optimizers(torch: Any, model: Any, recipe: Recipe) -> list[Any]:
    """Return Muon for the matrices inside of the layers and AdamW for embeddings and norms.

    Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon) needs about half of
    AdamW's steps here; its steps are scaled to the size of AdamW's, so that one rate fits both.
    """
    inside = [p for p in model.model.layers.parameters() if p.ndim > 1]
    taken = {id(p) for p in inside}
    rest = [p for p in model.parameters() if id(p) not in taken]
    return [
        torch.optim.Muon(
            inside,
            lr=recipe.muon_rate,
            weight_decay=recipe.weight_decay,
            adjust_lr_fn="match_rms_adamw",
        ),
        torch.optim.AdamW(
            rest, lr=recipe.learning_rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True
        ),
    ]


def _rate(step: int, steps: int, warmup: int) -> float:
    if step < warmup:
        return (step + 1) / warmup
    return 0.02 + 0.49 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


def _tensors(torch: Any, rows: Sequence[Encoded], padding: int) -> tuple[Any, Any]:
    """Return ids and labels (rows by padded length), prompts and padding as -100."""
    longest = max(padded_length(row) for row in rows)
    ids = torch.full((len(rows), longest), padding)
    labels = torch.full((len(rows), longest), -100)
    for number, row in enumerate(rows):
        ids[number, : len(row.ids)] = torch.tensor(row.ids)
        labels[number, row.prompt : len(row.ids)] = torch.tensor(row.ids[row.prompt :])
    return ids, labels


def _trained(torch: Any, labels: Any) -> tuple[Any, Any]:
    """Return positions and labels of the trained tokens, filled up to a multiple of `POSITIONS`.

    What fills up is position 0 with the label -100, which the loss ignores.
    """
    where = (labels != -100).nonzero().squeeze(1)
    missing = -len(where) % POSITIONS
    wanted = torch.cat([labels[where], torch.full((missing,), -100)])
    return torch.cat([where, torch.zeros(missing, dtype=where.dtype)]), wanted
