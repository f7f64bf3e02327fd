"""Free-form evaluations: `async def test_x(model, score)` asks the live model directly."""

import asyncio
import inspect
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.completions import Completion
from punie_train.core.errors import PunieTrainError, UsageError
from punie_train.core.messages import Message
from punie_train.core.outcomes import Score
from punie_train.core.sampling import Sampling
from punie_train.core.tool_specs import ToolSpec
from punie_train.pytest_plugin.items import group_of, needs_model
from punie_train.pytest_plugin.keys import RESULT, SESSION
from punie_train.workflows.wanted import slug

if TYPE_CHECKING:
    from punie_train.pytest_plugin.eval_session import EvalSession
    from punie_train.workflows.evaluate import Model

_ENDS = (pytest.skip.Exception, pytest.exit.Exception, KeyboardInterrupt, SystemExit)
"""What ends a function's setup, or the session, without a fault of the function."""

RECORDER: "pytest.StashKey[Recorder]" = pytest.StashKey()


class Recorder:
    """What one function asked, got and scored."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.prompts: list[str] = []
        self.turns: list[Completion] = []
        self.scores: list[Score] = []


class AskableModel:
    """The live model of a free-form evaluation; usable from any event loop."""

    def __init__(self, session: "EvalSession", live: "Model", group: str, recorder: Recorder):
        """Keep whom to ask and where to write it down."""
        self.adapter = group
        self._session, self._live, self._recorder = session, live, recorder

    async def ask(
        self,
        prompt: str | Sequence[Message],
        *,
        tools: Sequence[ToolSpec] = AGENT_TOOLS,
        sampling: Sampling | None = None,
    ) -> Completion:
        """Return the reply to a prompt or a conversation; raise RequestError without one."""
        messages = [Message(role="user", content=prompt)] if isinstance(prompt, str) else prompt
        self._recorder.prompts.append(messages[-1].content)
        drawn = sampling or self._session.options.sampling
        future = self._session.live_pump().call(self._live.complete(messages, tools, drawn))
        completion = await asyncio.wrap_future(future)
        self._recorder.turns.append(completion)
        return completion


class Scorebook:
    """Records scores of a free-form evaluation."""

    def __init__(self, recorder: Recorder):
        """Keep where they go."""
        self._recorder = recorder

    def __call__(self, name: str, value: float, reason: str = "") -> None:
        """Record a score from 0.0 to 1.0; raise ValueError outside of it."""
        if not 0 <= value <= 1:
            message = f"score '{name}' is {value}: a score lies from 0.0 to 1.0"
            raise ValueError(message)
        self._recorder.scores.append(Score(name=name, value=float(value), reason=reason))


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Run a function that asks the model once per adapter."""
    if SESSION in metafunc.config.stash and needs_model(metafunc.definition):
        names = metafunc.config.stash[SESSION].group_names
        metafunc.parametrize("adapter", names, indirect=True, scope="session")


def run_coroutine(item: pytest.Function) -> bool | None:
    """Run an async function of ours in a loop of its own; None leaves it to others."""
    if RECORDER not in item.stash or not inspect.iscoroutinefunction(item.obj):
        return None
    arguments = {name: item.funcargs[name] for name in item._fixtureinfo.argnames}  # noqa: SLF001
    asyncio.run(item.obj(**arguments))
    return True


def askable(request: pytest.FixtureRequest, group: str) -> AskableModel:
    """Return the model of a function's adapter; raise UsageError in a project without settings."""
    if (session := request.config.stash.get(SESSION, None)) is None:
        raise UsageError(
            "the 'model' fixture is used in a project without [tool.punie-train]",
            "no model is configured",
            "Add the table to pyproject.toml.",
        )
    live = session.live_model(group)
    recorder = request.node.stash.setdefault(RECORDER, Recorder())
    return AskableModel(session, live, group, recorder)


def scorebook(request: pytest.FixtureRequest) -> Scorebook:
    """Return the scorebook of a function; raise UsageError where no model is asked."""
    if "model" not in request.fixturenames or SESSION not in request.config.stash:
        raise UsageError(
            "the 'score' fixture is used without the 'model' of a project of punie-train",
            "there is nothing that it could score",
            "Take the 'model' fixture too, in a project with [tool.punie-train].",
        )
    return Scorebook(request.node.stash.setdefault(RECORDER, Recorder()))


def case_id(item: pytest.Item, group: str) -> str:
    """Return a function's name with its own parameters, the adapter left out."""
    name = getattr(item, "originalname", item.name)
    callspec = getattr(item, "callspec", None)
    own = callspec.id.replace(group, "", 1).strip("-") if callspec else ""
    return f"{name}-{slug(own)}" if own else name


def conclude(item: pytest.Item, call: pytest.CallInfo[Any]) -> None:
    """Record the end of a function that asks the model; a failed request is unavailable.

    So is one whose fixtures fail before anything was asked: the model has no part in that.
    """
    failed_setup = (
        call.when == "setup" and call.excinfo is not None and not call.excinfo.errisinstance(_ENDS)
    )
    recorder = item.stash.get(RECORDER, None)
    if failed_setup and not (recorder and recorder.prompts):
        refused = call.excinfo is not None and call.excinfo.errisinstance(PunieTrainError)
        recorder = Recorder() if needs_model(item) and not refused else None
    if recorder is None or not (call.when == "call" or failed_setup):
        return
    if call.excinfo is not None and call.excinfo.errisinstance(pytest.skip.Exception):
        return
    from punie_train.evals.free_form import free_form_result

    marker = item.get_closest_marker("eval_case")
    result = free_form_result(
        case=case_id(item, group_of(item) or ""),
        suite=f"{item.path.parent.name}/{item.path.stem}",
        category=marker.kwargs.get("category", "general") if marker else "general",
        adapter=group_of(item) or "",
        prompts=recorder.prompts,
        turns=recorder.turns,
        scores=recorder.scores,
        error=call.excinfo.value if call.excinfo else None,
        asked=call.when == "call" or bool(recorder.prompts),
    )
    item.stash[RESULT] = result
    item.config.stash[SESSION].record(result)
