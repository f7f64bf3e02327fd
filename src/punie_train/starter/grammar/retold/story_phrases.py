"""What stories about terminals are made of: verbs, states and frames; `{o}` is the terminal.

Every verb stands as an order (`DO`) and as a gerund (`DOING`), so that a frame can ask for one tool
and turn down another.
"""

from collections.abc import Mapping

DO: Mapping[str, tuple[str, ...]] = {
    "kill_terminal": (
        "(kill|stop|terminate|abort|halt|cancel|interrupt|end|destroy|shoot) {o}",
        "(shut|bring|take|tear) {o} down",
        "(force {o} to (stop|quit|end|terminate)|force-stop {o}|force-kill {o})",
        "(stop|kill|terminate|abort|end|break off) {o} (by force|the hard way|hard|forcibly)",
        "(put an end to|make an end of|pull the plug on|put a stop to|get rid of) {o}",
        "(make {o} stop|cut {o} off|put {o} out of its misery|send {o} a kill signal)",
    ),
    "release_terminal": (
        "(release|free|free up|relinquish|hand back|give back|return|dispose of) {o}",
        "(let go of {o}|let {o} go|give {o} back|hand {o} back|set {o} free)",
        "(give up|surrender|release|free) (the handle of|the slot of|the resources of) {o}",
        "(clean {o} up|tidy {o} away|free {o} up|drop {o})",
    ),
    "wait_for_terminal_exit": (
        (
            "(wait for|wait on|await) {o}(| to (finish|exit|end|complete|be done|run out|"
            "come to an "
            "end))"
        ),
        (
            "(wait|hold on|stay|hang on|be patient|sit tight|stand by|pause) until {o} (is (done|"
            "over|through|finished)|exits|ends|has (exited|ended|finished)|finishes|completes)"
        ),
        "let {o} (finish|run to its end|come to its end|complete|run its course|get to the end)",
        "(wait for|await) the (end|exit|completion) of {o}",
        "give {o} the time (it needs|to finish|to end|to exit)",
    ),
    "get_terminal_output": (
        (
            "(show|give|get|fetch|read|bring) (me |)(the|the whole|the latest) (output|log|text|"
            "lines) (of|from) {o}"
        ),
        "(show|tell) me what {o} (printed|has printed|wrote|says|has said|logged|put out)",
        (
            "(print|fetch|read|get|collect|display|quote) what {o} (printed|has printed|wrote|says|"
            "has written so far)"
        ),
        (
            "(look at|read|check|see|have a look at) what (came out of|is printed in|stands in|"
            "appeared in) {o}"
        ),
        "(report|find out|see) what {o} has (to say|printed|written|put out)",
    ),
}

DOING: Mapping[str, tuple[str, ...]] = {
    "kill_terminal": (
        "(killing|stopping|terminating|aborting|halting|cancelling|interrupting|ending) {o}",
        "(shutting|bringing|taking) {o} down",
        "(forcing {o} to (stop|quit|end)|putting an end to {o}|pulling the plug on {o})",
    ),
    "release_terminal": (
        "(releasing|freeing|relinquishing|returning|handing back|giving back|giving up) {o}",
        "(letting go of {o}|letting {o} go|giving {o} back|freeing {o} up|setting {o} free)",
    ),
    "wait_for_terminal_exit": (
        "(waiting for|waiting on|awaiting) {o}(| to (finish|exit|end|complete))",
        "(waiting|holding on|staying|hanging on) until {o} (is (done|over|finished)|exits|ends)",
        "(letting {o} (finish|complete|run its course)|awaiting the (end|exit) of {o})",
    ),
    "get_terminal_output": (
        (
            "(reading|fetching|printing|showing me|getting|looking at) (the output of|the log of|"
            "what came out of) {o}"
        ),
        "(telling me|showing me|reading|checking) what {o} (printed|has printed|wrote|says)",
    ),
}

NOUNS: Mapping[str, tuple[str, ...]] = {
    "kill_terminal": (
        (
            "(a kill|the killing|an abort|a hard stop|the termination|a forced end|an immediate "
            "stop|a forced stop|the abortion) of {o}"
        ),
    ),
    "release_terminal": ("(the release|a release|the freeing|the return|the handing back) of {o}",),
    "wait_for_terminal_exit": ("(a wait|waiting|some waiting|patience) until {o} (exits|ends)",),
    "get_terminal_output": (
        (
            "(the output|the log|the printed text|the latest lines|the printout|the messages|all "
            "output|the last lines) (of|from) {o}"
        ),
        "(everything|all|the text|the lines|whatever) (that |){o} (printed|has printed|wrote)",
    ),
}

_JOB = "(a build|a job|a server|the tests|a download|a long task|a script|something|a deploy)"
_TIME = "(an hour|a while|two hours|ages|half a day|ten minutes|the whole morning|too long|days)"

ANY_STATE = (
    f"i started {_JOB} in {{o}}(| earlier| this morning| a moment ago)",
    f"{{o}} has been (running|going|busy|at it|open|up) for {_TIME}",
    "(nobody|no one) (looks at|cares about|watches|asks about) {o} (now|any more|these days)",
    f"(there is|we have|i see|i found) {_JOB} in {{o}}",
    "(a colleague|somebody|my teammate|the night shift) (left|opened|started|made) {o}",
    "{o} (belongs to|is part of|comes from) (the release|my last experiment|the demo|our setup)",
    "(i am|we are) (looking|back) at {o}(| again)",
    "(about|concerning|regarding|now to|as for|next is|back to) {o}",
)
STATES: Mapping[str, tuple[str, ...]] = {
    "kill_terminal": (
        "{o} (does not answer|does not respond|hangs|is stuck|goes round in circles|is frozen)",
        "{o} (eats all the memory|takes all the cpu|burns money|blocks the port|went wild)",
        (
            f"{{o}} (was a mistake|should never have run|will never end|has run for {_TIME} for "
            "nothing)"
        ),
        "i (gave up on|lost patience with|no longer believe in|regret starting) {o}",
        "(i started|we ran) the wrong (thing|job|command) in {o}",
    ),
    "release_terminal": (
        "the (job|work|build|run|task) in {o} is (over|done|finished|complete|behind us)",
        "{o} (finished|ended|exited|was done) (long ago|an hour ago|already|yesterday)",
        "i have (all i need|everything i wanted|what i came for) from {o}",
        "(i am|we are) (done|finished|through) with {o}",
        "{o} (has served its purpose|is of no more use|just sits there|is empty|is idle)",
    ),
    "wait_for_terminal_exit": (
        "{o} (is not through yet|is nearly there|is almost done|will take a while|still works)",
        "(the rest|everything else|the next step|the deploy) (depends on|hangs on|needs) {o}",
        "{o} (must not be disturbed|needs its time|is in the middle of its work)",
        "(i am in no hurry|there is time|we have time) with {o}",
    ),
    "get_terminal_output": (
        "(i cannot see|i have not seen|nobody has looked at|i lost sight of) {o}",
        "{o} (scrolled by|wrote something|printed a lot|has been chatty|showed an error)",
        "i was (away|at lunch|asleep|in a meeting) while {o} ran",
        "the (job|build|run|task) in {o} is (over|done|finished|under way)",
        "(i wonder about|i am curious about|i have a bad feeling about) {o}",
    ),
}

TURNED_DOWN = (
    "(there is no (point|use|sense|need)|i see no (point|use|sense)) in {ing}",
    "(i gave up on|i am tired of|i am past|forget about|i am not interested in|never mind) {ing}",
    (
        "{ing} (is (pointless|useless|no good|out of the question|too late|not needed)|makes no "
        "sense|would be wrong|leads nowhere|does not help|did not help|can come later)"
    ),
    "(do not|don't|no need to|i do not want you to|i did not ask you to) {do}",
    "(rather than|instead of|without) {ing}",
)
WISHES = (
    "{do}",
    "please {do}",
    (
        "(all i want is|the only thing left is|what remains is|my only wish is|it is time|the best "
        "is|the thing now is|what is left is|the plan is) (to|for you to) {do}"
    ),
    (
        "(you may|you can|you could|you should|just|simply|better|go ahead and|kindly|i want "
        "you to|"
        "i need you to|i'd like you to|let us|let's|feel free to|be so good as to) {do}"
    ),
    "(would you mind|how about|what about|do you mind) {ing}?",
    (
        "(is it possible|would it be possible|are you able|may i ask you|would you be willing) to "
        "{do}?"
    ),
    "(could|can|would|will) you (please |) {do}?",
    "(i suggest|i vote for|i am for|go ahead with|i would be glad about|let's settle for) {ing}",
    (
        "(there is nothing left but to|nothing remains but to|we will have to|somebody has "
        "to|i have "
        "to ask you to) {do}"
    ),
    (
        "{noun}(, please| is what i (want|need|am after)| would be (good|nice|best|right)|, "
        "that is "
        "all i want| is due| is all i ask for)"
    ),
    "(i want|i need|i ask for|i'd like|give me|what i want is|let me have|time for) {noun}",
)
