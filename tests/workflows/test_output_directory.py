"""An output directory appears whole, for one run at a time, and nothing is lost on the way."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from punie_train.core.errors import UsageError
from punie_train.mlx.model_manifest import ModelManifest
from punie_train.workflows.output_directory import ADAPTER, OutputDirectory, OutputKind
from punie_train.workflows.output_directory import MODEL as A_MODEL

MODEL = json.dumps(
    {"kind": "fused", **{item.name: None for item in fields(ModelManifest) if item.name != "kind"}}
)


def put(directory: Path, name: str, text: str = "new") -> None:
    """Write a file into a directory that may not exist yet."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / name).write_text(text)


def names(directory: Path) -> set[str]:
    """Return what is in a directory."""
    return {path.name for path in directory.iterdir()}


def test_nothing_appears_before_it_is_published(tmp_path: Path) -> None:
    """Parents are made; afterwards only the directory is there."""
    output = OutputDirectory(tmp_path / "adapters/v1", force=False)
    put(output.work, "weights")
    assert not output.path.exists()
    assert output.publish() == tmp_path / "adapters/v1"
    assert names(tmp_path / "adapters") == {"v1"}
    assert names(output.path) == {"weights"}


def test_an_empty_directory_is_filled(tmp_path: Path) -> None:
    """It needs no --force."""
    (tmp_path / "v1").mkdir()
    output = OutputDirectory(tmp_path / "v1", force=False)
    put(output.work, "weights")
    assert names(output.publish()) == {"weights"}


def test_an_adapter_is_replaced_only_at_the_end(tmp_path: Path) -> None:
    """Until then the old one is whole."""
    put(tmp_path / "v1", "manifest.json", "old")
    output = OutputDirectory(tmp_path / "v1", force=True)
    put(output.work, "weights")
    assert names(tmp_path / "v1") == {"manifest.json"}
    output.publish()
    assert names(tmp_path / "v1") == {"weights"}
    assert names(tmp_path) == {"v1"}


def test_a_place_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """A file on the way to the directory is said in words."""
    put(tmp_path, "file")
    with pytest.raises(UsageError, match="cannot be made"):
        OutputDirectory(tmp_path / "file" / "v1", force=False)


def test_a_discarded_run_leaves_the_old_adapter(tmp_path: Path) -> None:
    """Nothing of the failed run stays."""
    put(tmp_path / "v1", "manifest.json", "old")
    output = OutputDirectory(tmp_path / "v1", force=True)
    put(output.work, "weights")
    output.discard()
    assert names(tmp_path) == {"v1"}
    assert names(tmp_path / "v1") == {"manifest.json"}


def test_discarding_after_publishing_does_nothing(tmp_path: Path) -> None:
    """An error after the end cannot take the result away."""
    output = OutputDirectory(tmp_path / "v1", force=False)
    put(output.work, "weights")
    output.publish()
    output.discard()
    assert names(tmp_path / "v1") == {"weights"}


@pytest.mark.parametrize(
    ("there", "expected"),
    [pytest.param(False, "v1", id="free"), pytest.param(True, "v1.incomplete", id="taken")],
)
def test_a_partial_result_never_replaces_an_adapter(
    tmp_path: Path, there: bool, expected: str
) -> None:
    """It goes beside an adapter that stands there."""
    if there:
        put(tmp_path / "v1", "manifest.json", "old")
    output = OutputDirectory(tmp_path / "v1", force=True)
    put(output.work, "weights")
    assert output.publish_partial() == tmp_path / expected
    assert names(tmp_path / expected) == {"weights"}


def test_leftovers_of_a_killed_run_are_removed(tmp_path: Path) -> None:
    """A later run does not mix with them."""
    put(tmp_path / ".v1.unfinished", "weights")
    put(tmp_path / ".v1.unfinished/data", "train.jsonl")
    output = OutputDirectory(tmp_path / "v1", force=False)
    assert names(output.work) == {"lock"}
    output.discard()


@pytest.mark.parametrize("force", [True, False])
def test_two_runs_into_one_directory_are_refused(tmp_path: Path, force: bool) -> None:
    """F58: --force does not help while the first one runs; afterwards the way is free."""
    first = OutputDirectory(tmp_path / "v1", force=False)
    with pytest.raises(UsageError, match=r"another run is writing.*F58"):
        OutputDirectory(tmp_path / "v1", force=force)
    first.discard()
    OutputDirectory(tmp_path / "v1", force=force).discard()


@pytest.mark.parametrize(
    ("name", "force", "message"),
    [
        pytest.param("manifest.json", False, "not empty", id="an adapter without force"),
        pytest.param("thesis.txt", False, "not empty", id="other files"),
        pytest.param("thesis.txt", True, "no adapter", id="other files with force"),
    ],
)
def test_a_directory_that_holds_something_is_refused(
    tmp_path: Path, name: str, force: bool, message: str
) -> None:
    """F58: and --force deletes adapters only."""
    put(tmp_path / "v1", name)
    with pytest.raises(UsageError, match=message):
        OutputDirectory(tmp_path / "v1", force=force)
    assert names(tmp_path) == {"v1"}


def test_a_file_is_no_output(tmp_path: Path) -> None:
    """The message says so."""
    (tmp_path / "v1").write_text("a")
    with pytest.raises(UsageError, match="is a file"):
        OutputDirectory(tmp_path / "v1", force=True)


@pytest.mark.parametrize(
    ("content", "kind", "message"),
    [
        pytest.param('{"kind": "fused"', A_MODEL, "no model made by", id="not JSON"),
        pytest.param('{"base_model": "starter"}', A_MODEL, "no model made by", id="an adapter"),
        pytest.param(MODEL, ADAPTER, "no adapter", id="a model"),
    ],
)
def test_force_replaces_like_by_like_only(
    tmp_path: Path, content: str, kind: OutputKind, message: str
) -> None:
    """F58: an adapter never takes the place of a model, nor a model that of an adapter."""
    put(tmp_path / "v1", "manifest.json", content)
    with pytest.raises(UsageError, match=message):
        OutputDirectory(tmp_path / "v1", force=True, kind=kind)
    assert names(tmp_path) == {"v1"}


def test_force_replaces_a_model_by_a_model(tmp_path: Path) -> None:
    """And without force it stays."""
    put(tmp_path / "v1", "manifest.json", MODEL)
    with pytest.raises(UsageError, match="not empty"):
        OutputDirectory(tmp_path / "v1", force=False, kind=A_MODEL)
    output = OutputDirectory(tmp_path / "v1", force=True, kind=A_MODEL)
    put(output.work, "weights")
    output.publish()
    assert names(tmp_path / "v1") == {"weights"}
