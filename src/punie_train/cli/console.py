"""The two streams of the command line: answers to standard output, the rest to standard error."""

import json
import sys
from typing import Any

from rich.console import Console
from rich.text import Text

from punie_train.core.errors import PunieTrainError


def answers() -> Console:
    """Return the console of what a program may read."""
    return Console(highlight=False, soft_wrap=True)


def remarks() -> Console:
    """Return the console of progress, warnings and errors."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def say_error(error: PunieTrainError) -> None:
    """Print the one message of a failure."""
    remarks().print(Text.assemble(("Error: ", "bold red"), str(error)))


def say_warning(text: str) -> None:
    """Print a warning."""
    remarks().print(Text.assemble(("Warning: ", "yellow"), text))


def say_data(value: Any) -> None:
    """Print a value as one line of JSON in ASCII, for a program."""
    sys.stdout.write(json.dumps(value, default=str) + "\n")
