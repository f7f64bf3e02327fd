"""What a session shows of its checks: JUnit properties, an extra of pytest-html, a section."""

from typing import Any

import pytest

from punie_train.checks.catalogue import CATALOGUE
from punie_train.pytest_plugin.check_items import call_of

SHOWN = "punie_check"
_NAME = 24


def note_properties(item: pytest.Item, when: str) -> None:
    """Give an item what was measured, before its report is made."""
    call = call_of(item)
    if call is not None and call.result is not None and when == "call":
        from punie_train.reporting.check_words import properties

        item.user_properties += properties(call.result)


def attach(item: pytest.Item, report: pytest.TestReport) -> None:
    """Give a report the lines for the terminal (they reach it through xdist too), and an extra."""
    call = call_of(item)
    if call is None or call.result is None or report.when != "call":
        return
    from punie_train.reporting.check_words import measured_text, warning_lines
    from punie_train.reporting.safe_text import one_line

    result = call.result
    report.__dict__[SHOWN] = {
        "artifact": call.artifact.name,
        "check": call.check.name,
        "order": CATALOGUE.index(call.check),
        "measured": [f"skipped: {one_line(result.skipped)}"]
        if result.skipped
        else [measured_text(each) for each in result.measured],
        "warnings": list(warning_lines(result)),
    }
    if getattr(item.config.option, "htmlpath", None):
        from punie_train.reporting.check_html import check_html

        extra: dict[str, Any] = {
            "name": None,
            "format_type": "html",
            "content": check_html(result),
            "mime_type": None,
            "extension": None,
        }
        report.__dict__["extras"] = [*getattr(report, "extras", []), extra]


def show(terminal: pytest.TerminalReporter) -> None:
    """Print what was measured and what is worth a look; nothing without checks."""
    reports = [report for found in terminal.stats.values() for report in found]
    shown = [vars(report)[SHOWN] for report in reports if SHOWN in getattr(report, "__dict__", {})]
    for artifact in dict.fromkeys(one["artifact"] for one in shown):
        mine = [one for one in shown if one["artifact"] == artifact]
        mine.sort(key=lambda one: one["order"])
        terminal.section(f"checks of {artifact}")
        for one in mine:
            for position, line in enumerate(one["measured"]):
                name = one["check"] if position == 0 else ""
                terminal.write_line(f"{name:<{_NAME}} {line}")
        for one in mine:
            for line in one["warnings"]:
                mark = "" if line.startswith(" ") else f"warning: {one['check']}: "
                terminal.write_line(f"{mark}{line}", yellow=True)
