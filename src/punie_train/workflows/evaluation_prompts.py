"""Collect what the evaluation asks, so that training data can be kept clear of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from punie_train.core.errors import UsageError
from punie_train.evals.case import Case
from punie_train.evals.case_discovery import case_files
from punie_train.evals.case_files import load_suite


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPrompts:
    """The case files, and what users ask in them, each with the name of its case."""

    files: tuple[Path, ...]
    prompts: tuple[tuple[str, str], ...]


def evaluation_prompts(places: Sequence[Path]) -> NamedPrompts:
    """Return every user message of the cases in files and below directories.

    A file that is named is one of cases, whatever it begins with. Raises UsageError for a place
    without a case file, CaseFileError for one that cannot be used.
    """
    files: list[Path] = []
    for place in places:
        found = [place] if place.is_file() else list(case_files([place]))
        if not found:
            raise UsageError(
                f"{place} {'holds no case file' if place.exists() else 'does not exist'}",
                "there is nothing that the data could be compared with",
                "Give the directory of your evaluation cases, or a .yaml file of a suite.",
            )
        files += [path for path in found if path not in files]
    cases = (case for path in files for case in load_suite(path).cases)
    return NamedPrompts(
        files=tuple(files), prompts=tuple(prompt for case in cases for prompt in _prompts(case))
    )


def _prompts(case: Case) -> Iterator[tuple[str, str]]:
    for message in case.messages:
        if message.role == "user" and message.content:
            yield f"{case.suite}/{case.id}", message.content
