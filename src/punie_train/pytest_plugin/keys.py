"""Where the plugin keeps its state."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from punie_train.evals.result import CaseResult
    from punie_train.pytest_plugin.check_session import CheckSession
    from punie_train.pytest_plugin.eval_session import EvalSession

SESSION: "pytest.StashKey[EvalSession]" = pytest.StashKey()
RESULT: "pytest.StashKey[CaseResult]" = pytest.StashKey()
CHECKS: "pytest.StashKey[CheckSession]" = pytest.StashKey()
