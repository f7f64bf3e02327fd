"""The requests that only adapters learn, put by a second writer who had not seen the first."""

from punie_train.starter.grammar.retold.either_or import either_or
from punie_train.starter.grammar.retold.last_words import last_word
from punie_train.starter.grammar.retold.sequences import copying, sequence
from punie_train.starter.grammar.retold.several_fields import several
from punie_train.starter.grammar.retold.spoken_words import spoken
from punie_train.starter.grammar.retold.terminal_stories import terminal_story

__all__ = [
    "copying",
    "either_or",
    "last_word",
    "sequence",
    "several",
    "spoken",
    "terminal_story",
]
