"""The root of the punie-train command."""

import importlib
import importlib.metadata
import importlib.util
import signal
import sys
from typing import Annotated

import typer

from punie_train.cli.bench import EXAMPLE as BENCH_EXAMPLE
from punie_train.cli.bench import bench
from punie_train.cli.compare import EXAMPLE as COMPARE_EXAMPLE
from punie_train.cli.compare import compare_reports
from punie_train.cli.console import answers, say_error
from punie_train.cli.diagnose import EXAMPLE as DIAGNOSE_EXAMPLE
from punie_train.cli.diagnose import diagnose
from punie_train.cli.doctor import EXAMPLE as DOCTOR_EXAMPLE
from punie_train.cli.doctor import doctor
from punie_train.cli.fuse import EXAMPLE as FUSE_EXAMPLE
from punie_train.cli.fuse import fuse
from punie_train.cli.init import EXAMPLE as INIT_EXAMPLE
from punie_train.cli.init import init
from punie_train.cli.journal import EXAMPLE as JOURNAL_EXAMPLE
from punie_train.cli.journal import journal
from punie_train.cli.parse import EXAMPLE as PARSE_EXAMPLE
from punie_train.cli.parse import parse_reply
from punie_train.cli.quantize import EXAMPLE as QUANTIZE_EXAMPLE
from punie_train.cli.quantize import quantize
from punie_train.cli.robustness import EXAMPLE as ROBUSTNESS_EXAMPLE
from punie_train.cli.robustness import robustness
from punie_train.cli.run import EXAMPLE, run
from punie_train.cli.score import EXAMPLE as SCORE_EXAMPLE
from punie_train.cli.score import score
from punie_train.cli.search import EXAMPLE as SEARCH_EXAMPLE
from punie_train.cli.search import search
from punie_train.cli.serve import EXAMPLE as SERVE_EXAMPLE
from punie_train.cli.serve import serve
from punie_train.cli.system_errors import in_words
from punie_train.cli.tune import EXAMPLE as TUNE_EXAMPLE
from punie_train.cli.tune import tune
from punie_train.core.errors import PunieTrainError

GROUPS = ("dataset", "starter")
EPILOG = """
[bold]Examples[/bold]

Train an adapter of the model that ships with the package:
[cyan]punie-train run data/v1 --output adapters/mine[/cyan]

Measure it beside the bare model:
[cyan]pytest evals --adapter base --adapter adapters/mine[/cyan]

Every command explains itself with --help.
"""

app = typer.Typer(
    name="punie-train",
    help="Train small local models so that they call tools correctly, and prove that they do.",
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("run", epilog=EXAMPLE)(run)
app.command("fuse", epilog=FUSE_EXAMPLE)(fuse)
app.command("quantize", epilog=QUANTIZE_EXAMPLE)(quantize)
app.command("compare", epilog=COMPARE_EXAMPLE)(compare_reports)
app.command("serve", epilog=SERVE_EXAMPLE)(serve)
app.command("bench", epilog=BENCH_EXAMPLE)(bench)
app.command("diagnose", epilog=DIAGNOSE_EXAMPLE)(diagnose)
app.command("doctor", epilog=DOCTOR_EXAMPLE)(doctor)
app.command("init", epilog=INIT_EXAMPLE)(init)
app.command("journal", epilog=JOURNAL_EXAMPLE)(journal)
app.command("parse", epilog=PARSE_EXAMPLE)(parse_reply)
app.command("robustness", epilog=ROBUSTNESS_EXAMPLE)(robustness)
app.command("search", epilog=SEARCH_EXAMPLE)(search)
app.command("score", epilog=SCORE_EXAMPLE)(score)
app.command("tune", epilog=TUNE_EXAMPLE)(tune)
for group in GROUPS:
    if importlib.util.find_spec(f"punie_train.cli.{group}"):
        app.add_typer(importlib.import_module(f"punie_train.cli.{group}").app, name=group)


def _say_version(asked: bool) -> None:
    if asked:
        answers().print(f"punie-train {importlib.metadata.version('punie-train')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Train small local models so that they call tools correctly, and prove that they do."""


def main() -> None:
    """Run the command line; a failure is one message and an exit status, never a traceback."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app()
    except PunieTrainError as error:
        say_error(error)
        sys.exit(error.status)
    except OSError as error:
        if (known := in_words(error)) is None:
            raise
        say_error(known)
        sys.exit(known.status)
