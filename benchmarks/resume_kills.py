"""Kill evaluations with -9 at random moments, go on with each, and count what was lost or repeated.

    uv run python benchmarks/resume_kills.py --kills 10

Each round starts the shipped single-turn cases on adapters/v3, kills pytest at a random moment of
its generation phase, and goes on with `--eval-resume`. Every reply on disk has to be in the report
as it was stored, only the others may be asked for, and the summary has to count every case. Exits 1
if not. A whole run before tells how many requests the attestation takes.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from punie_train.evals.case_files import load_suite
from punie_train.starter import model_path
from punie_train.workflows.partial_file import Partial, read_partial

ROOT = Path(__file__).resolve().parent.parent
ADAPTER = ROOT / "adapters" / "v3"


def main() -> int:
    """Run the rounds and print one line for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    with project() as root:
        attesting = run(root, "--eval-report", "reports/report.json") - count(root)
    print(f"a whole run asks {attesting} times beside its cases", flush=True)
    wrong = 0
    for number in range(options.kills):
        with project() as root:
            faults = one_round(root, draw.random(), attesting)
        print(f"{number + 1:2d} {'; '.join(faults) or 'whole'}", flush=True)
        wrong += bool(faults)
    print(f"{options.kills} kills, {wrong} rounds with a fault")
    return 1 if wrong else 0


@contextmanager
def project() -> Generator[Path]:
    """Make a project with every shipped case of one turn that runs by itself."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "pyproject.toml").write_text(
            "[tool.pytest.ini_options]\n"
            f"[tool.punie-train]\nmodel = {json.dumps(str(model_path()))}\n"
        )
        shutil.copytree(ADAPTER, root / "v3")
        for suite in ("tool_calling", "field_access"):
            for path in sorted((ROOT / "evals" / suite).glob("*.yaml")):
                content = yaml.safe_load(path.read_text())
                single = {case.id for case in load_suite(path).cases if case.max_turns == 1}
                content["cases"] = [case for case in content["cases"] if case["id"] in single]
                (root / f"{suite}-{path.name}").write_text(yaml.safe_dump(content, sort_keys=False))
        yield root


def count(root: Path) -> int:
    """Return how many cases the project has."""
    return sum(len(yaml.safe_load(path.read_text())["cases"]) for path in root.glob("*.yaml"))


def one_round(root: Path, moment: float, attesting: int) -> list[str]:
    """Kill once and go on once; return what was wrong."""
    cases = count(root)
    partial = root / "reports" / "report.partial.jsonl"
    process = start(root, "--eval-report", "reports/report.json")
    while received(partial) < int(moment * cases) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    if not partial.exists():
        return ["ended before the signal"]
    stored = read_partial(partial)
    asked = run(root, "--eval-resume", str(partial)) - attesting
    faults = compare(json.loads((root / "reports" / "report.json").read_text()), stored, cases)
    if asked != cases - len(stored.replies):
        faults.append("asked twice or not at all")
    print(
        f"   {len(stored.replies):3d} of {cases} replies on disk, {asked:3d} asked after it",
        end=" ",
    )
    return faults


def run(root: Path, *arguments: str) -> int:
    """Run pytest to its end; return how many requests the server answered."""
    before = set((root / "reports" / "logs").glob("*.log"))
    start(root, *arguments).wait()
    logs = set((root / "reports" / "logs").glob("*.log")) - before
    return sum(log.read_text(errors="replace").count('" 200') for log in logs)


def start(root: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    """Start pytest there."""
    files = sorted(path.name for path in root.glob("*.yaml"))
    return subprocess.Popen(
        [
            sys.executable, "-m", "pytest", *files, "-q", "--tb=no", "--no-eval-cache",
            "--adapter", "v3", *arguments,
        ],
        cwd=root, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def received(partial: Path) -> int:
    """Return how many whole lines with replies are on disk."""
    return sum('"reply"' in line for line in _lines(partial))


def _lines(partial: Path) -> list[str]:
    return partial.read_text().split("\n")[:-1] if partial.exists() else []


def compare(report: dict[str, Any], stored: Partial, cases: int) -> list[str]:
    """Return what of the stored replies is not in the report, and whether it is whole."""
    faults = []
    results = {(each["suite"], each["case"]): each for each in report["results"]}
    if len(results) != cases or report["interrupted"]:
        faults.append(f"{len(results)} cases in the report")
    (summary,) = report["summary"].values()
    if summary["overall"]["cases"] != cases or summary["overall"]["unavailable"]:
        faults.append(f"{summary['overall']['cases']} cases in the summary")
    for (_, suite, case, _), reply in stored.replies.items():
        if results[suite, case]["reply"] != reply.exchange.turns[-1].text:
            faults.append(f"another reply for {case}")
    return faults


if __name__ == "__main__":
    sys.exit(main())
