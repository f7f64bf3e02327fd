"""What was received is on disk at once, and is read again line by line, however the run ended."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from punie_train.core.attestations import Applied, Attestation
from punie_train.core.completions import Exchange
from punie_train.core.errors import UsageError
from punie_train.workflows.partial_file import (
    Partial,
    PartialFile,
    StoredReply,
    partial_path,
    read_partial,
    report_of,
)

MakeExchange = Callable[..., Exchange]
LIVE = Attestation(applied=Applied.YES, reason="live", shift=0.5, noise=0.0)
ONE, TWO = ("v3", "demo", "one", 1), ("v3", "demo", "two", 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the file is."""
    return partial_path(tmp_path / "report.json")


def write(
    path: Path, make_exchange: MakeExchange, run: str = "run-1", before: Partial | None = None
) -> PartialFile:
    """Write two replies of an adapter that was live at its start."""
    file = PartialFile(path, run, before=before)
    file.attested("v3", {"base": "b"}, LIVE, ended=False)
    file.received(ONE, f"request of {run}", make_exchange("one"))
    if before is None:
        file.received(TWO, "request", make_exchange("two"))
    return file


def test_every_line_is_on_disk_at_once(path: Path, make_exchange: MakeExchange) -> None:
    """Another process reads all of it while the file is still being written."""
    file = write(path, make_exchange)
    read = read_partial(path)
    assert read.problem is None
    assert read.replies[ONE] == StoredReply(
        run="run-1", request="request of run-1", exchange=make_exchange("one")
    )
    assert read.replies.keys() == {ONE, TWO}
    stretch = read.stretches["v3", "run-1"]
    assert (stretch.identity, stretch.attestation, stretch.ended) == ({"base": "b"}, LIVE, False)
    file.attested("v3", {"base": "b"}, LIVE, ended=True)
    assert read_partial(path).stretches["v3", "run-1"].ended
    file.close(remove=False)


def test_file_begins_with_the_first_reply(path: Path, make_exchange: MakeExchange) -> None:
    """A server that was attested and gave nothing leaves nothing to go on with."""
    file = PartialFile(path, "run-1")
    file.attested("v3", {}, LIVE, ended=False)
    assert not file.begun
    assert not path.exists()
    file.received(ONE, "r", make_exchange())
    assert file.begun
    file.close(remove=False)
    assert file.begun


def test_whole_run_leaves_no_file(path: Path, make_exchange: MakeExchange) -> None:
    """It is removed when told so, and only then; twice does no harm."""
    file = write(path, make_exchange)
    file.close(remove=False)
    assert path.exists()
    file.close(remove=True)
    file.close(remove=True)
    assert not path.exists()
    assert not file.begun


@pytest.mark.parametrize("cut", [1, 30, 200])
def test_torn_last_line_is_named(path: Path, make_exchange: MakeExchange, cut: int) -> None:
    """What was received before it is kept."""
    write(path, make_exchange).close(remove=False)
    path.write_bytes(path.read_bytes()[: -1 - cut])
    read = read_partial(path)
    assert read.replies.keys() == {ONE}
    assert "its last line is torn" in (read.problem or "")


def test_last_line_without_its_end_may_be_whole(path: Path, make_exchange: MakeExchange) -> None:
    """Only the line feed is missing: nothing is lost."""
    write(path, make_exchange).close(remove=False)
    path.write_bytes(path.read_bytes()[:-1])
    assert read_partial(path).replies.keys() == {ONE, TWO}
    assert read_partial(path).problem is None


@pytest.mark.parametrize(
    "line",
    ["{", "[]", '{"run": "r"}', '{"reply": {"group": 1}, "run": "r"}', "[" * 100_000, "\ufffd"],
    ids=["torn", "list", "nothing", "kind", "deep", "bytes"],
)
def test_unreadable_line_is_named_and_left_out(
    path: Path, make_exchange: MakeExchange, line: str
) -> None:
    """The lines around it are read."""
    write(path, make_exchange).close(remove=False)
    lines = path.read_text().split("\n")
    path.write_text("\n".join([*lines[:3], line, *lines[3:]]))
    read = read_partial(path)
    assert read.replies.keys() == {ONE, TWO}
    assert "line 4 is unreadable" in (read.problem or "")
    assert len(read.lines) == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "it is no partial file"),
        ("[]", "it is no partial file"),
        ('{"schema": 1}', "it is no partial file"),
        ('{"partial": 2}', "its schema is 2"),
        ('{"partial": true}', "its schema is True"),
        ("\x00\x01", "it is no partial file"),
    ],
)
def test_another_file_is_refused(path: Path, content: str, words: str) -> None:
    """It is said what it is not, and where the right one is."""
    path.write_text(content)
    with pytest.raises(UsageError, match="--eval-resume") as caught:
        read_partial(path)
    assert words in str(caught.value)


def test_missing_file_is_refused(path: Path) -> None:
    """Beside a whole report there is nothing to go on with; elsewhere the path is wrong."""
    with pytest.raises(UsageError, match="no run to go on with"):
        read_partial(path)
    report_of(path).write_text("{}")
    with pytest.raises(UsageError, match="is a whole report"):
        read_partial(path)


@pytest.mark.parametrize("name", ["report.json", "20260101T101112.123Z-v3.1.json"])
def test_report_and_partial_file_find_each_other(tmp_path: Path, name: str) -> None:
    """Either may be given."""
    report = tmp_path / name
    partial = partial_path(report)
    assert partial.name == f"{report.stem}.partial.jsonl"
    assert partial_path(partial) == partial
    assert report_of(partial) == report


def test_run_that_goes_on_keeps_what_was_there(path: Path, make_exchange: MakeExchange) -> None:
    """The same file grows; what is received again replaces, the rest keeps its own run."""
    write(path, make_exchange).close(remove=False)
    with path.open("a") as torn:
        torn.write('{"reply": {"gro')
    file = write(path, make_exchange, "run-2", read_partial(path))
    read = read_partial(path)
    assert read.problem is None
    assert {slot: each.run for slot, each in read.replies.items()} == {ONE: "run-2", TWO: "run-1"}
    assert read.stretches.keys() == {("v3", "run-1"), ("v3", "run-2")}
    assert file.moved is None
    file.close(remove=True)
    assert not path.exists()


def test_run_that_goes_on_elsewhere_leaves_the_old_file(
    path: Path, tmp_path: Path, make_exchange: MakeExchange
) -> None:
    """Its own file holds everything, and only that one is removed."""
    write(path, make_exchange).close(remove=False)
    other = tmp_path / "other.partial.jsonl"
    file = write(other, make_exchange, "run-2", read_partial(path))
    assert read_partial(other).replies.keys() == {ONE, TWO}
    file.close(remove=True)
    assert (path.exists(), other.exists()) == (True, False)


def test_file_of_an_earlier_run_is_put_aside(path: Path, make_exchange: MakeExchange) -> None:
    """A run that is started anew by mistake costs nobody what was received, not even twice."""
    for number in range(3):
        file = write(path, make_exchange, f"run-{number}")
        file.close(remove=False)
    assert file.moved == path.with_name("report.2.partial.jsonl")
    runs = [
        json.loads(each.read_text().split("\n")[0])["run"] for each in sorted(path.parent.iterdir())
    ]
    assert runs == ["run-0", "run-1", "run-2"]


def test_disk_that_refuses_costs_the_file_not_the_run(
    tmp_path: Path, make_exchange: MakeExchange
) -> None:
    """The problem is told in words, once."""
    (tmp_path / "file").touch()
    file = write(tmp_path / "file" / "report.partial.jsonl", make_exchange)
    assert "could not be resumed" in (file.problem or "")
    assert not file.begun
    file.close(remove=True)
