"""Run the checks of a trained adapter: reads its files, and asks it behind a server once."""

import json
import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

from punie_train.checks.live_reply import Live
from punie_train.checks.post_training.adapter import (
    AdapterBase,
    AdapterFiles,
    AdapterShape,
    AdapterWeights,
    TrainedAdapter,
)
from punie_train.checks.post_training.checks import judge_adapter
from punie_train.checks.result import CheckResult
from punie_train.core.errors import ArtifactError, PunieTrainError, UsageError
from punie_train.core.loss_curve import LossCurve
from punie_train.mlx.adapter_manifest import (
    MANIFEST_NAME,
    STARTER,
    AdapterManifest,
    read_manifest,
)
from punie_train.mlx.artifacts import ADAPTER_FILES
from punie_train.mlx.base_config import layer_count
from punie_train.mlx.fingerprints import fingerprint
from punie_train.mlx.metrics import from_line, loss_curve
from punie_train.mlx.run_config_file import FIELDS, read_run_config, run_config_fields
from punie_train.mlx.safetensors_reader import inspect_values, read_tensors
from punie_train.mlx.train_callback import METRICS_NAME
from punie_train.mlx.train_config import RunConfig
from punie_train.mlx.trained_adapter import (
    ADAPTER_CONFIG_NAME,
    WEIGHTS_NAME,
    config_differences,
    weight_differences,
)
from punie_train.workflows.check_plan import CheckPlan
from punie_train.workflows.find_model import find_model
from punie_train.workflows.wanted import Wanted, slug

T = TypeVar("T")

RUN_CONFIG_NAME = "run.yaml"


def check_adapter(
    adapter: Path, names: Collection[str], plan: CheckPlan
) -> Mapping[str, CheckResult]:
    """Return the results of the named checks on an adapter directory.

    A server is started only for the checks that need one. What cannot be read fails the checks that
    are about it; nothing is raised for it.
    """
    manifest = _or_error(lambda: read_manifest(adapter))
    known = manifest if isinstance(manifest, AdapterManifest) else None
    wanted = wanted_adapter(adapter, plan)
    model = _or_error(lambda: find_model(base_name(known, plan)))
    subject = TrainedAdapter(
        path=adapter,
        limits=plan.limits,
        files=_files(adapter, manifest),
        base=_or_error(lambda: _base(_raised(model), known, plan)),
        shape=_or_error(lambda: _shape(adapter, _raised(model), known, plan)),
        weights=_or_error(lambda: _weights(adapter)),
        curve=_or_error(lambda: _curve(adapter)),
        kept_iteration=known.best_iteration if known else None,
        went_on=bool(known and known.parameters.get("resume_adapter_file")),
        live=lambda: plan.servers.live(wanted) if plan.servers else Live(),
    )
    return judge_adapter(subject, names)


def wanted_adapter(adapter: Path, plan: CheckPlan) -> Wanted:
    """Return an adapter as a server is asked for it, by one path however it was named."""
    path = adapter.resolve()
    near = os.path.relpath(path)
    return Wanted(name=slug(path.name), adapter=min(near, str(path), key=len), model=plan.model)


def base_name(manifest: AdapterManifest | None, plan: CheckPlan) -> str:
    """Return the name of an adapter's base: the option, its manifest, the settings, the starter."""
    own = manifest.base_model if manifest else None
    return plan.model or own or plan.settings.located(plan.settings.model, STARTER)


def _files(adapter: Path, manifest: AdapterManifest | PunieTrainError | None) -> AdapterFiles:
    broken: list[str] = []
    there = [name for name in ADAPTER_FILES if (adapter / name).is_file()]
    if ADAPTER_CONFIG_NAME in there:
        try:
            _config(adapter)
        except ArtifactError as error:
            broken.append(error.fact)
    if WEIGHTS_NAME in there:
        try:
            read_tensors(adapter / WEIGHTS_NAME)
        except ArtifactError as error:
            broken.append(error.fact)
    if isinstance(manifest, PunieTrainError):
        broken.append(manifest.fact)
    return AdapterFiles(
        missing=tuple(name for name in ADAPTER_FILES if name not in there),
        broken=tuple(broken),
        finished=manifest.complete if isinstance(manifest, AdapterManifest) else None,
    )


def _base(model: Path, manifest: AdapterManifest | None, plan: CheckPlan) -> AdapterBase:
    return AdapterBase(
        name=base_name(manifest, plan),
        fingerprint=fingerprint(model),
        trained_from=manifest.base_fingerprint if manifest else None,
    )


def _shape(
    adapter: Path, model: Path, manifest: AdapterManifest | None, plan: CheckPlan
) -> AdapterShape:
    written = _config(adapter)
    shapes = {tensor.name: tensor.shape for tensor in read_tensors(adapter / WEIGHTS_NAME)}
    asked, source = _asked(adapter, manifest, plan)
    config = RunConfig(**(_places() | _of_files(written) | asked))
    differences = [
        each
        for each in config_differences(config, written)
        if _was_asked(each.partition(" ")[0], asked)
    ]
    if config.fine_tune_type != "full":
        differences += weight_differences(config, shapes, model_layers=layer_count(model))
    rank = (written.get("lora_parameters") or {}).get("rank")
    layers = {name.split(".layers.")[1].split(".")[0] for name in shapes if ".layers." in name}
    return AdapterShape(
        rank=rank if isinstance(rank, int) else None,
        layers=len(layers),
        tensors=len(shapes),
        asked=source,
        differences=tuple(differences),
    )


def _asked(
    adapter: Path, manifest: AdapterManifest | None, plan: CheckPlan
) -> tuple[dict[str, Any], str | None]:
    """Return what was asked for, and what says it: an option, the manifest, the run's own YAML.

    Where model, data and adapter lie may have changed since, and is not compared.
    """
    asked: dict[str, Any] = {}
    source = None
    if manifest is not None and manifest.parameters:
        asked = {key: _frozen(value) for key, value in manifest.parameters.items()}
        source = MANIFEST_NAME
    elif (adapter / RUN_CONFIG_NAME).is_file():
        asked, source = read_run_config(adapter / RUN_CONFIG_NAME), RUN_CONFIG_NAME
    if plan.run_config is not None:
        asked |= read_run_config(plan.run_config)
        source = str(plan.run_config)
    kept = {key: value for key, value in asked.items() if key in FIELDS and key not in _places()}
    return kept, source


def _was_asked(key: str, asked: Mapping[str, Any]) -> bool:
    """Say whether mlx-lm's key comes from a field that was asked for."""
    match key:
        case "lora_parameters":
            return any(field.startswith("lora_") for field in asked)
        case "lr_schedule":
            return not asked.keys().isdisjoint({"schedule", "warmup"})
    return key in asked


def _places() -> dict[str, Any]:
    return {"model": "", "data": "", "adapter_path": ""}


def _of_files(written: Mapping[str, Any]) -> dict[str, Any]:
    """Return what adapter_config.json says in the fields of a run, which nobody has asked for."""
    found: dict[str, Any] = {}
    for key, value in written.items():
        if key not in _places():
            try:
                found |= run_config_fields({key: value}, where=ADAPTER_CONFIG_NAME)
            except (UsageError, AttributeError):
                continue
    return found


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _weights(adapter: Path) -> AdapterWeights:
    values = list(inspect_values(adapter / WEIGHTS_NAME))
    ups = [value for value in values if value.name.endswith("lora_b")]
    return AdapterWeights(
        tensors=len(values),
        ups=len(ups),
        broken=tuple(value.name for value in values if not value.finite),
        zero_ups=tuple(value.name for value in ups if value.zero),
    )


def _curve(adapter: Path) -> LossCurve:
    path = adapter / METRICS_NAME
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return loss_curve(from_line(line) for line in lines)
    except FileNotFoundError:
        raise ArtifactError(
            f"there is no {METRICS_NAME}",
            "nobody can say what it learned",
            "Train with `punie-train run`, which writes the losses",
            failure="F51",
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtifactError(
            f"{METRICS_NAME} cannot be read ({type(error).__name__}: {error})",
            "nobody can say what it learned",
            "Restore the file, or train again",
            failure="F51",
        ) from error


def _config(adapter: Path) -> Mapping[str, Any]:
    path = adapter / ADAPTER_CONFIG_NAME
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        problem = None if isinstance(value, dict) else "it is not an object"
    except (OSError, ValueError) as error:
        value, problem = {}, str(error)
    if problem is not None:
        raise ArtifactError(
            f"{ADAPTER_CONFIG_NAME} cannot be read ({problem})",
            "the adapter cannot be loaded",
            "Restore the file, or train the adapter again",
            failure="F55",
        )
    return value


def _or_error(read: Callable[[], T]) -> T | PunieTrainError:
    try:
        return read()
    except PunieTrainError as error:
        return error


def _raised(value: T | PunieTrainError) -> T:
    if isinstance(value, PunieTrainError):
        raise value
    return value
