"""Rules of files and of several rows; every finding has its file and its line."""

import json
from pathlib import Path
from typing import Any

import pytest

from punie_train.dataset.finding_counts import FindingCounts
from punie_train.dataset.inputs import open_dataset
from punie_train.dataset.rules import Severity
from punie_train.dataset.validation import Validation

CHAT = b'{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n'
ODD = b'{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","x":1}]}\n'
TEXT = b'{"text":"a"}\n'
MARK = b"\xef\xbb\xbf"
Place = tuple[str, int | None, str]


def found(path: Path) -> list[Place]:
    """Return file, line and code of every finding."""
    findings = Validation(open_dataset(path)).findings()
    return [(one.path.name, one.line, one.rule.code) for one in findings]


def dataset(path: Path, **splits: bytes) -> Path:
    """Return a directory of these splits; valid and test are sound where they are not given."""
    for name, rows in ({"train": CHAT, "valid": CHAT, "test": CHAT} | splits).items():
        (path / f"{name}.jsonl").write_bytes(rows)
    return path


@pytest.mark.parametrize(
    ("splits", "expected"),
    [
        pytest.param({}, [], id="sound"),
        pytest.param({"valid": ODD}, [], id="sound, of another shape"),
        pytest.param({"train": CHAT[:-1]}, [], id="no last line feed"),
        pytest.param({"train": CHAT[:-1] + b"\r\n"}, [], id="carriage return"),
        pytest.param({"train": MARK + CHAT}, [("train.jsonl", 1, "byte-order-mark")], id="mark"),
        pytest.param({"test": CHAT + MARK + CHAT}, [("test.jsonl", 2, "not-json")], id="late mark"),
        pytest.param({"train": CHAT + b"\n"}, [("train.jsonl", 2, "blank-line")], id="blank end"),
        pytest.param({"valid": b" \n" + CHAT}, [("valid.jsonl", 1, "blank-line")], id="blank"),
        pytest.param({"test": b""}, [("test.jsonl", None, "empty-split")], id="empty"),
        pytest.param(
            {"test": CHAT + TEXT + CHAT}, [("test.jsonl", 2, "mixed-formats")], id="mixed splits"
        ),
        pytest.param(
            {"train": CHAT + b'{"prompt":"a","completion":"b"}\n'},
            [("train.jsonl", 2, "mixed-formats")],
            id="mixed rows",
        ),
        pytest.param(
            {"train": CHAT + CHAT[:30] + b"\n" + CHAT + b'{"messages":[]}\n'},
            [("train.jsonl", 2, "not-json"), ("train.jsonl", 4, "no-messages")],
            id="lines are counted",
        ),
        pytest.param(
            {"train": b"[1]\n" + TEXT, "valid": TEXT, "test": TEXT},
            [("train.jsonl", 1, "not-an-object")],
            id="an unreadable row has no format",
        ),
    ],
)
def test_findings_have_file_and_line(
    tmp_path: Path, splits: dict[str, bytes], expected: list[Place]
) -> None:
    """No more and no fewer, in the order of the files."""
    assert found(dataset(tmp_path, **splits)) == expected


def test_missing_splits_are_named(tmp_path: Path) -> None:
    """Without rows to train on it is an error, without others a warning."""
    (tmp_path / "valid.jsonl").write_bytes(CHAT)
    assert found(tmp_path) == [
        ("train.jsonl", None, "missing-train"),
        ("test.jsonl", None, "missing-split"),
    ]


def test_files_of_other_names_are_named(tmp_path: Path) -> None:
    """One is read, one beside the splits is not."""
    (tmp_path / "rows.jsonl").write_bytes(CHAT)
    assert ("rows.jsonl", None, "split-name") in found(tmp_path)
    assert found(tmp_path / "rows.jsonl") == []
    assert ("rows.jsonl", None, "split-name") in found(dataset(tmp_path))


@pytest.mark.parametrize(
    ("rows", "codes"), [pytest.param(1, [], id="right"), pytest.param(2, ["manifest-mismatch"])]
)
def test_a_manifest_must_tell_the_number_of_rows(
    tmp_path: Path, rows: int, codes: list[str]
) -> None:
    """What was cut off on a copy is seen."""
    data = dataset(tmp_path)
    (data / "manifest.json").write_text(json.dumps({"files": {"train.jsonl": {"rows": rows}}}))
    assert [code for _, _, code in found(data)] == codes


def test_findings_are_counted_and_say_everything(tmp_path: Path) -> None:
    """Code, severity, message and remedy; the counts are those of the findings."""
    data = dataset(tmp_path, train=CHAT + TEXT + b"{}\n" * 7)
    counts = FindingCounts()
    findings: list[dict[str, Any]] = [
        one.to_json() for one in counts.counted(Validation(open_dataset(data)).findings())
    ]
    assert len(findings) == counts.errors + counts.warnings == 8
    assert findings[0] == {
        "file": str(data / "train.jsonl"),
        "line": 2,
        "code": "mixed-formats",
        "severity": Severity.ERROR,
        "message": "a row with text after rows with messages (train.jsonl:1)",
        "remedy": "Bring all rows of all splits into one format: the first decides.",
        "failure": "F34",
    }
    assert [(one.rule.code, one.number, len(one.first)) for one in counts.codes] == [
        ("unknown-format", 7, 5),
        ("mixed-formats", 1, 1),
    ]
