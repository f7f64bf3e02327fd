"""Conditions as they stand after "should", and what is said when they do not hold."""

from dataclasses import dataclass
from random import Random

from punie_train.starter.grammar.nouns import PYTEST, RUFF, TYPECHECK, Tool
from punie_train.starter.grammar.selected import Selection

_SOME_NOUN = "(there are|you find|we have|it has|there remain) (any|some|)"
_NONE_NOUN = "(there are|you find|we have|it has) no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A condition: `words` ("tests fail {at}"), `bare` (after "should"), and their opposites.

    `unlike` says in short that it does not hold. `them` are the items that it counts, when it
    counts some: what they are called, and which of the result's items they are.
    """

    words: str
    bare: str
    unlike: str
    test: str
    field: str
    good: bool
    them: Selection | None = None


def case(rng: Random, tool: Tool) -> Case:
    """Return a random condition on the tool's result."""
    kind = rng.random()
    if kind < 0.4:
        return _success(rng, tool, good=rng.random() < 0.5)
    counted = rng.choice(_COUNTED[tool.name])
    return _none_or_some(counted, rng) if kind < 0.75 else _number(counted, rng)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    field: str
    them: Selection
    wanted: bool = False


def _success(rng: Random, tool: Tool, *, good: bool) -> Case:
    """Return a condition on success; what is negated already is not followed by "it does not"."""
    negated = rng.random() < 0.25
    if tool is PYTEST:
        return _no_test_fails() if good and negated else _tests_pass(tool, good=good)
    if negated:
        return _nothing_found(tool) if good else _not_clean(tool)
    return _runner_passes(tool, good=good)


def _passing(words: str, bare: str, unlike: str) -> Case:
    return Case(
        words=words, bare=bare, unlike=unlike, test="{r}.success", field="success", good=True
    )


def _failing(words: str, bare: str, unlike: str) -> Case:
    return Case(
        words=words, bare=bare, unlike=unlike, test="not {r}.success", field="success", good=False
    )


def _runner_passes(tool: Tool, *, good: bool) -> Case:
    if good:
        return _passing(
            f"({tool.runner} (passes|succeeds|is happy) {{at}}|{{path}} {tool.passes})",
            f"({tool.runner} (pass|succeed|be happy|be content) {{at}}|{{path}} (pass|be clean|"
            f"be free of {tool.plural}))",
            "(it does not|it fails|it is not|it finds something|it complains|it doesn't)",
        )
    return _failing(
        f"{tool.runner} (fails|complains|finds something) {{at}}",
        f"({tool.runner} (fail|complain|find something) {{at}}|{{path}} fail)",
        "(it does not|it passes|it is clean|it finds nothing|it is happy|it doesn't)",
    )


def _nothing_found(tool: Tool) -> Case:
    return _passing(
        f"{tool.runner} (finds nothing|has no complaints) {{at}}",
        f"{tool.runner} (find nothing|have no complaints) {{at}}",
        "(it fails|it finds something|it complains|it has (any|some))",
    )


def _not_clean(tool: Tool) -> Case:
    return _failing(
        f"({tool.runner} (is unhappy|is not happy) {{at}}|{{path}} {tool.fails})",
        f"({tool.runner} be unhappy {{at}}|{{path}} (not pass|not be clean))",
        "(it passes|it is clean|it is happy|all is well)",
    )


def _no_test_fails() -> Case:
    return _passing(
        "no test {at} (fails|breaks)",
        "no test {at} (fail|break)",
        "(one fails|any of them fails|some fail|one does|one of them breaks)",
    )


def _tests_pass(tool: Tool, *, good: bool) -> Case:
    them = "(the|all|all the|all of the|every one of the)"
    if good:
        return _passing(
            f"({them} tests {{at}} (pass|succeed|are green|go through|work)|every test {{at}} "
            "(passes|succeeds|is green))",
            f"({them} tests {{at}} (pass|succeed|be green|go through|work)|every test {{at}} "
            "(pass|succeed|be green))",
            "(one fails|any of them fails|they do not|some do not|one does not|they don't|one of "
            "them breaks)",
        )
    return _failing(
        f"({tool.plural} {{at}} (fail|break)|(a|any|one) test {{at}} (fails|breaks|is red)|(some|"
        "any) of the tests {at} (fail|break))",
        f"({tool.plural} {{at}} (fail|break|be red)|(any|one) test {{at}} (fail|break|be red)|"
        "(some|any) of the tests {at} (fail|break))",
        "(none does|none fails|none do|none of them does|all of them pass|all pass|they do not|no "
        "test fails|every one passes)",
    )


def _none_or_some(counted: _Counted, rng: Random) -> Case:
    plural, field = counted.them.plural, counted.field
    none = rng.random() < 0.4
    none_left = "(none|nothing) (is|was) (found|there|left)"
    if none:
        return Case(
            words=f"({_NONE_NOUN} {plural} {{at}}|{{path}} (has|shows|contains) no {plural})",
            bare=f"(there be no {plural} {{at}}|{{path}} (have|show|contain) no {plural})",
            unlike="(there are (any|some)|you find (any|some)|it has (any|some)|it does|there is "
            "(any|one))",
            test=f"{{r}}.{field} == 0",
            field=field,
            good=not counted.wanted,
        )
    return Case(
        words=f"({_SOME_NOUN} {plural} {{at}}|{{path}} (has|shows|contains) (any|some|) {plural})",
        bare=f"((there be|you find|we have) (any|some|) {plural} {{at}}|{{path}} (have|show|"
        f"contain) (any|some|) {plural})",
        unlike=f"(there are none|there is none|none are there|it has none|you find none|there are "
        f"not any|{none_left})",
        test=f"{{r}}.{field} > 0",
        field=field,
        good=counted.wanted,
        them=counted.them,
    )


def _number(counted: _Counted, rng: Random) -> Case:
    plural, field = counted.them.plural, counted.field
    bound, operator, unlike = rng.choice(
        (
            ("(more than|over|above)", ">", "(it is less|there are fewer|it is not that many)"),
            ("(fewer than|less than|under|below)", "<", "(it is more|there are more)"),
            ("(at least|no fewer than)", ">=", "(there are fewer|it is less|it does not)"),
            ("(at most|no more than|up to)", "<=", "(it is more|there are more|it exceeds that)"),
        )
    )
    number = rng.choice((1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 40, 50, 100))
    amount = f"{bound} {number} {plural}"
    return Case(
        words=f"((there are|you find|we have|you get) {amount} {{at}}|{{path}} (has|shows|"
        f"contains) {amount})",
        bare=f"((there be|you find|we have|you get) {amount} {{at}}|{{path}} (have|show|contain) "
        f"{amount})",
        unlike=unlike,
        test=f"{{r}}.{field} {operator} {number}",
        field=field,
        good=operator.startswith("<") != counted.wanted,
        them=counted.them if operator.startswith(">") else None,
    )


OWN_FIELDS = {
    "typecheck": ("line", "message", "code", "file"),
    "ruff_check": ("line", "message", "code", "file"),
    "pytest_run": ("name", "duration", "message"),
}
"""What an item says of itself, by tool."""

_FAILING = Selection(
    plural="((failing|failed|broken|red) tests|test failures|tests that (fail|failed))",
    singular="(failing|failed) test",
    condition='{i}.outcome == "failed"',
    fields=("outcome",),
    default=("name",),
)
_ALL = {
    tool.name: Selection(plural=tool.plural, singular=tool.singular, default=tool.default)
    for tool in (TYPECHECK, RUFF)
}
_COUNTED = {
    "typecheck": (_Counted(field="error_count", them=_ALL["typecheck"]),),
    "ruff_check": (
        _Counted(field="violation_count", them=_ALL["ruff_check"]),
        _Counted(field="violation_count", them=_ALL["ruff_check"]),
        _Counted(
            field="fixable_count",
            them=Selection(
                plural="(fixable (violations|problems|issues)|(violations|problems) (that|which) "
                "(ruff|the linter) can (fix|repair))",
                singular="fixable violation",
                condition="{i}.fixable",
                fields=("fixable",),
                default=("line", "code"),
            ),
        ),
    ),
    "pytest_run": (
        _Counted(field="failed", them=_FAILING),
        _Counted(field="failed", them=_FAILING),
        _Counted(
            field="skipped",
            them=Selection(
                plural="(skipped tests|tests that (are|were) skipped)",
                singular="skipped test",
                condition='{i}.outcome == "skipped"',
                fields=("outcome",),
                default=("name",),
            ),
        ),
        _Counted(
            field="passed",
            them=Selection(
                plural="(passing tests|tests that (pass|passed)|green tests)",
                singular="passing test",
                condition='{i}.outcome == "passed"',
                fields=("outcome",),
                default=("name",),
            ),
            wanted=True,
        ),
    ),
}
