"""How several steps stand in one request, one after the other; `{o}` is what a step works on."""

from collections.abc import Mapping

START = (
    "(start|run|launch|execute|kick off|fire up|spin up|begin|fire off) {cmd}",
    "(get|have) {cmd} (started|running|going)",
)
STARTING = ("(starting|running|launching|executing|kicking off|firing up|spinning up) {cmd}",)
STARTED = ("(started|running|launched|executed|kicked off|up and running)",)

STEPS: Mapping[str, tuple[str, ...]] = {
    "wait_for_terminal_exit": (
        (
            "(wait|hold on|stay) (for {o} to (exit|end|finish|complete)|until {o} (is done|is over|"
            "exits|ends|has exited|has ended|is through))"
        ),
        "(await its (end|exit)|wait for (its|the) (end|exit)|let {o} (finish|run to its end))",
    ),
    "get_terminal_output": (
        "(show|give|read|get|tell|bring) me (its (output|log|lines)|what {o} (printed|says|wrote))",
        (
            "(print|fetch|read|report|collect|look at) (its (output|log|text)|what came out of {o}|"
            "what {o} (has printed|wrote|put out))"
        ),
    ),
    "kill_terminal": (
        "(kill|stop|terminate|abort|halt|end|cancel) {o}(| by force| hard|)",
        "((shut|bring|take) {o} down|put an end to {o})",
    ),
    "release_terminal": (
        "(release|free|give back|let go of|hand back|dispose of) (it|the terminal|its terminal)",
        "(let it go|give it back|free it up|hand the terminal back|clean the terminal up)",
    ),
}
STEPPING: Mapping[str, tuple[str, ...]] = {
    "wait_for_terminal_exit": (
        (
            "(waiting for (it|its end|its exit)|waiting until it (ends|exits|is done)|letting it "
            "finish)"
        ),
    ),
    "get_terminal_output": (
        "(reading|showing me|fetching|printing|looking at) (its output|its log|what it printed)",
    ),
    "kill_terminal": ("(killing|stopping|terminating|aborting|ending) it",),
    "release_terminal": ("(releasing|freeing|letting go of) (it|the terminal)",),
}
DONE: Mapping[str, str] = {
    "run_command": "(it is up|it is running|it has started|it runs|it is there|that is going)",
    "wait_for_terminal_exit": "(it is over|it has ended|it is done|it has exited|that is finished)",
    "get_terminal_output": "(i have seen that|that is printed|you have read it|you have it|i have "
    "it)",
    "kill_terminal": "(it is dead|it is stopped|it is down|it is gone|that is done)",
    "release_terminal": "(it is released|it is free|that is done)",
}

ITS = "(it|it|it|that|the thing|the process)"
THEN = (
    "(, then|. then| and then|; then|, and then|. after that,|, afterwards| and afterwards|. next,|"
    ", next|, and after that|; afterwards|, followed by this:|. as the next step,)"
)
DONE_WITH = "(. when that is done,|. as soon as that is done,|, and once that is through,)"
FINALLY = (
    "(, and at the end|. at the end|. finally,|, finally|; last of all|, and finally|. to finish,|"
    ". the last thing:|, and as a last step|. when all is done,|. in the end,|; to round it off,)"
)

COPY_READ = (
    "(read|open|load|look into|take|see what is in) {s}",
    "(get|fetch) (the text|the content|all) of {s}",
)
COPY_WRITE = (
    (
        "(write|save|put|store|copy) (it|that|the same|what it says|its text|what you found|"
        "the text "
        "you get|all of it|the whole of it) (to|into|in) {t}"
    ),
    "(make|let) {t} (say|contain|hold) the same",
    "(give {t} the same|create {t} with the same|fill {t} with the same) (content|text)",
)
COPY = (
    "{read}{then} {write}",
    "(once|when|after|as soon as) you have read {s}, {write}",
    "(having read|after reading) {s}, {write}",
    "first {read}, and when you have it, {write}",
    (
        "{t} (should|must|has to|is to|shall) (have|hold|say|contain|get) (what|whatever|all that) "
        "(is in {s}|{s} (says|holds|contains))"
    ),
    (
        "(i want|i need|i'd like) (the (text|content) of {s}|what is in {s}) (in|to be in|"
        "written to|"
        "saved to|copied to) {t}(| too| as well)"
    ),
    (
        "(what|whatever) (stands in|is in|is written in) {s} (belongs|should go|goes|has to "
        "go|is to "
        "be) (in|into) {t}(| too| as well)"
    ),
    (
        "before you (write|touch|fill) {t}, read {s}; (its|the same) (content|text) (goes|"
        "belongs) in "
        "there"
    ),
    "(make|create|write) {t} (as a copy of|a copy of|from the text of|out of) {s}",
)
