"""What `serve` serves: options win over the settings, and everything is checked first."""

import json
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import pytest

from punie_train import starter
from punie_train.core.errors import ArtifactError, UsageError
from punie_train.core.settings import Settings
from punie_train.mlx.adapter_manifest import AdapterManifest, write_manifest
from punie_train.mlx.fingerprints import fingerprint
from punie_train.workflows.serve import ServePlan, plan_serve

HERMES = '<tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>'


@pytest.fixture(autouse=True)
def own_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the digest cache of a test to the test."""
    monkeypatch.setenv("PUNIE_TRAIN_CACHE_DIR", str(tmp_path / "cache"))


def plan(settings: Settings, **options: str | int | None) -> ServePlan:
    """Return the plan with these options and no others."""
    nothing = dict.fromkeys(("model", "adapter", "host", "port"))
    return plan_serve(**{**nothing, **options}, settings=settings)  # ty: ignore[invalid-argument-type]


def test_bare_starter_on_port_8080(tmp_path: Path) -> None:
    """Without anything said."""
    made = plan(Settings(root=tmp_path))
    assert (made.candidate.name, made.candidate.model) == ("base", starter.model_path())
    assert (made.host, made.port, made.url(made.port)) == (
        "127.0.0.1", 8080, "http://127.0.0.1:8080",
    )  # fmt: skip
    assert list(made.origins) == ["*"]


def test_settings_name_the_adapter_and_the_place(
    tmp_path: Path, starter_adapter: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Place and weights are the door's; what is left reaches mlx-lm's server."""
    starter_adapter(tmp_path / "mine")
    server = {"port": 9, "host": "0.0.0.0", "max_tokens": 99, "allowed_origins": ("http://a",)}  # noqa: S104
    settings = Settings(root=tmp_path, adapter="mine", server=MappingProxyType(server))
    made = plan(settings)
    assert made.candidate.adapter == tmp_path / "mine"
    assert (made.host, made.port) == ("0.0.0.0", 9)  # noqa: S104
    assert made.url(9) == "http://127.0.0.1:9"
    assert made.options == {"max_tokens": 99, "allowed_origins": ("http://a",)}
    assert list(made.origins) == ["http://a"]
    won = plan(settings, adapter="base", host="localhost", port=0)
    assert (won.candidate.adapter, won.host, won.port) == (None, "localhost", 0)


def test_missing_adapter_and_unknown_setting_are_refused(tmp_path: Path) -> None:
    """Before anything is started."""
    with pytest.raises(ArtifactError, match="does not exist"):
        plan(Settings(root=tmp_path), adapter=str(tmp_path / "none"))
    with pytest.raises(UsageError, match="Did you mean 'max_tokens'"):
        plan(Settings(root=tmp_path, server=MappingProxyType({"max_token": 1})))


def test_adapter_taught_another_format_is_refused(
    tmp_path: Path, starter_adapter: Callable[..., Path]
) -> None:
    """Its data says so; the same adapter with data that fits, or without, is served (F67)."""
    adapter = starter_adapter(tmp_path / "mine")
    manifest = AdapterManifest(
        base_model="starter", base_fingerprint=fingerprint(starter.model_path()),
        template_hash="", data="data", data_hash="", parameters={}, seed=0, versions={},
        complete=True,
    )  # fmt: skip
    write_manifest(adapter, manifest)
    settings = Settings(root=tmp_path)
    assert plan(settings, adapter=str(adapter)).candidate.name == "mine"
    (tmp_path / "data").mkdir()
    tools = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]
    for answer in (HERMES, "<tool_call>\n<function=f>\n</function>\n</tool_call>"):
        talk = [{"role": "user", "content": "Q"}, {"role": "assistant", "content": answer}]
        row = json.dumps({"messages": talk, "tools": tools})
        (tmp_path / "data" / "train.jsonl").write_text(row + "\n")
        if answer is HERMES:
            with pytest.raises(ArtifactError, match=r"hermes-json calls.*F67"):
                plan(settings, adapter=str(adapter))
        else:
            assert plan(settings, adapter=str(adapter)).questions[0].given[0].content == "Q"
