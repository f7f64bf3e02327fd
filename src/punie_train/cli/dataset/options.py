"""Arguments and options that several dataset commands share."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path,
    typer.Argument(
        metavar="DIR",
        help="Dataset directory, or one .jsonl file.",
        show_default=False,
    ),
]
Output = Annotated[
    Path, typer.Option("--output", "-o", help="Directory of the new dataset.", show_default=False)
]
Force = Annotated[
    bool, typer.Option("--force", help="Replace the dataset that stands at --output.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Seed = Annotated[int, typer.Option(help="Seed of every draw: the same seed, the same bytes.")]
SOURCES = (
    "sample, dolma-wiki, redpajama-stackexchange, kodcode, codesearchnet-python, toucan-python"
)
