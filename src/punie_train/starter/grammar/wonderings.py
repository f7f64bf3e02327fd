"""What people wonder about items without naming a field: where, why, how long, which rule."""

from random import Random

from punie_train.starter.grammar.listing_parts import Listing, loop_code, printed, read
from punie_train.starter.grammar.nouns import PYTEST, RUFF, Tool
from punie_train.starter.grammar.selected import Selection

_ASK = "(tell me|show me|print|say|find out|list|report|write down|let me know|work out|explain)"
_SIT = "(are|sit|are found|occur|stand|appear|come up|live|are located|can be found)"
_LINE = "(line|line|line|line number)"
_RULE = "(rule|code|rule code)"
_RULES = "(rules|codes|rule codes)"
_BAD = "(severe|serious|bad|grave)"
_TEST = "(test|test case|unit test)"
_TESTS = "(tests|test cases|unit tests)"
_FAILED = Selection(
    plural="((failing|failed|broken|red) tests|tests that (fail|failed|do not pass)|test failures)",
    singular="((failing|failed|broken|red) test|test that (fails|failed|does not pass)|failure)",
    condition='{i}.outcome == "failed"',
    fields=("outcome",),
    default=("name", "message"),
)

Wondering = tuple[tuple[str, ...], tuple[str, ...], Selection]


def wondering(rng: Random, tool: Tool) -> Listing:
    """Return a natural question about the items of the tool's result."""
    clauses, fields, chosen = rng.choice(_tests() if tool is PYTEST else _places(tool))
    return Listing(
        nouns=clauses,
        questions=clauses,
        orders=tuple(f"{_ASK} {clause}" for clause in clauses),
        code=loop_code(tool, chosen, printed(tool, fields)),
        fields=read(tool, chosen.fields, fields),
    )


def _places(tool: Tool) -> tuple[Wondering, ...]:
    many, one, runner = tool.plural, tool.singular, tool.runner
    every = Selection(plural=many, singular=one, default=tool.default)
    where = (
        f"where (the |all the |all |){many} {{at}} {_SIT}",
        f"where (are|do we have|can i find|does one find) (the |all the |){many} {{at}}",
        f"where {{at}} (the |){many} {_SIT}",
        f"(the |)(places|positions|locations|whereabouts) of (the |all |each of the ){many} {{at}}",
        f"(the place|the location|the position|where) of (each|every) {one} {{at}}",
    )
    lines = (
        f"(on|at|in) (which|what) (line|lines) (the |all the |){many} {{at}} {_SIT}",
        f"(on|at|in) (which|what) (line|lines) are (the |all the |){many} {{at}}",
        f"(which|what) {_LINE}s (the |){many} {{at}} (are on|sit on|concern|point at)",
        f"which lines {{at}} (have|contain|cause|give|show|are hit by|trigger) {many}",
        f"(at|on) (which|what) line (each|every) {one} {{at}} (is|sits|occurs|stands|was found)",
    )
    says = (
        f"what (the |all the |){many} {{at}} (say|tell|mean|are about|state|complain about)",
        f"what (do|does) (the |all the |){many} {{at}} (say|tell us|mean|state)",
        f"what (each|every) {one} {{at}} (says|means|is about|states|complains about)",
        f"(what|why) (is |){runner} (complaining|complains|unhappy|objecting) (about|) {{at}}",
        f"the (messages|texts|explanations) {runner} (gives|prints|has|reports) {{at}}",
    )
    rules = (
        f"(which|what) {_RULE} (each|every) {one} {{at}} (has|breaks|belongs to|comes from|is)",
        f"(which|what) {_RULES} (do |)(the |all |){many} {{at}} (have|break|belong to|come from)",
        f"(which|what) {_RULES} {runner} (reports|gives|names|mentions|lists|found|finds) {{at}}",
        f"(which|what) {_RULES} (does|did) {runner} (report|give|name|mention|find) {{at}}",
    )
    last = (
        (
            f"(whether|if) (each|every) {one} {{at}} (is fixable|can be fixed|is auto-fixable)",
            f"(which|what) (of the |){many} {{at}} (are|is) fixable and which (are not|not)",
            f"(for|of) (each|every) {one} {{at}} (whether|if) (it is|it can be) (fixable|fixed)",
        )
        if tool is RUFF
        else (
            f"how {_BAD} (each|every) {one} {{at}} is",
            f"how {_BAD} (are |)(the |all the |){many} {{at}}",
            f"(whether|if) (each|every) {one} {{at}} is an error or a warning",
        )
    )
    return (
        (where, ("file", "line"), every),
        (lines, ("line",), every),
        (says, ("message",), every),
        (rules, ("code",), every),
        (last, ("code", "fixable") if tool is RUFF else ("severity", "message"), every),
    )


def _tests() -> tuple[Wondering, ...]:
    every = Selection(plural=_TESTS, singular=_TEST, default=PYTEST.default)
    took = "(takes|took|runs|ran|needs|needed|lasts|lasted)"
    long = (
        f"how long (each|every|each single) {_TEST} {{at}} {took}",
        f"how long (does|did) (each|every|each single) {_TEST} {{at}} (take|run|need|last)",
        f"how long (the |all |each of the |the single |){_TESTS} {{at}} (take|took|run|ran|need)",
        f"how (slow|fast|quick) (is |)(each|every) {_TEST} {{at}}",
        f"the (duration|duration|time|run time) of (each|every|each single) {_TEST} {{at}}",
    )
    ended = (
        f"how (each|every) {_TEST} {{at}} (ended|ends|went|goes|turned out|did|fared)",
        f"how (did|do) (the |all |each of the |){_TESTS} {{at}} (end|go|turn out|do|fare)",
        f"what (became|came out) of (each|every) {_TEST} {{at}}",
        f"(whether|if) (each|every) {_TEST} {{at}} (passed|passes|failed|is green|was skipped)",
        f"the (outcome|outcome|result|status) of (each|every|each single) {_TEST} {{at}}",
    )
    why = (
        f"why (do |did |)(the |some |)({_TESTS}|{_FAILED.plural}) {{at}} (fail|failed|break)",
        f"what (went|goes|is) wrong (in|with) (the |each of the |){_FAILED.plural} {{at}}",
        f"what (do |)(the |){_FAILED.plural} {{at}} (say|complain about|report|print)",
        (
            "(the |)(reason|cause|message|explanation) (for|of|behind) (each|every) "
            f"{_FAILED.singular} {{at}}"
        ),
        f"why (each|every) {_FAILED.singular} {{at}} (failed|fails|is red|broke)",
    )
    failing = "(fail|failed|do not pass|are red|are failing|break|are broken|did not pass)"
    which = (
        f"which (of the |){_TESTS} {{at}} {failing}",
        f"which (of the |){_TESTS} {failing} {{at}}",
        f"(the |)names of (the |all |){_FAILED.plural} {{at}}",
        f"which (of the |){_TESTS} {{at}} (need fixing|i have to fix|i must repair|need work)",
    )
    return (
        (long, ("name", "duration"), every),
        (ended, ("name", "outcome"), every),
        (why, ("name", "message"), _FAILED),
        (which, ("name",), _FAILED),
    )
