"""How much of an adapter is left in a fused or quantized model: in its weights, in its replies."""

from dataclasses import dataclass

LEAST_SHARE = 0.8
"""Below this share the adapter's effect counts as erased, at least in part."""

LEAST_COSINE = 0.5
"""Below this cosine the rounding noise is larger than the effect (by 1.7, for a whole effect)."""

LEAST_AGREEMENT = 0.8
"""Below this share of equal replies the new model counts as another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerRetention:
    """What is left of an adapter's effect E in one weight matrix; K is what changed, W the base.

    `share` is <K, E> / <E, E>: 1 when the effect is whole, 0 when it is gone, whatever noise lies
    over it. `cosine` is <K, E> / (|K| |E|): lower the more noise there is. `strength` is |E| / |W|.
    Norms are Frobenius norms.
    """

    name: str
    share: float
    cosine: float
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalRetention:
    """The same over all matrices that the adapter changes, and for each.

    `unread` names matrices that could not be compared. `sampled` says that not every row of the
    largest matrices was read.
    """

    share: float
    cosine: float
    strength: float
    layers: tuple[LayerRetention, ...]
    unread: tuple[str, ...] = ()
    sampled: bool = False

    @property
    def erased(self) -> bool:
        """Say whether too little of the effect is left."""
        return self.share < LEAST_SHARE

    @property
    def drowned(self) -> bool:
        """Say whether noise covers the effect."""
        return self.cosine < LEAST_COSINE

    def worst(self, count: int) -> tuple[LayerRetention, ...]:
        """Return the layers that keep least, the worst first."""
        return tuple(sorted(self.layers, key=lambda layer: min(layer.share, layer.cosine))[:count])


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbedReply:
    """One greedy reply of each model; `bare` is None where there is no adapter to leave out.

    `ended` says whether the new model ended by itself, `expected_to_end` whether the reference
    did. `common` is the share of the reference's tokens before the first difference, 0.0 to 1.0.
    """

    prompt: str
    reference: str
    made: str
    bare: str | None
    ended: bool
    expected_to_end: bool
    common: float

    @property
    def same(self) -> bool:
        """Say whether the new model answers as the reference does."""
        return self.made == self.reference

    @property
    def telling(self) -> bool:
        """Say whether the adapter changes this reply, so that agreement says something of it."""
        return self.bare is not None and self.bare != self.reference


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyAgreement:
    """Replies of the new model beside those of the `reference`, one by one."""

    reference: str
    replies: tuple[ProbedReply, ...]

    @property
    def same(self) -> int:
        """Return how many replies are the same."""
        return sum(reply.same for reply in self.replies)

    @property
    def differs(self) -> bool:
        """Say whether too few replies are the same, of all or of those that the adapter changes."""
        few = self.same < LEAST_AGREEMENT * len(self.replies)
        return few or self.kept < LEAST_AGREEMENT * self.telling

    @property
    def telling(self) -> int:
        """Return how many replies the adapter changes."""
        return sum(reply.telling for reply in self.replies)

    @property
    def kept(self) -> int:
        """Return how many of the replies that the adapter changes are the same."""
        return sum(reply.telling and reply.same for reply in self.replies)

    @property
    def endless(self) -> int:
        """Return how many replies no longer end by themselves though the reference's do."""
        return sum(reply.expected_to_end and not reply.ended for reply in self.replies)

    @property
    def common(self) -> float:
        """Return the mean share of tokens before the first difference, 0.0 to 1.0."""
        return sum(reply.common for reply in self.replies) / max(1, len(self.replies))


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Both measures; one that was not taken is None, and `notes` say why."""

    signal: SignalRetention | None = None
    replies: ReplyAgreement | None = None
    notes: tuple[str, ...] = ()
