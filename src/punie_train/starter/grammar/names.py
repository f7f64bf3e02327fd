"""Random paths, commands, terminal ids and contents, from pools that never meet.

The `train` pool makes corpus and data; the `heldout` pool makes evaluation cases only.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal

import yaml

from punie_train.starter.grammar.topics import TOPICS

POOLS: Mapping[str, list[str]] = yaml.safe_load(
    (Path(__file__).parent / "pools.yaml").read_text(encoding="utf-8")
)
Pool = Literal["train", "heldout"]


def _plain_words() -> tuple[str, ...]:
    """Return the words of the answers about topics, for texts and invented words."""
    said = " ".join(answer for _, answer in TOPICS)
    return tuple(sorted({word for word in re.findall("[A-Za-z]+", said) if len(word) > 1}))


_WORDS = _plain_words()


@dataclass(frozen=True, slots=True)
class Names:
    """A source of random names over one random generator and one pool."""

    rng: Random
    pool: Pool = "train"

    def word(self) -> str:
        """Return a file stem: a pool word, a made-up word or a compound."""
        rng = self.rng
        stems = POOLS["train_stems"] if self.pool == "train" else POOLS["heldout_stems"]
        made = "".join(rng.choices(POOLS["syllables"], k=rng.choice((2, 3, 3, 4))))
        if self.pool == "heldout":
            made = rng.choice(stems) + rng.choice(POOLS["syllables"])
        if self.pool == "train" and rng.random() < 0.5:
            made = self._invented()
        match rng.randrange(10):
            case 0 | 1:
                return rng.choice(stems)
            case 2 | 3 | 4 | 5:
                return made
            case 6:
                return f"{rng.choice(stems)}_{rng.choice(stems)}"
            case 7:
                return f"{made}_{rng.choice(stems)}"
            case 8:
                return f"{rng.choice(stems)}{rng.choice(('', '-', '_', 'v'))}{rng.randrange(100)}"
            case _:
                return f"{rng.choice(stems)}{rng.choice('-_')}{made}"

    def _invented(self) -> str:
        """Return a word that sounds like English, or now and then one in capitals or a code."""
        rng = self.rng
        if rng.random() < 0.35:
            return self._spliced()
        parts = [
            rng.choice(POOLS["onsets"]) + rng.choice(POOLS["vowels"]) + rng.choice(POOLS["codas"])
            for _ in range(rng.choice((1, 1, 2, 2, 2, 3)))
        ]
        text = "".join(parts)
        match rng.randrange(12):
            case 0:
                return text.upper()
            case 1:
                return text.capitalize()
            case 2:
                letters = "abcdefghijklmnopqrstuvwxyz0123456789"
                return rng.choice(letters[:26]) + "".join(
                    rng.choices(letters, k=rng.randrange(2, 6))
                )
            case _:
                return text

    def _spliced(self) -> str:
        """Return a word of English, or the head of one with the tail of another.

        So any piece of a word comes after any other: such words can be copied, but not recalled.
        """
        rng = self.rng
        text = rng.choice(_WORDS)
        if rng.random() < 0.6:
            tail = rng.choice(_WORDS)
            text = text[: rng.randrange(1, len(text) + 1)] + tail[rng.randrange(len(tail)) :]
        return rng.choice((text.lower(), text.lower(), text.lower(), text.capitalize(), text))

    def sentence(self) -> str:
        """Return a few words in a row."""
        rng = self.rng
        count = rng.choice((2, 2, 3, 3, 4, 5, 6, 8))
        return " ".join(
            self._invented() if rng.random() < 0.7 else self.word() for _ in range(count)
        )

    def directory(self) -> str:
        """Return a directory of one to three levels without a closing slash."""
        rng = self.rng
        base = rng.choice(POOLS["train_dirs"] if self.pool == "train" else POOLS["heldout_dirs"])
        match rng.randrange(6):
            case 0 | 1 | 2:
                return base
            case 3 | 4:
                return f"{base}/{self.word()}"
            case _:
                return self.word()

    def python_path(self) -> str:
        """Return a path of a Python file or, less often, of a directory."""
        rng = self.rng
        match rng.randrange(12):
            case 0:
                return f"{self.word()}.py"
            case 1:
                return self.directory()
            case 2:
                return f"{self.directory()}/"
            case 3:
                return f"./{self.directory()}/{self.word()}.py"
            case _:
                return f"{self.directory()}/{self.word()}.py"

    def test_path(self) -> str:  # noqa: PLR0911 - one return for each shape
        """Return a path of a test file or of a directory of tests."""
        rng = self.rng
        base = "tests" if self.pool == "train" else rng.choice(POOLS["heldout_dirs"])
        match rng.randrange(10):
            case 0:
                return self.directory()
            case 1:
                return f"{base}/{self.word()}"
            case 2:
                return f"{self.directory()}/"
            case 3:
                return f"test_{self.word()}.py"
            case 4 | 5:
                return f"{self.directory()}/test_{self.word()}.py"
            case 6:
                return f"{base}/{self.word()}/test_{self.word()}.py"
            case 7:
                return f"{base}/{self.word()}_test.py"
            case _:
                return f"{base}/test_{self.word()}.py"

    def file_path(self) -> str:  # noqa: PLR0911 - one return for each shape
        """Return a path of a file of any kind."""
        rng = self.rng
        match rng.randrange(12):
            case 0 if self.pool == "train":
                return rng.choice(POOLS["bare_files"])
            case 1 if self.pool == "train":
                return f"{self.directory()}/{rng.choice(POOLS['bare_files'])}"
            case 2:
                return f"/{rng.choice(('etc', 'tmp', 'var/log', 'home/dev'))}/{self.word()}" + (
                    rng.choice(POOLS["doc_endings"])
                )
            case 3:
                start = rng.choice(("./", "../", "~/"))
                return f"{start}{self.word()}{rng.choice(POOLS['doc_endings'])}"
            case 4:
                return f"{self.word()}.{self.word()[:3]}"
            case 5 | 6:
                return f"{self.word()}{rng.choice(POOLS['doc_endings'])}"
            case 7 | 8:
                return f"{self.directory()}/{self.word()}.py"
            case _:
                return f"{self.directory()}/{self.word()}{rng.choice(POOLS['doc_endings'])}"

    def command(self) -> str:
        """Return a shell command of one line."""
        if self.rng.random() < 0.35:
            return self._made_command()
        return self._fill(self.rng.choice(POOLS["commands"]))

    def _made_command(self) -> str:
        rng = self.rng
        words = [rng.choice((self.word(), self._fill(rng.choice(POOLS["programs"]))))]
        count = rng.choice((0, 1, 1, 2, 2, 3))
        words += [self._fill(rng.choice(POOLS["arguments"])) for _ in range(count)]
        return " ".join(words)

    def text(self) -> str:
        """Return a short content for a file."""
        if self.rng.random() < 0.35:
            text = self.sentence()
            return self.rng.choice((text, text, f"# {text}", f"{text}.", f"- {text}"))
        return self._fill(self.rng.choice(POOLS["texts"]))

    def terminal(self) -> str:
        """Return a terminal id."""
        rng = self.rng
        return rng.choice(POOLS["id_shapes"]).format(
            n=rng.choice((rng.randrange(10), rng.randrange(100), rng.randrange(100, 1000))),
            h="".join(rng.choices("0123456789abcdef", k=rng.choice((3, 4, 4, 6)))),
            w=rng.choice(POOLS["train_stems"] if self.pool == "train" else POOLS["heldout_stems"]),
        )

    def ruff_code(self) -> str:
        """Return a rule code of ruff, real or of the same shape."""
        letters = "".join(self.rng.choices("ABCDEFNPSUW", k=self.rng.choice((1, 1, 2, 3))))
        made = f"{letters}{self.rng.randrange(1000):03d}"
        return self.rng.choice((self.rng.choice(POOLS["rules"]), made))

    def type_code(self) -> str:
        """Return a rule name of a type checker."""
        return self.rng.choice(POOLS["type_rules"])

    def _fill(self, template: str) -> str:
        return template.format(
            path=self.file_path(),
            path2=self.file_path(),
            dir=self.directory(),
            word=self.word(),
            word2=self.word(),
            port=self.rng.choice((self.rng.randrange(10), 80, 8000, 8080, 5000, 3000)),
            port2=self.rng.randrange(10),
        )
