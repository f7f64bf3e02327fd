"""Hold `dataset filter --min-python` against the Python interpreters of this machine.

    python benchmarks/python_versions.py --pythons ~/.pyenv/versions/*/bin/python

Cuts every function out of the standard library of each interpreter, asks each interpreter which of
them it compiles, and compares. Files are divided by a hash of their path; the rules were made
looking at one half, and `--half held-out`, the default, measures the other. Prints the shares and
the functions a second of one core, exits 1 when one is beyond its bound. Takes some minutes.
"""

import argparse
import hashlib
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from punie_train.dataset.python_constructs import PYTHON_TWO, Version
from punie_train.dataset.python_in_text import PythonText
from punie_train.dataset.python_version import PythonVersion, Unsettled, python_version
from punie_train.dataset.python_version_filter import PythonVersionFilter

VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
CUT = r"""
import ast, io, json, os, re, sys, textwrap, warnings
warnings.simplefilter("ignore")
root = os.path.dirname(os.__file__)
two = sys.version_info[0] == 2

def read(path):
    data = io.open(path, "rb").read()
    coding = "latin-1" if two else "utf-8"
    if data.startswith(b"\xef\xbb\xbf"):
        data, coding = data[3:], "utf-8"
    for line in data.split(b"\n")[:2]:
        found = re.match(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", line.decode("latin-1"))
        coding = found.group(1) if found else coding
    return data.decode(coding).replace("\r\n", "\n").replace("\r", "\n")

def first_line(node):
    return min([node.lineno] + [each.lineno for each in getattr(node, "decorator_list", [])])

def walk(body, last, lines, name):
    for at, node in enumerate(body):
        stop = first_line(body[at + 1]) - 1 if at + 1 < len(body) else last
        if type(node).__name__ in ("FunctionDef", "AsyncFunctionDef"):
            block = lines[first_line(node) - 1:getattr(node, "end_lineno", None) or stop]
            while block and (not block[-1].strip() or block[-1].lstrip().startswith("#")):
                block.pop()
            print(json.dumps([name, textwrap.dedent("\n".join(block)) + "\n"]))
            continue
        for field in ("body", "orelse", "finalbody"):
            inner = getattr(node, field, None)
            if isinstance(inner, list) and inner and hasattr(inner[0], "lineno"):
                walk(inner, stop, lines, name)

for folder, folders, files in os.walk(root):
    folders[:] = [each for each in folders if each not in ("site-packages", "__pycache__")]
    for each in files:
        path = os.path.join(folder, each)
        try:
            text = read(path) if each.endswith(".py") else ""
            tree = ast.parse(text.encode("utf-8") if two else text)
        except Exception:
            continue
        walk(tree.body, text.count("\n") + 1, text.split("\n"), os.path.relpath(path, root))
"""
LABEL = r"""
import json, sys, warnings
warnings.simplefilter("ignore")
for line in sys.stdin:
    try:
        compile(json.loads(line), "x", "exec", 0, True)
        sys.stdout.write("1")
    except Exception:
        sys.stdout.write("0")
"""
LEAST = {
    "Python 2 found": 0.99,
    "first version exact": 0.98,
    "first version exact, where some version refuses": 0.98,
    "last version exact": 0.98,
    "functions a second": 1500.0,
}
MOST = {"Python 3 called Python 2": 0.005, "functions of the newest library removed by 3": 0.005}


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function, the libraries it stands in, and the versions that compile it."""

    code: str
    libraries: frozenset[Version]
    compiled: tuple[Version, ...]


@dataclass(slots=True)
class Shares:
    """Right answers of all answers to a question."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, yes: bool) -> None:
        """Count one answer."""
        self.asked[name] += 1
        self.right[name] += yes


def main() -> int:
    """Cut, label, ask and compare; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pythons", nargs="+", required=True, metavar="FILE")
    parser.add_argument("--half", choices=("held-out", "seen", "all"), default="held-out")
    parser.add_argument("--count", type=int, help="a random sample of so many functions")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=0, help="print so many wrong answers")
    options = parser.parse_args()
    pythons = {_version(python): python for python in options.pythons}
    if PYTHON_TWO not in pythons or len(pythons) < 3:
        parser.error("--pythons needs a Python 2.7 and at least two of Python 3")
    found = functions(pythons, options.half, options.count, random.Random(options.seed))
    started = time.thread_time()
    answers = [python_version(each.code) for each in found]
    seconds = time.thread_time() - started
    shares = compare(found, answers, max(pythons), options.show)
    return report(shares, len(found) / seconds)


def _version(python: str) -> Version:
    major, minor = _run(python, VERSION).strip().split(".")
    return int(major), int(minor)


def _run(python: str, script: str, given: str = "") -> str:
    done = subprocess.run(
        [python, "-c", script], input=given, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def functions(
    pythons: dict[Version, str], half: str, count: int | None, chance: random.Random
) -> list[Function]:
    """Return distinct functions of all the libraries with what every interpreter makes of them."""
    versions = sorted(pythons)
    libraries: dict[str, set[Version]] = {}
    with ThreadPoolExecutor(2) as pool:
        cut = pool.map(lambda version: _run(pythons[version], CUT), versions)
        for version, lines in zip(versions, cut, strict=True):
            for line in lines.splitlines():
                path, code = json.loads(line)
                if half == "all" or _is_held_out(path) == (half == "held-out"):
                    libraries.setdefault(code, set()).add(version)
        codes = list(libraries)
        if count is not None:
            codes = chance.sample(codes, min(count, len(codes)))
        given = "".join(f"{json.dumps(code)}\n" for code in codes)
        labels = list(pool.map(lambda version: _run(pythons[version], LABEL, given), versions))
    return [
        Function(
            code=code,
            libraries=frozenset(libraries[code]),
            compiled=tuple(v for v, mark in zip(versions, marks, strict=True) if mark == "1"),
        )
        for code, *marks in zip(codes, *labels, strict=True)
    ]


def _is_held_out(path: str) -> bool:
    return hashlib.md5(path.encode()).digest()[0] % 2 == 1


def compare(
    found: Sequence[Function], answers: Sequence[PythonVersion], newest: Version, show: int
) -> Shares:
    """Count the right answers; functions that no interpreter compiles are a question apart."""
    shares = Shares()
    for function, answer in zip(found, answers, strict=True):
        right = _ask(function, answer, newest, shares)
        if not right and show:
            show -= 1
            compiled = ", ".join(f"{major}.{minor}" for major, minor in function.compiled)
            print(f"--- compiles on {compiled or 'none'}; said {answer}\n{function.code}")
    three = PythonVersionFilter(minimum=(3, 0))
    for function in found:
        if newest in function.libraries and newest in function.compiled:
            reason = three.judge_python([PythonText(function.code)]).reason
            shares.add("functions of the newest library removed by 3", reason is not None)
    return shares


def _ask(function: Function, answer: PythonVersion, newest: Version, shares: Shares) -> bool:
    compiled = function.compiled
    if not compiled:
        right = answer.reason is Unsettled.BROKEN or (answer.minimum or PYTHON_TWO) > newest
        shares.add("compiles nowhere, said so", right)
        return right
    if compiled == (PYTHON_TWO,):
        right = answer.reason is Unsettled.PYTHON_TWO
        shares.add("Python 2 found", right)
        return right
    shares.add("Python 3 called Python 2", answer.reason is Unsettled.PYTHON_TWO)
    right = answer.minimum == compiled[0]
    shares.add("first version exact", right)
    if compiled[0] != PYTHON_TWO or compiled[-1] != newest:
        shares.add("first version exact, where some version refuses", right)
    if compiled[-1] != newest:
        shares.add("last version exact", answer.maximum == compiled[-1])
    return right


def report(shares: Shares, speed: float) -> int:
    """Print the shares and the speed; return 1 if one is beyond its bound."""
    values = {name: shares.right[name] / number for name, number in shares.asked.items()}
    for name, value in values.items():
        print(f"{name:50} {shares.right[name]:7,} of {shares.asked[name]:7,}  {value:8.3%}")
    values["functions a second"] = speed
    print(f"{'functions a second':50} {speed:7,.0f}")
    bad = [name for name, bound in LEAST.items() if values.get(name, bound) < bound]
    bad += [name for name, bound in MOST.items() if values.get(name, bound) > bound]
    for name in bad:
        print(f"beyond its bound: {name}")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
