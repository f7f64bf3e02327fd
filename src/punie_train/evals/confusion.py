"""Which tool was called where which was wanted: a confusion matrix over single calls.

Scikit-learn's convention: rows are what is right, columns what came. A call that is right meets a
call of the same tool first; what is left over meets in the order in which it stands.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from punie_train.evals.case import Expectation
from punie_train.evals.result import CaseResult

NONE = "none"
"""No call: as a row, nothing was to be called; as a column, nothing was."""

MALFORMED = "malformed"
"""A column only: something was meant as a call and cannot be read."""

EXECUTE_CODE = "execute_code"

Confusion = Mapping[str, Mapping[str, int]]
"""Counts by the tool that is right, then by the tool that was called."""


def expected_tools(expect: Expectation) -> tuple[str, ...] | None:
    """Return the tools of the right calls, `()` where none is right, None where nothing is said."""
    names = [call.name for call in expect.calls]
    if expect.code:
        names.append(EXECUTE_CODE)
    return tuple(names) if names or expect.no_call else None


def confusion(results: Iterable[CaseResult]) -> dict[str, dict[str, int]]:
    """Return the matrix over the results that have a reply and say what is right.

    Rows and columns come in order of first appearance, `none` and `malformed` last. A cut-off
    reply counts by what can be read of it.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for result in results:
        if result.expected is not None and result.score is not None:
            counts.update(_pairs(result, list(result.expected)))
    names = [name for pair in counts for name in pair]
    order = [name for name in dict.fromkeys(names) if name not in (NONE, MALFORMED)]
    rows = {wanted: {} for wanted in (*order, NONE) if any(pair[0] == wanted for pair in counts)}
    for wanted, row in rows.items():
        row.update(
            (called, counts[wanted, called])
            for called in (*order, NONE, MALFORMED)
            if counts[wanted, called]
        )
    return rows


def mix_ups(matrix: Confusion) -> list[tuple[str, str, int]]:
    """Return what is not on the diagonal, most frequent first: wanted, called, count."""
    wrong = [
        (wanted, called, count)
        for wanted, row in matrix.items()
        for called, count in row.items()
        if wanted != called
    ]
    return sorted(wrong, key=lambda entry: -entry[2])


def _pairs(result: CaseResult, wanted: list[str]) -> Iterable[tuple[str, str]]:
    came = [call.name for call in result.calls]
    for name in list(wanted):
        if name in came:
            wanted.remove(name)
            came.remove(name)
            yield name, name
    came += [MALFORMED] * len(result.malformed)
    if not (wanted or came or result.expected):
        yield NONE, NONE
    for index in range(max(len(wanted), len(came))):
        yield (
            wanted[index] if index < len(wanted) else NONE,
            came[index] if index < len(came) else NONE,
        )
