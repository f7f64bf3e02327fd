"""Requests in code mode that need two or three tools at once."""

from random import Random

from punie_train.starter.grammar.branches import branched, say
from punie_train.starter.grammar.framing import ask, finish, order, quoted
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.nouns import PYTEST
from punie_train.starter.grammar.requests import (
    dotted,
    facet,
    put,
    typed_sample,
)
from punie_train.starter.grammar.samples import Sample
from punie_train.starter.grammar.workflow_parts import (
    assigned,
    shared_path,
    short_name,
    some_tools,
)


def ready(rng: Random, names: Names) -> Sample:
    """Return a question whether several tools are all content with a path."""
    tools = some_tools(rng, rng.choice((2, 3, 3)))
    path = shared_path(names, tools)
    slots = {"path": quoted(rng, path)}
    listed = [short_name(tool) for tool in tools]
    joined = (
        f"{', '.join(listed[:-1])}(,| and|, and) {listed[-1]}"
        if len(tools) > 2
        else (f"{listed[0]} and {listed[1]}")
    )
    test = " and ".join(f"{tool.variable}.success" for tool in tools)
    runs = [assigned(tool.variable, tool, path) for tool in tools]
    yes, yes_code = say(rng, names, good=True)
    no, no_code = say(rng, names, good=False)
    match rng.randrange(3):
        case 0:
            text = order(
                rng,
                f"(run|use|apply|do) {joined} (on|over|for) {{path}}(, and| and|;|,) (tell me|"
                "print|say|report|show) (whether|if) "
                "(all of them|both|all|every one of them|everything) (pass|succeed|are happy|is "
                "fine|are ok|passes)",
                slots,
            )
            body = f"print({test})"
        case 1:
            text = finish(
                rng,
                f"{{b}}if {joined} (all |both |)(pass|succeed|are happy|are fine) (on|for|in) "
                f"{{path}}, {yes}, (otherwise|else|if not) {no}(.|)",
                "",
                slots,
            )
            body = branched(test, yes_code, no_code)
        case _:
            text = ask(
                rng,
                f"(do|does|would|will) {joined} (all |both |)(pass|succeed|go through) (on|for|"
                f"in) {{path}}",
                slots,
            )
            body = f"print({test})"
    fields = tuple(f"{tool.name}.success" for tool in tools)
    return typed_sample(
        text,
        "\n".join((*runs, body)),
        tuple((tool, path) for tool in tools),
        fields,
        "multi_step",
    )


def all_three(rng: Random, names: Names) -> Sample:
    """Return a request for one thing of each of three tools' results."""
    tools = sorted(some_tools(rng, 3), key=lambda tool: tool is PYTEST)
    path = shared_path(names, tools)
    other = path if rng.random() < 0.5 else names.test_path()
    slots = {"path": quoted(rng, path), "other": quoted(rng, other)}
    paths = (path, path, other)
    facets = [facet(rng, names, tool, iteration=0.0) for tool in tools]
    nouns = [put(rng.choice(one.nouns), "", "it") for one in facets]
    listed = f"{nouns[0]}, {nouns[1]}( and|, and) {nouns[2]}"
    runs = ", ".join(short_name(tool) for tool in tools[:2]) + f" and {short_name(tools[2])}"
    show = "(print|show|tell me|give me|report|list|output|say)"
    every = "(run|use|do|apply) (everything|all checks|all three tools|the full check|all tools)"
    text = order(
        rng,
        f"(run|use|apply) {short_name(tools[0])} and {short_name(tools[1])} (on|over|for) "
        f"{{path}}( and|,|, then) "
        f"{tools[2].do} {{other}}(,|;|,) (and|then) {show} {listed}"
        if other != path
        else rng.choice(
            (
                f"(run|use|apply) {runs} (on|over|for) {{path}} and {show} {listed}",
                f"{every} (on|over|for) {{path}}(:| and) {show} {listed}",
                f"{show} {listed} (for|of|in) {{path}}",
            )
        ),
        slots,
    )
    code = [assigned(t.variable, t, p) for t, p in zip(tools, paths, strict=True)]
    code += [
        one.code.replace("{r}", tool.variable) for tool, one in zip(tools, facets, strict=True)
    ]
    fields = [f for tool, one in zip(tools, facets, strict=True) for f in dotted(tool, one.fields)]
    return typed_sample(
        text,
        "\n".join(code),
        tuple(zip(tools, paths, strict=True)),
        tuple(fields),
        "multi_step",
    )
