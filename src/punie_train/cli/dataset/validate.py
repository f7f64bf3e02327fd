"""`punie-train dataset validate`: is this data fit to be trained on?"""

import json
import sys
from collections import deque
from collections.abc import Iterable
from functools import partial

import typer

from punie_train.cli.console import answers
from punie_train.cli.dataset.bytes_bar import bytes_bar
from punie_train.cli.dataset.options import AsJson, Data
from punie_train.core.errors import ExitStatus
from punie_train.dataset.finding_counts import FindingCounts
from punie_train.dataset.inputs import open_dataset
from punie_train.dataset.rules import Finding
from punie_train.dataset.validation import Validation
from punie_train.reporting.finding_words import finding_lines
from punie_train.workflows.judged_rows import ALL_SOUND, read_judged_rows

EXAMPLE = """
[bold]Examples[/bold]

[cyan]punie-train dataset validate data/v3[/cyan]

Every finding with file, line, code, severity and message:
[cyan]punie-train dataset validate rows.jsonl --json > findings.json[/cyan]

Exit status 1 when there are errors; warnings alone end with 0.
"""


def validate(data: Data, *, json_output: AsJson = False) -> None:
    """Check every row: JSON, roles, content, calls, results, tools and their schemas."""
    source = open_dataset(data)
    counts = FindingCounts()
    with bytes_bar("validate", source) as on_bytes:
        validation = Validation(source, on_bytes, partial(read_judged_rows, together=ALL_SOUND))
        findings = counts.counted(validation.findings())
        if json_output:
            _say_json(findings, counts, validation)
        else:
            deque(findings, maxlen=0)
    if not json_output:
        for line in finding_lines(counts, validation.rows):
            answers().print(line, markup=False, emoji=False)
    if counts.errors:
        raise typer.Exit(ExitStatus.ANSWER_IS_NO)


def _say_json(findings: Iterable[Finding], counts: FindingCounts, validation: Validation) -> None:
    """Print one JSON object, the findings first: there may be more of them than memory holds."""
    write = sys.stdout.write
    write('{"findings": [')
    for number, finding in enumerate(findings):
        write((", " if number else "") + json.dumps(finding.to_json()))
    totals = {"errors": counts.errors, "warnings": counts.warnings, "rows": validation.rows}
    write("], " + json.dumps(totals)[1:] + "\n")
