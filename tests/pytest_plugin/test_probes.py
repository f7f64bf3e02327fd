"""Probes: which there are, what they need, and whom they add."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from punie_train.core.errors import UsageError
from punie_train.pytest_plugin.probes import add_general, is_general, parse_probes, with_base
from punie_train.workflows.wanted import Wanted


def test_probes_are_named_with_commas() -> None:
    """Spaces do not matter; nothing asked is nothing probed."""
    assert parse_probes("determinism, forgetting", temperature=0) == {"determinism", "forgetting"}
    assert parse_probes(None, temperature=0.7) == frozenset()
    assert parse_probes("forgetting", temperature=0.7) == {"forgetting"}


@pytest.mark.parametrize(
    ("text", "temperature", "said"),
    [("speed", 0.0, "speed is no probe"), ("determinism", 0.3, "differ there by intention")],
)
def test_probes_that_say_nothing_are_refused(text: str, temperature: float, said: str) -> None:
    """An unknown one, and determinism where chance decides."""
    with pytest.raises(UsageError, match=said):
        parse_probes(text, temperature=temperature)


def _config(root: Path, *arguments: str) -> Any:
    return SimpleNamespace(
        rootpath=root, args=list(arguments), invocation_params=SimpleNamespace(dir=root)
    )


def test_forgetting_collects_the_general_suite_once(tmp_path: Path) -> None:
    """Also where it is named anyway."""
    general = tmp_path / "evals" / "general"
    general.mkdir(parents=True)
    added, named = _config(tmp_path, "evals"), _config(tmp_path, "evals/general")
    untouched = _config(tmp_path, "evals")
    add_general(added, frozenset({"forgetting"}))
    add_general(named, frozenset({"forgetting"}))
    add_general(untouched, frozenset({"determinism"}))
    assert added.args == ["evals", str(general)]
    assert named.args == ["evals/general"]
    assert untouched.args == ["evals"]
    assert is_general(general / "a.yaml", tmp_path)
    assert not is_general(tmp_path / "evals" / "a.yaml", tmp_path)


def test_forgetting_needs_a_general_suite(tmp_path: Path) -> None:
    """Nothing would show what was forgotten."""
    with pytest.raises(UsageError, match="nothing shows what was forgotten"):
        add_general(_config(tmp_path, "evals"), frozenset({"forgetting"}))


def test_the_bare_model_is_added_where_it_is_missing() -> None:
    """With the model of the candidate, and only for forgetting."""
    v3, base = Wanted(name="v3", adapter="v3", model="m"), Wanted(name="base", model="m")
    forgetting = frozenset({"forgetting"})
    assert with_base((v3,), forgetting) == (base, v3)
    assert with_base((base, v3), forgetting) == (base, v3)
    assert with_base((v3,), frozenset()) == (v3,)


@pytest.mark.parametrize(
    ("arguments", "counted"),
    [
        (["evals"], 1),
        (["evals/general"], 2),
        (["evals", "evals/general"], 3),
        (["evals", "--eval-probe", "forgetting"], 3),
    ],
)
def test_the_general_suite_is_collected_when_named_or_probed(
    tmp_path: Path, arguments: list[str], counted: int
) -> None:
    """A run over all of evals/ leaves it out; one below it, alone or beside, does not."""
    case = "  - {{id: {0}, category: general, prompt: Hello, expect: {{no_call: true}}}}\n"
    for name, ids in (("one", "a"), ("general", "bc")):
        folder = tmp_path / "evals" / name
        folder.mkdir(parents=True)
        cases = "".join(map(case.format, ids))
        (folder / "cases.yaml").write_text(f"suite: {name}\ncases:\n{cases}")
    (tmp_path / "pyproject.toml").write_text("[tool.punie-train]\n[tool.pytest.ini_options]\n")
    command = [sys.executable, "-m", "pytest", *arguments, "--adapter", "base", "--co", "-q"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.stdout.count("[base]") == counted, run.stdout + run.stderr
