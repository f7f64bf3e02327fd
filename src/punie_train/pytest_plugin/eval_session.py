"""What one pytest session evaluates: its groups, its pump and its results."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from punie_train.core.errors import ExitStatus, PunieTrainError, UsageError
from punie_train.core.settings import Settings
from punie_train.evals.result import CaseResult
from punie_train.pytest_plugin.code_runs import CodeRuns
from punie_train.pytest_plugin.items import CaseItem, group_of, needs_model
from punie_train.pytest_plugin.options import EvalOptions
from punie_train.pytest_plugin.planning import check_writable, hold_the_bar, jobs_of
from punie_train.pytest_plugin.probes import ASKED_AGAIN, DETERMINISM, with_base
from punie_train.toolcalls.parsed import WireFormat
from punie_train.workflows.concurrency import RequestLimit
from punie_train.workflows.evaluate import Group, Model
from punie_train.workflows.wanted import BASE, Wanted, slug, wanted_adapters

if TYPE_CHECKING:
    from punie_train.evals.case import Suite
    from punie_train.evals.gates import GatePolicy
    from punie_train.pytest_plugin.pump import Pump
    from punie_train.workflows.candidates import Candidate
    from punie_train.workflows.find_baseline import BaselineSource
    from punie_train.workflows.memory import ReplyMemory

EXTERNAL = "external"


class EvalSession:
    """Holds the state between collection and the report."""

    def __init__(self, config: pytest.Config, settings: Settings, options: EvalOptions):
        """Name the groups; nothing on disk is looked at before the plan."""
        self.config, self.settings, self.options = config, settings, options
        asked = self._wanted()
        self.wanted = with_base(asked, options.probes)
        self.only_general = self.wanted[0].name if len(self.wanted) > len(asked) else None
        self.group_names = tuple(each.name for each in self.wanted)
        self.run = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")[:-3] + "Z"
        self.suites: list[Suite] = []
        self.results: list[CaseResult] = []
        self.candidates: tuple[Candidate, ...] = ()
        self.pump: Pump | None = None
        self.baseline: BaselineSource | None = None
        self.planned = self.skipped = 0
        self.stopped: str | None = None
        self.orphans: str | None = None
        self.memory: ReplyMemory | None = None
        self.cached: Counter[str] = Counter()
        self.resumed: Counter[str] = Counter()
        self.broken_off = False
        self._started = False
        self._last_of: dict[str, str] = {}
        self._code = CodeRuns()

    def _wanted(self) -> tuple[Wanted, ...]:
        options = self.options
        if options.server_url:
            names = options.adapters or (EXTERNAL,)
            return (Wanted(name=slug(Path(names[0]).name)),)
        named = [
            Wanted(name=slug(each.name), adapter=each.adapter, model=each.model or options.model)
            for each in options.candidates
        ]
        default = () if named else (self.settings.located(self.settings.adapter, BASE),)
        return wanted_adapters(options.adapters or default, options.model, named)

    @property
    def report_path(self) -> Path:
        """Return where the JSON report goes."""
        if self.options.report:
            return self.config.invocation_params.dir / self.options.report
        if self.options.resume:
            from punie_train.workflows.partial_file import partial_path, report_of

            return report_of(partial_path(self.config.invocation_params.dir / self.options.resume))
        name = f"{self.run}-{'-'.join(self.group_names)}"[:120]
        return self.config.rootpath / "reports" / f"{name}.json"

    def plan(self, items: Sequence[pytest.Item]) -> None:
        """Resolve every artifact and make the pump; raise ArtifactError on a bad one."""
        mine = [item for item in items if group_of(item)]
        self.planned = len(mine)
        if not mine or hasattr(self.config, "workerinput"):
            return
        from punie_train.evals.case_files import check_unique_ids
        from punie_train.pytest_plugin.pump import Pump
        from punie_train.workflows import opening, remembering

        check_unique_ids(self.suites)
        hold_the_bar(self)
        if self.options.baseline:
            from punie_train.workflows.find_baseline import find_baseline

            present = [name for name in self.group_names if any(group_of(i) == name for i in mine)]
            directory = self.config.invocation_params.dir
            self.baseline = find_baseline(self.options.baseline.asked, directory, present)
        check_writable(self.report_path)
        if not self.options.server_url:
            self.candidates = opening.resolve_candidates(self.wanted, self.settings)
        by_name = {each.name: each for each in self.candidates}
        start, options = self.config.invocation_params.dir, self.options
        self.memory = remembering.open_memory(
            self.group_names,
            by_name,
            run=self.run,
            report=self.report_path,
            store=remembering.reply_store(
                directory=start / options.cache if options.cache else None,
                disabled=options.no_cache,
                foreign=bool(options.server_url),
            ),
            resume=start / options.resume if options.resume else None,
            server_url=options.server_url,
            model_name=options.model,
            server_options=self.settings.server,
            sampling=options.sampling,
        )

        def open_model(name: str) -> Model:
            return opening.open_model(
                by_name.get(name),
                server_url=self.options.server_url,
                server_options=self.settings.server,
                log_path=self.report_path.parent / "logs" / f"{self.run}-{name}.log",
                model_name=self.options.model,
                timeout=self.options.timeout,
                concurrency=RequestLimit(self.options.concurrency).most,
            )

        self._last_of = {
            name: item.nodeid for item in mine if needs_model(item) and (name := group_of(item))
        }
        present = {group_of(item) for item in mine}
        self.pump = Pump(
            [
                Group(name=name, jobs=jobs_of(mine, name), held=name in self._last_of)
                for name in self.group_names
                if name in present
            ],
            open_model,
            sampling=self.options.sampling,
            concurrency=self.options.concurrency,
            kept=self.memory,
            probed=ASKED_AGAIN if DETERMINISM in self.options.probes else 0,
        )

    @property
    def policy(self) -> "GatePolicy":
        """Return what options and settings ask of the report."""
        from punie_train.evals.gates import GatePolicy

        settings = self.settings
        return GatePolicy(
            fail_under=self.options.fail_under,
            release=settings.release_policy,
            max_unavailable=settings.max_unavailable,
            delivered_under=settings.delivered_under,
        )

    def live_pump(self) -> "Pump":
        """Return the pump, started; raise UsageError under xdist."""
        if self.pump is None:
            raise UsageError(
                "evaluations run in one process and this is a worker of xdist",
                "every worker would start a model server of its own",
                "Run without -n: --eval-concurrency keeps the server busy.",
            )
        if not self._started:
            from punie_train.workflows.opening import end_orphans

            self._started = True
            self.orphans = end_orphans()
            self.pump.start()
        return self.pump

    def live_model(self, group: str) -> Model:
        """Wait until a group's model is live; a session without trust ends here, in words."""
        pump = self.live_pump()
        try:
            return pump.model(group)
        except PunieTrainError as error:
            self.stop(error)
            raise

    def result(self, item: CaseItem) -> CaseResult:
        """Wait for an item's reply and score it; a session without trust ends here, in words."""
        from punie_train.evals.scoring import score_case

        pump = self.live_pump()
        try:
            reply = pump.reply(item.key)
        except PunieTrainError as error:
            self.stop(error)
            raise
        trained = next((each.trained for each in self.candidates if each.name == item.group), None)
        trained = trained or WireFormat.QWEN3_CODER_XML
        result = score_case(
            item.case,
            reply,
            adapter=item.group,
            repeat=item.repeat,
            trained=trained,
            observation=self._code.observe(item.case, reply, trained),
        )
        self.record(result)
        self.cached[item.group] += self.memory is not None and self.memory.is_cached(item.key)
        self.resumed[item.group] += self.memory is not None and self.memory.is_resumed(item.key)
        return result

    def stop(self, error: PunieTrainError) -> None:
        """End the session with the error's message, and without a score of this group."""
        self.stopped = str(error)
        pytest.exit(self.stopped, returncode=ExitStatus.ANSWER_IS_NO)

    def record(self, result: CaseResult) -> None:
        """Keep a result for the report."""
        self.results.append(result)

    @property
    def complete(self) -> bool:
        """Say whether every selected item has a result or was skipped by its author."""
        ended = self.stopped is None and not self.broken_off
        return ended and len(self.results) + self.skipped >= self.planned

    def finished(self, item: pytest.Item) -> None:
        """Let a model go after the last function that asks it."""
        name = group_of(item)
        if self.pump and name and self._last_of.get(name) == item.nodeid:
            self.pump.release(name)

    def close(self) -> None:
        """Stop pump and server; the last attestation is awaited when every case was reached."""
        self._code.close()
        if self.pump and self._started:
            try:
                self.pump.close(complete=self.complete)
            except KeyboardInterrupt:
                self.broken_off = True
                self.pump.close(complete=False)
        if self.memory:
            self.memory.close()

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what else a reader should know: orphans, and replies that could not be kept."""
        orphans = (self.orphans,) if self.orphans else ()
        return (*orphans, *(self.memory.notes if self.memory else ()))

    @property
    def goes_on_at(self) -> Path | None:
        """Return the file from which another run can go on, None where there is none."""
        return self.memory.goes_on_at if self.memory else None
