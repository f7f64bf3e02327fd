"""A model behind somebody else's server: it can be asked, but not attested."""

from collections.abc import Sequence

from punie_train.core.attestations import Applied, Attestation
from punie_train.core.completions import Completion, Exchange, Unavailable
from punie_train.core.errors import RequestError, ServerError
from punie_train.core.messages import Message
from punie_train.core.sampling import Sampling
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.case import Case
from punie_train.mlx.client import ChatClient
from punie_train.workflows.converse import converse, unavailable

_NAMED = (
    "; mlx-lm answers a request that names a model without the adapter it was started with: leave "
    "--model out where the server has one [F01]"
)
_PROBE = (Message(role="user", content="Hello"),)


class ExternalModel:
    """A running OpenAI-compatible server; `model` None asks for whatever it serves."""

    def __init__(self, url: str, *, model: str | None, timeout: float, concurrency: int):
        """Keep what is needed to connect; nothing is sent yet. `timeout` in seconds."""
        self.url, self.timeout = url, timeout
        reason = "the server was started by somebody else: its weights cannot be seen"
        self.attestation = Attestation(
            applied=Applied.UNVERIFIED, reason=reason + (_NAMED if model else "")
        )
        self._client = ChatClient(
            url, decode=None, model=model, timeout=timeout, max_connections=concurrency
        )

    async def start(self) -> None:
        """Connect, and see one real reply; raise ServerError where there is none."""
        await self._client.__aenter__()
        try:
            await self._client.complete(_PROBE, (), Sampling(max_tokens=1))
        except RequestError as error:
            raise ServerError(
                f"--server-url {self.url} gives no completion ({error.fact})",
                "nothing can be evaluated there",
                "Start the server, or leave --server-url out to have one started.",
                failure="F03",
            ) from error

    async def exchange(self, case: Case, sampling: Sampling) -> Exchange | Unavailable:
        """Lead the case's conversation."""
        try:
            return await converse(self._client, case, sampling, deadline=self.timeout)
        except RequestError as error:
            return unavailable(error)

    async def complete(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec], sampling: Sampling
    ) -> Completion:
        """Answer one request of a free-form evaluation."""
        return await self._client.complete(messages, tools, sampling)

    async def finish(self) -> None:
        """Nothing can be attested."""

    async def close(self) -> None:
        """Close the connections."""
        await self._client.__aexit__(None, None, None)
