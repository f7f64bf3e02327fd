"""Run the tests at a path of a workspace with pytest.

The tests run on this machine, with this user's rights: only for a workspace whose code is ours, not
for what a model wrote.
"""

import shlex
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

from punie_train.core.typed_results import TestCase, TestResult
from punie_train.processes.run import Finished
from punie_train.tools.workspace import ToolRunError, place_in, run_tool, unusable

_CLEAN, _FAILURES = 0, 1
_CONFIGS = {
    "pytest.toml": "",
    ".pytest.toml": "",
    "pytest.ini": "",
    ".pytest.ini": "",
    "pyproject.toml": "[tool.pytest",
    "tox.ini": "[pytest]",
    "setup.cfg": "[tool:pytest]",
}
"""Files that configure pytest, each with the text that makes it one, in pytest's order."""

_WORDS = {
    2: "was stopped, or could not collect the tests",
    3: "had an internal error",
    4: "was called wrongly",
    5: "found no test",
}


def pytest_run(path: str, *, workspace: Path, seconds: float = 300.0) -> TestResult:
    """Return how the tests at the path (or node id) end; what keeps them from it is `parse_error`.

    Only the workspace's own configuration counts, not that of a directory above it.
    """
    try:
        file, *inside = path.split("::")
        place = "::".join((str(place_in(workspace, file)), *inside))
        with tempfile.TemporaryDirectory(prefix="punie-train-junit-") as name:
            report = Path(name) / "report.xml"
            quiet = ("pytest", "-q", "-p", "no:cacheprovider")
            command = (*quiet, f"--junitxml={report}", "-o", "junit_family=xunit1")
            finished = run_tool(
                (*command, *_configuration(workspace.resolve()), place),
                workspace=workspace,
                seconds=seconds,
            )
            text = report.read_text(encoding="utf-8") if report.exists() else ""
        return read_junit_report(finished, text)
    except ToolRunError as error:
        return TestResult(success=False, parse_error=str(error))


def read_junit_report(finished: Finished, text: str) -> TestResult:
    """Return the result in a JUnit report; the exit status must agree with it.

    Raises ToolRunError where it does not, or where there is no such report.
    """
    if finished.status not in (_CLEAN, _FAILURES):
        raise unusable("pytest", finished, _WORDS.get(finished.status or 0, "failed"))
    try:
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise ValueError("declarations are not part of a report")
        suites = list(ET.fromstring(text).iter("testsuite"))  # noqa: S314 - none declared
        tests = tuple(_case(each) for suite in suites for each in suite.iter("testcase"))
        duration = sum(float(suite.get("time", "0")) for suite in suites)
    except (ValueError, ET.ParseError) as error:
        raise unusable("pytest", finished, f"gave no readable report, {error!r}") from error
    outcomes = [test.outcome for test in tests]
    broken = outcomes.count("failed") + outcomes.count("error")
    if not tests or (finished.status == _FAILURES) != bool(broken):
        raise unusable("pytest", finished, f"reported {broken} failures in {len(tests)} tests")
    return TestResult(
        success=finished.status == _CLEAN,
        passed=outcomes.count("passed"),
        failed=outcomes.count("failed"),
        errors=outcomes.count("error"),
        skipped=outcomes.count("skipped"),
        duration=duration,
        tests=tests,
    )


def _case(element: ET.Element) -> TestCase:
    outcome, message = "passed", None
    for tag, meaning in (("skipped", "skipped"), ("error", "error"), ("failure", "failed")):
        if (found := element.find(tag)) is not None:
            outcome, message = meaning, found.get("message") or found.text or ""
    return TestCase(
        name=_node_id(element),
        outcome=outcome,
        duration=float(element.get("time", "0")),
        message=message,
    )


def _node_id(element: ET.Element) -> str:
    file, name = element.get("file", ""), element.get("name", "")
    module = file.removesuffix(".py").replace("/", ".")
    classes = element.get("classname", "").removeprefix(module).strip(".").split(".")
    return "::".join(part for part in (file, *classes, name) if part)


def _configuration(root: Path) -> tuple[str, ...]:
    for name, mark in _CONFIGS.items():
        file = root / name
        if file.is_file() and mark in file.read_text(encoding="utf-8", errors="replace"):
            return (f"--rootdir={root}", "-c", str(file))
    sources = " ".join(shlex.quote(str(each)) for each in (root, root / "src"))
    return (f"--rootdir={root}", "-c", "/dev/null", "-o", f"pythonpath={sources}")
