"""How a model is served."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerConfig:
    """The options of mlx-lm's server; None leaves its own default.

    Without `port` a free one is taken. Sampling fields are the server's defaults for requests that
    do not say otherwise. Sizes of `prompt_cache_bytes` are in bytes.
    """

    model: Path | str
    adapter: Path | None = None
    host: str = "127.0.0.1"
    port: int | None = None
    allowed_origins: tuple[str, ...] = ()
    draft_model: Path | str | None = None
    num_draft_tokens: int | None = None
    trust_remote_code: bool = False
    log_level: LogLevel | None = None
    chat_template: str | None = None
    use_default_chat_template: bool = False
    chat_template_args: Mapping[str, Any] = field(default_factory=dict)
    temp: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    max_tokens: int | None = None
    decode_concurrency: int | None = None
    prompt_concurrency: int | None = None
    prefill_step_size: int | None = None
    prompt_cache_size: int | None = None
    prompt_cache_bytes: int | None = None
    kv_bits: int | None = None
    kv_group_size: int | None = None
    quantized_kv_start: int | None = None

    @property
    def connect_host(self) -> str:
        """Return the host that a client of this machine connects to."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(self.host, self.host)  # noqa: S104

    def base_url(self, port: int) -> str:
        """Return the URL of the server on `port`, without a path."""
        host = self.connect_host
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def without_adapter(self) -> "ServerConfig":
        """Return the same server for the bare model, on a port of its own."""
        return replace(self, adapter=None, port=None)
