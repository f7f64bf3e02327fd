"""Run the checks of a model as it is served: rows, templates, and a running server."""

from collections.abc import Collection, Mapping
from pathlib import Path

from punie_train.checks.live_reply import Live
from punie_train.checks.result import CheckResult
from punie_train.checks.runtime.agreement import Rows, Runtime
from punie_train.checks.runtime.checks import judge_runtime
from punie_train.core.errors import PunieTrainError
from punie_train.evals.replies import parse_turns
from punie_train.mlx.adapter_manifest import STARTER, AdapterManifest, read_manifest
from punie_train.mlx.fingerprints import template_hash
from punie_train.mlx.model_manifest import read_model_manifest
from punie_train.mlx.trained_format import trained_format
from punie_train.workflows.check_adapter import base_name, wanted_adapter
from punie_train.workflows.check_plan import CheckPlan
from punie_train.workflows.check_servers import CheckServers
from punie_train.workflows.delivery import questions_of
from punie_train.workflows.find_model import find_model
from punie_train.workflows.probe_replies import Probe
from punie_train.workflows.shown_rows import shown_rows
from punie_train.workflows.taught_data import own_data
from punie_train.workflows.wanted import BASE, Wanted, slug


def check_runtime(
    place: Path, names: Collection[str], plan: CheckPlan
) -> Mapping[str, CheckResult]:
    """Return the results of the named checks on an adapter, a whole model, or data alone.

    A server is started only for the checks that need one. Raises ArtifactError for a model that is
    not there.
    """
    checked = _Checked(place, plan)
    subject = Runtime(
        path=place,
        limits=plan.limits,
        rows=checked.rows,
        templates=checked.templates,
        live=checked.live,
        delivery=checked.delivery,
    )
    return judge_runtime(subject, names)


class _Checked:
    """One model as it is served, looked at where a check asks for it."""

    def __init__(self, place: Path, plan: CheckPlan) -> None:
        self._plan = plan
        self._rows: Rows | str | PunieTrainError | None = None
        manifest: AdapterManifest | None = None
        if place == plan.data:
            name = plan.model or plan.settings.located(plan.settings.model, STARTER)
            self._wanted = Wanted(name=BASE, model=name)
        elif (place / "config.json").is_file():
            name = str(place)
            self._wanted = Wanted(name=slug(place.resolve().name), model=name)
        else:
            manifest = read_manifest(place)
            name = base_name(manifest, plan)
            self._wanted = wanted_adapter(place, plan)
        self._model = find_model(name)
        self._data = plan.data or own_data(manifest, plan.settings) or self._data_of_made()
        now = template_hash(self._model)
        self.templates = (manifest.template_hash if manifest else "", now)

    def _data_of_made(self) -> Path | None:
        made = read_model_manifest(self._model)
        if made is None or made.adapter is None:
            return None
        adapter = self._plan.settings.root / made.adapter
        return own_data(read_manifest(adapter), self._plan.settings) if adapter.is_dir() else None

    def rows(self) -> Rows | str:
        """Return the rows as all sides see them; raises PunieTrainError, each time the same."""
        if self._rows is None:
            try:
                self._rows = self._shown()
            except PunieTrainError as error:
                self._rows = error
        if isinstance(self._rows, PunieTrainError):
            raise self._rows
        return self._rows

    def _shown(self) -> Rows | str:
        if self._data is None:
            return "no training data is named: give --data"
        return shown_rows(
            self._data,
            self._model,
            trained_format(self._model),
            count=self._plan.limits.runtime_rows,
            server_options=self._plan.settings.server,
        )

    def delivery(self) -> tuple[tuple[int, bool], ...] | str:
        """Return for each reply how many calls it holds, and whether all were handed over.

        A reply that was cut off, or that holds broken calls, counts as none. Raises PunieTrainError
        without replies.
        """
        servers = self._servers()
        if servers is None:
            return "no server was asked for"
        questions, _ = questions_of(self._data)
        probes = [Probe(messages=each.given, tools=each.tools) for each in questions]
        trained = trained_format(self._model)
        found = []
        for probe, reply in zip(probes, servers.ask(self._wanted, probes), strict=True):
            turns = parse_turns((reply,), probe.tools, trained)
            whole = not turns.malformed and reply.finish_reason != "length"
            found.append((len(turns.calls) if whole else 0, turns.delivered is not False))
        return tuple(found)

    def live(self) -> Live:
        """Return the attestation at the end of all questions, or that of a foreign server."""
        servers, url = self._servers(), self._plan.server_url
        if servers is None:
            return Live()
        try:
            if url:
                found = servers.attest_url(url, self._wanted, self._plan.server_model)
            else:
                found = servers.attest_again(self._wanted)
        except PunieTrainError as error:
            return Live(error=error)
        return Live(attestation=found)

    def _servers(self) -> CheckServers | None:
        return self._plan.servers
