"""Thresholds of the later stages: each fault is found by its code, and its healthy sibling not."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from punie_train.checks.limits import CheckLimits
from punie_train.checks.live_reply import Live
from punie_train.checks.made_model.checks import judge_made
from punie_train.checks.made_model.model import KeptFiles, MadeModel, StoredWeights
from punie_train.checks.post_training.adapter import (
    AdapterBase,
    AdapterFiles,
    AdapterShape,
    AdapterWeights,
    TrainedAdapter,
)
from punie_train.checks.post_training.checks import judge_adapter
from punie_train.checks.result import CheckResult
from punie_train.checks.runtime.agreement import Rows, Runtime, ShownRow
from punie_train.checks.runtime.checks import judge_runtime
from punie_train.core.attestations import Applied, Attestation
from punie_train.core.completions import Completion
from punie_train.core.errors import ServerError
from punie_train.core.loss_curve import LossCurve, LossPoint
from punie_train.core.messages import ToolCall
from punie_train.core.retention import (
    LayerRetention,
    ProbedReply,
    ReplyAgreement,
    SignalRetention,
)

NAN = float("nan")
LIMITS = CheckLimits()
HERE = Path("adapters/x")


def curve(train: list[float], valid: list[float]) -> LossCurve:
    """Return training losses from iteration 1 on, validation losses from 0 on."""
    return LossCurve(
        train=tuple(LossPoint(iteration=at, loss=loss) for at, loss in enumerate(train, 1)),
        valid=tuple(LossPoint(iteration=at, loss=loss) for at, loss in enumerate(valid)),
    )


def reply(text: str = "Yes.", *, finish: str = "stop") -> Completion:
    """Return one reply."""
    return Completion(
        text=text,
        content=text,
        delivered=(),
        finish_reason=finish,
        prompt_tokens=3,
        completion_tokens=len(text.split()),
        queue_seconds=0.0,
        generation_seconds=0.1,
    )


YES = Attestation(applied=Applied.YES, reason="the canary moved", shift=0.3, noise=0.0)
LIVE = Live(attestation=YES, replies=(reply(), reply()))
REFUSED = Live(error=ServerError("it ended", "nothing is answered", "Read its log", failure="F03"))
ADAPTER = TrainedAdapter(
    path=HERE,
    limits=LIMITS,
    files=AdapterFiles(finished=True),
    base=AdapterBase(name="starter", fingerprint="ab" * 32, trained_from="ab" * 32),
    shape=AdapterShape(rank=8, layers=6, tensors=84, asked="manifest.json"),
    weights=AdapterWeights(tensors=84, ups=42),
    curve=curve([2.0, 1.0, 0.4, 0.3], [2.1, 1.0, 0.5, 0.4]),
    kept_iteration=3,
    live=lambda: LIVE,
)


def codes(result: CheckResult) -> list[str]:
    """Return the codes of a result, errors first."""
    return [code.rule.code for code in result.codes]


ADAPTER_FAULTS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "F55 missing": (
        "adapter-files",
        {"files": AdapterFiles(missing=("w",), finished=True)},
        ["incomplete"],
    ),
    "F55 unfinished": (
        "adapter-files",
        {"files": AdapterFiles(finished=False)},
        ["incomplete"],
    ),
    "no manifest": ("adapter-files", {"files": AdapterFiles()}, ["no-manifest"]),
    "F09": (
        "base-model",
        {"base": AdapterBase(name="s", fingerprint="ab", trained_from="cd")},
        ["other-base"],
    ),
    "F09 unknown": (
        "base-model",
        {"base": AdapterBase(name="s", fingerprint="ab", trained_from=None)},
        ["base-unknown"],
    ),
    "F50": (
        "as-asked",
        {
            "shape": AdapterShape(
                rank=8, layers=6, tensors=84, asked="run.yaml", differences=("rank is 8",)
            )
        },
        ["not-as-asked"],
    ),
    "F50 unknown": (
        "as-asked",
        {"shape": AdapterShape(rank=8, layers=6, tensors=84, asked=None)},
        ["asked-unknown"],
    ),
    "NaN weights": (
        "weights",
        {"weights": AdapterWeights(tensors=84, ups=42, broken=("a",))},
        ["not-finite"],
    ),
    "F10 zero": (
        "weights",
        {"weights": AdapterWeights(tensors=4, ups=2, zero_ups=("a", "b"))},
        ["changes-nothing"],
    ),
    "F10 empty": ("weights", {"weights": AdapterWeights(tensors=0, ups=0)}, ["changes-nothing"]),
    "some zero": (
        "weights",
        {"weights": AdapterWeights(tensors=4, ups=2, zero_ups=("a",))},
        ["some-zero"],
    ),
    "F37": ("loss", {"curve": curve([2.0, NAN], [2.1])}, ["loss-not-finite"]),
    "not fallen": (
        "loss",
        {"curve": curve([1.0, 1.2], [1.5, 0.9]), "kept_iteration": None},
        ["loss-not-fallen", "loss-high"],
    ),
    "too high": (
        "loss",
        {"curve": curve([9.0, 2.0], [1.5, 0.9]), "kept_iteration": None},
        ["loss-too-high"],
    ),
    "high train": (
        "loss",
        {"curve": curve([9.0, 0.5], [1.5, 0.9]), "kept_iteration": None},
        ["loss-high"],
    ),
    "high valid": (
        "loss",
        {"curve": curve([9.0, 0.4], [1.5, 1.0]), "kept_iteration": None},
        ["loss-high"],
    ),
    "small fall": (
        "loss",
        {"curve": curve([1.0, 0.4], [1.5, 0.9]), "kept_iteration": None},
        ["small-fall"],
    ),
    "small fall of a run that went on": (
        "loss",
        {"curve": curve([1.0, 0.4], [1.5, 0.9]), "kept_iteration": None, "went_on": True},
        [],
    ),
    "F51": (
        "loss",
        {"curve": ServerError("no losses", "unknown", "Train", failure="F51")},
        ["refused"],
    ),
    "F52 last kept": (
        "overfitting",
        {"curve": curve([2.0, 0.1], [2.0, 0.5, 0.9]), "kept_iteration": 2},
        ["overfitted"],
    ),
    "F52 best kept": (
        "overfitting",
        {"curve": curve([2.0, 0.1], [2.0, 0.5, 0.9]), "kept_iteration": 1},
        ["validation-rises"],
    ),
    "F52 NaN": (
        "overfitting",
        {"curve": curve([2.0, 0.1], [2.0, 0.5, NAN]), "kept_iteration": 2},
        ["overfitted"],
    ),
    "worse than untrained": (
        "overfitting",
        {"curve": curve([2.0, 0.1], [1.0, 1.2, 1.2]), "kept_iteration": 2},
        ["no-better-than-untrained"],
    ),
    "F02": (
        "adapter-is-live",
        {"live": lambda: Live(attestation=replace(YES, applied=Applied.NO))},
        ["not-live"],
    ),
    "F01 unverified": (
        "adapter-is-live",
        {"live": lambda: Live(attestation=replace(YES, applied=Applied.UNVERIFIED))},
        ["unverified"],
    ),
    "not served": ("server-loads", {"live": lambda: REFUSED}, ["refused"]),
    "not served, not live": ("adapter-is-live", {"live": lambda: REFUSED}, ["refused"]),
    "says nothing": (
        "server-loads",
        {"live": lambda: Live(attestation=YES, replies=(reply(""),))},
        ["empty-reply"],
    ),
}


@pytest.mark.parametrize(
    ("name", "fault", "found"), ADAPTER_FAULTS.values(), ids=ADAPTER_FAULTS.keys()
)
def test_faults_of_adapters(name: str, fault: dict[str, Any], found: list[str]) -> None:
    """One fault, its codes; the adapter without it has none in the same check."""
    assert codes(judge_adapter(replace(ADAPTER, **fault), [name])[name]) == found
    healthy = judge_adapter(ADAPTER, [name])[name]
    assert (codes(healthy), healthy.skipped) == ([], None)
    assert healthy.measured


def test_the_kept_iteration_is_named() -> None:
    """F52: the message names the best iteration and the one whose weights are there."""
    rising = replace(ADAPTER, curve=curve([2.0, 0.1], [2.0, 0.5, 0.9]), kept_iteration=2)
    fact = judge_adapter(rising, ["overfitting"])["overfitting"].codes[0].first[0].fact
    assert "0.500 at iteration 1" in fact
    assert "those of iteration 2" in fact


def test_without_validation_nothing_is_said_of_overfitting() -> None:
    """Skipped with a reason, not passed."""
    found = judge_adapter(replace(ADAPTER, curve=curve([2.0, 0.1], [])), ["overfitting"])
    assert "no validation losses" in (found["overfitting"].skipped or "")


LAYER = LayerRetention(name="l", share=0.99, cosine=0.98, strength=0.1)
SIGNAL = SignalRetention(share=0.99, cosine=0.98, strength=0.1, layers=(LAYER,))


def agreed(same: int, of: int = 8, *, bare: str = "x", ended: int = 8) -> ReplyAgreement:
    """Return replies of which `same` are the reference's, `ended` end, and all are telling."""
    return ReplyAgreement(
        reference="v3",
        replies=tuple(
            ProbedReply(
                prompt="p",
                reference="r",
                made="r" if at < same else "other",
                bare=bare,
                ended=at < ended,
                expected_to_end=True,
                common=1.0,
            )
            for at in range(of)
        ),
    )


FUSED = MadeModel(
    path=Path("fused/v3"),
    limits=LIMITS,
    quantized=False,
    files=KeptFiles(end_tokens=(2,), template=True, tokenizer=True, source="starter"),
    weights=StoredWeights(matrices=43, stored=(("not quantized", 43),)),
    signal=lambda: SIGNAL,
    agreement=lambda: agreed(8),
    live=lambda: LIVE,
    calls_written=lambda: (1, 0),
)
QUANTIZED = replace(
    FUSED,
    quantized=True,
    weights=StoredWeights(
        matrices=43,
        stored=(("6 bits, groups of 64", 43),),
        bits=(6,),
        groups=(64,),
        intended=(6, 64),
    ),
)
FILES = KeptFiles(end_tokens=(2,), template=True, tokenizer=True, source="starter")
SIX = QUANTIZED.weights
MADE_FAULTS: dict[str, tuple[MadeModel, str, dict[str, Any], list[str]]] = {
    "F54 no end": (
        FUSED,
        "kept-files",
        {"files": replace(FILES, end_tokens=())},
        ["no-end-token"],
    ),
    "F54 other files": (
        FUSED,
        "kept-files",
        {"files": replace(FILES, differences=("its end tokens",))},
        ["not-kept"],
    ),
    "no template": (
        FUSED,
        "kept-files",
        {"files": replace(FILES, template=False)},
        ["no-template"],
    ),
    "unknown source": (
        FUSED,
        "kept-files",
        {"files": replace(FILES, source=None)},
        ["source-unknown"],
    ),
    "NaN": (
        FUSED,
        "stored-weights",
        {"weights": StoredWeights(matrices=1, stored=(), broken=("w",))},
        ["not-finite"],
    ),
    "leftovers": (
        FUSED,
        "stored-weights",
        {"weights": StoredWeights(matrices=1, stored=(), leftovers=("w.lora_a",))},
        ["adapter-beside"],
    ),
    "F53 still quantized": (
        FUSED,
        "stored-weights",
        {"weights": StoredWeights(matrices=1, stored=(("4", 1),), bits=(4,))},
        ["still-quantized"],
    ),
    "other bits": (
        QUANTIZED,
        "stored-weights",
        {
            "weights": StoredWeights(
                matrices=1, stored=(), bits=(4,), groups=(64,), intended=(6, 64)
            )
        },
        ["other-bits"],
    ),
    "other group": (
        QUANTIZED,
        "stored-weights",
        {
            "weights": StoredWeights(
                matrices=1, stored=(), bits=(6,), groups=(32,), intended=(6, 64)
            )
        },
        ["other-bits"],
    ),
    "not quantized": (
        QUANTIZED,
        "stored-weights",
        {"weights": StoredWeights(matrices=1, stored=(), intended=(6, 64))},
        ["not-quantized"],
    ),
    "F53 erased": (
        QUANTIZED,
        "signal",
        {"signal": lambda: replace(SIGNAL, share=0.7)},
        ["signal-erased"],
    ),
    "F53 drowned": (
        QUANTIZED,
        "signal",
        {"signal": lambda: replace(SIGNAL, cosine=0.4)},
        ["signal-drowned"],
    ),
    "F53 replies": (FUSED, "same-replies", {"agreement": lambda: agreed(6)}, ["other-replies"]),
    "F54 endless": (
        FUSED,
        "generation-ends",
        {"agreement": lambda: agreed(8, ended=3)},
        ["endless"],
    ),
    "F54 all endless, no reference": (
        FUSED,
        "generation-ends",
        {
            "agreement": lambda: "unknown",
            "live": lambda: replace(LIVE, replies=(reply(finish="length"),)),
        },
        ["endless"],
    ),
    "no call": (QUANTIZED, "smoke", {"calls_written": lambda: (0, 0)}, ["no-call"]),
    "control token": (
        QUANTIZED,
        "smoke",
        {"live": lambda: replace(LIVE, replies=(reply("a <|im_start|> b"),))},
        ["raw-control-token"],
    ),
    "not served": (FUSED, "server-loads", {"live": lambda: REFUSED}, ["refused"]),
}


@pytest.mark.parametrize(
    ("model", "name", "fault", "found"), MADE_FAULTS.values(), ids=MADE_FAULTS.keys()
)
def test_faults_of_made_models(
    model: MadeModel, name: str, fault: dict[str, Any], found: list[str]
) -> None:
    """One fault, its codes; the model without it has none in the same check."""
    assert codes(judge_made(replace(model, **fault), [name])[name]) == found
    healthy = judge_made(model, [name])[name]
    assert (codes(healthy), healthy.skipped) == ([], None)
    assert healthy.measured


def test_an_unknown_origin_is_skipped_with_its_reason() -> None:
    """Without adapter and base there is no signal to compare: skipped, not passed."""
    found = judge_made(replace(QUANTIZED, signal=lambda: "no adapter is known"), ["signal"])
    assert found["signal"].skipped == "no adapter is known"


CALL = ToolCall(name="f", arguments={})
ROW = ShownRow(place="train.jsonl:1", taught=(CALL,), format="xml", serving=9, shared=9)


def seen(*rows: ShownRow, marks: dict[str, int] | None = None) -> Callable[[], Rows]:
    """Return rows with a healthy one before them."""
    found = Rows(
        data="d", rows=(ROW, *rows), parser="qwen3_coder", marks=marks or {"<tool_call>": 1}
    )
    return lambda: found


RUNTIME = Runtime(
    path=HERE,
    limits=LIMITS,
    rows=seen(),
    templates=("ab", "ab"),
    live=lambda: LIVE,
    delivery=lambda: ((1, True), (0, True)),
)
RUNTIME_FAULTS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "F30": ("format-read", {"rows": seen(replace(ROW, read=False))}, ["not-read"]),
    "F67": ("format-delivered", {"rows": seen(replace(ROW, delivered=False))}, ["not-delivered"]),
    "F25 tokens": ("same-prompt", {"rows": seen(replace(ROW, shared=4))}, ["other-prompt"]),
    "F25 template": ("same-prompt", {"templates": ("ab", "cd")}, ["other-template"]),
    "template fails": ("same-prompt", {"rows": seen(replace(ROW, fault="oh"))}, ["unrendered"]),
    "F43": ("call-marks", {"rows": seen(marks={"<tool_call>": 5})}, ["mark-of-many-tokens"]),
    "F54": ("replies-end", {"rows": seen(replace(ROW, ends=False))}, ["no-end-taught"]),
    "F67 live": ("live-delivery", {"delivery": lambda: ((1, False),)}, ["not-delivered"]),
    "no calls live": ("live-delivery", {"delivery": lambda: ((0, True),)}, ["writes-no-call"]),
    "F02": (
        "attested",
        {"live": lambda: Live(attestation=replace(YES, applied=Applied.NO))},
        ["not-live"],
    ),
}


@pytest.mark.parametrize(
    ("name", "fault", "found"), RUNTIME_FAULTS.values(), ids=RUNTIME_FAULTS.keys()
)
def test_faults_at_runtime(name: str, fault: dict[str, Any], found: list[str]) -> None:
    """One fault, its codes; the runtime without it has none in the same check."""
    assert codes(judge_runtime(replace(RUNTIME, **fault), [name])[name]) == found
    healthy = judge_runtime(RUNTIME, [name])[name]
    assert (codes(healthy), healthy.skipped) == ([], None)
    assert healthy.measured


def test_each_format_is_judged_by_itself() -> None:
    """F67: one format out of two that the server does not read fails, however few its rows are."""
    rows = [ROW] * 99 + [replace(ROW, format="hermes-json", delivered=False)]
    runtime = replace(RUNTIME, rows=seen(*rows), limits=CheckLimits(delivered=0.5))
    fact = judge_runtime(runtime, ["format-delivered"])["format-delivered"].codes[0].first[0].fact
    assert "of 1 rows with hermes-json calls the server delivers 0" in fact
