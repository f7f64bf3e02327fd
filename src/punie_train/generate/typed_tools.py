"""Rows in code mode whose results come from ty, ruff and pytest, run on generated projects."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from punie_train.core.agent_tools import TYPED_RESULTS
from punie_train.core.code_observations import RunEnd
from punie_train.core.typed_results import RuffResult, TypedResult
from punie_train.generate.drafts import Draft, Talk
from punie_train.generate.field_access import MAKERS
from punie_train.generate.lint_fixes import lint_fix
from punie_train.generate.plain_names import PlainNames
from punie_train.generate.projects import Project, project
from punie_train.generate.real_results import Run, real_results
from punie_train.generate.typed_answers import answer
from punie_train.generate.without_call import unclear_check
from punie_train.sandbox.run_code import Sandbox
from punie_train.sandbox.scripts import FINDINGS
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.requests import bare
from punie_train.starter.grammar.samples import Sample

PROJECTS = 6
"""Projects that the tools are run on at once."""
QUESTIONS = 24
"""Questions about one project."""
LONGEST_OUTPUT = 1500
WITHOUT_CALL = 0.33
"""Requests without a path beside each question about a project."""


@dataclass(frozen=True, slots=True)
class _ProjectNames(PlainNames):
    """Paths of a project; whatever else is asked for is made up."""

    made: Project | None = field(default=None, kw_only=True)

    def python_path(self) -> str:
        """Return a path that can be type-checked and linted."""
        return self.rng.choice(self.made.checked if self.made else ())

    def test_path(self) -> str:
        """Return a path with tests."""
        if self.made is None:
            return ""
        return self.rng.choice((*self.made.tests, *self.made.tests, self.made.package))


def typed_tools(rng: Random, sandbox: Sandbox, seed: str) -> Iterator[Draft]:
    """Yield drafts without end; the three tools take turns.

    Raises ToolFailedError when a tool does not work.
    """
    names, number = PlainNames(rng), 0
    while True:
        number += 1
        projects = _projects(rng, names)
        with tempfile.TemporaryDirectory(prefix="punie-train-") as name:
            for made in projects:
                made.write(Path(name))
            paths = [path for made in projects for path in made.checked]
            known = real_results(Path(name), paths, seed=f"{seed} {number}")
        for made in projects:
            for sample in _samples(rng, made):
                if (draft := _with_result(rng, sample, sandbox, known)) is not None:
                    yield draft
                if rng.random() < WITHOUT_CALL:
                    yield unclear_check(rng, names)
            for path in made.modules:
                before = known["ruff_check", path]
                if isinstance(before, RuffResult) and (fix := lint_fix(rng, made, path, before)):
                    yield fix


def _projects(rng: Random, names: PlainNames) -> list[Project]:
    """Return projects that can lie in one workspace: no module of one is named as another's."""
    found: list[Project] = []
    taken: set[str] = set()
    while len(found) < PROJECTS:
        made = project(rng, names)
        stems = {Path(path).name for path in made.modules}
        if taken & (stems | {made.package}):
            continue
        taken |= stems | {made.package}
        found.append(made)
    return found


def _samples(rng: Random, made: Project) -> Iterator[Sample]:
    """Yield questions that the project's paths can answer, about every tool."""
    names: Names = _ProjectNames(rng, made=made)
    testable, turn = {*made.tests, made.package}, 0
    while turn < QUESTIONS:
        wanted = tuple(TYPED_RESULTS)[turn % len(TYPED_RESULTS)]
        sample = rng.choice((bare, *MAKERS))(rng, names)
        if sample.typed[0][0] == wanted and all(
            tool != "pytest_run" or path in testable for tool, path in sample.typed
        ):
            turn += 1
            yield sample


def _with_result(
    rng: Random, sample: Sample, sandbox: Sandbox, known: Mapping[Run, TypedResult]
) -> Draft | None:
    """Return the question with its call, what the code printed, and the reply; None if nothing."""
    answers: dict[str, tuple[TypedResult, ...]] = {}
    for run in sample.typed:
        answers[run[0]] = (*answers.get(run[0], ()), known[run])
    code = str(sample.calls[0].arguments["code"])
    done = sandbox.run(code, FINDINGS.with_answers(**answers))
    output = done.output.strip()
    called = [(one.name, one.arguments["path"]) for one in done.calls if one.name in TYPED_RESULTS]
    if done.end is not RunEnd.DONE or not output or len(output) > LONGEST_OUTPUT:
        return None
    for tool in TYPED_RESULTS:
        wanted = [run for run in sample.typed if run[0] == tool]
        real = [run for run in called if run[0] == tool]
        if real != wanted[: len(real)]:
            return None
    talk = Talk(sample.prompt)
    talk.step(sample.calls[0], output)
    ended = talk.end(answer(rng, sample, output), sample.category, *sample.tags)
    return Draft(sample=replace(ended, typed=sample.typed, fields=sample.fields))
