"""`punie-train dataset stats`: what the data holds, in numbers."""

from punie_train.cli.console import answers, say_data
from punie_train.cli.dataset.options import AsJson, Data
from punie_train.dataset.inputs import open_dataset
from punie_train.dataset.stats import dataset_stats
from punie_train.reporting.stats_words import stats_lines

EXAMPLE = """
[bold]Examples[/bold]

[cyan]punie-train dataset stats data/v3[/cyan]

[cyan]punie-train dataset stats rows.jsonl --json[/cyan]
"""


def stats(data: Data, *, json_output: AsJson = False) -> None:
    """Count rows, messages, characters, roles, tools and categories of each split."""
    splits = dataset_stats(open_dataset(data))
    if json_output:
        say_data({"splits": {name: split.to_json() for name, split in splits.items()}})
        return
    for line in stats_lines(splits, width=max(40, answers().width)):
        answers().print(line, markup=False, emoji=False)
