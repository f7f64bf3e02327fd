"""`def test_check(check): check()`: one item for each artifact and check."""

import re
from typing import TYPE_CHECKING

import pytest

from punie_train.checks.catalogue import Check, Stage, checks_of
from punie_train.core.errors import PunieTrainError
from punie_train.pytest_plugin.keys import CHECKS

if TYPE_CHECKING:
    from punie_train.checks.result import CheckResult
    from punie_train.pytest_plugin.check_session import CheckSession
    from punie_train.workflows.check_plan import Artifact

FIXTURE = "check"
NO_SETTINGS = (
    "the project has no [tool.punie-train] table: nothing is checked. Add the table to "
    'pyproject.toml, with data = "..." in it. [F62]'
)
NOTHING = (
    "there is nothing to look at: nothing is checked. Give --data, --adapter, --fused or "
    "--quantized, or write data or adapter into [tool.punie-train]. [F62]"
)


class CheckCall:
    """What a test function calls: passes, or fails in words."""

    def __init__(self, session: "CheckSession", check: Check, artifact: "Artifact") -> None:
        """Keep which check of which artifact it is."""
        self.session, self.check, self.artifact = session, check, artifact
        self.result: CheckResult | None = None

    def __call__(self) -> None:
        """Fail the test with what was found; skip it where the check has nothing to say."""
        from punie_train.reporting.check_words import failure_message

        try:
            self.result = result = self.session.result(self)
        except PunieTrainError as error:
            pytest.fail(str(error), pytrace=False)
        if result is None:
            pytest.skip(f"{self.artifact.name} cannot be read, see the first check")
        if result.skipped is not None:
            pytest.skip(result.skipped)
        if not result.passed:
            pytest.fail(failure_message(result), pytrace=False)


class Refusal:
    """What is called where nothing can be checked."""

    def __init__(self, message: str) -> None:
        """Keep the message."""
        self._message = message

    def __call__(self) -> None:
        """Fail in words."""
        pytest.fail(self._message, pytrace=False)


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Make the items of a function that takes `check`, unless somebody else gives it one."""
    own_fixture = metafunc.definition._fixtureinfo.name2fixturedefs.get(FIXTURE)  # noqa: SLF001
    if own_fixture or any(map(_names_it, metafunc.definition.iter_markers("parametrize"))):
        return
    session = metafunc.config.stash.get(CHECKS, None)
    if session is None:
        metafunc.parametrize(FIXTURE, [pytest.param(Refusal(NO_SETTINGS), id="no-settings")])
        return
    session.collected = True
    params = [
        pytest.param(
            CheckCall(session, check, artifact),
            id=safe_id(f"{artifact.name}-{check.name}"),
            marks=getattr(pytest.mark, check.stage.value),
        )
        for artifact in session.artifacts
        for check in checks_of(artifact.stage)
    ]
    metafunc.parametrize(FIXTURE, params or [pytest.param(Refusal(NOTHING), id="nothing")])


def _names_it(mark: pytest.Mark) -> bool:
    """Say whether a mark parametrizes `check` itself."""
    names = mark.args[0] if mark.args else mark.kwargs.get("argnames", ())
    given = names.split(",") if isinstance(names, str) else names
    return FIXTURE in [name.strip() for name in given]


def register_markers(config: pytest.Config) -> None:
    """Make the stages known as markers."""
    for stage in Stage:
        words = stage.replace("_", " ")
        config.addinivalue_line("markers", f"{stage}: checks {words} (`pytest checks -m {stage}`)")


def call_of(item: pytest.Item) -> CheckCall | None:
    """Return what an item calls, None for an item that is none of ours."""
    callspec = getattr(item, "callspec", None)
    call = callspec.params.get(FIXTURE) if callspec else None
    return call if isinstance(call, CheckCall) else None


def safe_id(name: str) -> str:
    """Return a name as an id: pytest-html shows ids as they are."""
    return re.sub(r"[^\w./-]", "_", name, flags=re.ASCII)
