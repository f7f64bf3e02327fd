"""A runner that starts a server, says so, and waits to be killed."""

import asyncio
import sys
from pathlib import Path

from punie_train.mlx.server import ManagedServer
from punie_train.mlx.server_config import ServerConfig


async def run(model: Path, directory: Path) -> None:
    """Start a server and keep it until the end."""
    config = ServerConfig(model=model)
    async with ManagedServer(config, log_path=directory / "server.log") as server:
        (directory / "pid").write_text(str(server.pid))
        await asyncio.sleep(600)


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1]), Path(sys.argv[2])))
