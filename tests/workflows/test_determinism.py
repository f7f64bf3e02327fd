"""The determinism probe: replies of the batch against the same cases asked alone."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from punie_train.core.attestations import Applied, Attestation
from punie_train.core.completions import Completion, Exchange, Unavailable
from punie_train.core.errors import RequestError
from punie_train.core.messages import Message
from punie_train.core.sampling import Sampling
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.case import Case, Expectation
from punie_train.evals.report import Determinism
from punie_train.workflows.concurrency import RequestLimit
from punie_train.workflows.evaluate import Group, GroupEnd, Job, Key, Model, evaluate_group


def _job(number: int) -> Job:
    case = Case(
        id=f"c{number}",
        suite="demo",
        category="general",
        messages=(Message(role="user", content="hi"),),
        tools=(),
        expect=Expectation(no_call=True),
        path=Path("c.yaml"),
        line=1,
        content_hash="h",
    )
    return Job(key=("v1", "c.yaml", case.id, 1), case=case)


@dataclass
class Fickle:
    """A model that answers some cases otherwise, or not at all, when they come back."""

    other: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    attestation: Attestation = field(
        default_factory=lambda: Attestation(applied=Applied.YES, reason="shift 1.0")
    )
    asked: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: list[int] = field(default_factory=list)

    async def start(self) -> None:
        """Be ready."""

    async def exchange(self, case: Case, sampling: Sampling) -> Exchange | Unavailable:
        """Answer, and count how many are answered at once."""
        self.at_once += 1
        await asyncio.sleep(0)
        self.most_at_once.append(self.at_once)
        self.at_once -= 1
        again = case.id in self.asked
        self.asked.append(case.id)
        if case.id in self.lost or (again and case.id in self.silent):
            raise RequestError("no answer", "no result", "Try again")
        return Exchange(turns=(_turn("b" if again and case.id in self.other else "a"),))

    async def complete(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec], sampling: Sampling
    ) -> Completion:
        """Answer a free-form request."""
        return _turn("a")

    async def finish(self) -> None:
        """Stay attested."""

    async def close(self) -> None:
        """Give nothing back."""


def _turn(text: str) -> Completion:
    return Completion(
        text=text,
        content=text,
        delivered=(),
        finish_reason="stop",
        prompt_tokens=1,
        completion_tokens=1,
        queue_seconds=0.0,
        generation_seconds=0.0,
    )


def _evaluate(model: Fickle, *, jobs: int, probed: int) -> GroupEnd:
    async def nothing_to_wait_for() -> None:
        return None

    def on_reply(key: Key, reply: Exchange | Unavailable) -> None:
        del key, reply

    def on_ready(ready: Model) -> None:
        del ready

    async def main() -> GroupEnd:
        return await evaluate_group(
            Group(name="v1", jobs=tuple(map(_job, range(jobs)))),
            lambda: model,
            sampling=Sampling(),
            limit=RequestLimit(4),
            on_reply=on_reply,
            on_ready=on_ready,
            released=lambda: asyncio.ensure_future(nothing_to_wait_for()),
            probed=probed,
        )

    return asyncio.run(main())


def test_the_same_replies_differ_in_none() -> None:
    """Twenty of fifty cases are asked again, spread over all of them, one at a time."""
    model = Fickle()
    end = _evaluate(model, jobs=50, probed=20)
    again = model.asked[50:]
    assert end.determinism == Determinism(asked=17)
    assert again == [f"c{number}" for number in range(0, 50, 3)]
    assert max(model.most_at_once[:50]) == 4
    assert max(model.most_at_once[50:]) == 1


def test_replies_that_differ_are_named() -> None:
    """By suite and case."""
    end = _evaluate(Fickle(other=frozenset({"c1", "c3"})), jobs=5, probed=20)
    assert end.determinism == Determinism(asked=5, differing=("demo::c1", "demo::c3"))


def test_what_gets_no_reply_is_not_compared() -> None:
    """Neither the first time nor the second."""
    end = _evaluate(Fickle(silent=frozenset({"c0"}), lost=frozenset({"c1"})), jobs=4, probed=20)
    assert end.determinism == Determinism(asked=2)


def test_nothing_is_asked_again_without_the_probe() -> None:
    """One request a case."""
    model = Fickle()
    assert _evaluate(model, jobs=3, probed=0).determinism is None
    assert len(model.asked) == 3
