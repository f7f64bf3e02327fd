"""Read a stored report from its file."""

from pathlib import Path

from punie_train.core.errors import ArtifactError
from punie_train.evals.report import EvalReport
from punie_train.reporting.json_fields import ReportFormatError
from punie_train.reporting.json_reading import loads


def read_report(path: Path) -> EvalReport:
    """Return the report; raises ArtifactError or ReportFormatError, each with the path."""
    try:
        return loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ArtifactError(
            f"{path} cannot be read ({error})",
            "there is no report in it",
            "Give a file that `--eval-report` wrote.",
        ) from None
    except ReportFormatError as error:
        raise ReportFormatError(f"{path}: {error.fact}", error.consequence, error.remedy) from None
