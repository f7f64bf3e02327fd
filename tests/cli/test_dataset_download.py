"""`dataset download` and `dataset audit` on the command line, without any network."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from punie_train.cli.app import app
from punie_train.cli.dataset.options import SOURCES
from punie_train.core.errors import PunieTrainError
from punie_train.dataset.inputs import open_dataset
from punie_train.dataset.rules import Severity
from punie_train.dataset.sources import catalogue
from punie_train.dataset.validation import Validation


def run(*arguments: str | Path) -> tuple[int, str]:
    """Run the command line; return exit status and standard output, or raise our error."""
    result = CliRunner().invoke(app, ["dataset", *map(str, arguments)])
    if isinstance(result.exception, PunieTrainError):
        raise result.exception
    return result.exit_code, result.stdout


def test_the_sample_is_whole_and_valid(tmp_path: Path) -> None:
    """Made offline: the agent's seven tools, no row twice, three splits, a manifest, no error."""
    status, text = run("download", "sample", "--output", tmp_path / "out", "--max", "300")
    assert status == 0
    assert "300 rows read, 300 kept, 0 removed" in text
    data = open_dataset(tmp_path / "out")
    found = Validation(data).findings()
    assert not [one for one in found if one.rule.severity is Severity.ERROR]
    rows = [json.loads(line) for one in data.splits for line in one.path.read_text().splitlines()]
    assert len({json.dumps(row["messages"]) for row in rows}) == 300
    assert {row["source"] for row in rows} == {"sample"}
    called = {
        call["function"]["name"]
        for row in rows
        for message in row["messages"]
        for call in message.get("tool_calls", ())
    }
    assert len(called - {"execute_code"}) == 7
    files = json.loads((tmp_path / "out" / "manifest.json").read_text())["files"]
    assert {name: file["rows"] for name, file in files.items()} == {
        "train.jsonl": 240,
        "valid.jsonl": 30,
        "test.jsonl": 30,
    }
    assert run("audit", tmp_path / "out")[0] == 0


def test_few_rows_are_all_for_training(tmp_path: Path) -> None:
    """A split that would be empty is left out."""
    run("download", "sample", "--output", tmp_path / "out", "--max", "5", "--json")
    assert [split.name for split in open_dataset(tmp_path / "out").splits] == ["train"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(("kodcod",), "Did you mean kodcode?", id="typo"),
        pytest.param(("sample", "--max", "0"), "--max is below 1", id="max"),
        pytest.param(
            ("sample", "--valid", "0.6", "--test", "0.4"), "no rows to train on", id="shares"
        ),
        pytest.param(("sample", "--valid", "nan"), "no share from 0 to 1", id="no-share"),
        pytest.param(("sample", "--split", "dev"), "sample has no parts", id="parts"),
    ],
)
def test_wrong_usage_is_one_message(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    """Nothing is written when the request makes no sense."""
    with pytest.raises(PunieTrainError, match=message):
        run("download", *arguments, "--output", tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_an_audit_answers_by_its_exit_status() -> None:
    """Known sources are judged without network."""
    assert run("audit", "sample")[0] == 0
    status, text = run("audit", "kodcode")
    assert status == 1
    assert "refused: the licence is CC BY-NC 4.0" in text
    assert "--accept would mean" in text
    status, text = run("audit", "kodcode", "--json")
    assert status == 1
    assert json.loads(text)["generation_models"] == ["gpt-4o"]


def test_rows_on_disk_are_judged_by_manifest_and_source(tmp_path: Path) -> None:
    """Rows that name a refused source spoil a directory, whatever its manifest says."""
    row = {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}
    rows = tmp_path / "train.jsonl"
    rows.write_text(json.dumps(row) + "\n")
    status, text = run("audit", tmp_path)
    assert status == 1
    assert "no licence is given" in text
    manifest = {"licence": "MIT", "generator": "\x1b[31mours", "history": [], "files": {}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    status, text = run("audit", tmp_path)
    assert status == 0
    assert "\\x1b[31mours" in text
    rows.write_text(json.dumps(row) + "\n" + json.dumps({**row, "source": "kodcode"}) + "\n")
    status, text = run("audit", tmp_path)
    assert status == 1
    assert "1 row: kodcode" in text
    merged = {"inputs": [{"licence": "mit"}, {"source": "kodcode", "licence": "cc-by-nc-4.0"}]}
    (tmp_path / "manifest.json").write_text(json.dumps(merged))
    rows.write_text(json.dumps(row) + "\n")
    assert run("audit", tmp_path)[0] == 1


def test_the_help_names_every_source() -> None:
    """The text of the help is written out, so that it costs no reading of YAML at the start."""
    assert tuple(SOURCES.split(", ")) == tuple(catalogue().sources)


def test_the_command_line_starts_without_the_hub() -> None:
    """`datasets` takes seconds to import: only a download needs it, and the sample does not."""
    code = (
        "import sys, punie_train.cli.app, punie_train.workflows.download;"
        "print([m for m in ('datasets', 'huggingface_hub', 'pyarrow') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
