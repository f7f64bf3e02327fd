"""Ctrl-C while the sandbox runs: held until the run has ended, then raised.

The binding of the sandbox calls Python, where a signal may become a KeyboardInterrupt, and drops
some of what is raised there: without this a stop would be lost, or be taken for the code's doing.
"""

import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

_HELD = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def held_signals() -> Generator[None]:
    """Hold SIGINT and SIGTERM, where Python handles them, until the block has ended."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    handlers: dict[int, Callable[[int, FrameType | None], object]] = {}
    for number in _HELD:
        handler = signal.getsignal(number)
        if callable(handler):
            handlers[number] = handler
            signal.signal(number, lambda got, _: came.append(got))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if came:
            handlers[came[0]](came[0], None)
