"""What the determinism probe says beside the scores."""

from dataclasses import replace

from punie_train.evals.report import Determinism, EvalReport
from punie_train.reporting.determinism_words import determinism_note
from punie_train.reporting.json_report import dumps, loads
from punie_train.reporting.terminal_table import summary_lines


def test_nothing_is_said_where_nothing_was_probed(mixed: EvalReport) -> None:
    """Silence is not determinism."""
    assert determinism_note(mixed, "v3") is None


def test_equal_and_differing_replies(mixed: EvalReport) -> None:
    """A share, and the first cases by name; in the terminal and through JSON."""
    same = replace(mixed, determinism={"v3": Determinism(asked=20)})
    assert "the same replies" in str(determinism_note(same, "v3"))
    names = tuple(f"demo::c{number}" for number in range(5))
    report = replace(mixed, determinism={"v3": Determinism(asked=20, differing=names)})
    said = str(determinism_note(report, "v3"))
    assert "5 of 20 cases (25.0 %)" in said
    assert "demo::c2 ..." in said
    assert loads(dumps(report)).determinism == report.determinism
    shown = " ".join(summary_lines(report, width=120, next_command=None))
    assert "answer otherwise" in " ".join(shown.split())
