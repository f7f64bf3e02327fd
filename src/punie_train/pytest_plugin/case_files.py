"""Case files are collected like test files, in projects that have settings of ours."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from punie_train.core.errors import PunieTrainError
from punie_train.evals.case_discovery import case_files, is_case_file
from punie_train.pytest_plugin.items import CaseItem
from punie_train.pytest_plugin.keys import SESSION
from punie_train.pytest_plugin.probes import is_general


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
        general = is_general(self.path, self.config.rootpath)
        for name in session.group_names:
            if name == session.only_general and not general:
                continue
            for case in suite.cases:
                for repeat in range(1, session.options.repeats + 1):
                    yield CaseItem.of(self, case, name, repeat)


def collect_file(path: Path, parent: pytest.Collector) -> CaseFile | None:
    """Return a collector for a case file, None for anything else."""
    if SESSION in parent.config.stash and is_case_file(path):
        return CaseFile.from_parent(parent, path=path)
    return None


def holds_cases(arguments: list[str], start: Path) -> bool:
    """Say whether any of pytest's arguments leads to a case file."""
    return any(case_files(start / argument.partition("::")[0] for argument in arguments))
