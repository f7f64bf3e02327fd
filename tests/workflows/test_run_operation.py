"""An operation keeps rows byte for byte, and nothing is lost: read = kept + removed."""

import base64
import itertools
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punie_train.core.errors import UsageError
from punie_train.dataset.errors import DatasetError
from punie_train.dataset.message_filter import MinMessages
from punie_train.dataset.operations import Changed, Kept, Removed
from punie_train.dataset.rows import Row
from punie_train.dataset.valid_filter import ValidRows
from punie_train.workflows.run_operation import run_operation

CHAT = b'{"messages" : [{"role":"user","content":"a"}, {"role":"assistant","content":"\\u00e9"}]}'
SHORT = b'{"messages":[{"role":"assistant","content":"b"}]}'
LINES = st.one_of(
    st.sampled_from([CHAT, SHORT, b"", b"{}", b'{"text":"a"}', b'{"text":NaN}', b"\xff", b"[1]"]),
    st.binary(max_size=12).map(lambda raw: raw.replace(b"\n", b"")),
)


@dataclass
class Shout:
    """Changes texts, keeps chats with a note, and removes the rest."""

    name: str = "shout"
    settings: dict[str, Any] = field(default_factory=dict)

    def judge(self, row: Row) -> Kept | Removed | Changed:
        """Decide by the format."""
        if "text" in row.value:
            return Changed(b'{"text":"A"}')
        return Kept("a chat") if "messages" in row.value else Removed("neither")


def written(path: Path) -> list[bytes]:
    """Return the lines of a file."""
    return path.read_bytes().split(b"\n")[:-1]


@settings(max_examples=40, deadline=None)
@given(st.lists(LINES, max_size=12), st.lists(LINES, max_size=4))
def test_nothing_is_lost(
    tmp_path_factory: pytest.TempPathFactory, train: list[bytes], valid: list[bytes]
) -> None:
    """Every line is in the output or in removed.jsonl, as it was, with its place."""
    root = tmp_path_factory.mktemp("data")
    (root / "in").mkdir()
    lines = {"train": train, "valid": valid}
    for name, rows in lines.items():
        (root / "in" / f"{name}.jsonl").write_bytes(b"".join(row + b"\n" for row in rows))
    report = run_operation("filter", root / "in", root / "out", [ValidRows(), MinMessages(2)])
    removed = [json.loads(line) for line in written(root / "out" / "removed.jsonl")]
    kept = {name: written(root / "out" / f"{name}.jsonl") for name in lines}
    assert report.read == len(train) + len(valid) == report.kept + report.removed
    assert report.removed == len(removed) == sum(one.removed for one in report.filters)
    assert all(one.kept >= report.kept for one in report.filters)
    for name, rows in lines.items():
        gone = {one["line"]: one for one in removed if one["split"] == name}
        assert [row for at, row in enumerate(rows, 1) if at not in gone] == kept[name]
        for line, one in gone.items():
            raw = rows[line - 1]
            if line == 1:
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            if "example" in one:
                assert one["example"] == json.loads(raw)
            elif "base64" in one:
                assert base64.b64decode(one["base64"]) == raw
            else:
                assert one["raw"].encode() == raw


@dataclass(frozen=True)
class OneByOne:
    """An operation that does not tell what it knows of sound rows."""

    of: Any

    @property
    def name(self) -> str:
        return str(self.of.name)

    @property
    def settings(self) -> Any:
        return self.of.settings

    def judge(self, row: Row) -> Any:
        return self.of.judge(row)


def test_sound_rows_go_the_same_way_together(tmp_path: Path) -> None:
    """Rows, removed rows, report and manifest: all as when each row is looked at."""
    (tmp_path / "in").mkdir()
    spoilt = CHAT.replace(b'"a"', b'"</s>"')
    long = json.dumps({"messages": json.loads(CHAT)["messages"] * 150}).encode()
    lines = [CHAT, CHAT, b"{", spoilt, CHAT, long, b"", long, CHAT]
    (tmp_path / "in" / "train.jsonl").write_bytes(b"\n".join(lines))
    for least, valid in itertools.product((1, 3, 300, 301), (True, False)):
        operations: list[Any] = [*[ValidRows()] * valid, MinMessages(least)]
        for name, some in (("a", operations), ("b", [OneByOne(one) for one in operations])):
            run_operation("filter", tmp_path / "in", tmp_path / name, some, force=True)
        for one in ("train.jsonl", "removed.jsonl", "report.json", "manifest.json"):
            assert (tmp_path / "a" / one).read_bytes() == (tmp_path / "b" / one).read_bytes()
        kept = (tmp_path / "a" / "train.jsonl").read_bytes().splitlines()
        short = [CHAT, CHAT, *[spoilt] * (not valid), CHAT, long, long, CHAT]
        assert kept == {1: short, 3: [long] * 2, 300: [long] * 2, 301: []}[least]


def test_report_manifest_and_removed_rows_say_what_happened(tmp_path: Path) -> None:
    """They are there for scripts and for the next operation."""
    data = tmp_path / "in"
    data.mkdir()
    (data / "train.jsonl").write_bytes(b"\n".join([CHAT, SHORT, b"oops", CHAT]) + b"\n")
    (data / "manifest.json").write_text('{"licence": "MIT", "files": {"train.jsonl": {"rows": 4}}}')
    run_operation("filter", data, tmp_path / "a", [MinMessages(2)])
    run_operation("filter", tmp_path / "a", tmp_path / "b", [MinMessages(3)])
    removed = [json.loads(line) for line in written(tmp_path / "a" / "removed.jsonl")]
    assert [list(one) for one in removed] == [
        ["split", "line", "filter", "reason", "example"],
        ["split", "line", "filter", "reason", "raw"],
    ]
    assert (removed[0]["filter"], removed[0]["line"]) == ("min-messages", 2)
    assert (removed[1]["filter"], removed[1]["raw"]) == ("readable", "oops")
    report = json.loads((tmp_path / "a" / "report.json").read_text())
    assert {key: report[key] for key in ("read", "kept", "removed")} == {
        "read": 4,
        "kept": 2,
        "removed": 2,
    }
    counts = [(one["name"], one["read"], one["kept"], one["removed"]) for one in report["filters"]]
    assert counts == [("readable", 4, 3, 1), ("min-messages", 3, 2, 1)]
    assert report["filters"][1]["sample"] == [
        {"split": "train", "line": 2, "reason": "1 message, fewer than 2"}
    ]
    manifest = json.loads((tmp_path / "b" / "manifest.json").read_text())
    assert manifest["licence"] == "MIT"
    assert [step["read"] for step in manifest["history"]] == [4, 2]
    assert manifest["files"]["train.jsonl"]["rows"] == 0
    assert (
        "train.jsonl has no rows left"
        in json.loads((tmp_path / "b" / "report.json").read_text())["warnings"]
    )


def test_rows_can_be_changed_and_noted(tmp_path: Path) -> None:
    """Changed rows are kept rows; the next operation sees them as they are now."""
    (tmp_path / "rows.jsonl").write_bytes(CHAT + b'\n{"text":"a"}\n{"x":1}\n')
    report = run_operation(
        "shout", tmp_path / "rows.jsonl", tmp_path / "out", [Shout(), MinMessages(1)]
    )
    assert written(tmp_path / "out" / "train.jsonl") == [CHAT, b'{"text":"A"}']
    assert (report.kept, report.changed, report.removed) == (2, 1, 1)
    assert report.filters[1].notes == Counter({"a chat": 1})


def test_another_dataset_is_replaced_only_by_force(tmp_path: Path) -> None:
    """And something else never."""
    rows = tmp_path / "rows.jsonl"
    rows.write_bytes(CHAT + b"\n")
    run_operation("filter", rows, tmp_path / "out", [MinMessages(1)])
    with pytest.raises(UsageError, match="is not empty"):
        run_operation("filter", rows, tmp_path / "out", [MinMessages(1)])
    rows.write_bytes(CHAT * 1 + b"\n" + CHAT + b"\n")
    run_operation("filter", rows, tmp_path / "out", [MinMessages(1)], force=True)
    assert len(written(tmp_path / "out" / "train.jsonl")) == 2
    (tmp_path / "out" / "thesis.txt").write_text("dear")
    with pytest.raises(UsageError, match="no dataset"):
        run_operation("filter", rows, tmp_path / "out", [MinMessages(1)], force=True)


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    """A file that goes away in the middle is said in words, and there is no half dataset."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "train.jsonl").write_bytes(CHAT + b"\n")
    (tmp_path / "in" / "valid.jsonl").write_bytes(CHAT + b"\n")

    class Unlink(MinMessages):
        def keeps(self, messages: int) -> bool:
            return False

        def judge(self, row: Row) -> Kept | Removed:
            (tmp_path / "in" / "valid.jsonl").unlink(missing_ok=True)
            return super().judge(row)

    with pytest.raises(DatasetError, match="cannot be read"):
        run_operation("filter", tmp_path / "in", tmp_path / "out", [Unlink(1)])
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
