"""The slowest test, all durations together, and whether anything can be repaired."""

from random import Random

from punie_train.starter.grammar.listing_parts import (
    Listing,
    read,
)
from punie_train.starter.grammar.nouns import PYTEST


def times(rng: Random) -> Listing:
    """Return a question for the slowest or fastest test, or for all durations."""
    if rng.random() < 0.3:
        value = "sum(test.duration for test in {r}.tests)"
        return Listing(
            nouns=(
                (
                    "the (sum|total) of (all |the |all the |)(test durations|test times|durations "
                    "of "
                    "the tests) {at}"
                ),
            ),
            questions=(
                "what do the (durations|times|run times) of the tests {at} (add up to|sum up to)",
            ),
            orders=(
                (
                    "(add up|sum|sum up|total) the (durations|times|run times) of (all |)(the |"
                    ")tests {at}"
                ),
            ),
            code=f"print({value})",
            expression=value,
            fields=read(PYTEST, ("duration",)),
        )
    slow = rng.random() < 0.7
    words = (
        "(slowest|longest|longest running|most time-consuming|longest-running|most expensive)"
        if slow
        else "(fastest|quickest|shortest)"
    )
    verb = (
        "(takes|took|needs|needed|runs|ran|lasts|lasted) (the |)(longest|most time)"
        if slow
        else ("(takes|took|needs|needed) the (least|shortest) time")
    )
    return Listing(
        nouns=(
            f"(the |)(name (and duration |)of |)the {words} test {{at}}",
            f"the test {{at}} (that|which) {verb}",
        ),
        questions=(
            f"(which|what) (test|one of the tests) {{at}} {verb}",
            f"(which|what) (is|was) the {words} test {{at}}",
            f"which test {{at}} (is|was) the {words}",
        ),
        orders=(
            (
                f"(find|show|print|tell me|name|give me|report|look for|identify) the {words} test "
                f"{{at}}"
            ),
            f"(find|show|print|tell me|name|identify) the test {{at}} (that|which) {verb}",
        ),
        code=f"chosen = {'max' if slow else 'min'}({{r}}.tests, key=lambda test: test.duration)\n"
        "print(chosen.name, chosen.duration)",
        fields=read(PYTEST, ("duration", "name")),
    )


def any_fixable() -> Listing:
    """Return a question whether ruff could repair anything."""
    value = "{r}.fixable_count > 0"
    return Listing(
        nouns=(
            "(whether|if) (any|some) (violation|problem|finding) {at} (is fixable|can be fixed)",
        ),
        questions=(
            (
                "(is|are) (any|some) of the (violations|problems|findings|issues) {at} (fixable|"
                "auto-fixable)"
            ),
            "(could|can|would) ruff fix (anything|something|any of it|any problem) {at}",
            "is there anything ruff (can|could) (fix|repair) {at}",
        ),
        orders=(
            (
                "(check|tell me|see|say) (whether|if) ruff (can|could) (fix|repair) (anything|"
                "something) {at}"
            ),
        ),
        code=f"print({value})",
        expression=value,
        fields=("fixable_count",),
    )
