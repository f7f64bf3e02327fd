"""Read which scorers decide a case."""

from punie_train.evals.case import Expectation
from punie_train.evals.chosen_scorers import SCORERS, applies, need_of
from punie_train.evals.yaml_values import YamlValue, suggestion


def read_scorers(value: YamlValue | None, expect: Expectation, *, own: bool) -> tuple[str, ...]:
    """Return the scorers of a case; those of the file that do not apply to it are left out.

    Raises `CaseFileError` for an unknown one, one that stands twice, a case's `own` one that has
    nothing to look at, and where none is left.
    """
    if value is None:
        return ()
    names = value.texts()
    for index, name in enumerate(names):
        if name not in SCORERS:
            raise value.error(f"unknown scorer {name!r}", suggestion(name, SCORERS))
        if name in names[:index]:
            raise value.error(f"the scorer {name!r} stands twice", "Remove one.")
        if own and not applies(name, expect):
            need = need_of(name)
            raise value.error(
                f"the scorer {name!r} has nothing to look at",
                f"Add {need!r} to 'expect', or remove the scorer.",
            )
    chosen = tuple(name for name in names if applies(name, expect))
    if not chosen:
        raise value.error(
            "none of the scorers has anything to look at",
            "Choose one that fits what the case expects (docs/cases.md).",
        )
    return chosen
