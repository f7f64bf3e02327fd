"""`punie-train serve`: base and adapter on a port, for an agent."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from punie_train.cli.console import answers, remarks, say_data, say_warning
from punie_train.core.errors import ExitStatus
from punie_train.core.settings import find_settings

EXAMPLE = """
[bold]Examples[/bold]

An adapter on port 8080, for any OpenAI client:
[cyan]punie-train serve --adapter adapters/v3[/cyan]

Its base model beside it:
[cyan]punie-train serve --adapter base --port 8081[/cyan]

Then, for example:
[cyan]curl http://127.0.0.1:8080/v1/chat/completions -H 'Content-Type: application/json'
-d '{"model": "gpt-4", "messages": [{"role": "user", "content": "Hello"}]}'[/cyan]
"""
OPEN_HOSTS = ("0.0.0.0", "::", "")  # noqa: S104 - named to warn of them


def serve(
    *,
    adapter: Annotated[
        str | None,
        typer.Option(
            help="Adapter directory, or `base` for the bare model; default: the settings' adapter, "
            "then the bare model.",
            show_default=False,
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            help="Base model; default: the adapter's, then the settings', then the starter.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(help="Default 8080; 0 takes a free one.", min=0, max=65535),
    ] = None,
    host: Annotated[str | None, typer.Option(help="Default 127.0.0.1.")] = None,
    json_output: Annotated[
        bool, typer.Option("--json", help="Print one line of JSON when it is ready.")
    ] = False,
) -> None:
    """Serve base and adapter until Ctrl-C, whatever model name the agent sends.

    Before it is ready, the adapter is proven to be live and the server to hand over the calls that
    the model writes.
    """
    from punie_train.processes.stop_signals import stop_signals
    from punie_train.workflows import opening
    from punie_train.workflows.serve import plan_serve
    from punie_train.workflows.serve import serve as serve_plan

    settings = find_settings(Path.cwd())
    plan = plan_serve(model=model, adapter=adapter, host=host, port=port, settings=settings)
    if note := opening.end_orphans():
        say_warning(note)
    if plan.host in OPEN_HOSTS:
        say_warning(f"--host {plan.host}: whoever reaches this machine can ask, without a key.")
    remarks().print(f"Loading {plan.candidate.name} and proving it ...", markup=False)

    def on_ready(ready: Any) -> None:
        if json_output:
            say_data(_as_json(plan, ready))
            sys.stdout.flush()
            return
        for line in _as_words(plan, ready):
            answers().print(line, markup=False, emoji=False)

    async def until_stopped() -> bool:
        with stop_signals() as stop:
            return await serve_plan(
                plan,
                stop=stop,
                on_ready=on_ready,
                on_restart=lambda: say_warning(
                    "the model server died and was started again, and answers as before. "
                    "It is done once."
                ),
            )

    was_ready = asyncio.run(until_stopped())
    remarks().print("Stopped." if was_ready else "Stopped before it was ready.")
    if not was_ready:
        raise typer.Exit(ExitStatus.COULD_NOT)


def _as_json(plan: Any, ready: Any) -> dict[str, Any]:
    candidate = plan.candidate
    return {
        "base_url": f"{ready.url}/v1",
        "health_url": f"{ready.url}/health",
        "name": candidate.name,
        "model": candidate.model_name,
        "adapter": str(candidate.adapter) if candidate.adapter else None,
        "applied": ready.attestation.applied,
        "reason": ready.attestation.reason,
        "calls": {
            "asked": ready.delivery.asked,
            "written": ready.delivery.written,
            "delivered": ready.delivery.delivered,
        },
        "log": str(ready.log),
    }


def _as_words(plan: Any, ready: Any) -> list[str]:
    candidate, seen = plan.candidate, ready.delivery
    what = f"{candidate.model_name} with adapter {candidate.adapter}"
    calls = f"{seen.delivered} of {seen.written} handed over: {', '.join(seen.formats)}"
    return [
        f"Serving {what if candidate.adapter else candidate.model_name} at {ready.url}/v1",
        f"  proof  {ready.attestation.reason}",
        f"  calls  {calls if seen.written else 'none written when asked for some'}",
        "",
        "Settings of the agent (any OpenAI client):",
        f"  base URL  {ready.url}/v1",
        "  API key   any text, such as none",
        f"  model     any name, such as {candidate.name}",
        "",
        f"Is it well? {ready.url}/health; log: {ready.log}",
        "Stop it with Ctrl-C.",
    ]
