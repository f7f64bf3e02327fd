"""How many processors this process may use."""

import os


def processors() -> int:
    """Return the number this process is held to, where the system says so, or else all of them."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
