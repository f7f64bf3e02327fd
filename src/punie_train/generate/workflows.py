"""Rows of several steps: calls, results in between, and a reply that says what came out."""

from collections.abc import Callable, Iterator
from random import Random

from punie_train.generate.drafts import Draft
from punie_train.generate.plain_names import PlainNames
from punie_train.generate.workflow_code import (
    added_function,
    failing_tests,
    fixed_function,
    reported_failure,
)
from punie_train.generate.workflow_files import (
    changed_setting,
    copied_file,
    followed_search,
    missing_file,
    noted_output,
)
from punie_train.generate.workflow_terminal import built, checked_server, stuck
from punie_train.sandbox.run_code import Sandbox

_ON_CODE = (fixed_function, added_function, reported_failure)
_OTHERS: tuple[Callable[[Random, PlainNames], Draft], ...] = (
    changed_setting,
    followed_search,
    copied_file,
    noted_output,
    missing_file,
    checked_server,
    built,
    stuck,
)


def workflows(rng: Random, sandbox: Sandbox) -> Iterator[Draft]:
    """Yield drafts without end; every scenario takes its turn."""
    names, failing = PlainNames(rng), failing_tests(sandbox)
    while True:
        for on_code in _ON_CODE:
            yield on_code(rng, names, failing)
        for maker in _OTHERS:
            yield maker(rng, names)
