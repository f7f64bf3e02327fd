"""The servers of a session's checks: each model is started once, and asked each question once."""

import asyncio
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

from punie_train.checks.live_reply import Live
from punie_train.core.attestations import Applied, Attestation
from punie_train.core.completions import Completion
from punie_train.core.errors import ArtifactError, PunieTrainError
from punie_train.core.sampling import Sampling
from punie_train.core.settings import Settings
from punie_train.workflows import opening
from punie_train.workflows.candidates import Candidate
from punie_train.workflows.evaluate import Model
from punie_train.workflows.probe_replies import Probe, choose_probes
from punie_train.workflows.wanted import Wanted

T = TypeVar("T")

TIMEOUT = 300.0
"""Seconds for one reply."""
SAMPLING = Sampling(max_tokens=256)
LOGS = Path("reports") / "logs"


class CheckServers:
    """Holds one server at a time; replies are kept, so that no model is started twice for them."""

    def __init__(self, settings: Settings, probes: int) -> None:
        """Start nothing yet; `probes` is how many questions a model is asked by default."""
        self.settings, self._count = settings, probes
        self._runner: asyncio.Runner | None = None
        self._live: tuple[Wanted, Model] | None = None
        self._candidates: dict[Wanted, Candidate] = {}
        self._failed: dict[Wanted, PunieTrainError] = {}
        self._replies: dict[tuple[Wanted, str], Completion] = {}
        self._attested: dict[Wanted, Attestation] = {}
        self._probes: tuple[Probe, ...] | None = None

    @property
    def probes(self) -> tuple[Probe, ...]:
        """Return what models are asked: cases of the project, or built-in questions."""
        if self._probes is None:
            self._probes = choose_probes(self.settings, self._count)
        return self._probes

    def candidate(self, wanted: Wanted) -> Candidate:
        """Return a model, with its adapter, after proving that it is usable.

        Raises ArtifactError.
        """
        if wanted not in self._candidates:
            (found,) = opening.resolve_candidates((wanted,), self.settings)
            self._candidates[wanted] = found
        return self._candidates[wanted]

    def live(self, wanted: Wanted, probes: Sequence[Probe] | None = None) -> Live:
        """Return attestation and replies, by default to all probes; an error is in the value."""
        try:
            replies = self.ask(wanted, self.probes if probes is None else probes)
        except PunieTrainError as error:
            return Live(error=error)
        return Live(attestation=self._attested[wanted], replies=replies)

    def ask(self, wanted: Wanted, probes: Sequence[Probe]) -> tuple[Completion, ...]:
        """Return greedy replies, one request at a time.

        Raises ArtifactError, AttestationError, ServerError or RequestError; the same again when it
        is asked again.
        """
        missing = [probe for probe in probes if (wanted, repr(probe)) not in self._replies]
        if missing or wanted not in self._attested:
            self._run(self._asked(wanted, missing), wanted)
        return tuple(self._replies[wanted, repr(probe)] for probe in probes)

    def attest_again(self, wanted: Wanted) -> Attestation:
        """Take the canary again, after all that was asked: the same weights must still answer.

        Raises as `ask` does.
        """
        self._run(self._asked(wanted, ()), wanted)
        self._attested[wanted] = self._run(self._finished(), wanted)
        return self._attested[wanted]

    def attest_url(self, url: str, wanted: Wanted, model_name: str | None) -> Attestation:
        """Compare somebody else's server with ours of the same model; raises as `ask` does."""
        self.ask(wanted, ())
        return self._run(self._compared(url, wanted, model_name), None)

    def close(self) -> None:
        """Stop what runs; safe to call twice."""
        if self._runner is not None:
            self._runner.run(self._stop())
            self._runner.close()
            self._runner = None

    def _run(self, work: Coroutine[Any, Any, T], wanted: Wanted | None) -> T:
        if wanted is not None and wanted in self._failed:
            work.close()
            raise self._failed[wanted]
        if self._runner is None:
            self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        try:
            return self._runner.run(work)
        except PunieTrainError as error:
            if wanted is not None:
                self._failed[wanted] = error
            raise

    async def _asked(self, wanted: Wanted, probes: Sequence[Probe]) -> None:
        model = await self._started(wanted)
        for probe in probes:
            reply = await model.complete(probe.messages, probe.tools, SAMPLING)
            self._replies[wanted, repr(probe)] = reply

    async def _started(self, wanted: Wanted) -> Model:
        if self._live is not None and self._live[0] == wanted:
            return self._live[1]
        await self._stop()
        candidate = self.candidate(wanted)
        log = self.settings.root / LOGS / f"checks-{candidate.name}.log"
        model = opening.open_model(
            candidate,
            server_url=None,
            model_name=None,
            server_options=self.settings.server,
            log_path=log,
            timeout=TIMEOUT,
            concurrency=1,
        )
        self._live = (wanted, model)
        try:
            await model.start()
        except BaseException:
            await self._stop()
            raise
        self._attested[wanted] = model.attestation
        return model

    async def _finished(self) -> Attestation:
        if self._live is None:
            raise ArtifactError("no server runs", "nothing can be attested", "Report this")
        model = self._live[1]
        await model.finish()
        return model.attestation

    async def _stop(self) -> None:
        live, self._live = self._live, None
        if live is not None:
            await live[1].close()

    async def _compared(self, url: str, wanted: Wanted, model_name: str | None) -> Attestation:
        from punie_train.mlx.attestation import LEAST_SHIFT, attest, difference, take_canary
        from punie_train.mlx.base_canary import baseline_key, find_baseline
        from punie_train.mlx.client import ChatClient
        from punie_train.mlx.raw_text import token_decoder
        from punie_train.mlx.server_config import ServerConfig

        candidate, ours = self.candidate(wanted), await self._started(wanted)
        decode = token_decoder(candidate.model)
        config = ServerConfig(
            model=candidate.model, adapter=candidate.adapter, **self.settings.server
        )
        key = baseline_key(candidate.base_fingerprint, candidate.template, config)
        log = self.settings.root / LOGS / "checks-base.log"
        base = await find_baseline(key, config, decode=decode, log_path=log)
        async with ChatClient(url, decode=decode, model=model_name, timeout=TIMEOUT) as client:
            theirs = await take_canary(client)
        found = attest(theirs, base.canary, base.noise)
        if found.applied is Applied.UNVERIFIED:
            return found
        if found.applied is Applied.NO and candidate.adapter is not None:
            return found
        apart = difference(theirs, await take_canary(ours))
        if not apart.same_tokens:
            reason = f"{url} answers otherwise than {wanted.name} behind a server of ours"
            return Attestation(applied=Applied.NO, reason=reason, shift=apart.shift)
        near = "exactly" if apart.shift <= LEAST_SHIFT else f"up to a shift of {apart.shift:.3g}"
        reason = f"{url} answers as {wanted.name} behind a server of ours, {near}"
        applied = Applied.NOT_APPLICABLE if candidate.adapter is None else Applied.YES
        return Attestation(applied=applied, reason=reason, shift=apart.shift, noise=base.noise)
