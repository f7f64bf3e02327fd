"""The commands of docs/datasets.md work, in their order, on the repository's own data."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from punie_train.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[list[str]]:
    """Return the arguments of every command in the page's bash blocks."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    lines = "".join(BLOCKS.findall(text)).splitlines()
    return [shlex.split(line) for line in lines if line]


def test_commands_of_the_page_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each ends with 0, and none is left out."""
    for name in ("data/v2", "data/hand-authored", "evals"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    found = commands("datasets.md")
    assert len(found) >= 12
    for program, *arguments in found:
        assert program == "punie-train"
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, f"{arguments}\n{result.output}\n{result.exception}"
    assert (tmp_path / "data" / "code-mode" / "train.jsonl").stat().st_size > 0
    assert "<svg" in (tmp_path / "reports" / "v2.html").read_text(encoding="utf-8")
