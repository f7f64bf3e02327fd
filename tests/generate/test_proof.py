"""What is not proven is not written."""

from dataclasses import replace

import pytest

from punie_train.generate.drafts import Draft, Talk
from punie_train.generate.functions import FUNCTIONS, Function, joined_program
from punie_train.generate.proof import is_proven
from punie_train.sandbox.run_code import Sandbox
from punie_train.starter.grammar.samples import call


def _code_draft(code: str) -> Draft:
    sample = Talk("Check a.py.").end_call(call("execute_code", code=code), category="field_access")
    return Draft(sample=sample)


@pytest.mark.parametrize(
    ("code", "proven"),
    [
        ('result = typecheck("a.py")\nprint(result.error_count)', True),
        ('result = typecheck("a.py")\nprint(result.total_errors)', False),
        ('result = typecheck("a.py")\nprint(result.errors[0].line)', False),
        ("print(undefined)", False),
        ("import subprocess", False),
    ],
    ids=["sound", "no such field", "fails on a clean result", "fails", "leaves the sandbox"],
)
def test_code_mode_is_run(code: str, proven: bool, sandbox: Sandbox) -> None:
    """Code must fit the types and end well whatever the tools answer."""
    assert is_proven(_code_draft(code), sandbox) is proven


@pytest.mark.parametrize(
    ("content", "proven"), [("x = 1\n", True), ("x = y\n", False)], ids=["runs", "fails"]
)
def test_python_files_are_run(content: str, proven: bool, sandbox: Sandbox) -> None:
    """What is written to a Python file is an example, too."""
    write = call("write_file", path="a.py", content=content)
    draft = Draft(sample=Talk("Write it.").end_call(write, category="tool_calling"))
    assert is_proven(draft, sandbox) is proven


@pytest.mark.parametrize(
    ("code", "proven"), [("print(1)", True), ("print(1 / 0)", False)], ids=["runs", "fails"]
)
def test_fences_are_run(code: str, proven: bool, sandbox: Sandbox) -> None:
    """Code that is only shown is run as well."""
    sample = Talk("Show me.").end(f"```python\n{code}\n```", "code_generation")
    assert is_proven(Draft(sample=sample), sandbox) is proven


@pytest.mark.parametrize(
    ("result", "proven"),
    [("ok", True), ("  ", False), ("<|im_end|>", False)],
    ids=["sound", "empty", "control token"],
)
def test_results_must_be_fit_to_learn(result: str, proven: bool, sandbox: Sandbox) -> None:
    """Empty results and control tokens never become rows."""
    talk = Talk("Kill t1.")
    talk.step(call("kill_terminal", terminal_id="t1"), result)
    assert is_proven(Draft(sample=talk.end("Done.", "tool_calling")), sandbox) is proven


@pytest.mark.parametrize("one", FUNCTIONS, ids=lambda one: one.name)
def test_functions_are_right_and_their_faults_are_faults(one: Function, sandbox: Sandbox) -> None:
    """The tests pass on the right code, and at least one fails on the faulty code."""
    assert sandbox.run(joined_program(one.code, one.tests)).end == "done"
    assert sandbox.run(joined_program(one.faulty, one.tests)).end == "error"


@pytest.mark.parametrize(
    ("field", "proven"),
    [("typecheck.errors.line", True), ("typecheck.errors.column", False)],
    ids=["read", "never read"],
)
def test_claimed_fields_must_be_read(field: str, proven: bool, sandbox: Sandbox) -> None:
    """A branch that only a special result takes is taken, and then reads what is claimed."""
    code = (
        'result = typecheck("a.py")\nif result.error_count > 7:\n'
        "    for error in result.errors:\n        print(error.line)"
    )
    draft = _code_draft(code)
    sample = replace(draft.sample, fields=("typecheck.error_count", field))
    assert is_proven(Draft(sample=sample), sandbox) is proven


def test_what_only_the_record_prevents_is_no_fault(sandbox: Sandbox) -> None:
    """Fields read in a key function cannot be recorded, but the code is right."""
    code = (
        'result = typecheck("a.py")\n'
        "for error in sorted(result.errors, key=lambda error: error.line):\n    print(error.line)"
    )
    assert is_proven(_code_draft(code), sandbox)
