"""Little projects with planted faults, for real tools to find."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import yaml

from punie_train.generate.functions import FUNCTIONS, Function
from punie_train.generate.plain_names import PlainNames

_LINT = yaml.safe_load((Path(__file__).parent / "lint_faults.yaml").read_text(encoding="utf-8"))
"""What makes ruff complain: a `head` before a module, or a `tail` after it, and its repair."""

_TYPES = (
    '\n\ndef first_line(text: str) -> int:\n    return text.split("\\n")[0]\n',
    "\n\ndef shout(text: str) -> str:\n    return text.uppercase()\n",
    '\n\nlimit: int = "10"\n',
    "\n\ndef size(items: list[int]) -> str:\n    return len(items)\n",
    '\n\ndef doubled(number: int) -> int:\n    return number + "2"\n',
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
        faults = rng.sample(_LINT, k=rng.choice((0, 0, 1, 2, 3)))
        files[path], clean[path] = _linted(body, faults)
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
    """Yield names of two words, which no package has that a test could import instead."""
    seen: set[str] = set()
    while True:
        if "_" in (stem := names.word()) and stem not in seen:
            seen.add(stem)
            yield stem


def _type_faults(rng: Random, functions: list[Function]) -> str:
    count = rng.choice((0, 0, 1, 1, 2))
    kinds = [
        *_TYPES,
        *(f"\n\ndef sample() -> object:\n    return {one.misuse}\n" for one in functions[:1]),
    ]
    return "".join(rng.sample(kinds, k=count))


def _linted(body: str, faults: list[dict[str, str]]) -> tuple[str, str]:
    """Return a module with lint faults, and the same with each of them repaired."""
    head = next((one["head"] for one in faults if "head" in one), "")
    tails = [one for one in faults if "tail" in one]
    wrong, right = ("".join(f"\n\n{one[key]}" for one in tails) for key in ("tail", "repair"))
    return (f"{head}\n\n" if head else "") + body + wrong, body + right


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
