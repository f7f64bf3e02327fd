"""What the hub says of a dataset: revision, licence, and what its card tells of its authors."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from punie_train.hub.hub_errors import (
    HubError,
    asked_wait,
    is_transient,
    not_found,
    switched_off,
    unreachable,
)

COPY = "refs/convert/parquet"
"""The branch on which the hub keeps a copy of a dataset as `PART/SPLIT/*.parquet`."""
TRIES = 6
LONGEST_WAIT = 60.0
"""Seconds between two tries at most; a hub that asks for more is believed up to this."""
REPOSITORY = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class HubDataset:
    """A dataset on the hub at one revision; `card` is the text of its README.

    `converted` says that it is made by a script, which nothing runs any more, and that the revision
    is the one of the Parquet copy which the hub keeps of it.
    """

    repository: str
    revision: str
    licence: str | None
    card: str
    converted: bool = False


def endpoint() -> str:
    """Return the address of the hub, from HF_ENDPOINT when the library was loaded."""
    from datasets import config

    return config.HF_ENDPOINT


def look_up(repository: str, revision: str | None = None) -> HubDataset:
    """Ask the hub for a dataset; raises HubError in one message.

    Answers that say "later" (429, 503 ...) are waited for; a hub that cannot be reached is not.
    """
    from huggingface_hub import HfApi, constants
    from huggingface_hub.errors import (
        GatedRepoError,
        HFValidationError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    if not REPOSITORY.fullmatch(repository):
        raise HubError(
            f"{repository[:100]!r} is no id of a dataset on the hub",
            "there is nothing to look up",
            "Give owner/name, a known source or, to audit data on disk, a path that exists.",
        )
    if constants.HF_HUB_OFFLINE:
        raise switched_off()
    api = HfApi(endpoint=endpoint())
    for wait in waits():
        try:
            info = api.dataset_info(repository, revision=revision, timeout=30)
            found = _dataset(repository, info, _card(api, repository, str(info.sha)))
            return _converted(api, found, info) if revision is None else found
        except GatedRepoError:
            raise HubError(
                f"The dataset {repository} is gated",
                "its owner gives it to those who agreed to its terms",
                "Agree on its page, and set HF_TOKEN",
            ) from None
        except RevisionNotFoundError:
            raise HubError(
                f"{repository} has no revision {str(revision)[:60]}",
                "there is nothing to download",
                "Leave --revision out for the newest",
            ) from None
        except (RepositoryNotFoundError, HFValidationError):
            raise not_found(repository) from None
        except OfflineModeIsEnabled:
            raise switched_off() from None
        except Exception as error:
            if wait is None or not is_transient(error) or _cannot_connect(error):
                raise unreachable(endpoint(), error) from error
            time.sleep(min(asked_wait(error) or wait, LONGEST_WAIT))
    raise AssertionError("the last wait is None")


def waits() -> Iterator[float | None]:
    """Yield the seconds to wait after each failed try, growing; None after the last."""
    yield from (min(2.0**number, LONGEST_WAIT) for number in range(TRIES - 1))
    yield None


def _cannot_connect(error: BaseException) -> bool:
    return type(error).__name__ in ("ConnectError", "ConnectTimeout", "ConnectionError")


def _dataset(repository: str, info: Any, card: str) -> HubDataset:
    licence = getattr(info.card_data, "license", None) if info.card_data else None
    if isinstance(licence, list):
        licence = licence[0] if len(licence) == 1 else None
    if licence is None:
        tags = [tag for tag in info.tags or () if tag.startswith("license:")]
        licence = tags[0].removeprefix("license:") if len(tags) == 1 else None
    return HubDataset(
        repository=repository,
        revision=str(info.sha),
        licence=licence if isinstance(licence, str) else None,
        card=card,
    )


def _converted(api: Any, found: HubDataset, info: Any) -> HubDataset:
    """Return the Parquet copy of a dataset that is made by a script, where there is one."""
    from huggingface_hub.errors import RevisionNotFoundError

    script = f"{found.repository.rpartition('/')[2]}.py"
    if script not in {file.rfilename for file in info.siblings or ()}:
        return found
    try:
        copy = api.dataset_info(found.repository, revision=COPY, timeout=30)
    except RevisionNotFoundError:
        return found
    return replace(found, revision=str(copy.sha), converted=True)


def _card(api: Any, repository: str, revision: str) -> str:
    from huggingface_hub.errors import RemoteEntryNotFoundError

    try:
        path = api.hf_hub_download(repository, "README.md", repo_type="dataset", revision=revision)
    except RemoteEntryNotFoundError:
        return ""
    return Path(path).read_text(encoding="utf-8", errors="replace")
