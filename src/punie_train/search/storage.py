"""Where a study is kept: a SQLite file or a database that several workers share."""

from optuna.storages import RDBStorage

from punie_train.search.lost_trials import begin_again

HEARTBEATS = 4
"""A worker says that it is alive so many times within the grace."""

BUSY_SECONDS = 60
"""How long a worker waits for another one that is writing to a SQLite file."""


def open_storage(url: str, *, grace: int) -> RDBStorage:
    """Open a storage in which a worker is gone after `grace` seconds without a sign of it."""
    waits = {"connect_args": {"timeout": BUSY_SECONDS}} if url.startswith("sqlite:") else None
    return RDBStorage(
        url,
        engine_kwargs=waits,
        heartbeat_interval=max(1, grace // HEARTBEATS),
        grace_period=grace,
        heartbeat_stale_trial_callback=begin_again,
    )


def first_line(error: Exception) -> str:
    """Return the first line of an error, or its name where it says nothing."""
    return next(iter(str(error).splitlines()), type(error).__name__)


def without_password(url: str) -> str:
    """Return the URL of a database as it may be shown."""
    scheme, found, rest = url.partition("://")
    _, at, host = rest.rpartition("@")
    return f"{scheme}://...@{host}" if found and at else url
