"""Measure what is left of an adapter after fuse and quantize: in weights, in replies, in scores.

    uv run python benchmarks/retention_table.py --page docs/conversion.md

Two bases: the starter as it ships with adapters/v3, and the starter in 4 bits with an adapter that
is trained here. Each is fused, the 4-bit one also without dequantizing, and the fused model
quantized; then one session of `pytest evals` measures all models of a base on the real server.
Prints the tables as markdown and puts them between the marks of --page. About half an hour on 4
cores; `--select known` measures only some cases, `--work DIR` keeps models and reports.

MLX trains quantized weights ten times slower on the CPU, so the adapter of the 4-bit base is
trained on the same values stored in 16 bits; it is fused with and measured on the 4-bit base.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from punie_train.evals.report import EvalReport
from punie_train.evals.result import CaseResult
from punie_train.evals.statistics.exact_tests import mcnemar
from punie_train.reporting import numbers
from punie_train.reporting.read_report import read_report
from punie_train.starter import model_path

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- retention tables -->", "<!-- end of retention tables -->"
WEAKER, WEAKER_BITS = (1, 0.5, 0.25, 0.125), (4, 6, 8)
BARE, ADAPTER, REQUANTIZED = "bare", "adapter", "requantized"
PUNIE_TRAIN = [sys.executable, "-c", "from punie_train.cli.app import main; main()"]
CODE = ("field_access", "iteration", "multi_step", "conditional")
HEAD = (
    "model", "weights", "share", "cosine", "replies of the adapter", "gains kept",
    "lost, won (p)", "score",
    "tool calling", "code", "tok/s",
)  # fmt: skip


Results = Mapping[tuple[str, str], CaseResult]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A model to measure: its `--candidate`, bytes of weights, and what `--json` said of it."""

    name: str
    words: str
    candidate: str
    bytes: int
    signal: dict[str, Any] | None = None


def main() -> int:
    """Make and measure all models; print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--adapter", type=Path, default=ROOT / "adapters" / "v3")
    parser.add_argument("--data", type=Path, default=ROOT / "data" / "v3")
    parser.add_argument("--iters", type=int, default=60, help="of the 4-bit base; above 10")
    parser.add_argument("--bits", type=int, nargs="+", default=[8, 6, 5, 4, 3])
    parser.add_argument("--bases", nargs="+", choices=["16", "4"], default=["16", "4"])
    parser.add_argument("--select", help="pytest's -k")
    parser.add_argument("--page", type=Path, help="markdown file to put the tables into")
    parser.add_argument("--work", type=Path, help="where models and reports stay")
    parser.add_argument("--trained", action="store_true", help="take the adapter that --work holds")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = (options.work or Path(temporary)).resolve()
        tables = []
        for base in options.bases:
            place = work / f"base-{base}"
            place.mkdir(parents=True, exist_ok=True)
            models = starter(options, place) if base == "16" else starter_in_4_bits(options, place)
            report = evaluate(models, place / "report.json", options.select)
            heading = "The starter as it ships" if base == "16" else "The starter in 4 bits"
            tables.append(f"### {heading}\n\n{markdown(models, report)}")
            if base == "4":
                table = weaker(place, place / "adapter")
                tables.append(f"### The same adapter, weakened, on the 4-bit base\n\n{table}")
    text = "\n\n".join(tables)
    print(text)
    if options.page:
        put(options.page, text)
    return 0


def starter(options: argparse.Namespace, place: Path) -> list[Made]:
    """Make the models of the base in 16 bits."""
    return family("starter", model_path(), options.adapter, options.bits, place)


def starter_in_4_bits(options: argparse.Namespace, place: Path) -> list[Made]:
    """Quantize the starter, train an adapter for it, and make its models."""
    base, values, adapter = place / "starter-4bit", place / "values", place / "adapter"
    ours("quantize", "starter", "--output", base, "--bits", 4)
    if options.trained and adapter.exists():
        return family(str(base), base, adapter, options.bits, place)
    shutil.rmtree(values, ignore_errors=True)
    run([sys.executable, "-m", "mlx_lm", "convert", "--dequantize",
         "--hf-path", str(base), "--mlx-path", str(values)])  # fmt: skip
    print(f"training {options.iters} iterations", file=sys.stderr)
    run([*PUNIE_TRAIN, "run", str(options.data), "--config", str(options.adapter / "run.yaml"),
         "--model", str(values), "--output", str(adapter), "--iters", str(options.iters),
         "--valid-every", str(options.iters), "--force"])  # fmt: skip
    # Its manifest names the values in 16 bits; without one, commands take the base they are given.
    (adapter / "manifest.json").unlink()
    return family(str(base), base, adapter, options.bits, place)


def family(name: str, base: Path, adapter: Path, bits: Sequence[int], place: Path) -> list[Made]:
    """Return base, adapter, fused and quantized models of one base."""
    size = weight_bytes(base)
    models = [
        Made(name=BARE, words="base", candidate=f"{BARE}={name}", bytes=size),
        Made(name=ADAPTER, words="base + adapter", candidate=f"{ADAPTER}={name}:{adapter}",
             bytes=size + weight_bytes(adapter, "adapters.safetensors")),
    ]  # fmt: skip
    fuse = ("fuse", "--adapter", adapter, "--model", name)
    if base != model_path():
        words = "fused, rounded to 4 bits again (`--no-dequantize`)"
        models.append(convert(REQUANTIZED, words, place, *fuse, "--no-dequantize"))
    models.append(convert("fused", "fused", place, *fuse))
    source = ("--adapter", adapter, "--base", name)
    models += [
        convert(f"q{n}", f"fused, {n} bits", place, "quantize", place / "fused", "--bits", n,
                *source)
        for n in bits
    ]  # fmt: skip
    return models


def weaker(place: Path, adapter: Path) -> str:
    """Return a table of what rounding leaves of weaker adapters, in weights alone."""
    base = place / "starter-4bit"
    rows = [
        ("effect/base", *(f"{n} bits: share" for n in WEAKER_BITS),
         *(f"{n} bits: cosine" for n in WEAKER_BITS)),
        ("---",) * (1 + 2 * len(WEAKER_BITS)),
    ]  # fmt: skip
    for factor in WEAKER:
        copy = place / f"adapter-x{factor}"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(adapter, copy)
        config = json.loads((copy / "adapter_config.json").read_text(encoding="utf-8"))
        config["lora_parameters"]["scale"] *= factor
        (copy / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
        source = ("--adapter", copy, "--base", base)
        convert("weak", "", place, "fuse", "--adapter", copy, "--model", base)
        signals = [
            made.signal
            for n in WEAKER_BITS
            if (made := convert("weak-q", "", place, "quantize", place / "weak", "--bits", n,
                                *source)).signal
        ]  # fmt: skip
        rows.append(
            (
                numbers.percent(signals[0]["strength"]),
                *(numbers.kept(signal[key]) for key in ("share", "cosine") for signal in signals),
            )
        )
    return as_table(rows)


def convert(name: str, words: str, place: Path, *command: object) -> Made:
    """Fuse or quantize into `place`/`name`."""
    output = place / name
    answer = ours(*command, "--output", output)
    return Made(
        name=name,
        words=words,
        candidate=f"{name}={output}",
        bytes=weight_bytes(output),
        signal=answer["retention"]["signal"],
    )


def weight_bytes(directory: Path, files: str = "*.safetensors") -> int:
    """Return the size of a model's weight files."""
    return sum(path.stat().st_size for path in directory.glob(files))


def ours(*command: object) -> dict[str, Any]:
    """Run one of our conversions and return its JSON answer; replies are left to the evaluation."""
    print(" ".join(map(str, command)), file=sys.stderr)
    return json.loads(
        run([*PUNIE_TRAIN, *map(str, command), "--probes", "0", "--force", "--json"]).stdout
    )


def evaluate(models: Sequence[Made], report: Path, select: str | None) -> EvalReport:
    """Measure all models in one session."""
    print(f"evaluating {len(models)} models", file=sys.stderr)
    command = [
        sys.executable, "-m", "pytest", "evals", "-q", "--tb=no", "-p", "no:cacheprovider",
        "-n", "0", "--no-eval-cache", "--eval-report", str(report),
        *(["-k", select] if select else []),
    ]  # fmt: skip
    for model in models:
        command += ["--candidate", model.candidate]
    report.unlink(missing_ok=True)
    run(command, fine=(0, 1))
    return read_report(report)


def markdown(models: Sequence[Made], report: EvalReport) -> str:
    """Return the table of one base, and what it says in sentences."""
    answers = {
        model.name: {(r.suite, r.case): r for r in report.results if r.adapter == model.name}
        for model in models
    }
    bare, trained = answers[BARE], answers[ADAPTER]
    changed = [key for key in trained if said(trained[key]) != said(bare[key])]
    gains = [key for key in trained if passed(trained[key]) and not passed(bare[key])]
    rows = [HEAD, ("---",) * len(HEAD)]
    kept = {}
    for model in models:
        mine, signal = answers[model.name], model.signal
        same = sum(said(mine[key]) == said(trained[key]) for key in changed)
        kept[model.name] = sum(passed(mine[key]) for key in gains)
        total = report.summary[model.name].overall
        rows.append(
            (
                model.words,
                numbers.size(model.bytes),
                numbers.kept(signal["share"]) if signal else "",
                numbers.kept(signal["cosine"]) if signal else "",
                numbers.share(same, len(changed)),
                numbers.share(kept[model.name], len(gains)),
                "" if model.name in (BARE, ADAPTER) else against(mine, trained),
                f"{numbers.percent(total.score)} ({numbers.interval(total.interval)})",
                rate(mine.values(), ("tool_calling",)),
                rate(mine.values(), CODE),
                numbers.speed(total.tokens_per_second),
            )
        )
    strength = next((model.signal["strength"] for model in models if model.signal), None)
    replies = numbers.plural(len(changed), "reply", "replies")
    notes = (
        f"{numbers.plural(len(trained), 'case')}; the adapter changes {replies} and gains"
        f" {numbers.plural(len(gains), 'case')}. Its effect is {numbers.percent(strength)} of the"
        " weights' norm."
    )
    return f"{as_table(rows)}\n\n{notes}"


def as_table(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as a markdown table."""
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def against(mine: Results, trained: Results) -> str:
    """Return how many cases went wrong and right that were not with the adapter, and p."""
    lost = sum(passed(trained[key]) and not passed(mine[key]) for key in trained)
    won = sum(passed(mine[key]) and not passed(trained[key]) for key in trained)
    return f"{lost}, {won} ({numbers.p_value(mcnemar(lost, won))})"


def said(result: CaseResult) -> tuple[str, ...]:
    """Return all replies of a case."""
    return tuple(reply.text for reply in result.replies)


def passed(result: CaseResult) -> bool:
    """Say whether a case is right."""
    return result.outcome == "passed"


def rate(results: Iterable[CaseResult], categories: Sequence[str]) -> str:
    """Return the share of right cases in some categories."""
    chosen = [passed(result) for result in results if result.category in categories]
    return numbers.percent(sum(chosen) / len(chosen)) if chosen else numbers.NOT_AVAILABLE


def put(page: Path, text: str) -> None:
    """Replace what stands between the marks of a page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        sys.exit(f"{page} has no {BEGIN} and {END}: add both lines where the tables belong.")
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def run(command: list[str], fine: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
    """Run to the end; on failure show what it said."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in fine:
        sys.exit(f"{' '.join(command)}\nended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


if __name__ == "__main__":
    raise SystemExit(main())
