"""A hub on this machine: the part of the Hub's HTTP API that `datasets` asks, with faults."""

import hashlib
import json
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

REVISION = "0123456789abcdef0123456789abcdef01234567"
COPY_REVISION = "89abcdef0123456789abcdef0123456789abcdef"


@dataclass
class Fault:
    """What happens to the next `times` requests whose method and path hold these texts.

    A status is answered, with `retry_after` if given; `cut` sends so many bytes of the body and
    closes the connection; `before` is called first.
    """

    path: str
    method: str = "GET"
    times: int = 1
    status: int = 0
    retry_after: int | None = None
    cut: int | None = None
    before: Callable[[], None] | None = None


@dataclass
class LocalHub:
    """Repositories with their files, the faults to come, and the requests that came."""

    url: str = ""
    repositories: dict[str, dict[str, bytes]] = field(default_factory=dict)
    copies: dict[str, dict[str, bytes]] = field(default_factory=dict)
    cards: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, repository: str, files: Mapping[str, bytes | str], **card: Any) -> None:
        """Add a dataset; `card` is the metadata at the head of its README."""
        given = {
            name: body.encode() if isinstance(body, str) else body for name, body in files.items()
        }
        readme = f"---\n{json.dumps(card)}\n---\n".encode() + given.pop("README.md", b"")
        self.repositories[repository] = {"README.md": readme, **given}
        self.cards[repository] = card

    def fail(self, path: str, **how: Any) -> None:
        """Let the next requests for a path fail; see Fault."""
        self.faults.append(Fault(path, **how))

    def asked_for(self, path: str) -> int:
        """Return how many requests for a body at such a path came."""
        return sum(one.startswith("GET ") and path in one for one in self.requests)

    def fault(self, method: str, path: str) -> Fault | None:
        """Return the fault of a request, once for each of its times."""
        with self.lock:
            self.requests.append(f"{method} {path}")
            for one in self.faults:
                if one.times and one.method == method and one.path in path:
                    one.times -= 1
                    return one
        return None


@contextmanager
def running_hub() -> Generator[LocalHub]:
    """Serve an empty hub on a free port until the block ends."""
    hub = LocalHub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("HubHandler", (Handler,), {"hub": hub}))
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Handler(BaseHTTPRequestHandler):
    """Answers for one hub."""

    hub: LocalHub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass

    def do_GET(self) -> None:
        self._answer("GET")

    def do_HEAD(self) -> None:
        self._answer("HEAD")

    def do_POST(self) -> None:
        self._answer("POST")

    def _answer(self, method: str) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size)
        if token := self.headers.get("Authorization"):
            self.hub.tokens.add(token)
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        fault = self.hub.fault(method, path)
        if fault is not None and fault.before is not None:
            fault.before()
        if fault is not None and fault.status:
            wait = fault.retry_after
            self._send(fault.status, b"", {} if wait is None else {"Retry-After": str(wait)})
            return
        self._cut = None if fault is None else fault.cut
        pieces = path.strip("/").split("/")
        if pieces[:2] == ["api", "datasets"]:
            self._api(pieces[2:], body)
        elif pieces[0] == "datasets" and "resolve" in pieces:
            self._file(pieces[1:])
        else:
            self._missing("RepoNotFound")

    def _api(self, pieces: list[str], body: bytes) -> None:
        repository, rest = "/".join(pieces[:2]), pieces[2:]
        if repository not in self.hub.repositories:
            self._missing("RepoNotFound")
            return
        files, revision = self.hub.repositories[repository], REVISION
        if rest[1:] and rest[1] in ("refs", COPY_REVISION) and repository in self.hub.copies:
            files, revision = self.hub.copies[repository], COPY_REVISION
        elif rest[1:] and rest[1] not in (REVISION, "main"):
            self._missing("RevisionNotFound")
            return
        if not rest or rest[0] == "revision":
            self._json(
                {
                    "id": repository,
                    "sha": revision,
                    "private": False,
                    "gated": False,
                    "disabled": False,
                    "downloads": 0,
                    "likes": 0,
                    "tags": [],
                    "cardData": self.hub.cards[repository],
                    "siblings": [{"rfilename": name} for name in files],
                }
            )
        elif rest[0] == "tree":
            self._tree(files, "/".join(rest[2:]))
        elif rest[0] == "paths-info":
            self._paths_info(files, body)
        else:
            self._missing("EntryNotFound")

    def _tree(self, files: dict[str, bytes], folder: str) -> None:
        recursive = "recursive=true" in self.path.lower()
        under = f"{folder}/" if folder else ""
        entries: dict[str, Any] = {}
        for name, content in files.items():
            if not name.startswith(under):
                continue
            head, slash, _ = name[len(under) :].partition("/")
            if slash:
                place = under + head
                entries[place] = _folder(place)
            if recursive or not slash:
                entries[name] = _entry(name, content)
        if entries:
            self._json(list(entries.values()))
        else:
            self._missing("EntryNotFound")

    def _paths_info(self, files: dict[str, bytes], body: bytes) -> None:
        if self.headers.get("Content-Type", "").startswith("application/json"):
            paths = json.loads(body)["paths"]
        else:
            paths = parse_qs(body.decode())["paths"]
        found = [_entry(name, files[name]) for name in paths if name in files]
        folders = {name.rpartition("/")[0] for name in files}
        found += [_folder(path) for path in paths if path in folders]
        self._json(found)

    def _file(self, pieces: list[str]) -> None:
        at = pieces.index("resolve")
        copied = pieces[at + 1] == COPY_REVISION
        known = self.hub.copies if copied else self.hub.repositories
        files = known.get("/".join(pieces[:at]))
        name = "/".join(pieces[at + 2 :])
        if files is None or name not in files:
            self._missing("RepoNotFound" if files is None else "EntryNotFound")
            return
        content, status = files[name], 200
        tag = hashlib.sha256(content).hexdigest()
        headers = {"ETag": f'"{tag}"', "X-Repo-Commit": pieces[at + 1], "Accept-Ranges": "bytes"}
        if (asked := self.headers.get("Range")) and self.command == "GET":
            first, _, last = asked.removeprefix("bytes=").partition("-")
            start, size = int(first), len(content)
            end = min(int(last) + 1 if last else size, size)
            if start >= size:
                self._send(416, b"", headers)
                return
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
            content, status = content[start:end], 206
        self._send(status, content, headers)

    def _json(self, value: Any) -> None:
        self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _missing(self, code: str) -> None:
        self._send(404, b"{}", {"X-Error-Code": code})

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        cut = getattr(self, "_cut", None)
        if cut is not None and cut < len(body):
            self.wfile.write(body[:cut])
            self.wfile.flush()
            self.close_connection = True
            return
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(body)


def _entry(name: str, content: bytes) -> dict[str, Any]:
    oid = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    return {"type": "file", "path": name, "size": len(content), "oid": oid}


def _folder(name: str) -> dict[str, Any]:
    oid = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()
    return {"type": "directory", "path": name, "size": 0, "oid": oid}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    """Return an empty hub that the libraries take for the real one, with caches of its own."""
    from datasets import config
    from huggingface_hub import constants

    with running_hub() as running:
        files = running.url + "/{repo_id}/resolve/{revision}/{filename}"
        rows = running.url + "/datasets/{repo_id}/resolve/{revision}/{path}"
        monkeypatch.setattr(config, "HF_ENDPOINT", running.url)
        monkeypatch.setattr(config, "HUB_DATASETS_URL", rows)
        monkeypatch.setattr(constants, "ENDPOINT", running.url)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", files)
        monkeypatch.setattr(config, "HF_DATASETS_CACHE", tmp_path / "datasets-cache")
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub-cache"))
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        monkeypatch.setenv("HF_HOME", str(tmp_path / "hf-home"))
        yield running


@pytest.fixture
def chats() -> Callable[[int, int], str]:
    """Return a function that writes rows of chats, numbered from `first`, as JSONL."""

    def write(first: int, count: int) -> str:
        return "".join(
            json.dumps(
                {
                    "id": f"row-{number}",
                    "messages": [
                        {"role": "user", "content": f"What is {number}?"},
                        {"role": "assistant", "content": f"A number. {'x' * 200}"},
                    ],
                }
            )
            + "\n"
            for number in range(first, first + count)
        )

    return write


@pytest.fixture
def rows_of() -> Callable[[Path], list[dict[str, Any]]]:
    """Return a function that reads the rows of all splits of a dataset directory."""

    def read(directory: Path) -> list[dict[str, Any]]:
        paths = (directory / f"{split}.jsonl" for split in ("train", "valid", "test"))
        texts = (path.read_text() for path in paths if path.exists())
        return [json.loads(line) for text in texts for line in text.splitlines()]

    return read
