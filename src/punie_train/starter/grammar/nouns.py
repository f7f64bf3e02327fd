"""How people name the typed tools, their results, items and fields."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """The words around one typed tool; every text is a phrase template."""

    name: str
    variable: str
    items: str
    item: str
    do: str
    runner: str
    plural: str
    singular: str
    passes: str
    fails: str
    default: tuple[str, ...]
    count: str


TYPECHECK = Tool(
    name="typecheck",
    variable="types",
    items="errors",
    item="error",
    do=(
        "(type-check|typecheck|type check|run the type checker (on|over|against|for)|check the "
        "types "
        "(in|of|for)|run a type check (on|over|of)|check the typing of|run typecheck on|do a type "
        "check of|"
        "verify the types (in|of)|validate the types in|check the annotations in|use the type "
        "checker "
        "on|"
        "let the type checker look at|analyze the types in|have the type checker inspect)"
    ),
    runner=(
        "(the type checker|the type check|typecheck|type checking|the typechecker|static typing|"
        "the "
        "checker|a type check)"
    ),
    plural=(
        "((type|typing|type-check|type checker|type checking|typechecker|static typing|type hint|"
        "annotation) (errors|errors|errors|problems|issues|mistakes|diagnostics|complaints|"
        "findings|"
        "faults|"
        "violations)|(errors|problems|issues|complaints|diagnostics|mistakes|findings) (of|from|"
        "reported by|"
        "found by|that come from|raised by|by) (the type checker|the type check|type checking|"
        "typecheck))"
    ),
    singular=(
        "((type|typing|type-check|type checker|type checking|static typing|annotation) (error|"
        "error|"
        "problem|issue|mistake|diagnostic|complaint|finding|fault)|(error|problem|issue|complaint|"
        "finding|"
        "diagnostic) (of|from|reported by|found by|that comes from|by) (the type checker|typecheck|"
        "the type "
        "check))"
    ),
    passes=(
        "(type-checks|typechecks|type checks|passes (the type checker|type checking|the type "
        "check|"
        "typecheck)|is (clean|fine|ok|okay|correct|good|sound|all right) (for the type checker|"
        "type-wise|as far "
        "as types go|in terms of types|according to the type checker)|is well typed|is well-typed|"
        "is "
        "correctly "
        "typed|is type-safe|type-checks cleanly|satisfies the type checker|has (correct|clean|"
        "sound) "
        "types|"
        "has its types right|gets through the type checker|survives the type checker)"
    ),
    fails=(
        "(fails (the type checker|type checking|the type check|typecheck|to type-check)|does not "
        "(type-"
        "check|typecheck|type check|pass the type checker|pass type checking|pass the type check)|"
        "doesn't "
        "(type-check|typecheck|pass type checking|pass the type checker)|is badly typed|is not "
        "well "
        "typed|"
        "breaks the type check|is not type-safe|has broken types|gets rejected by the type checker)"
    ),
    default=("file", "line", "code", "message"),
    count="error_count",
)
RUFF = Tool(
    name="ruff_check",
    variable="lint",
    items="violations",
    item="violation",
    do=(
        "(lint|run ruff (on|over|against|for)|ruff|run the linter (on|over|against)|check the "
        "style of|"
        "run a lint (check|pass) (on|over)|use ruff on|check with ruff|run ruff check on|do a lint "
        "run over|"
        "let ruff (check|look at|inspect|go over)|have ruff (check|look at|inspect)|check the "
        "linting "
        "of|"
        "lint-check|apply the linter to|run ruff_check on|run linting on)"
    ),
    runner=(
        "(ruff|ruff|the linter|linting|the lint check|ruff check|lint|the ruff check|the lint run)"
    ),
    plural=(
        "((ruff|lint|linter|style|linting|code style|ruff's) (violations|violations|problems|"
        "issues|"
        "findings|complaints|errors|warnings|hits|offences|offenses|remarks|diagnostics)|"
        "(violations|"
        "problems|"
        "issues|findings|complaints|errors|warnings|remarks|diagnostics) (of|from|reported by|"
        "found by|"
        "flagged by|raised by|by|that come from) (ruff|the linter|linting)|violations|rule "
        "violations|"
        "things "
        "ruff (flags|complains about|reports|finds|dislikes|objects to))"
    ),
    singular=(
        "((ruff|lint|linter|style|linting|code style) (violation|violation|problem|issue|finding|"
        "complaint|error|warning|hit|offence|remark|diagnostic)|(violation|problem|issue|finding|"
        "complaint|"
        "remark|warning) (of|from|reported by|found by|flagged by|by) (ruff|the linter)|violation|"
        "rule "
        "violation|thing ruff (flags|complains about|reports|finds))"
    ),
    passes=(
        "(passes (ruff|the linter|linting|the lint check|ruff check|ruff's checks)|is (clean|"
        "fine|ok|"
        "okay|good|spotless) (for ruff|for the linter|according to ruff|lint-wise|as far as ruff "
        "goes|"
        "in "
        "ruff's eyes|style-wise)|is lint-free|is lint-clean|lints cleanly|is ruff-clean|satisfies "
        "(ruff|the "
        "linter)|has clean style|follows the style rules|gets through ruff|survives ruff)"
    ),
    fails=(
        "(fails (ruff|the linter|linting|the lint check)|does not (pass ruff|pass the linter|"
        "pass "
        "linting|lint cleanly|satisfy ruff)|doesn't (pass ruff|pass the linter|lint cleanly)|"
        "breaks "
        "(the lint|"
        "style) rules|is not lint-clean|is not lint-free|has bad style|gets rejected by ruff)"
    ),
    default=("file", "line", "code", "message"),
    count="violation_count",
)
PYTEST = Tool(
    name="pytest_run",
    variable="tests",
    items="tests",
    item="test",
    do=(
        "(test|run the tests (in|of|from|under|for|inside|at)|run pytest (on|in|over|for|"
        "against)|execute "
        "the tests (in|of|from|under)|run the test suite (in|of|at|under)|run all tests (in|of|"
        "under)|"
        "run the "
        "unit tests (in|of|from)|pytest|run the tests that live in|execute the test suite in|do a "
        "test run of|"
        "start the tests in|try the tests in|run every test in|use pytest on|let pytest run|have "
        "pytest run|"
        "run through the tests in|launch the tests in|run the test file|run the suite in|run the "
        "test module)"
    ),
    runner=(
        "(pytest|the tests|the test run|the test suite|the suite|the unit tests|the pytest run|"
        "testing)"
    ),
    plural="(tests|tests|tests|test cases|unit tests|test functions|test results|pytest results)",
    singular="(test|test|test case|unit test|test result|test function)",
    passes=(
        "(passes (its tests|all tests|the tests|the test run|pytest|the test suite)|is green|is "
        "(all |)"
        "(fine|ok|green|good) (in pytest|according to the tests|test-wise|as far as tests go)|"
        "succeeds in "
        "pytest|has (only passing|no failing|all green|green) tests|tests fine|tests clean|gets "
        "through its "
        "tests)"
    ),
    fails=(
        "(fails (its tests|the tests|some tests|any test|pytest|the test run)|is red|has "
        "(failing|red|"
        "broken) tests|does not pass (its tests|the tests|pytest)|doesn't pass (its tests|the "
        "tests)|"
        "breaks "
        "(its tests|the tests|a test)|is not green)"
    ),
    default=("name", "outcome"),
    count="failed",
)
TOOLS = (TYPECHECK, RUFF, PYTEST)

FIELDS: Mapping[str, str] = {
    "file": "(file|file|file|file|file name|filename|path|file path|source file)",
    "line": "(line|line|line|line|line number|line number|line number|row|line no.)",
    "column": "(column|column|column|column|column number|col|horizontal position)",
    "severity": "(severity|severity|severity|level|severity level|seriousness)",
    "code": "(code|code|code|rule|rule|rule code|rule code|error code|rule name|identifier)",
    "message": (
        "(message|message|message|message|text|description|explanation|message text|wording)"
    ),
    "fixable": "(fixable flag|fixability|fixable|fixable status|fixable state)",
    "name": "(name|name|name|name|test name|full name|id|title)",
    "outcome": "(outcome|outcome|outcome|result|result|status|verdict)",
    "duration": "(duration|duration|duration|time|run time|time taken|running time|seconds)",
}
PLURAL_FIELDS: Mapping[str, str] = {
    "file": "(files|files|files|file names|filenames|paths|source files)",
    "line": "(lines|lines|line numbers|line numbers|line numbers|rows)",
    "column": "(columns|columns|columns|column numbers|offsets)",
    "severity": "(severities|severities|levels|severity levels)",
    "code": "(codes|codes|rules|rules|rule codes|rule codes|error codes|rule names)",
    "message": "(messages|messages|messages|texts|descriptions|explanations|message texts)",
    "fixable": "(fixable flags|fixability|fixable status)",
    "name": "(names|names|names|test names|full names|ids|titles)",
    "outcome": "(outcomes|outcomes|results|statuses|verdicts)",
    "duration": "(durations|durations|times|run times|running times|timings|seconds)",
}
