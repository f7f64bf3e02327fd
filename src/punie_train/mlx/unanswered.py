"""A request that got no usable answer, with the kind of failure."""

from typing import Literal

from punie_train.core.errors import RequestError

FailureKind = Literal["refused", "reset", "timeout", "status", "bad-reply"]


class UnansweredError(RequestError):
    """A request without a usable answer; `http_status` is there when a reply came."""

    def __init__(
        self,
        fact: str,
        consequence: str,
        remedy: str,
        *,
        kind: FailureKind,
        http_status: int | None = None,
        failure: str | None = None,
    ) -> None:
        super().__init__(fact, consequence, remedy, failure=failure)
        self.kind: FailureKind = kind
        self.http_status = http_status
