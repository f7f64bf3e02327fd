"""`punie-train dataset dedupe`: keep the first of all rows that are alike."""

from typing import Annotated

import typer

from punie_train.cli.dataset.compare_bar import compare_bar
from punie_train.cli.dataset.operation import operate
from punie_train.cli.dataset.options import AsJson, Data, Force, Output
from punie_train.dataset.likeness import THRESHOLD, Likeness

EXAMPLE = """
[bold]Examples[/bold]

Exact, normalized and near copies, each counted:
[cyan]punie-train dataset dedupe data/raw --output data/unique[/cyan]

Only rows that are the same but for case, spaces, punctuation and ids:
[cyan]punie-train dataset dedupe data/raw --output data/unique --up-to normalized[/cyan]

Variants of one template are often similar by 0.6; look at them before you lower the bound:
[cyan]punie-train dataset dedupe data/raw --output data/unique --threshold 0.6[/cyan]

Two rows are near copies when their sets of 5-word runs, system prompts and tools left out, have a
Jaccard index of the threshold or more. It is counted, not estimated: no pair is missed. The first
row stays, in the order train, valid, test, so that nothing in valid or test stands in train.
removed.jsonl names for each row the one that stayed.
"""


def dedupe(
    data: Data,
    *,
    output: Output,
    up_to: Annotated[
        Likeness, typer.Option(help="How alike rows must be to go; each includes those before it.")
    ] = Likeness.NEAR,
    threshold: Annotated[
        float, typer.Option(help="Similarity of near copies, above 0 and up to 1.")
    ] = THRESHOLD,
    force: Force = False,
    json_output: AsJson = False,
) -> None:
    """Remove rows that say again what an earlier row says."""
    from punie_train.dataset.duplicate_filter import copy_filters

    with compare_bar() as on_compared:
        operations = copy_filters(up_to=up_to, threshold=threshold, on_compared=on_compared)
        operate("dedupe", data, output, operations, force=force, json_output=json_output)
