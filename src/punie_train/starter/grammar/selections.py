"""Which items of a result are meant: filters in words and as Python conditions."""

from random import Random

from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.nouns import RUFF, TYPECHECK, Tool
from punie_train.starter.grammar.outcomes import some_of_the_tests
from punie_train.starter.grammar.selected import Selection, of_code, of_line


def selection(rng: Random, names: Names, tool: Tool, *, filtered: float = 0.5) -> Selection:
    """Return all items of the tool's result, or with probability `filtered` some of them."""
    if rng.random() >= filtered:
        every = "(|||all |all the |every single one of the )"
        return (
            Selection(plural=f"{tool.plural}", singular=tool.singular, default=tool.default)
            if rng.random() < 0.7
            else Selection(
                plural=f"{every}{tool.plural}",
                singular=tool.singular,
                default=tool.default,
            )
        )
    if tool is TYPECHECK:
        return _types(rng, names)
    if tool is RUFF:
        return _lint(rng, names)
    return some_of_the_tests(rng, names)


def _types(rng: Random, names: Names) -> Selection:
    kind = rng.randrange(8)
    if kind <= 2:
        return Selection(
            plural=(
                "((type |typing |type checker |type-check |)warnings|(type |typing |"
                ")(diagnostics|"
                "findings|problems|issues|errors|complaints) (with|of|having) (severity|level) "
                "warning|(type "
                "|typing |)(diagnostics|findings|problems|issues|entries|errors) that are (only|"
                "merely|just) "
                "warnings|(diagnostics|problems|errors|entries) whose (severity|level) is warning|"
                "warnings (of|"
                "from) the type checker)"
            ),
            singular=(
                "((type |typing |type checker |)warning|(type |typing |)(diagnostic|finding|"
                "problem|"
                "issue|error|entry) (with|of|having) (severity|level) warning|(diagnostic|finding|"
                "entry|error|"
                "problem) (that|which) is (only |just |merely |)a warning|entry whose severity is "
                "warning)"
            ),
            condition='{i}.severity == "warning"',
            fields=("severity",),
            default=("line", "message"),
        )
    if kind <= 4:
        return Selection(
            plural=(
                "((type |typing |)(diagnostics|findings|problems|issues|errors|complaints|"
                "entries) (with|"
                "of|having) (severity|level) error|(real|hard|serious|genuine|true|actual|severe) "
                "(type |typing |)"
                "errors|(type |typing |)(diagnostics|findings|problems|errors|issues) that are "
                "(real |"
                ")errors(, "
                "not warnings| and not warnings| rather than warnings|)|(type |typing |)errors "
                "(but "
                "no|without|"
                "not the|leaving out) warnings|(type errors|diagnostics|problems|entries) whose "
                "(severity|level) is "
                "error)"
            ),
            singular=(
                "((type |typing |)(diagnostic|finding|problem|issue|error|complaint|entry) (with|"
                "of|"
                "having) (severity|level) error|(real|hard|serious|genuine|true|severe) (type |"
                "typing "
                "|)error|"
                "(diagnostic|finding|type error|problem|entry) (that|which) is (an error|not a "
                "warning|a real "
                "error)|(entry|problem|diagnostic) whose severity is error)"
            ),
            condition='{i}.severity == "error"',
            fields=("severity",),
            default=("line", "message"),
        )
    if kind == 5:
        return of_line(rng, TYPECHECK)
    if kind == 6:
        word = names.word()
        return Selection(
            plural=(
                f"{TYPECHECK.plural} (whose (message|text) (mentions|contains|names|includes|"
                "has)|that "
                f"(mention|contain|name|talk about)|mentioning|about) {word}"
            ),
            singular=(
                f"{TYPECHECK.singular} (whose (message|text) (mentions|contains|includes)|that "
                f"(mentions|contains|names|talks about)|mentioning|about) {word}"
            ),
            condition=f'"{word}" in {{i}}.message',
            fields=("message",),
            default=("line", "message"),
        )
    return of_code(TYPECHECK, names.type_code())


def _lint(rng: Random, names: Names) -> Selection:
    kind = rng.randrange(10)
    noun = (
        "(violations|problems|issues|findings|lint errors|lint problems|ruff findings|complaints|"
        "ruff issues|lint issues)"
    )
    one = (
        "(violation|problem|issue|finding|lint error|lint problem|ruff finding|complaint|lint "
        "issue)"
    )
    if kind <= 2:
        return Selection(
            plural=(
                f"((fixable|auto-fixable|automatically fixable|repairable|autofixable) {noun}|"
                f"{noun} (that|"
                "which) (ruff|the linter) (can|could|would|is able to) (fix|repair|correct|resolve|"
                "solve)(| by "
                f"itself| on its own| automatically| alone)|{noun} (that|which) (are fixable|can "
                "be "
                "fixed|could be "
                "fixed|can be repaired|may be fixed|can be fixed automatically|--fix would remove|"
                "are "
                "marked as "
                f"fixable)|fixable {noun})"
            ),
            singular=(
                f"((fixable|auto-fixable|automatically fixable|repairable|autofixable) {one}|"
                f"{one} (that|"
                "which) (ruff|the linter) (can|could|is able to) (fix|repair|correct|resolve)(| by "
                "itself| "
                f"automatically| alone| on its own)|{one} (that|which) (is fixable|can be fixed|"
                "could "
                "be fixed|can "
                "be repaired|is marked as fixable|can be fixed automatically|--fix would remove))"
            ),
            condition="{i}.fixable",
            fields=("fixable",),
            default=("line", "code", "message"),
        )
    if kind <= 5:
        return Selection(
            plural=(
                "((unfixable|non-fixable|not fixable|not auto-fixable|manual|unrepairable) "
                f"{noun}|{noun} "
                "(that|which) (ruff|the linter) (cannot|can not|can't|is not able to|could not|is "
                "unable to|will "
                "not|does not) (fix|repair|correct|resolve|solve)(| by itself| on its own| "
                f"automatically)|{noun} "
                "(that|which) (are not fixable|cannot be fixed|can't be fixed|must be fixed by "
                "hand|"
                "need a human|"
                "have to be fixed manually|need manual work|are not auto-fixable|i must fix "
                "myself|we "
                "have to "
                "repair by hand|remain after --fix|are left for me|no fix exists for|have no fix|"
                "need my hands))"
            ),
            singular=(
                f"((unfixable|non-fixable|not fixable|not auto-fixable|manual) {one}|{one} (that|"
                "which) "
                "(ruff|the linter) (cannot|can't|is not able to|could not|does not|is unable to) "
                "(fix|repair|"
                f"correct|resolve)(| by itself| automatically| on its own)|{one} (that|which) (is "
                "not "
                "fixable|"
                "cannot be fixed|can't be fixed|must be fixed by hand|needs a human|has to be "
                "fixed "
                "manually|needs "
                "manual work|is not auto-fixable|has no fix|i must fix myself|remains after --fix))"
            ),
            condition="not {i}.fixable",
            fields=("fixable",),
            default=("line", "code", "message"),
        )
    if kind == 6:
        return of_line(rng, RUFF)
    if kind == 7:
        letter = rng.choice("EFWBNISCUDPA")
        words = (
            f"(of the {letter} (family|group|class|category|series)|(with|having) (a code|codes|"
            "rule codes) "
            f"(starting|that starts|beginning) with {letter}|whose (code|rule|rules) (starts|"
            "begins|start) with "
            f"{letter}|from the {letter} (rules|family|group))"
        )
        return Selection(
            plural=f"{RUFF.plural} {words}",
            singular=f"{RUFF.singular} {words}",
            condition=f'{{i}}.code.startswith("{letter}")',
            fields=("code",),
            default=("line", "code"),
        )
    return of_code(RUFF, names.ruff_code())
