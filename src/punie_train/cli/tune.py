"""`punie-train tune`: which way of sampling suits an adapter?"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from punie_train.cli.console import answers, say_warning
from punie_train.cli.steps_bar import StepsBar
from punie_train.core.errors import UsageError
from punie_train.core.settings import Settings, find_settings
from punie_train.core.whole_files import write_text

INTERRUPTED = 130
JSON_NAME, PAGE_NAME = "tune.json", "tune.html"
T = TypeVar("T", int, float)

EXAMPLE = """
[bold]Examples[/bold]

[cyan]punie-train tune --adapter adapters/v3 --suite evals --output reports/tune --quick[/cyan]

Only what you name, with three replies to each case above temperature 0:
[cyan]punie-train tune --adapter adapters/v3 -o reports/tune --temperatures 0,0.3
--top-p 0.9,1 --repetition-penalty 1 --kv-bits none --repeats 3[/cyan]

[bold]How to read it[/bold]

Each row is a setting, compared case by case with the default (temperature 0, no penalty, a KV cache
of full precision). A setting is recommended when its gain is beyond chance although many were tried
(p below 0.025 after Holm); otherwise the default stays. A report of each setting lies in the output
directory, for `punie-train compare`.

The same command goes on with a run that was stopped: replies that are known are not asked again.
"""


def tune(
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Directory of tune.html, tune.json, reports.")
    ] = Path("reports/tune"),
    adapter: Annotated[
        str | None,
        typer.Option(
            help="Adapter; `base` is the bare model. Default: the settings' adapter.",
            show_default=False,
        ),
    ] = None,
    suite: Annotated[Path, typer.Option(help="Case file, or directory of them.")] = Path("evals"),
    model: Annotated[str | None, typer.Option(help="Base model.", show_default=False)] = None,
    temperatures: Annotated[str, typer.Option(help="Temperatures.")] = "0,0.1,0.3,0.7",
    top_p: Annotated[
        str, typer.Option("--top-p", help="Values of top-p, tried above temperature 0.")
    ] = "0.9,0.95,1",
    repetition_penalty: Annotated[
        str, typer.Option("--repetition-penalty", help="Repetition penalties; 1 is none.")
    ] = "1,1.1,1.2",
    kv_bits: Annotated[
        str,
        typer.Option(
            "--kv-bits",
            help="Bits of a quantized KV cache, each on a server of its own; `none` for none.",
        ),
    ] = "8,4",
    quick: Annotated[
        bool, typer.Option("--quick", help="Only settings that differ in one parameter.")
    ] = False,
    trials: Annotated[
        int | None,
        typer.Option(
            help="Settings in all, those nearest to the default first.", min=2, show_default=False
        ),
    ] = None,
    repeats: Annotated[
        int, typer.Option(help="Replies to each case above temperature 0.", min=1)
    ] = 1,
    concurrency: Annotated[int, typer.Option(help="Requests in flight.", min=1)] = 8,
    timeout: Annotated[float, typer.Option(help="Deadline of one case in seconds.", min=1)] = 120.0,
    max_tokens: Annotated[int, typer.Option(help="Longest reply in tokens.", min=1)] = 512,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Ask everything, also what is known.")
    ] = False,
    json_output: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Try temperatures, top-p, repetition penalties and KV-cache bits on a suite.

    One server, proven to serve the adapter, answers all settings of a request. The table has the
    best score first and says what is beyond chance.
    """
    from punie_train.evals.tune_space import TuneSpace
    from punie_train.reporting.tune_views import tune_json, tune_page
    from punie_train.workflows.opening import end_orphans
    from punie_train.workflows.tune import TunePlan
    from punie_train.workflows.tune import tune as run_tune

    space = TuneSpace(
        temperatures=_values("--temperatures", temperatures, float, lambda it: 0 <= it <= 5),
        top_p=_values("--top-p", top_p, float, lambda it: 0 < it <= 1),
        repetition_penalties=_values(
            "--repetition-penalty", repetition_penalty, float, lambda it: 0 < it <= 5
        ),
        kv_bits=()
        if kv_bits == "none"
        else _values("--kv-bits", kv_bits, int, lambda it: it in (2, 3, 4, 6, 8)),
    )
    chosen = space.settings(quick=quick, most=trials)
    if len(chosen) < 2:
        raise UsageError(
            "only the default setting is left",
            "there is nothing to compare",
            "Name more values, for example --temperatures 0,0.3.",
        )
    settings = find_settings(Path.cwd())
    plan = TunePlan(
        candidate=_candidate(adapter, model, settings),
        suites=_suites(suite, settings),
        settings=chosen,
        output=_writable(output),
        repeats=repeats,
        concurrency=concurrency,
        timeout=timeout,
        max_tokens=max_tokens,
        cache=not no_cache,
    )
    if said := end_orphans():
        say_warning(said)
    try:
        with StepsBar("settings", len(chosen), now="starting the server") as bar:
            result = run_tune(plan, settings, on_progress=lambda progress: _show(bar, progress))
    except KeyboardInterrupt:
        say_warning("stopped. The same command goes on with the replies that it has")
        raise typer.Exit(INTERRUPTED) from None
    write_text(output / JSON_NAME, tune_json(result))
    write_text(output / PAGE_NAME, tune_page(result))
    _say(result, output, as_json=json_output)


def _candidate(adapter: str | None, model: str | None, settings: Settings) -> Any:
    from punie_train.workflows.opening import resolve_candidates
    from punie_train.workflows.wanted import BASE, wanted_adapters

    named = settings.located(settings.adapter, BASE) if adapter is None else adapter
    (found,) = resolve_candidates(wanted_adapters((named,), model), settings)
    return found


def _suites(place: Path, settings: Settings) -> Any:
    from punie_train.workflows.scoring_suite import load_suites

    return load_suites(place, root=settings.root)


def _writable(output: Path) -> Path:
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{output} cannot be made ({error.strerror})",
            "the results would be lost",
            "Give another --output.",
        ) from error
    return output


def _values(
    option: str, text: str, kind: Callable[[str], T], fits: Callable[[T], bool]
) -> tuple[T, ...]:
    try:
        found = tuple(dict.fromkeys(kind(part) for part in text.split(",")))
    except ValueError:
        found = ()
    if not found or not all(map(fits, found)):
        raise UsageError(
            f"{option} {text}", "that is no list of usable values", "See punie-train tune --help."
        )
    return found


def _say(result: Any, output: Path, *, as_json: bool) -> None:
    from punie_train.reporting.text_table import aligned
    from punie_train.reporting.tune_views import advice, notes, tune_json, tune_rows

    if as_json:
        answers().print(tune_json(result), end="", markup=False, emoji=False)
        return
    lines = [*aligned(tune_rows(result), width=200), "", advice(result), *notes(result)]
    for line in [*lines, "", f"page: {output / PAGE_NAME}"]:
        answers().print(line, markup=False, emoji=False)


def _show(bar: StepsBar, progress: Any) -> None:
    now = f"{progress.setting.name}: {progress.received}/{progress.replies}"
    bar.show(done=progress.done, now=now)
