"""`punie-train diagnose`: does the model emit what its training data taught?"""

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from punie_train.cli.console import answers, remarks, say_data
from punie_train.core.errors import ExitStatus
from punie_train.core.settings import find_settings
from punie_train.evals.diagnosis import Diagnosis, ProbeReply
from punie_train.evals.scorers.values import describe_call
from punie_train.reporting.safe_text import lines, one_line

EXAMPLE = """
[bold]Examples[/bold]

An adapter, asked what its own training data taught:
[cyan]punie-train diagnose --adapter adapters/v3[/cyan]

The bare model on some data, for a program:
[cyan]punie-train diagnose --data data/v1 --json[/cyan]

A question of your own:
[cyan]punie-train diagnose --adapter adapters/v3 --prompt "Stop terminal t-5."[/cyan]
"""


def diagnose(
    *,
    adapter: Annotated[
        Path | None,
        typer.Option(help="Adapter directory; default: the bare model.", show_default=False),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            help="Base model; default: the adapter's, then the starter.", show_default=False
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            help="Training data; default: the adapter's own, where it still is.",
            show_default=False,
        ),
    ] = None,
    prompt: Annotated[
        list[str] | None,
        typer.Option(
            help="Ask this instead of what the data asks; repeatable.", show_default=False
        ),
    ] = None,
    count: Annotated[int, typer.Option(help="How many rows of the data to ask.", min=1)] = 5,
    json_output: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show raw replies, their format, their calls and whether the server delivers them.

    When the model does not emit what its training data taught, the remedies follow in the order
    in which to try them. The exit status is then 1.
    """
    from punie_train.workflows.diagnose import examine, prepare

    settings = find_settings(Path.cwd())
    patient = prepare(
        model=model,
        adapter=adapter,
        data=data,
        prompts=prompt or (),
        count=count,
        settings=settings,
    )
    console = remarks()
    console.print(f"Asking {patient.candidate.name} {len(patient.questions)} questions.")
    with (
        tempfile.TemporaryDirectory() as place,
        Progress(console=console, disable=not console.is_terminal, transient=True) as bar,
    ):
        task = bar.add_task("replies", total=len(patient.questions))
        examined = examine(
            patient,
            settings=settings,
            log=Path(place) / "server.log",
            on_reply=lambda: bar.advance(task),
        )
        found = asyncio.run(examined)
    if json_output:
        say_data(_as_json(found))
    else:
        for line in _as_words(found):
            answers().print(line, markup=False, emoji=False)
    if not found.healthy:
        raise typer.Exit(ExitStatus.ANSWER_IS_NO)


def _as_json(found: Diagnosis) -> dict[str, Any]:
    return {
        "healthy": found.healthy,
        "taught_format": found.taught,
        "template_format": found.template,
        "right": found.right,
        "replies": [
            {
                "prompt": one.prompt,
                "reply": one.reply,
                "format": one.format,
                "strict": one.strict,
                "calls": [
                    {"name": call.name, "arguments": dict(call.arguments)} for call in one.calls
                ],
                "malformed": list(one.malformed),
                "delivered": one.delivered,
                "finding": one.finding,
            }
            for one in found.replies
        ],
        "remedies": list(found.remedies),
    }


def _as_words(found: Diagnosis) -> list[str]:
    said = [line for one in found.replies for line in _reply(one)]
    said += [
        f"taught format: {found.taught}; the model's template: {found.template}",
        f"{found.right} of {len(found.replies)} replies are as taught",
    ]
    if found.remedies:
        said += ["", "try, in this order:"]
        said += [f"  {number}. {text}" for number, text in enumerate(found.remedies, start=1)]
    return said


def _reply(one: ProbeReply) -> list[str]:
    delivered = {True: "yes", False: "no", None: "n/a"}[one.delivered]
    return [
        f"prompt: {one_line(one.prompt)}",
        "raw reply:",
        *(f"  | {line}" for line in lines(one.reply).split("\n")),
        f"format: {one.format}; delivered by the server: {delivered}; {one.finding}",
        *(f"call: {one_line(describe_call(call))}" for call in one.calls),
        *(f"malformed: {one_line(reason)}" for reason in one.malformed),
        "",
    ]
