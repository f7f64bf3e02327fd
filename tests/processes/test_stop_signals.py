"""Signals become an event, and what runs is ended in order."""

import asyncio
import os
import signal

import pytest

from punie_train.processes.stop_signals import stop_signals, unless


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.asyncio
async def test_signal_ends_the_work(number: signal.Signals) -> None:
    """The work is cancelled and has cleaned up; afterwards the signal means what it meant."""
    before, cleaned = signal.getsignal(number), []

    async def work() -> str:
        try:
            await asyncio.sleep(60)
        finally:
            cleaned.append(True)
        return "never"

    with stop_signals() as stop:
        asyncio.get_running_loop().call_later(0.05, os.kill, os.getpid(), number)
        assert await unless(stop, work()) is None
    assert cleaned == [True]
    assert signal.getsignal(number) is before


@pytest.mark.asyncio
async def test_work_that_ends_is_returned() -> None:
    """So is what it raises."""

    async def answer() -> int:
        return 7

    async def fail() -> int:
        raise ZeroDivisionError

    stop = asyncio.Event()
    assert await unless(stop, answer()) == 7
    with pytest.raises(ZeroDivisionError):
        await unless(stop, fail())
