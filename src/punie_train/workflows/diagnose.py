"""Diagnose a model live: ask it what its data taught, and look at what it writes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.errors import UsageError
from punie_train.core.messages import Message
from punie_train.core.sampling import Sampling
from punie_train.core.settings import Settings
from punie_train.dataset.taught_turns import TaughtTurn
from punie_train.evals.diagnosis import Diagnosis, diagnose, judge_reply, taught_format
from punie_train.mlx.adapter_manifest import AdapterManifest, read_manifest
from punie_train.toolcalls.parsed import WireFormat
from punie_train.workflows import opening
from punie_train.workflows.candidates import Candidate
from punie_train.workflows.probe_replies import PROMPTS, Probe, ask
from punie_train.workflows.taught_data import own_data, taught_turns
from punie_train.workflows.wanted import BASE, Wanted, slug

TIMEOUT = 120.0
"""Seconds for one reply."""

UNGUIDED = PROMPTS[:4]
"""What is asked where neither data nor prompts are given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A candidate, the questions for it, and what its training says of itself."""

    candidate: Candidate
    questions: tuple[Probe, ...]
    taught: WireFormat
    manifest: AdapterManifest | None
    rows: int | None
    data: Path | None


def prepare(
    *,
    model: str | None,
    adapter: Path | None,
    data: Path | None,
    prompts: Sequence[str],
    count: int,
    settings: Settings,
) -> Patient:
    """Resolve everything before a server is started.

    Without `data` the adapter's own is taken, where it still is; `prompts` replace its questions.
    Raises ArtifactError, DatasetError, or UsageError when the data has no call to ask for.
    """
    name = slug(adapter.resolve().name) if adapter else BASE
    wanted = Wanted(name=name, adapter=str(adapter) if adapter else None, model=model)
    (candidate,) = opening.resolve_candidates((wanted,), settings)
    manifest = read_manifest(adapter) if adapter else None
    data = data or own_data(manifest, settings)
    turns = list(taught_turns(data)) if data else []
    calling = [turn for turn in turns if turn.calls or parse_calls(turn)]
    written = [turn.text for turn in calling if not turn.calls]
    taught = taught_format(written, calling[0].tools) if written else None
    return Patient(
        candidate=candidate,
        questions=_questions(prompts, calling, data, count),
        taught=taught or candidate.trained,
        manifest=manifest,
        rows=len(turns) or None,
        data=data,
    )


def parse_calls(turn: TaughtTurn) -> bool:
    """Say whether the text of a taught turn holds a call."""
    return taught_format([turn.text], turn.tools) is not None


async def examine(
    patient: Patient,
    *,
    settings: Settings,
    log: Path,
    on_reply: Callable[[], None] = lambda: None,
) -> Diagnosis:
    """Start a server, ask everything, and judge the replies; `on_reply` is called after each.

    Raises AttestationError when the adapter is not live, ServerError or RequestError when the
    model cannot be asked.
    """
    completions = await ask(
        patient.candidate,
        patient.questions,
        settings=settings,
        log=log,
        sampling=Sampling(),
        seconds=TIMEOUT,
        on_reply=on_reply,
    )
    replies = [
        judge_reply(question.prompt, completion, question.tools, patient.taught)
        for question, completion in zip(patient.questions, completions, strict=True)
    ]
    parameters = patient.manifest.parameters if patient.manifest else None
    return diagnose(
        replies,
        taught=patient.taught,
        template=patient.candidate.trained,
        parameters=(parameters or {}) if patient.candidate.adapter else None,
        rows=patient.rows,
    )


def _questions(
    prompts: Sequence[str], calling: Sequence[TaughtTurn], data: Path | None, count: int
) -> tuple[Probe, ...]:
    if prompts or data is None:
        return tuple(
            Probe(messages=(Message(role="user", content=text),), tools=AGENT_TOOLS)
            for text in prompts or UNGUIDED
        )
    if not calling:
        raise UsageError(
            f"no row of {data} teaches a call after a conversation",
            "the model cannot be asked what it was taught",
            "Give other data, or questions with --prompt",
        )
    step = max(1, len(calling) // count)
    chosen = calling[::step][:count]
    return tuple(Probe(messages=turn.given, tools=turn.tools) for turn in chosen)
