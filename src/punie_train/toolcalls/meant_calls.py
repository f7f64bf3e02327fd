"""Is broken JSON meant as a call?"""

import re

from punie_train.toolcalls.reading import ToolsByName

_NAMED = re.compile(r'[\[{\s]{1,40}"name"\s*:\s*"([^"\s]{1,200})"')


def is_meant_as_call(text: str, position: int, tools: ToolsByName) -> bool:
    """Return whether the JSON at `position` begins as a call of a known tool does."""
    named = _NAMED.match(text, position)
    return named is not None and named[1] in tools
