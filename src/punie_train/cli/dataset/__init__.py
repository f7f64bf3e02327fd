"""`punie-train dataset`: look at training data and make better data of it."""

import typer

from punie_train.cli.dataset.filter import EXAMPLE as FILTER_EXAMPLE
from punie_train.cli.dataset.filter import filter_rows

app = typer.Typer(
    name="dataset",
    help="Look at training data and make better data of it.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
app.command("filter", epilog=FILTER_EXAMPLE)(filter_rows)


@app.callback()
def dataset() -> None:
    """Look at training data and make better data of it."""
