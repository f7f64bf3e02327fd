"""Ask models the same questions, greedily and one at a time, and compare what they say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.completions import Completion
from punie_train.core.messages import Message
from punie_train.core.retention import ProbedReply, ReplyAgreement
from punie_train.core.sampling import Sampling
from punie_train.core.settings import Settings
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.case_discovery import case_files
from punie_train.evals.case_files import load_suite
from punie_train.workflows import opening
from punie_train.workflows.candidates import Candidate

CASES = "evals"
"""Where a project keeps its cases."""

TIMEOUT = 300.0
"""Seconds for one reply."""

SAMPLING = Sampling(max_tokens=256)
PROMPTS = (
    "Read README.md.",
    "Run `git status`.",
    "What did terminal t-1 print?",
    "Write `x = 1` to settings.py.",
    "How many errors does ruff find in src?",
    "Stop terminal t-2.",
    "Which tests fail?",
    "What is a dictionary in Python?",
)
"""What is asked where the project has no cases; the first four are calls that diagnose asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A conversation and the tools that are offered."""

    messages: tuple[Message, ...]
    tools: tuple[ToolSpec, ...]

    @property
    def prompt(self) -> str:
        """Return what the user said last."""
        return next((m.content for m in reversed(self.messages) if m.role == "user"), "")


def choose_probes(settings: Settings, count: int) -> tuple[Probe, ...]:
    """Return `count` probes: evenly spread cases of the project, or built-in ones.

    Raises CaseFileError for a case file that cannot be read.
    """
    suites = [load_suite(path) for path in case_files([settings.root / CASES])]
    probes = [
        Probe(messages=case.messages, tools=case.tools) for suite in suites for case in suite.cases
    ] or [
        Probe(messages=(Message(role="user", content=text),), tools=AGENT_TOOLS) for text in PROMPTS
    ]
    wanted = min(count, len(probes))
    return tuple(probes[index * len(probes) // wanted] for index in range(wanted))


async def ask(
    candidate: Candidate,
    probes: Sequence[Probe],
    *,
    settings: Settings,
    log: Path,
    sampling: Sampling = SAMPLING,
    seconds: float = TIMEOUT,
    on_reply: Callable[[], None] = lambda: None,
) -> tuple[Completion, ...]:
    """Start a server, ask all probes one after another, and stop it; within `seconds` a request.

    Raises AttestationError when an adapter is not live, ServerError or RequestError when the model
    cannot be asked.
    """
    model = opening.open_model(
        candidate,
        server_url=None,
        model_name=None,
        server_options=settings.server,
        log_path=log,
        timeout=seconds,
        concurrency=1,
    )
    replies = []
    try:
        await model.start()
        for probe in probes:
            replies.append(await model.complete(probe.messages, probe.tools, sampling))
            on_reply()
    finally:
        await model.close()
    return tuple(replies)


def agreement(
    probes: Sequence[Probe],
    *,
    name: str,
    reference: Sequence[Completion],
    made: Sequence[Completion],
    bare: Sequence[Completion] | None,
) -> ReplyAgreement:
    """Compare the replies of the new model with those of the `reference`, called `name`.

    `bare` are the replies of the base model without the adapter, None when there is no adapter.
    """
    return ReplyAgreement(
        reference=name,
        replies=tuple(
            ProbedReply(
                prompt=probe.prompt,
                reference=reference[index].text,
                made=made[index].text,
                bare=bare[index].text if bare else None,
                ended=made[index].finish_reason != "length",
                expected_to_end=reference[index].finish_reason != "length",
                common=common_share(reference[index], made[index]),
            )
            for index, probe in enumerate(probes)
        ),
    )


def common_share(reference: Completion, made: Completion) -> float:
    """Return the share of the longer reply's tokens before the first difference, 0.0 to 1.0."""
    if reference.text == made.text:
        return 1.0
    pairs = zip(reference.token_ids, made.token_ids, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return same / max(1, len(reference.token_ids), len(made.token_ids))
