"""How many requests are in flight: as many as asked for, or as many as the server gains from."""

from dataclasses import dataclass

LADDER = (8, 16, 32)
"""Numbers of requests that are tried, upwards."""

WAVES = 3
"""A step is measured over this many times its own number of replies."""

GAIN = 1.05
"""A step up is kept when it makes at least so many times the tokens a second.

Both higher steps may bring a little less than that: at most its square, a tenth, is lost for good.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What was measured with so many requests in flight: completion tokens a second."""

    concurrency: int
    tokens_per_second: float


class RequestLimit:
    """The number of requests in flight; without a fixed one it is found while replies come in.

    The steps of `LADDER` are tried upwards until one brings less than `GAIN`, and the best so far
    is kept. What is lost against the best fixed number is the time of the steps that were not.
    """

    def __init__(self, fixed: int | None = None):
        """Start with the fixed number, or with the lowest step."""
        self.now = LADDER[0] if fixed is None else fixed
        self.most = LADDER[-1] if fixed is None else fixed
        self.steps: list[Step] = []
        self._seeking = fixed is None
        self._replies = self._tokens = 0
        self._since: float | None = None

    @property
    def found(self) -> int | None:
        """Return the number that was settled on; None while it is sought, or when it was given."""
        return self.now if self.steps and not self._seeking else None

    def completed(self, tokens: int, time: float) -> None:
        """Hear of a reply of so many tokens, at a time in seconds of any steady clock."""
        if not self._seeking:
            return
        if self._since is None:
            self._since = time
            return
        self._replies += 1
        self._tokens += tokens
        if self._replies >= WAVES * self.now:
            rate = self._tokens / max(time - self._since, 1e-9)
            self._next(Step(concurrency=self.now, tokens_per_second=rate))
            self._replies = self._tokens = 0
            self._since = time

    def _next(self, step: Step) -> None:
        best = max(self.steps, key=lambda each: each.tokens_per_second, default=None)
        self.steps.append(step)
        gained = best is None or step.tokens_per_second >= GAIN * best.tokens_per_second
        if best is not None and not gained:
            self.now = best.concurrency
        higher = [number for number in LADDER if number > step.concurrency]
        self._seeking = gained and bool(higher)
        if self._seeking:
            self.now = higher[0]
