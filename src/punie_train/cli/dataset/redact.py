"""`punie-train dataset redact`: take out what no model should learn by heart."""

from typing import Annotated

import typer

from punie_train.cli.dataset.operation import operate
from punie_train.cli.dataset.options import AsJson, Data, Force, Output
from punie_train.core.errors import UsageError
from punie_train.dataset.redact_filter import Redacted, RedactRows

EXAMPLE = """
[bold]Examples[/bold]

Secrets, and marks of a generator such as "(example 17)":
[cyan]punie-train dataset redact data/raw --output data/safe[/cyan]

Secrets only:
[cyan]punie-train dataset redact data/raw --output data/safe --no-markers[/cyan]

Keys and tokens of known issuers, private keys, passwords in URLs and in assignments become words
such as REDACTED_AWS_KEY; a mark goes and leaves the sentence. Other rows stay byte for byte. The
report says kind and place, never the secret. A secret that was in training data has been read by
others: revoke it. Passwords of letters only are not found.
"""


def redact(
    data: Data,
    *,
    output: Output,
    secrets: Annotated[
        bool, typer.Option("--secrets/--no-secrets", help="Replace secrets by placeholders (F47).")
    ] = True,
    markers: Annotated[
        bool, typer.Option("--markers/--no-markers", help="Take out marks of a generator (F41).")
    ] = True,
    force: Force = False,
    json_output: AsJson = False,
) -> None:
    """Replace secrets in rows by placeholders, and take out numbered marks."""
    wanted = {Redacted.SECRETS: secrets, Redacted.MARKERS: markers}
    operations = [RedactRows(what) for what, asked in wanted.items() if asked]
    if not operations:
        raise UsageError(
            "both --no-secrets and --no-markers are given",
            "every row would stay as it is",
            "Leave one of them out.",
        )
    operate("redact", data, output, operations, force=force, json_output=json_output)
