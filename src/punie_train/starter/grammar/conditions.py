"""Conditions on a result, in words and in Python, and the branches that follow them."""

from random import Random

from punie_train.starter.grammar.comparisons import Condition, comparison
from punie_train.starter.grammar.nouns import PYTEST, RUFF, TYPECHECK, Tool


def condition(rng: Random, tool: Tool) -> Condition:
    """Return a random condition on the tool's result."""
    kind = rng.randrange(14)
    if kind <= 4:
        good = rng.random() < 0.5
        passes = (
            f"({{path}} {tool.passes}|{tool.runner} (succeeds|passes|is happy|is satisfied|is "
            "clean|is ok|"
            "succeeded|went well) {at})"
        )
        fails = (
            f"({{path}} {tool.fails}|{tool.runner} (fails|is not happy|is unhappy|does not pass|"
            f"complains|failed|does not succeed|goes wrong) {{at}})"
        )
        if tool is PYTEST:
            passes = (
                f"({passes}|(all|all the|the|all of the|every one of the) (tests|unit tests|test "
                f"cases) {{at}} (pass|succeed|are green|passed|are ok|work|are fine)|everything "
                f"{{at}} passes|nothing {{at}} fails)"
            )
            fails = (
                f"({fails}|(the|some|any of the|any) (tests|unit tests|test cases) {{at}} (fail|"
                f"break|are red|failed|do not pass)|(a|any|one) test {{at}} (fails|breaks|is red|"
                f"goes wrong)|something {{at}} fails)"
            )
        else:
            passes = (
                f"({passes}|{{path}} is (clean|fine|ok|good|without {tool.plural}|free of "
                f"{tool.plural}))"
            )
        words, negated = (passes, fails) if good else (fails, passes)
        return Condition(
            words=words,
            negated=negated,
            test="{r}.success" if good else "not {r}.success",
            fields=("success",),
            good=good,
        )
    field, plural = _counted(rng, tool)
    if kind <= 8:
        none = rng.random() < 0.4
        some_words = (
            "((there are|we have|you (find|see)|there remain|it shows|we get) (any|some|) "
            f"{plural} {{at}}|{{path}} "
            f"(has|contains|shows|still has|gives) (any|some|) {plural}|(any|some) {plural} (are|"
            "were|show up|exist|"
            "turn up|occur|remain|are left|are found|come up) {at}|the (number|count) of "
            f"{plural} {{at}} is (not zero|above zero|positive|greater than zero|more than zero))"
        )
        none_words = (
            f"((there are|we have|you (find|see)|we get) no (more |) {plural} {{at}}|{{path}} "
            "(has|contains|shows) no "
            f"(more |){plural}|no {plural} (are|were|show up|exist|remain|are left|occur|turn up|"
            "are found|come up) "
            f"{{at}}|{{path}} is (without|free of) {plural}|the (number|count) of {plural} {{at}} "
            "is (zero|0)|there "
            f"are(n't any| not any) {plural} {{at}}|there are zero {plural} {{at}})"
        )
        words, negated = (none_words, some_words) if none else (some_words, none_words)
        return Condition(
            words=words,
            negated=negated,
            test=f"{{r}}.{field} {'==' if none else '>'} 0",
            fields=(field,),
            good=none != (field in ("passed", "fixable_count")),
        )
    if kind <= 11:
        number = rng.choice((1, 2, 3, 4, 5, 7, 10, 12, 15, 20, 25, 30, 40, 50, 100))
        operator, bound, opposite = rng.choice(
            (
                (">", "more than", "at most"),
                (">", "over", "up to"),
                ("<", "fewer than", "at least"),
                ("<", "less than", "at least"),
                (">=", "at least", "fewer than"),
                ("<=", "at most", "more than"),
                ("==", "exactly", "anything but"),
            )
        )
        shape = (
            f"((there are|we have|you find|we get|you see) {{n}} {plural} {{at}}|{{path}} (has|"
            "contains|shows|gives) "
            f"{{n}} {plural}|{{n}} {plural} (are|were|show up|exist|remain|turn up|occur|are "
            f"found) {{at}}|the "
            f"(number|count) of {plural} {{at}} is {{n}})"
        )
        return Condition(
            words=shape.replace("{n}", f"{bound} {number}"),
            negated=shape.replace("{n}", f"{opposite} {number}"),
            test=f"{{r}}.{field} {operator} {number}",
            fields=(field,),
            good=operator.startswith("<"),
        )
    return comparison(rng, tool)


def _counted(rng: Random, tool: Tool) -> tuple[str, str]:
    if tool is TYPECHECK:
        return rng.choice(
            (
                ("error_count", tool.plural),
                ("error_count", tool.plural),
                (
                    "warning_count",
                    "((type |typing |type checker |type-check |)warnings)",
                ),
            )
        )
    if tool is RUFF:
        fixable = (
            "((fixable|auto-fixable|automatically fixable|repairable) (violations|problems|issues|"
            "findings|lint "
            "issues|lint errors)|(violations|problems|issues|findings) (that|which) (ruff|the "
            "linter) (can|could) "
            "(fix|repair|correct)(| by itself| automatically| alone)|(violations|problems|"
            "findings) that (are "
            "fixable|can be fixed))"
        )
        return rng.choice(
            (
                ("violation_count", tool.plural),
                ("violation_count", tool.plural),
                ("fixable_count", fixable),
            )
        )
    return rng.choice(
        (
            (
                "failed",
                (
                    "((failing|failed|broken|red) tests|(test |)failures|tests that (fail|failed|"
                    "do "
                    "not pass))"
                ),
            ),
            (
                "failed",
                (
                    "((failing|failed|broken|red) tests|(test |)failures|tests that (fail|failed|"
                    "do "
                    "not pass))"
                ),
            ),
            (
                "skipped",
                (
                    "(skipped tests|skips|tests that (are|were|got) skipped|left-out tests|tests "
                    "not "
                    "run)"
                ),
            ),
            (
                "errors",
                (
                    "(test errors|erroring tests|tests that (error|crash|errored)|errors in the "
                    "test "
                    "run)"
                ),
            ),
            (
                "passed",
                "(passing tests|passed tests|green tests|successful tests|tests that pass)",
            ),
        )
    )
