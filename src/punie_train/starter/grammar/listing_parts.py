"""What questions over items are made of: their words, their loop, their fields."""

from dataclasses import dataclass

from punie_train.starter.grammar.nouns import Tool
from punie_train.starter.grammar.selected import Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Words and code of one question over items; `{r}` in the code is the result."""

    nouns: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    code: str
    fields: tuple[str, ...]
    expression: str = ""


SHOW = (
    "(print|print|show|list|list|give me|tell me|report|display|output|write out|enumerate|write "
    "down|name|"
    "return|log|dump|get|spell out|collect|note|emit|present|read out)"
)


EACH = "(for|for|of|from|with) (each|every|each|all of the|any)"


def read(tool: Tool, *parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields that reading these of the items reads."""
    seen = dict.fromkeys(field for part in parts for field in part)
    return (tool.items, *(f"{tool.items}.{field}" for field in seen))


def joined(words: list[str]) -> str:
    """Return words joined as people join them."""
    if len(words) == 1:
        return words[0]
    if len(words) == 2:
        return (
            f"{words[0]} (and|and|and the|plus|together with|along with|as well as|with|&) "
            f"{words[1]}"
        )
    head = "(, |, the )".join(words[:-1])
    return f"{head}(, and|,| and| and the) {words[-1]}"


def loop_code(tool: Tool, chosen: Selection, body: str, source: str = "") -> str:
    """Return a loop over the items that a selection keeps."""
    lines = [f"for {tool.item} in {source or '{r}.' + tool.items}:"]
    indent = "    "
    if chosen.condition:
        lines.append(f"    if {chosen.condition.replace('{i}', tool.item)}:")
        indent = "        "
    return "\n".join((*lines, indent + body))


def printed(tool: Tool, fields: tuple[str, ...]) -> str:
    """Return code that prints fields of an item."""
    return f"print({', '.join(f'{tool.item}.{field}' for field in fields)})"
