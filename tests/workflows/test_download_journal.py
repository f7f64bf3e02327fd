"""The journal of a download: every row of the source has its place, also after a kill."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from punie_train.core.errors import UsageError
from punie_train.workflows.download_journal import DownloadJournal, Received

HEAD: Mapping[str, Any] = {"source": "a", "repository": "r", "revision": "1"}


def test_rows_keep_their_number_over_a_kill(tmp_path: Path) -> None:
    """Passed rows count, a torn line does not, and the first head stays."""
    with DownloadJournal(tmp_path / "out", HEAD) as journal:
        journal.keep(b'{"n":1}')
        journal.pass_over()
        journal.pass_over()
        journal.remove("odd", {"n": float("nan"), "when": object})
        journal.keep(b'{"n":5}')
    with journal.path.open("ab") as file:
        file.write(b'{"kept":{"n"')
    with DownloadJournal(tmp_path / "out", {**HEAD, "revision": "2"}) as again:
        assert (again.read, again.kept, again.removed, again.passed) == (5, 2, 1, 2)
        assert again.head == HEAD
        again.keep(b'{"n":6}')
        received = list(again.received())
    assert [one.number for one in received] == [1, 4, 5, 6]
    assert received[0] == Received(number=1, example=b'{"n":1}')
    assert received[1].reason == "odd"
    assert b"nan" in received[1].row


def test_an_unfinished_download_of_another_source_is_not_mixed(tmp_path: Path) -> None:
    """One output has one journal."""
    with DownloadJournal(tmp_path / "out", HEAD) as journal:
        journal.keep(b"{}")
    with pytest.raises(UsageError, match="holds an unfinished download of a"):
        DownloadJournal(tmp_path / "out", {**HEAD, "source": "b"})
    with DownloadJournal(tmp_path / "out", HEAD) as journal:
        assert journal.kept == 1


def test_a_journal_without_rows_leaves_nothing(tmp_path: Path) -> None:
    """A download that failed before its first row is as if it had not been."""
    with DownloadJournal(tmp_path / "out", HEAD) as journal:
        assert journal.path.exists()
    assert not journal.path.exists()
