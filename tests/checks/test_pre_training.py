"""Each check finds its defect by name, and says nothing of data without it.

The starter's tokenizer and template and the sandbox are the real ones.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from punie_train.checks.catalogue import Stage, checks_of
from punie_train.checks.limits import read_limits
from punie_train.checks.result import CheckResult
from punie_train.core.settings import Settings
from punie_train.workflows.check_data import check_data
from punie_train.workflows.check_plan import CheckPlan

Checked = Callable[..., CheckResult]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": name,
            "parameters": {
                "type": "object",
                "properties": {argument: {"type": "string"}},
                "required": [argument],
            },
        },
    }
    for name, argument in (("read_file", "path"), ("execute_code", "code"))
]
Row = dict[str, Any]


def calling(prompt: str, name: str = "read_file", **arguments: str) -> Row:
    """Return a row that calls a tool."""
    call = {"type": "function", "function": {"name": name, "arguments": arguments}}
    return {
        "messages": [
            {"role": "user", "content": prompt},
            {"role": "assistant", "content": "", "tool_calls": [call]},
        ],
        "tools": TOOLS,
    }


def answering(prompt: str, answer: str = "Yes.", **more: Any) -> Row:
    """Return a row that only answers."""
    said = [{"role": "user", "content": prompt}, {"role": "assistant", "content": answer}]
    return {"messages": said, "tools": TOOLS, **more}


def coding(prompt: str, code: str) -> Row:
    """Return a row in code mode."""
    return calling(prompt, "execute_code", code=code)


def with_result(result: str, number: int = 0) -> Row:
    """Return a row of call, result and answer."""
    row = calling(f"What is in file number {number}?", path=f"f{number}.py")
    result_turn = {"role": "tool", "name": "read_file", "content": result}
    row["messages"] += [result_turn, {"role": "assistant", "content": f"Nothing in {number}."}]
    return row


WORDS = (
    *("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "inlet"),
    *("juniper", "kelp", "lotus", "maple", "nectar", "onyx", "pearl", "quartz", "raven"),
    *("slate", "tulip", "umber", "violet", "willow", "xenon", "yarrow", "zephyr"),
)


def healthy(number: int = 48) -> list[Row]:
    """Return rows with nothing wrong, all different: half call, half answer."""
    rows: list[Row] = []
    for index in range(number):
        first, second = WORDS[index % 26], WORDS[(index * 7 + index // 26 + 3) % 26]
        name = f"{first}_{second}{index}"
        code = f'result = typecheck("{name}.py")\nprint(result.error_count, "{second}")'
        rows.append(
            (
                calling(f"Open {name}.py, the {first} {second} one", path=f"{name}.py"),
                coding(f"How many type errors has the {second} file {name}.py?", code),
                answering(f"What is {name} about?", f"A tale of {first} and {second}, {name}."),
                answering(f"Why {second}, not {first} ({name})?", f"By taste: {second} {index}."),
            )[index % 4]
        )
    return rows


def written(rows: Sequence[Row]) -> bytes:
    """Return rows as lines of JSON."""
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


@pytest.fixture
def checked(tmp_path: Path) -> Checked:
    """Return a function that writes rows (or bytes) as a dataset and returns one check's result."""

    def check(
        name: str,
        train: Sequence[Row] | bytes,
        *,
        valid: Sequence[Row] | bytes | None = None,
        manifest: Mapping[str, Any] | None = None,
        run: str | None = None,
        limits: Mapping[str, Any] | None = None,
        model: str | None = None,
    ) -> CheckResult:
        data = tmp_path / "data"
        data.mkdir(exist_ok=True)
        tail = healthy(56)[48:] if valid is None else valid
        for split, rows in (("train", train), ("valid", tail), ("test", healthy(60)[56:])):
            content = rows if isinstance(rows, bytes) else written(rows)
            (data / f"{split}.jsonl").write_bytes(content)
        if manifest is not None:
            (data / "manifest.json").write_text(json.dumps(manifest))
        config = tmp_path / "run.yaml"
        if run is not None:
            config.write_text(run)
        plan = CheckPlan(
            settings=Settings(root=tmp_path, active=True),
            limits=read_limits(limits or {}),
            run_config=config if run is not None else None,
            model=model,
        )
        return check_data(data, [name], plan)[name]

    return check


GOOD = healthy()
MIT = {"licence": "MIT", "provenance": "written by us", "written_by": "human"}


def codes(result: Any) -> set[str]:
    """Return the codes of what was found."""
    return {code.rule.code for code in result.codes}


def text_arguments() -> Any:
    """Return a row whose arguments are a JSON string."""
    row = calling("Read a.py", path="a.py")
    row["messages"][1]["tool_calls"][0]["function"]["arguments"] = '{"path": "a.py"}'
    return row


def system(prompt: str) -> Any:
    """Return a row with a system prompt."""
    row = answering("And with a system prompt?")
    row["messages"].insert(0, {"role": "system", "content": prompt})
    return row


FENCED = '```json\n{"name": "read_file", "arguments": {"path": "a.py"}}\n```'
BROKEN_FENCE = '```json\n{"name": "read_file",\n "arguments": "{\\"path\\": "a.py"\n}\n```'
BARE = '<tool_call>\nresult = typecheck("a.py")\nprint(result.success)\n</tool_call>'
MIXED_TOOLS = [calling("Read q.py", path="q.py"), coding("Read q.py", 'print(read_file("q.py"))')]

FOUND: dict[str, tuple[str, str, Any, dict[str, Any], str | None]] = {
    "second user turn": (
        "structure",
        "user-after-user",
        [{"messages": [{"role": "user", "content": "a"}, *GOOD[2]["messages"]]}],
        {},
        None,
    ),
    "mixed formats": ("format-consistency", "mixed-formats", [{"text": "a"}], {}, "F34"),
    "other format than expected": (
        "format-consistency",
        "unexpected-format",
        [],
        {"limits": {"format": "text"}},
        "F34",
    ),
    "only calls": (
        "balance",
        "tool-share",
        [calling(f"Read {n}.py", path=f"{n}.py") for n in range(200)],
        {},
        "F31",
    ),
    "placeholder": (
        "content",
        "placeholder-result",
        [with_result("[Tool execution completed]")],
        {},
        "F32",
    ),
    "own placeholder": (
        "content",
        "placeholder-result",
        [with_result("see above")],
        {"limits": {"placeholders": ["See above"]}},
        "F32",
    ),
    "empty results": (
        "content",
        "empty-results",
        [with_result("", n) for n in range(3)],
        {},
        "F32",
    ),
    "no field read": (
        "coverage",
        "patterns-rare",
        [coding(f"Check {n}.py", f'print(typecheck("{n}.py"))') for n in range(400)],
        {},
        "F33",
    ),
    "two system prompts": (
        "system-prompt",
        "several-system-prompts",
        [system("Be short."), system("Be long.")],
        {},
        "F35",
    ),
    "arguments as text": (
        "arguments-objects",
        "arguments-as-text",
        [text_arguments()],
        {},
        "F39",
    ),
    "fenced call": ("calls-parse", "other-call-format", [answering("Q", FENCED)], {}, "F30"),
    "bare code": ("calls-parse", "other-call-format", [answering("Q", BARE)], {}, "F30"),
    "broken fence": ("calls-parse", "call-unreadable", [answering("Q", BROKEN_FENCE)], {}, "F30"),
    "unknown tool": ("calls-fit", "unknown-tool", [calling("Q", "reed_file", path="a")], {}, "F44"),
    "wrong argument": ("calls-fit", "argument-misfit", [calling("Q", file="a")], {}, "F44"),
    "unknown tool in text": (
        "calls-fit",
        "written-call-misfit",
        [answering("Q", FENCED.replace("read_file", "reed_file"))],
        {},
        "F44",
    ),
    "name error": ("code-runs", "code-does-not-run", [coding("Q", "print(total)")], {}, "F42"),
    "syntax error": ("code-runs", "code-does-not-run", [coding("Q", "print(")], {}, "F42"),
    "no such field in a branch": (
        "code-runs",
        "code-does-not-run",
        [coding("Q", 'r = ruff_check("a.py")\nif r.fixable_count > 99:\n    print(r.warnings)')],
        {},
        "F42",
    ),
    "template refuses": (
        "template",
        "not-rendered",
        [{"messages": [{"role": "user", "content": 3}, *GOOD[2]["messages"][1:]]}],
        {},
        "F25",
    ),
    "token of another model": (
        "format-tokens",
        "format-token-split",
        b'{"text": "<|start_header_id|>user<|end_header_id|>hi<|eot_id|>"}\n' * 50,
        {},
        "F43",
    ),
    "no stop token": (
        "stop-token",
        "no-stop-token",
        b'{"text": "<|im_start|>user\\nhi<|im_end|>\\n<|im_start|>assistant\\nyes"}\n' * 50,
        {},
        "F54",
    ),
    "answer cut away": (
        "token-lengths",
        "trains-nothing",
        [answering("word " * 3000)],
        {},
        "F37",
    ),
    "answer cut short": (
        "token-lengths",
        "cut-off",
        [answering("Tell me all", "word " * 3000)],
        {},
        "F37",
    ),
    "prompt fills a short limit": (
        "token-lengths",
        "trains-nothing",
        [answering("word " * 100)],
        {"run": "max_seq_length: 64\nmask_prompt: true\n"},
        "F37",
    ),
    "rows in no batch": (
        "batches",
        "never-trained",
        [answering("one more"), answering("and one more")],
        {"run": "batch_size: 32\n"},
        "F38",
    ),
    "masked calls": (
        "prompt-masking",
        "masked-calls",
        [with_result("x = 1")],
        {"run": "mask_prompt: true\n"},
        "F36",
    ),
    "copy in two splits": ("near-duplicates", "copy-across-splits", [], {"valid": GOOD[:8]}, "F40"),
    "many copies": (
        "near-duplicates",
        "many-duplicates",
        [answering("Again?")] * 12,
        {},
        "F41",
    ),
    "generator's mark": (
        "markers",
        "generator-mark",
        [answering("Explain lists (question 17)")],
        {},
        "F41",
    ),
    "secret": (
        "secrets",
        "secret",
        [answering("My key?", "It is AKIA" + "IOSFODNN7EXAMPLQ".replace("0", "A"))],
        {},
        "F47",
    ),
    "licence against it": (
        "provenance",
        "source-not-allowed",
        [],
        {"manifest": {**MIT, "licence": "cc-by-nc-4.0"}},
        "F48",
    ),
    "written by a model": (
        "provenance",
        "source-not-allowed",
        [],
        {"manifest": {**MIT, "written_by": "model", "generation_models": ["gpt-4o"]}},
        "F48",
    ),
    "contradiction": ("contradictions", "contradictory-answers", MIXED_TOOLS, {}, None),
    "blank line": ("trainer-reads", "blank-line", b'{"text": "a"}\n\n' * 50, {}, "F46"),
    "byte order mark": (
        "trainer-reads",
        "byte-order-mark",
        b'\xef\xbb\xbf{"text": "a"}\n' * 1,
        {},
        None,
    ),
    "small validation split": (
        "trainer-reads",
        "smaller-than-batch",
        [],
        {"valid": GOOD[:3]},
        None,
    ),
}


@pytest.mark.parametrize("case", FOUND, ids=[name.replace(" ", "-") for name in FOUND])
def test_defect_is_found_by_name(case: str, checked: Checked) -> None:
    """The check fails with the code, and the id of the failure where there is one."""
    name, code, rows, options, failure = FOUND[case]
    train = rows if isinstance(rows, bytes) else [*GOOD, *rows]
    result = checked(name, train, **options)
    assert result.skipped is None
    found = {one.rule.code: one.rule for one in result.errors}
    assert code in found, codes(result)
    assert found[code].failure == failure
    assert found[code].remedy


@pytest.mark.parametrize("check", [check.name for check in checks_of(Stage.PRE_TRAINING)])
def test_healthy_data_is_silent(check: str, checked: Checked, tmp_path: Path) -> None:
    """Without the defect the check passes, without a warning, and says what it measured."""
    (tmp_path / "evals").mkdir()
    (tmp_path / "evals" / "mine.yaml").write_text(CASES)
    limits = {"patterns": [".error_count"]}
    result = checked(check, GOOD, manifest=MIT, limits=limits)
    assert result.skipped is None
    assert not codes(result)
    assert result.measured


CASES = """suite: mine
cases:
  - id: open-ledger
    category: tools
    prompt: Please open the ledger of the northern branch and read it to me
    expect:
      calls:
        - read_file: {path: ledger.txt}
"""


def test_leak_is_found(checked: Checked, tmp_path: Path) -> None:
    """A row that asks what an evaluation asks fails, with the name of the case."""
    (tmp_path / "evals").mkdir()
    (tmp_path / "evals" / "mine.yaml").write_text(CASES)
    asked = "please open the ledger of the northern branch, and read it to me!"
    result = checked("leakage", [*GOOD, calling(asked, path="ledger.txt")])
    (code,) = result.errors
    assert code.rule.failure == "F40"
    assert "open-ledger" in code.first[0].fact
    assert code.first[0].line == len(GOOD) + 1


def test_unreadable_cases_fail_the_comparison(checked: Checked, tmp_path: Path) -> None:
    """Cases that cannot be read fail the check: nothing was compared."""
    (tmp_path / "evals").mkdir()
    (tmp_path / "evals" / "mine.yaml").write_text("suite: mine\ncases: [{odd: 1}]\n")
    (code,) = checked("leakage", GOOD).errors
    assert "mine.yaml" in code.first[0].fact


def test_without_cases_leakage_is_skipped(checked: Checked) -> None:
    """Nothing to compare with is said, and is no pass."""
    assert "no evaluation cases" in (checked("leakage", GOOD).skipped or "")


@pytest.mark.parametrize(
    ("check", "rows", "options", "code"),
    [
        ("trainer-reads", GOOD[:20], {}, "few-training-rows"),
        ("batches", GOOD[:47], {}, "never-trained"),
        ("batches", [*healthy(100), GOOD[0]], {}, "last-batch-dropped"),
        ("provenance", GOOD, {}, "source-unknown"),
        ("near-duplicates", [*GOOD, GOOD[0]], {}, "duplicate"),
        (
            "code-runs",
            [*GOOD, coding("Q", "import numpy\nprint(numpy.pi)")],
            {},
            "code-may-not-run",
        ),
        (
            "code-runs",
            [*GOOD, coding("Q", 'r = pytest_run("a.py")\nprint(r.passed / (r.passed + r.failed))')],
            {},
            "code-may-not-run",
        ),
    ],
)
def test_what_is_only_worth_a_look(
    check: str, rows: Any, options: dict[str, Any], code: str, checked: Checked
) -> None:
    """Lesser things are found, most of them without failing the check."""
    result = checked(check, rows, **options)
    assert code in codes(result)
    assert result.passed is (code != "never-trained")


def test_one_row_per_turn_trains_all_calls(checked: Checked) -> None:
    """Where the trainer cuts rows itself, a mask hides no call."""
    rows, run = [*GOOD, with_result("x = 1")], "mask_prompt: true\n"
    limits = {"one-row-per-turn": True}
    assert checked("prompt-masking", rows, run=run, limits=limits).passed
    assert not checked("prompt-masking", rows, run=run).passed


@pytest.mark.parametrize("check", ["balance", "coverage", "batches"])
def test_a_part_of_a_set_is_not_judged_as_one(check: str, checked: Checked) -> None:
    """What the manifest marks as a part is skipped, with the reason."""
    rows = [calling(f"Read {n}.py", path=f"{n}.py") for n in range(43)]
    assert "a part" in (checked(check, rows, manifest={"part": True}).skipped or "")
    assert checked(check, rows, manifest={"part": False}).skipped is None


def test_findings_are_placed_and_counted(checked: Checked) -> None:
    """Findings name file and line, and memory does not grow with their number."""
    rows = [*GOOD, *(answering(f"Q{n}", FENCED) for n in range(30))]
    (code,) = checked("calls-parse", rows).errors
    assert code.number == 30
    assert [finding.line for finding in code.first] == [49, 50, 51, 52, 53]
    assert code.first[0].path.name == "train.jsonl"


@pytest.mark.parametrize("result", ["TODO", "[tool.ruff]", "done", "x = [...]", "[1, 2]"])
def test_short_results_are_no_placeholders(result: str, checked: Checked) -> None:
    """A file may hold next to nothing."""
    assert checked("content", [*GOOD, with_result(result)]).passed
