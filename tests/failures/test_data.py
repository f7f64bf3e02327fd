"""Failures of training data, each planted and caught by name."""

import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from punie_train.cli.app import app

Caught = Callable[[str, object], None]
Silent = Callable[[object], None]
Row = dict[str, Any]
Rows = dict[str, list[Row]]

ROOT = Path(__file__).parents[2]
RUNNER = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"})
LEAKED = "Please tell me how many of the seven wise owls live in Lisbon"
CASES = f"""suite: owls
cases:
  - {{id: owls, category: general, prompt: "{LEAKED}", expect: {{no_call: true}}}}
"""
OURS = {"licence": "MIT", "provenance": "made for this test; no other data, no other model"}
THEIRS = {"licence": "CC-BY-NC-4.0", "generation_models": ["gpt-4o"]}
CALLS, DIRECT = 45, 19
FENCED = '```json\n{"name": "read_file", "arguments": {"path": "b.py"}}\n```'
TOKEN = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What `pytest checks` said of one dataset."""

    status: int
    output: str


def _calls(row: Row) -> bool:
    return any(turn.get("tool_calls") for turn in row["messages"])


def _rows() -> Rows:
    """Return rows of the shipped data: whole batches, two thirds with calls, fields read.

    Code with `max` or `min` is left out, for it fails where a result has no items, and so are
    empty results.
    """
    doubtful = re.compile(r'\b(max|min)\(|"role":"tool","content":""')
    found = {}
    for split in ("train", "valid", "test"):
        lines = (ROOT / f"data/v3/{split}.jsonl").read_text().splitlines()
        rows = [json.loads(line) for line in lines if not doubtful.search(line)]
        found[split] = rows if split == "train" else rows[:20]
    single = [row for row in found["train"] if len(row["messages"]) == 2]
    counted = [
        next(row for row in single if field in json.dumps(row))
        for field in (".violation_count", ".passed", ".failed")
    ]
    calling = [row for row in single if _calls(row) and row not in counted]
    direct = [row for row in single if not _calls(row)]
    found["train"] = [*counted, *calling[: CALLS - len(counted)], *direct[:DIRECT]]
    return found


@pytest.fixture(scope="session")
def rows() -> Rows:
    """Return healthy rows."""
    return _rows()


def _write(directory: Path, rows: Rows, manifest: Any = OURS, *, after: str = "") -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    for split, examples in rows.items():
        text = "".join(json.dumps(row) + "\n" for row in examples)
        (directory / f"{split}.jsonl").write_text(text + (after if split == "train" else ""))
    (directory / "manifest.json").write_text(json.dumps(manifest))
    return directory


@pytest.fixture(scope="session")
def check(make_project: Callable[..., Any]) -> Callable[..., Checked]:
    """Return a function that writes a dataset and runs all checks on it, as a user does."""
    project = make_project()
    project.write("checks/test_checks.py", (ROOT / "checks/test_checks.py").read_text())
    project.write("evals/owls.yaml", CASES)
    project.write("run.yaml", "mask_prompt: true\n")

    def run(name: str, rows: Rows, manifest: Any = OURS, **more: str) -> Checked:
        data = _write(project.root / name, rows, manifest, **more)
        arguments = ("checks", "-m", "pre_training", "--data", data, "--run-config", "run.yaml")
        done = project.pytest(*arguments)
        return Checked(status=done.status, output=done.output)

    return run


@pytest.fixture(scope="session")
def healthy(check: Callable[..., Checked], rows: Rows) -> Checked:
    """Return what is said of healthy rows."""
    return check("healthy", rows)


def _asked(question: str, answer: str, **more: Any) -> Row:
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return {"messages": turns, **more}


def _call(question: str, name: str, arguments: Any, tools: Any) -> Row:
    row = _asked(question, "", tools=tools)
    function = {"name": name, "arguments": arguments}
    row["messages"][1]["tool_calls"] = [{"type": "function", "function": function}]
    return row


def _answered(result: str, tools: Any) -> Row:
    row = _call("Read the file a.py for me now", "read_file", {"path": "a.py"}, tools)
    row["messages"] += [
        {"role": "tool", "name": "read_file", "content": result},
        {"role": "assistant", "content": "It defines one function."},
    ]
    return row


@pytest.fixture(scope="session")
def faulty(check: Callable[..., Checked], rows: Rows) -> Checked:
    """Return what is said of rows with nearly every fault."""
    made = copy.deepcopy(rows)
    tools = made["train"][0]["tools"]
    for number in (0, 1):
        turn = {"role": "system", "content": f"You are helper {number}."}
        made["train"][number]["messages"].insert(0, turn)
    fails = "found = ruff_check('a.py')\nprint(found.violation_total)"
    made["train"] += [
        _asked("Read the file b.py now", FENCED, tools=tools),
        _answered("[Tool execution completed]", tools),
        _asked("Tell me a story", "once " * 3000),
        _call("Show me what is in c.py", "read_file", '{"path": "c.py"}', tools),
        _asked(LEAKED, "Three."),
        _asked("What is a list? (question 17)", "A sequence."),
        _call("How many violations has a.py?", "execute_code", {"code": fails}, tools),
        _asked("Say go in another language", "<|python_tag|>go<|eom_id|>"),
        _call("Take d.py away", "delete_file", {"path": "d.py"}, tools),
        _asked("What is my key?", f"It is {TOKEN}"),
        {"text": "A row of another merge."},
    ]
    return check("faulty", made, THEIRS)


@pytest.fixture(scope="session")
def lopsided(check: Callable[..., Checked], rows: Rows) -> Checked:
    """Return what is said of seven rows that all call tools and read no field."""
    tools = rows["train"][0]["tools"]
    code = "print(ruff_check('src/part_{}.py'))"
    made = [
        _call(f"What does ruff say of part {n}?", "execute_code", {"code": code.format(n)}, tools)
        for n in range(7)
    ]
    return check("lopsided", {**rows, "train": made})


@pytest.fixture(scope="session")
def judged(
    healthy: Checked, faulty: Checked, caught: Caught, silent: Silent
) -> Callable[[str], None]:
    """Return the assertion that the faulty rows are caught by name and the healthy ones pass."""

    def check(failure: str) -> None:
        assert faulty.status == 1
        caught(failure, faulty.output)
        assert healthy.status == 0, healthy.output
        silent(healthy.output)

    return check


def test_f30_format_that_is_not_evaluated(judged: Callable[[str], None]) -> None:
    """A call in a fence is learnt and never parsed; `tool_calls` are written by the template."""
    judged("F30")


def test_f31_nothing_but_calls(
    lopsided: Checked, healthy: Checked, caught: Caught, silent: Silent
) -> None:
    """Only calls teach to call for everything; rows of both kinds pass."""
    caught("F31", lopsided.output)
    silent(healthy.output)


def test_f32_placeholder_for_a_result(judged: Callable[[str], None]) -> None:
    """What stands for a result is no result."""
    judged("F32")


def test_f33_fields_that_nobody_reads(
    lopsided: Checked, healthy: Checked, caught: Caught, silent: Silent
) -> None:
    """Code that prints results whole teaches no field; the shipped rows read them."""
    caught("F33", lopsided.output)
    silent(healthy.output)


def test_f34_two_formats(judged: Callable[[str], None]) -> None:
    """The first row decides for all."""
    judged("F34")


def test_f35_several_system_prompts(judged: Callable[[str], None]) -> None:
    """Rows of a merge bring their own."""
    judged("F35")


def test_f36_calls_that_are_masked(judged: Callable[[str], None]) -> None:
    """With mask_prompt the call before the last answer is not trained."""
    judged("F36")


def test_f37_answer_that_was_cut_off(judged: Callable[[str], None]) -> None:
    """Tokens are counted by the real tokenizer."""
    judged("F37")


def test_f38_rows_of_the_last_batch(
    lopsided: Checked, healthy: Checked, caught: Caught, silent: Silent
) -> None:
    """Three of seven rows fill no batch of four; sixty-four fill theirs."""
    caught("F38", lopsided.output)
    silent(healthy.output)


def test_f39_arguments_in_quotes(judged: Callable[[str], None]) -> None:
    """Arguments are an object, not JSON in a string."""
    judged("F39")


def test_f40_evaluation_in_the_data(judged: Callable[[str], None]) -> None:
    """A case's prompt in a row is a leak."""
    judged("F40")


def test_f41_mark_of_a_generator(judged: Callable[[str], None]) -> None:
    """What numbers an example is no part of it."""
    judged("F41")


def test_f42_example_that_does_not_run(judged: Callable[[str], None]) -> None:
    """Every program is run."""
    judged("F42")


def test_f43_token_in_pieces(judged: Callable[[str], None]) -> None:
    """A mark of another model's format is several tokens here."""
    judged("F43")


def test_f44_tool_that_does_not_exist(judged: Callable[[str], None]) -> None:
    """Calls are held to the tools that the row offers."""
    judged("F44")


def _validated(directory: Path) -> str:
    return RUNNER.invoke(app, ["dataset", "validate", str(directory)]).output


def test_f45_half_of_a_file(rows: Rows, tmp_path: Path, caught: Caught, silent: Silent) -> None:
    """What an operation has written is known by count and hash; half of it is not that."""
    source, made = _write(tmp_path / "rows", rows), tmp_path / "made"
    done = RUNNER.invoke(app, ["dataset", "dedupe", str(source), "--output", str(made)])
    assert done.exit_code == 0, done.output
    silent(_validated(made))
    train = made / "train.jsonl"
    lines = train.read_bytes().splitlines(keepends=True)
    train.write_bytes(b"".join(lines[: len(lines) // 2]))
    caught("F45", _validated(made))


def test_f46_one_bad_line(rows: Rows, tmp_path: Path, caught: Caught, silent: Silent) -> None:
    """It is named by its number, nothing after it is lost, and the counts add up."""
    train = rows["train"]
    place = _write(tmp_path / "rows", rows, after='{"messages": [{"role": "us\n')
    with (place / "train.jsonl").open("a") as file:
        file.write(json.dumps(_asked("And after it?", "This row is read.")) + "\n")
    said = _validated(place)
    caught("F46", said)
    assert f"train.jsonl:{len(train) + 1}" in said
    made = tmp_path / "made"
    done = RUNNER.invoke(app, ["dataset", "dedupe", str(place), "--output", str(made)])
    assert done.exit_code == 0, done.output
    kept = (made / "train.jsonl").read_bytes().count(b"\n")
    removed = (made / "removed.jsonl").read_bytes().count(b"\n")
    total = sum(len(part) for part in rows.values()) + 2
    others = sum((made / f"{name}.jsonl").read_bytes().count(b"\n") for name in ("valid", "test"))
    assert kept + others + removed == total
    silent(_validated(_write(tmp_path / "whole", rows)))


def test_f47_secret_in_a_log(judged: Callable[[str], None], faulty: Checked) -> None:
    """It is found, and not printed again."""
    judged("F47")
    assert TOKEN not in faulty.output


def test_f48_terms_that_forbid_it(judged: Callable[[str], None]) -> None:
    """Licence and writer are read from the manifest."""
    judged("F48")
