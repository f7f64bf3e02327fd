"""Run the checks of training data: reads the files, and lends the checks what is not pure."""

import dataclasses
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from punie_train.checks.catalogue import Stage, named
from punie_train.checks.pre_training.accumulator import DataUse, Subject
from punie_train.checks.pre_training.model_view import Lent, SourceVerdict
from punie_train.checks.pre_training.survey import ROW_CHECKS, survey
from punie_train.checks.result import CheckResult
from punie_train.core.errors import ArtifactError, PunieTrainError
from punie_train.dataset.inputs import open_dataset
from punie_train.dataset.leakage import EvaluationPrompts
from punie_train.evals.case_discovery import case_files
from punie_train.mlx.adapter_manifest import STARTER, read_manifest
from punie_train.mlx.run_config_file import read_run_config
from punie_train.workflows.audit_data import UNSAID, audit_rows
from punie_train.workflows.check_code import CodeRunner
from punie_train.workflows.check_plan import CheckPlan
from punie_train.workflows.evaluation_prompts import evaluation_prompts
from punie_train.workflows.find_model import find_model
from punie_train.workflows.model_view import model_view


def check_data(
    data: Path,
    names: Collection[str],
    plan: CheckPlan,
    *,
    on_rows: Callable[[int], None] | None = None,
) -> Mapping[str, CheckResult]:
    """Return the results of the named checks on a dataset directory or file, after one pass.

    Raises DatasetError for files that cannot be read, UsageError for a run configuration that
    cannot, ArtifactError for a model that is asked for by name and is not there.
    """
    fields = read_run_config(plan.run_config) if plan.run_config else {}
    kinds = [ROW_CHECKS[check.name] for check in named(Stage.PRE_TRAINING, names)]
    wanted = {kind.name for kind in kinds}
    model, missing = None, {}
    if any(kind.uses_model for kind in kinds):
        try:
            model = model_view(*_model(plan, fields))
        except ArtifactError as error:
            missing["model"] = str(error)
    prompts, problem = _prompts(plan) if "leakage" in wanted else (None, None)
    if prompts is None:
        missing["prompts"] = "there are no evaluation cases to compare with"
    with CodeRunner() as runner:
        subject = Subject(
            data=open_dataset(data),
            use=data_use(fields),
            limits=plan.limits,
            lent=Lent(
                model=model,
                run_code=runner.start if "code-runs" in wanted else None,
                prompts=prompts,
                prompts_problem=problem,
                audit=audit,
                missing=missing,
            ),
        )
        return survey(subject, names, on_rows=on_rows)


def data_use(fields: Mapping[str, Any]) -> DataUse:
    """Return how a run configuration uses data; what it does not say is as mlx-lm does it."""
    known = {field.name for field in dataclasses.fields(DataUse)}
    return DataUse(**{name: value for name, value in fields.items() if name in known})


def audit(manifest: Mapping[str, Any], sources: Mapping[str, int]) -> Sequence[SourceVerdict]:
    """Judge the sources that rows name ("" for none) and the manifest tells of."""
    rows = {source or UNSAID: number for source, number in sources.items()}
    accepted = json.dumps(manifest).find('"accepted"') >= 0
    return [
        SourceVerdict(
            source=one.source.name,
            rows=rows.get(one.source.name, 0),
            licence=one.source.licence or "",
            refusals=one.refusals,
            unsaid=one.source.licence is None and not one.source.generation_models,
            accepted=accepted,
        )
        for one in audit_rows(manifest, rows).audits
    ]


def _model(plan: CheckPlan, fields: Mapping[str, Any]) -> tuple[str, Path]:
    """Return name and directory of the model: options first, then the settings, then starter."""
    adapter = plan.adapter
    if adapter is None and plan.settings.adapter:
        adapter = plan.settings.root / plan.settings.adapter
    manifest = read_manifest(adapter) if adapter is not None and adapter.is_dir() else None
    base = manifest.base_model if manifest else None
    name = plan.model or fields.get("model") or base or plan.settings.model or STARTER
    return name, find_model(plan.settings.located(name, STARTER))


def _prompts(plan: CheckPlan) -> tuple[EvaluationPrompts | None, str | None]:
    """Return the prompts of the evaluation, or why those that there are cannot be read."""
    places = [plan.settings.root / place for place in plan.limits.evals]
    there = [place for place in places if place.exists() and any(case_files([place]))]
    try:
        return (EvaluationPrompts(evaluation_prompts(there).prompts) if there else None), None
    except PunieTrainError as error:
        return None, str(error)
