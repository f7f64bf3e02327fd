"""The pytest plugin: every hook says in one line who does the work.

A session without evaluations is left alone; nothing heavy is imported before one is collected.
"""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from punie_train.core.errors import PunieTrainError
from punie_train.core.settings import read_settings
from punie_train.pytest_plugin import check_items, check_views, options
from punie_train.pytest_plugin.keys import CHECKS, SESSION

if TYPE_CHECKING:
    from punie_train.pytest_plugin.case_files import CaseFile
    from punie_train.pytest_plugin.functions import AskableModel, Scorebook


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the options; the short names only where the project has settings of ours."""
    config = pluginmanager.get_plugin("pytestconfig")
    root = getattr(config, "rootpath", None) or Path.cwd()
    options.register(parser, short_names=_in_words(read_settings, root).active)


def pytest_configure(config: pytest.Config) -> None:
    """Read settings and options once; set up a session only in a project of ours."""
    config.addinivalue_line("markers", "eval_case(category): an evaluation, and its category")
    check_items.register_markers(config)
    settings = _in_words(read_settings, config.rootpath)
    if settings.active:
        from punie_train.pytest_plugin import html_report, probes
        from punie_train.pytest_plugin.check_session import CheckSession
        from punie_train.pytest_plugin.eval_session import EvalSession

        read = _in_words(options.read, config, settings)
        _in_words(probes.add_general, config, read.probes)
        config.stash[SESSION] = _in_words(EvalSession, config, settings, read)
        config.stash[CHECKS] = _in_words(CheckSession, config, settings)
        _in_words(html_report.register_views, config)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the general suite to its probe."""
    if SESSION not in config.stash:
        return None
    from punie_train.pytest_plugin.probes import leaves_out

    return leaves_out(collection_path, config, config.stash[SESSION].options.probes) or None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "CaseFile | None":
    """Collect case files."""
    if SESSION not in parent.config.stash:
        return None
    from punie_train.pytest_plugin.case_files import collect_file

    return collect_file(file_path, parent)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run free-form evaluations once per adapter, and `check` once per artifact and check."""
    if check_items.FIXTURE in metafunc.fixturenames:
        check_items.parametrize(metafunc)
    if SESSION in metafunc.config.stash and "model" in metafunc.fixturenames:
        from punie_train.pytest_plugin.functions import parametrize

        parametrize(metafunc)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Group the items by adapter."""
    if (session := config.stash.get(SESSION, None)) is not None:
        from punie_train.pytest_plugin.items import order_by_group

        order_by_group(items, session.group_names)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Resolve model and adapters before the first item runs."""
    evaluation = session.config.stash.get(SESSION, None)
    if evaluation is not None and not session.config.option.collectonly:
        _in_words(evaluation.plan, session.items)
        _in_words(session.config.stash[CHECKS].select, session.items)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> object:
    """Run free-form evaluations that are async."""
    if SESSION not in pyfuncitem.config.stash or "model" not in pyfuncitem.fixturenames:
        return None
    from punie_train.pytest_plugin.functions import run_coroutine

    return run_coroutine(pyfuncitem)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Attach the result of a case or a check to its report."""
    check_views.note_properties(item, call.when)
    report = yield
    check_views.attach(item, report)
    if SESSION in item.config.stash:
        from punie_train.pytest_plugin import functions, html_report, items

        items.tell_setup_error(call, report)
        functions.conclude(item, call)
        items.count_skipped(item, report)
        html_report.attach(item, report)
    return report


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Give malformed and truncated their own letters; they count as failed."""
    result = getattr(report, "punie_result", None)
    if result is not None and report.when == "call" and report.failed:
        match result.outcome:
            case "malformed":
                return "failed", "M", "MALFORMED"
            case "truncated":
                return "failed", "T", "TRUNCATED"
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Let a model go after its last function."""
    result = yield
    if (session := item.config.stash.get(SESSION, None)) is not None:
        session.finished(item)
    return result


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Close the server, write the report, let the gates decide."""
    if SESSION in session.config.stash:
        from punie_train.pytest_plugin.finishing import finish

        session.config.stash[CHECKS].close()
        finish(session)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Show the table, and what checks measured."""
    check_views.show(terminalreporter)
    if SESSION in config.stash:
        from punie_train.pytest_plugin.finishing import show

        show(terminalreporter, config)


@pytest.fixture(scope="session")
def adapter(request: pytest.FixtureRequest) -> str:
    """Return the name of the adapter that the session is at; `base` is the bare model."""
    return getattr(request, "param", "")


@pytest.fixture
def model(request: pytest.FixtureRequest, adapter: str) -> "AskableModel":
    """Return the live model: `await model.ask("...")`."""
    from punie_train.pytest_plugin.functions import askable

    return askable(request, adapter)


@pytest.fixture
def score(request: pytest.FixtureRequest) -> "Scorebook":
    """Return a callable that records a score: `score("name", 0.5, "reason")`."""
    from punie_train.pytest_plugin.functions import scorebook

    return scorebook(request)


def _in_words(function: Any, *arguments: Any) -> Any:
    """Call it, and turn a failure of ours into pytest's usage error: one message."""
    try:
        return function(*arguments)
    except PunieTrainError as error:
        raise pytest.UsageError(str(error)) from error
