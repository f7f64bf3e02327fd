"""What can be asked about one typed tool's result: words, code and the fields it reads."""

from random import Random

from punie_train.core.agent_tools import TYPED_ITEMS
from punie_train.starter.grammar.counts import Facet, count_of, counts
from punie_train.starter.grammar.listing_parts import Listing
from punie_train.starter.grammar.listings import listing
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.nouns import PYTEST, Tool


def _success(tool: Tool) -> Facet:
    test = tool is PYTEST
    subject = (
        "(the (test |unit |)tests|all (the |)tests|the test suite|the suite|everything)"
        if test
        else ""
    )
    verb = "(pass|succeed|work|run through|go through|come out green)"
    return Facet(
        nouns=(
            f"whether {{path}} {tool.passes}",
            f"if {{path}} {tool.passes}",
            f"whether {{path}} {tool.fails}",
            (
                f"(whether|if) {tool.runner} (succeeds|passes|is happy|is satisfied|was "
                "successful|is "
                "clean|fails|"
                "is ok|succeeded|passed|went well) {at}"
            ),
            (
                "the (success|success flag|pass/fail status|overall result|overall status|verdict) "
                f"of {tool.runner} "
                "{at}"
            ),
            *(
                (f"whether {subject} {{at}} {verb}", "whether {at} all tests are green")
                if test
                else ()
            ),
        ),
        questions=(
            (
                f"(does|do) {tool.runner} (succeed|pass|go through|come out clean|fail|end well|"
                "work "
                f"out) {{at}}"
            ),
            (
                f"(is|was) {tool.runner} (successful|happy|satisfied|ok|clean|green|fine|a "
                "success) "
                f"{{at}}"
            ),
            f"did {tool.runner} (succeed|pass|go through|fail|work) {{at}}",
            f"{{path}} {tool.passes}, (right|yes or no|true or false|does it not|correct)",
            (
                f"(would you say|can we say|is it true|can i say|is it the case) that {{path}} "
                f"{tool.passes}"
            ),
            *(
                (
                    f"(do|did|will|would) {subject} {{at}} {verb}",
                    "(are|were) all (the |)tests {at} (green|passing|ok|successful|fine)",
                    "is {path} green",
                )
                if test
                else (
                    (
                        f"is {{path}} (clean|fine|ok|okay|good|free of {tool.plural}|without "
                        f"{tool.plural})"
                    ),
                    (
                        f"does {{path}} (pass|satisfy|get through|survive|make it through) "
                        f"{tool.runner}"
                    ),
                )
            ),
        ),
        orders=(
            (
                "(check|tell me|verify|find out|say|let me know|see|report|determine|confirm|print|"
                "show me) "
                f"(whether|if) {{path}} {tool.passes}"
            ),
            (
                "(print|show|report|give me|tell me|output) the (success|success flag|overall "
                "result|"
                "verdict|"
                f"overall status) of {tool.runner} {{at}}"
            ),
            (
                f"(tell me|say|report|check|see|find out) (whether|if) {tool.runner} (succeeds|"
                "passes|"
                "is happy|"
                "succeeded|is ok|went well|works out|fails) {at}"
            ),
        ),
        code="print({r}.success)",
        expression="{r}.success",
        fields=("success",),
        category="field_access",
    )


def _parse_error(tool: Tool) -> Facet:
    report = (
        f"(the (output|report|result|answer) of {tool.runner}|{tool.runner}'s (output|report|"
        "result))"
    )
    return Facet(
        nouns=(
            f"the (parse|parsing|parser) error of {tool.runner} {{at}}",
            f"whether {report} {{at}} could (be parsed|be read|not be parsed|be understood)",
            (
                "(any|the) (parse error|parsing error|parsing problem|parse problem) (from|of|that|"
                "in the result "
                f"of) {tool.runner} {{at}}"
            ),
        ),
        questions=(
            f"(could|can) {report} {{at}} be (parsed|read|understood)",
            (
                "(was|is) there a (parse|parsing) (error|problem) (when running|with|from|in) "
                f"{tool.runner} {{at}}"
            ),
            f"did (parsing|reading) {report} {{at}} (fail|work|go wrong)",
            f"what is the (parse|parsing) error of {tool.runner} {{at}}",
        ),
        orders=(
            (
                "(print|show|give me|report|tell me) the (parse error|parsing error|parse_error) "
                "(of|"
                "from) "
                f"{tool.runner} {{at}}"
            ),
            f"(check|tell me|see) (whether|if) {report} {{at}} (could|can) be (parsed|read)",
        ),
        code="print({r}.parse_error)",
        expression="{r}.parse_error",
        fields=("parse_error",),
    )


def _duration() -> Facet:
    return Facet(
        nouns=(
            "how long {runner} (takes|took|runs|ran|lasts|needs|needed) {at}",
            "the (duration|total time|run time|total duration|running time|time) of {runner} {at}",
            "the (time|seconds|number of seconds) {runner} (takes|took|needs|needed|spent) {at}",
        ),
        questions=(
            (
                "how (long|much time|many seconds) (do|does|did|will|would) {runner} (take|run|"
                "last|"
                "need|go on) {at}"
            ),
            "what (is|was) the (duration|run time|total time|running time) of {runner} {at}",
            "how (fast|slow|quick) (is|are|was|were) {runner} {at}",
            (
                "(after|in) how many seconds (is|are|was|were) {runner} {at} (done|finished|"
                "through|"
                "over)"
            ),
        ),
        orders=(
            (
                "(print|show|report|give me|tell me|output|measure|log) (the (duration|total time|"
                "run "
                "time|"
                "time|seconds) of {runner}|how long {runner} (takes|took|runs|ran|needs)) {at}"
            ),
            "time {runner} {at}",
        ),
        code="print({r}.duration)",
        expression="{r}.duration",
        fields=("duration",),
    )


def _total() -> Facet:
    plain = "(tests|test cases|unit tests|test functions)"
    facet = count_of(
        "tests",
        f"({plain}|{plain} in all|tests of any outcome)",
        "how many tests (ran|were run|did pytest run|does pytest (collect|find|run)) {at}",
    )
    return Facet(
        nouns=facet.nouns,
        questions=facet.questions,
        orders=facet.orders,
        code="print(len({r}.tests))",
        expression="len({r}.tests)",
        fields=("tests",),
    )


def values(tool: Tool) -> tuple[Facet, ...]:
    """Return the facets of a result that are one value."""
    facets = (*counts(tool), *counts(tool), _success(tool), _parse_error(tool))
    if tool is PYTEST:
        runner = (
            "(pytest|the tests|the test run|the test suite|the whole run|the suite|the unit tests)"
        )
        duration = _duration()
        filled = Facet(
            nouns=tuple(text.replace("{runner}", runner) for text in duration.nouns),
            questions=tuple(text.replace("{runner}", runner) for text in duration.questions),
            orders=tuple(text.replace("{runner}", runner) for text in duration.orders),
            code=duration.code,
            expression=duration.expression,
            fields=duration.fields,
        )
        facets = (*facets, filled, filled, _total())
    return facets


def items(rng: Random, names: Names, tool: Tool) -> Facet:
    """Return a facet over the items of a result."""
    made: Listing = listing(rng, names, tool, TYPED_ITEMS[tool.name][1])
    return Facet(
        nouns=made.nouns,
        questions=made.questions,
        orders=made.orders,
        code=made.code,
        fields=made.fields,
        expression=made.expression,
        category="iteration",
    )
