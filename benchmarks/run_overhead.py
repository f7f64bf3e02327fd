"""What `punie-train run` costs beside the same `mlx_lm lora`: pairs of runs, in turns.

    python benchmarks/run_overhead.py --pairs 5 --iters 100

Both get the same run.yaml and the starter model. Prints, for every pair, the seconds on the wall
and of processors, and the median ratio of each; exits with 1 when the wall's is above --most.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from punie_train import starter

REPOSITORY = Path(__file__).parents[1]


def timed(argv: list[str], cwd: Path) -> tuple[float, float]:
    """Run a command and return its seconds on the wall and of processors, children included."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(argv, cwd=cwd, check=True, capture_output=True, env=os.environ)
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rows(count: int) -> list[str]:
    """Return rows of data/v1 with one assistant turn: mlx-lm gets the same ones as we do."""
    lines = (REPOSITORY / "data/v1/train.jsonl").read_text(encoding="utf-8").splitlines()
    single = [line for line in lines if len(json.loads(line)["messages"]) == 2]
    return single[:count]


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--iters", type=int, default=100)
    parser.add_argument("--batch-size", type=int, default=4)
    parser.add_argument("--most", type=float, default=1.05)
    asked = parser.parse_args()
    ratios: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory(prefix="punie-train-overhead-") as name:
        place = Path(name)
        (place / "data").mkdir()
        found = rows(80)
        for split, part in (("train", found[:64]), ("valid", found[64:])):
            text = "".join(f"{row}\n" for row in part)
            (place / "data" / f"{split}.jsonl").write_text(text, encoding="utf-8")
        ours = [sys.executable, "-m", "punie_train", "run", "data", "--output", "ours", "--force"]
        ours += ["--model", str(starter.model_path()), "--iters", str(asked.iters)]
        ours += ["--batch-size", str(asked.batch_size), "--learning-rate", "1e-3", "--mask-prompt"]
        plain = [sys.executable, "-m", "mlx_lm", "lora", "-c", "plain.yaml"]
        timed(ours, place)
        asked_for = (place / "ours/run.yaml").read_text(encoding="utf-8")
        asked_for = asked_for.replace("adapter_path: ours", "adapter_path: plain")
        (place / "plain.yaml").write_text(asked_for, encoding="utf-8")
        for number in range(asked.pairs):
            if number % 2:
                our = timed(ours, place)
                their = timed(plain, place)
            else:
                their = timed(plain, place)
                our = timed(ours, place)
            ratios.append((our[0] / their[0], our[1] / their[1]))
            print(
                f"pair {number + 1}: punie-train run {our[0]:.2f} s ({our[1]:.2f} s of processors),"
                f" mlx_lm lora {their[0]:.2f} s ({their[1]:.2f} s), wall {ratios[-1][0]:.3f}",
                flush=True,
            )
    wall, processors = (median(ratio[index] for ratio in ratios) for index in (0, 1))
    print(f"median of {asked.pairs} pairs: wall {wall:.3f}, processors {processors:.3f}")
    return int(wall > asked.most)


if __name__ == "__main__":
    sys.exit(main())
