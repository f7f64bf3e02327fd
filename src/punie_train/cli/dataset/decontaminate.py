"""`punie-train dataset decontaminate`: keep training data clear of the evaluation."""

from pathlib import Path
from typing import Annotated

import typer

from punie_train.cli.dataset.operation import operate
from punie_train.cli.dataset.options import AsJson, Data, Force, Output

EXAMPLE = """
[bold]Examples[/bold]

Against the cases in evals/:
[cyan]punie-train dataset decontaminate data/raw --output data/clean[/cyan]

Against more than one place:
[cyan]punie-train dataset decontaminate data/raw -o data/b --against evals --against a.yaml[/cyan]

A row goes when a message (the system prompt aside) is a case's prompt, holds one of five words or
more, or has at least half of its 5-word runs; of prompts of three or four words, when a user says
it. Case, spaces and punctuation make no difference. Phrases in more than 0.5 % of the rows do not
count, except where the prompt is there as a whole. removed.jsonl names the case.
"""


def decontaminate(
    data: Data,
    *,
    output: Output,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PATH",
            help="Directory of case files, or one; give it again for more. Default: evals.",
            show_default=False,
        ),
    ] = None,
    force: Force = False,
    json_output: AsJson = False,
) -> None:
    """Remove rows that hold a prompt of an evaluation case (F40)."""
    from punie_train.dataset.leak_filter import LeakFilter
    from punie_train.dataset.leakage import EvaluationPrompts
    from punie_train.workflows.evaluation_prompts import evaluation_prompts

    found = evaluation_prompts(against or [Path("evals")])
    leaks = LeakFilter(
        prompts=EvaluationPrompts(found.prompts), against=tuple(map(str, found.files))
    )
    operate("decontaminate", data, output, [leaks], force=force, json_output=json_output)
