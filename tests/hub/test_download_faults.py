"""Downloads from a real server that fails in the ways the hub does: every row once."""

import functools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from punie_train.core.errors import UsageError
from punie_train.hub.hub_errors import HubError
from punie_train.workflows.download import DownloadOptions, Watcher, download

Rows = Callable[[Path], list[dict[str, Any]]]
ALL = [f"row-{number}" for number in range(300)]


def _no_patience(patch: pytest.MonkeyPatch) -> None:
    """Let the libraries below give up at the first failure, as they do in the end."""
    import huggingface_hub.hf_file_system as file_system
    from datasets import config
    from huggingface_hub.utils import _http

    once = functools.partial(_http.http_backoff, max_retries=0)
    patch.setattr(file_system, "http_backoff", once)
    patch.setattr(config, "STREAMING_READ_MAX_RETRIES", 1)
    for name in ("READ_RETRY", "READ_SERVER_UNAVAILABLE_RETRY", "READ_RATE_LIMIT_RETRY"):
        patch.setattr(config, f"STREAMING_{name}_INTERVAL", 0)


@pytest.fixture
def repository(hub: Any, chats: Callable[[int, int], str]) -> str:
    """Return a dataset of 300 rows in two files."""
    hub.add(
        "org/chat",
        {"data/train-0.jsonl": chats(0, 200), "data/train-1.jsonl": chats(200, 100)},
        license="mit",
    )
    return "org/chat"


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({}, id="none"),
        pytest.param({"status": 503}, id="503"),
        pytest.param({"status": 429, "retry_after": 0}, id="429"),
        pytest.param({"cut": 5000}, id="cut"),
    ],
)
def test_every_row_comes_once_whatever_the_server_does(
    hub: Any, repository: str, tmp_path: Path, rows_of: Rows, fault: dict[str, int]
) -> None:
    """A refused or cut answer is asked for again, behind the last row that came."""
    if fault:
        hub.fail("train-0.jsonl", **fault)
        hub.fail("train-1.jsonl", **fault)
    report = download(repository, tmp_path / "out", DownloadOptions())
    assert [row["id"] for row in rows_of(tmp_path / "out")] == ALL
    assert (report.read, report.kept, report.removed) == (300, 300, 0)
    assert not hub.faults or all(one.times == 0 for one in hub.faults)


def test_a_broken_stream_is_opened_again_behind_the_last_row(
    hub: Any,
    repository: str,
    tmp_path: Path,
    rows_of: Rows,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When the library itself gives up on a file, the stream goes on at the row that is missing."""
    _no_patience(monkeypatch)
    hub.fail("train-1.jsonl", cut=5000, times=1)
    hub.fail("train-1.jsonl", status=429, retry_after=1, times=1)
    pauses: list[float] = []
    download(repository, tmp_path / "out", DownloadOptions(), Watcher(on_wait=pauses.append))
    assert [row["id"] for row in rows_of(tmp_path / "out")] == ALL
    assert pauses == [1.0, 1.0]


def test_a_hub_that_is_busy_at_first_is_waited_for(
    hub: Any, repository: str, tmp_path: Path, rows_of: Rows
) -> None:
    """A 503 on the very first question is no failure."""
    hub.fail("/api/datasets/org/chat", status=503)
    download(repository, tmp_path / "out", DownloadOptions(rows=10))
    assert len(rows_of(tmp_path / "out")) == 10


def test_a_killed_download_goes_on(
    hub: Any, repository: str, tmp_path: Path, rows_of: Rows
) -> None:
    """SIGKILL in the middle, the same command again: every row once, nothing left beside it."""
    stalled, go_on = threading.Event(), threading.Event()

    def stall() -> None:
        stalled.set()
        go_on.wait(60)

    hub.fail("train-1.jsonl", before=stall)
    output = tmp_path / "out"
    command = [sys.executable, "-m", "punie_train", "dataset", "download", repository]
    child = subprocess.Popen(
        [*command, "--output", str(output)],
        env={**os.environ, "HF_ENDPOINT": hub.url, "HF_TOKEN": "hf_verysecret"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    journal = tmp_path / ".out.download.jsonl"
    try:
        assert stalled.wait(60)
        deadline = time.monotonic() + 10
        while journal.read_text().count('"kept"') < 200 and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        go_on.set()
    assert not output.exists()
    with journal.open("a") as file:
        file.write('{"kept":{"id":"torn')
    told: list[int] = []
    watcher = Watcher(on_rows=lambda kept, _: told.append(kept))
    download(repository, output, DownloadOptions(), watcher)
    assert told[0] == 200
    assert [row["id"] for row in rows_of(output)] == ALL
    assert sorted(path.name for path in tmp_path.glob("*out*")) == ["out"]
    assert hub.tokens == {"Bearer hf_verysecret"}
    assert not any("verysecret" in path.read_text() for path in output.iterdir())


def test_a_download_that_breaks_off_says_so_and_keeps_what_came(
    hub: Any,
    repository: str,
    tmp_path: Path,
    rows_of: Rows,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After the last try there is one message, no dataset, and a journal to go on from."""
    with monkeypatch.context() as patch:
        patch.setattr("punie_train.hub.row_stream.waits", lambda: iter([None]))
        _no_patience(patch)
        hub.fail("train-1.jsonl", status=503)
        with pytest.raises(HubError, match=r"broke off after 200 rows \(HTTP 503\)"):
            download(repository, tmp_path / "out", DownloadOptions())
    assert not (tmp_path / "out").exists()
    hub.add("org/other", {"train.jsonl": "{}"}, license="mit")
    with pytest.raises(UsageError, match="unfinished download of org/chat"):
        download("org/other", tmp_path / "out", DownloadOptions())
    download(repository, tmp_path / "out", DownloadOptions())
    assert [row["id"] for row in rows_of(tmp_path / "out")] == ALL


def test_no_more_is_fetched_than_asked_for(
    hub: Any, repository: str, tmp_path: Path, rows_of: Rows
) -> None:
    """`--max` ends the stream: files behind it are never opened."""
    download(repository, tmp_path / "out", DownloadOptions(rows=50))
    assert [row["id"] for row in rows_of(tmp_path / "out")] == ALL[:50]
    assert hub.asked_for("train-0.jsonl")
    assert not hub.asked_for("train-1.jsonl")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["counts"] == {"read": 50, "kept": 50, "removed": 0, "passed_over": 0}
    assert {name: file["rows"] for name, file in manifest["files"].items()} == {
        "train.jsonl": 40,
        "valid.jsonl": 5,
        "test.jsonl": 5,
    }
    assert manifest["revision"].startswith("0123456789abcdef")
    assert manifest["licence"] == "mit"
