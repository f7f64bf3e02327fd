"""Requests that name what is not wanted beside what is: one tool instead of another."""

from random import Random

from punie_train.core.messages import ToolCall
from punie_train.starter.grammar.framing import finish, quoted
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.samples import Sample, call, user

_DO = {
    "get_terminal_output": (
        "(show me the output of|read|look at|print the output of|check the output of|show|get the "
        "log of)"
    ),
    "release_terminal": "(release|free|give back|let go of|hand back|clean up)",
    "wait_for_terminal_exit": "(wait for|wait for the end of|let|wait until the end of)",
    "kill_terminal": "(kill|stop|terminate|abort|end|cancel|interrupt)",
}
_DOING = {
    "get_terminal_output": "(reading|looking at|printing|showing)",
    "release_terminal": "(releasing|freeing|giving back|letting go of)",
    "wait_for_terminal_exit": "(waiting for|waiting on)",
    "kill_terminal": "(killing|stopping|terminating|aborting|interrupting)",
}
_DO_IT = {
    "get_terminal_output": (
        "(show me (its output|what it printed|what it says|the output)|read (its output|what it "
        "printed|the log)|tell me what it (says|printed)|print its output)"
    ),
    "release_terminal": "(release it|free it|give it back|let it go|hand it back|clean it up)",
    "wait_for_terminal_exit": (
        "(wait for it|let it finish|wait until it (is done|ends|exits|finishes)|wait for it to "
        "(finish|end|exit)|let it run to the end|give it time to finish)"
    ),
    "kill_terminal": "(kill it|stop it|terminate it|abort it|end it|cancel it|shut it down)",
}
_STATE = {
    "release_terminal": (
        "(has finished|is finished|is done|has exited|has ended|ended|is over|has stopped|stopped "
        "by "
        "itself|is not running any more|has completed|ran to its end|is dead)(| already| by now| "
        "long "
        "ago| anyway)"
    ),
    "kill_terminal": (
        "(hangs|is stuck|has hung|is frozen|takes forever|goes on and on|never ends|is in a loop|"
        "eats "
        "the cpu|runs the wrong thing|was a mistake|makes no progress|does nothing|is broken)"
    ),
    "wait_for_terminal_exit": (
        "(is still running|is not done yet|has not finished yet|needs some more time|is nearly "
        "done|is "
        "almost through|is busy|still works|takes a while)"
    ),
    "get_terminal_output": (
        "(is running|should be up by now|must have printed something|has been running for a while|"
        "was "
        "started a while ago|is up|looks odd|is silent|may have failed)"
    ),
}
_KEEP = "(keep|leave|let) it (running|alive|open|as it is|going|alone|untouched)"
_SO = "(, so|:|;|.|, just|, please|, now|, then| -)"
_TERM = "(|||terminal |the terminal |session |the process in |the command in |the job in )"


def terminal_contrast(rng: Random, names: Names) -> Sample:
    """Return a request about a terminal that also says what is not wanted, or why."""
    wanted = rng.choice(list(_DO))
    other = rng.choice([tool for tool in _DO if tool != wanted])
    terminal = names.terminal()
    ways = [
        (
            f"(do not|don't|please do not|never|no need to) {_DO[other]} {_TERM}{{id}}(,|;|:|.|, "
            "just|"
            ", only|,"
            f" rather|, better|, instead) {_DO_IT[wanted]}(.|)"
        ),
        f"(instead of|rather than|without) {_DOING[other]} {_TERM}{{id}}, {_DO_IT[wanted]}(.|)",
        (
            f"(enough|no more|i am tired of|we are done with|stop) {_DOING[other]} "
            f"{_TERM}{{id}}{_SO} {_DO_IT[wanted]}(.|)"
        ),
        f"{_TERM}{{id}} {_STATE[wanted]}{_SO} {_DO_IT[wanted]}(.|)",
        f"{_TERM}{{id}} {_STATE[wanted]}{_SO} {_DO_IT[wanted]}(.|)",
        f"(since|as|because) {_TERM}{{id}} {_STATE[wanted]}, {_DO_IT[wanted]}(.|)",
        f"{{b}}{_DO[wanted]} {_TERM}{{id}}, (not|do not|don't) {_DO[other]} it(.|)"
        if wanted != "wait_for_terminal_exit"
        else f"{{b}}wait for {_TERM}{{id}}, (do not|don't) {_DO[other]} it(.|)",
    ]
    if wanted in ("get_terminal_output", "wait_for_terminal_exit"):
        ways.append(
            f"{{b}}{_DO['get_terminal_output']} {_TERM}{{id}} (but|and|, but|;) {_KEEP}(.|)"
            if wanted == "get_terminal_output"
            else f"{{b}}wait for {_TERM}{{id}} (but|and|, but|;) {_KEEP}(.|)"
        )
    text = finish(rng, rng.choice(ways), "", {"id": quoted(rng, terminal)})
    return _sample(text, call(wanted, terminal_id=terminal), wanted)


def file_contrast(rng: Random, names: Names) -> Sample:
    """Return a request about a file that also says what is not wanted."""
    if rng.random() < 0.6:
        path = rng.choice((names.file_path, names.python_path, names.test_path))()
        slots = {"path": quoted(rng, path)}
        no = "(run|execute|start|test|lint|check|change|edit|touch|overwrite|type-check)"
        noing = "(running|executing|starting|testing|changing|editing|touching|checking)"
        see = "(show me|read|open|print|display|see|look at|let me see)"
        ways = (
            (
                f"(do not|don't|please do not|no need to) {no} {{path}}, (just|only|rather|simply) "
                f"{see} "
                "(it|what is in it|its contents|its code|the source|the text)(.|)"
            ),
            (
                f"{{b}}{see} {{path}} (without {noing} it|, do not {no} it|but do not {no} it|; "
                f"don't {no} it)(.|)"
            ),
            f"i (only|just) want to (read|see|look at) {{path}}, not (to |){no} it(.|)",
            (
                f"(instead of|without|rather than) {noing} {{path}}, {see} (it|what is in it|the "
                "code)(.|)"
            ),
            (
                f"{{b}}{see} (the (code|source|text|content|contents|lines) of|what is in|what "
                f"stands in) {{path}}(.|)"
            ),
            (
                f"(before|until) (i|we) {no} {{path}}, (i want to see|show me|let me read) "
                "(it|what "
                "it does|what is in it)(.|)"
            ),
        )
        text = finish(rng, rng.choice(ways), "", slots)
        return _sample(text, call("read_file", path=path), "read_file")
    path, content = names.file_path(), names.text()
    slots = {"path": quoted(rng, path), "text": quoted(rng, content, always=True)}
    put = (
        "(overwrite|replace|fill|set) {path} (with|to) {text}|(write|put|save) {text} (to|into|"
        "in) {path}"
    )
    blind = (
        "(, whatever is in it|, whatever it says now|without reading it(| first)|, no need to "
        "read it(| "
        "first)|regardless of what is in it|, do not (read|open|show|run) it(| first)|, i do not "
        "care what "
        "was in it|blindly|, even if it exists|, just like that|, do not ask)"
    )
    text = finish(rng, f"{{b}}({put}) {blind}(.|)", "", slots)
    return _sample(text, call("write_file", path=path, content=content), "write_file")


def _sample(text: str, wanted: ToolCall, tool: str) -> Sample:
    return Sample(
        history=user(text),
        calls=(wanted,),
        category="tool_calling",
        tags=("simple", tool),
    )


def contrast_call(rng: Random, names: Names) -> Sample:
    """Return a request that names one tool's work and wants another's."""
    return (terminal_contrast if rng.random() < 0.6 else file_contrast)(rng, names)
