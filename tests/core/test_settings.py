"""The settings table is read whole, or refused in words."""

from pathlib import Path

import pytest

from punie_train.core.errors import UsageError
from punie_train.core.settings import find_settings, read_settings


def written(root: Path, text: str) -> Path:
    """Write a pyproject.toml and return its directory."""
    (root / "pyproject.toml").write_text(text)
    return root


def test_no_table_is_inactive(tmp_path: Path) -> None:
    """Without a file or a table the project does not use us."""
    assert not read_settings(tmp_path).active
    assert not read_settings(written(tmp_path, "[project]\nname = 'x'\n")).active


def test_all_keys(tmp_path: Path) -> None:
    """Every key reaches its field."""
    settings = read_settings(
        written(
            tmp_path,
            "[tool.punie-train]\nmodel = 'm'\nadapter = 'a'\ndata = 'd'\nrelease-policy = true\n"
            "max-unavailable = 0.1\nfail-under = {overall = 0.9, general = 1}\n"
            "[tool.punie-train.server]\nkv_bits = 8\n",
        )
    )
    assert settings.active
    assert (settings.model, settings.adapter, settings.data) == ("m", "a", "d")
    assert settings.release_policy
    assert settings.max_unavailable == 0.1
    assert settings.fail_under == {"overall": 0.9, "general": 1}
    assert settings.server == {"kv_bits": 8}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("adaptor = 'x'", "Did you mean 'adapter'?"),
        ("colour = 'x'", "Known keys: model"),
        ("model = 3", "wrong type"),
        ("max-unavailable = true", "wrong type"),
        ("fail-under = {overall = 95}", "no score from 0.0 to 1.0"),
        ("fail-under = {overall = true}", "no score from 0.0 to 1.0"),
        ("= 1", "not valid TOML"),
    ],
)
def test_refused(tmp_path: Path, text: str, words: str) -> None:
    """A wrong key, type or value is said with its place."""
    with pytest.raises(UsageError, match=r"pyproject\.toml") as caught:
        read_settings(written(tmp_path, f"[tool.punie-train]\n{text}\n"))
    assert words in str(caught.value)


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    """Its keys would belong below it."""
    with pytest.raises(UsageError, match=r"'punie-train' of \[tool\] is 3"):
        read_settings(written(tmp_path, "[tool]\npunie-train = 3\n"))


def test_found_above(tmp_path: Path) -> None:
    """The nearest table at or above a directory counts."""
    (tmp_path / "deep" / "er").mkdir(parents=True)
    written(tmp_path, "[tool.punie-train]\nmodel = 'm'\n")
    assert find_settings(tmp_path / "deep" / "er").model == "m"


def test_broken_file_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    """A file that does not even name us, such as a template, holds no settings."""
    assert not read_settings(written(tmp_path, "{{ cookiecutter.name }}\n")).active


def test_paths_are_relative_to_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A directory is found from below; a repository's name and the default stay what they are."""
    settings = read_settings(written(tmp_path, "[tool.punie-train]\n"))
    (tmp_path / "models" / "mine").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "models")
    assert settings.located("models/mine", "starter") == str(tmp_path / "models" / "mine")
    assert settings.located("org/name", "starter") == "org/name"
    assert settings.located(None, "starter") == "starter"
    monkeypatch.chdir(tmp_path)
    assert settings.located("models/mine", "starter") == "models/mine"
