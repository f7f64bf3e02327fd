"""Workflows in code mode: lint, repair the file, lint again, every result a real one."""

import tempfile
from pathlib import Path
from random import Random

from punie_train.core.typed_results import RuffResult
from punie_train.generate.drafts import Draft, Talk
from punie_train.generate.phrases import said
from punie_train.generate.plain_results import result_of
from punie_train.generate.projects import Project
from punie_train.starter.grammar.samples import call
from punie_train.tools.ruff_check import ruff_check


def lint_fix(rng: Random, made: Project, path: str, before: RuffResult) -> Draft | None:
    """Return: ruff's findings, the file, the repaired file, ruff again; None if nothing is wrong.

    The repaired file is the module before lint faults were planted, and ruff is run on it.
    """
    if not before.violations:
        return None
    content = made.clean[path]
    with tempfile.TemporaryDirectory(prefix="punie-train-") as name:
        root = Path(name)
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text(content, encoding="utf-8")
        after = ruff_check(path, workspace=root)
    if not after.success:
        return None
    text = said(
        rng,
        "(Lint|Run ruff on) {p} and (fix|repair) what (it|ruff) finds. Then (check|lint) it again."
        "|(Make|I want) {p} (pass ruff|ruff-clean): (look at the violations|see what is wrong), "
        "(correct the file|rewrite it without them) and (check again|prove it).|(Which violations "
        "does ruff find|What does ruff say) in {p}? (Remove them|Get rid of them) without changing "
        "what the code does, and (verify it|check the result).",
        {"p": path},
    )
    talk = Talk(text)
    listing = (
        f'result = ruff_check("{path}")\nfor violation in result.violations:\n'
        "    print(violation.line, violation.code, violation.message)"
    )
    shown = "\n".join(f"{one.line} {one.code} {one.message}" for one in before.violations)
    talk.step(call("execute_code", code=listing), shown)
    talk.step(call("read_file", path=path), made.files[path])
    write = call("write_file", path=path, content=content)
    talk.step(write, result_of(rng, write))
    again = f'result = ruff_check("{path}")\nprint(result.success, result.violation_count)'
    talk.step(call("execute_code", code=again), f"{after.success} {after.violation_count}")
    codes = ", ".join(dict.fromkeys(one.code for one in before.violations))
    count = before.violation_count
    words = (
        said(
            rng,
            "`{p}` is clean now. (It had|ruff had found) {n} ({c}).|ruff found {n} in `{p}` ({c}); "
            "(after the change it finds none|now it finds none).".replace("({c})", "<{c}>"),
            {"p": path, "n": f"{count} violation{'' if count == 1 else 's'}", "c": codes},
        )
        .replace("<", "(")
        .replace(">", ")")
    )
    return Draft(sample=talk.end(words, "agent", "workflow"))
