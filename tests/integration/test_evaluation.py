"""Whole evaluations as a user runs them: pytest in a project of its own, on the real mlx-lm."""

import asyncio
import json
import shutil
import socket
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from punie_train.mlx.server import ManagedServer
from punie_train.mlx.server_config import ServerConfig

CALL = (
    "<tool_call>\n<function=read_file>\n<parameter=path>\ndocs/intro.md\n</parameter>\n"
    "</function>\n</tool_call>"
)
RIGHT = """
  - id: right
    category: tool_calling
    prompt: Read docs/intro.md
    expect: {calls: [{read_file: {path: docs/intro.md}}]}
"""
WRONG = """
  - id: wrong
    category: tool_calling
    prompt: Read src/app.py
    expect: {calls: [{read_file: {path: src/app.py}}]}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one pytest process did."""

    status: int
    output: str
    report: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A directory with settings, a model, an adapter and cases."""

    root: Path
    model: Path
    adapter: Path

    def write(self, name: str, text: str) -> None:
        """Write a file of the project."""
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text)

    def pytest(self, *arguments: str) -> Run:
        """Run pytest there and return what it did."""
        done = subprocess.run(
            [
                sys.executable, "-m", "pytest", "evals", "--model", str(self.model),
                "--eval-report", "report.json", *arguments,
            ],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        path = self.root / "report.json"
        report = json.loads(path.read_text()) if path.exists() else None
        return Run(status=done.returncode, output=done.stdout + done.stderr, report=report)


@pytest.fixture
def project(
    tmp_path: Path,
    scripted_model: Callable[..., Path],
    scripted_adapter: Callable[[Path, float], Path],
) -> Project:
    """Return a project whose model answers every prompt with one call of read_file."""
    model = scripted_model(CALL)
    made = Project(root=tmp_path / "project", model=model, adapter=scripted_adapter(model, 0.3))
    made.write("pyproject.toml", "[tool.pytest.ini_options]\n[tool.punie-train]\n")
    made.write("evals/cases.yaml", f"suite: demo\ncases:{RIGHT}{WRONG}")
    return made


def outcomes(run: Run) -> dict[str, str]:
    """Return the outcome of each case."""
    assert run.report is not None, run.output
    return {each["case"]: each["outcome"] for each in run.report["results"]}


def test_main_job(project: Project) -> None:
    """Cases pass and fail by what the model says; the report proves that the adapter was live."""
    run = project.pytest(
        "--adapter", str(project.adapter), "--html=report.html", "--junitxml=j.xml"
    )
    assert run.status == 1, run.output
    assert outcomes(run) == {"right": "passed", "wrong": "failed"}
    assert run.report is not None
    (record,) = run.report["adapters"]
    assert record["attestation"]["applied"] is True
    assert run.report["summary"][record["name"]]["metrics"]["delivered_rate"] == 1.0
    assert "right" in (project.root / "report.html").read_text()
    cases = ET.parse(project.root / "j.xml").getroot().findall(".//testcase")  # noqa: S314 - ours
    assert [each.get("name", "").partition("[")[0] for each in cases] == ["right", "wrong"]
    assert "not equal" in run.output or "docs/intro.md" in run.output


def test_several_adapters_are_grouped_and_paired(project: Project) -> None:
    """Base and adapter run in one session, each attested, compared case by case."""
    run = project.pytest("--adapter", "base", "--adapter", str(project.adapter))
    assert run.report is not None, run.output
    names = [each["name"] for each in run.report["adapters"]]
    assert [each["adapter"] for each in run.report["results"]] == [names[0]] * 2 + [names[1]] * 2
    applied = [each["attestation"]["applied"] for each in run.report["adapters"]]
    assert applied == ["not-applicable", True]
    overall = next(each for each in run.report["pairings"] if each["category"] == "overall")
    assert (overall["pairs"], overall["gained"], overall["lost"]) == (2, 0, 0)


@pytest.mark.slow
def test_a_baseline_decides_the_exit_status(project: Project) -> None:
    """Itself: not regressed, 0. Worse than a stored report: regressed, 1. Edited case: invalid."""
    cases = "".join(
        f"\n  - id: case-{n}\n    category: tool_calling\n    prompt: Read docs/intro.md, time {n}"
        "\n    expect: {calls: [{read_file: {path: docs/intro.md}}]}"
        for n in range(40)
    )
    project.write("evals/cases.yaml", f"suite: demo\ncases:{cases}\n")
    adapter = ("--adapter", str(project.adapter))
    first = project.pytest(*adapter)
    assert first.status == 0, first.output
    (project.root / "report.json").rename(project.root / "good.json")
    itself = project.pytest(*adapter, "--eval-baseline", "good.json", "--eval-max-drop", "0.1")
    assert itself.status == 0, itself.output
    assert "PASS against good.json" in itself.output
    stored = json.loads((project.root / "good.json").read_text())
    for number, result in enumerate(stored["results"]):
        if number < 25:
            result |= {"outcome": "failed", "score": 0.0}
    (project.root / "bad.json").write_text(json.dumps(stored))
    better = project.pytest(*adapter, "--eval-baseline", "bad.json")
    assert (better.status, "PASS against bad.json" in better.output) == (0, True), better.output
    project.write("evals/cases.yaml", f"suite: demo\ncases:{cases.replace('intro.md}', 'x.md}')}\n")
    edited = project.pytest(*adapter, "--eval-baseline", "good.json")
    assert edited.status == 1, edited.output
    assert "INVALID against good.json" in edited.output
    assert "demo::case-0" in edited.output


@pytest.mark.slow
def test_a_baseline_of_the_same_session(project: Project) -> None:
    """By name; the candidate itself and what is nowhere are refused before anything runs."""
    both = ("--adapter", "base", "--adapter", str(project.adapter))
    run = project.pytest(*both, "--eval-baseline", "base", "--eval-max-drop", "50%")
    assert run.report is not None, run.output
    (gate,) = (one for one in run.report["gates"] if one["verdict"])
    assert (gate["verdict"], gate["numbers"]["pairs"]) == ("inconclusive", 2)
    assert project.pytest(*both, "--eval-baseline", "base", "--eval-strict").status == 1
    for asked, said in (("nowhere.json", "neither a report file"), (both[-1], "itself")):
        refused = project.pytest(*both, "--eval-baseline", asked)
        assert refused.status == 4, refused.output
        assert said in refused.output


@pytest.mark.slow
def test_a_moved_bar_is_refused_before_anything_runs(project: Project) -> None:
    """What was locked verifies; an edited case, or a part of the cases, does not."""
    locked = project.pytest("--adapter", "base", "--eval-lock", "--eval-verify", "-k", "right")
    assert locked.status == 4, locked.output
    assert "holds no locked bar" in locked.output
    run = project.pytest("--adapter", "base", "--eval-lock", "-k", "right")
    assert run.status == 0, run.output
    assert (project.root / "evals/bar.lock.json").is_file()
    same = project.pytest("--adapter", "base", "--eval-verify", "-k", "right")
    assert same.status == 0, same.output
    (project.root / "report.json").unlink()
    project.write("evals/cases.yaml", f"suite: demo\ncases:{RIGHT.replace('intro', 'other')}")
    moved = project.pytest("--adapter", "base", "--eval-verify")
    assert moved.status == 4, moved.output
    assert "case demo::right was edited; case demo::wrong is missing" in moved.output
    assert moved.report is None


def test_adapter_without_effect_stops_the_session(
    project: Project, scripted_adapter: Callable[[Path, float], Path]
) -> None:
    """An adapter that answers as the base does gives a reason (F02) and no score."""
    run = project.pytest("--adapter", str(scripted_adapter(project.model, 1e-12)))
    assert run.status == 1
    assert "F02" in run.output
    assert "is not live" in run.output
    assert run.report is None
    assert "interval" not in run.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--adapter", "adapters/absent"), "adapters/absent"),
        (("--model", "models/absent"), "models/absent"),
        (("--eval-repeats", "3"), "Give --eval-temperature"),
        (("--adapter", "base", "--adapter", "base"), "asked for twice"),
        (("--eval-fail-under", "much"), "no score from 0.0 to 1.0"),
    ],
    ids=["adapter", "model", "repeats-at-0", "twice", "bound"],
)
def test_bad_option_is_one_message(
    project: Project, arguments: tuple[str, ...], words: str
) -> None:
    """What cannot be evaluated is said before anything starts, without a traceback."""
    run = project.pytest(*arguments)
    assert run.status == 4, run.output
    assert words in run.output
    assert "Traceback" not in run.output
    assert run.report is None


def test_gates_decide_the_exit_status(project: Project) -> None:
    """A gate that holds forgives the model's failures; one that does not is exit status 1."""
    held = project.pytest("--eval-fail-under", "tool_calling=0.5")
    assert held.status == 0, held.output
    broken = project.pytest("--eval-fail-under", "tool_calling=0.6")
    assert broken.status == 1
    assert "tool_calling" in broken.output


def test_typo_in_selection_is_not_success(project: Project) -> None:
    """Zero cases is an error for an evaluation (F62)."""
    run = project.pytest("-k", "rihgt")
    assert run.status == 5
    assert run.report is None


@pytest.mark.slow
def test_selection_and_last_failed(project: Project) -> None:
    """-k, -m and --lf choose cases as they choose tests."""
    assert outcomes(project.pytest("-k", "right")) == {"right": "passed"}
    assert project.pytest("-m", "eval_case(category='nothing')").status == 5
    both = project.pytest("-m", "eval_case(category='tool_calling')")
    assert outcomes(both) == {"right": "passed", "wrong": "failed"}
    assert outcomes(project.pytest("--lf")) == {"wrong": "failed"}


@pytest.mark.slow
def test_exit_first_reports_what_was_reached(project: Project) -> None:
    """-x stops after the first failure; the report says that it is not the whole run."""
    project.write("evals/cases.yaml", f"suite: demo\ncases:{WRONG}{RIGHT}")
    run = project.pytest("-x")
    assert outcomes(run) == {"wrong": "failed"}
    assert run.report is not None
    assert run.report["interrupted"] is True


def test_mistake_in_a_case_file_names_file_and_line(project: Project) -> None:
    """A wrong key is an error of collection with its place and a suggestion."""
    project.write("evals/cases.yaml", f"suite: demo\ncases:{RIGHT.replace('prompt', 'promt')}")
    run = project.pytest()
    assert run.status == 2
    assert "cases.yaml:5" in run.output
    assert "prompt" in run.output
    assert "Traceback" not in run.output


def test_free_form_function_asks_the_live_model(project: Project) -> None:
    """An async function gets replies, records scores and is part of the report."""
    project.write(
        "evals/test_free.py",
        "import pytest\n"
        "@pytest.mark.eval_case(category='agent')\n"
        "async def test_reads(model, score):\n"
        "    reply = await model.ask('Read docs/intro.md')\n"
        "    score('called', len(reply.delivered) == 1)\n"
        "    assert reply.delivered[0].arguments == {'path': 'docs/intro.md'}\n"
        "async def test_writes(model, score):\n"
        "    reply = await model.ask('Write docs/intro.md')\n"
        "    assert reply.delivered[0].name == 'write_file'\n",
    )
    run = project.pytest("--adapter", str(project.adapter))
    assert outcomes(run)["test_reads"] == "passed"
    assert outcomes(run)["test_writes"] == "failed"
    assert run.report is not None
    assert run.report["adapters"][0]["attestation"]["applied"] is True


@pytest.mark.slow
def test_skipped_function_is_not_an_interruption(project: Project) -> None:
    """What its author skips is not counted, and gates judge the rest as a whole run."""
    project.write(
        "evals/test_free.py",
        "import pytest\n"
        "@pytest.mark.skip\n"
        "async def test_marked(model): pass\n"
        "async def test_inside(model): pytest.skip('not today')\n",
    )
    run = project.pytest("--eval-fail-under", "0.5")
    assert run.status == 0, run.output
    assert outcomes(run) == {"right": "passed", "wrong": "failed"}
    assert run.report is not None
    assert run.report["interrupted"] is False


@pytest.mark.slow
def test_function_without_its_fixture_is_unavailable(project: Project) -> None:
    """The model has no part in it; the run is whole, and does not succeed."""
    project.write(
        "evals/test_free.py",
        "import pytest\n"
        "@pytest.fixture\n"
        "def broken(): raise OSError('no such service')\n"
        "async def test_reads(model, broken): await model.ask('Read docs/intro.md')\n"
        "async def test_asks(model): await model.ask('Read docs/intro.md')\n",
    )
    run = project.pytest()
    assert run.status == 1, run.output
    assert outcomes(run)["test_reads"] == "unavailable"
    assert outcomes(run)["test_asks"] == "passed"
    assert run.report is not None
    assert run.report["interrupted"] is False
    assert "no such service" in run.output


@pytest.mark.slow
def test_function_of_an_adapter_without_effect_is_not_scored(
    project: Project, scripted_adapter: Callable[[Path, float], Path]
) -> None:
    """Functions alone stop with the reason (F02) as cases do; nothing is scored as zero."""
    project.write("evals/cases.yaml", "")
    project.write("evals/test_free.py", "async def test_asks(model): await model.ask('Hi')\n")
    run = project.pytest("--adapter", str(scripted_adapter(project.model, 1e-12)))
    assert run.status == 1
    assert "F02" in run.output
    assert run.report is None


@pytest.mark.slow
def test_settings_are_relative_to_the_project(project: Project) -> None:
    """From a directory below, the settings' adapter is the same one."""
    shutil.copytree(project.adapter, project.root / "adapters" / "mine")
    settings = "[tool.pytest.ini_options]\n[tool.punie-train]\nadapter = 'adapters/mine'\n"
    project.write("pyproject.toml", settings)
    project.write("below/evals/cases.yaml", f"suite: demo\ncases:{RIGHT}")
    run = replace(project, root=project.root / "below").pytest()
    assert run.report is not None, run.output
    assert run.report["adapters"][0]["name"] == "mine"
    assert run.report["adapters"][0]["attestation"]["applied"] is True


@pytest.mark.asyncio
async def test_server_of_somebody_else_is_asked_and_not_attested(project: Project) -> None:
    """A running server gives scores with the attestation unverified; one that is gone none."""
    config = ServerConfig(model=project.model)
    async with ManagedServer(config, log_path=project.root / "server.log") as server:
        run = await asyncio.to_thread(project.pytest, "--server-url", server.base_url)
    assert outcomes(run) == {"right": "passed", "wrong": "failed"}
    assert run.report is not None
    assert run.report["adapters"][0]["attestation"]["applied"] == "unverified"
    (project.root / "report.json").unlink()
    gone = await asyncio.to_thread(project.pytest, "--server-url", server.base_url)
    assert gone.status == 1
    assert "F03" in gone.output
    assert gone.report is None


def test_workers_refuse_live_cases_in_words(project: Project) -> None:
    """Under xdist each case says why it cannot run, and the run does not succeed."""
    run = project.pytest("-n", "2")
    assert run.status == 1
    assert "worker of xdist" in run.output
    assert run.report is None


def test_taken_port_is_said(project: Project) -> None:
    """A port that somebody else listens on stops the session with words."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        project.write(
            "pyproject.toml", f"[tool.punie-train]\n[tool.punie-train.server]\nport={port}\n"
        )
        run = project.pytest()
    assert run.status == 1
    assert f"{port} is taken" in run.output
    assert run.report is None
