"""Read a program: which tools it calls with what, and which fields of their results it uses."""

import ast
import io
import re
import tokenize
import warnings
from contextlib import suppress

from punie_train.evals.code_reading.reading import CodeReading
from punie_train.evals.code_reading.recorder import TooLongError
from punie_train.evals.code_reading.statements import Statements

LONGEST_CODE = 100_000

_TEXTS = frozenset({tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", -1)})
_WORD = re.compile(r"[A-Za-z_]\w*")


def read_code(code: str) -> CodeReading:
    """Return what `code` calls and reads; one that cannot be read has a `problem`. Never raises."""
    if len(code) > LONGEST_CODE:
        return CodeReading(problem=f"the code is longer than {LONGEST_CODE} characters")
    program = Statements()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
        program.run(tree.body, {})
    except SyntaxError as error:
        problem = f"the code does not parse: line {error.lineno}: {error.msg}"
    except (RecursionError, MemoryError):
        problem = "the code is nested too deeply"
    except TooLongError:
        problem = "the code takes too many steps to follow"
    except ValueError as error:
        problem = f"the code does not parse: {error}"
    else:
        problem = None
    return CodeReading(
        calls=tuple(program.calls) if problem is None else (),
        fields=frozenset(program.fields) if problem is None else frozenset(),
        unknown_fields=tuple(program.unknown_fields) if problem is None else (),
        mentioned=_mentioned(code) if problem is None else frozenset(),
        problem=problem,
    )


def _mentioned(code: str) -> frozenset[str]:
    """Return the words of comments and of strings, those in f-strings' text included."""
    words: set[str] = set()
    with suppress(tokenize.TokenError, SyntaxError):
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type in _TEXTS:
                words.update(_WORD.findall(token.string))
    return frozenset(words)
