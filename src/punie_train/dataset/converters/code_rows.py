"""Rows of code: documented functions, and questions with a solution."""

import ast
import warnings
from collections.abc import Mapping
from typing import Any

from punie_train.dataset.converters.conversion import (
    UnconvertibleError,
    exchange,
    fenced,
    text_of,
)


def documented_code_example(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a request for a function by its docstring, and the function.

    The docstring stays in the code, as its author wrote it. Raises UnconvertibleError.
    """
    code = text_of(row, "whole_func_string", "func_code_string", "original_string", "code")
    described = text_of(row, "func_documentation_string", "docstring")
    name = row.get("func_name")
    called = f" `{name.rpartition('.')[2]}`" if isinstance(name, str) and name else ""
    question = f"Write a Python function{called} that does this:\n\n{described.strip()}"
    return exchange(question, fenced(code))


def question_answer_example(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a programming question and its solution; raises UnconvertibleError."""
    question = text_of(row, "question", "prompt", "instruction")
    solution = text_of(row, "solution", "answer", "response")
    if "```" not in solution and _is_python(solution):
        solution = fenced(solution)
    if not solution.strip():
        raise UnconvertibleError("the solution is empty")
    return exchange(question, solution)


def _is_python(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return any(not isinstance(node, ast.Expr) for node in tree.body)
