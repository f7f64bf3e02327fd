"""Evaluation cases from the grammar: its phrasings, with names that no corpus has."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import yaml

from punie_train.core.agent_tools import TYPED_RESULTS
from punie_train.core.messages import Message, ToolCall
from punie_train.evals.code_reading.read_code import read_code
from punie_train.starter.grammar.agent_calls import MAKERS, simple
from punie_train.starter.grammar.chains import chain
from punie_train.starter.grammar.conditionals import conditional
from punie_train.starter.grammar.direct import topic
from punie_train.starter.grammar.follow_ups import followed
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.parallel_calls import parallel
from punie_train.starter.grammar.requests import about_one, bare
from punie_train.starter.grammar.samples import Sample
from punie_train.starter.grammar.workflows import multi_step

_HEADER = (
    "# Made by `punie-train starter build --stage data`: the grammar's phrasings, held-out names.\n"
)
EQUAL: Mapping[str, tuple[str, ...]] = {
    "typecheck.success": ("typecheck.error_count", "typecheck.errors"),
    "typecheck.error_count": ("typecheck.errors",),
    "typecheck.warning_count": ("typecheck.errors.severity",),
    "ruff_check.success": ("ruff_check.violation_count", "ruff_check.violations"),
    "ruff_check.violation_count": ("ruff_check.violations",),
    "ruff_check.fixable_count": ("ruff_check.violations.fixable",),
    "pytest_run.success": ("pytest_run.failed", "pytest_run.tests.outcome"),
    "pytest_run.passed": ("pytest_run.tests.outcome",),
    "pytest_run.failed": ("pytest_run.tests.outcome",),
    "pytest_run.skipped": ("pytest_run.tests.outcome",),
    "pytest_run.duration": ("pytest_run.tests.duration",),
}
"""Fields that answer a question as well as the one the grammar had in mind."""

SEED = 3
_PER_CATEGORY = 6
Maker = Callable[[Random, Names], Sample]


def prompts_of(evals: Path) -> list[str]:
    """Return what the user says in every case of the case files below a directory."""
    found: dict[str, None] = {}
    for path in sorted(evals.glob("*/*.y*ml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for case in document.get("cases", ()):
            messages = case.get("messages") or [{"role": "user", "content": case.get("prompt", "")}]
            found.update((str(m["content"]), None) for m in messages if m["role"] == "user")
    return list(found)


def known_cases(seed: int) -> dict[str, dict[str, Any]]:
    """Return the documents of the known-phrasing case files by suite name."""
    rng = Random(f"cases-{seed}")
    names = Names(rng, "heldout")
    return {
        "tool_calling": {
            "suite": "tool_calling",
            "defaults": {"category": "tool_calling"},
            "cases": list(_tool_calling(rng, names)),
        },
        "field_access": {
            "suite": "field_access",
            "cases": list(_field_access(rng, names)),
        },
    }


def write_known_cases(evals: Path, seed: int) -> tuple[Path, ...]:
    """Write `known.yaml` of each suite and return the paths."""
    written = []
    for suite, document in known_cases(seed).items():
        path = evals / suite / "known.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
        path.write_text(_HEADER + text, encoding="utf-8")
        written.append(path)
    return tuple(written)


def _tool_calling(rng: Random, names: Names) -> Iterator[dict[str, Any]]:
    for tool in MAKERS:
        for number in (1, 2):
            sample = simple(rng, names, tool)
            yield _case(f"known-{_slug(tool)}-{number}", "simple", sample, calls=_calls(sample))
    for number in range(1, 6):
        sample = simple(rng, names)
        yield _case(f"known-choose-{number}", "multiple", sample, calls=_calls(sample))
    for number in range(1, 7):
        sample = parallel(rng, names)
        yield _case(f"known-parallel-{number}", "parallel", sample, calls=_calls(sample))
    for number in range(1, 5):
        made = chain(rng, names)
        results = {made.steps[0].name: f'{{"terminal_id": "{made.terminal}"}}'}
        results |= {one.name: f"{names.word()} ok" for one in made.steps[1:]}
        yield {
            "id": f"known-chain-{number}",
            "tags": ["known-phrasing", "multi-turn"],
            "prompt": made.text,
            "results": results,
            "max_turns": len(made.steps) + 1,
            "expect": {"calls": [_call(one) for one in made.steps]},
        }
    for number in range(1, 4):
        sample = followed(rng, names)
        yield _case(f"known-follow-up-{number}", "multi-turn", sample, calls=_calls(sample))
    for number in range(1, 5):
        sample = topic(rng, names)
        yield _case(f"known-no-call-{number}", "irrelevance", sample, no_call=True)


def _field_access(rng: Random, names: Names) -> Iterator[dict[str, Any]]:
    for number in range(1, _PER_CATEGORY + 1):
        if number % 2:
            sample = bare(rng, names)
            expect: dict[str, Any] = {"code": _code(sample)}
        else:
            sample = topic(rng, names)
            expect = {"no_call": True}
        case = _case(f"known-discrimination-{number}", "", sample, **expect)
        yield {**case, "category": "discrimination"}
    makers: tuple[tuple[str, Maker], ...] = (
        ("conditional", conditional),
        ("field_access", lambda r, n: about_one(r, n, "field_access")),
        ("iteration", lambda r, n: about_one(r, n, "iteration")),
        ("multi_step", multi_step),
    )
    for category, maker in makers:
        for number in range(1, _PER_CATEGORY + 1):
            sample = _measurable(maker, rng, names)
            fields = _leaves(sample.fields)
            case = _case(
                f"known-{_slug(category)}-{number}",
                "",
                sample,
                code=_code(sample),
                fields=fields,
            )
            yield {**case, "category": category}


def _measurable(maker: Maker, rng: Random, names: Names) -> Sample:
    """Return a sample whose code calls nothing but its typed tools."""
    while True:
        sample = maker(rng, names)
        calls = read_code(str(sample.calls[0].arguments["code"])).calls
        if all(call.name in TYPED_RESULTS for call in calls):
            return sample


def _leaves(fields: tuple[str, ...]) -> list[str | list[str]]:
    """Return the fields that are not merely the way to another one, with what answers equally."""
    leaves = (f for f in fields if not any(other.startswith(f"{f}.") for other in fields))
    return [[field, *EQUAL[field]] if field in EQUAL else field for field in leaves]


def _case(name: str, kind: str, sample: Sample, **expect: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"prompt": sample.prompt}
    if len(sample.history) > 1:
        said = {"messages": [_message(message) for message in sample.history]}
    tags = ["known-phrasing", *([kind] if kind else [])]
    return {"id": name, "tags": tags, **said, "expect": expect}


def _message(message: Message) -> dict[str, Any]:
    written: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.name:
        written["name"] = message.name
    if message.tool_calls:
        written["tool_calls"] = [_call(one) for one in message.tool_calls]
    return written


def _calls(sample: Sample) -> list[Mapping[str, Any]]:
    return [_call(one) for one in sample.calls]


def _call(one: ToolCall) -> dict[str, Any]:
    return {one.name: dict(one.arguments)}


def _code(sample: Sample) -> list[dict[str, Any]]:
    return [{tool: {"path": path}} for tool, path in sample.typed]


def _slug(text: str) -> str:
    return text.replace("_", "-")
