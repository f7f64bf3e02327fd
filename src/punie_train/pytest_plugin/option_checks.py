"""Option values that are refused in words before anything is started."""

import math
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from punie_train.core.errors import UsageError


def check_ranges(
    *,
    temperature: float,
    top_p: float | None,
    max_tokens: int,
    timeout: float,
    repetition_penalty: float | None = None,
) -> None:
    """Raise UsageError for a value that no server accepts; `timeout` in seconds."""
    for name, value, fits, words in (
        ("--eval-temperature", temperature, 0 <= temperature < math.inf, "of 0 or more"),
        ("--eval-top-p", top_p, top_p is None or 0 < top_p <= 1, "above 0 and at most 1"),
        (
            "--eval-repetition-penalty",
            repetition_penalty,
            repetition_penalty is None or 0 < repetition_penalty < math.inf,
            "above 0",
        ),
        ("--eval-max-tokens", max_tokens, max_tokens > 0, "of 1 or more"),
        ("--eval-timeout", timeout, 0 < timeout < math.inf, "above 0"),
    ):
        if not fits:
            raise UsageError(f"{name} {value:g}", "no server accepts it", f"Give a value {words}.")


def check_server_url(url: str | None, adapters: Sequence[str], candidates: Sequence[str]) -> None:
    """Raise UsageError for what is no URL, and for more than the one model that a server has."""
    if url is None:
        return
    if not _is_http(url):
        raise UsageError(
            f"--server-url {url!r}",
            "it is no http URL",
            "Write for example --server-url http://127.0.0.1:8080.",
        )
    if candidates or len(adapters) > 1:
        raise UsageError(
            "--server-url with --candidate or several --adapter",
            "one server answers all of them alike, so they would be one model under many names",
            "Leave --server-url out, or evaluate each server in a run of its own.",
        )


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # no port, or no address in its brackets
        return False


def check_cache(directory: str | None, *, disabled: bool) -> None:
    """Raise UsageError for a cache that is both asked for and not, or that is a file."""
    if directory is None:
        return
    if disabled:
        raise UsageError(
            "--eval-cache with --no-eval-cache",
            "replies would be both kept and not kept",
            "Leave one of them out.",
        )
    if not directory or Path(directory).is_file():
        raise UsageError(
            f"--eval-cache {directory!r}",
            "it is no directory",
            "Give a directory; it is made where it is missing.",
        )
