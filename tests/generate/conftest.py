"""A sandbox for the tests of generated rows."""

from collections.abc import Iterator

import pytest

from punie_train.sandbox.run_code import Sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Return a running sandbox."""
    with Sandbox() as running:
        yield running
