"""One live model for several groups of requests, each of them attested at both ends."""

from collections.abc import Sequence

from punie_train.core.attestations import Attestation
from punie_train.core.completions import Completion, Exchange, Unavailable
from punie_train.core.messages import Message
from punie_train.core.sampling import Sampling
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.case import Case
from punie_train.workflows.evaluate import Model


class HeldModel:
    """Started by the first group that asks, kept up by those after it, closed by its owner."""

    def __init__(self, model: Model) -> None:
        """Keep the model; nothing runs yet."""
        self._model = model
        self._started = False
        self.attestation: Attestation = model.attestation

    async def start(self) -> None:
        """Start the model unless it is up; raise PunieTrainError where it cannot be."""
        if not self._started:
            await self._model.start()
            self._started = True
        self.attestation = self._model.attestation

    async def exchange(self, case: Case, sampling: Sampling) -> Exchange | Unavailable:
        """Lead the case's conversation."""
        return await self._model.exchange(case, sampling)

    async def complete(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec], sampling: Sampling
    ) -> Completion:
        """Answer one request."""
        return await self._model.complete(messages, tools, sampling)

    async def finish(self) -> None:
        """Attest again after the last reply of a group."""
        await self._model.finish()
        self.attestation = self._model.attestation

    async def close(self) -> None:
        """Leave the model up for the next group."""

    async def end(self) -> None:
        """Give everything back."""
        await self._model.close()
