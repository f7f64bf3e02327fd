"""What pytest-html shows of an evaluation; every text is escaped by the reporting."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from punie_train.pytest_plugin.case_files import holds_cases
from punie_train.pytest_plugin.finishing import CONCLUSION
from punie_train.pytest_plugin.keys import RESULT

if TYPE_CHECKING:
    from punie_train.evals.result import CaseResult

AFTER_TEST_ID = 2


class HtmlViews:
    """Hooks of pytest-html, registered only beside it and for sessions that lead to cases."""

    def __init__(self, config: pytest.Config):
        """Keep the configuration, which these hooks are not given."""
        self._config = config

    def pytest_html_results_table_header(self, cells: list[str]) -> None:
        """Insert the columns for score and outcome."""
        cells[AFTER_TEST_ID:AFTER_TEST_ID] = [
            '<th class="sortable" data-column-type="score">Score</th>',
            '<th class="sortable" data-column-type="end">Outcome</th>',
        ]

    def pytest_html_results_table_row(self, report: pytest.TestReport, cells: list[str]) -> None:
        """Insert the score and the outcome of a case, or empty cells."""
        from punie_train.reporting.html_summary import outcome_html, score_html

        result: CaseResult | None = getattr(report, "punie_result", None)
        cells[AFTER_TEST_ID:AFTER_TEST_ID] = [
            f'<td class="col-score">{score_html(result) if result else ""}</td>',
            f'<td class="col-end">{outcome_html(result) if result else ""}</td>',
        ]

    def pytest_html_results_summary(self, prefix: list[str]) -> None:
        """Put the summary above the table."""
        if (conclusion := self._config.stash.get(CONCLUSION, None)) is not None:
            from punie_train.reporting.html_summary import summary_html

            prefix.append(summary_html(conclusion.report))


def register_views(config: pytest.Config) -> None:
    """Add our columns and summary to an HTML report of a session whose arguments hold cases.

    Raises UsageError when the HTML report could not be written.
    """
    asked = getattr(config.option, "htmlpath", None)
    if asked and holds_cases(config.args, config.invocation_params.dir):
        from punie_train.pytest_plugin.planning import check_writable

        check_writable(Path(os.path.expandvars(asked)).expanduser(), "--html")
        config.pluginmanager.register(HtmlViews(config), "punie-train-html")


def attach(item: pytest.Item, report: pytest.TestReport) -> None:
    """Give a report its result, and the reply as an extra."""
    if (result := item.stash.get(RESULT, None)) is None:
        return
    report.__dict__["punie_result"] = result
    shown_at = "setup" if report.failed and report.when == "setup" else "call"
    if report.when == shown_at and getattr(item.config.option, "htmlpath", None):
        from punie_train.reporting.html_summary import case_extra_html

        extra: dict[str, Any] = {
            "name": None,
            "format_type": "html",
            "content": case_extra_html(result),
            "mime_type": None,
            "extension": None,
        }
        report.__dict__["extras"] = [*getattr(report, "extras", []), extra]
