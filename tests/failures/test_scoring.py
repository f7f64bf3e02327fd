"""Failures between the reply and the score, each planted and caught by name."""

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from punie_train import starter
from punie_train.cli.app import app
from punie_train.core.errors import ArtifactError
from punie_train.core.settings import Settings
from punie_train.workflows.opening import resolve_candidates
from punie_train.workflows.wanted import Wanted

Caught = Callable[[str, object], None]
Silent = Callable[[object], None]
RUNNER = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"})
OUTCOMES = {"F11": "malformed", "F19": "truncated"}
SETS_LEVEL = """<tool_call>
<function=set_level>
<parameter=level>
5
</parameter>
</function>
</tool_call>"""
LEVEL = {"name": "set_level", "parameters": {"properties": {"level": {"type": "integer"}}}}
SEEDS = {"good": 0.01, "other": 0.02, "bad": 30.0}
EIGHT = "suite: eight\ndefaults: {category: general, expect: {keywords: [hello]}}\ncases:\n"
EIGHT += "".join(f"  - {{id: case-{number}, prompt: Say it {number}.}}\n" for number in range(8))
SIXTEEN = "suite: sixteen\ndefaults: {category: general, expect: {keywords: [rust]}}\ncases:\n"
SIXTEEN += "".join(
    f'  - {{id: case-{number}, prompt: "What is it, {number}? <|hello|>"}}\n'
    for number in range(16)
)


@pytest.fixture(scope="session")
def judged(healthy: Any, faulty: Any, caught: Caught, silent: Silent) -> Callable[[str], None]:
    """Return the assertion that the faulty run names a failure and the healthy one none."""

    def check(failure: str) -> None:
        result = faulty.results()[failure.lower()]
        assert result["outcome"] == OUTCOMES.get(failure, "failed")
        assert result["score"] == 0.0
        caught(failure, faulty.output)
        assert healthy.status == 0, healthy.output
        assert {result["outcome"] for result in healthy.report["results"]} == {"passed"}
        silent(healthy.output)

    return check


def test_f11_call_that_the_server_swallowed(judged: Callable[[str], None]) -> None:
    """It counts as malformed and its text is kept; a whole call is handed over."""
    judged("F11")


def test_f12_right_tool_of_no_use(judged: Callable[[str], None], faulty: Any) -> None:
    """The call is right in part and its result is not read; code that reads it passes."""
    judged("F12")
    scores = {each["name"]: each["value"] for each in faulty.results()["f12"]["scores"]}
    assert (scores["code_calls"], scores["field_access"]) == (1.0, 0.0)


def test_f13_calls_for_free(judged: Callable[[str], None]) -> None:
    """One call too many fails the case; the one that was asked for passes."""
    judged("F13")


def test_f16_keyword_of_the_question(judged: Callable[[str], None]) -> None:
    """A reply that repeats the question has said nothing; one with the word of its own has."""
    judged("F16")


def test_f18_field_in_a_comment(judged: Callable[[str], None], faulty: Any) -> None:
    """Neither a comment nor a string reads a field, in the text, typed or run; code does."""
    judged("F18")
    scores = {each["name"]: each["value"] for each in faulty.results()["f18"]["scores"]}
    assert scores["field_access"] == scores["field_access_executed"] == 0.0


def test_f19_reply_that_was_cut_off(judged: Callable[[str], None], faulty: Any) -> None:
    """It is counted apart from what is wrong; replies that end are not."""
    judged("F19")
    assert faulty.report["summary"]["base"]["overall"]["truncated"] == 1


def _against(project: Any, resetting_server: Any, resets: Callable[[int], bool]) -> Any:
    """Evaluate on a server that resets some of its connections."""

    async def run() -> Any:
        async with resetting_server(resets) as url:
            return await asyncio.to_thread(
                project.pytest, "eight.yaml", "--server-url", url, "--eval-fail-under", "0.1"
            )

    return asyncio.run(run())


@pytest.fixture(scope="session")
def eight(make_project: Any) -> Any:
    """Return a project with eight cases that the scripted server answers rightly."""
    return make_project(eight=EIGHT)


@pytest.fixture(scope="session")
def whole(eight: Any, resetting_server: Any) -> Any:
    """Return the run in which all of them have a reply."""
    return _against(eight, resetting_server, lambda number: False)


def test_f14_average_over_what_is_left(
    *, eight: Any, whole: Any, resetting_server: Any, caught: Caught, silent: Silent
) -> None:
    """Half of the cases without a reply make the run INVALID, however good the others are."""
    run = _against(eight, resetting_server, lambda number: number > 5)
    tally = run.report["summary"]["external"]["overall"]
    assert run.status == 1
    assert (tally["score"], tally["unavailable"], tally["cases"]) == (1.0, 4, 8)
    caught("F14", run.output)
    assert whole.status == 0, whole.output
    silent(whole.output)


def test_f15_average_of_what_never_came(
    *, eight: Any, whole: Any, faulty: Any, resetting_server: Any, caught: Caught, silent: Silent
) -> None:
    """Without any reply there is no score, not even zero; only wrong replies score zero."""
    run = _against(eight, resetting_server, lambda number: number > 1)
    tally = run.report["summary"]["external"]["overall"]
    assert run.status == 1
    assert (tally["score"], tally["unavailable"]) == (None, 8)
    caught("F15", run.output)
    assert faulty.report["summary"]["base"]["overall"]["score"] == 0.0
    assert whole.report["summary"]["external"]["overall"]["score"] == 1.0
    silent(whole.output)


def test_f17_number_that_stayed_text(tmp_path: Path, caught: Caught, silent: Silent) -> None:
    """With the tool's schema the value is a number; without it that is said."""
    reply, tools = tmp_path / "reply.txt", tmp_path / "tools.json"
    reply.write_text(SETS_LEVEL)
    tools.write_text(json.dumps([{"type": "function", "function": LEVEL}]))
    bare = RUNNER.invoke(app, ["parse", str(reply)])
    assert 'level="5"' in bare.output
    caught("F17", bare.output)
    typed = RUNNER.invoke(app, ["parse", str(reply), "--tools", str(tools)])
    assert "level=5" in typed.output
    silent(typed.output)


def test_f20_better_on_three_prompts(
    *, museum: Any, healthy: Any, compared: Any, caught: Caught, silent: Silent
) -> None:
    """Two of three against three of three says nothing, and how many cases would; equal does."""
    stored = json.loads(json.dumps(healthy.report))
    stored["results"][0] |= {"outcome": "failed", "score": 0.0}
    worse = museum.write("worse.json", json.dumps(stored))
    run = museum.pytest("healthy.yaml", "--eval-baseline", worse, "--eval-strict")
    assert run.status == 1, run.output
    caught("F20", run.output)
    assert compared.status == 0, compared.output
    silent(compared.output)


@pytest.mark.slow
def test_f21_format_that_holds_at_zero_only(museum: Any, caught: Caught, silent: Silent) -> None:
    """Right at temperature 0, noise at 6: fragile; right at both: robust."""
    museum.write("sixteen.yaml", SIXTEEN)
    options = ("robustness", "sixteen.yaml", "--repeats", 1, "--max-drop", "0.3")
    run = museum.punie_train(*options, "--temperatures", "0,6")
    assert run.status == 1, run.output
    caught("F21", run.output)
    healthy = museum.punie_train(*options, "--temperatures", "0,0.2")
    assert healthy.status == 0, healthy.output
    assert "robust: no setting" in healthy.output
    silent(healthy.output)


@pytest.mark.slow
def test_f22_luck_of_one_seed(
    museum: Any, museum_adapter: Callable[..., Path], caught: Caught, silent: Silent
) -> None:
    """Adapters of one recipe that differ by their seed: one lucky is fragile, both good robust."""
    museum.write("sixteen.yaml", SIXTEEN)
    seeds = {name: museum_adapter(museum.root / name, size) for name, size in SEEDS.items()}
    options = ("robustness", "sixteen.yaml", "--temperatures", "0", "--max-drop", "0.3")
    run = museum.punie_train(*options, "--adapter", seeds["good"], "--adapter", seeds["bad"])
    assert run.status == 1, run.output
    caught("F22", run.output)
    healthy = museum.punie_train(*options, "--adapter", seeds["good"], "--adapter", seeds["other"])
    assert healthy.status == 0, healthy.output
    silent(healthy.output.replace("[F09]", ""))


@pytest.mark.slow
def test_f23_replies_of_another_adapter(
    museum: Any, museum_adapter: Callable[..., Path], caught: Caught, silent: Silent
) -> None:
    """An adapter trained again under its old name gets none of the old replies; itself does."""
    adapter, kept = museum.root / "mine", museum.root / "report.partial.jsonl"
    first = "suite: two\ndefaults: {category: general}\ncases:\n"
    first += '  - {id: wrong, prompt: "Say it. <|hello|>", expect: {keywords: [absent]}}\n'
    first += '  - {id: right, prompt: "Say so. <|hello|>", expect: {keywords: [rust]}}\n'
    museum.write("two.yaml", first)
    options = ("two.yaml", "--adapter", museum_adapter(adapter, 0.01))
    museum.pytest(*options, "-x")
    shutil.copy(kept, museum.root / "kept.partial.jsonl")
    resume = ("--eval-resume", "kept.partial.jsonl")
    museum_adapter(adapter, 0.02)
    run = museum.pytest(*options, *resume)
    assert (run.status, run.report) == (4, {})
    caught("F23", run.output)
    assert museum.pytest(*options).report["cached"] == {}
    museum_adapter(adapter, 0.01)
    healthy = museum.pytest(*options, *resume)
    assert healthy.results().keys() == {"wrong", "right"}, healthy.output
    silent(healthy.output.replace("[F09]", ""))


def test_f24_bar_that_moved(museum: Any, healthy: Any, caught: Caught, silent: Silent) -> None:
    """An edited case is refused before anything runs; what was locked is not."""
    cases = (museum.root / "healthy.yaml").read_text()
    museum.write("bar.yaml", cases)
    lock = museum.root / "bar.lock.json"
    locked = museum.pytest("bar.yaml", f"--eval-lock={lock}")
    assert locked.status == 0, locked.output
    museum.write("bar.yaml", cases.replace("[rust]", "[linter]"))
    run = museum.pytest("bar.yaml", f"--eval-verify={lock}")
    assert (run.status, run.report) == (4, {})
    caught("F24", run.output)
    museum.write("bar.yaml", cases)
    same = museum.pytest("bar.yaml", f"--eval-verify={lock}")
    assert same.status == 0, same.output
    silent(same.output)


def test_f25_another_chat_template(
    *, v3: Path, tmp_path: Path, museum: Any, healthy: Any, caught: Caught, silent: Silent
) -> None:
    """An adapter is asked in the template it was trained with, and no other one is compared."""
    model = shutil.copytree(starter.model_path(), tmp_path / "edited")
    settings = Settings(root=tmp_path)
    wanted = [Wanted(name="v3", model=str(model), adapter=str(v3))]
    silent(resolve_candidates(wanted, settings))
    template = model / "chat_template.jinja"
    template.write_text(template.read_text() + "\nAnswer: ")
    with pytest.raises(ArtifactError) as error:
        resolve_candidates(wanted, settings)
    caught("F25", error.value)
    stored = json.loads(json.dumps(healthy.report))
    stored["model"]["template_hash"] = "0" * 64
    run = museum.pytest(
        "healthy.yaml", "--eval-baseline", museum.write("old.json", json.dumps(stored))
    )
    assert run.status == 1
    assert "the chat template is another one [F25]" in run.output
