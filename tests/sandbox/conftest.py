"""One sandbox for the tests of a module."""

from collections.abc import Iterator

import pytest

from punie_train.sandbox.run_code import Sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Return a live sandbox with the limits of the product."""
    with Sandbox() as live:
        yield live
