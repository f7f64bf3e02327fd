"""A stop is neither lost in the sandbox nor taken for the code's doing."""

import os
import signal

import pytest

from punie_train.sandbox.held_signals import held_signals
from punie_train.sandbox.run_code import Sandbox


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_comes_when_the_block_has_ended(number: signal.Signals) -> None:
    """What is in the block is done; without a signal nothing is raised, and handlers are back."""
    before = signal.signal(number, signal.default_int_handler)
    done: list[str] = []
    try:
        with pytest.raises(KeyboardInterrupt):
            _stopped_within(number, done)
        assert done == ["all"]
        with held_signals():
            done.append("more")
        assert signal.getsignal(number) is signal.default_int_handler
    finally:
        signal.signal(number, before)


def test_a_run_that_is_stopped_ends_in_a_stop() -> None:
    """The signal comes while the sandbox asks the host; the code itself cannot stop anybody."""
    with Sandbox() as sandbox:
        assert sandbox.run("raise KeyboardInterrupt").end != "done"
        before = signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            with pytest.raises(KeyboardInterrupt):
                sandbox.run("while True:\n    read_file('a.py')")
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        assert sandbox.run("print(1)").output.strip() == "1"


def _stopped_within(number: signal.Signals, done: list[str]) -> None:
    with held_signals():
        os.kill(os.getpid(), number)
        done.append("all")
