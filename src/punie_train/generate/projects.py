"""Little projects with planted faults, for real tools to find."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from punie_train.generate.functions import FUNCTIONS, Function
from punie_train.generate.plain_names import PlainNames

_LINT = (
    ("import json\n", ""),
    ("import os\nimport re\n", ""),
    ("import sys\nimport json\n", ""),
    ("", "\n\ndef read_lines(path: str) -> list[str]:\n    size = 0\n"
     "    with open(path) as file:\n        return file.readlines()\n"),
    ("", "\n\ndef label() -> str:\n    return f\"total\"\n"),
    ("", "\n\ndef is_missing(value: object) -> bool:\n    return value == None\n"),
    ("", "\n\ndef as_number(text: str) -> int:\n    try:\n        return int(text)\n"
     "    except:\n        return 0\n"),
    ("", "\n\ndef letters(text: str) -> list[str]:\n    return [l for l in text if l.isalpha()]\n"),
    ("", "\n\nHELP = \"This text goes on and on until it is wider than any editor that anybody "
     "uses, or so it seems.\"\n"),
    ("", "\n\ndef blank() -> str:  \n    return \"\"\n"),
)
"""What is put before and after a module to make ruff complain."""

_TYPES = (
    "\n\ndef first_line(text: str) -> int:\n    return text.split(\"\\n\")[0]\n",
    "\n\ndef shout(text: str) -> str:\n    return text.uppercase()\n",
    "\n\nlimit: int = \"10\"\n",
    "\n\ndef size(items: list[int]) -> str:\n    return len(items)\n",
    "\n\ndef doubled(number: int) -> int:\n    return number + \"2\"\n",
)
"""What is put after a module to make ty complain, beside calls with wrong arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Files by path, the paths that tools can be run on, and what was planted where.

    `clean` are the modules' texts without lint faults; `functions` are the faulty functions by
    module, whose tests fail.
    """

    files: dict[str, str]
    modules: tuple[str, ...]
    tests: tuple[str, ...]
    package: str
    clean: dict[str, str]
    faulty: dict[str, Function]

    def write(self, directory: Path) -> None:
        """Write the files below a directory."""
        for path, text in self.files.items():
            target = directory / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")

    @property
    def checked(self) -> tuple[str, ...]:
        """Return what can be type-checked and linted."""
        return (*self.modules, *self.tests, self.package)


def project(rng: Random, names: PlainNames) -> Project:
    """Return a project of one package with two modules and their tests beside them."""
    package = f"{rng.choice(('src', 'lib', 'app', 'pkg', 'core', 'tools'))}/{names.word()}"
    files: dict[str, str] = {}
    clean: dict[str, str] = {}
    faulty: dict[str, Function] = {}
    modules, tests = [], []
    chosen = rng.sample(FUNCTIONS, k=5)
    stems = _stems(names)
    for functions in (chosen[:2], chosen[2:]):
        stem = next(stems)
        path, test = f"{package}/{stem}.py", f"{package}/test_{stem}.py"
        broken = rng.choice(functions) if rng.random() < 0.6 else None
        if broken is not None:
            faulty[path] = broken
        body = "\n\n\n".join(one.faulty if one is broken else one.code for one in functions) + "\n"
        body += _type_faults(rng, functions)
        clean[path] = body
        files[path] = _linted(rng, body)
        files[test] = _tests(rng, stem, functions)
        modules.append(path)
        tests.append(test)
    return Project(
        files=files,
        modules=tuple(modules),
        tests=tuple(tests),
        package=package,
        clean=clean,
        faulty=faulty,
    )


def _stems(names: PlainNames) -> Iterator[str]:
    seen: set[str] = set()
    while True:
        if (stem := names.word()) not in seen:
            seen.add(stem)
            yield stem


def _type_faults(rng: Random, functions: list[Function]) -> str:
    count = rng.choice((0, 0, 1, 1, 2))
    kinds = [*_TYPES, *(f"\n\nsample = {one.misuse}\n" for one in functions[:1])]
    return "".join(rng.sample(kinds, k=count))


def _linted(rng: Random, body: str) -> str:
    before, after = "", ""
    for head, tail in rng.sample(_LINT, k=rng.choice((0, 0, 1, 2, 3))):
        before, after = before or head, after + tail
    return (f"{before}\n\n" if before else "") + body + after


def _tests(rng: Random, stem: str, functions: list[Function]) -> str:
    names = ", ".join(sorted(one.name for one in functions))
    head, parts = f"from {stem} import {names}", [one.tests for one in functions]
    extra = rng.random()
    if extra < 0.2:
        head = f"import pytest\n{head}"
        parts[-1] = f'@pytest.mark.skip(reason="needs the {stem} service")\n{parts[-1]}'
    elif extra < 0.35:
        parts.append(f"def test_{stem}_report(report):\n    assert report")
    return "\n\n\n".join((head, *parts)) + "\n"
