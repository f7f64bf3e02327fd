"""What pytest-html shows of a check; every text is escaped."""

from punie_train.checks.result import CheckResult
from punie_train.reporting.check_words import code_lines, value_text
from punie_train.reporting.safe_text import html_line


def check_html(result: CheckResult) -> str:
    """Return the measured values as a table, and the findings as a list."""
    rows = "".join(
        f"<tr><th>{html_line(each.name)}</th><td>{html_line(value_text(each))}</td></tr>"
        for each in result.measured
    )
    found = "".join(
        f"<li><code>{html_line(code.rule.code)}</code> ({html_line(str(code.rule.severity))}): "
        f"{'<br>'.join(html_line(line) for line in code_lines(code, result))}</li>"
        for code in result.codes
    )
    return f'<table class="punie-check">{rows}</table><ul>{found}</ul>'
