"""How fast rows are validated, filtered and written, against a loop that only parses them.

    uv run python benchmarks/dataset_speed.py --rows 200000 --rounds 5

Makes chat rows in a temporary directory: half of them call tools, one in a hundred is broken or
too short. Then three runs take turns, each in a process of its own that reports seconds and peak
memory: a bare loop (orjson, the original line written back when it has two messages), `one-pass`
(`dataset filter --valid --min-messages 2`), and `two-passes` (`dataset validate`, then
`dataset filter --min-messages 2`). Prints the medians, and the median of the ratios of speed to
the bare loop of the same round. Memory is that of all processes of a run. Exits 1 when one pass is
below `--least` or above `--memory`.
"""

import argparse
import contextlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psutil

TASKS = ("bare", "one-pass", "two-passes")
LEAST_MESSAGES = 2
WORDS = ("the", "file", "of", "a", "test:", "read,", "change", "(twice)", "say", "“done”", "3.5")
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": name,
            "description": f"Call {name}: one of the agent's tools.",
            "parameters": {"type": "object", "properties": properties, "required": required},
        },
    }
    for name, properties, required in (
        ("read_file", {"path": {"type": "string", "description": "Path: relative."}}, ["path"]),
        (
            "write_file",
            {"path": {"type": "string"}, "content": {"type": "string"}},
            ["path", "content"],
        ),
        (
            "run_command",
            {"command": {"type": "string"}, "args": {"type": "array", "items": {"type": "string"}}},
            ["command"],
        ),
    )
]


def main() -> int:
    """Make the rows, let the runs take turns, print one line for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--least", type=float, default=0.7, help="ratio to the bare loop")
    parser.add_argument("--memory", type=float, default=150.0, help="megabytes")
    parser.add_argument("--child", nargs=3, metavar=("TASK", "DATA", "OUTPUT"))
    options = parser.parse_args()
    if options.child:
        task, data, output = options.child
        print(json.dumps(measured(task, Path(data), Path(output))))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "rows.jsonl"
        with data.open("wb", buffering=1 << 20) as file:
            for row in made_rows(options.rows, options.seed):
                file.write(row)
        print(f"{options.rows:,} rows, {data.stat().st_size / 1e6:,.0f} MB", flush=True)
        rounds = [one_round(data, Path(folder)) for _ in range(options.rounds)]
    ratio, memory = shown(rounds, options.rows)
    return 0 if ratio >= options.least and memory <= options.memory else 1


def one_round(data: Path, folder: Path) -> dict[str, dict[str, float]]:
    """Run every task once, each in a new process."""
    results = {}
    for task in TASKS:
        with tempfile.TemporaryDirectory(dir=folder) as output:
            done = subprocess.run(
                [sys.executable, __file__, "--child", task, str(data), output],
                check=True,
                capture_output=True,
            )
        results[task] = json.loads(done.stdout)
    if len({result["kept"] for task, result in results.items() if task != "one-pass"}) > 1:
        raise SystemExit(f"the runs kept different numbers of rows: {results}")
    return results


def shown(rounds: list[dict[str, dict[str, float]]], rows: int) -> tuple[float, float]:
    """Print the medians; return ratio and peak memory of the one pass."""
    ratio = memory = 0.0
    for task in TASKS:
        seconds = statistics.median(one[task]["seconds"] for one in rounds)
        ratio = statistics.median(one["bare"]["seconds"] / one[task]["seconds"] for one in rounds)
        memory = max(one[task]["megabytes"] for one in rounds)
        processor = statistics.median(one[task]["processor"] for one in rounds) / rows * 1e6
        print(
            f"{task:12s} {rows / seconds:9,.0f} rows/s  ratio {ratio:.2f}  peak {memory:.0f} MB  "
            f"{processor:.1f} us of processors per row  kept {rounds[0][task]['kept']:,.0f}"
        )
        if task == "one-pass":
            answer = ratio, memory
    return answer


def measured(task: str, data: Path, output: Path) -> dict[str, float]:
    """Run one task and return its seconds, peak memory and number of kept rows."""
    work = prepared(task, data, output)
    peak = 0
    over = threading.Event()

    def watch() -> None:
        nonlocal peak
        own = psutil.Process()
        while not over.wait(0.05):
            with contextlib.suppress(psutil.Error):
                peak = max(peak, sum(one.memory_info().rss for one in (own, *own.children())))

    watcher = threading.Thread(target=watch)
    watcher.start()
    start, before = time.perf_counter(), os.times()
    kept = work()
    seconds, after = time.perf_counter() - start, os.times()
    over.set()
    watcher.join()
    return {
        "seconds": seconds,
        "processor": sum(after[:4]) - sum(before[:4]),
        "megabytes": peak / (1 << 20),
        "kept": kept,
    }


def prepared(task: str, data: Path, output: Path) -> Callable[[], int]:
    """Import what a task needs and return the task; it answers how many rows it kept."""
    if task == "bare":
        return lambda: bare(data, output / "train.jsonl")
    from punie_train.dataset.finding_counts import FindingCounts
    from punie_train.dataset.inputs import open_dataset
    from punie_train.dataset.message_filter import MinMessages
    from punie_train.dataset.valid_filter import ValidRows
    from punie_train.dataset.validation import Validation
    from punie_train.workflows.judged_rows import ALL_SOUND, read_judged_rows
    from punie_train.workflows.run_operation import run_operation

    least = MinMessages(LEAST_MESSAGES)

    def one_pass() -> int:
        return run_operation("filter", data, output / "new", [ValidRows(), least]).kept

    def two_passes() -> int:
        read = partial(read_judged_rows, together=ALL_SOUND)
        validation = Validation(open_dataset(data), read=read)
        deque(FindingCounts().counted(validation.findings()), maxlen=0)
        return run_operation("filter", data, output / "new", [least]).kept

    return one_pass if task == "one-pass" else two_passes


def bare(data: Path, output: Path) -> int:
    """Parse every line, write back those with enough messages, and nothing else."""
    import orjson

    loads, kept = orjson.loads, 0
    with data.open("rb", buffering=1 << 20) as rows, output.open("wb", buffering=1 << 20) as file:
        write = file.write
        for line in rows:
            if len(loads(line)["messages"]) >= LEAST_MESSAGES:
                write(line)
                kept += 1
    return kept


def made_rows(number: int, seed: int) -> Iterator[bytes]:
    """Yield rows as lines: chats, rows with calls, and now and then one that breaks a rule."""
    draw = random.Random(seed)
    for at in range(number):
        row = tool_row(draw, at) if at % 2 else chat_row(draw)
        if at % 200 == 0:
            row["messages"] = row["messages"][:1]
        elif at % 200 == 100:
            row["messages"][-1]["content"] += "<|im_end|>"
        yield json.dumps(row, ensure_ascii=at % 3 == 0).encode() + b"\n"


def chat_row(draw: random.Random) -> dict[str, Any]:
    """Return a chat of one to three exchanges."""
    messages = [said("system", "You are a careful agent.")]
    for _ in range(draw.randint(1, 3)):
        messages += [said("user", text(draw, 30)), said("assistant", text(draw, 80))]
    return {"messages": messages}


def tool_row(draw: random.Random, at: int) -> dict[str, Any]:
    """Return a chat with one or two calls and their results."""
    messages = [said("system", "You are a careful agent."), said("user", text(draw, 20))]
    for number in range(draw.randint(1, 2)):
        key = f"call_{at}_{number}"
        name, arguments = draw.choice(
            (
                ("read_file", {"path": f"src/module_{at}.py"}),
                ("write_file", {"path": "a.py", "content": text(draw, 40)}),
                ("run_command", {"command": "pytest", "args": ["-q", f"tests/test_{at}.py"]}),
            )
        )
        function = {"name": name, "arguments": arguments}
        messages += [
            said("assistant", "")
            | {"tool_calls": [{"id": key, "type": "function", "function": function}]},
            said("tool", text(draw, 60)) | {"tool_call_id": key, "name": name},
        ]
    return {"messages": [*messages, said("assistant", text(draw, 30))], "tools": TOOLS}


def said(role: str, content: str) -> dict[str, Any]:
    """Return one message."""
    return {"role": role, "content": content}


def text(draw: random.Random, words: int) -> str:
    """Return about so many words on lines of ten."""
    count = draw.randint(words // 2, words * 3 // 2)
    chosen = draw.choices(WORDS, k=count)
    return "\n".join(" ".join(chosen[at : at + 10]) for at in range(0, count, 10))


if __name__ == "__main__":
    sys.exit(main())
