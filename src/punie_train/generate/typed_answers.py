"""What is said about the output of code that read typed results: no more than it shows."""

import re
from random import Random

from punie_train.generate.phrases import said
from punie_train.starter.grammar.phrasing import sentence
from punie_train.starter.grammar.samples import Sample

_ONE = re.compile(r'(\w+) = (\w+)\("([^"\n]+)"\)\nprint\(\1\.(\w+)\)')
_LOOP = re.compile(r'(\w+) = (\w+)\("([^"\n]+)"\)\nfor (\w+) in \1\.(\w+):\n    print\([^\n]+\)')
_MORE = re.compile(r'(\w+) = (\w+)\("([^"\n]+)"\)\nprint\((\1\.\w+(?:, \1\.\w+)+)\)')
_NOUNS = {
    "error_count": ("type error", "type errors"),
    "warning_count": ("type warning", "type warnings"),
    "violation_count": ("lint violation", "lint violations"),
    "fixable_count": ("violation that ruff can fix", "violations that ruff can fix"),
    "passed": ("passed test", "passed tests"),
    "failed": ("failed test", "failed tests"),
    "errors": ("test that could not run", "tests that could not run"),
    "skipped": ("skipped test", "skipped tests"),
}
_ITEMS = {
    "errors": ("type error", "type errors"),
    "violations": ("violation", "violations"),
    "tests": ("test", "tests"),
}
_GOOD = {
    "typecheck": ("`{p}` passes the type check.", "`{p}` does not pass the type check."),
    "ruff_check": ("ruff has nothing to complain about in `{p}`.", "ruff finds faults in `{p}`."),
    "pytest_run": ("All tests in `{p}` pass.", "The tests in `{p}` do not all pass."),
}


def answer(rng: Random, sample: Sample, output: str) -> str:
    """Return the closing words after the sample's code has printed `output`."""
    code, text = str(sample.calls[0].arguments["code"]), output.strip()
    if (one := _ONE.fullmatch(code)) and (words := _value(rng, one[2], one[3], one[4], text)):
        return words
    lines = text.split("\n")
    if (loop := _LOOP.fullmatch(code)) and len(lines) > 1:
        many = _ITEMS.get(loop[5], ("line", "lines"))[1]
        lead = said(
            rng,
            "`{p}` has {n} {w}|There are {n} {w} in `{p}`|{n} {w} in `{p}`",
            {"p": loop[3], "n": str(len(lines)), "w": many},
        )
        return f"{lead}:\n\n" + "\n".join(f"- {line}" for line in lines)
    if (more := _MORE.fullmatch(code)) and (words := _values(more[2], more[3], more[4], text)):
        return words
    if f'print("{text}")' in code:
        return sentence(text)
    paths = list(dict.fromkeys(path for _, path in sample.typed))
    places = " and ".join(f"`{path}`" for path in paths)
    if len(lines) == 1:
        return said(
            rng,
            "The result for {p}: {r}|For {p} I get: {r}|The check of {p} gives: {r}",
            {"p": places, "r": text},
        )
    lead = said(
        rng, "The result for {p}:|For {p} I get:|This is what came out for {p}:", {"p": places}
    )
    return f"{lead}\n\n```\n{text}\n```"


def _values(tool: str, path: str, reads: str, text: str) -> str | None:
    """Return what several fields say, each by its name; None where a value has spaces in it."""
    fields, found = [one.split(".")[1] for one in reads.split(", ")], text.split(" ")
    if len(fields) != len(found):
        return None
    shown = dict(zip(fields, found, strict=True))
    verdict = shown.pop("success", None)
    parts = [_GOOD[tool][verdict != "True"].replace("{p}", path)] if verdict else []
    told = []
    for name, value in shown.items():
        if name in _NOUNS:
            one, many = _NOUNS[name]
            told.append(f"{value} {one if value == '1' else many}")
        else:
            told.append(f"{name.replace('_', ' ')}: {value}")
    if told and parts:
        parts.append(f"{sentence(', '.join(told))}.")
    elif told:
        parts.append(f"`{path}`: {', '.join(told)}.")
    return " ".join(parts)


def _value(rng: Random, tool: str, path: str, field: str, text: str) -> str | None:
    if field == "success" and text in ("True", "False"):
        yes, no = _GOOD[tool]
        return (yes if text == "True" else no).replace("{p}", path)
    if field in _NOUNS and text.isdigit():
        one, many = _NOUNS[field]
        number = "no" if text == "0" else text
        slots = {"p": path, "n": number, "w": one if text == "1" else many}
        ways = "`{p}` has {n} {w}.|{I} in `{p}`."
        slots["I"] = ("There is " if text == "1" else "There are ") + f"{number} {slots['w']}"
        return said(rng, ways, slots)
    if field == "duration":
        return said(rng, "The tests in `{p}` took {t} s.|It took {t} s.", {"p": path, "t": text})
    if field == "parse_error" and text == "None":
        return said(
            rng, "There is none: the report for `{p}` could be read.|None for `{p}`.", {"p": path}
        )
    return None
