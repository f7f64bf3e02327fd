"""Load case files: YAML in, a validated suite out, every complaint with file and line."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from punie_train.core.messages import Message
from punie_train.evals.case import Case, Suite
from punie_train.evals.case_expectations import read_expectation
from punie_train.evals.case_hash import content_hash, request_hash
from punie_train.evals.case_messages import read_messages
from punie_train.evals.case_scorers import read_scorers
from punie_train.evals.case_tools import Tools, known_tool, read_tools
from punie_train.evals.yaml_values import CaseFileError, YamlValue, did_you_mean, read_yaml

CATEGORIES = (
    "tool_calling",
    "code_generation",
    "reasoning",
    "discrimination",
    "conditional",
    "field_access",
    "iteration",
    "multi_step",
    "general",
    "agent",
)
"""The categories of the shipped suites; others are free to use their own."""

PHRASING_TAGS = ("new-phrasing", "known-phrasing")

_FILE_KEYS = ("suite", "defaults", "tools", "cases")
_DEFAULT_KEYS = ("category", "tags", "tools", "results", "max_turns", "scorers", "expect")
_CASE_KEYS = ("id", "prompt", "messages", *_DEFAULT_KEYS)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_-]*")

__all__ = ["CATEGORIES", "CaseFileError", "check_unique_ids", "load_suite"]


def load_suite(path: Path) -> Suite:
    """Return the suite in a case file; raises `CaseFileError` for anything it cannot use."""
    top = read_yaml(path)
    keys = top.keys_from(_FILE_KEYS, required=("suite", "cases"))
    name = _named(keys["suite"], "suite")
    defaults = keys["defaults"].keys_from(_DEFAULT_KEYS) if "defaults" in keys else {}
    if "tools" in keys:
        if "tools" in defaults:
            raise keys["tools"].error("the file gives default tools twice", "Remove one of them.")
        defaults = {**defaults, "tools": keys["tools"]}
    entries = keys["cases"].sequence()
    if not entries:
        raise keys["cases"].error("the suite has no case", "Add one (docs/cases.md).")
    cases = tuple(_read_case(entry, defaults, name) for entry in entries)
    suite = Suite(name=name, path=path, cases=cases)
    check_unique_ids((suite,))
    return suite


def check_unique_ids(suites: Iterable[Suite]) -> None:
    """Raise `CaseFileError` when an id stands twice in a suite, also over several files."""
    seen: dict[tuple[str, str], Case] = {}
    for case in (case for suite in suites for case in suite.cases):
        if (first := seen.setdefault((case.suite, case.id), case)) is not case:
            raise CaseFileError(
                case.path,
                case.line,
                f"the id {case.id!r} was given to the case at {first.path}:{first.line}",
                "results could not be told apart",
                "Choose another id.",
            )


def _read_case(value: YamlValue, defaults: Mapping[str, YamlValue], suite: str) -> Case:
    own = value.keys_from(_CASE_KEYS, required=("id",))
    case_id = own["id"].text()
    if not _SLUG.fullmatch(case_id):
        slug = re.sub(r"[^a-z0-9]+", "-", case_id.lower()).strip("-") or "read-readme"
        raise own["id"].error(f"the id {case_id!r} is not a slug", f"Write {slug!r}, for example.")
    value = YamlValue(value.node, value.path, f"the case {case_id!r}")
    keys = {**defaults, **value.keys_from(_CASE_KEYS)}
    for key in ("category", "expect"):
        if key not in keys:
            raise value.error(f"{value.what} has no {key!r}", f"Add {key!r} to it or 'defaults'.")
    specs = read_tools(keys.get("tools"))
    tools: Tools = {tool.name: tool for tool in specs}
    messages = _conversation(value, keys, tools)
    category = _category(keys["category"])
    expect = read_expectation(keys["expect"], tools)
    results, max_turns = _loop(keys, tools)
    scorers = read_scorers(keys.get("scorers"), expect, own="scorers" in own)
    return Case(
        id=case_id,
        suite=suite,
        category=category,
        messages=messages,
        tools=specs,
        expect=expect,
        tags=_tags(keys["tags"]) if "tags" in keys else (),
        results=results,
        max_turns=max_turns,
        scorers=scorers,
        path=value.path,
        line=value.line,
        content_hash=content_hash(
            category=category,
            messages=messages,
            tools=specs,
            expect=expect,
            results=results,
            max_turns=max_turns,
            scorers=scorers,
        ),
        request_hash=request_hash(messages, specs, results, max_turns),
    )


def _conversation(
    value: YamlValue, keys: Mapping[str, YamlValue], tools: Tools
) -> tuple[Message, ...]:
    match "prompt" in keys, "messages" in keys:
        case True, False:
            return (Message(role="user", content=keys["prompt"].filled_text()),)
        case False, True:
            return read_messages(keys["messages"], tools)
    problem = "both a prompt and messages" if "prompt" in keys else "neither a prompt nor messages"
    raise value.error(f"{value.what} has {problem}", "Give one of the two.")


def _loop(keys: Mapping[str, YamlValue], tools: Tools) -> tuple[Mapping[str, tuple[str, ...]], int]:
    max_turns = keys["max_turns"].count() if "max_turns" in keys else 1
    if "results" not in keys:
        return {}, max_turns
    entries = keys["results"].mapping()
    for name, entry in entries.items():
        known_tool(entry, name, tools)
    if max_turns == 1:
        raise keys["results"].error(
            "the results are never shown, because the case has one turn", "Add 'max_turns: 3'."
        )
    return {name: entry.texts() for name, entry in entries.items()}, max_turns


def _tags(value: YamlValue) -> tuple[str, ...]:
    tags = value.texts() if value.kind == "text" or value.sequence() else ()
    if all(tag in tags for tag in PHRASING_TAGS):
        raise value.error(f"{value.what} says both {' and '.join(PHRASING_TAGS)}", "Remove one.")
    for tag in tags:
        if tag not in PHRASING_TAGS and (near := did_you_mean(tag, PHRASING_TAGS, cutoff=0.8)):
            raise value.error(f"unknown tag {tag!r}", f"Did you mean {near!r}?")
    return tags


def _category(value: YamlValue) -> str:
    name = _named(value, "category")
    if name not in CATEGORIES and (near := did_you_mean(name, CATEGORIES, cutoff=0.8)):
        raise value.error(f"unknown category {name!r}", f"Did you mean {near!r}?")
    return name


def _named(value: YamlValue, what: str) -> str:
    if not _NAME.fullmatch(name := value.text()):
        raise value.error(
            f"the {what} {name!r} is not a plain name", "Use small letters, digits, '_' and '-'."
        )
    return name
