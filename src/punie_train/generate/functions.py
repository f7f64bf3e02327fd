"""Small functions that generated projects are made of, right and with a fault planted."""

from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function as source, what it does, its fault, and expressions that hold for the right code.

    `misuse` is a call that a type checker objects to.
    """

    name: str
    does: str
    code: str
    right: str
    wrong: str
    checks: tuple[str, ...]
    misuse: str

    @property
    def faulty(self) -> str:
        """Return the source with the fault in it."""
        return self.code.replace(self.right, self.wrong, 1)

    @property
    def tests(self) -> str:
        """Return a test function for each check."""
        words = self.name.removeprefix("is_")
        return "\n\n\n".join(
            f"def test_{words}{'' if number == 1 else f'_{number}'}():\n    assert {check}"
            for number, check in enumerate(self.checks, 1)
        )


def _functions() -> tuple[Function, ...]:
    path = Path(__file__).parent / "functions.yaml"
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    texts = ("name", "does", "code", "right", "wrong", "misuse")
    return tuple(
        Function(**{key: str(one[key]) for key in texts}, checks=tuple(one["checks"]))
        for one in found
    )


FUNCTIONS = _functions()


def joined_program(code: str, tests: str) -> str:
    """Return module and tests as one program that runs every test; imports between them go."""
    lines = [line for line in tests.split("\n") if not line.startswith(("from ", "import "))]
    names = [line[4:].split("(")[0] for line in lines if line.startswith("def test_")]
    return "\n".join((code, *lines, *(f"{name}()" for name in names)))
