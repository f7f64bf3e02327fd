"""Start a project: settings, a first suite, and what git is to leave out."""

from importlib.resources import files
from pathlib import Path

from punie_train.core.errors import UsageError
from punie_train.core.settings import read_settings
from punie_train.core.whole_files import write_text

SETTINGS = "pyproject.toml"
TABLE = "settings.toml"
FILES = ("evals/first/cases.yaml", ".gitignore")


def start_project(root: Path) -> tuple[Path, ...]:
    """Write what is missing into a directory and return it; what is there is left as it is.

    The settings are added to a pyproject.toml. Raises UsageError where it has such a table.
    """
    path = root / SETTINGS
    if read_settings(root).active:
        raise UsageError(
            f"{path} has [tool.punie-train]",
            "this is a project already, and nothing was changed",
            "Run `pytest evals`, or edit the table.",
        )
    template = files("punie_train.workflows") / "new_project"
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    table = (template / TABLE).read_text(encoding="utf-8")
    written = []
    for name in FILES:
        target = root / name
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        source = template / Path(name).name.lstrip(".")
        write_text(target, source.read_text(encoding="utf-8"))
        written.append(target)
    for name in ("data", "adapters"):
        (root / name).mkdir(exist_ok=True)
    write_text(path, before + gap + table)
    return (path, *written)
