"""Case files are collected like test files, in projects that have settings of ours."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from punie_train.core.errors import PunieTrainError
from punie_train.pytest_plugin.items import CaseItem
from punie_train.pytest_plugin.keys import SESSION

HEAD_BYTES = 4096


class CaseFile(pytest.File):
    """A YAML file of cases."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the items of each adapter, in file order."""
        from punie_train.evals.case_files import load_suite

        session = self.config.stash[SESSION]
        try:
            suite = load_suite(self.path)
        except PunieTrainError as error:
            raise self.CollectError(str(error)) from error
        session.suites.append(suite)
        for name in session.group_names:
            for case in suite.cases:
                for repeat in range(1, session.options.repeats + 1):
                    yield CaseItem.of(self, case, name, repeat)


def collect_file(path: Path, parent: pytest.Collector) -> CaseFile | None:
    """Return a collector for a case file, None for anything else."""
    if SESSION in parent.config.stash and is_case_file(path):
        return CaseFile.from_parent(parent, path=path)
    return None


def is_case_file(path: Path) -> bool:
    """Say whether a file is YAML that begins with the name of a suite."""
    if path.suffix not in {".yaml", ".yml"}:
        return False
    with path.open("rb") as stream:
        return any(line.startswith(b"suite:") for line in stream.read(HEAD_BYTES).splitlines())


def holds_cases(arguments: list[str], start: Path) -> bool:
    """Say whether any of pytest's arguments leads to a case file."""
    for argument in arguments:
        path = start / argument.partition("::")[0]
        files = path.rglob("*.y*ml") if path.is_dir() else [path] if path.is_file() else []
        if any(is_case_file(file) for file in files):
            return True
    return False
