"""The reply cache gives back what was kept to the letter, and its faults stop nobody."""

import math
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from punie_train.core.attestations import Applied, Attestation
from punie_train.core.completions import Exchange
from punie_train.core.messages import ToolCall
from punie_train.workflows.reply_store import ReplyStore

MakeExchange = Callable[..., Exchange]
LIVE = Attestation(applied=Applied.YES, reason="the canary moved", shift=0.5, noise=0.0)
NAMES = {"k1": "demo::one", "k2": "demo::two"}

WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {here!r})
from conftest import exchange
from punie_train.core.attestations import Applied, Attestation
from punie_train.workflows.reply_store import ReplyStore
run, directory = sys.argv[1:]
live = Attestation(applied=Applied.YES, reason="live")
store = ReplyStore(Path(directory))
for number in range(40):
    shared = {{f"both-{{number}}": exchange("both")}}
    own = {{f"{{run}}-{{number}}-{{each}}": exchange(run) for each in range(5)}}
    store.keep("identity", run, live, shared | own)
print(store.problems)
"""


@pytest.fixture
def store(tmp_path: Path) -> ReplyStore:
    """Return an empty cache."""
    return ReplyStore(tmp_path / "replies")


@pytest.fixture
def filled(store: ReplyStore, make_exchange: MakeExchange) -> ReplyStore:
    """Return a cache with two replies."""
    store.keep("who", "run-1", LIVE, {"k1": make_exchange("one"), "k2": make_exchange("two")})
    assert store.problems == []
    return store


def spoil(store: ReplyStore, statement: str, *values: object) -> None:
    """Change the file behind the cache's back."""
    with closing(sqlite3.connect(store.path)) as base, base:
        base.execute(statement, values)


def test_replies_come_back_to_the_letter(store: ReplyStore, make_exchange: MakeExchange) -> None:
    """Texts that are hard to write, several turns, and the run's attestation survive."""
    hard = make_exchange("\ud800 \x00 \u2028", content="x", recovered=False, finish_reason="length")
    kept = Exchange(turns=(*hard.turns, *make_exchange("second").turns))
    store.keep("who", "run-1", LIVE, {"k1": kept})
    (found,) = store.find(NAMES).values()
    assert (found.exchange, found.run, found.attestation) == (kept, "run-1", LIVE)
    assert store.problems == []


def test_token_ids_are_not_kept(store: ReplyStore, make_exchange: MakeExchange) -> None:
    """Nobody scores them, and they are the largest part."""
    store.keep("who", "run-1", LIVE, {"k1": make_exchange(token_ids=(1,), logprobs=(-0.5,))})
    assert store.find(NAMES)["k1"].exchange == make_exchange()


def test_nothing_is_made_where_nothing_is_kept(store: ReplyStore) -> None:
    """Looking into a cache that is not there finds nothing and leaves nothing."""
    assert store.find(NAMES) == {}
    assert not store.path.parent.exists()


def test_more_keys_than_one_question_holds(store: ReplyStore, make_exchange: MakeExchange) -> None:
    """A suite of thousands of cases is found in full."""
    keys = {f"k{number}": f"demo::{number}" for number in range(1201)}
    store.keep("who", "run-1", LIVE, dict.fromkeys(keys, make_exchange()))
    assert len(store.find({**keys, "absent": "demo::absent"})) == 1201


def test_adapter_that_was_not_live_is_not_kept(
    store: ReplyStore, make_exchange: MakeExchange
) -> None:
    """Its replies are those of some other model."""
    dead = replace(LIVE, applied=Applied.NO)
    store.keep("who", "run-1", dead, {"k1": make_exchange()})
    assert store.find(NAMES) == {}


def test_what_json_cannot_hold_is_not_kept(store: ReplyStore, make_exchange: MakeExchange) -> None:
    """A reply that would come back changed is left out; the one beside it is kept."""
    odd = make_exchange(delivered=(ToolCall(name="x", arguments={"n": math.nan}),))
    store.keep("who", "run-1", LIVE, {"k1": odd, "k2": make_exchange()})
    assert store.find(NAMES).keys() == {"k2"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE replies SET value = replace(value, 'one', 'two') WHERE key = 'k1'",
        "UPDATE replies SET value = '{' WHERE key = 'k1'",
        "UPDATE replies SET value = NULL WHERE key = 'k1'",
        "UPDATE replies SET value = CAST(x'ff' AS TEXT) WHERE key = 'k1'",
        "UPDATE replies SET run = 'run-2' WHERE key = 'k1'",
        "UPDATE replies SET value = (SELECT value FROM replies WHERE key = 'k2') WHERE key = 'k1'",
    ],
    ids=["another-word", "no-json", "null", "no-text", "another-run", "another-reply"],
)
def test_corrupt_entry_is_named_and_asked_again(
    filled: ReplyStore, make_exchange: MakeExchange, statement: str
) -> None:
    """The entry beside it is still good, and the next run mends the file."""
    spoil(filled, statement)
    assert filled.find(NAMES).keys() == {"k2"}
    (problem,) = filled.problems
    assert "a corrupt entry (demo::one)" in problem
    filled.keep("who", "run-3", LIVE, {"k1": make_exchange("one")})
    mended = ReplyStore(filled.path.parent)
    assert mended.find(NAMES).keys() == {"k1", "k2"}
    assert mended.problems == []


def test_without_its_attestation_a_reply_is_worth_nothing(filled: ReplyStore) -> None:
    """Nobody knows whether the adapter was live; one line counts the entries."""
    spoil(filled, "UPDATE attestations SET value = replace(value, 'moved', 'stood')")
    assert filled.find(NAMES) == {}
    (problem,) = filled.problems
    assert "2 corrupt entries" in problem


@pytest.mark.parametrize("damage", ["garbage", "middle", "schema"])
def test_corrupt_file_is_named_once_and_the_run_goes_on(
    filled: ReplyStore, make_exchange: MakeExchange, damage: str
) -> None:
    """Neither reading nor writing raises, and the remedy is told in one line."""
    if damage == "schema":
        spoil(filled, "PRAGMA user_version = 7")
    else:
        content = filled.path.read_bytes()
        kept = content[:100] if damage == "middle" else b""
        filled.path.write_bytes(kept + os.urandom(len(content) - len(kept)))
    fresh = ReplyStore(filled.path.parent)
    assert fresh.find(NAMES) == {}
    fresh.keep("who", "run-2", LIVE, {"k1": make_exchange()})
    (problem,) = fresh.problems
    assert str(fresh.path) in problem
    assert "Remove the file" in problem
    assert ("schema is 7" in problem) is (damage == "schema")


def test_directory_that_cannot_be_made(tmp_path: Path, make_exchange: MakeExchange) -> None:
    """It costs the cache, not the run."""
    (tmp_path / "file").touch()
    store = ReplyStore(tmp_path / "file" / "below")
    assert store.find(NAMES) == {}
    store.keep("who", "run-1", LIVE, {"k1": make_exchange()})
    assert "cannot be written" in store.problems[0]


def test_two_runs_write_at_once(store: ReplyStore) -> None:
    """Nothing is lost and nobody fails, from the creation of the file on."""
    script = WRITER.format(here=str(Path(__file__).parent))
    command = [sys.executable, "-c", script]
    writers = [
        subprocess.Popen([*command, run, str(store.path.parent)], stdout=subprocess.PIPE, text=True)
        for run in ("run-a", "run-b")
    ]
    assert [writer.communicate(timeout=60)[0].strip() for writer in writers] == ["[]", "[]"]
    keys = {
        f"{run}-{n}-{each}" for run in ("run-a", "run-b") for n in range(40) for each in range(5)
    }
    keys |= {f"both-{n}" for n in range(40)}
    found = store.find({key: key for key in keys})
    assert found.keys() == keys
    assert {each.run for each in found.values()} == {"run-a", "run-b"}
    assert store.problems == []
