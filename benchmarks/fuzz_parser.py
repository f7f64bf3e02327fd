"""Feed hostile replies to the parser: none may raise, and none may be slow.

    python benchmarks/fuzz_parser.py --count 100000 --seed 1

Prints how many replies were read, how many calls and broken calls were in them and the slowest
one; exits with 1 after a crash or a slow case, which it prints as a Python literal.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.toolcalls.parse import parse

CALL = '{"name": "read_file", "arguments": {"path": "a.py"}}'
WHOLE = (
    f"<tool_call>\n{CALL}\n</tool_call>",
    "<tool_call>\n<function=read_file>\n<parameter=path>\na.py\n</parameter>\n</function>",
    f"```json\n{CALL}\n```",
    f"[{CALL}, {CALL}]",
    CALL,
    "[read_file(path='a.py'), get_terminal_output(terminal_id=\"t\")]",
    '[Calling tool: read_file({"path": "a.py"})]',
    '<function=read_file>{"path": "a.py"}</function>',
    f"[TOOL_CALLS] [{CALL}]",
    '[TOOL_CALLS]read_file[CALL_ID]1[ARGS]{"path": "a.py"}',
    f"<tools>\n{CALL}\n{CALL}\n</tools>",
    "<|python_start|>[read_file(path='a.py')]<|python_end|>",
    "<function_calls>\nread_file(path='a.py')\n</function_calls>",
    "<tool_call>\nr = ruff_check('src')\nprint(r.success)\n</tool_call>",
    f"<think>Well, {CALL}</think>\n{CALL}",
)
PIECES = (
    *"{}[]()<>|\"'`\\,;:=/ \n\t\x00", "```", "\'\'\'", '"' * 3, "\\u", "\\ud800", "\ud800", "1e999",
    "NaN", "null", "None", "<tool_call>", "</tool_call>", "<function=", "</function>",
    "<parameter=", "</parameter>", "[TOOL_CALLS]", "[ARGS]", "<think>", "</think>", "<tools>",
    "<|a|>", "\u2028", "read_file(", '"name":', '"arguments":', "path=", "Calling tool: ",
    "9" * 5000, "[" * 200, "{" * 200, "(" * 200, '{"a":' * 100, "\U0001f600", "a" * 300,
)  # fmt: skip


def main() -> int:
    """Run; return the exit status."""
    options = _options()
    chance = random.Random(options.seed)
    calls = malformed = bad = 0
    slowest = (0.0, "")
    for text in _replies(chance, options.count):
        started = time.thread_time()
        try:
            reply = parse(text, AGENT_TOOLS if chance.random() < 0.7 else ())
        except Exception as error:  # noqa: BLE001 - the point is to find any
            bad += 1
            print(f"crash ({type(error).__name__}: {error}): {text!r}")
            continue
        seconds = time.thread_time() - started
        calls += len(reply.calls)
        malformed += len(reply.malformed)
        slowest = max(slowest, (seconds, text))
        if seconds > options.slow + len(text) * 2e-6:
            bad += 1
            print(f"slow ({seconds:.3f} s for {len(text)} characters): {text[:2000]!r}")
    seconds, text = slowest
    print(f"{options.count:,} replies, {calls:,} calls, {malformed:,} malformed, {bad} bad.")
    print(f"Slowest: {seconds * 1000:.1f} ms for {len(text):,} characters.")
    return 1 if bad else 0


def _replies(chance: random.Random, count: int) -> Iterator[str]:
    for number in range(count):
        match number % 4:
            case 0:
                yield "".join(chance.choices(PIECES, k=chance.randrange(1, 40)))
            case 1:
                yield _mutated(chance, chance.choice(WHOLE))
            case 2:
                yield _mutated(chance, "\n".join(chance.choices(WHOLE, k=3)))
            case _:
                unit = "".join(chance.choices((*PIECES, *WHOLE), k=chance.randrange(1, 4)))
                yield unit * max(1, chance.randrange(1, 4000) // len(unit))


def _mutated(chance: random.Random, text: str) -> str:
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(len(text) + 1)
        match chance.randrange(4):
            case 0:
                text = text[:place] + chance.choice(PIECES) + text[place:]
            case 1:
                text = text[:place] + text[place + chance.randrange(1, 9) :]
            case 2:
                text = text[:place]
            case _:
                other = chance.randrange(len(text) + 1)
                text = text[:place] + text[min(place, other) : max(place, other)] + text[place:]
    return text


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slow", type=float, default=0.2, help="seconds that one reply may take")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
