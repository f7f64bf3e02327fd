"""The bar: what a release is measured by, frozen as hashes, so that nobody moves it unseen."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from punie_train.evals.case import Suite
from punie_train.evals.gates import GatePolicy

SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Hashes of cases (by `suite::id`) and of tools (by name), thresholds and the gates' policy.

    A tool that is not the same in all cases has the hash of all its forms. Thresholds are 0.0 to
    1.0 by `overall` or category.
    """

    cases: Mapping[str, str]
    tools: Mapping[str, str]
    thresholds: Mapping[str, float]
    policy: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the bar as JSON values."""
        return {"schema": SCHEMA, **{name: dict(part) for name, part in asdict(self).items()}}


class UnreadableBarError(ValueError):
    """A JSON value that is no bar; the message says why."""


def bar_of(suites: Iterable[Suite], policy: GatePolicy, extra: Mapping[str, Any]) -> Bar:
    """Return the bar of suites and a policy; `extra` are further parts of the policy."""
    cases, forms = {}, {}
    for case in (case for suite in suites for case in suite.cases):
        cases[f"{case.suite}::{case.id}"] = case.content_hash
        for tool in case.tools:
            forms.setdefault(tool.name, set()).add(json.dumps(tool.to_openai(), sort_keys=True))
    return Bar(
        cases=dict(sorted(cases.items())),
        tools={name: _hash("\n".join(sorted(forms[name]))) for name in sorted(forms)},
        thresholds=dict(sorted(policy.fail_under.items())),
        policy={
            "release": policy.release,
            "max_unavailable": policy.max_unavailable,
            "delivered_under": policy.delivered_under,
            **extra,
        },
    )


def bar_from_json(value: Any) -> Bar:
    """Return the bar in a JSON value; raises `UnreadableBarError`."""
    if not isinstance(value, dict) or value.get("schema") != SCHEMA:
        raise UnreadableBarError(f"it is not of schema {SCHEMA}")
    parts = {}
    for name in ("cases", "tools", "thresholds", "policy"):
        if not isinstance(part := value.get(name), dict):
            raise UnreadableBarError(f"{name!r} is missing")
        parts[name] = part
    return Bar(**parts)


def moved(locked: Bar, now: Bar) -> list[str]:
    """Return in words what is not as it was locked, empty when nothing moved."""
    return [
        *_differences("case", locked.cases, now.cases, "was edited"),
        *_differences("tool", locked.tools, now.tools, "was changed"),
        *_differences("threshold", locked.thresholds, now.thresholds),
        *_differences("policy", locked.policy, now.policy),
    ]


def _differences(
    what: str, old: Mapping[str, Any], new: Mapping[str, Any], edited: str = ""
) -> list[str]:
    said = []
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            said.append(f"{what} {name} is missing")
        elif name not in old:
            said.append(f"{what} {name} is new")
        elif old[name] != new[name]:
            said.append(f"{what} {name} " + (edited or f"was {old[name]} and is {new[name]}"))
    return said


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
