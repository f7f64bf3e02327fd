"""What goes wrong between here and the hub, in one message each, and what is worth a second try.

No text of an answer enters a message: addresses of files can carry signatures.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from punie_train.core.errors import PunieTrainError

TRANSIENT_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
_TRANSPORT = ("httpx", "httpcore", "h11", "aiohttp", "urllib3", "requests")
_OFFLINE = "The source `sample` needs no network."


class HubError(PunieTrainError):
    """The hub does not answer, or does not have what was asked for."""


def is_transient(error: BaseException) -> bool:
    """Say whether the same request may succeed a little later."""
    for one in _chain(error):
        if (status := _status(one)) is not None:
            return status in TRANSIENT_STATUS
        if _is_transport(one):
            return True
    return False


def asked_wait(error: BaseException) -> float | None:
    """Return the seconds of a `Retry-After` header in the answer, or None."""
    for one in _chain(error):
        headers = getattr(getattr(one, "response", None), "headers", None)
        value = headers.get("retry-after") if headers is not None else None
        if value is not None and value.strip().isdigit():
            return float(value)
    return None


def not_found(repository: str) -> HubError:
    """Return the error of a dataset that the hub does not show."""
    return HubError(
        f"The hub shows no dataset {repository}",
        "there is nothing to download",
        "Check its name; for a private dataset set HF_TOKEN.",
    )


def unreachable(endpoint: str, error: BaseException) -> HubError:
    """Return the error of a hub that gives no answer; nothing secret of its address is shown."""
    status = next((found for one in _chain(error) if (found := _status(one))), None)
    what = f"answers HTTP {status}" if status else "cannot be reached"
    return HubError(
        f"The hub at {public_address(endpoint)} {what}",
        "nothing can be looked up or downloaded",
        f"Check the network and HF_ENDPOINT. {_OFFLINE}",
    )


def switched_off() -> HubError:
    """Return the error of a hub that the environment forbids to ask."""
    return HubError("HF_HUB_OFFLINE is set", "the hub may not be asked", f"Unset it. {_OFFLINE}")


def broken_off(repository: str, rows: int, error: BaseException) -> HubError:
    """Return the error of a stream that ended too early, after `rows` rows."""
    status = next((found for one in _chain(error) if (found := _status(one))), None)
    cause = f"HTTP {status}" if status else type(error).__name__
    return HubError(
        f"{repository} broke off after {rows} rows ({cause})",
        "the dataset is not complete and was not written",
        "Repeat the command: it goes on where it stopped",
    )


def unreadable(repository: str, rows: int, error: BaseException) -> HubError:
    """Return the error of data that the library cannot read, after `rows` rows."""
    return HubError(
        f"{repository} cannot be read after {rows} rows ({type(error).__name__})",
        "its files are not what `datasets` expects",
        "Give a smaller --max, or --config and --split of another part",
    )


def public_address(endpoint: str) -> str:
    """Return scheme, host and port of an address, without user, password and query."""
    parts = urlsplit(endpoint)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}"


def _status(error: BaseException) -> int | None:
    status = getattr(getattr(error, "response", None), "status_code", None)
    return status if isinstance(status, int) else None


def _is_transport(error: BaseException) -> bool:
    if isinstance(error, ConnectionError | TimeoutError):
        return True
    return any(kind.__module__.startswith(_TRANSPORT) for kind in type(error).__mro__)


def _chain(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    while one is not None:
        yield one
        one = one.__cause__ or one.__context__
