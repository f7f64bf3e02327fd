"""A filter over the items of a result, by rule or by line."""

from dataclasses import dataclass
from random import Random

from punie_train.starter.grammar.nouns import Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A filter: words for the items it keeps, the condition on `{i}` (empty keeps all)."""

    plural: str
    singular: str
    condition: str = ""
    fields: tuple[str, ...] = ()
    default: tuple[str, ...]


def of_code(tool: Tool, code: str) -> Selection:
    """Return the filter for one rule."""
    tail = (
        f"(with (the |)(code|rule|rule code|error code) {code}|of (code|rule|kind|type) {code}|"
        "whose (code|rule|"
        f"error code) (is|equals) {code}|that (are|break|violate|belong to) {code}|for (the rule |"
        f"rule |){code}|"
        f"having code {code}|coded {code}|under {code})"
    )
    ahead = f"({code})"
    return Selection(
        plural=(
            f"({tool.plural} {tail}|{ahead} (violations|errors|problems|issues|findings|hits|"
            "complaints))"
        ),
        singular=(
            f"({tool.singular} {tail.replace('that (are|break|violate|belong to)', 'that is')}|"
            f"{ahead} "
            "(violation|error|problem|issue|finding|hit|occurrence))"
        ),
        condition=f'{{i}}.code == "{code}"',
        fields=("code",),
        default=("file", "line", "message"),
    )


def of_line(rng: Random, tool: Tool) -> Selection:
    """Return the filter for the lines before or after one."""
    number = rng.choice((10, 20, 30, 50, 80, 100, 120, 200, rng.randrange(5, 500)))
    after = rng.random() < 0.6
    words = (
        f"(after|below|beyond|past|behind|further down than|later than) line {number}"
        if after
        else f"(before|above|up to|earlier than|ahead of|in front of) line {number}"
    )
    return Selection(
        plural=f"{tool.plural} {words}",
        singular=f"{tool.singular} {words}",
        condition=f"{{i}}.line {'>' if after else '<'} {number}",
        fields=("line",),
        default=("line", "message"),
    )
