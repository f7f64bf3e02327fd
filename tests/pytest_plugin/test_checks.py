"""`pytest checks`: one item for each artifact and check, in projects of any kind."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from punie_train.pytest_plugin.check_session import Progress

THREE_LINES = "def test_check(check):\n    check()\n"
ROW = {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}


def run(project: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run pytest in a project."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--strict-markers", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a foreign project with checks of three lines and data of two formats."""
    (tmp_path / "pyproject.toml").write_text('[tool.punie-train]\ndata = "mine"\n')
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "test_checks.py").write_text(THREE_LINES)
    (tmp_path / "mine").mkdir()
    for name in ("train", "valid", "test"):
        (tmp_path / "mine" / f"{name}.jsonl").write_text(json.dumps(ROW) + "\n")
    return tmp_path


K = ("checks", "-m", "pre_training", "-k", "structure or format-consistency")


def test_settings_name_the_data(project: Path) -> None:
    """Without options the settings' data is checked; what was measured is shown on success too."""
    done = run(project, *K, "-v")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "test_check[mine-structure] PASSED" in done.stdout
    assert "rows by format: messages 3" in done.stdout


def test_a_defect_fails_in_words(project: Path) -> None:
    """A defect fails an item with fact, consequence, remedy and id, without a traceback."""
    with (project / "mine" / "train.jsonl").open("a") as file:
        file.write('{"text": "a"}\n')
    done = run(project, *K)
    assert done.returncode == 1
    assert "train.jsonl:2: a row with text after rows with messages" in done.stdout
    assert "[F34]" in done.stdout
    assert "Traceback" not in done.stdout
    assert "1 failed, 1 passed" in done.stdout


def test_unreadable_lines_are_failures(project: Path) -> None:
    """A byte order mark and a line that is no JSON fail an item; nothing is an error."""
    (project / "mine" / "train.jsonl").write_bytes(b"\xef\xbb\xbf{oops\n\n")
    done = run(project, "checks", "-k", "trainer-reads")
    assert done.returncode == 1
    assert "byte order mark" in done.stdout
    assert "blank line" in done.stdout
    assert "error" not in done.stdout.splitlines()[-1]


def test_reports_hold_what_was_measured(project: Path) -> None:
    """JUnit has measured values as properties, the HTML report has them as an escaped extra."""
    (project / "mine" / "<img src=x onerror=alert(1)>.jsonl").write_text("")
    done = run(project, *K, "--junitxml=j.xml", "--html=h.html", "--self-contained-html")
    assert done.returncode == 0, done.stdout
    named = {
        one.get("name"): one.get("value")
        for one in ElementTree.parse(project / "j.xml").iter("property")  # noqa: S314 - our own
    }
    assert named["rows by format"] == "messages 3"
    page = (project / "h.html").read_text()
    assert "rows by format" in page
    assert "<img src=x" not in page


def test_a_stage_with_nothing_to_look_at_is_refused(project: Path) -> None:
    """`-m` for a stage without an artifact ends with a usage error, not with an empty pass."""
    (project / "pyproject.toml").write_text("[tool.punie-train]\n")
    done = run(project, "checks", "-m", "pre_training")
    assert done.returncode == 4
    assert "has nothing to look at" in done.stderr


def test_nothing_at_all_fails(project: Path) -> None:
    """Without any artifact the only item fails and says what to give."""
    (project / "pyproject.toml").write_text("[tool.punie-train]\n")
    done = run(project, "checks")
    assert done.returncode == 1
    assert "Give --data" in done.stdout


def test_missing_directory_is_refused(project: Path) -> None:
    """Data that does not exist is a usage error."""
    done = run(project, "checks", "--data", "nowhere")
    assert done.returncode == 4
    assert "nowhere does not exist" in done.stderr


def test_unknown_threshold_is_refused(project: Path) -> None:
    """A misspelt threshold is an error with a suggestion."""
    with (project / "pyproject.toml").open("a") as file:
        file.write("[tool.punie-train.checks]\ntrain-row = 3\n")
    done = run(project, *K)
    assert done.returncode == 4
    assert "Did you mean 'train-rows'?" in done.stderr


def test_a_fixture_of_the_same_name_stays_its_owner_s(project: Path) -> None:
    """A project may have a `check` of its own."""
    (project / "checks" / "conftest.py").write_text(
        "import pytest\n@pytest.fixture\ndef check():\n    return lambda: None\n"
    )
    done = run(project, "checks")
    assert "1 passed" in done.stdout


def test_workers_of_xdist(project: Path) -> None:
    """Items spread over processes, and the summary is still shown."""
    done = run(project, *K, "-n", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rows by format: messages 3" in done.stdout


def test_a_parameter_of_the_same_name_stays_its_owner_s(project: Path) -> None:
    """A test may be parametrized over `check` itself."""
    (project / "test_own.py").write_text(
        "import pytest\n"
        "@pytest.mark.parametrize(('check', 'x'), [(1, 2), (3, 4)])\n"
        "def test_own(check, x): assert check < x\n"
    )
    done = run(project, "test_own.py")
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_a_later_stage_with_nothing_to_look_at_is_refused(project: Path) -> None:
    """Data alone is nothing for a fused model: the error names the option to give."""
    done = run(project, "checks", "-m", "post_fusion")
    assert done.returncode == 4
    assert "-m post_fusion has nothing to look at" in done.stderr
    assert "Give --fused" in done.stderr


def test_what_is_collected_by_stage(project: Path) -> None:
    """Each artifact has the items of its own stage, and those of runtime; data alone has both."""
    for name in ("v3", "fused", "q6"):
        (project / name).mkdir()
    done = run(project, "checks", "--collect-only", "-q")
    assert "[mine-structure]" in done.stdout
    assert "[mine-same-prompt]" in done.stdout
    options = ("--adapter", "v3", "--fused", "fused", "--quantized", "q6")
    done = run(project, "checks", "--collect-only", "-q", *options)
    assert "[mine-" not in done.stdout
    for name, check in (("v3", "loss"), ("fused", "kept-files"), ("q6", "smoke")):
        assert f"[{name}-{check}]" in done.stdout
        assert f"[{name}-same-prompt]" in done.stdout
    assert "[fused-smoke]" not in done.stdout
    assert "[v3-kept-files]" not in done.stdout


def test_an_empty_adapter_fails_in_words(project: Path) -> None:
    """Every check of the files fails with fact, consequence and remedy, without a traceback."""
    (project / "empty").mkdir()
    done = run(project, "checks", "-m", "post_training", "--adapter", "empty")
    assert done.returncode == 1
    assert "adapter_config.json and adapters.safetensors missing" in done.stdout
    assert "[F55]" in done.stdout
    assert "there is no metrics.jsonl: nobody can say what it learned. Train with" in done.stdout
    assert "[F51]" in done.stdout
    assert "Traceback" not in done.stdout
    assert "7 failed, 1 passed" in done.stdout


class Reporter:
    """What pytest's reporter does with a line that grows."""

    def __init__(self, *, isatty: bool) -> None:
        self.isatty = isatty
        self.shown: list[str] = []

    def rewrite(self, text: str, *, erase: bool) -> None:
        assert erase
        self.shown.append(text)


def test_progress_shows_whatever_the_steps_of_the_reader() -> None:
    """Rows come in groups that are no multiple of the distance between two lines."""
    terminal = Reporter(isatty=True)
    progress = Progress(terminal, "data")
    for rows in range(0, 1600, 256):
        progress.rows(rows)
    assert terminal.shown == [f"checking data: {rows:,} rows" for rows in (512, 1024, 1536)]
    progress.close()
    assert not terminal.shown[-1]


def test_no_progress_without_a_terminal() -> None:
    """A log has no line that grows."""
    log = Reporter(isatty=False)
    progress = Progress(log, "data")
    progress.rows(512)
    progress.close()
    assert log.shown == []
