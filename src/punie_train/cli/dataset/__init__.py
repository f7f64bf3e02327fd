"""`punie-train dataset`: look at training data and make better data of it."""

import typer

from punie_train.cli.dataset.filter import EXAMPLE as FILTER_EXAMPLE
from punie_train.cli.dataset.filter import filter_rows
from punie_train.cli.dataset.generate import EXAMPLE as GENERATE_EXAMPLE
from punie_train.cli.dataset.generate import generate
from punie_train.cli.dataset.stats import EXAMPLE as STATS_EXAMPLE
from punie_train.cli.dataset.stats import stats
from punie_train.cli.dataset.validate import EXAMPLE as VALIDATE_EXAMPLE
from punie_train.cli.dataset.validate import validate

app = typer.Typer(
    name="dataset",
    help="Look at training data and make better data of it.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
app.command("validate", epilog=VALIDATE_EXAMPLE)(validate)
app.command("stats", epilog=STATS_EXAMPLE)(stats)
app.command("filter", epilog=FILTER_EXAMPLE)(filter_rows)
app.command("generate", epilog=GENERATE_EXAMPLE)(generate)


@app.callback()
def dataset() -> None:
    """Look at training data and make better data of it."""
