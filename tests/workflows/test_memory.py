"""What is known is not asked, what is received is kept, and nothing is kept that is in doubt."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from punie_train.core.attestations import Applied, Attestation
from punie_train.core.completions import Completion, Exchange, Unavailable
from punie_train.core.errors import ArtifactError, AttestationError, UsageError
from punie_train.core.sampling import Sampling
from punie_train.evals.case import Case
from punie_train.workflows.concurrency import RequestLimit
from punie_train.workflows.evaluate import Group, GroupEnd, Job, Key, evaluate_group
from punie_train.workflows.identity import Identity
from punie_train.workflows.memory import ReplyMemory, check_resumable
from punie_train.workflows.partial_file import PartialFile, read_partial
from punie_train.workflows.reply_store import ReplyStore

LIVE = Attestation(applied=Applied.YES, reason="live", shift=0.5, noise=0.0)


@dataclass(slots=True)
class FakeModel:
    """Answers with its own name, and ends the run where it is told to."""

    make: Callable[..., Exchange]
    name: str = "model"
    attestation: Attestation = LIVE
    at_end: Attestation = LIVE
    starts: bool = True
    kills_at: str = ""
    fails_at: str = ""
    asked: list[str] = field(default_factory=list)
    run: "asyncio.Task[None] | None" = None

    async def start(self) -> None:
        self.run = asyncio.current_task()
        if not self.starts:
            raise AttestationError("not live", "no score", "Train it", failure="F02")

    async def exchange(self, case: Case, sampling: Sampling) -> Exchange | Unavailable:
        if case.id == self.kills_at and self.run:
            self.run.cancel()
            await asyncio.sleep(60)
        self.asked.append(case.id)
        if case.id == self.fails_at:
            return Unavailable(reason="reset")
        return self.make(f"{self.name}: {case.id}")

    async def complete(self, messages: object, tools: object, sampling: object) -> Completion:
        return self.make().turns[0]

    async def finish(self) -> None:
        self.attestation = self.at_end

    async def close(self) -> None:
        pass


@dataclass(slots=True)
class World:
    """A directory with a cache and a report, cases, and who answers now."""

    root: Path
    cases: list[Case]
    identity: Identity
    make: Callable[..., Exchange]
    runs: int = 0

    @property
    def partial(self) -> Path:
        """Return the partial file of all runs."""
        return self.root / "report.partial.jsonl"

    def memory(self, *, cache: bool = True, resume: bool = False) -> ReplyMemory:
        """Return what the next run remembers."""
        self.runs += 1
        before = read_partial(self.partial) if resume else None
        if before:
            check_resumable(before, ["v3"], lambda _: self.identity)
        return ReplyMemory(
            f"run-{self.runs}",
            lambda _: self.identity,
            partial=PartialFile(self.partial, f"run-{self.runs}", before=before),
            store=ReplyStore(self.root / "cache") if cache else None,
            resumed=before,
        )

    def group(self, *, held: bool = False) -> Group:
        """Return the jobs of all cases."""
        jobs = tuple(Job(key=("v3", "c.yaml", each.id, 1), case=each) for each in self.cases)
        return Group(name="v3", jobs=jobs, held=held)

    def run(self, model: FakeModel, memory: ReplyMemory, *, held: bool = False) -> "Ran":
        """Evaluate the cases, one after another."""
        ran, opened = Ran(memory=memory), []

        async def released() -> None:
            return None

        async def go() -> None:
            def open_model() -> FakeModel:
                opened.append(model)
                return model

            ran.end = await evaluate_group(
                self.group(held=held),
                open_model,
                sampling=Sampling(),
                limit=RequestLimit(1),
                on_reply=ran.replies.__setitem__,
                on_ready=lambda _: None,
                released=lambda: asyncio.ensure_future(released()),
                kept=memory,
            )

        try:
            asyncio.run(go())
        except asyncio.CancelledError:
            ran.end = None
        finally:
            memory.close()
        ran.opened = bool(opened)
        return ran


@dataclass(slots=True)
class Ran:
    """What a run gave."""

    memory: ReplyMemory
    end: GroupEnd | None = None
    replies: dict[Key, Exchange | Unavailable] = field(default_factory=dict)
    opened: bool = False

    @property
    def texts(self) -> list[str]:
        """Return the texts of the replies by case."""
        return [
            self.replies[key].turns[0].text if self.replies[key].turns else ""
            for key in sorted(self.replies)
        ]


@pytest.fixture
def world(
    tmp_path: Path,
    make_case: Callable[..., Case],
    make_identity: Callable[..., Identity],
    make_exchange: Callable[..., Exchange],
) -> World:
    """Return three cases and nothing known of them."""
    cases = [make_case(name, f"What is {name}?") for name in ("a", "b", "c")]
    return World(root=tmp_path, cases=cases, identity=make_identity(), make=make_exchange)


def reason(ran: Ran) -> str:
    """Return why the replies are believed."""
    assert ran.end is not None
    return ran.end.attestation.reason


def cached(ran: Ran, names: Sequence[str] = ("a", "b", "c")) -> list[bool]:
    """Return for each case whether its reply came from the cache."""
    return [ran.memory.is_cached(("v3", "c.yaml", name, 1)) for name in names]


def test_second_run_does_not_even_open_the_model(world: World) -> None:
    """Its replies are those of the first, attested by it, and count as cached."""
    first = world.run(FakeModel(world.make), world.memory())
    assert (cached(first), reason(first)) == ([False] * 3, "live")
    second = world.run(FakeModel(world.make, name="other"), world.memory())
    assert not second.opened
    assert second.texts == first.texts == ["model: a", "model: b", "model: c"]
    assert cached(second) == [True] * 3
    assert reason(second) == "replies from the cache, attested by run run-1 (live)"
    assert second.end is not None
    assert second.end.seconds == 0.0
    assert second.memory.notes == ()


def test_without_a_cache_everything_is_asked(world: World) -> None:
    """Neither is anything kept for a later run."""
    for memory in (world.memory(cache=False), world.memory()):
        model = FakeModel(world.make)
        world.run(model, memory)
        assert model.asked == ["a", "b", "c"]


def test_one_new_case_is_asked_alone(world: World, make_case: Callable[..., Case]) -> None:
    """The model is started and attested for it; both reasons are told."""
    world.run(FakeModel(world.make), world.memory())
    world.cases.append(make_case("d", "Something new"))
    model = FakeModel(world.make, name="later")
    second = world.run(model, world.memory())
    assert model.asked == ["d"]
    assert second.texts == ["model: a", "model: b", "model: c", "later: d"]
    assert reason(second) == "live; 3 of 4 replies from the cache, attested by run run-1 (live)"
    third = world.run(FakeModel(world.make), world.memory())
    assert not third.opened
    assert "attested by run run-1, run-2" in reason(third)


def test_functions_need_the_live_model(world: World) -> None:
    """A group that is held is started although every case is known."""
    world.run(FakeModel(world.make), world.memory())
    model = FakeModel(world.make)
    second = world.run(model, world.memory(), held=True)
    assert second.opened
    assert model.asked == []
    assert second.memory.goes_on_at is None


def test_retrained_adapter_is_asked(world: World, make_identity: Callable[..., Identity]) -> None:
    """Other weights under the same name know nothing."""
    world.run(FakeModel(world.make), world.memory())
    world.identity = make_identity(adapter="retrained")
    model = FakeModel(world.make)
    world.run(model, world.memory())
    assert model.asked == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("model", "again"),
    [
        ({"at_end": replace(LIVE, applied=Applied.NO)}, ["a", "b", "c"]),
        ({"kills_at": "c"}, ["a", "b", "c"]),
        ({"fails_at": "b"}, ["b"]),
        ({"at_end": replace(LIVE, applied=Applied.UNVERIFIED)}, []),
    ],
    ids=["not-live-at-the-end", "killed", "unavailable", "unverified"],
)
def test_only_whole_replies_of_attested_runs_are_cached(
    world: World, model: dict[str, Any], again: list[str]
) -> None:
    """What was not attested to the end is asked again by a run that does not resume."""
    world.run(FakeModel(world.make, **model), world.memory())
    second = FakeModel(world.make)
    world.run(second, world.memory())
    assert second.asked == again


def test_files_that_change_under_way_are_not_cached(
    world: World, make_identity: Callable[..., Identity]
) -> None:
    """Nobody knows which weights answered; it is said, and the next run asks."""
    first = world.memory()
    world.run(Swapping(world.make, world=world, new=make_identity(adapter="new")), first)
    assert "changed while it was evaluated" in first.notes[0]
    second = FakeModel(world.make)
    world.run(second, world.memory())
    assert second.asked == ["a", "b", "c"]


@dataclass(slots=True)
class Swapping(FakeModel):
    """Somebody retrains the adapter while it is evaluated."""

    world: World | None = None
    new: Identity | None = None

    async def finish(self) -> None:
        assert self.world is not None
        assert self.new is not None
        self.world.identity = self.new


def test_known_replies_are_not_told_before_the_adapter_is_live(world: World) -> None:
    """A server without the adapter stops the run although some replies are known."""
    world.run(FakeModel(world.make, fails_at="c"), world.memory())
    ran = world.memory()
    model = FakeModel(world.make, starts=False)
    told: dict[Key, object] = {}

    async def go() -> None:
        await evaluate_group(
            world.group(), lambda: model, sampling=Sampling(), limit=RequestLimit(1),
            on_reply=told.__setitem__, on_ready=lambda _: None,
            released=lambda: asyncio.get_running_loop().create_future(), kept=ran,
        )  # fmt: skip

    with pytest.raises(AttestationError, match="F02"):
        asyncio.run(go())
    assert told == {}


def test_killed_run_goes_on(world: World) -> None:
    """What it received is kept and not asked again; the server is attested anew."""
    killed = world.run(FakeModel(world.make, name="first", kills_at="c"), world.memory())
    assert killed.end is None
    assert killed.memory.goes_on_at == world.partial
    model = FakeModel(world.make, name="second")
    resumed = world.run(model, world.memory(resume=True))
    assert model.asked == ["c"]
    assert resumed.texts == ["first: a", "first: b", "second: c"]
    assert [resumed.memory.is_resumed(("v3", "c.yaml", x, 1)) for x in "abc"] == [True, True, False]
    assert reason(resumed) == (
        "live; 2 of 3 replies from the stopped run run-1, attested at its start, for it was "
        "stopped before its end (live)"
    )
    resumed.memory.report_is_whole()
    assert not world.partial.exists()
    assert not world.run(FakeModel(world.make), world.memory()).opened


def test_run_is_killed_twice(world: World) -> None:
    """The file grows, and each reply keeps its own run."""
    world.run(FakeModel(world.make, name="first", kills_at="b"), world.memory())
    world.run(FakeModel(world.make, name="second", kills_at="c"), world.memory(resume=True))
    model = FakeModel(world.make, name="third")
    last = world.run(model, world.memory(resume=True))
    assert last.texts == ["first: a", "second: b", "third: c"]
    assert model.asked == ["c"]
    assert "1 of 3 replies from the stopped run run-1" in reason(last)
    assert "1 of 3 replies from the stopped run run-2" in reason(last)


def test_run_stopped_before_its_last_canary_is_attested_anew(world: World) -> None:
    """All replies are there, but not the proof: the server is started for that alone."""
    world.run(FakeModel(world.make), world.memory(cache=False))
    whole = world.partial.read_text().splitlines()
    world.partial.write_text("\n".join(whole[:-1]) + "\n")
    model = FakeModel(world.make)
    resumed = world.run(model, world.memory(resume=True))
    assert resumed.opened
    assert model.asked == []
    world.partial.write_text("\n".join(whole) + "\n")
    settled = world.run(FakeModel(world.make), world.memory(cache=False, resume=True))
    assert not settled.opened
    assert "attested to its end" in reason(settled)


def test_changed_request_is_asked_again(world: World, make_case: Callable[..., Case]) -> None:
    """The stored reply answers another question; it is said."""
    world.run(FakeModel(world.make, kills_at="c"), world.memory())
    world.cases[0] = make_case("a", "What is a, again?")
    model = FakeModel(world.make)
    resumed = world.run(model, world.memory(resume=True))
    assert model.asked == ["a", "c"]
    assert "the request of demo::a has changed" in resumed.memory.notes[0]


def test_replies_of_an_adapter_that_was_not_live_are_left_out(world: World) -> None:
    """The stopped run knew it at its end; all is asked again."""
    dead = replace(LIVE, applied=Applied.NO, reason="another model")
    world.run(FakeModel(world.make, at_end=dead), world.memory())
    model = FakeModel(world.make)
    resumed = world.run(model, world.memory(resume=True))
    assert model.asked == ["a", "b", "c"]
    assert "'v3' was not live there" in resumed.memory.notes[0]


def test_other_weights_are_refused(world: World, make_identity: Callable[..., Identity]) -> None:
    """A number over replies of two models would be nobody's."""
    world.run(FakeModel(world.make, kills_at="b"), world.memory())
    world.identity = make_identity(adapter="retrained", versions=("mlx-lm 9",))
    with pytest.raises(UsageError, match="the adapter's weights and the versions"):
        world.memory(resume=True)


def test_replies_of_another_adapter_are_refused(world: World) -> None:
    """The file is that of another run."""
    world.run(FakeModel(world.make, kills_at="b"), world.memory())
    with pytest.raises(UsageError, match="there are replies of v3"):
        check_resumable(read_partial(world.partial), ["base"], lambda _: world.identity)


def test_replies_to_cases_that_are_not_selected_stay(world: World) -> None:
    """A smaller selection does not throw away what the others cost."""
    world.run(FakeModel(world.make, kills_at="c"), world.memory())
    everything = list(world.cases)
    world.cases = world.cases[:1]
    resumed = world.run(FakeModel(world.make), world.memory(resume=True))
    resumed.memory.report_is_whole()
    assert (
        "1 more replies" in resumed.memory.notes[-1] or "1 more reply" in resumed.memory.notes[-1]
    )
    world.cases = everything
    model = FakeModel(world.make)
    world.run(model, world.memory(cache=False, resume=True))
    assert model.asked == ["c"]


def test_identity_that_cannot_be_told_stops_the_group(world: World) -> None:
    """Without knowing who answers nothing is asked and nothing is known."""

    def gone(_: str) -> Identity:
        raise ArtifactError("the model is gone", "nobody answers", "Restore it")

    memory = ReplyMemory("run", gone, partial=PartialFile(world.partial, "run"))
    model = FakeModel(world.make)
    with pytest.raises(ArtifactError):
        world.run(model, memory)
    assert model.asked == []
