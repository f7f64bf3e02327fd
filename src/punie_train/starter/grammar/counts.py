"""Questions for a number of things in a result."""

from dataclasses import dataclass

from punie_train.starter.grammar.nouns import RUFF, TYPECHECK, Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One question about a result; templates for words, `{r}` in the code is the result.

    `nouns` name the answer, `questions` ask for it with `{at}` as the place of the path, `orders`
    are verb phrases that demand it. `expression` is the value when the facet is a single one.
    """

    nouns: tuple[str, ...]
    questions: tuple[str, ...]
    orders: tuple[str, ...] = ()
    code: str
    fields: tuple[str, ...]
    expression: str = ""
    category: str = "field_access"


_ALL = "(|||all |overall |in total |altogether )"


_NUM = (
    "(the |the |the total |the exact |the current |the overall |)(number|number|count|total|"
    "amount|quantity|sum) of "
)


def count_of(field: str, plural: str, find: str, extra: tuple[str, ...] = ()) -> Facet:
    """Return the facet for the number in a field; `find` and `extra` are questions."""
    return Facet(
        nouns=(
            f"{_NUM}(|all |all the ){plural} {{at}}",
            (
                f"how many {plural} ({{at}} there are|there are {{at}}|are {{at}}|we have {{at}}|"
                f"exist {{at}})"
            ),
            f"(a|the) count of (the |all |){plural} {{at}}",
            f"the {plural} count (for|of) {{path}}",
            f"how (large|big|high) the number of {plural} {{at}} is",
        ),
        questions=(
            (
                f"how many {plural} (are there|are|do we have|exist|can be found|remain|are left|"
                "is "
                "it|show "
                "up|occur|turn up|have we got|did we get|are reported|are counted) {at}"
            ),
            (
                f"how many {plural} does {{path}} (have|contain|hold|count|produce|give|cause|show|"
                "still have)"
            ),
            f"{{path}} has how many {plural}",
            f"how many {plural} {{at}}",
            f"what is the (total |)(number|count|amount) of {plural} {{at}}",
            *((find,) if find else ()),
            *extra,
        ),
        orders=(
            f"count (up |)(all |)(the |){plural} {{at}}",
            (
                "(tell me|print|show|report|say|give me|work out|determine|find out|let me know|"
                "output|return|"
                f"display) how many {plural} (there are {{at}}|are {{at}}|{{path}} has|exist "
                f"{{at}}|"
                f"we have {{at}})"
            ),
            (
                "(print|show|give me|report|get|return|output|tell me|display|state|log) "
                f"{_NUM}{plural} {{at}}"
            ),
            f"add up (all |)(the |){plural} {{at}}",
        ),
        code=f"print({{r}}.{field})",
        expression=f"{{r}}.{field}",
        fields=(field,),
    )


def counts(tool: Tool) -> tuple[Facet, ...]:
    """Return the facets for the numbers that a tool's result has."""
    if tool is TYPECHECK:
        warn = (
            "((type |typing |type checker |type-check |)warnings|warnings (of|from) the type "
            "checker)"
        )
        return (
            count_of(
                "error_count",
                tool.plural,
                "how many errors does (the type checker|type checking|typecheck|the type check|"
                "the checker) "
                "(find|report|see|give|raise|count|list|produce) {at}",
                (
                    "how (many|often) (times |)does the type checker complain (about|in|on) {path}",
                    (
                        "how many (times do|mistakes are|errors are) (the types|typing) (wrong|off|"
                        "made) {at}"
                    ),
                ),
            ),
            count_of(
                "warning_count",
                warn,
                "how many warnings does (the type checker|type checking|typecheck|the type check|"
                "the checker) "
                "(find|report|see|give|raise|count|list|emit|issue) {at}",
                ("how often does the type checker (merely|only|just) warn {at}",),
            ),
        )
    if tool is RUFF:
        fix = (
            "(fixable|auto-fixable|autofixable|automatically fixable|repairable|auto-fix) "
            "(violations|"
            "problems|issues|findings|lint errors|lint problems|ruff findings|ruff issues|"
            "complaints)|"
            "(violations|problems|issues|findings|complaints|lint issues|remarks) (that |which |"
            ")(ruff|the "
            "linter) (can|could|is able to|would|knows how to) (fix|repair|correct|solve|clean up|"
            "resolve) "
            "(|automatically|by itself|on its own|itself|alone|for us|without help)|(violations|"
            "problems|"
            "issues|findings) (that|which) (are fixable|can be fixed|could be fixed|can be "
            "repaired|may be "
            "fixed|can be corrected|could be auto-fixed) (|automatically|without (me|us|work|"
            "effort)|by the "
            "tool|with --fix|by machine)"
        )
        return (
            count_of(
                "violation_count",
                tool.plural,
                "how many (problems|violations|issues|complaints|things|findings|errors) does "
                "(ruff|the "
                "linter) (find|report|see|flag|raise|count|list|complain about|have|dislike) {at}",
                (
                    "how (many times|often) does (ruff|the linter) complain (about|in|on) {path}",
                    "how many (lint|style) rules are (broken|violated) {at}",
                    (
                        "how (dirty|bad|messy) is {path} (in numbers|according to ruff|for ruff|"
                        "lint-wise)"
                    ),
                ),
            ),
            count_of(
                "fixable_count",
                f"({fix})",
                "how many (of them |of the (violations|problems|findings|issues) |of its "
                "(complaints|"
                "findings|violations) |problems |violations |issues |)(can|could|would|is) (ruff|"
                "the linter) "
                "(fix|repair|correct|able to fix|solve|resolve|take care of|clean up) (|by itself|"
                "automatically|on its own|alone|for us|itself) {at}",
                (
                    (
                        "how (many|much) (could|can|would) be (fixed|repaired|corrected|cleaned "
                        "up) "
                        "(automatically|by ruff|with ruff --fix|with --fix|by the linter|without "
                        "work) {at}"
                    ),
                    (
                        "how many (violations|problems|findings|issues) {at} are (fixable|"
                        "auto-fixable|"
                        "automatically fixable|repairable|fixable by ruff)"
                    ),
                    (
                        "how many of (the |ruff's |the lint )(violations|problems|findings|issues|"
                        "complaints) "
                        "{at} (are fixable|can be fixed|could be fixed automatically|go away with "
                        "--fix|would "
                        "--fix remove)"
                    ),
                    (
                        "how many (fixes|repairs|corrections) (can|could|would) ruff (apply|make|"
                        "do|"
                        "offer) {at}"
                    ),
                ),
            ),
        )
    return tuple(
        count_of(field, f"({words})", find, extra)
        for field, words, find, extra in (
            (
                "failed",
                (
                    "failing tests|failed tests|broken tests|red tests|test failures|unsuccessful "
                    "tests|tests "
                    "(that|which) (fail|failed|do not pass|are failing|are red|are broken|did not "
                    "pass)"
                ),
                (
                    "how many (tests|of the tests|test cases|unit tests|of them) (fail|failed|are "
                    "failing|do "
                    "not pass|are red|did not pass|are broken|break|went wrong|have failed) {at}"
                ),
                ("how many failures (does pytest report|are there|do we get|did pytest see) {at}",),
            ),
            (
                "passed",
                (
                    "passing tests|passed tests|green tests|successful tests|succeeding tests|"
                    "tests "
                    "(that|which) "
                    "(pass|passed|succeed|succeeded|are green|are passing|went well|work)"
                ),
                (
                    "how many (tests|of the tests|test cases|unit tests|of them) (pass|passed|"
                    "succeed|"
                    "are green|"
                    "succeeded|are passing|went through|work|have passed|are ok) {at}"
                ),
                ("how many successes (does pytest report|are there|do we get) {at}",),
            ),
            (
                "skipped",
                (
                    "skipped tests|tests (that|which) (are|were|got|have been) (skipped|left out|"
                    "omitted|not "
                    "run)|skips|ignored tests|omitted tests"
                ),
                (
                    "how many (tests|of the tests|test cases|unit tests|of them) (are|were|got|"
                    "have "
                    "been) "
                    "(skipped|left out|not run|passed over|omitted) {at}"
                ),
                ("how many tests does pytest (skip|leave out|pass over|omit) {at}",),
            ),
            (
                "errors",
                (
                    "test errors|pytest errors|erroring tests|errors in the test run|tests (that|"
                    "which) "
                    "(error|errored|error out|errored out|crash|crashed|end in an error|hit an "
                    "error)|setup errors"
                ),
                (
                    "how many (tests|of the tests|test cases|unit tests|of them) (error out|"
                    "errored|"
                    "crash|hit an "
                    "error|crashed|error|end in an error|raised an error) {at}"
                ),
                ("how many errors (does pytest report|did the test run have|did pytest hit) {at}",),
            ),
        )
    )
