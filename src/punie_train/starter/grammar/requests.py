"""Requests in code mode about one typed tool: a bare run, a value, a list."""

from random import Random

from punie_train.starter.grammar.facets import Facet, items, values
from punie_train.starter.grammar.framing import ask, finish, order, quoted, wish
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.nouns import PYTEST, TOOLS, Tool
from punie_train.starter.grammar.samples import Sample, call, user

AT = "(in|in|in|for|for|of|on|under|inside|from|within|across|at) {path}"
_AND = (
    "( and| and| and then|, then| and afterwards|;|, and|. then|. after that|, after that|, next|.)"
)


def put(template: str, at: str, path: str = "{path}") -> str:
    """Return a facet's template with the place of the path settled."""
    return template.replace("{path}", path).replace("{at}", at)


def facet(rng: Random, names: Names, tool: Tool, *, iteration: float = 0.5) -> Facet:
    """Return a random question about the tool's result."""
    return items(rng, names, tool) if rng.random() < iteration else rng.choice(values(tool))


def path_for(names: Names, tool: Tool) -> str:
    """Return a random path that the tool could be run on."""
    if tool is PYTEST and names.rng.random() < 0.75:
        return names.test_path()
    return names.python_path()


def variable_code(tool: Tool, path: str, body: str, variable: str = "result") -> str:
    """Return code that calls the tool and goes on with the body about `{r}`."""
    return f'{variable} = {tool.name}("{path}")\n{body.replace("{r}", variable)}'


def printed_code(*runs: tuple[Tool, str]) -> str:
    """Return code that calls the tools and prints each result as it is."""
    if len(runs) == 1:
        return variable_code(*runs[0], "print({r})")
    variables = _variables(runs)
    calls = [
        f'{v} = {tool.name}("{path}")' for v, (tool, path) in zip(variables, runs, strict=True)
    ]
    return "\n".join((*calls, *(f"print({v})" for v in variables)))


def _variables(runs: tuple[tuple[Tool, str], ...]) -> tuple[str, ...]:
    if len({tool.name for tool, _ in runs}) == len(runs):
        return tuple(tool.variable for tool, _ in runs)
    return ("first", "second", "third")[: len(runs)]


def typed_sample(
    text: str,
    code: str,
    runs: tuple[tuple[Tool, str], ...],
    fields: tuple[str, ...],
    category: str,
) -> Sample:
    """Return a sample whose answer is code; fields are dotted with their tool's name."""
    return Sample(
        history=user(text),
        calls=(call("execute_code", code=code),),
        printed=printed_code(*runs),
        typed=tuple((tool.name, path) for tool, path in runs),
        fields=tuple(dict.fromkeys(fields)),
        category=category,
        tags=tuple(dict.fromkeys(tool.name for tool, _ in runs)),
    )


def dotted(tool: Tool, fields: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields with the tool's name in front."""
    return tuple(f"{tool.name}.{field}" for field in fields)


def bare(rng: Random, names: Names) -> Sample:
    """Return a request to run a typed tool, with nothing said about its result."""
    tool = rng.choice(TOOLS)
    path = path_for(names, tool)
    slots = {"path": quoted(rng, path)}
    choice = rng.randrange(6)
    if choice == 0:
        text = finish(
            rng,
            f"(run|use|apply|start|execute) {tool.runner} (on|over|for|against|in|with) "
            f"{{path}}(.|)",
            "",
            slots,
        )
    elif choice == 1:
        text = order(
            rng,
            f"{tool.do} {{path}} and (tell me|report|let me know|show me|say) (the result|what "
            "comes out|how it "
            "goes|how it went|the outcome|what you get|what it says|how it is|what happens)",
            slots,
        )
    elif choice == 2:
        text = order(rng, f"(run|use|apply) {tool.runner} (on|over|for|against) {{path}}", slots)
    else:
        text = order(rng, f"{tool.do} {{path}}", slots)
    body = f"print({{r}}.success, {{r}}.{tool.count})"
    return typed_sample(
        text,
        variable_code(tool, path, body),
        ((tool, path),),
        dotted(tool, ("success", tool.count)),
        "discrimination",
    )


def about_one(rng: Random, names: Names, category: str) -> Sample:
    """Return a question about one result: `field_access` asks a value, `iteration` its items."""
    tool = rng.choice(TOOLS)
    path = path_for(names, tool)
    asked = facet(rng, names, tool, iteration=float(category == "iteration"))
    if category == "field_access" and rng.random() < 0.2:
        asked = two_values(rng, tool)
    text = words_for_one(rng, tool, asked, {"path": quoted(rng, path)})
    return typed_sample(
        text,
        variable_code(tool, path, asked.code),
        ((tool, path),),
        dotted(tool, asked.fields),
        category,
    )


def two_values(rng: Random, tool: Tool) -> Facet:
    """Return a question for two different values of one result."""
    one, two = rng.sample(values(tool), k=2)
    while one.code == two.code:
        one, two = rng.sample(values(tool), k=2)
    a, b = rng.choice(one.nouns), rng.choice(two.nouns).replace(" {at}", "")
    b = put(b, "", "it")
    joint = "( and| and|, and| and also|, plus| as well as)"
    show = "(print|print|show|show me|tell me|give me|report|output|say|return|list)"
    ask_one, ask_two = (
        rng.choice(one.questions),
        put(rng.choice(two.questions), "", "it"),
    )
    return Facet(
        nouns=(f"{a}{joint} {b}", f"(both |){a} and {b}"),
        questions=(f"{ask_one}( and|, and) {ask_two}",),
        orders=(f"{show} {a}{joint} {b}", f"{show} (both |){b} and {a}"),
        code=f"print({one.expression}, {two.expression})",
        fields=(*one.fields, *two.fields),
    )


def words_for_one(  # noqa: PLR0911 - one return for each frame
    rng: Random, tool: Tool, asked: Facet, slots: dict[str, str]
) -> str:
    """Return a facet of the tool's result at `{path}` as somebody would ask for it."""
    there = rng.choice(("", "", "", "there", "in it"))
    noun, question = rng.choice(asked.nouns), rng.choice(asked.questions)
    demand = rng.choice(asked.orders) if asked.orders else f"print {noun}"
    match rng.randrange(16):
        case 0 | 1 | 2 | 3:
            return order(rng, put(demand, AT), slots)
        case 4 | 5 | 6 | 7:
            return ask(rng, put(question, AT), slots)
        case 8 | 9:
            return wish(rng, put(noun, AT), slots)
        case 10 | 11:
            return order(rng, f"{tool.do} {{path}}{_AND} {put(demand, there, 'it')}", slots)
        case 12:
            lead = "(for|in|on|about|regarding|concerning|look at|take) {path}(,|:|,| -)"
            core = rng.choice((put(demand, ""), put(question, "", "it") + "?", put(noun, "", "it")))
            return finish(rng, f"{lead} {core}", "", slots)
        case 13:
            return finish(
                rng,
                "(after|once|when) (you have run|running|you ran|having run|you are done with|a "
                "run of) "
                f"{tool.runner} (on|over|for|against) {{path}}, {put(demand, there, 'it')}(.|)",
                "",
                slots,
            )
        case 14:
            use = (
                f"(use|run|take|call|ask) {tool.runner} (on|over|for|against) {{path}} (to|and) "
                "(tell me|find "
            )
            return order(
                rng,
                use + f"out|show me|print|see|report|work out) {put(noun, there, 'it')}",
                slots,
            )
        case _:
            return order(
                rng,
                f"{tool.do} {{path}} (and|to|so that you can) (tell me|find out|show me|print|"
                "report|give me|see"
                f"|say|let me know) {put(noun, there, 'it')}",
                slots,
            )
