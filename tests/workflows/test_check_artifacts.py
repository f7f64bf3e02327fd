"""Checks of the later stages on real files: what is shipped passes, planted faults do not."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from punie_train.checks.catalogue import Stage, checks_of
from punie_train.checks.limits import CheckLimits
from punie_train.checks.result import CheckResult
from punie_train.core.settings import Settings
from punie_train.starter import model_path
from punie_train.workflows.check_plan import Artifact, CheckPlan, run_checks

ROOT = Path(__file__).parents[2]
FILES = ("adapter-files", "base-model", "as-asked", "weights", "loss", "overfitting")
ROWS = ("format-read", "format-delivered", "same-prompt", "call-marks", "replies-end")
WEIGHTS = "adapters.safetensors"


def checked(
    stage: Stage, path: Path, names: tuple[str, ...], **options: Any
) -> Mapping[str, CheckResult]:
    """Run checks that need no server."""
    server = options.pop("server", {})
    settings = Settings(root=ROOT, active=True, server=server)
    limits = options.pop("limits", CheckLimits(runtime_rows=20))
    plan = CheckPlan(settings=settings, limits=limits, **options)
    return run_checks(Artifact(stage=stage, path=path, name=path.name), names, plan)


def codes(results: Mapping[str, CheckResult]) -> dict[str, list[str]]:
    """Return the codes of the checks that found anything."""
    return {
        name: [code.rule.code for code in result.codes]
        for name, result in results.items()
        if result.codes
    }


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    """Return a copy of adapters/v2."""
    return shutil.copytree(ROOT / "adapters/v2", tmp_path / "v2")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Return a copy of the starter, which is a model like a fused one."""
    return shutil.copytree(model_path(), tmp_path / "fused")


def change(path: Path, **values: Any) -> None:
    """Change keys of a JSON file; None removes one."""
    found = {**json.loads(path.read_text()), **values}
    path.write_text(json.dumps({key: value for key, value in found.items() if value is not None}))


def test_the_shipped_adapters_are_sound() -> None:
    """Nothing is found, nothing is skipped, everything is measured."""
    for name in ("v1", "v2", "v3"):
        results = checked(Stage.POST_TRAINING, ROOT / "adapters" / name, FILES)
        assert codes(results) == {}
        assert all(each.measured and each.skipped is None for each in results.values())


def _weights(change: Callable[[str, np.ndarray], np.ndarray]) -> Callable[[Path], None]:
    def plant(adapter: Path) -> None:
        tensors = load_file(adapter / WEIGHTS)
        save_file(
            {name: change(name, tensor) for name, tensor in tensors.items()}, adapter / WEIGHTS
        )

    return plant


def _cut(adapter: Path) -> None:
    path = adapter / WEIGHTS
    path.write_bytes(path.read_bytes()[:-100])


def _overfit(adapter: Path) -> None:
    path = adapter / "metrics.jsonl"
    line = {"event": "valid", "iteration": 520, "valid_loss": 0.9, "seconds": 1.0}
    path.write_text(path.read_text() + json.dumps(line) + "\n")
    change(adapter / "manifest.json", best_iteration=520)


FAULTS: dict[str, tuple[Callable[[Path], None], dict[str, list[str]]]] = {
    "F55 unfinished": (
        lambda a: change(a / "manifest.json", complete=False),
        {"adapter-files": ["incomplete"]},
    ),
    "F55 no config": (
        lambda a: (a / "adapter_config.json").unlink(),
        {"adapter-files": ["incomplete"], "as-asked": ["refused"]},
    ),
    "F56 cut off": (
        _cut,
        {"adapter-files": ["incomplete"], "as-asked": ["refused"], "weights": ["refused"]},
    ),
    "no manifest": (
        lambda a: (a / "manifest.json").unlink(),
        {"adapter-files": ["no-manifest"], "base-model": ["base-unknown"]},
    ),
    "F09": (
        lambda a: change(a / "manifest.json", base_fingerprint="00" * 32),
        {"base-model": ["other-base"]},
    ),
    "F50 config": (
        lambda a: change(
            a / "adapter_config.json", lora_parameters={"rank": 16, "scale": 5.0, "dropout": 0.0}
        ),
        {"as-asked": ["not-as-asked"]},
    ),
    "F50 rank of tensors": (
        _weights(lambda name, t: t[:, :5] if name.endswith("lora_a") else t[:5]),
        {"as-asked": ["not-as-asked"]},
    ),
    "NaN": (_weights(lambda _, t: t * np.float32("nan")), {"weights": ["not-finite"]}),
    "F10": (
        _weights(lambda name, t: t * 0 if name.endswith("lora_b") else t),
        {"weights": ["changes-nothing"]},
    ),
    "F51": (
        lambda a: (a / "metrics.jsonl").unlink(),
        {"loss": ["refused"], "overfitting": ["refused"]},
    ),
    "F52": (_overfit, {"overfitting": ["overfitted"]}),
}


@pytest.mark.parametrize(("plant", "found"), FAULTS.values(), ids=FAULTS.keys())
def test_planted_faults_of_adapters(
    adapter: Path, plant: Callable[[Path], None], found: dict[str, list[str]]
) -> None:
    """Each fault is found by the check that is about it, and by no other."""
    plant(adapter)
    assert codes(checked(Stage.POST_TRAINING, adapter, FILES)) == found


def test_a_run_configuration_says_what_was_asked(adapter: Path, tmp_path: Path) -> None:
    """F50: the rank of --run-config against the files, right and wrong."""
    run = tmp_path / "run.yaml"
    run.write_text("lora_parameters: {rank: 8, scale: 5.0, dropout: 0.0}\n")
    assert codes(checked(Stage.POST_TRAINING, adapter, FILES, run_config=run)) == {}
    run.write_text("lora_parameters: {rank: 32, scale: 5.0, dropout: 0.0}\n")
    found = checked(Stage.POST_TRAINING, adapter, FILES, run_config=run)
    assert codes(found) == {"as-asked": ["not-as-asked"]}


def test_files_must_agree_even_where_nothing_says_what_was_asked(adapter: Path) -> None:
    """F50: without manifest and YAML the tensors are still held against adapter_config.json."""
    (adapter / "manifest.json").unlink()
    (adapter / "run.yaml").unlink()
    names = ("as-asked",)
    sound = checked(Stage.POST_TRAINING, adapter, names)
    assert codes(sound) == {"as-asked": ["asked-unknown"]}
    change(adapter / "adapter_config.json", lora_parameters={"rank": 16, "scale": 5.0})
    found = checked(Stage.POST_TRAINING, adapter, names)
    assert codes(found) == {"as-asked": ["not-as-asked", "asked-unknown"]}


KEPT = ("kept-files", "stored-weights")


def test_a_model_with_all_files_is_sound(model: Path) -> None:
    """The starter beside itself: same files, finite weights."""
    assert codes(checked(Stage.POST_FUSION, model, KEPT, model="starter")) == {}


def _no_end(model: Path) -> None:
    change(model / "config.json", eos_token_id=None)
    (model / "generation_config.json").unlink()


MADE: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "F54 other end token": (
        lambda m: change(m / "generation_config.json", eos_token_id=7),
        ["not-kept"],
    ),
    "F54 no end token": (_no_end, ["no-end-token", "not-kept"]),
    "F25 other template": (
        lambda m: (m / "chat_template.jinja").write_text("{{ messages }}"),
        ["not-kept"],
    ),
    "other tokenizer": (lambda m: (m / "tokenizer.json").write_text("{}"), ["not-kept"]),
    "other config": (lambda m: change(m / "config.json", rms_norm_eps=0.1), ["not-kept"]),
}


@pytest.mark.parametrize(("plant", "found"), MADE.values(), ids=MADE.keys())
def test_planted_faults_of_made_models(
    model: Path, plant: Callable[[Path], object], found: list[str]
) -> None:
    """What was not kept is an error with its id."""
    plant(model)
    results = checked(Stage.POST_FUSION, model, KEPT, model="starter")
    assert sorted(set(codes(results)["kept-files"])) == sorted(found)
    assert "stored-weights" not in codes(results)


def test_what_is_not_quantized_is_said_to_be(model: Path) -> None:
    """`--quantized` on a model of whole weights; as a fused one it is right."""
    found = checked(Stage.POST_QUANTIZATION, model, ("stored-weights",))
    assert codes(found) == {"stored-weights": ["not-quantized"]}
    assert codes(checked(Stage.POST_FUSION, model, ("stored-weights",))) == {}


TOOL = {
    "type": "function",
    "function": {
        "name": "read_file",
        "parameters": {
            "type": "object",
            "properties": {"path": {"type": "string"}},
            "required": ["path"],
        },
    },
}
XML = (
    "<tool_call>\n<function=read_file>\n<parameter=path>\na.py\n</parameter>\n</function>\n"
    "</tool_call>"
)
HERMES = '<tool_call>\n{"name": "read_file", "arguments": {"path": "a.py"}}\n</tool_call>'


def _data(tmp_path: Path, *answers: str) -> Path:
    rows = [
        {
            "messages": [
                {"role": "user", "content": "Read a.py."},
                {"role": "assistant", "content": answer},
            ],
            "tools": [TOOL],
        }
        for answer in answers
    ]
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_the_adapter_s_own_data_is_read_and_delivered() -> None:
    """data/v3 through mlx-lm's trainer and server code: the same tokens, all calls delivered."""
    results = checked(Stage.RUNTIME, ROOT / "adapters/v3", ROWS)
    assert codes(results) == {}
    assert all(each.measured and each.skipped is None for each in results.values())


def test_formats_that_do_not_arrive(tmp_path: Path) -> None:
    """F67: JSON calls are read and not delivered under this template. F30: a broken call is not."""
    data = _data(tmp_path, XML, XML, HERMES, HERMES.replace('"a.py"}}', '"a.py"'))
    found = checked(Stage.RUNTIME, data, ROWS, data=data)
    assert codes(found)["format-read"] == ["not-read"]
    assert "data.jsonl:4" in found["format-read"].codes[0].first[0].fact
    assert set(codes(found)) == {"format-read", "format-delivered"}
    facts = [finding.fact for finding in found["format-delivered"].codes[0].first]
    assert any("hermes-json calls the server delivers 0 (data.jsonl:3" in fact for fact in facts)
    assert not any("qwen3-coder-xml calls" in fact for fact in facts)


def test_other_templates_are_other_prompts(adapter: Path, tmp_path: Path) -> None:
    """F25: the server's own template option, and the hash in the manifest, against the model's."""
    change(adapter / "manifest.json", template_hash="00" * 32)
    template = (model_path() / "chat_template.jinja").read_text()
    other = template.replace("'Tools:'", "'You have tools:'")
    assert other != template
    options: dict[str, Any] = {"data": _data(tmp_path, XML), "server": {"chat_template": other}}
    found = checked(Stage.RUNTIME, adapter, ("same-prompt",), **options)
    assert sorted(codes(found)["same-prompt"]) == ["other-prompt", "other-template"]


def test_chatml_texts_are_compared_too(tmp_path: Path) -> None:
    """F25: of rows that spell the template out, the one without a line feed is found.

    F67: a call in a turn before the last one counts too.
    """
    right = "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello.<|im_end|>\n"
    wrong = right.replace("<|im_end|>\n<|im_start|>", "<|im_end|><|im_start|>")
    data = tmp_path / "data.jsonl"
    call = right.replace("Hello.", HERMES)
    texts = (right, wrong, call + right)
    data.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    found = checked(Stage.RUNTIME, data, ROWS, data=data)
    assert codes(found) == {
        "same-prompt": ["other-prompt"],
        "format-delivered": ["not-delivered"],
    }
    (only,) = found["same-prompt"].codes[0].first
    assert "data.jsonl:2" in only.fact
    assert "data.jsonl:3" in found["format-delivered"].codes[0].first[0].fact


def test_a_template_without_end_token_teaches_none(model: Path, tmp_path: Path) -> None:
    """F54: an end token in config.json that the template never writes."""
    for name in ("config.json", "generation_config.json"):
        change(model / name, eos_token_id=0)
    tokenizer = json.loads((model / "tokenizer_config.json").read_text())
    change(model / "tokenizer_config.json", eos_token=tokenizer["pad_token"])
    found = checked(Stage.RUNTIME, model, ("replies-end",), data=_data(tmp_path, XML))
    assert codes(found) == {"replies-end": ["no-end-taught"]}


def test_every_check_of_every_stage_has_a_judge() -> None:
    """The catalogue and the stages name the same checks."""
    from punie_train.checks.made_model import checks as made
    from punie_train.checks.post_training import checks as trained
    from punie_train.checks.runtime import checks as runtime

    for stage, judges in (
        (Stage.POST_TRAINING, trained.JUDGES),
        (Stage.RUNTIME, runtime.JUDGES),
        (Stage.POST_QUANTIZATION, made.JUDGES),
    ):
        assert {check.name for check in checks_of(stage)} == set(judges)
    assert {check.name for check in checks_of(Stage.POST_FUSION)} < set(made.JUDGES)
