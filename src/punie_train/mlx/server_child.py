"""Run mlx-lm's server with a listen queue that holds a burst of connections.

Its own queue is that of Python's `socketserver`, 5 places: with more requests in flight than that,
connections are reset or wait a second for the next attempt (F66). Everything else is left as it is.
"""

import runpy
import socketserver
import sys

LISTEN_QUEUE = 128


def main() -> None:
    """Lengthen the queue and become `mlx_lm server` with the arguments of this process."""
    socketserver.TCPServer.request_queue_size = LISTEN_QUEUE
    sys.argv = ["mlx_lm", "server", *sys.argv[1:]]
    runpy.run_module("mlx_lm", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
