"""What is said of an adapter's attestation in a badge."""

from collections.abc import Mapping
from types import MappingProxyType

from punie_train.core.attestations import Applied

BADGES: Mapping[Applied, tuple[str, str]] = MappingProxyType(
    {
        Applied.YES: ("adapter live", "good"),
        Applied.NO: ("NOT live", "bad"),
        Applied.UNVERIFIED: ("unverified", "unsure"),
        Applied.NOT_APPLICABLE: ("bare model", "plain"),
    }
)
"""A short label and its tone (good, bad, unsure or plain) for each verdict."""
