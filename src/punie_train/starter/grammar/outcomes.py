"""Which tests are meant: by outcome, name or duration."""

from random import Random

from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.nouns import PYTEST
from punie_train.starter.grammar.selected import Selection


def _outcome(  # noqa: PLR0917 - six texts in the order of the calls below
    outcome: str, words: str, verbs: str, verb: str, also: str, one: str
) -> Selection:
    noun = "(tests|tests|test cases|unit tests|test functions)"
    single = "(test|test|test case|unit test|test function)"
    extra = ("name", "message") if outcome in ("failed", "error") else ("name",)
    return Selection(
        plural=(
            f"({words} {noun}|{noun} (that|which) {verbs}|{noun} (with|whose) (outcome|the "
            "outcome|outcome "
            f"is|result is|result) {outcome}{also})"
        ),
        singular=(
            f"({words} {single}|{single} (that|which) {verb}|{single} (with|whose) (outcome|"
            "outcome is|"
            f"result is|result) {outcome}{one})"
        ),
        condition=f'{{i}}.outcome == "{outcome}"',
        fields=("outcome",),
        default=extra,
    )


def some_of_the_tests(rng: Random, names: Names) -> Selection:
    """Return a filter over tests."""
    kind = rng.randrange(12)
    if kind <= 4:
        return _outcome(
            "failed",
            "(failing|failed|broken|red|unsuccessful|bad)",
            "(fail|failed|do not pass|did not pass|are failing|are red|are broken|have failed|"
            "went wrong|"
            "break|don't pass|didn't pass|did not make it)",
            "(fails|failed|does not pass|did not pass|is failing|is red|is broken|went wrong|"
            "breaks|doesn't "
            "pass|didn't pass|did not make it)",
            "|(test |)failures|(test |)failures|failures",
            "|(test |)failure|failure",
        )
    if kind == 5:
        return _outcome(
            "passed",
            "(passing|passed|green|successful|succeeding|working)",
            "(pass|passed|succeed|succeeded|are green|are passing|have passed|went well|work|"
            "made it)",
            "(passes|passed|succeeds|succeeded|is green|is passing|went well|works|made it)",
            "|successes",
            "|success",
        )
    if kind <= 7:
        return _outcome(
            "skipped",
            "(skipped|omitted|ignored|left-out)",
            "(are skipped|were skipped|got skipped|are left out|were left out|did not run|were "
            "not run|have "
            "been skipped|pytest (skips|skipped|left out|leaves out|passed over)|were passed "
            "over|never ran)",
            "(is skipped|was skipped|got skipped|is left out|was left out|did not run|was not run|"
            "has been "
            "skipped|pytest (skips|skipped|left out|passed over)|never ran)",
            "|skips",
            "|skip",
        )
    if kind == 8:
        return _outcome(
            "error",
            "(erroring|errored|crashed|crashing)",
            "(error|errored|crash|crashed|error out|errored out|end in an error|hit an error|"
            "raised an error)",
            "(errors|errored|crashes|crashed|errors out|ends in an error|hits an error|raised an "
            "error)",
            "|(test|setup) errors",
            "|(test|setup) error",
        )
    if kind == 9:
        word = names.word()
        return Selection(
            plural=(
                f"{PYTEST.plural} (whose name (contains|includes|has|mentions)|with|that have) "
                f"{word} (in "
                "(the|their) name|)"
            ),
            singular=(
                f"{PYTEST.singular} (whose name (contains|includes|has|mentions)|with) {word} "
                "(in (the|"
                "its) name|)"
            ),
            condition=f'"{word}" in {{i}}.name',
            fields=("name",),
            default=("name", "outcome"),
        )
    seconds = rng.choice(("0.1", "0.2", "0.5", "1", "1.5", "2", "3", "5", "10", "30", "60"))
    slower = (
        "(slower than|longer than|over|above|taking more than|taking longer than|lasting more "
        "than|lasting longer "
        "than|running longer than|that (took|take|need|needed|last|ran) (more|longer) than|"
        "exceeding|that exceed|"
        f"needing more than) {seconds} (seconds|second|s|sec)"
    )
    return Selection(
        plural=f"{PYTEST.plural} {slower}",
        singular=f"{PYTEST.singular} {slower}",
        condition=f"{{i}}.duration > {seconds}",
        fields=("duration",),
        default=("name", "duration"),
    )
