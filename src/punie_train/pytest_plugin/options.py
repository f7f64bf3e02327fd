"""The options of an evaluation, registered and read once into a frozen value."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from punie_train.core.errors import UsageError
from punie_train.core.sampling import Sampling
from punie_train.core.settings import Settings
from punie_train.pytest_plugin import gate_options
from punie_train.pytest_plugin.bounds import parse_bound
from punie_train.pytest_plugin.gate_options import BaselineOptions
from punie_train.pytest_plugin.option_checks import (
    check_cache,
    check_ranges,
    check_server_url,
)
from punie_train.pytest_plugin.probes import parse_probes
from punie_train.workflows.wanted import BASE

BAR_FILE = "evals/bar.lock.json"
ADAPTER_WEIGHTS = "adapters.safetensors"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCandidate:
    """What `--candidate [NAME=]MODEL[:ADAPTER]` asks for; `model` None is the adapter's own."""

    name: str
    model: str | None
    adapter: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalOptions:
    """Everything the command line and the settings say about an evaluation. Times in seconds."""

    model: str | None
    adapters: tuple[str, ...]
    candidates: tuple[NamedCandidate, ...]
    server_url: str | None
    report: Path | None
    repeats: int
    sampling: Sampling
    concurrency: int | None
    timeout: float
    fail_under: Mapping[str, float] = field(default_factory=dict)
    cache: Path | None = None
    no_cache: bool = False
    resume: Path | None = None
    baseline: BaselineOptions | None = None
    lock: Path | None = None
    verify: Path | None = None
    probes: frozenset[str] = frozenset()
    gates_asked: bool = False
    """Whether this command line itself asks for a gate, which then needs a case to judge."""


def register(parser: pytest.Parser, *, short_names: bool) -> None:
    """Add the options; the short names only to a project that has settings of ours."""
    group = parser.getgroup("punie-train", "punie-train: evaluate a model, bare and with adapters")
    if short_names:
        _register_short(group)
    group.addoption("--eval-report", metavar="FILE", help="JSON report; the transcript page is "
                    "written beside it (default: reports/<time>-<adapter>.json)")  # fmt: skip
    group.addoption("--eval-repeats", type=int, default=1, metavar="N", help="repeats per case")
    group.addoption("--eval-temperature", type=float, default=0.0, metavar="T")
    group.addoption("--eval-top-p", type=float, default=None, metavar="P")
    group.addoption("--eval-repetition-penalty", type=float, default=None, metavar="R")
    group.addoption("--eval-max-tokens", type=int, default=512, metavar="N")
    group.addoption("--eval-concurrency", default="8", metavar="N", help="requests in flight, or "
                    "'auto': found from what the server gains by more (default: 8)")  # fmt: skip
    group.addoption("--eval-timeout", type=float, default=120.0, metavar="S",
                    help="deadline of one case in seconds (default: 120)")  # fmt: skip
    group.addoption("--eval-cache", metavar="DIR", help="keep replies in DIR, and take from there "
                    "those to the same request by the same weights (default: in the user's cache "
                    "directory; for a server that you run, none)")  # fmt: skip
    group.addoption("--no-eval-cache", action="store_true",
                    help="send every request, and keep no reply for later runs")  # fmt: skip
    group.addoption("--eval-resume", metavar="FILE", help="go on with a run that was stopped: "
                    "FILE is the .partial.jsonl beside its report, or that report; the same "
                    "report is written unless --eval-report names another")  # fmt: skip
    group.addoption("--eval-fail-under", action="append", default=[], metavar="[CATEGORY=]X",
                    help="lowest accepted score, 0.0 to 1.0; repeatable")  # fmt: skip
    gate_options.register(group)
    group.addoption("--eval-probe", metavar="PROBES", help="beside the scores: determinism (cases "
                    "asked again one at a time), forgetting (evals/general against the bare "
                    "model), or both with a comma")  # fmt: skip
    for name, what in (
        ("--eval-lock", "freeze the bar: write hashes of cases and tools, thresholds and policy"),
        ("--eval-verify", "refuse to run when the bar is not the one that was locked"),
    ):
        group.addoption(
            name,
            nargs="?",
            const=BAR_FILE,
            metavar="FILE",
            help=f"{what} (default: {BAR_FILE})",
        )


def _register_short(group: pytest.OptionGroup) -> None:
    group.addoption("--model", metavar="PATH_OR_REPO", help="base model (default: the adapter "
                    "manifest's base, then the settings, then the starter model)")  # fmt: skip
    group.addoption("--adapter", action="append", default=[], metavar="DIR",
                    help="adapter to evaluate; 'base' is the bare model; repeatable")  # fmt: skip
    group.addoption("--candidate", action="append", default=[], metavar="[NAME=]MODEL[:ADAPTER]",
                    help="a further model in the same session, or an adapter with the model of "
                    "its manifest (default name: the directory's); repeatable")  # fmt: skip
    group.addoption("--server-url", metavar="URL", help="use a running OpenAI-compatible server")
    for name in ("--data", "--fused", "--quantized", "--run-config"):
        group.addoption(name, metavar="PATH", help="what `pytest checks` looks at")


def read(config: pytest.Config, settings: Settings) -> EvalOptions:
    """Return the options; raise UsageError where they do not fit together."""
    option = config.getoption
    repeats, temperature = option("--eval-repeats"), option("--eval-temperature")
    if repeats < 1 or (repeats > 1 and temperature == 0):
        raise UsageError(
            f"--eval-repeats {repeats} at temperature {temperature:g}",
            "repeats say nothing there" if repeats > 1 else "no case would be asked",
            "Give --eval-temperature 0.3 or so." if repeats > 1 else "Give 1 or more.",
        )
    check_ranges(
        temperature=temperature,
        top_p=option("--eval-top-p"),
        repetition_penalty=option("--eval-repetition-penalty"),
        max_tokens=option("--eval-max-tokens"),
        timeout=option("--eval-timeout"),
    )
    url = option("--server-url", None)
    check_server_url(url, option("--adapter", None) or (), option("--candidate", None) or ())
    cache, no_cache = option("--eval-cache"), option("--no-eval-cache")
    check_cache(cache, disabled=no_cache)
    bounds = dict(settings.fail_under)
    for text in option("--eval-fail-under"):
        category, bound = parse_bound("--eval-fail-under", text)
        bounds[category] = bound
    baseline = gate_options.read(config)
    asked = parse_probes(option("--eval-probe"), temperature=temperature)
    return EvalOptions(
        model=option("--model", None),
        adapters=tuple(option("--adapter", None) or ()),
        candidates=tuple(parse_candidate(text) for text in option("--candidate", None) or ()),
        server_url=url,
        report=_path(option("--eval-report")),
        repeats=repeats,
        sampling=Sampling(
            temperature=temperature,
            top_p=option("--eval-top-p"),
            repetition_penalty=option("--eval-repetition-penalty"),
            max_tokens=option("--eval-max-tokens"),
        ),
        concurrency=parse_concurrency(option("--eval-concurrency")),
        timeout=option("--eval-timeout"),
        fail_under=bounds,
        cache=Path(cache) if cache else None,
        no_cache=no_cache,
        resume=Path(stopped) if (stopped := option("--eval-resume")) else None,
        baseline=baseline,
        lock=_path(option("--eval-lock")),
        verify=_path(option("--eval-verify")),
        probes=asked,
        gates_asked=bool(asked or baseline or option("--eval-fail-under")),
    )


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def parse_concurrency(text: str) -> int | None:
    """Read `--eval-concurrency`; None, for `auto`, lets the run find the number."""
    if text == "auto":
        return None
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise UsageError(
        f"--eval-concurrency {text}", "it is neither a count nor 'auto'", "Give for example 8."
    )


def parse_candidate(text: str) -> NamedCandidate:
    """Read `[NAME=]MODEL[:ADAPTER]`; an adapter's directory may stand in the place of a model.

    Without a name it gets that of the last directory.
    """
    before, found, after = text.partition("=")
    model, _, adapter = (after if found else text).partition(":")
    name = before if found else Path(adapter or model).name
    if not (name and model):
        raise UsageError(
            f"--candidate {text}",
            "it names no model",
            "Write for example --candidate q6=models/v3-q6 or --candidate v3=MODEL:adapters/v3.",
        )
    if name == BASE:
        raise UsageError(
            f"--candidate {text}",
            "'base' is the bare model, which the others are compared with",
            "Choose another name, or say --model MODEL --adapter base.",
        )
    if not adapter and (Path(model) / ADAPTER_WEIGHTS).is_file():
        return NamedCandidate(name=name, model=None, adapter=model)
    return NamedCandidate(name=name, model=model, adapter=adapter or None)


def repeat_command(config: pytest.Config, *, resume: str | None = None) -> str:
    """Return the command line of this run, quoted for a shell.

    With `resume` it goes on with this run: then it says nothing more of ending at a failure.
    """
    arguments = list(config.invocation_params.args)
    if resume is not None:
        arguments = [*_without_ends(arguments), "--eval-resume", resume]
    return shlex.join(["pytest", *arguments])


def _without_ends(arguments: Sequence[str]) -> list[str]:
    kept: list[str] = []
    words = iter(arguments)
    for word in words:
        if word in ("--eval-resume", "--maxfail"):
            next(words, None)
        elif word not in ("-x", "--exitfirst") and not word.startswith(
            ("--eval-resume=", "--maxfail=")
        ):
            kept.append(word)
    return kept
