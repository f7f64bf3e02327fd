"""Kill evaluations at random moments and count what is left behind.

    uv run python benchmarks/kill_runs.py --kills 20

Each round starts `pytest evals`, waits a random time, sends -9, INT or TERM to pytest alone, and
looks for processes of that run that are still there a few seconds later. Exits 1 if any is.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
GRACE_SECONDS = 15.0
SIGNALS = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM)


def main() -> int:
    """Run the rounds and print one line for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--longest", type=float, default=20.0, help="seconds before the signal")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    left = 0
    for number in range(options.kills):
        sent, delay = SIGNALS[number % len(SIGNALS)], draw.uniform(0.5, options.longest)
        orphans, servers = one_round(sent, delay)
        left += orphans
        print(f"{number + 1:2d} {sent.name:7s} after {delay:5.1f} s: "
              f"{servers} server(s) were up, {orphans} left behind", flush=True)  # fmt: skip
    print(f"{options.kills} kills, {left} processes left behind")
    return 1 if left else 0


def one_round(sent: signal.Signals, delay: float) -> tuple[int, int]:
    """Start, signal, wait; return how many processes were left and how many servers were up."""
    mark = f"kill-round-{os.getpid()}-{time.monotonic_ns()}"
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [
                sys.executable, "-m", "pytest", "evals", "--adapter", "adapters/v3",
                "-p", "no:cacheprovider", "--no-eval-cache",
                "--eval-report", f"{folder}/report.json",
            ],
            cwd=ROOT,
            env={**os.environ, "PUNIE_TRAIN_KILL_ROUND": mark},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(delay)
        servers = sum(each.pid != process.pid for each in marked(mark))
        process.send_signal(sent)
        process.wait(60)
        deadline = time.monotonic() + GRACE_SECONDS
        while marked(mark) and time.monotonic() < deadline:
            time.sleep(0.2)
        left = marked(mark)
        for each in left:
            each.kill()
    return len(left), servers


def marked(mark: str) -> list[psutil.Process]:
    """Return the living processes that inherited the mark in their environment."""
    found = []
    for process in psutil.process_iter():
        try:
            environment = process.environ()
            alive = process.status() != psutil.STATUS_ZOMBIE
        except (psutil.Error, OSError):
            continue
        if alive and environment.get("PUNIE_TRAIN_KILL_ROUND") == mark:
            found.append(process)
    return found


if __name__ == "__main__":
    sys.exit(main())
