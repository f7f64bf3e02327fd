"""Names as projects have them: the grammar's shapes, filled with words instead of inventions.

The starter's corpus teaches a small model to copy and needs words nobody has seen; rows for other
models are better off with names that could be in their users' projects.
"""

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

from punie_train.starter.grammar.names import POOLS, Names

WORDS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")
)
_STEMS: tuple[str, ...] = tuple(
    dict.fromkeys((*(s for s in POOLS["train_stems"] if s.islower()), *WORDS["stems"]))
)


@dataclass(frozen=True, slots=True)
class PlainNames(Names):
    """A source of file names, commands and texts made of ordinary words."""

    def word(self) -> str:
        """Return a stem, or two of them with an underscore."""
        one, two = self.rng.sample(_STEMS, k=2)
        return one if self.rng.random() < 0.5 else f"{one}_{two}"

    def sentence(self) -> str:
        """Return what somebody could note in a file."""
        return filled(self.rng, self.rng.choice(WORDS["sentences"]))

    def command(self) -> str:
        """Return a shell command of one line."""
        return self._fill(self.rng.choice(POOLS["commands"]))

    def text(self) -> str:
        """Return a short content for a file."""
        if self.rng.random() < 0.5:
            return self.sentence()
        return self._fill(self.rng.choice(POOLS["texts"]))


def filled(rng: Random, template: str) -> str:
    """Return a template of `words.yaml` with words and numbers put in.

    `{a}` and `{b}` are words, `{A}` and `{B}` the same in capitals, `{A1}` with one capital; `{n}`
    is from 10 to 989, `{k}` and `{m}` from 2 to 9, `{j}` a digit; `{h}` and `{g}` are short hashes.
    """
    a, b = rng.sample(_STEMS, k=2)
    return template.format(
        a=a,
        b=b,
        A=a.upper(),
        B=b.upper(),
        A1=a.capitalize(),
        n=rng.randrange(10, 990),
        k=rng.randrange(2, 10),
        m=rng.randrange(2, 10),
        j=rng.randrange(10),
        h=f"{rng.randrange(16**7):07x}",
        g=f"{rng.randrange(16**7):07x}",
    )
