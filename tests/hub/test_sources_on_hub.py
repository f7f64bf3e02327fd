"""The known sources, hub ids and audits against a hub: files as the real datasets have them."""

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from punie_train.cli.app import app
from punie_train.core.errors import ExitStatus
from punie_train.dataset.errors import DatasetError
from punie_train.dataset.inputs import open_dataset
from punie_train.dataset.rules import Severity
from punie_train.dataset.validation import Validation
from punie_train.hub.hub_errors import HubError
from punie_train.workflows.audit_data import audit_directory, audit_on_hub, find_source
from punie_train.workflows.download import DownloadOptions, RefusedError, download

Rows = Callable[[Path], list[dict[str, Any]]]

TOOL = {
    "type": "function",
    "function": {
        "name": "runner-run_python",
        "description": "Run code.",
        "parameters": {"type": "object", "properties": {"code": {"type": "string"}}},
    },
}
TRAJECTORY = [
    {"role": "user", "content": "Add 1 and 1 with Python."},
    {"role": "assistant", "content": "I run it."},
    {
        "role": "tool_call",
        "content": "{'name': 'runner-run_python', 'arguments': '{\"code\": \"1 + 1\"}'}",
    },
    {"role": "tool_response", "content": "2"},
    {"role": "assistant", "content": "It is 2."},
]


def parquet(rows: list[dict[str, Any]]) -> bytes:
    """Return rows as a Parquet file."""
    import pyarrow as arrow
    from pyarrow import parquet as files

    buffer = io.BytesIO()
    files.write_table(arrow.Table.from_pylist(rows), buffer)
    return buffer.getvalue()


def jsonl(rows: list[dict[str, Any]]) -> bytes:
    """Return rows as JSONL."""
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def part(name: str, files: str) -> dict[str, Any]:
    """Return the head of a card that names one part."""
    return {"configs": [{"config_name": name, "data_files": [{"split": "train", "path": files}]}]}


def error_free(directory: Path) -> bool:
    """Say whether the validation finds no error."""
    found = Validation(open_dataset(directory)).findings()
    return not [one for one in found if one.rule.severity is Severity.ERROR]


def test_toucan_is_read_from_its_strings(hub: Any, tmp_path: Path, rows_of: Rows) -> None:
    """Messages and tools are JSON in strings; rows about other things are passed over, counted."""
    rows = [
        {
            "uuid": f"u{number}",
            "question": "Add with Python." if number % 2 else "What is the weather?",
            "target_tools": "runner-run_python",
            "messages": json.dumps(TRAJECTORY) if number != 3 else "[broken",
            "tools": json.dumps([TOOL]),
        }
        for number in range(10)
    ]
    card = part("SFT", "SFT/train-*")
    hub.add("Agent-Ark/Toucan-1.5M", {"SFT/train-0.parquet": parquet(rows)}, **card)
    report = download("toucan-python", tmp_path / "out", DownloadOptions())
    kept = rows_of(tmp_path / "out")
    assert [row["id"] for row in kept] == ["u1", "u5", "u7", "u9"]
    assert kept[0]["messages"][1]["tool_calls"][0]["function"]["arguments"] == {"code": "1 + 1"}
    assert kept[0]["tools"] == [TOOL]
    assert error_free(tmp_path / "out")
    (removed,) = map(json.loads, (tmp_path / "out" / "removed.jsonl").read_text().splitlines())
    assert (removed["line"], removed["filter"]) == (4, "convert")
    assert removed["reason"] == "messages is neither JSON nor a Python literal"
    assert removed["example"]["uuid"] == "u3"
    assert (report.kept, report.removed) == (4, 1)
    assert report.filters[0].notes == {"not about python, passed over": 5}


def test_wiki_articles_are_read_from_compressed_files(
    hub: Any, tmp_path: Path, rows_of: Rows
) -> None:
    """A title and a body become a request and an article."""
    rows = [{"id": "w1", "text": "Ada Lovelace\n\nShe wrote the first program.", "source": "wiki"}]
    packed = gzip.compress(jsonl(rows))
    card = part("wiki", "data/wiki/*") | {"license": "odc-by"}
    hub.add("allenai/olmo-mix-1124", {"data/wiki/wiki-0.json.gz": packed}, **card)
    download("dolma-wiki", tmp_path / "out", DownloadOptions())
    (row,) = rows_of(tmp_path / "out")
    assert row["source"] == "dolma-wiki"
    assert [one["content"] for one in row["messages"]] == [
        "Write an encyclopedia article about: Ada Lovelace",
        "She wrote the first program.",
    ]


def test_stack_exchange_is_read_beside_a_script(hub: Any, tmp_path: Path, rows_of: Rows) -> None:
    """RedPajama's repository holds a loader that nobody runs any more; its file is named."""
    rows = [
        {"text": "Q: Sort a list in Python?\n\nIt is long.\n\nA: Use sorted.\n\nA: Or sort."},
        {"text": "Q: Boil an egg?\n\nA: Eight minutes."},
    ]
    name = "togethercomputer/RedPajama-Data-1T-Sample"
    files = {"stackexchange_sample.jsonl": jsonl(rows), "RedPajama-Data-1T-Sample.py": "import os"}
    hub.add(name, files)
    download("redpajama-stackexchange", tmp_path / "out", DownloadOptions())
    (row,) = rows_of(tmp_path / "out")
    assert row["messages"][1]["content"] == "Use sorted."
    with pytest.raises(HubError, match="is made by a script"):
        download(name, tmp_path / "other", DownloadOptions(accept=True))


def test_a_dataset_made_by_a_script_is_read_from_its_copy(
    hub: Any, tmp_path: Path, rows_of: Rows
) -> None:
    """The hub keeps a Parquet copy of such datasets, by part and split."""
    name = "code-search-net/code_search_net"
    rows = [
        {
            "func_name": "add",
            "whole_func_string": "def add(a, b):\n    return a + b",
            "func_documentation_string": f"Add {number}.",
            "func_code_url": f"https://example.org/{number}",
        }
        for number in range(20)
    ]
    hub.add(name, {"code_search_net.py": "raise SystemExit", "data/python.zip": b"zip"})
    hub.copies[name] = {
        "java/train/0000.parquet": parquet(rows[:1]),
        "python/test/0000.parquet": parquet(rows[:1]),
        "python/train/0000.parquet": parquet(rows[:12]),
        "python/train/0001.parquet": parquet(rows[12:]),
    }
    download("codesearchnet-python", tmp_path / "out", DownloadOptions())
    kept = rows_of(tmp_path / "out")
    assert [row["id"] for row in kept] == [f"https://example.org/{n}" for n in range(20)]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["revision"].startswith("89abcdef")


def test_kodcode_is_refused_until_it_is_accepted(hub: Any, tmp_path: Path, rows_of: Rows) -> None:
    """The refusal says why and what consent means; the manifest names what was accepted."""
    rows = [{"question_id": "k1", "question": "Add two numbers.", "solution": "def add(a, b): ..."}]
    hub.add("KodCode/KodCode-V1", {"data/train.parquet": parquet(rows)}, license="cc-by-nc-4.0")
    with pytest.raises(RefusedError, match=r"CC BY-NC 4.0.*gpt-4o.*F48.*--accept would mean") as no:
        download("kodcode", tmp_path / "out", DownloadOptions())
    assert no.value.status is ExitStatus.ANSWER_IS_NO
    assert hub.requests == []
    assert not (tmp_path / "out").exists()
    download("kodcode", tmp_path / "out", DownloadOptions(accept=True))
    assert rows_of(tmp_path / "out")[0]["messages"][1]["content"].startswith("```python\ndef add")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert len(manifest["accepted"]) == 2
    assert manifest["generation_models"] == ["gpt-4o"]
    audit = audit_directory(tmp_path / "out")
    assert not audit.allowed
    assert any("Accepted at the download" in one for one in audit.audits[0].remarks)


@pytest.mark.parametrize(
    ("card", "readme", "refusal"),
    [
        pytest.param({"license": "mit"}, "Written by hand.", None, id="known-licence"),
        pytest.param({}, "", "no licence is given", id="no-licence"),
        pytest.param({"license": "acme-1"}, "", "'acme-1' is not known", id="strange-licence"),
        pytest.param(
            {"license": "mit"},
            "Answers by GPT-4o.",
            "gpt-4o may have written",
            id="another's-model",
        ),
    ],
)
def test_a_hub_id_is_judged_by_its_page(
    hub: Any, card: dict[str, str], readme: str, refusal: str | None
) -> None:
    """The licence comes from the card, and so do the names of models."""
    hub.add("org/some", {"train.jsonl": b"{}\n", "README.md": readme}, **card)
    audit = audit_on_hub(find_source("org/some")).audit
    assert audit.allowed is (refusal is None)
    assert refusal is None or refusal in "; ".join(audit.refusals)


def test_a_card_that_comes_late_is_read_all_the_same(hub: Any) -> None:
    """A busy hub is no card without names: the question is repeated."""
    hub.add("org/some", {"train.jsonl": b"{}\n", "README.md": "By GPT-4o."}, license="mit")
    hub.fail("README.md", method="HEAD", status=503)
    assert not audit_on_hub(find_source("org/some")).audit.allowed


def test_a_dataset_without_a_card_is_judged_too(hub: Any) -> None:
    """No README means no licence, and that is said."""
    hub.add("org/bare", {"train.jsonl": b"{}\n"})
    del hub.repositories["org/bare"]["README.md"]
    audit = audit_on_hub(find_source("org/bare")).audit
    assert audit.refusals == ("no licence is given: without one nobody may copy or train on it",)


def test_a_hub_that_only_answers_later_is_named(
    hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the last try the status stands in the message."""
    monkeypatch.setattr("punie_train.hub.lookup.waits", lambda: iter([None]))
    hub.fail("/api/datasets", status=503)
    with pytest.raises(HubError, match="answers HTTP 503"):
        download("org/chat", tmp_path / "out", DownloadOptions())


def test_another_open_licence_is_a_remark(hub: Any) -> None:
    """From one licence that allows training to another: said, not refused."""
    hub.add("Agent-Ark/Toucan-1.5M", {"SFT/train.jsonl": b"{}\n"}, license="cc-by-4.0")
    audit = audit_on_hub(find_source("toucan-python")).audit
    assert audit.allowed
    assert any("'cc-by-4.0'" in one for one in audit.remarks)


def test_a_licence_that_changed_is_a_reason_to_refuse(hub: Any, tmp_path: Path) -> None:
    """What is written here about a source may be older than the source."""
    hub.add("Agent-Ark/Toucan-1.5M", {"SFT/train.jsonl": b"{}\n"}, license="cc-by-nc-4.0")
    with pytest.raises(RefusedError, match="the licence changed"):
        download("toucan-python", tmp_path / "out", DownloadOptions())


def test_a_dataset_without_examples_leaves_nothing(hub: Any, tmp_path: Path) -> None:
    """Columns that nobody knows end in one message that names them."""
    hub.add("org/numbers", {"train.jsonl": jsonl([{"x": 1, "y": 2}])}, license="mit")
    with pytest.raises(DatasetError, match="no conversation, question or text in the columns x, y"):
        download("org/numbers", tmp_path / "out", DownloadOptions())
    assert not list(tmp_path.glob("*out*"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(DownloadOptions(split="dev"), "has no split 'dev'.*--split train", id="split"),
        pytest.param(DownloadOptions(config="zz"), "has no part 'zz'.*one of", id="config"),
        pytest.param(DownloadOptions(revision="v9"), "has no revision v9", id="revision"),
    ],
)
def test_what_is_not_there_is_named(
    hub: Any,
    tmp_path: Path,
    chats: Callable[[int, int], str],
    options: DownloadOptions,
    message: str,
) -> None:
    """A split, part or revision that does not exist: one message with what there is."""
    hub.add("org/split", {"train.jsonl": chats(0, 3)}, license="mit")
    with pytest.raises(HubError, match=message):
        download("org/split", tmp_path / "out", options)


def test_an_unknown_dataset_and_a_hub_that_is_away(
    hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both end in one message that says what to do."""
    from datasets import config

    with pytest.raises(HubError, match="The hub shows no dataset org/none"):
        download("org/none", tmp_path / "out", DownloadOptions())
    with pytest.raises(HubError, match=r"'\./rows' is no id of a dataset on the hub"):
        download("./rows", tmp_path / "out", DownloadOptions())
    monkeypatch.setattr(config, "HF_ENDPOINT", "http://user:secret@127.0.0.1:9")
    with pytest.raises(HubError, match=r"The hub at http://127.0.0.1:9 cannot be reached"):
        download("org/chat", tmp_path / "out", DownloadOptions())


def test_the_commands_print_what_happened(
    hub: Any, tmp_path: Path, chats: Callable[[int, int], str]
) -> None:
    """Facts and counts on standard output, exit status by the verdict, other text escaped."""
    hub.add("org/chat", {"train.jsonl": chats(0, 20)}, license="mit")
    hub.add("org/odd", {"train.jsonl": b"{}\n"}, license="\x1b[31m")
    run = CliRunner().invoke
    done = run(app, ["dataset", "download", "org/chat", "--output", str(tmp_path / "out")])
    assert done.exit_code == 0
    assert "20 rows read, 20 kept, 0 removed" in done.stdout
    assert "Nobody has checked who wrote the rows" in done.stderr
    seen = run(app, ["dataset", "audit", "org/chat"])
    assert seen.exit_code == 0
    assert "licence: mit" in seen.stdout
    odd = run(app, ["dataset", "audit", "org/odd"])
    assert odd.exit_code == 1
    assert "\x1b" not in odd.stdout
    again = run(app, ["dataset", "audit", str(tmp_path / "out"), "--json"])
    assert json.loads(again.stdout)["rows"] == {"org/chat": 20}
