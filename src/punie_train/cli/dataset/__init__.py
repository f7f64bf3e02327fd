"""`punie-train dataset`: look at training data and make better data of it."""

import typer

from punie_train.cli.dataset.audit import EXAMPLE as AUDIT_EXAMPLE
from punie_train.cli.dataset.audit import audit
from punie_train.cli.dataset.convert import EXAMPLE as CONVERT_EXAMPLE
from punie_train.cli.dataset.convert import convert
from punie_train.cli.dataset.decontaminate import EXAMPLE as DECONTAMINATE_EXAMPLE
from punie_train.cli.dataset.decontaminate import decontaminate
from punie_train.cli.dataset.dedupe import EXAMPLE as DEDUPE_EXAMPLE
from punie_train.cli.dataset.dedupe import dedupe
from punie_train.cli.dataset.download import EXAMPLE as DOWNLOAD_EXAMPLE
from punie_train.cli.dataset.download import download_rows
from punie_train.cli.dataset.filter import EXAMPLE as FILTER_EXAMPLE
from punie_train.cli.dataset.filter import filter_rows
from punie_train.cli.dataset.generate import EXAMPLE as GENERATE_EXAMPLE
from punie_train.cli.dataset.generate import generate
from punie_train.cli.dataset.merge import EXAMPLE as MERGE_EXAMPLE
from punie_train.cli.dataset.merge import merge
from punie_train.cli.dataset.prune import EXAMPLE as PRUNE_EXAMPLE
from punie_train.cli.dataset.prune import prune
from punie_train.cli.dataset.redact import EXAMPLE as REDACT_EXAMPLE
from punie_train.cli.dataset.redact import redact
from punie_train.cli.dataset.split import EXAMPLE as SPLIT_EXAMPLE
from punie_train.cli.dataset.split import split
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
app.command("audit", epilog=AUDIT_EXAMPLE)(audit)
app.command("download", epilog=DOWNLOAD_EXAMPLE)(download_rows)
app.command("validate", epilog=VALIDATE_EXAMPLE)(validate)
app.command("stats", epilog=STATS_EXAMPLE)(stats)
app.command("filter", epilog=FILTER_EXAMPLE)(filter_rows)
app.command("convert", epilog=CONVERT_EXAMPLE)(convert)
app.command("merge", epilog=MERGE_EXAMPLE)(merge)
app.command("split", epilog=SPLIT_EXAMPLE)(split)
app.command("prune", epilog=PRUNE_EXAMPLE)(prune)
app.command("dedupe", epilog=DEDUPE_EXAMPLE)(dedupe)
app.command("decontaminate", epilog=DECONTAMINATE_EXAMPLE)(decontaminate)
app.command("redact", epilog=REDACT_EXAMPLE)(redact)
app.command("generate", epilog=GENERATE_EXAMPLE)(generate)


@app.callback()
def dataset() -> None:
    """Look at training data and make better data of it."""
