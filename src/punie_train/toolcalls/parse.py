"""Read a reply: the calls in it, what is meant as a call and cannot be read, and the rest."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from punie_train.core.tool_specs import ToolSpec
from punie_train.toolcalls.bare_json import read_bare
from punie_train.toolcalls.enclosed import read_enclosed
from punie_train.toolcalls.fenced_json import read_fenced
from punie_train.toolcalls.mistral import read_mistral
from punie_train.toolcalls.parsed import ParsedCall, ParsedReply, WireFormat
from punie_train.toolcalls.pythonic import read_pythonic
from punie_train.toolcalls.reading import Reader, Reading, ToolsByName
from punie_train.toolcalls.tagged import read_tagged
from punie_train.toolcalls.thoughts import read_thoughts

UNTAGGED: tuple[Reader, ...] = (
    read_fenced,
    read_mistral,
    read_enclosed,
    read_pythonic,
    read_bare,
)
"""Formats that a text may mix: what begins first is read first, so that a fence in the argument
of a call is part of the call, and a call in a fence part of the fence."""


def read_untagged(text: str, tools: ToolsByName) -> Iterator[Reading]:
    """Yield the calls and answers outside of tags."""
    found = [reading for reader in UNTAGGED for reading in reader(text, tools)]
    position = 0
    for reading in sorted(found, key=lambda reading: reading.start):
        if reading.start >= position:
            yield reading
            position = reading.end


READERS: tuple[Reader, ...] = (read_tagged, read_thoughts, read_untagged)
"""Each reads what the ones before it left; tags first, because a server sees nothing else."""


def parse(
    text: str,
    tools: Sequence[ToolSpec],
    *,
    trained: WireFormat = WireFormat.QWEN3_CODER_XML,
) -> ParsedReply:
    """Return the calls of `text` in order, typed by the schemas of `tools`.

    A call is strict when it is written in the `trained` format exactly as a chat template renders
    it. A tool that is not in `tools` is returned with `known` false. Content is the text outside
    of calls, stripped when there are any. Never raises; time is linear in the length of the text.
    """
    by_name: ToolsByName = {tool.name: tool for tool in tools}
    claimed = claims(text, by_name)
    return ParsedReply(
        calls=tuple(
            ParsedCall(
                call=found.call,
                format=found.format,
                strict=found.exact and found.format is trained,
                known=found.call.name in by_name,
            )
            for reading in claimed
            for found in reading.calls
        ),
        malformed=tuple(problem for reading in claimed for problem in reading.malformed),
        content=_outside(text, claimed),
    )


def claims(text: str, tools: ToolsByName) -> list[Reading]:
    """Return the stretches of `text` that hold calls or broken calls, from left to right."""
    readings: list[Reading] = []
    for reader in READERS:
        readings = _fill_gaps(text, readings, reader, tools)
    return [reading for reading in readings if not reading.is_answer]


def _fill_gaps(
    text: str, readings: list[Reading], reader: Reader, tools: ToolsByName
) -> list[Reading]:
    filled: list[Reading] = []
    position = 0
    for reading in readings:
        filled += _read_between(text, position, reading.start, reader, tools)
        filled.append(reading)
        position = reading.end
    filled += _read_between(text, position, len(text), reader, tools)
    return filled


def _read_between(
    text: str, start: int, end: int, reader: Reader, tools: ToolsByName
) -> list[Reading]:
    if start >= end:
        return []
    readings = reader(text[start:end], tools)
    return [_shifted(reading, start) if start else reading for reading in readings]


def _shifted(reading: Reading, by: int) -> Reading:
    return replace(
        reading,
        start=reading.start + by,
        end=reading.end + by,
        malformed=tuple(
            replace(problem, position=problem.position + by) for problem in reading.malformed
        ),
    )


def _outside(text: str, readings: list[Reading]) -> str:
    if not readings:
        return text
    parts: list[str] = []
    position = 0
    for reading in readings:
        parts.append(text[position : reading.start])
        position = reading.end
    return "".join((*parts, text[position:])).strip()
