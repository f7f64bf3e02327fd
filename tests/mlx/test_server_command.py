"""Configuration to command line: every field counts, and mlx-lm knows every flag."""

import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from punie_train.mlx.server_command import numeric_options, server_command
from punie_train.mlx.server_config import ServerConfig

PLAIN = ServerConfig(model="m")
CHANGES: dict[str, Any] = {
    "model": "other",
    "adapter": Path("a"),
    "host": "example.org",
    "allowed_origins": ("http://a", "http://b"),
    "draft_model": "d",
    "num_draft_tokens": 2,
    "trust_remote_code": True,
    "log_level": "DEBUG",
    "chat_template": "t",
    "use_default_chat_template": True,
    "chat_template_args": {"enable_thinking": False},
    "temp": 0.0,
    "top_p": 0.5,
    "top_k": 3,
    "min_p": 0.1,
    "max_tokens": 9,
    "decode_concurrency": 4,
    "prompt_concurrency": 5,
    "prefill_step_size": 64,
    "prompt_cache_size": 6,
    "prompt_cache_bytes": 1000,
    "kv_bits": 4,
    "kv_group_size": 32,
    "quantized_kv_start": 7,
}
PLACE = {"model", "adapter", "host", "allowed_origins", "log_level"}


def test_plain_command() -> None:
    """A plain configuration names model, host and port and leaves the rest to mlx-lm."""
    assert server_command(PLAIN, 1234) == (
        *("punie_train.mlx.server_child", "--model", "m"),
        *("--host", "127.0.0.1", "--port", "1234"),
    )


def test_every_field_is_covered() -> None:
    """No field of the configuration is without a case below; the port is an argument."""
    assert {item.name for item in fields(ServerConfig)} == {*CHANGES, "port"}
    assert server_command(PLAIN, 1) != server_command(PLAIN, 2)


@pytest.mark.parametrize("name", CHANGES)
def test_every_field_changes_the_command(name: str) -> None:
    """A field that is set reaches the server; those that move numbers also move the key."""
    changed = replace(PLAIN, **{name: CHANGES[name]})
    assert server_command(changed, 1) != server_command(PLAIN, 1)
    assert (numeric_options(changed) != numeric_options(PLAIN)) is (name not in PLACE)


def test_values_as_mlx_lm_reads_them() -> None:
    """Switches stand alone, origins are joined, template arguments are JSON."""
    command = server_command(replace(PLAIN, **CHANGES), 1)
    assert "True" not in command
    assert command[command.index("--adapter-path") + 1] == "a"
    assert command[command.index("--allowed-origins") + 1] == "http://a,http://b"
    assert command[command.index("--chat-template-args") + 1] == '{"enable_thinking": false}'


def test_mlx_lm_knows_every_flag() -> None:
    """Each flag is in the help of the installed mlx-lm."""
    argv = [sys.executable, "-m", "mlx_lm", "server", "--help"]
    text = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=120).stdout
    flags = {word for word in server_command(replace(PLAIN, **CHANGES), 1) if word[:2] == "--"}
    assert len(flags) == len(CHANGES) + 1
    assert [flag for flag in flags if f"{flag} " not in text and f"{flag}\n" not in text] == []


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8"),
        ("0.0.0.0", "http://127.0.0.1:8"),  # noqa: S104
        ("::", "http://[::1]:8"),
        ("example.org", "http://example.org:8"),
    ],
    ids=["loopback", "all", "all of IPv6", "a name"],
)
def test_url(host: str, url: str) -> None:
    """The URL is one that a client of this machine can connect to."""
    assert replace(PLAIN, host=host).base_url(8) == url


def test_bare_model() -> None:
    """The bare model's server has neither the adapter nor the port of the other one."""
    bare = replace(PLAIN, adapter=Path("a"), port=1, top_p=0.5).without_adapter()
    assert bare == replace(PLAIN, top_p=0.5)
