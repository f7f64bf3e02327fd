"""A case file is known wherever its suite is named, and other YAML is left alone."""

from pathlib import Path

import pytest

from punie_train.evals.case_discovery import case_files, is_case_file
from punie_train.evals.case_files import load_suite
from punie_train.evals.yaml_values import CaseFileError

CASES = "cases:\n- {id: a, prompt: Read a.py}\n"


@pytest.mark.parametrize(
    ("text", "known"),
    [
        pytest.param("suite: mine\n" + CASES, True, id="first"),
        pytest.param(CASES * 200 + "suite: mine\n", True, id="behind the cases"),
        pytest.param(f"# {'x' * 5000}\nsuite: mine\n", True, id="behind a long comment"),
        pytest.param("\ufeffsuite: mine\n" + CASES, True, id="behind a byte order mark"),
        pytest.param('"suite": mine\n' + CASES, True, id="in quotes"),
        pytest.param('{"suite": "mine", "cases": []}', True, id="JSON"),
        pytest.param(CASES, True, id="forgotten"),
        pytest.param("cases:\n- {name: a}\n", False, id="cases of something else"),
        pytest.param("tests:\n  suite: mine\n", False, id="further in"),
        pytest.param("on: push\njobs: {}\n", False, id="anything"),
    ],
)
def test_what_is_a_case_file(tmp_path: Path, text: str, known: bool) -> None:
    """By its keys, not by where they stand."""
    (tmp_path / "a.yaml").write_text(text)
    (tmp_path / "a.txt").write_text(text)
    assert is_case_file(tmp_path / "a.yaml") is known
    assert list(case_files([tmp_path])) == ([tmp_path / "a.yaml"] if known else [])


def test_what_cannot_be_read_is_told_by_reading_it(tmp_path: Path) -> None:
    """A link that leads nowhere, and another encoding, are not passed over."""
    (tmp_path / "link.yaml").symlink_to(tmp_path / "nothing.yaml")
    (tmp_path / "wide.yaml").write_bytes(("suite: mine\n" + CASES).encode("utf-16"))
    (tmp_path / "other.yaml").write_bytes("on: push\n".encode("utf-16"))
    found = list(case_files([tmp_path]))
    assert [path.name for path in found] == ["link.yaml", "wide.yaml"]
    for path in found:
        with pytest.raises(CaseFileError, match=rf"{path.name}:1: (?:cannot be read|is not UTF-8)"):
            load_suite(path)
