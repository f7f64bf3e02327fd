"""Conditions that compare fields of a result with each other, or with a time."""

from dataclasses import dataclass
from random import Random

from punie_train.starter.grammar.nouns import PYTEST, RUFF, Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Words with `{at}` or `{path}`, the Python test on `{r}` and the fields it reads."""

    words: str
    negated: str
    test: str
    fields: tuple[str, ...]
    good: bool


def comparison(rng: Random, tool: Tool) -> Condition:
    """Return a condition that compares two fields, a time, or asks for a parse error."""
    report = f"(the (output|report|result) of {tool.runner}|{tool.runner}'s (output|report))"
    choices = [
        Condition(
            words=(
                f"({report} {{at}} (cannot|could not|can not) be (parsed|read)|there is a (parse|"
                "parsing) (error|"
                f"problem) (from|with|of) {tool.runner} {{at}}|{tool.runner} (has|had|reports|"
                "gives|ends in|runs into) a (parse|parsing) (error|problem) {at})"
            ),
            negated=f"{report} {{at}} (can|could) be (parsed|read)",
            test="{r}.parse_error",
            fields=("parse_error",),
            good=False,
        )
    ]
    compared = {
        "typecheck": (
            ("warning_count", "error_count", "(|type )warnings", "(|type )errors"),
            ("error_count", "warning_count", "(type |)errors", "(|type )warnings"),
        ),
        "ruff_check": (),
        "pytest_run": (
            ("failed", "passed", "(failing|failed) tests", "(passing|passed) ones"),
            ("passed", "failed", "(passing|passed) tests", "(failing|failed) ones"),
            ("skipped", "failed", "skipped tests", "failed ones"),
            ("skipped", "passed", "skipped tests", "passed ones"),
        ),
    }[tool.name]
    for more, less, first, second in compared:
        choices.append(
            Condition(
                words=(
                    f"(there are more {first} than {second} {{at}}|{{path}} has more {first} "
                    f"than {second}|the {first}"
                    f" (outnumber|exceed) the {second} {{at}})"
                ),
                negated=(
                    f"there are (not more|no more|at most as many) {first} (than|as) {second} "
                    f"{{at}}"
                ),
                test=f"{{r}}.{more} > {{r}}.{less}",
                fields=(more, less),
                good=False,
            )
        )
    if tool is RUFF:
        issues = "(violations|problems|issues|findings|complaints|remarks|lint problems)"
        every = (
            f"((all|all the|every one of the|each of the) {issues} {{at}} (are|is) (fixable|"
            "auto-fixable|repairable)|ruff "
            f"(can|could) (fix|repair) (all|every one of|each) (the |of the |){issues} {{at}}|"
            f"everything {{at}} (is fixable"
            "|can be fixed)|nothing {at} (would remain|remains) after --fix)"
        )
        some = (
            f"((some|any|not all) (of the |){issues} {{at}} are not (fixable|auto-fixable)|ruff "
            "cannot fix (all|every one) of "
            f"the {issues} {{at}})"
        )
        choices += [
            Condition(
                words=every,
                negated=some,
                test="{r}.fixable_count == {r}.violation_count",
                fields=("fixable_count", "violation_count"),
                good=True,
            ),
            Condition(
                words=(
                    f"((any|some|one) of the {issues} {{at}} (are|is) (fixable|auto-fixable|"
                    "repairable)|ruff (can|could) "
                    f"(fix|repair) (anything|something|any of the {issues}|some of it) {{at}}|"
                    f"(anything|something) {{at}} "
                    "(is fixable|can be fixed))"
                ),
                negated=(
                    f"(none of the {issues} {{at}} (is|are) fixable|ruff (can|could) fix nothing "
                    f"{{at}})"
                ),
                test="{r}.fixable_count > 0",
                fields=("fixable_count",),
                good=True,
            ),
        ]
    if tool is PYTEST:
        seconds = rng.choice((1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120))
        unit = rng.choice(("seconds", "seconds", "s", "sec"))
        slow = (
            f"({tool.runner} {{at}} (takes|took|needs|lasts|runs|needed|ran) (longer than|more "
            f"than|over) {seconds} {unit}|"
            f"(the run|it|the duration) {{at}} (takes|exceeds|is over|is above|is more than|took "
            f"more than) {seconds} {unit})"
        )
        fast = (
            f"{tool.runner} {{at}} (takes|took|needs|lasts) (less than|under|at most|no more "
            f"than) {seconds} {unit}"
        )
        choices += [
            Condition(
                words=slow,
                negated=fast,
                test=f"{{r}}.duration > {seconds}",
                fields=("duration",),
                good=False,
            ),
            Condition(
                words=fast,
                negated=slow,
                test=f"{{r}}.duration < {seconds}",
                fields=("duration",),
                good=True,
            ),
        ]
    return rng.choice(choices)
