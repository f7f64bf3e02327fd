"""Requests in code mode that need several results: two tools, two paths, one after another."""

from random import Random

from punie_train.starter.grammar.branches import branch, branched
from punie_train.starter.grammar.conditions import condition
from punie_train.starter.grammar.framing import ask, finish, order, quoted
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.nouns import TOOLS
from punie_train.starter.grammar.requests import (
    AT,
    dotted,
    facet,
    path_for,
    put,
    typed_sample,
)
from punie_train.starter.grammar.samples import Sample
from punie_train.starter.grammar.several_tools import all_three, ready
from punie_train.starter.grammar.sums import summed
from punie_train.starter.grammar.two_paths import two_paths
from punie_train.starter.grammar.workflow_parts import (
    assigned,
    shared_path,
    short_name,
    some_tools,
)

_THEN = "(,|;|) (and|and|and then|then|and also|and after that|and next|and finally)"


def multi_step(rng: Random, names: Names) -> Sample:
    """Return a request over two or three results."""
    while True:
        sample = rng.choice(_WAYS)(rng, names)
        if all(path in sample.prompt for _, path in sample.typed):
            return sample


def _both(rng: Random, names: Names) -> Sample:
    same_path = rng.random() < 0.6
    one, two = some_tools(rng)
    a, b = (facet(rng, names, tool, iteration=0.4) for tool in (one, two))
    if same_path:
        path = other = shared_path(names, [one, two])
    else:
        path, other = path_for(names, one), path_for(names, two)
    slots = {"path": quoted(rng, path), "other": quoted(rng, other)}
    show = "(print|show|tell me|give me|report|list|output|display|say|return|let me know)"
    demands = [rng.choice((*f.orders, f"{show} {f.nouns[0]}")) for f in (a, b)]
    nouns = [rng.choice(f.nouns) for f in (a, b)]
    questions = [rng.choice(f.questions) for f in (a, b)]
    second = AT.replace("{path}", "{other}")
    if not same_path:
        core = rng.choice(
            (
                f"{put(demands[0], AT)}{_THEN} {put(demands[1], second, '{other}')}",
                (
                    f"{show} {put(nouns[0], AT)} (and|and also|as well as|plus) "
                    f"{put(nouns[1], second, '{other}')}"
                ),
                (
                    f"{one.do} {{path}} and {two.do} {{other}}, (then|and) {show} "
                    f"{put(nouns[0], '', 'it')} and "
                    f"{put(nouns[1], '', 'it')}"
                ),
            )
        )
        text = order(rng, core, slots)
    else:
        run = (
            f"(run|use|start|apply|do|execute|take) {short_name(one)} (and|and|and also|and then|"
            f"plus|as well as|together with|, then) {short_name(two)}"
        )
        run_on = f"{run} (on|over|for|against|in|at) {{path}}"
        run_on = (
            f"({run_on}|{one.do} {{path}} and {two.do} it|{one.do} (and|and also) {two.do} "
            f"{{path}})"
        )
        both = (
            f"{put(nouns[0], '', 'it')} (and|and also|as well as|plus|, then) "
            f"{put(nouns[1], '', 'it')}"
        )
        match rng.randrange(8):
            case 0 | 1 | 2:
                text = order(
                    rng,
                    f"{run_on}( and|, and|, then| and then|;|.) {show} {both}",
                    slots,
                )
            case 3:
                text = order(
                    rng,
                    f"{show} {put(nouns[0], '', 'it')} (and|and also|as well as|plus) "
                    f"{put(nouns[1], '', 'it')} (for|of|in|from|on) {{path}}",
                    slots,
                )
            case 4:
                text = order(
                    rng,
                    f"{put(demands[0], AT)}{_THEN} {put(demands[1], '', 'it')}",
                    slots,
                )
            case 5:
                text = ask(
                    rng,
                    f"{put(questions[0], AT)} and {put(questions[1], '(there|)', 'it')}",
                    slots,
                )
            case 6:
                text = finish(
                    rng,
                    f"(for|on|in|take|about) {{path}}(:|,) {show} {both}(.|)",
                    "",
                    slots,
                )
            case _:
                text = order(
                    rng,
                    f"{run_on}{_THEN} {put(demands[0], '', 'it')} and {put(demands[1], '', 'it')}",
                    slots,
                )
    code = "\n".join(
        (
            assigned(one.variable, one, path),
            assigned(two.variable, two, other),
            a.code.replace("{r}", one.variable),
            b.code.replace("{r}", two.variable),
        )
    )
    return typed_sample(
        text,
        code,
        ((one, path), (two, other)),
        dotted(one, a.fields) + dotted(two, b.fields),
        "multi_step",
    )


def _chain(rng: Random, names: Names) -> Sample:
    one, two = some_tools(rng)
    asked = condition(rng, one)
    same = rng.random() < 0.5
    path = shared_path(names, [one, two]) if same else path_for(names, one)
    other = path if same else path_for(names, two)
    slots = {"path": quoted(rng, path), "other": quoted(rng, other)}
    follow = rng.random() < 0.6
    next_do = f"({two.do}|run {short_name(two)} (on|for|over|in)) " + ("it" if same else "{other}")
    after = facet(rng, names, two, iteration=0.4)
    show = "(print|show|tell me|give me|report|say|let me know)"
    if follow:
        demand = rng.choice((*after.orders, f"{show} {after.nouns[0]}"))
        act = f"{next_do} (and|and then|, then) {put(demand, '', 'it')}"
        body, read = after.code, after.fields
    else:
        act = next_do
        body, read = f"print({{r}}.success, {{r}}.{two.count})", ("success", two.count)
    other_branch = branch(rng, names, one, good=not asked.good) if rng.random() < 0.45 else None
    otherwise = "(otherwise|otherwise|else|if not|or else)"
    tail = f"(, |; |. |, ){otherwise}(,|) {other_branch.words}" if other_branch else ""
    when = "(if|if|if|when|in case|as long as|provided|only if)"
    pronoun = put(asked.words, "", "it")
    match rng.randrange(5):
        case 0 | 1:
            frame = (
                f"{{b}}{one.do} {{path}}(. |; |, | and |: |, and ){when} {pronoun}, (then |"
                f"){act}{tail}(.|)"
            )
        case 2 | 3:
            frame = f"{{b}}{when} {put(asked.words, AT)}, (then |please |){act}{tail}(.|)"
        case _:
            frame = f"{{b}}{act}, but only (if|when) {put(asked.words, AT)}{tail}(.|)"
            if same:
                frame = (
                    f"{{b}}(first |){one.do} {{path}}(, then|; then| and) {when} {pronoun} "
                    f"{act}{tail}(.|)"
                )
    text = finish(rng, frame, "", slots)
    then = f"{assigned('then', two, other)}\n{body}".replace("{r}", two.variable).replace(
        "then =", f"{two.variable} ="
    )
    code = "\n".join(
        (
            assigned(one.variable, one, path),
            branched(
                asked.test.replace("{r}", one.variable),
                then,
                other_branch.code.replace("{r}", one.variable) if other_branch else "",
            ),
        )
    )
    fields = dotted(one, asked.fields + (other_branch.fields if other_branch else ()))
    return typed_sample(
        text,
        code,
        ((one, path), (two, other)),
        fields + dotted(two, read),
        "multi_step",
    )


def _saved(rng: Random, names: Names) -> Sample:
    tool = rng.choice(TOOLS)
    path, target = path_for(names, tool), names.file_path()
    slots = {"path": quoted(rng, path), "target": quoted(rng, target)}
    asked = facet(rng, names, tool, iteration=0.0)
    noun = put(rng.choice(asked.nouns), AT)
    into = "(to|into|in|to the file|into the file) {target}"
    text = order(
        rng,
        rng.choice(
            (
                f"(write|save|put|store|record) {noun} {into}",
                (
                    f"{tool.do} {{path}} and (write|save|put|store) "
                    f"{put(rng.choice(asked.nouns), '', 'it')} {into}"
                ),
            )
        ),
        slots,
    )
    value = asked.expression.replace("{r}", "result")
    code = f'{assigned("result", tool, path)}\nwrite_file("{target}", str({value}))'
    return typed_sample(text, code, ((tool, path),), dotted(tool, asked.fields), "multi_step")


def _all_of_them(rng: Random, names: Names) -> Sample:
    return (ready if rng.random() < 0.5 else all_three)(rng, names)


_WAYS = (
    *(_both,) * 5,
    *(_chain,) * 3,
    *(two_paths,) * 2,
    _all_of_them,
    summed,
    _saved,
)
