"""Ports: a free one, who listens on one, and whether a process does."""

import socket
from contextlib import closing, suppress

import psutil


def free_port(host: str) -> int:
    """Return a port of `host` that nobody listens on now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def free_ports(host: str, count: int) -> int:
    """Return the first of `count` ports in a row that nobody listens on now; raises OSError."""
    for _ in range(50):
        first = free_port(host)
        row = range(first, first + count)
        if first + count < 65_536 and not any(is_taken(host, port) for port in row):
            return first
    raise OSError(f"no {count} free ports in a row on {host}")


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that holds `port` of `host` (0 for any) and does not listen yet.

    Raises OSError when the host is unknown or not of this machine, or the port cannot be had.
    """
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = found[0]
    holder = socket.socket(family, kind, protocol)
    try:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(address)
    except OSError:
        holder.close()
        raise
    return holder


def is_taken(host: str, port: int) -> bool:
    """Return whether `host` refuses to give `port` to a new server."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
        return False


def answers(host: str, port: int) -> bool:
    """Return whether a connection to `port` is accepted."""
    with suppress(OSError), closing(socket.create_connection((host, port), timeout=1.0)):
        return True
    return False


def listens(pid: int, port: int) -> bool | None:
    """Return whether process `pid` listens on `port`; None when the system does not tell."""
    try:
        connections = psutil.Process(pid).net_connections(kind="tcp")
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:
        return None
    return any(
        connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
        for connection in connections
    )


def listener(port: int) -> str | None:
    """Describe the process of this user that listens on `port`, or None when it is not found."""
    for process in psutil.process_iter(["pid", "name"]):
        with suppress(psutil.Error):
            if listens(process.pid, port):
                return f"process {process.pid} ({process.info['name']})"
    return None
