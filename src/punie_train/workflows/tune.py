"""Tune: a suite under every setting of sampling and KV cache, over servers that are attested."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from punie_train.core.completions import Exchange, Unavailable
from punie_train.core.errors import AttestationError, PunieTrainError, ServerError, UsageError
from punie_train.core.settings import Settings
from punie_train.evals.case import Suite
from punie_train.evals.gates import GatePolicy
from punie_train.evals.result import CaseResult
from punie_train.evals.scoring import score_case
from punie_train.evals.tune_space import by_server
from punie_train.evals.tuning import DEFAULT, SettingRun, TuneResult, TuneSetting, judge_settings
from punie_train.mlx.base_config import kv_group_size
from punie_train.sandbox.run_code import Sandbox
from punie_train.workflows.candidates import Candidate
from punie_train.workflows.conclude import conclude, write_report
from punie_train.workflows.concurrency import RequestLimit
from punie_train.workflows.evaluate import Group, GroupEnd, Job, Key, evaluate_group
from punie_train.workflows.held_model import HeldModel
from punie_train.workflows.memory import ReplyMemory
from punie_train.workflows.observe_code import observe_code
from punie_train.workflows.opening import open_model
from punie_train.workflows.partial_file import partial_path
from punie_train.workflows.remembering import open_memory, reply_store

Reply = Exchange | Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class TunePlan:
    """What is tuned: `repeats` are replies to a case above temperature 0, `timeout` in seconds."""

    candidate: Candidate
    suites: tuple[Suite, ...]
    settings: tuple[TuneSetting, ...]
    output: Path
    repeats: int = 1
    concurrency: int = 8
    timeout: float = 120.0
    max_tokens: int = 512
    cache: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TuneProgress:
    """The setting that is measured, how many are done, and replies received of those it needs."""

    setting: TuneSetting
    done: int
    received: int
    replies: int


def tune(
    plan: TunePlan, settings: Settings, *, on_progress: Callable[[TuneProgress], None]
) -> TuneResult:
    """Measure every setting and judge it against the default one.

    One server answers all settings of a request; each KV setting has its own. A report of each
    setting is written to the output directory. A setting that the server cannot serve is told as
    such; raises PunieTrainError where the default setting cannot be measured. The same call goes on
    with a run that was stopped: replies that are known are not asked again.
    """
    if DEFAULT not in plan.settings:
        raise UsageError(
            "the default setting is not among those to measure",
            "there is nothing to compare with",
            "Add it.",
        )
    with Sandbox() as sandbox:
        return asyncio.run(_Tuning(plan, settings, sandbox, on_progress).run())


def report_name(setting: TuneSetting) -> str:
    """Return the file name of a setting's report."""
    return re.sub(r"[^a-z0-9.]+", "-", setting.name.lower()) + ".json"


class _Tuning:
    """One call of `tune`."""

    def __init__(
        self,
        plan: TunePlan,
        settings: Settings,
        sandbox: Sandbox,
        on_progress: Callable[[TuneProgress], None],
    ) -> None:
        self._plan, self._settings, self._sandbox = plan, settings, sandbox
        self._on_progress = on_progress
        self._run = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")[:-3] + "Z"
        self._done = 0

    async def run(self) -> TuneResult:
        """Measure the settings, one server after another."""
        runs: list[SettingRun] = []
        for kv_bits, settings in by_server(self._plan.settings).items():
            runs += await self._on_server(self._server_options(kv_bits), settings)
        return judge_settings(runs)

    def _server_options(self, kv_bits: int | None) -> Mapping[str, Any]:
        """Return the server's options; a quantized cache is one from the first token on."""
        own = self._settings.server
        if kv_bits is None:
            return own
        group = own.get("kv_group_size") or kv_group_size(self._plan.candidate.model)
        return {**own, "kv_bits": kv_bits, "kv_group_size": group, "quantized_kv_start": 0}

    async def _on_server(
        self, server: Mapping[str, Any], settings: Sequence[TuneSetting]
    ) -> list[SettingRun]:
        plan = self._plan
        name = f"kv-{server['kv_bits']}" if "kv_bits" in server else "server"
        model = HeldModel(
            open_model(
                plan.candidate,
                server_url=None,
                model_name=None,
                server_options=server,
                log_path=plan.output / "logs" / f"{self._run}-{name}.log",
                timeout=plan.timeout,
                concurrency=plan.concurrency,
            )
        )
        runs = []
        try:
            for setting in settings:
                try:
                    runs.append(await self._measure(model, server, setting))
                except PunieTrainError as error:
                    distrusted = isinstance(error, AttestationError) and not setting.kv_bits
                    if setting == DEFAULT or distrusted:
                        raise
                    runs.append(SettingRun(setting=setting, results=(), failure=error.fact))
                self._done += 1
        finally:
            await asyncio.shield(model.end())
        return runs

    async def _measure(
        self, model: HeldModel, server: Mapping[str, Any], setting: TuneSetting
    ) -> SettingRun:
        plan, name = self._plan, self._plan.candidate.name
        report = plan.output / report_name(setting)
        memory = self._memory(report, server, setting)
        group = Group(name=name, jobs=self._jobs(setting))
        replies: dict[Key, Reply] = {}

        def told(key: Key, reply: Reply) -> None:
            replies[key] = reply
            self._tell(setting, len(replies), len(group.jobs))

        self._tell(setting, 0, len(group.jobs))
        try:
            end = await evaluate_group(
                group,
                lambda: model,
                sampling=setting.sampling(plan.max_tokens),
                limit=RequestLimit(plan.concurrency),
                on_reply=told,
                on_ready=lambda _: None,
                released=_nobody_holds,
                kept=memory,
            )
            results = tuple(self._score(job, replies[job.key]) for job in group.jobs)
            return self._conclude(setting, report, memory, end, results)
        finally:
            memory.close()

    def _conclude(
        self,
        setting: TuneSetting,
        path: Path,
        memory: ReplyMemory,
        end: GroupEnd,
        results: tuple[CaseResult, ...],
    ) -> SettingRun:
        """Write the report of a setting; only then are its replies safe to forget."""
        plan, name = self._plan, self._plan.candidate.name
        keys = [job.key for job in self._jobs(setting)]
        cached = sum(map(memory.is_cached, keys))
        resumed = sum(map(memory.is_resumed, keys))
        report = conclude(
            run=self._run,
            names=(name,),
            candidates=(plan.candidate,),
            server_url=None,
            sampling=setting.sampling(plan.max_tokens),
            results=results,
            ends={name: end},
            interrupted=False,
            policy=GatePolicy(),
            cached={name: cached} if cached else {},
            resumed={name: resumed} if resumed else {},
        )
        if any(not gate.passed and gate.name == "attestation" for gate in report.gates):
            raise AttestationError(
                f"{setting.name}: {end.attestation.reason}",
                "its replies may be those of other weights",
                f"Run the same command again, and read the logs in {plan.output / 'logs'}",
            )
        write_report(report, path)
        memory.report_is_whole()
        overall = report.summary[name].overall
        if not overall.answered:
            raise ServerError(
                f"no case was available under the setting {setting.name} ({results[0].reason})",
                "it has no score",
                f"Read the logs in {plan.output / 'logs'}",
            )
        return SettingRun(
            setting=setting, results=results, tokens_per_second=overall.tokens_per_second
        )

    def _score(self, job: Job, reply: Reply) -> CaseResult:
        trained = self._plan.candidate.trained
        return score_case(
            job.case,
            reply,
            adapter=job.key[0],
            repeat=job.key[3],
            trained=trained,
            observation=observe_code(job.case, reply, trained=trained, sandbox=self._sandbox),
        )

    def _jobs(self, setting: TuneSetting) -> tuple[Job, ...]:
        name, repeats = self._plan.candidate.name, self._plan.repeats if setting.temperature else 1
        return tuple(
            Job(key=(name, str(suite.path), case.id, repeat), case=case)
            for suite in self._plan.suites
            for case in suite.cases
            for repeat in range(1, repeats + 1)
        )

    def _memory(self, report: Path, server: Mapping[str, Any], setting: TuneSetting) -> ReplyMemory:
        def opened(resume: Path | None) -> ReplyMemory:
            return open_memory(
                (self._plan.candidate.name,),
                {self._plan.candidate.name: self._plan.candidate},
                run=self._run,
                report=report,
                store=reply_store(directory=None, disabled=not self._plan.cache, foreign=False),
                resume=resume,
                server_url=None,
                model_name=None,
                server_options=server,
                sampling=setting.sampling(self._plan.max_tokens),
            )

        stopped = partial_path(report)
        try:
            return opened(stopped if stopped.is_file() else None)
        except UsageError:  # it was received from other weights, or holds nothing
            stopped.unlink()
            return opened(None)

    def _tell(self, setting: TuneSetting, received: int, replies: int) -> None:
        self._on_progress(
            TuneProgress(setting=setting, done=self._done, received=received, replies=replies)
        )


def _nobody_holds() -> "asyncio.Future[None]":
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.set_result(None)
    return future
