"""What one pytest session checks: the artifacts, and one look at each for all its checks."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from punie_train.checks.catalogue import Stage
from punie_train.checks.limits import read_limits
from punie_train.core.errors import UsageError
from punie_train.core.settings import Settings
from punie_train.pytest_plugin.check_items import CheckCall, call_of
from punie_train.workflows.check_plan import Artifact, CheckPlan, run_checks
from punie_train.workflows.wanted import BASE

if TYPE_CHECKING:
    from punie_train.checks.result import CheckResult
    from punie_train.workflows.check_servers import CheckServers

_EVERY = 500
"""Rows between two lines of progress, or more."""
_OPTIONS = {
    Stage.PRE_TRAINING: "--data",
    Stage.POST_TRAINING: "--adapter",
    Stage.POST_FUSION: "--fused",
    Stage.POST_QUANTIZATION: "--quantized",
    Stage.RUNTIME: "--adapter or --data",
}


class CheckSession:
    """Holds what is checked from collection to the last item."""

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        """Name the artifacts; raises UsageError for thresholds or paths that do not exist."""
        self.config, self.settings = config, settings
        self.limits = read_limits(settings.checks)
        self.collected = False
        self._names: dict[Artifact, list[str]] = {}
        self._servers: CheckServers | None = None
        self._results: dict[Artifact, Mapping[str, CheckResult] | None] = {}

    @property
    def artifacts(self) -> tuple[Artifact, ...]:
        """Return what options name, or without them the settings; not looked at yet.

        What is served comes right after what it is made of: its server is started once for both.
        """
        found = list(self._asked()) or list(self._of_settings())
        served = [each for each in found if each.stage is not Stage.PRE_TRAINING]
        return tuple(
            artifact
            for each in found
            for artifact in (each, replace(each, stage=Stage.RUNTIME))
            if artifact is each or each in served or not served
        )

    def _asked(self) -> Iterator[Artifact]:
        start = self.config.invocation_params.dir
        for stage, name in (
            (Stage.PRE_TRAINING, self._option("--data")),
            *((Stage.POST_TRAINING, name) for name in self._adapters()),
            (Stage.POST_FUSION, self._option("--fused")),
            (Stage.POST_QUANTIZATION, self._option("--quantized")),
        ):
            if name:
                yield Artifact(stage=stage, path=_near(start / name), name=name.rstrip("/"))

    def _of_settings(self) -> Iterator[Artifact]:
        settings = self.settings
        for stage, name in (
            (Stage.PRE_TRAINING, settings.data),
            (Stage.POST_TRAINING, settings.adapter),
        ):
            if name and name != BASE:
                path = _near(settings.root / name)
                yield Artifact(stage=stage, path=path, name=name.rstrip("/"))

    def _adapters(self) -> tuple[str, ...]:
        asked: list[str] = self.config.getoption("--adapter", None) or []
        return tuple(name for name in asked if name != BASE)

    def _option(self, name: str) -> str | None:
        return self.config.getoption(name, None) or None

    @property
    def plan(self) -> CheckPlan:
        """Return what all checks share."""
        start, config = self.config.invocation_params.dir, self._option("--run-config")
        adapters = self._adapters()
        paths = {artifact.stage: artifact.path for artifact in self.artifacts}
        return CheckPlan(
            settings=self.settings,
            limits=self.limits,
            model=self._option("--model"),
            adapter=_near(start / adapters[0]) if adapters else None,
            data=paths.get(Stage.PRE_TRAINING),
            run_config=_near(start / config) if config else None,
            server_url=self._option("--server-url"),
            server_model=self._option("--model"),
            servers=self.servers,
        )

    @property
    def servers(self) -> "CheckServers":
        """Return the servers of all checks of this session; none runs before one is asked."""
        if self._servers is None:
            from punie_train.workflows.check_servers import CheckServers

            self._servers = CheckServers(self.settings, self.limits.probes)
        return self._servers

    def close(self) -> None:
        """Stop what runs."""
        if self._servers is not None:
            self._servers.close()

    def select(self, items: Sequence[pytest.Item]) -> None:
        """Take note of the checks that will run; raises UsageError for what does not exist."""
        if not self.collected:
            return
        there = {artifact.stage for artifact in self.artifacts}
        for stage in asked_stages(self.config.option.markexpr):
            if stage not in there:
                raise UsageError(
                    f"-m {stage} has nothing to look at",
                    "no check would run, and that is no success",
                    f"Give {_OPTIONS[stage]}, or write it into [tool.punie-train].",
                    failure="F62",
                )
        for call in filter(None, map(call_of, items)):
            self._names.setdefault(call.artifact, []).append(call.check.name)
        for artifact in self._names:
            if not artifact.path.exists():
                raise UsageError(
                    f"{artifact.path} does not exist",
                    "there is nothing to check",
                    f"Correct the path ({_OPTIONS[artifact.stage]}, or [tool.punie-train]).",
                )

    def result(self, call: CheckCall) -> "CheckResult | None":
        """Return a result; the artifact is looked at once, for all its selected checks.

        Raises PunieTrainError the first time for what cannot be read; then there is none.
        """
        artifact = call.artifact
        if artifact not in self._results:
            self._results[artifact] = None
            terminal = self.config.pluginmanager.get_plugin("terminalreporter")
            progress = Progress(terminal, artifact.name)
            try:
                self._results[artifact] = run_checks(
                    artifact, self._names[artifact], self.plan, on_rows=progress.rows
                )
            finally:
                progress.close()
        results = self._results[artifact]
        return None if results is None else results[call.check.name]


class Progress:
    """One line that grows on a terminal; nothing anywhere else."""

    def __init__(self, terminal: Any, name: str) -> None:
        """Take pytest's reporter, or None, and the name of what is checked."""
        self._terminal = terminal if getattr(terminal, "isatty", False) else None
        self._name, self._shown = name, 0

    def rows(self, rows: int) -> None:
        """Show the number of rows, at times."""
        if self._terminal is not None and rows >= self._shown + _EVERY:
            self._terminal.rewrite(f"checking {self._name}: {rows:,} rows", erase=True)
            self._shown = rows

    def close(self) -> None:
        """Take the line away."""
        if self._terminal is not None and self._shown:
            self._terminal.rewrite("", erase=True)


def asked_stages(expression: str) -> tuple[Stage, ...]:
    """Return the stages that `-m` asks for by name; one after `not` is not asked for."""
    words = re.findall(r"(not\s+)?\b([A-Za-z_]\w*)\b", expression or "")
    asked = {word for negated, word in words if not negated}
    return tuple(stage for stage in Stage if stage in asked)


def _near(path: Path) -> Path:
    """Return the path as seen from the working directory, where that is shorter."""
    relative = Path(os.path.relpath(path))
    return relative if len(str(relative)) < len(str(path)) else path
