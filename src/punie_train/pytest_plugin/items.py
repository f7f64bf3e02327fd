"""A pytest item: one case under one adapter, once."""

from pathlib import Path
from typing import Any

import pytest

from punie_train.core.errors import PunieTrainError
from punie_train.core.outcomes import Outcome
from punie_train.evals.case import Case
from punie_train.pytest_plugin.keys import RESULT, SESSION
from punie_train.workflows.evaluate import Key

SHOWN_CHARACTERS = 600
"""How much of a reply the terminal shows; the transcript page has all of it."""

SHOWN_WIDTH = 100


class CaseNotPassedError(Exception):
    """A case that did not pass; the text is the whole explanation."""


class CaseItem(pytest.Item):
    """One case under one adapter."""

    case: Case
    group: str
    repeat: int

    @classmethod
    def of(cls, parent: pytest.Collector, case: Case, group: str, repeat: int) -> "CaseItem":
        """Make the item; its id is a slug and never the prompt."""
        suffix = f"-r{repeat}" if repeat > 1 else ""
        name = f"{case.id}{suffix}[{group}]"
        # pytest 9.2 reads a bracket in a given id as parameters, in a mere name it does not: with
        # the name alone --lf would never find the item again.
        item: CaseItem = cls.from_parent(parent, name=name, nodeid=f"{parent.nodeid}::{name}")
        item.case, item.group, item.repeat = case, group, repeat
        for tag in (case.category, *case.tags):
            item.extra_keyword_matches.add(tag)
        item.add_marker(pytest.mark.eval_case(category=case.category, suite=case.suite))
        return item

    @property
    def key(self) -> Key:
        """Return what tells this item's reply from all others."""
        return (self.group, str(self.path), self.case.id, self.repeat)

    def setup(self) -> None:
        """Wait for the reply; one that is not the model's fault is an error, never a score."""
        result = self.stash[RESULT] = self.config.stash[SESSION].result(self)
        self.user_properties += [("outcome", str(result.outcome)), ("score", result.score)]
        if result.outcome is Outcome.UNAVAILABLE:
            raise CaseNotPassedError(f"unavailable: {result.reason}")

    def runtest(self) -> None:
        """Fail with the scorers' reasons unless the case passed."""
        result = self.stash[RESULT]
        if result.outcome is not Outcome.PASSED:
            raise CaseNotPassedError(
                f"{result.outcome}: {result.reason}\n"
                f"prompt: {shown(result.prompt)}\nreply: {shown(result.reply)}"
            )

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Tell the failure in its own words, without a traceback."""
        return in_words(excinfo) or super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return file, line (from 0) and name of the case."""
        return self.path, self.case.line - 1, self.name


def in_words(excinfo: pytest.ExceptionInfo[BaseException] | None) -> str | None:
    """Return the message of an error of ours, None for any other."""
    if excinfo is not None and isinstance(excinfo.value, CaseNotPassedError | PunieTrainError):
        return str(excinfo.value)
    return None


def tell_setup_error(call: pytest.CallInfo[Any], report: pytest.TestReport) -> None:
    """Give an error of the setup our words too: pytest asks `repr_failure` for calls only."""
    if call.when == "setup" and (words := in_words(call.excinfo)):
        report.longrepr = words


def count_skipped(item: pytest.Item, report: pytest.TestReport) -> None:
    """Count a function that its author skips: the run is not incomplete by it."""
    if report.skipped and RESULT not in item.stash and group_of(item):
        item.config.stash[SESSION].skipped += 1


def shown(text: str) -> str:
    """Return model text for a terminal: nothing invisible, short, no line without end."""
    from punie_train.reporting.safe_text import lines

    clean = lines(text)
    cut = clean if len(clean) <= SHOWN_CHARACTERS else f"{clean[:SHOWN_CHARACTERS]} ..."
    return "\n".join(
        line[start : start + SHOWN_WIDTH]
        for line in cut.split("\n")
        for start in range(0, max(len(line), 1), SHOWN_WIDTH)
    )


def order_by_group(items: list[pytest.Item], names: tuple[str, ...]) -> None:
    """Sort the items by adapter, so that a server loads each once; otherwise keep the order."""
    place = {name: index for index, name in enumerate(names)}
    items.sort(key=lambda item: place.get(group_of(item) or "", -1))


def group_of(item: pytest.Item) -> str | None:
    """Return the name of the adapter that an item is about."""
    if isinstance(item, CaseItem):
        return item.group
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("adapter") if callspec and needs_model(item) else None


def needs_model(item: pytest.Item) -> bool:
    """Say whether a test function asks the live model; fixtures of a project's own are not it."""
    info = getattr(item, "_fixtureinfo", None)
    if info is None or not {"model", "adapter"} <= set(info.names_closure):
        return False
    return bool(
        (known := info.name2fixturedefs.get("adapter"))
        and known[-1].func.__module__ == "punie_train.pytest_plugin"
    )
