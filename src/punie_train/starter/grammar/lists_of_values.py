"""Requests that announce a list of files, terminals or commands and then give it."""

from random import Random

from punie_train.starter.grammar.framing import finish
from punie_train.starter.grammar.phrasing import phrase

_ANNOUNCED = {
    "read_file": (
        "({n} (files|documents|sources|modules) (to read|to show|to open|i want to see|i need to "
        "look at|please|for me|i am curious about)|(the|these|the following) (|{n} )files (please|"
        "are needed|are what i want to see|interest me)|here are {n} (files|paths) to (open|read|"
        "look at)|i (want|need|would like) to (see|read|look at|compare) (|the |these )({n} )(files"
        "|documents))"
    ),
    "run_command": (
        "({n} commands (to run|please|for you|to execute|to start)|here are {n} commands|(these|"
        "the following) (|{n} )commands (should|must|have to) (run|be run|be started)|i have {n} "
        "commands for you|i (want|need) {n} (commands|things) (run|started|executed))"
    ),
    "get_terminal_output": (
        "({n} (outputs|logs|screens) (to see|to read|please|to check)|i (want|need) (to see |)(the "
        "outputs of|the logs of|what was printed in) {n} terminals|(these|the following) (|{n} )"
        "outputs (please|are what i need))"
    ),
    "release_terminal": (
        "({n} (terminals|sessions) to (release|give back|free|let go)|(these|the following) (|{n} )"
        "(terminals |sessions |)(can|may|should) be (released|freed|given back))"
    ),
    "wait_for_terminal_exit": (
        "({n} (terminals|sessions|commands) to wait for|(these|the following) (|{n} )(terminals|"
        "sessions) (must|should|have to) (finish|end|be done) first)"
    ),
    "kill_terminal": (
        "({n} (terminals|sessions|processes) to (kill|stop|terminate)|(these|the following) (|{n} )"
        "(terminals |processes |)(must|should|have to) (stop|die|end|be killed))"
    ),
    "write_file": (
        "({n} (|new |small )files (to create|to write|are missing|are needed|for you to write|to "
        "add)|(these|the following) (|{n} )files (should exist|are needed|must be created|have to "
        "be written)|i (need|want) {n} (new |)files)"
    ),
}
_COUNTS = {2: "(two|two|2)", 3: "(three|three|3)"}


def announced(rng: Random, tool: str, count: int, listed: str) -> str:
    """Return a request that says what to do with a list, and then the list."""
    lead = phrase(rng, _ANNOUNCED[tool].replace("{n}", _COUNTS[count]))
    return finish(rng, f"{{b}}{lead}(:|,| -|:) {{all}}(|.|, please.)", "", {"all": listed})
