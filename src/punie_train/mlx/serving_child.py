"""The serving process: shows what mlx-lm's trainer and its server make of the same rows.

Started as `python -m punie_train.mlx.serving_child JOB.json RESULT.json`. It loads the tokenizer
and no weights, and runs the server's own code: what cuts a prompt into tokens, what splits a reply
into text and calls, and the parser that the model's files make it pick.
"""

import copy
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from mlx_lm.generate import TextStateMachine, make_text_state_machine
from mlx_lm.server import CompletionRequest, ResponseGenerator, ToolCallFormatter
from mlx_lm.tuner.datasets import create_dataset
from mlx_lm.utils import load_config, load_tokenizer


def main(arguments: Sequence[str]) -> int:
    """Do the job; returns the exit status."""
    source, target = (Path(argument) for argument in arguments)
    job = json.loads(source.read_text(encoding="utf-8"))
    model = Path(job["model"])
    ends = load_config(model).get("eos_token_id")
    trained = served = load_tokenizer(model, eos_token_ids=ends)
    if job["template"]:
        served = load_tokenizer(model, {"chat_template": job["template"]}, eos_token_ids=ends)
    rows = [_row(trained, served, row, job["template_args"]) for row in job["rows"]]
    result = {"marks": _marks(served), "rows": rows}
    target.write_text(json.dumps(result), encoding="utf-8")
    return 0


def _marks(tokenizer: Any) -> dict[str, int]:
    """Return how many tokens each mark around a call is; none where the server has no parser."""
    marks = (tokenizer.tool_call_start, tokenizer.tool_call_end)
    return {mark: len(tokenizer.encode(mark, add_special_tokens=False)) for mark in marks if mark}


def _row(
    trained: Any, tokenizer: Any, row: Mapping[str, Any], template_args: Mapping[str, Any]
) -> dict[str, Any]:
    try:
        training, _ = create_dataset([row["row"]], trained, SimpleNamespace()).process(row["row"])
        serving = _prompt(tokenizer, row, template_args)
    except Exception as error:  # noqa: BLE001 - a template is a program that fails in any way it likes
        return {"error": f"{type(error).__name__}: {error}"[:500]}
    shared = sum(1 for _ in _while_equal(training, serving))
    taught = training[len(serving) :] if shared == len(serving) else training[shared:]
    reply = _until_end(taught, tokenizer.eos_token_ids)
    text = tokenizer.decode(reply)
    return {
        "training": len(training),
        "serving": len(serving),
        "shared": shared,
        "trained_piece": tokenizer.decode(training[shared : shared + 12]),
        "served_piece": tokenizer.decode(serving[shared : shared + 12]),
        "ends": len(reply) < len(taught),
        "text": text,
        **_delivered(tokenizer, text, row["tools"]),
    }


def _prompt(tokenizer: Any, row: Mapping[str, Any], template_args: Mapping[str, Any]) -> list[int]:
    """Return the tokens that the server makes of a request, by its own code."""
    request = CompletionRequest("chat", "", copy.deepcopy(row["given"]), row["tools"], None)
    server: Any = SimpleNamespace(
        model_provider=SimpleNamespace(
            processor=None, cli_args=SimpleNamespace(chat_template_args=dict(template_args))
        )
    )
    args = SimpleNamespace(chat_template_kwargs=None)
    return list(ResponseGenerator._tokenize(server, tokenizer, request, args)[0])  # noqa: SLF001


def _while_equal(left: Sequence[int], right: Sequence[int]) -> Iterator[int]:
    for one, other in zip(left, right, strict=False):
        if one != other:
            return
        yield one


def _until_end(tokens: Sequence[int], ends: frozenset[int]) -> list[int]:
    for index, token in enumerate(tokens):
        if token in ends:
            return list(tokens[:index])
    return list(tokens)


def _delivered(tokenizer: Any, text: str, tools: Any) -> dict[str, Any]:
    """Return the calls that the server would hand over for a reply, or why it would crash."""
    if not tokenizer.has_tool_calling:
        return {"delivered": []}
    machine = make_text_state_machine(tokenizer, [])
    _, segments = TextStateMachine.split(machine.make_state("normal"), text)
    calls, call, before = [], "", "normal"
    for state, piece in segments:
        if state == "tool":
            call += piece
        elif before == "tool":
            calls.append(call)
            call = ""
        before = state
    if call:
        calls.append(call)
    try:
        written = ToolCallFormatter(tokenizer.tool_parser, tools)(calls)
    except Exception as error:  # noqa: BLE001 - whatever the server's parser raises ends its request
        return {"delivered": [], "crash": f"{type(error).__name__}: {error}"[:300]}
    functions = [each["function"] for each in written]
    return {"delivered": [[each["name"], json.loads(each["arguments"])] for each in functions]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
