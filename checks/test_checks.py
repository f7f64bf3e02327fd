"""Every check of every artifact that options and settings name: `pytest checks -m pre_training`."""

from punie_train.pytest_plugin.check_items import CheckCall


def test_check(check: CheckCall) -> None:
    """The artifact is sane."""
    check()
