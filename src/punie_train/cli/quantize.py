"""`punie-train quantize`: store a model in fewer bits."""

from pathlib import Path
from typing import Annotated

import typer

from punie_train.core.settings import find_settings

EXAMPLE = """
[bold]Examples[/bold]

[cyan]punie-train quantize fused/v3 --output quantized/v3-6bit --bits 6[/cyan]

A model that was fused by another program:
[cyan]punie-train quantize theirs --output quantized/theirs --adapter adapters/v3[/cyan]
"""
DEFAULT_BITS, DEFAULT_GROUP_SIZE = 6, 64


def quantize(
    model: Annotated[
        str,
        typer.Argument(
            help="Directory or repository of a model that is not quantized, or `starter`.",
            show_default=False,
        ),
    ],
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Directory of the new model.", show_default=False)
    ],
    bits: Annotated[
        int | None,
        typer.Option(
            help="Bits a weight: 2, 3, 4, 5, 6 or 8; default 6, or the mode's own.",
            show_default=False,
        ),
    ] = None,
    group_size: Annotated[
        int | None,
        typer.Option(
            help="Weights that share a scale: 32, 64 or 128; default 64, or the mode's own.",
            show_default=False,
        ),
    ] = None,
    mode: Annotated[str, typer.Option(help="affine, mxfp4, nvfp4 or mxfp8.")] = "affine",
    adapter: Annotated[
        Path | None,
        typer.Option(
            help="Adapter whose effect is looked for; default: the one MODEL was fused from.",
            show_default=False,
        ),
    ] = None,
    base: Annotated[
        str | None,
        typer.Option(
            help="Base model of that adapter; default: the adapter's own.", show_default=False
        ),
    ] = None,
    probes: Annotated[
        int,
        typer.Option(help="How many prompts to ask, to compare replies; 0: none.", min=0),
    ] = 12,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the fused or quantized model that is there.")
    ] = False,
    json_output: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Quantize a model, and measure how much of the adapter in it is left.

    What was written is proven to have the bits and the group size asked for; tokenizer, chat
    template, generation config and end tokens stay as they are.
    """
    from punie_train.cli.convert_view import convert_and_tell
    from punie_train.mlx.convert_job import FIXED_MODES
    from punie_train.workflows.conversion_plan import plan_quantize

    default_bits, default_group = FIXED_MODES.get(mode, (DEFAULT_BITS, DEFAULT_GROUP_SIZE))
    settings = find_settings(Path.cwd())
    plan = plan_quantize(
        model,
        output,
        bits=default_bits if bits is None else bits,
        group_size=default_group if group_size is None else group_size,
        mode=mode,
        adapter=adapter,
        base=base,
        probes=probes,
        settings=settings,
    )
    convert_and_tell(plan, settings=settings, force=force, json_output=json_output)
