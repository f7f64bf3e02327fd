"""The committed training data: whole, readable, right, and apart from every evaluation case."""

import hashlib
import json
from pathlib import Path

import pytest

from punie_train.core.agent_tools import TOOLS_BY_NAME
from punie_train.starter.adapter_data import ADAPTER_DATA, split_rows
from punie_train.starter.cases import SEED, known_cases, prompts_of
from punie_train.starter.corpus import render
from punie_train.starter.overlap import overlapping
from punie_train.toolcalls.parse import parse

ROOT = Path(__file__).parents[2]
VERSIONS = tuple(data.version for data in ADAPTER_DATA)


def _rows(version: str) -> list[dict]:
    files = sorted((ROOT / "data" / version).glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_bytes().splitlines()]


@pytest.mark.parametrize("version", VERSIONS)
def test_files_equal_their_manifest(version: str) -> None:
    """Every split has the rows and the hash that the manifest says."""
    directory = ROOT / "data" / version
    manifest = json.loads((directory / "manifest.json").read_text())
    assert set(manifest["files"]) == {"train.jsonl", "valid.jsonl", "test.jsonl"}
    for name, entry in manifest["files"].items():
        content = (directory / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
        assert content.count(b"\n") == entry["rows"]
    assert {"seed", "generator", "licence", "provenance", "purpose"} <= set(manifest)


@pytest.mark.parametrize("data", ADAPTER_DATA, ids=lambda data: data.version)
def test_the_grammar_still_makes_these_rows(data) -> None:
    """The committed rows are what the generator writes today."""
    made = split_rows(data, SEED, prompts_of(ROOT / "evals"))
    assert _rows(data.version) == [*made["test"], *made["train"], *made["valid"]]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_call_parses_and_fits(version: str) -> None:
    """What the template renders, the parser reads back strictly: same tools, same arguments."""
    for row in _rows(version):
        answer = render(row).answer.removesuffix("<|im_end|>")
        wanted = [
            (call["function"]["name"], call["function"]["arguments"])
            for call in row["messages"][-1].get("tool_calls", ())
        ]
        reply = parse(answer, tuple(TOOLS_BY_NAME.values()))
        assert not reply.malformed
        assert [(p.call.name, dict(p.call.arguments)) for p in reply.calls] == wanted
        assert all(p.strict and p.known for p in reply.calls)
        for name, arguments in wanted:
            assert set(arguments) == TOOLS_BY_NAME[name].required


@pytest.mark.parametrize("version", VERSIONS)
def test_apart_from_every_case(version: str) -> None:
    """No row says what an evaluation case says."""
    assert overlapping(_rows(version), prompts_of(ROOT / "evals")) == {}


@pytest.mark.parametrize("seed", [1, 2, 5])
def test_other_seeds_are_apart_too(seed: int) -> None:
    """What is common is decided among the rows that are kept."""
    prompts = prompts_of(ROOT / "evals")
    splits = split_rows(ADAPTER_DATA[0], seed, prompts)
    assert overlapping([row for rows in splits.values() for row in rows], prompts) == {}


def test_no_row_stands_in_two_splits() -> None:
    """Training, validation and test rows differ."""
    for data in ADAPTER_DATA:
        rows = [json.dumps(row["messages"]) for row in _rows(data.version)]
        assert len(rows) == len(set(rows)) == data.train + data.valid + data.test


@pytest.mark.parametrize("suite", ["tool_calling", "field_access"])
def test_known_cases_are_the_grammars(suite: str) -> None:
    """The committed known-phrasing cases are what the generator writes today."""
    import yaml

    path = ROOT / "evals" / suite / "known.yaml"
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert written == yaml.safe_load(yaml.safe_dump(known_cases(SEED)[suite]))


def test_data_is_small() -> None:
    """The committed data stays below 13 MB, which git compresses to a tenth."""
    assert sum(file.stat().st_size for file in (ROOT / "data").rglob("*.jsonl")) < 13_000_000
