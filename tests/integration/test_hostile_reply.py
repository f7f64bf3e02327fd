"""A model that writes HTML at its reader: both pages show it, neither runs it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

REPLY = (
    "<img src=x onerror=\"document.title='owned'\"></script><script>document.title='owned';"
    '</script><svg onload="document.title=1">\x1b[31mred'
)
CASES = """suite: hostile
cases:
  - {id: hostile, category: general, prompt: "<b>Hello</b>", expect: {keywords: [absent]}}
"""


@pytest.mark.slow
def test_pages_show_hostile_replies_and_run_nothing(
    tmp_path: Path, scripted_model: Callable[..., Path]
) -> None:
    """In a browser the title stays ours, no element of the reply exists, its text is there."""
    model = scripted_model(REPLY)
    (tmp_path / "pyproject.toml").write_text(
        f"[tool.punie-train]\nmodel = {json.dumps(str(model))}\n"
    )
    (tmp_path / "cases.yaml").write_text(CASES)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "cases.yaml", "--html=page.html", "--eval-report=r.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr  # failed cases are shown opened
    assert "\x1b[31mred" not in done.stdout
    assert json.loads((tmp_path / "r.json").read_text())["results"][0]["reply"] == REPLY
    for page, address in (("page.html", ""), ("r.transcript.html", "#open=1")):
        shown = dom(tmp_path / page, address, tmp_path / "profile")
        assert "owned</title>" not in shown
        assert '<img src="x"' not in shown
        assert "<svg onload" not in shown
        assert "onerror=" in shown
        assert "document.title='owned';</script>" not in shown


def dom(page: Path, address: str, profile: Path) -> str:
    """Return a page as a browser has built it, its scripts run."""
    chromium = shutil.which("chromium")
    assert chromium, "this test needs Debian's chromium: apt-get install chromium"
    done = subprocess.run(
        [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={profile}", "--virtual-time-budget=5000", "--dump-dom",
            f"{page.as_uri()}{address}",
        ],
        capture_output=True,
        text=True,
        check=True,
    )  # fmt: skip
    return done.stdout
