"""Requests in code mode for one number made of the results of two or three tools."""

from random import Random

from punie_train.starter.grammar.framing import ask, finish, order, quoted
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.requests import AT, dotted, path_for, put, typed_sample
from punie_train.starter.grammar.samples import Sample
from punie_train.starter.grammar.workflow_parts import assigned, shared_path, some_tools

_COUNTED = {
    "typecheck": ("error_count", "(type|typing|type checker) (errors|problems|issues)"),
    "ruff_check": (
        "violation_count",
        "((ruff|lint|linter|style) (violations|problems|issues|findings)|violations)",
    ),
    "pytest_run": ("failed", "((failing|failed|broken|red) tests|test failures)"),
}
_SHOW = "(print|show|show me|tell me|give me|report|say|return|work out|compute)"
_SUM = "(sum|total|total number|combined number|overall number|number)"


def summed(rng: Random, names: Names) -> Sample:
    """Return a request for the sum of counts of several tools, or whether it exceeds a bound."""
    tools = some_tools(rng, rng.choice((2, 2, 2, 3)))
    same = rng.random() < 0.7
    shared = shared_path(names, tools)
    paths = [shared if same else path_for(names, tool) for tool in tools]
    keys = [f"path{number}" for number in range(len(tools))]
    slots = dict(zip(keys, (quoted(rng, path) for path in paths), strict=True))
    slots["path"] = slots["path0"]
    counted = [_COUNTED[tool.name] for tool in tools]
    nouns = [noun for _, noun in counted]
    if not same:
        where = "(in|of|for|from) "
        nouns = [f"{noun} {where}{{{key}}}" for noun, key in zip(nouns, keys, strict=True)]
    last = "( and|, and| plus| and the| and also)"
    listed = f"{', '.join(nouns[:-1])}{last} {nouns[-1]}"
    at = AT if same else ""
    total = " + ".join(
        f"{tool.variable}.{field}" for tool, (field, _) in zip(tools, counted, strict=True)
    )
    body = f"print({total})"
    match rng.randrange(6):
        case 0:
            text = ask(
                rng,
                put(
                    f"how many {listed} (are there|do we have|are left) {{at}} (together|in total|"
                    "in all|altogether|all in all|taken together|combined)",
                    at,
                ),
                slots,
            )
        case 1:
            text = order(
                rng,
                put(f"{_SHOW} the {_SUM} of {listed} {{at}}", at),
                slots,
            )
        case 2:
            text = order(
                rng,
                put(
                    f"(add up|sum up|count|total|sum) the {listed} {{at}}"
                    f"(| (and|, then|;|, and) {_SHOW} (it|the sum|the result|that number))",
                    at,
                ),
                slots,
            )
        case 3 if same:
            text = finish(
                rng,
                f"(for|in|on|take|about) {{path}}(:|,) {_SHOW} (the {_SUM} of {listed}|how many "
                f"{listed} there are (together|in total|in all))(.|)",
                "",
                slots,
            )
        case 4:
            number = rng.randrange(1, 60)
            operator, bound = rng.choice(
                ((">", "above"), (">", "more than"), ("<", "below"), ("<", "less than"))
            )
            text = ask(
                rng,
                put(
                    f"is the (sum|total|total number|number) of {listed} {{at}} {bound} {number}",
                    at,
                ),
                slots,
            )
            body = f"print({total} {operator} {number})"
        case _:
            text = order(
                rng,
                put(
                    f"{_SHOW} (one|a single) number(:|,) (the {_SUM} of |){listed} {{at}} (together"
                    "|in total|added up)",
                    at,
                ),
                slots,
            )
    runs = [assigned(tool.variable, tool, path) for tool, path in zip(tools, paths, strict=True)]
    fields = [
        field
        for tool, (count, _) in zip(tools, counted, strict=True)
        for field in dotted(tool, (count,))
    ]
    return typed_sample(
        text,
        "\n".join((*runs, body)),
        tuple((tool, path) for tool, path in zip(tools, paths, strict=True)),
        tuple(fields),
        "multi_step",
    )
