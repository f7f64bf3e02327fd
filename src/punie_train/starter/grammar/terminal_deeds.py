"""What can be done to a terminal, in every form of the verb; `{o}` is the terminal or "it".

`{its}` is "its" or "the terminal's". Stories put these forms behind a state of the terminal.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One tool's forms, each a phrase template, and what a story may say before it.

    `orders` are verbs in the base form, `doing` the same in -ing, `wishes` noun phrases that name
    the deed, `passives` what the terminal is to suffer ("be stopped"; none for a wait).
    """

    orders: tuple[str, ...]
    doing: tuple[str, ...]
    wishes: tuple[str, ...]
    passives: tuple[str, ...] = ()
    states: tuple[str, ...]


_SHOWN = "(print|show|get|give|fetch|read|bring|display|pull up|hand over|paste)"
_PAPER = (
    "(output|output|output|log|logs|latest output|last lines|text|printout|messages|console output|"
    "screen|scrollback|stdout)"
)
_FORCE = "(|||||| by force| hard| forcibly| with force| for good| the hard way| without mercy)"
_OVER = (
    "(is done|is over|ends|exits|finishes|has ended|has exited|has finished|completes|comes to an "
    "end|is through|returns|stops by itself|is complete|has run its course)"
)

DEEDS: Mapping[str, Deed] = {
    "get_terminal_output": Deed(
        orders=(
            f"{_SHOWN} (me |){{its}} {_PAPER}",
            f"{_SHOWN} (me |)the {_PAPER} (of|from) {{o}}",
            (
                "(show|tell) me what {o} (has printed|printed|says|has written|wrote|has to say|"
                "has said|shows|logged|has logged|has output|put out)( so far| until now| by now|)"
            ),
            "(see|look at|check|read|find out) what {o} (has printed|printed|says|wrote|shows)",
            f"(look at|have a look at|take a look at|check|glance at) {{its}} {_PAPER}",
        ),
        doing=(
            f"(printing|showing|getting|fetching|reading|displaying) (me |){{its}} {_PAPER}",
            f"(showing|reading|fetching) the {_PAPER} of {{o}}",
            "(telling|showing) me what {o} (printed|says|has printed|wrote)",
        ),
        wishes=(
            f"{{its}} {_PAPER}",
            f"the {_PAPER} (of|from) {{o}}",
            "(all|everything|whatever) {o} (printed|has printed|wrote|has said|logged)",
            "what {o} (printed|has printed|wrote|says|shows)( so far|)",
            "(a look at|a view of|a copy of) {its} (output|log|screen)",
        ),
        passives=(
            (
                "(be read|be read out|have {its} output shown|have {its} log printed|be looked "
                "at for "
                "output)"
            ),
        ),
        states=(
            "i (wonder|am curious) (how {o} is getting on|what {o} is up to|if {o} says anything)",
            "i have not (looked at|seen anything of) {o} (since this morning|for an hour|yet)",
            "{o} (may|might|must|seems to) have printed (an error|a stack trace|the address)",
            "(i hear|they say|it seems that) {o} failed",
            "{o} (has printed a lot|is very talkative|writes line after line|was quiet so far)",
            "(something|a line) i (need|missed) (went by|was printed) in {o}",
        ),
    ),
    "wait_for_terminal_exit": Deed(
        orders=(
            (
                "(wait|hold on|hang on|stay|sit tight|stand by|keep waiting|be patient|pause) "
                f"(until|till) {{o}} {_OVER}"
            ),
            (
                "(wait|hold on|stand by) for {o} (to (end|finish|exit|complete|be done|come to an "
                "end)|)"
            ),
            "let {o} (finish|run to the end|run to completion|run out|come to its end)",
            "allow {o} to (finish|run to the end|complete|come to its end)",
            "(wait for|await) (the (end|exit|completion) of {o}|{its} (end|exit|exit code))",
            (f"(go on|continue|come back to me) (only |)(when|once|after) {{o}} {_OVER}"),
        ),
        doing=(
            f"(waiting|holding on|staying) (until|till) {{o}} {_OVER}",
            "(waiting for|awaiting) (the end of {o}|{its} (end|exit))",
            "letting {o} (finish|run to the end|run out)",
        ),
        wishes=(
            "(a little |some |)(patience|waiting) until {o} (is done|ends|exits|finishes)",
            "(|a bit of )(waiting) (for the end of {o}|until {o} (is done|exits|ends))",
            "to hear from you (once|when|as soon as) {o} (is done|has ended|exits|has finished)",
            "to know when {o} (is done|has ended|exits|has finished|is over)",
        ),
        states=(
            "{o} (is not done yet|is nearly done|still needs a moment|is almost there)",
            "{o} (is still (busy|compiling|building|at work|copying)|has not finished)",
            "i need (what {o} builds|the end result of {o}|{o} to get through)",
            "{o} (takes its time|will take a while|is slow but fine|is in the middle of its work)",
            "(we are in no hurry|there is time|nothing is urgent) and {o} (is|seems) healthy",
        ),
    ),
    "kill_terminal": Deed(
        orders=(
            (
                "(kill|stop|terminate|abort|end|cancel|halt|interrupt|shut down|force-quit|take "
                f"down|bring down|break off|put an end to|cut off|finish off) {{o}}{_FORCE}"
            ),
            "(force|get) {o} to (stop|quit|end)",
            "(make|have) {o} (stop|quit)( at once| now|)",
            "(use force on|pull the plug on|get rid of what runs in|stop whatever runs in) {o}",
            (
                "(kill|stop|terminate|abort|cancel) (the (process|job|command|program|server) in|"
                f"what runs in|whatever is going on in) {{o}}{_FORCE}"
            ),
        ),
        doing=(
            (
                "(killing|stopping|terminating|aborting|ending|cancelling|interrupting|shutting "
                f"down|halting|force-stopping|bringing down) {{o}}{_FORCE}"
            ),
            "(putting an end to|pulling the plug on|making an end of) {o}",
        ),
        wishes=(
            (
                "(a (quick |hard |clean |)(kill|stop|abort|termination|shutdown) of|the (end|"
                "termination|shutdown|abortion|killing) of|an end (to|put to)) {o}"
            ),
            "to see {o} (killed|stopped|dead|terminated|aborted|cancelled)",
            "{o} (killed|stopped|dead|terminated|aborted|cancelled|brought down|shut down)",
        ),
        passives=(
            (
                "(be (killed|stopped|terminated|aborted|cancelled|shut down|brought down|halted|"
                f"interrupted){_FORCE}|die|go down)"
            ),
        ),
        states=(
            "{o} (does not answer|does not respond|has stopped answering|will not listen)",
            "{o} (hangs|is stuck|is frozen|went wild|runs in circles|eats all the memory)",
            "(i|we) (gave up on|have had enough of|lost hope for|never wanted) {o}",
            "{o} (was a mistake|was started by accident|does the wrong thing|only does harm)",
            "{o} (blocks the port|burns the processor|fills the disk|will never end)",
            "i (typed the wrong command|forgot a flag) in {o}",
        ),
    ),
    "release_terminal": Deed(
        orders=(
            (
                "(release|free|free up|give back|hand back|return|let go of|dispose of|clean up|"
                "give up|drop|relinquish) {o}"
            ),
            "let {o} go",
            (
                "(release|free|give back|clean up) (the (resources|handle|slot) (of|behind|held "
                "by)|what is held by) {o}"
            ),
            "(hand|give) {o} back(| to the system| to the pool| to the editor)",
        ),
        doing=(
            (
                "(releasing|freeing|giving back|handing back|returning|letting go of|cleaning up|"
                "disposing of|dropping) {o}"
            ),
        ),
        wishes=(
            "(a|the) (release|clean-up|return|freeing|handing back) of {o}",
            "to (have|see) {o} (released|freed|given back|handed back|returned)",
            "{o} (released|freed|given back|handed back|cleaned up|returned)",
        ),
        passives=(
            "(be (released|freed|given back|handed back|returned|let go|cleaned up|disposed of))",
        ),
        states=(
            "(nobody|no one) (looks at|uses|needs|watches|asks for) {o} (now|any more|any longer)",
            "(the job|the work|everything|my task) in {o} is (over|done|finished)",
            (
                "{o} (finished long ago|ended an hour ago|is idle now|has done its work|only sits "
                "here)"
            ),
            "i (have read all|have seen enough|took what i needed) from {o}",
            "(we are|i am) (done|finished|through) with {o}",
            "{o} (is of no more use|has served its purpose|only takes up room)",
        ),
    ),
}

NEUTRAL = (
    (
        "{o} has been (running|going|up|busy|at it) (for (an hour|a while|ages|ten minutes|two "
        "days|some time)|since (noon|yesterday|this morning|monday))"
    ),
    (
        "(i|we|you|my colleague) (started|launched|kicked off|left) (a (build|server|job|test "
        "run|script|watcher)|something|the (backup|tests)) in {o}( an hour ago| today| before|)"
    ),
    "(there is|we have) (a (build|server|job|script)|something|the backup) in {o}",
    "{o} (belongs to|was opened for|is from) (my|the|our) (build|server|last job|demo|backup)",
    "(about|concerning|regarding|now to|as for|it is about|this is about) {o}",
    "(you know|remember|do you remember) {o}",
)
"""States that say nothing about what is wanted."""

OVER = DEEDS["release_terminal"].states[1:3]
"""States after which there is nothing left to wait for or to stop."""
