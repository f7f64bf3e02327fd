"""`punie-train tune` on the starter: one attested server, settings judged against the default."""

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from punie_train.cli.app import app
from punie_train.core.errors import AttestationError, PunieTrainError, ServerError
from punie_train.mlx.base_config import kv_group_size

CASES = """suite: demo
defaults: {category: tool_calling, tools: [read_file]}
cases:
  - {id: read-a, prompt: Read the file a.py, expect: {calls: [{read_file: {path: a.py}}]}}
  - {id: read-b, prompt: Read the file b.py, expect: {calls: [{read_file: {path: b.py}}]}}
"""
FEW = ["--temperatures", "0,0.7", "--top-p", "1", "--repetition-penalty", "1", "--kv-bits", "none"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Enter a project with two cases, and two more that pytest does not enter."""
    (tmp_path / "pyproject.toml").write_text(
        '[tool.punie-train]\n[tool.pytest.ini_options]\nnorecursedirs = ["blind"]\n'
    )
    for name in ("evals", "evals/blind"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "cases.yaml").write_text(CASES.replace("demo", Path(name).name))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _tune(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["tune", "-o", "out", *arguments])


def _told(project: Path) -> dict[str, Any]:
    return json.loads((project / "out" / "tune.json").read_text())


def _servers(project: Path) -> list[Path]:
    return sorted((project / "out" / "logs").glob("*"))


def test_one_server_answers_every_setting(project: Path) -> None:
    """The second time no server is started at all, for every reply is known."""
    done = _tune(*FEW)
    assert done.exit_code == 0, (done.exception, done.output)
    assert "Keep the default: of 1 other setting none is better" in done.stdout
    first = _told(project)
    assert {one["temperature"] for one in first["settings"]} == {0.0, 0.7}
    assert all(one["cases"] == 2 and one["tokens_per_second"] > 0 for one in first["settings"])
    assert len(_servers(project)) == 1
    warm = json.loads((project / "out" / "temperature-0.7.json").read_text())
    assert warm["sampling"]["temperature"] == 0.7
    assert warm["adapters"][0]["attestation"]["applied"] == "not-applicable"
    again = _tune(*FEW, "--json")
    second = json.loads(again.stdout)
    assert [one["score"] for one in second["settings"]] == [
        one["score"] for one in first["settings"]
    ]
    assert {one["tokens_per_second"] for one in second["settings"]} == {None}
    assert len(_servers(project)) == 1


@pytest.mark.slow
def test_an_adapter_that_changes_nothing_is_not_tuned(
    project: Path, starter_adapter: Callable[..., Path]
) -> None:
    """Its scores would be the base model's."""
    adapter = starter_adapter(project / "nothing", 1e-9)
    done = _tune(*FEW, "--adapter", str(adapter))
    assert isinstance(done.exception, AttestationError), (done.exception, done.output)
    assert not (project / "out" / "tune.json").exists()


@pytest.mark.slow
def test_penalties_and_cache_bits(project: Path, starter_adapter: Callable[..., Path]) -> None:
    """Each KV setting has a server of its own, with the adapter attested on it."""
    adapter = starter_adapter(project / "mine")
    done = _tune("--adapter", str(adapter), "--quick", "--temperatures", "0", "--max-tokens", "30")
    assert done.exit_code == 0, (done.exception, done.output)
    settings = {
        (one["repetition_penalty"], one["kv_bits"]): one for one in _told(project)["settings"]
    }
    assert set(settings) == {(None, None), (1.1, None), (1.2, None), (None, 8), (None, 4)}
    assert not [one["failure"] for one in settings.values() if one["failure"]]
    reports = [json.loads(path.read_text()) for path in (project / "out").glob("*-*.json")]
    assert {report["adapters"][0]["attestation"]["applied"] for report in reports} == {True}
    assert len([path for path in _servers(project) if "kv-" in path.name]) == 2


@pytest.mark.slow
def test_a_stopped_run_goes_on(project: Path) -> None:
    """Settings that were measured are known, whatever ended the run.

    Between a report and the removal of what the run had received, they are known from the latter.
    """
    command = [sys.executable, "-m", "punie_train", "tune", "-o", "out", *FEW]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    deadline = time.monotonic() + 120
    while not (project / "out" / "default.json").exists():
        assert worker.poll() is None, worker.stdout and worker.stdout.read()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    done = _tune(*FEW)
    assert done.exit_code == 0, (done.exception, done.output)
    default = json.loads((project / "out" / "default.json").read_text())
    known = Counter(default["cached"]) + Counter(default["resumed"])
    assert known == {"base": 2}


@pytest.mark.slow
def test_a_cache_setting_that_cannot_be_served_is_told(project: Path) -> None:
    """The others keep their results."""
    text = (project / "pyproject.toml").read_text()
    spoilt = "[tool.punie-train]\nserver = {kv_group_size = 48}"
    (project / "pyproject.toml").write_text(text.replace("[tool.punie-train]", spoilt))
    done = _tune("--temperatures", "0", "--repetition-penalty", "1", "--kv-bits", "8")
    assert done.exit_code == 0, (done.exception, done.output)
    best, broken = _told(project)["settings"]
    assert best["cases"] == 2
    assert "server" in broken["failure"]
    assert "KV bits 8: " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--suite", "nowhere"], "the suite nowhere does not exist"),
        (["--suite", "pyproject.toml"], "there is no case file"),
        (["--temperatures", "warm"], "--temperatures warm"),
        (["--temperatures", "-1"], "--temperatures -1"),
        (["--top-p", "0"], "--top-p 0"),
        (["--kv-bits", "7"], "--kv-bits 7"),
        (["--temperatures", "0", "--repetition-penalty", "1", "--kv-bits", "none"], "only the"),
        (["--adapter", "nowhere"], "nowhere"),
        (["--model", "nowhere"], "nowhere"),
        (["--output", "pyproject.toml"], "pyproject.toml cannot be made"),
    ],
)
def test_refusals(project: Path, arguments: list[str], words: str) -> None:
    """In one message, before a server is started."""
    done = _tune(*arguments)
    assert isinstance(done.exception, PunieTrainError), (done.exception, done.output)
    assert not isinstance(done.exception, ServerError)
    assert words in str(done.exception)


@pytest.mark.parametrize(
    ("config", "size"),
    [
        ('{"head_dim": 128}', 64),
        ('{"head_dim": 32}', 32),
        ('{"head_dim": 96}', 32),
        ('{"hidden_size": 4096, "num_attention_heads": 32}', 64),
        ('{"text_config": {"head_dim": 32}}', 32),
        ("{}", 64),
    ],
)
def test_group_size_of_the_cache(tmp_path: Path, config: str, size: int) -> None:
    """What a head can be cut into."""
    (tmp_path / "config.json").write_text(config)
    assert kv_group_size(tmp_path) == size
