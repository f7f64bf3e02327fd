"""Which group of rows goes to which split."""

import random
from collections.abc import Mapping

from punie_train.core.errors import UsageError


def check_shares(valid: float, test: float) -> None:
    """Raise UsageError where shares of validation and test rows leave no rows for training."""
    if 0 <= valid < 1 and 0 <= test < 1 and valid + test < 1:
        return
    raise UsageError(
        f"--valid {valid:g} and --test {test:g} leave no rows to train on"
        if valid >= 0 and test >= 0
        else f"--valid {valid:g} or --test {test:g} is no share from 0 to 1",
        "the dataset cannot be split so",
        "Give shares from 0 to 1 that are together below 1, such as 0.1 and 0.1.",
    )


def assigned(
    groups: Mapping[bytes, int], *, valid: float, test: float, seed: int
) -> dict[bytes, str]:
    """Return the split of each group, given the number of rows of each.

    Groups come in an order drawn by the seed; each goes to the test split if it fits in what is
    missing there, else to the validation split if it fits there, else to training, which always
    gets one. A split that would stay empty gets the smallest group that is left, as long as one is
    left for training.
    """
    whole = sum(groups.values())
    missing = {"test": round(whole * test), "valid": round(whole * valid)}
    for name, share in (("test", test), ("valid", valid)):
        missing[name] = max(missing[name], int(share > 0))
    order = sorted(groups)
    random.Random(f"{seed}").shuffle(order)
    found: dict[bytes, str] = {}
    for group in order:
        found[group] = next(
            (name for name, rows in missing.items() if groups[group] <= rows), "train"
        )
        if found[group] != "train":
            missing[found[group]] -= groups[group]
    if found and "train" not in found.values():
        found[max(found, key=lambda group: (groups[group], found[group] == "valid"))] = "train"
    _fill_empty(found, groups, wanted={"test": test > 0, "valid": valid > 0})
    return found


def _fill_empty(
    found: dict[bytes, str], groups: Mapping[bytes, int], *, wanted: Mapping[str, bool]
) -> None:
    for name, is_wanted in wanted.items():
        training = [group for group, split in found.items() if split == "train"]
        if is_wanted and name not in found.values() and len(training) > 1:
            found[min(training, key=lambda group: groups[group])] = name
