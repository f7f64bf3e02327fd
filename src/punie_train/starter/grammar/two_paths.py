"""One tool on two paths: compared, added up, or one after the other."""

from random import Random

from punie_train.starter.grammar.framing import ask, order, quoted
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.nouns import PYTEST, RUFF, TOOLS, TYPECHECK
from punie_train.starter.grammar.requests import (
    AT,
    dotted,
    facet,
    path_for,
    put,
    typed_sample,
)
from punie_train.starter.grammar.samples import Sample
from punie_train.starter.grammar.workflow_parts import assigned


def two_paths(rng: Random, names: Names) -> Sample:
    """Return a request over one tool's results for two paths."""
    tool = rng.choice(TOOLS)
    field, plural = {
        "typecheck": ("error_count", TYPECHECK.plural),
        "ruff_check": rng.choice(
            (
                ("violation_count", RUFF.plural),
                ("fixable_count", "fixable (violations|problems)"),
            )
        ),
        "pytest_run": rng.choice(
            (
                ("failed", "(failing|failed) tests|(test |)failures"),
                ("passed", "(passing|passed) tests"),
                ("skipped", "skipped tests"),
            )
        ),
    }[tool.name]
    if rng.random() < 0.12 and tool is PYTEST:
        field, plural = "duration", "seconds"
    plural = f"({plural})"
    path, other = path_for(names, tool), path_for(names, tool)
    slots = {"path": quoted(rng, path), "other": quoted(rng, other)}
    pair = "(in|for|of|on) {path} and (|in |for |of ){other}"
    show = "(print|show|tell me|give me|report|say|list|return)"
    first, second = f"first.{field}", f"second.{field}"
    match rng.randrange(4):
        case 0:
            words = (
                f"which (of {{path}} and {{other}}|one|file|of the two, {{path}} or {{other}},) "
                f"has (more|most|the most) {plural}(, {{path}} or {{other}}|)"
            )
            words = rng.choice(
                (
                    f"which has (more|the most) {plural}(,|:) {{path}} or {{other}}",
                    f"which of {{path}} and {{other}} has (more|the most) {plural}",
                    f"(are there|do we have) more {plural} in {{path}} (than|or) in {{other}}",
                    f"does {{path}} have more {plural} than {{other}}",
                )
            )
            body = f'print("{path}" if {first} > {second} else "{other}")'
            text = ask(rng, words, slots)
        case 1:
            words = rng.choice(
                (
                    (
                        f"how many {plural} (are there|do we have|are) {pair} (together|in total|"
                        "taken together|combined|in all)"
                    ),
                    (
                        f"how many {plural} do {{path}} and {{other}} have (together|in total|"
                        "combined|altogether|in sum)"
                    ),
                    f"what is the (total|combined|summed|joint) number of {plural} {pair}",
                )
            )
            body = f"print({first} + {second})"
            if rng.random() < 0.5:
                text = ask(rng, words, slots)
            else:
                text = order(
                    rng,
                    f"(add up|sum up|sum|total|add) (the |the number of |all ){plural} {pair}",
                    slots,
                )
        case 2:
            text = order(
                rng,
                f"(compare|put side by side|contrast) (the number of|the|) {plural} (in|of|for|"
                f"between) {{path}} (and|with|to|against) {{other}}",
                slots,
            )
            body = f"print({first}, {second})"
        case _:
            asked = facet(rng, names, tool, iteration=0.3)
            noun = rng.choice(asked.nouns)
            demand = rng.choice((*asked.orders, f"{show} {noun}"))
            text = order(
                rng,
                rng.choice(
                    (
                        put(
                            demand,
                            "(in|for|of|on) (both |each of |)({path} and {other}|{path} and also "
                            "{other})",
                            "each",
                        ),
                        (
                            f"{tool.do} (both |){{path}} and {{other}} and "
                            f"{put(demand, '(for each|for both|of each|)', 'it')}"
                        ),
                        f"{put(demand, AT)}, (then|and then) (do |)the same for {{other}}",
                    )
                ),
                slots,
            )
            parts = (asked.code.replace("{r}", name) for name in ("first", "second"))
            code = "\n".join(
                (assigned("first", tool, path), assigned("second", tool, other), *parts)
            )
            return typed_sample(
                text,
                code,
                ((tool, path), (tool, other)),
                dotted(tool, asked.fields),
                "multi_step",
            )
    code = "\n".join((assigned("first", tool, path), assigned("second", tool, other), body))
    return typed_sample(
        text, code, ((tool, path), (tool, other)), dotted(tool, (field,)), "multi_step"
    )
