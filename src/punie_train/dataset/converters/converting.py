"""One row of a source: an example, a row that cannot be one, or a row that is not asked for."""

import re
from collections.abc import Mapping
from typing import Any

from punie_train.dataset.converters.articles import article_example
from punie_train.dataset.converters.chat_rows import chat_example, trajectory_example
from punie_train.dataset.converters.code_rows import (
    documented_code_example,
    question_answer_example,
)
from punie_train.dataset.converters.conversion import Converter, UnconvertibleError
from punie_train.dataset.converters.stack_exchange import stack_exchange_example
from punie_train.dataset.json_lines import UnreadableLineError, parse_line, to_line
from punie_train.dataset.sources import Source

CONVERTERS: Mapping[str, Converter] = {
    "article": article_example,
    "chat": chat_example,
    "documented-code": documented_code_example,
    "question-answer": question_answer_example,
    "stack-exchange": stack_exchange_example,
    "tool-trajectory": trajectory_example,
}
_IDS = ("id", "uuid", "question_id", "conversation_id", "func_code_url")


def is_about(row: Mapping[str, Any], source: Source) -> bool:
    """Say whether a row is about what its source is taken for, in upper or lower case."""
    if not source.about:
        return True
    found = re.compile(rf"\b{re.escape(source.about)}(?![a-z])", re.IGNORECASE)
    texts = (row.get(name) for name in source.about_in)
    return any(isinstance(text, str) and found.search(text) for text in texts)


def convert_row(row: Mapping[str, Any], source: Source) -> bytes:
    """Return a row's example as a line of a dataset; raises UnconvertibleError."""
    example = CONVERTERS[source.converter](row)
    for name in _IDS:
        if isinstance(row.get(name), str) and row[name]:
            example["id"] = row[name]
            break
    example["source"] = source.name
    try:
        line = to_line(example)
        parse_line(line)
    except UnreadableLineError as error:
        raise UnconvertibleError(f"the row holds {error.fact}") from None
    except UnicodeEncodeError:
        raise UnconvertibleError("the row holds half of a surrogate pair") from None
    except (TypeError, ValueError, RecursionError) as error:
        raise UnconvertibleError(f"the row holds what JSON cannot ({error})") from None
    return line
