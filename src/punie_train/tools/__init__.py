"""The typed tools for real: ty, ruff and pytest on a workspace, with structured results."""
