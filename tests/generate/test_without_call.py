"""Rows whose request no call answers: what is missing is asked for, what no tool does is said."""

import re
from random import Random

import pytest

from punie_train.generate.kind import Kind
from punie_train.generate.made import made_rows
from punie_train.generate.plain_names import PlainNames
from punie_train.generate.without_call import beyond, unclear, unclear_check
from punie_train.sandbox.run_code import Sandbox

PATH_OR_ID = re.compile(r"/|\w\.\w|\w\d|`")


@pytest.mark.parametrize("maker", [unclear, unclear_check])
def test_what_lacks_a_value_is_asked_back(maker) -> None:
    """No path, command or id is said, and the answer is a question for it."""
    rng = Random(1)
    names = PlainNames(rng)
    for _ in range(300):
        sample = maker(rng, names).sample
        assert not PATH_OR_ID.search(sample.prompt)
        assert re.search(r"\b(path|file|tests|command|id|terminal)\b", sample.text)
        assert "?" in sample.text or "I need" in sample.text
        assert sample.calls == ()


def test_what_no_tool_does_is_said() -> None:
    """Nothing in the request could be read, written, run or checked; the answer names the tools."""
    rng = Random(1)
    names = PlainNames(rng)
    samples = [beyond(rng, names).sample for _ in range(100)]
    for sample in samples:
        assert not re.search(r"\b(file|terminal|command|code|tests?|zip)\b", sample.prompt)
        assert "run commands in terminals" in sample.text
        assert sample.calls == ()
    assert len({sample.prompt for sample in samples}) > 90


@pytest.mark.parametrize("kind", [Kind.TOOL_CALLING, Kind.TYPED_TOOLS])
def test_some_requests_have_no_call(kind: Kind, sandbox: Sandbox) -> None:
    """About one in four, so that either kind alone is within the balance check's limits too."""
    rows, _ = made_rows(kind, 100, 5, sandbox)
    without = [one for one in rows if not one.calls]
    assert 20 <= len(without) <= 40
    assert {one.category for one in without} == {"general"}
