"""`punie-train fuse`: put an adapter's weights into its base model."""

from pathlib import Path
from typing import Annotated

import typer

from punie_train.core.settings import find_settings

EXAMPLE = """
[bold]Examples[/bold]

A model that needs no adapter any more:
[cyan]punie-train fuse --adapter adapters/v3 --output fused/v3[/cyan]

Then smaller, and both measured beside the adapter:
[cyan]punie-train quantize fused/v3 --output quantized/v3-6bit --bits 6
pytest evals --candidate adapter=starter:adapters/v3 --candidate fused=fused/v3
--candidate quantized=quantized/v3-6bit[/cyan]
"""


def fuse(
    *,
    adapter: Annotated[Path, typer.Option(help="Adapter directory.", show_default=False)],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Directory of the new model.", show_default=False)
    ],
    model: Annotated[
        str | None,
        typer.Option(
            help="Base model; default: the adapter's, then the settings', then the starter.",
            show_default=False,
        ),
    ] = None,
    no_dequantize: Annotated[
        bool,
        typer.Option(
            "--no-dequantize",
            help="Round the sum to the bits of a quantized base again: small, and the adapter's "
            "effect may be rounded away. Without it the new model is not quantized.",
        ),
    ] = False,
    probes: Annotated[
        int,
        typer.Option(
            help="How many prompts to ask adapter, bare model and new model, to compare their "
            "replies; 0: none.",
            min=0,
        ),
    ] = 12,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the fused or quantized model that is there.")
    ] = False,
    json_output: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Fuse an adapter with its base model, and measure how much of it is left.

    Tokenizer, chat template, generation config and end tokens stay those of the base. The output
    appears when the model is proven; retention.json beside it says what is left of the adapter in
    every layer, and where replies differ.
    """
    from punie_train.cli.convert_view import convert_and_tell
    from punie_train.workflows.conversion_plan import plan_fuse

    settings = find_settings(Path.cwd())
    plan = plan_fuse(
        adapter,
        output,
        model=model,
        dequantize=not no_dequantize,
        probes=probes,
        settings=settings,
    )
    convert_and_tell(plan, settings=settings, force=force, json_output=json_output)
