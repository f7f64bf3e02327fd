"""The rows of a dataset on the hub, streamed, every row once whatever the connection does."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from punie_train.dataset.sources import Source
from punie_train.hub.hub_errors import (
    HubError,
    asked_wait,
    broken_off,
    is_transient,
    unreadable,
)
from punie_train.hub.lookup import LONGEST_WAIT, waits

OnWait = Callable[[float], None]


def stream_rows(
    source: Source, revision: str, *, skip: int = 0, on_wait: OnWait | None = None
) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a source at one revision, in its order, without the first `skip`.

    A connection that breaks is opened again behind the last row that came; after several failures
    without a row between them, HubError is raised. `on_wait` is told the seconds of a pause.
    """
    seen, pauses = skip, waits()
    while True:
        try:
            for row in _opened(source, revision, seen):
                yield row
                seen, pauses = seen + 1, waits()
            return
        except HubError:
            raise
        except Exception as error:
            if not is_transient(error):
                raise unreadable(str(source.repository), seen, error) from error
            if (wait := next(pauses)) is None:
                raise broken_off(str(source.repository), seen, error) from error
            pause = min(asked_wait(error) or wait, LONGEST_WAIT)
        if on_wait:
            on_wait(pause)
        time.sleep(pause)


def _opened(source: Source, revision: str, skip: int) -> Any:
    """Return the stream of a split; raises HubError for what is not there."""
    datasets = _quiet_library()
    where: dict[str, Any] = {"path": f"hf://datasets/{source.repository}", "revision": revision}
    if source.files:
        base = f"hf://datasets/{source.repository}@{revision}"
        files = [f"{base}/{name}" for name in source.files]
        where = {"path": source.builder, "data_files": {source.split: files}}
    elif source.config:
        where["name"] = source.config
    try:
        splits = datasets.load_dataset(**where, streaming=True)
    except (ValueError, RuntimeError, FileNotFoundError) as error:
        if is_transient(error):
            raise
        raise _not_loaded(source, error) from error
    if source.split not in splits:
        raise HubError(
            f"{source.repository} has no split {source.split!r}",
            "there are no rows to take",
            f"Give --split {', '.join(map(str, splits))[:200]}",
        )
    return splits[source.split].skip(skip)


def _not_loaded(source: Source, error: Exception) -> HubError:
    text = str(error)
    if "scripts are no longer supported" in text:
        return HubError(
            f"{source.repository} is made by a script",
            "`datasets` runs no code of a dataset any more",
            "Use a copy of it with data files: the hub keeps none",
        )
    if isinstance(error, ValueError) and "config" in text.lower():
        named = text.partition("[")[2].partition("]")[0][:300]
        return HubError(
            f"{source.repository} has several parts"
            if "missing" in text
            else f"{source.repository} has no part {source.config!r}",
            "it is not clear which rows to take",
            f"Give --config with one of: {named}",
        )
    return HubError(
        f"{source.repository} has no data that `datasets` can load ({type(error).__name__})",
        "there are no rows to take",
        "Look at its files on the hub; JSONL, Parquet, CSV and text can be loaded",
    )


def _quiet_library() -> Any:
    """Import `datasets`, whose own bars and warnings would cross ours."""
    import datasets
    import huggingface_hub

    datasets.utils.logging.set_verbosity(datasets.utils.logging.CRITICAL)
    datasets.disable_progress_bars()
    huggingface_hub.utils.logging.set_verbosity(huggingface_hub.utils.logging.CRITICAL)
    return datasets
