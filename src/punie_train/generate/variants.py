"""Which rows are variants of one another: one phrasing, or one answer, with other values."""

import re
from collections.abc import Iterator

from punie_train.generate.drafts import Draft, all_calls
from punie_train.starter.grammar.samples import Sample

_VALUE = re.compile(r"[\"'`]?\S*[/_.\d]\S*|[\"'`][^\"'`\n]+[\"'`]")
_WORD = re.compile(r"[a-z]+|\0")


def variant_key(draft: Draft) -> str:
    """Return a key that rows share whose requests differ in names, numbers and case only."""
    if draft.subject:
        return draft.subject
    return " ".join(_WORD.findall(_without_values(draft.sample)))


def _without_values(sample: Sample) -> str:
    text = sample.prompt
    for value in sorted(_values(sample), key=len, reverse=True):
        text = text.replace(value, "\0")
    return _VALUE.sub("\0", text).lower()


def _values(sample: Sample) -> Iterator[str]:
    for call in all_calls(sample):
        yield from (str(value) for value in call.arguments.values() if len(str(value)) > 1)
    yield from (path for _, path in sample.typed)
