"""Real pytest on a workspace, and reports that cannot be trusted."""

from collections.abc import Callable
from pathlib import Path

import pytest

from punie_train.core.typed_results import TestResult
from punie_train.processes.run import Finished
from punie_train.tools.pytest_run import pytest_run, read_junit_report
from punie_train.tools.workspace import ToolRunError

Files = Callable[[dict[str, str]], Path]

MIXED = """
import pytest

def test_good(): pass
def test_bad(): assert 1 == 2
@pytest.mark.skip(reason="later")
def test_skipped(): pass
@pytest.fixture
def broken(): raise RuntimeError("no fixture")
def test_error(broken): pass
class TestGroup:
    def test_inside(self): pass
"""


def test_passing_tests_are_a_success(workspace: Files) -> None:
    """Tests of code beside them, found without configuration, leave the workspace as it was."""
    root = workspace(
        {
            "src/shop.py": "def total(*prices): return sum(prices)\n",
            "tests/test_shop.py": "import shop\ndef test_it(): assert shop.total(1, 2) == 3\n",
        }
    )
    before = sorted(root.rglob("*"))
    result = pytest_run("tests", workspace=root)
    assert (result.success, result.passed, result.parse_error) == (True, 1, None)
    assert result.tests[0].name == "tests/test_shop.py::test_it"
    assert result.duration > 0
    assert sorted(root.rglob("*")) == before


def test_every_outcome_is_told(workspace: Files) -> None:
    """Passed, failed, error and skipped are counted and named, each with its message."""
    result = pytest_run("test_mixed.py", workspace=workspace({"test_mixed.py": MIXED}))
    assert (result.success, result.parse_error) == (False, None)
    assert (result.passed, result.failed, result.errors, result.skipped) == (2, 1, 1, 1)
    by_name = {test.name.removeprefix("test_mixed.py::"): test for test in result.tests}
    assert list(by_name) == [
        "test_good",
        "test_bad",
        "test_skipped",
        "test_error",
        "TestGroup::test_inside",
    ]
    assert by_name["test_good"].message is None
    assert by_name["test_bad"].message == "assert 1 == 2"
    assert by_name["test_skipped"].message == "later"
    assert "no fixture" in (by_name["test_error"].message or "")


def test_one_test_can_be_named(workspace: Files) -> None:
    """A node id works as a path does."""
    root = workspace({"test_mixed.py": MIXED})
    assert pytest_run("test_mixed.py::test_good", workspace=root).passed == 1


def test_the_workspace_configures_itself(workspace: Files) -> None:
    """Its own settings count; those of directories above it do not."""
    root = workspace(
        {
            "../pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--no-such-option'\n",
            "test_mixed.py": MIXED,
        }
    )
    assert pytest_run(".", workspace=root).passed == 2
    (root / "pytest.ini").write_text("[pytest]\naddopts = -k test_good\n")
    assert pytest_run(".", workspace=root).success


@pytest.mark.parametrize(
    ("files", "path", "why"),
    [
        ({"test_a.py": "import no_such_module_here\n"}, "test_a.py", "(exit status 2)"),
        ({"test_a.py": "x = 1\n"}, "test_a.py", "pytest found no test (exit status 5)"),
        ({"test_a.py": MIXED}, "test_a.py::test_gone", "pytest was called wrongly"),
        ({"test_a.py": MIXED}, "gone.py", "there is no 'gone.py'"),
        ({"test_a.py": MIXED}, "empty", "there is no Python file"),
        ({"test_a.py": "import os\ndef test_x(): os._exit(0)\n"}, ".", "(exit status 0)"),
        ({"test_a.py": "import os\ndef test_x(): os.kill(os.getpid(), 9)\n"}, ".", "status -9"),
        ({"test_a.py": MIXED, "conftest.py": "1 / 0\n"}, ".", "(exit status 4)"),
    ],
    ids=["collection", "none", "no-node", "missing", "empty", "exit-0", "killed", "conftest"],
)
def test_tests_that_did_not_run_are_never_a_success(
    workspace: Files, files: dict[str, str], path: str, why: str
) -> None:
    """No report, or none that can be trusted, is a parse error that says why."""
    result = pytest_run(path, workspace=workspace(files))
    assert result == TestResult(success=False, parse_error=result.parse_error)
    assert why in (result.parse_error or "")


def test_tests_that_hang_are_stopped(workspace: Files) -> None:
    """The deadline ends them and all they started."""
    root = workspace({"test_a.py": "import time\ndef test_x(): time.sleep(600)\n"})
    result = pytest_run(".", workspace=root, seconds=1.0)
    assert result.parse_error == "pytest did not end within 1 s and was stopped"


ONE = (
    '<testsuites><testsuite time="0.5"><testcase name="t" time="0.5">{}</testcase></testsuite>'
    "</testsuites>"
)


@pytest.mark.parametrize(
    ("status", "report"),
    [
        (0, ""),
        (0, "<testsuites/>"),
        (0, ONE.format("<failure message='x'/>")),
        (1, ONE.format("")),
        (2, ONE.format("")),
        (3, ONE.format("")),
        (5, "<testsuites><testsuite/></testsuites>"),
        (0, f"<!DOCTYPE x [<!ENTITY a 'aa'>]>{ONE.format('')}"),
        (0, ONE.format("").replace("0.5", "soon")),
    ],
    ids=["no-report", "empty", "0-failed", "1-passed", "2", "3", "5", "declarations", "time"],
)
def test_a_report_that_does_not_fit_is_refused(status: int, report: str) -> None:
    """Exit status and report must both be there and agree."""
    with pytest.raises(ToolRunError, match=f"exit status {status}"):
        read_junit_report(Finished(status=status, output="", errors=""), report)


def test_a_report_that_fits_is_read() -> None:
    """The sibling of the refusals."""
    result = read_junit_report(Finished(status=0, output="", errors=""), ONE.format(""))
    assert (result.success, result.passed, result.duration) == (True, 1, 0.5)
