"""What `punie-train run --float32` and a fast BLAS bring on a CPU: iterations a second, in turns.

    python benchmarks/float32_speed.py --rounds 3 --iters 20 --blas libopenblas.so.0

Trains the starter model on data/v1, as it is kept (16 bits) and widened; with --blas also both with
that library loaded ahead of the one that MLX's wheel for Linux brings. Prints the medians and their
ratio to the first, all from this one run.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from punie_train.mlx.metrics import MetricsTail, TrainMetric
from punie_train.mlx.train_callback import METRICS_NAME

REPOSITORY = Path(__file__).parents[1]
WARMING = 2
"""Iterations that are left out: they compile."""


def speed(output: Path, iters: int, flag: str, blas: str) -> float:
    """Train and return the median of iterations a second."""
    command = [sys.executable, "-m", "punie_train", "run", str(REPOSITORY / "data/v1")]
    command += ["--model", "starter", "--output", str(output), "--iters", str(iters), flag]
    command += ["--batch-size", "8", "--learning-rate", "1e-3", "--mask-prompt", "--skip-checks"]
    command += ["--valid-every", str(iters), "--valid-batches", "1"]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    if blas:
        environment["LD_PRELOAD"] = blas
    done = subprocess.run(
        command, check=True, capture_output=True, env=environment, cwd=output.parent, text=True
    )
    if "cannot be preloaded" in done.stderr:
        raise SystemExit(f"{blas} cannot be loaded: give the path of a shared library.")
    metrics = MetricsTail(output / METRICS_NAME).read_new()
    rates = [one.iterations_per_second for one in metrics if isinstance(one, TrainMetric)]
    return median(rates[WARMING:])


def main() -> int:
    """Measure every way once a round and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--iters", type=int, default=20)
    parser.add_argument("--blas", default="", help="shared library to load ahead")
    asked = parser.parse_args()
    if asked.iters <= WARMING:
        parser.error(f"--iters is {asked.iters}: the first {WARMING} are left out, give more")
    ways = [(flag, blas) for blas in ("", asked.blas) for flag in ("--no-float32", "--float32")]
    ways = list(dict.fromkeys(ways))
    rates: dict[tuple[str, str], list[float]] = {way: [] for way in ways}
    with tempfile.TemporaryDirectory(prefix="punie-train-float32-") as place:
        for turn in range(asked.rounds):
            for number, (flag, blas) in enumerate(ways):
                output = Path(place) / f"{turn}-{number}"
                rates[flag, blas].append(speed(output, asked.iters, flag, blas))
    first = median(rates[ways[0]])
    for (flag, blas), found in rates.items():
        name = f"{flag} {Path(blas).name or 'BLAS of MLX'}"
        print(f"{name:40s} {median(found):6.2f} iterations/s  {median(found) / first:5.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
