"""The how-to page on reports."""

import re
import subprocess
import sys
from pathlib import Path

from punie_train.evals.report import EvalReport
from punie_train.reporting.json_report import dumps

PAGE = Path(__file__).parents[2] / "docs" / "reports.md"


def test_example_runs(mixed: EvalReport, tmp_path: Path) -> None:
    """The page's example reads a report and prints the malformed cases."""
    example = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "run.json").write_text(dumps(mixed), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", example[1]], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["base case-2 no name ", "base case-7 no name "]
