"""`punie-train dataset prune`: from raw to modern rows in steps that can be compared."""

from pathlib import Path
from typing import Annotated

import typer

from punie_train.cli.console import answers, say_data, say_warning
from punie_train.cli.dataset.bytes_bar import bytes_bar
from punie_train.cli.dataset.operation import say_report
from punie_train.cli.dataset.options import AsJson, Data, Output, Seed
from punie_train.workflows.prune_dataset import prune_dataset, standard_steps

EXAMPLE = """
[bold]Example[/bold]

[cyan]punie-train dataset prune data/raw --output data/pruned --hand-authored data/hand[/cyan]

Step A removes what is not English, B Python 2, C what does not run on 3.10 or is older style, D
merges the hand-authored rows. Each is a dataset in --output with a report, to train on and to
evaluate: a-english, b-python-3, c-python-3.10, d-hand-authored. recipe.json has the counts.
"""


def prune(
    data: Data,
    *,
    output: Output,
    hand_authored: Annotated[
        Path | None,
        typer.Option(help="Dataset that step D merges; without it D is left out."),
    ] = None,
    seed: Seed = 0,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the steps that stand at --output.")
    ] = False,
    json_output: AsJson = False,
) -> None:
    """Prune in steps A to D, each a directory and a report."""
    steps = prune_dataset(
        data,
        output,
        steps=standard_steps(),
        hand_authored=hand_authored,
        seed=seed,
        force=force,
        progress=bytes_bar,
    )
    if json_output:
        values = [
            {
                "step": one.step.letter.upper(),
                "directory": one.step.directory,
                "report": one.report.to_json(),
            }
            for one in steps
        ]
        say_data({"steps": values})
        return
    for one in steps:
        answers().print(f"step {one.step.letter.upper()}", markup=False)
        say_report(one.report, one.path, json_output=False)
    if hand_authored is None:
        say_warning("step D was left out: give --hand-authored DIR to merge your own rows")
