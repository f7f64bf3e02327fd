"""Requests that need no tool: explanations, small talk and plain code."""

from random import Random

from punie_train.core.agent_tools import AGENT_TOOLS, TYPED_ITEMS, TYPED_RESULTS
from punie_train.starter.grammar.framing import ask, finish, order
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.phrasing import phrase, sentence
from punie_train.starter.grammar.samples import Sample, call, user
from punie_train.starter.grammar.topics import (
    CHAT,
    COMPLEXITIES,
    CONTRASTS,
    FUNCTIONS,
    TOPICS,
)

_EXPLAIN = (
    "what is {t}",
    "what is {t}",
    "what exactly is {t}",
    "what does {t} do",
    "what does {t} mean",
    "what is {t} (good|useful|used) for",
    "why (do|would|should) (we|people|i|one|you|developers) (need|use|want|have|care about) {t}",
    "when (do|would|should) (i|we|you|people) (use|need|want|choose|reach for) {t}",
    "how (does|would|do) {t} work",
    "how would you (define|explain|describe) {t}",
    "what do (people|you|we|developers) mean by {t}",
    "what is the (purpose|point|idea|use|meaning|definition|benefit|advantage) of {t}",
    "what is (meant by|so good about|the idea behind|special about|the matter with) {t}",
    "is {t} (a good idea|useful|important|worth it)",
    "can you (explain|describe|define) (to me |) what {t} is",
    "do you know what {t} is",
)
_EXPLAIN_ORDERS = (
    (
        "(explain|describe|define|summarize|introduce|clarify) {t} (|to me|briefly|in one "
        "sentence|in "
        "simple words|in a few words|for a "
        "beginner|to a beginner|in short|shortly)"
    ),
    (
        "(explain|tell me|describe|say) what {t} (is|does|means) (|in one sentence|in simple words|"
        "briefly|in short)"
    ),
    "(tell|teach) me (something |a bit |) about {t}",
    "(give|write) (me |)a (short |brief |)(definition|explanation|description|summary) of {t}",
    "explain (why|when|how) (people|we|developers) use {t}",
)


def topic(rng: Random, names: Names) -> Sample:
    """Return a question about a concept."""
    del names
    if rng.random() < 0.16:
        return _reply(rng, *_tool_topic(rng))
    name, answer = rng.choice(TOPICS)
    shown = name
    if rng.random() < 0.3 and name.startswith(("a ", "an ")):
        shown = name.split(" ", 1)[1] + "s"
    place = rng.choice(("", "", "", "", " in Python", " in programming", " in software"))
    if rng.random() < 0.3:
        template = rng.choice(_EXPLAIN_ORDERS).replace("{t}", shown + place)
        text = order(rng, template, {})
    else:
        template = rng.choice(_EXPLAIN).replace("{t}", shown + place)
        if shown != name:
            template = template.replace("what is ", "what are ", 1)
        text = ask(rng, template, {})
    return _reply(rng, text, answer)


def _tool_topic(rng: Random) -> tuple[str, str]:
    if rng.random() < 0.5:
        tool = rng.choice(AGENT_TOOLS)
        ways = (
            f"what (does|is) (the tool |){tool.name} (do|for|good for)",
            f"what (is|are) (the tool |){tool.name} (good for|for|used for)",
            f"when (do|should) (i|you|we) use {tool.name}",
            f"(explain|describe|what is) (the tool |){tool.name}",
            f"which (arguments|parameters) does {tool.name} (take|have|need)",
        )
        return ask(rng, rng.choice(ways), {}), f"{tool.name}: {tool.description}"
    name = rng.choice(list(TYPED_RESULTS))
    items, fields = TYPED_ITEMS[name]
    if rng.random() < 0.5:
        ways = (
            f"(what|which) fields does (the result of |){name} (have|return)",
            f"what does {name} return",
            f"what (is|does) (in |)the result of {name} (|contain|hold)",
        )
        return ask(rng, rng.choice(ways), {}), f"{name} returns {', '.join(TYPED_RESULTS[name])}."
    ways = (
        f"(what|which) fields does (each|every|one) of the {items} of {name} have",
        f"what (does|do) (each|the) {items} of {name} (hold|contain|have)",
    )
    return ask(rng, rng.choice(ways), {}), f"Each of {items} has {', '.join(fields)}."


def _reply(rng: Random, text: str, answer: str) -> Sample:
    del rng
    return Sample(history=user(text), text=answer, category="reasoning", tags=("irrelevance",))


def contrast(rng: Random, names: Names) -> Sample:
    """Return a question about a difference or a cost."""
    del names
    if rng.random() < 0.35:
        name, answer = rng.choice(COMPLEXITIES)
        ways = (
            f"(how (fast|slow|costly|expensive) is|what does it cost to do) {name}",
            (
                "(tell me|give me|state|name|what is) the (|time |worst-case |average )(complexity|"
                f"cost|running time|order) of {name}"
            ),
            f"what is the big O of {name}",
            f"how does the (time|cost|effort) of {name} grow( with n|)",
            f"in big O, (what|how much) does {name} cost",
            f"(which|what) (time complexity|big O|order of growth) has {name}",
        )
        return _reply(rng, ask(rng, rng.choice(ways), {}), answer)
    one, two, answer = rng.choice(CONTRASTS)
    if rng.random() < 0.4:
        one, two = two, one
    a, b = (word if word[0].isupper() or "=" in word else _article(word) for word in (one, two))
    ways = (
        (
            "(what is|what's|tell me|explain|describe|state|name|give me) the (difference|main "
            f"difference|distinction) between {a} and {b}"
        ),
        f"how (do|does) {a} (differ from|differ compared to|compare to|compare with) {b}",
        f"how is {a} different from {b}",
        f"(compare|contrast) {a} (with|and|to) {b}",
        (
            f"{a} (or|vs|versus|against) {b}(, what is the difference|: which one and why|, when "
            "which)"
        ),
        (
            f"when (would|should|do) (i|you|we) (prefer|use|take|choose|pick) {a} (over|instead of|"
            f"rather than) {b}"
        ),
        f"what (distinguishes|separates|sets apart) {a} (from|and) {b}",
        f"(what is|is) {a} the same as {b}",
        f"in (short|one sentence|simple words), {a} vs {b}",
    )
    return _reply(rng, ask(rng, rng.choice(ways), {}), answer)


def _article(word: str) -> str:
    if word in ("is", "ruff", "pytest", "kill", "release"):
        return word
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def chat(rng: Random, names: Names) -> Sample:
    """Return small talk, or a wish that no tool can fulfil."""
    template, answer = rng.choice(CHAT)
    one, two = rng.randrange(50), rng.randrange(50)
    slots = {"w": sentence(names.word()), "n": str(one), "m": str(two)}
    text = phrase(rng, template, slots)
    if rng.random() < 0.6:
        text = sentence(text)
    return Sample(
        history=user(text),
        text=answer.replace("{sum}", str(one + two)),
        category="general",
        tags=("irrelevance",),
    )


def function(rng: Random, names: Names) -> Sample:
    """Return a request for a plain function, answered by code in a fence."""
    del names
    task, code = rng.choice((*FUNCTIONS, *FUNCTIONS[:2]))
    ways = (
        (
            "(write|give me|show me|code|implement|define|i need|sketch|compose|draft) (a|a small|"
            "a "
            "short|a simple|some) (Python |)(function|"
            f"def|helper|code) that {task}"
        ),
        (
            "(how do|how would|how can) (i|you|one) (write|code|implement|define) (a|) (Python |"
            f")(function|helper) that {task}"
        ),
        f"(a|one) (Python |)function that {task}",
        f"in Python, (write|give me|define) (a|one) function that {task}",
        f"what would a (Python |)function look like that {task}",
    )
    text = finish(rng, f"{{b}}{rng.choice(ways)}(.|?|, please.|)", "", {})
    return Sample(
        history=user(text),
        text=f"```python\n{code}\n```",
        category="code_generation",
        tags=("function",),
    )


_SCRIPTS = [
    'print("{w}")',
    "print({n} + {m})",
    "print({n} * {m})",
    'print(len("{w}"))',
    'print("{w}".upper())',
    "print(sum(range({n})))",
    "print({n} ** 2)",
    "print([{n}, {m}])",
    "for i in range({n}):\n    print(i)",
    "x = {n}\nprint(x * {m})",
    "print(max({n}, {m}))",
    'print("{w}" + "{v}")',
    "import os\nprint(os.getcwd())",
    "import sys\nprint(sys.version)",
    "print(sorted([{n}, {m}, 3]))",
    "{w} = {n}\nprint({w})",
    'print("{w}"[::-1])',
    "print({n} % {m})",
    "print(round({n} / 7, 2))",
    'print("{w}" in "{v}")',
    "def {w}(x):\n    return x + {n}\nprint({w}({m}))",
    'if {n} > {m}:\n    print("{w}")',
    'if {n} > {m}:\n    print("{w}")\nelse:\n    print("{v}")',
    "x = {n}\nif x % 2 == 0:\n    print(x)",
    "for i in range({n}):\n    if i > {m}:\n        print(i)",
    'x = {n}\nwhile x > 0:\n    x = x - {m}\nprint("{w}")',
    'for {w} in [{n}, {m}]:\n    print({w}, "{v}")',
]


def script(rng: Random, names: Names) -> Sample:
    """Return a request to run given Python code."""
    code = (
        rng.choice(_SCRIPTS)
        .replace("{w}", names.word().replace("-", "_"))
        .replace("{v}", names.word())
        .replace("{n}", str(rng.randrange(2, 90)))
        .replace("{m}", str(rng.randrange(2, 90)))
    )
    verb = "(run|execute|evaluate|try|run|start)"
    what = (
        "(this Python|this code|this Python code|the code|this snippet|the following Python|this "
        "script|in Python|the Python code)"
    )
    if "\n" in code or rng.random() < 0.4:
        block = rng.choice((f"```python\n{code}\n```", f"```\n{code}\n```", code))
        text = f"{sentence(phrase(rng, f'(please |could you |now |){verb} {what}:'))}\n{block}"
    else:
        text = finish(
            rng,
            f"{{b}}{verb} {what}(:|) {{code}}(.|)",
            "",
            {"code": rng.choice((f"`{code}`", code))},
        )
    return Sample(
        history=user(text),
        calls=(call("execute_code", code=code),),
        category="tool_calling",
        tags=("script", "execute_code"),
    )
