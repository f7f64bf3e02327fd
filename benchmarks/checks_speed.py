"""How long `pytest checks -m pre_training` takes, and how much memory.

    uv run python benchmarks/checks_speed.py --rows 50000

Makes rows by the starter's grammar (about half in code mode, nearly all programs distinct) in a
temporary project with the starter model, this repository's evaluation cases to compare with, and
checks of three lines. Prints the seconds of the whole run, the peak memory of all its processes
together, and what pytest said. Exits 1 above `--seconds` or `--memory`, or when a check failed.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from punie_train.starter.adapter_mixtures import adapter_rows

ROOT = Path(__file__).parents[1]
SETTINGS = """[tool.punie-train]
data = "data"
[tool.punie-train.checks]
tool-share = [0.1, 0.95]
evals = ["{evals}"]
"""


def main() -> int:
    """Make the project, run pytest in it, and judge time and memory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--memory", type=float, default=500.0, help="MB")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        project = Path(directory)
        make_project(project, asked.rows)
        seconds, memory, done = measure(project)
    print("\n".join(done.stdout.splitlines()[-4:]))
    print(f"{asked.rows} rows: {seconds:.1f} s, {memory:.0f} MB at most")
    return int(done.returncode > 1 or seconds > asked.seconds or memory > asked.memory)


def make_project(project: Path, rows: int) -> None:
    """Write settings, checks and data."""
    (project / "pyproject.toml").write_text(SETTINGS.format(evals=ROOT / "evals"))
    (project / "checks").mkdir()
    (project / "checks" / "test_checks.py").write_text("def test_check(check):\n    check()\n")
    (project / "data").mkdir()
    made = adapter_rows("v3", 50, rows)
    for name, number in (("valid", 24), ("test", 24), ("train", rows - 48)):
        with (project / "data" / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            for _ in range(number):
                file.write(json.dumps(next(made), ensure_ascii=False) + "\n")


def measure(project: Path) -> tuple[float, float, "subprocess.CompletedProcess[str]"]:
    """Return seconds, the peak of memory in MB (resident, all processes), and what was said."""
    command = [sys.executable, "-m", "pytest", "checks", "-m", "pre_training", "-q"]
    command += ["-p", "no:cacheprovider", "--durations=1"]
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True)
    peak = [0.0]
    watcher = threading.Thread(target=watch, args=(process.pid, peak), daemon=True)
    watcher.start()
    output, _ = process.communicate()
    seconds = time.perf_counter() - start
    return seconds, peak[0], subprocess.CompletedProcess(command, process.returncode, output)


def watch(pid: int, peak: list[float]) -> None:
    """Keep the highest memory of a process and its children, ten times a second."""
    while True:
        try:
            root = psutil.Process(pid)
            memory = sum(one.memory_info().rss for one in (root, *root.children(recursive=True)))
        except psutil.Error:
            return
        peak[0] = max(peak[0], memory / 1e6)
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
