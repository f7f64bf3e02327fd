"""From a server's configuration to the command line of mlx-lm."""

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from punie_train.mlx.server_config import ServerConfig

FLAGS = {"adapter": "--adapter-path"}


def server_command(config: ServerConfig, port: int) -> tuple[str, ...]:
    """Return the module and the arguments that serve `config` on `port`."""
    return ("punie_train.mlx.server_child", *_options(config, port))


def numeric_options(config: ServerConfig) -> tuple[str, ...]:
    """Return the options that may change a reply's log-probabilities: all but place and adapter."""
    neutral = {"model", "adapter", "host", "port", "log_level", "allowed_origins"}
    return tuple(
        argument
        for item in fields(config)
        if item.name not in neutral
        for argument in _arguments(item.name, getattr(config, item.name))
    )


def _options(config: ServerConfig, port: int) -> Iterator[str]:
    for item in fields(config):
        value = port if item.name == "port" else getattr(config, item.name)
        yield from _arguments(item.name, value)


def _arguments(name: str, value: Any) -> tuple[str, ...]:
    flag = FLAGS.get(name, "--" + name.replace("_", "-"))
    match value:
        case None | False:
            return ()
        case True:
            return (flag,)
        case tuple():
            return (flag, ",".join(value)) if value else ()
        case str() | int() | float():
            return (flag, str(value))
        case _ if name == "chat_template_args":
            return (flag, json.dumps(dict(value), sort_keys=True)) if value else ()
        case _:
            return (flag, str(value))
