"""`punie-train search` on the starter: real training, real evaluation, a killed worker."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from punie_train.cli.app import app
from punie_train.core.errors import ExitStatus, PunieTrainError

DATA = Path(__file__).parents[2] / "data" / "v1"
CASES = """suite: demo
defaults: {category: tool_calling, tools: [read_file]}
cases:
  - {id: read-a, prompt: Read the file a.py, expect: {calls: [{read_file: {path: a.py}}]}}
  - {id: read-b, prompt: Read the file b.py, expect: {calls: [{read_file: {path: b.py}}]}}
"""
RUN = "iters: 2\nbatch_size: 1\nsteps_per_eval: 1\nval_batches: 1\nmax_seq_length: 1024\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Enter a project with two cases and eight rows."""
    (tmp_path / "pyproject.toml").write_text("[tool.punie-train]\n[tool.pytest.ini_options]\n")
    (tmp_path / "evals").mkdir()
    (tmp_path / "evals" / "cases.yaml").write_text(CASES)
    (tmp_path / "data").mkdir()
    for name in ("train.jsonl", "valid.jsonl"):
        with (DATA / name).open() as rows:
            (tmp_path / "data" / name).write_text("".join(islice(rows, 8)))
    (tmp_path / "run.yaml").write_text(RUN)
    (tmp_path / "space.yaml").write_text("lora_rank: [2, 4]\nlearning_rate: [5e-3, 1e-2]\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _arguments(trials: int) -> list[str]:
    given = ["data", "-o", "out", "--space", "space.yaml", "--config", "run.yaml"]
    return ["search", *given, "--trials", str(trials)]


def _worker(trials: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "punie_train", *_arguments(trials)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _result(project: Path) -> dict[str, Any]:
    return json.loads((project / "out" / "search.json").read_text())


def _left_over(project: Path) -> list[str]:
    return [path.name for path in (project / "out").glob(".*")]


def test_one_trial_and_no_more(project: Path) -> None:
    """It is trained, scored and shown; the same command again has nothing to do."""
    done = CliRunner().invoke(app, [*_arguments(1), "--json"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    (trial,) = json.loads(done.stdout)["trials"]
    assert trial["state"] == "complete"
    assert trial["cases"] == 2
    assert set(trial["losses"]) == {"0", "1"}
    assert (project / trial["adapter"] / "adapters.safetensors").is_file()
    again = CliRunner().invoke(app, _arguments(1))
    assert again.exit_code == done.exit_code
    assert re.search(r"^000 +\d", again.stdout, re.MULTILINE)
    assert len(_result(project)["trials"]) == 1
    assert _left_over(project) == []


@pytest.mark.slow
def test_a_killed_worker_is_replaced_by_two(project: Path) -> None:
    """Each combination is done once, and what the killed one left is gone."""
    first = _worker(4)
    deadline = time.monotonic() + 240
    while not list((project / "out").glob(".trial-001.unfinished/adapters*")):
        assert first.poll() is None, first.stdout and first.stdout.read()
        assert time.monotonic() < deadline
        time.sleep(0.05)
        if list((project / "out").glob("trial-001")):
            break
    first.kill()
    first.communicate()
    for worker in [_worker(4), _worker(4)]:
        output, _ = worker.communicate(timeout=400)
        assert worker.returncode in (ExitStatus.DONE, ExitStatus.ANSWER_IS_NO), output
    trials = _result(project)["trials"]
    assert len({json.dumps(trial["parameters"]) for trial in trials}) == len(trials) == 4
    assert {trial["state"] for trial in trials} <= {"complete", "pruned"}, [
        trial["reason"] for trial in trials
    ]
    assert _left_over(project) == []
    kept = {path.name for path in (project / "out").glob("trial-*")}
    assert kept == {Path(trial["adapter"]).name for trial in trials if trial["adapter"]}


@pytest.mark.slow
def test_ctrl_c_leaves_no_half_adapter(project: Path) -> None:
    """The trial is queued again, and the answer says how to go on."""
    (project / "run.yaml").write_text(RUN.replace("iters: 2", "iters: 500"))
    worker = _worker(4)
    while not list((project / "out").glob(".trial-000.unfinished/metrics.jsonl")):
        assert worker.poll() is None, worker.stdout and worker.stdout.read()
        time.sleep(0.05)
    time.sleep(1)
    worker.send_signal(signal.SIGINT)
    output, _ = worker.communicate(timeout=60)
    assert worker.returncode == 130, output
    assert "The same command goes on" in output
    assert not list((project / "out").glob("*trial-*"))
    assert [trial["state"] for trial in _result(project)["trials"]] in ([], ["waiting"])


def _remove(path: str) -> Callable[[Path], object]:
    return lambda project: (project / path).rename(project / "gone")


def _write(path: str, text: str) -> Callable[[Path], None]:
    def write(project: Path) -> None:
        (project / path).parent.mkdir(exist_ok=True)
        (project / path).write_text(text)

    return write


REFUSALS = {
    "data": (_remove("data"), [], "data"),
    "suite": (_remove("evals"), [], "the suite evals does not exist"),
    "no-cases": (_write("evals/cases.yaml", "a: 1\n"), [], "there is no case file in evals"),
    "bad-case": (_write("evals/cases.yaml", "suite: demo\ncases: [{}]\n"), [], "cases.yaml:2"),
    "no-project": (_remove("pyproject.toml"), [], "[tool.punie-train]"),
    "space": (_write("space.yaml", "rank: [1]"), [], "unknown parameter 'rank'"),
    "no-space": (_remove("space.yaml"), [], "space.yaml cannot be read"),
    "value": (_write("space.yaml", "lora_rank: [0]"), [], "lora-rank is 0"),
    "type": (_write("space.yaml", "lora_rank: [two]"), [], "`lora_rank` is 'two'"),
    "layers": (_write("space.yaml", "num_layers: [99]"), [], "starter has only"),
    "storage": (lambda _: None, ["--storage", "my study"], "my study cannot be opened"),
    "driver": (lambda _: None, ["--storage", "mysql://me:secret@db/x"], "...@db/x"),
    "no-database": (_write("not.db", "text " * 99), ["--storage", "sqlite:///not.db"], "not.db"),
    "sampler": (lambda _: None, ["--sampler", "best"], "--sampler best"),
    "other-trials": (_write("out/trial-000", ""), [], "holds trials of another study"),
    "output": (_write("out", ""), [], "out cannot be made"),
}


@pytest.mark.parametrize(("spoil", "more", "words"), REFUSALS.values(), ids=REFUSALS)
def test_what_every_trial_would_fail_of_is_said_first(
    project: Path, spoil: Callable[[Path], object], more: list[str], words: str
) -> None:
    """In one message, before anything is trained."""
    spoil(project)
    done = CliRunner().invoke(app, [*_arguments(1), *more])
    assert isinstance(done.exception, PunieTrainError), (done.exception, done.output)
    assert words in str(done.exception)
    assert "secret" not in str(done.exception)
    assert not list((project / "out").glob("*/adapters.safetensors"))
