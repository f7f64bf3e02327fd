"""Names as projects have them: the grammar's shapes, filled with words instead of inventions.

The starter's corpus teaches a small model to copy and needs words nobody has seen; rows for other
models are better off with names that could be in their users' projects.
"""

from dataclasses import dataclass, field
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


SETTINGS: tuple[str, ...] = tuple(WORDS["settings"])
"""Names of settings whose values are numbers."""

_ENDINGS = frozenset((*POOLS["doc_endings"], ".py"))
_KINDS = {
    "python": ".py",
    "python3": ".py",
    "streamlit": ".py",
    "pytest": ".py",
    "mypy": ".py",
    "ruff": ".py",
    "node": ".js",
    "sh": ".sh",
    "bash": ".sh",
    "chmod": ".sh",
    "go": ".go",
    "kubectl": ".yaml",
}
"""Programs and the ending of the file that they are given."""


@dataclass(frozen=True, slots=True)
class PlainNames(Names):
    """A source of file names, commands and texts made of ordinary words.

    `paths` are the paths given out so far: a text fits the last of them.
    """

    paths: list[str] = field(default_factory=list)

    def word(self) -> str:
        """Return a stem, or two of them with an underscore."""
        one, two = self.rng.sample(_STEMS, k=2)
        return one if self.rng.random() < 0.5 else f"{one}_{two}"

    def file_path(self) -> str:
        """Return a path of a file of a common kind."""
        while True:
            path = Names.file_path(self)
            name = path.rsplit("/", 1)[-1]
            if name in POOLS["bare_files"] or f".{name.rsplit('.', 1)[-1]}" in _ENDINGS:
                self.paths.append(path)
                return path

    def sentence(self) -> str:
        """Return what somebody could note in a file."""
        return filled(self.rng, self.rng.choice(WORDS["sentences"]))

    def command(self) -> str:
        """Return a shell command of one line."""
        template = self.rng.choice(POOLS["commands"])
        ending = _KINDS.get(template.split(" ", maxsplit=1)[0])
        path = f"{self.directory()}/{self.word()}{ending}" if ending else self.file_path()
        return template.format(
            path=path,
            path2=self.file_path(),
            dir=self.directory(),
            word=self.word(),
            word2=self.word(),
            port=self.rng.choice((3000, 5000, 8000, 8080, 8765, 9000)),
            port2=self.rng.randrange(10),
        )

    def text(self) -> str:
        """Return a line that fits the path given out last."""
        ending = f".{self.paths[-1].rsplit('.', 1)[-1]}" if self.paths else ""
        fitting = WORDS["contents"].get(ending)
        return filled(self.rng, self.rng.choice(fitting)) if fitting else self.sentence()


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
