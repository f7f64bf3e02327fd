"""Ports: taken, free, answered, and by whom."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing

import psutil
import pytest

from punie_train.processes.ports import answers, bound, free_port, is_taken, listener, listens


@pytest.fixture
def held() -> Iterator[int]:
    """Listen on a port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def test_held_port(held: int) -> None:
    """A port that somebody listens on is taken, answers, and leads to this process."""
    assert is_taken("127.0.0.1", held)
    assert answers("127.0.0.1", held)
    assert listens(os.getpid(), held) is True
    assert str(os.getpid()) in (listener(held) or "")


def test_free_port() -> None:
    """A free port is not taken, does not answer, and leads to nobody."""
    port = free_port("127.0.0.1")
    assert not is_taken("127.0.0.1", port)
    assert not answers("127.0.0.1", port)
    assert listens(os.getpid(), port) is False
    assert listener(port) is None


@pytest.mark.parametrize(
    ("error", "expected"),
    [(psutil.NoSuchProcess(1), False), (psutil.AccessDenied(1), None)],
    ids=["gone", "not told"],
)
def test_process_that_cannot_be_asked(
    monkeypatch: pytest.MonkeyPatch, error: psutil.Error, expected: bool | None
) -> None:
    """A process that is gone listens on nothing; one that is not ours is unknown."""

    def refuse(self: psutil.Process, kind: str) -> None:
        raise error

    monkeypatch.setattr(psutil.Process, "net_connections", refuse)
    assert listens(os.getpid(), 1) is expected


def test_bound_port_is_held_and_silent() -> None:
    """Nobody else gets it, and nobody is answered until it listens."""
    with closing(bound("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        assert not answers("127.0.0.1", port)
        holder.listen()
        assert answers("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"], ids=["foreign", "unknown"])
def test_place_that_cannot_be_had(host: str) -> None:
    """An address of another machine, or none at all."""
    with pytest.raises(OSError, match=r".+"):
        bound(host, 0)


def test_taken_port_cannot_be_bound(held: int) -> None:
    """The refusal is the system's."""
    with pytest.raises(OSError, match="in use"):
        bound("127.0.0.1", held)
