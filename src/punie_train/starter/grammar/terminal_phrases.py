"""How people ask for one call about a terminal; `{t}` is what it is called, `{id}` its id."""

TERM = "(|||terminal |the terminal |session |terminal session |process |the terminal with id )"


OUTPUT = (
    (
        "(show|print|get|fetch|give me|show me|display|read|return|tell me|grab|pull|check|view|"
        "dump|"
        "collect|"
        "retrieve|see|look at|bring me|report) (the (|latest|current|last|full|recent|new) (output|"
        "logs|log|"
        "text|messages|lines|console output|results|printout) (of|from|in|produced by|on)|what "
        "(was "
        "printed "
        "(in|by|on)|came out of|is (on|in|printed in)|has been printed (by|in|on)|appeared (in|"
        "on)|is "
        "showing in)|everything printed (by|in)|all output of) {t}{id}"
    ),
    (
        "(show|tell|give) me what {t}{id} (printed|says|has printed|has written|wrote|produced|"
        "shows|"
        "is "
        "printing|logged|has to say|output|reports|is showing|displayed)"
    ),
    (
        "(check|look at|peek at|look in on|have a look at|see|read|inspect|view|check on|check in "
        "on) "
        "{t}{id} "
        "(for (|new |its |the |any )(output|logs|messages|errors|lines)|and (show|tell|give) me "
        "(the "
        "output|"
        "what it (printed|says)|its output))"
    ),
    (
        "(read|get|show|fetch|print|view|check|display) {t}{id}('s|'s latest|'s current) (output|"
        "log|"
        "logs|text)"
    ),
    (
        "(show|give|get|print|read|bring|fetch|display) (me |)(the |)(screen|console|buffer|"
        "scrollback|stdout|log|last lines|"
        "tail|printed lines|printed text|messages|contents|terminal output) (of|from|in) {t}{id}"
    ),
    (
        "(i (want|need|would like) to (see|read|know)|let me (see|read|look at|know)) (what {id0} "
        "(says|printed|wrote|shows)|"
        "the (output|log|screen) of {t}{id})"
    ),
)


OUTPUT_ASK = (
    (
        "what (did|has|does) {t}{id} (print|printed|say|output|show|write|produce|log|report|"
        "display)( so far|"
        "| by now| until now| up to now)"
    ),
    (
        "what (is|was) (the output of|printed in|printed by|on|in|happening in|going on in|"
        "showing in|"
        "shown "
        "in|new in|the latest from) {t}{id}"
    ),
    (
        "(is there|do we have|did we get|has there been|are there) (any|some) (output|messages|"
        "text|"
        "lines|logs"
        "|news) (in|from|of|on) {t}{id}"
    ),
    "how far (is|did|has) {t}{id} (|got|gone|come)",
    "(any|anything) (new|output|printed|news) (in|from|on) {t}{id}",
    "what('s| is) {t}{id} (printing|saying|showing|doing|writing|up to)",
)


RELEASE = (
    (
        "(release|free|free up|give back|return|hand back|let go of|dispose of|clean up|relinquish|"
        "discard|"
        "give up|drop|surrender|yield|unlock|deallocate) {t}{id}"
    ),
    (
        "(release|free|give back|clean up|dispose of|drop|free up) (the (resources|handle|slot|"
        "resource) (of"
        "|for|held by|behind|used by|taken by)) {t}{id}"
    ),
    (
        "(we are|i am|we're|i'm|you are) (done|finished|through) with {t}{id}(, (release|free|drop|"
        "let go of|"
        "give back|return) it|; release it| so release it| so free it|, you can release it|, let "
        "it "
        "go)"
    ),
    (
        "{t}{id} (is no longer needed|is not needed any more|can be (released|freed|given back|"
        "returned|let go"
        "|cleaned up|disposed of)|should be (released|freed|given back)|is free to go|is not in "
        "use "
        "any more)"
    ),
    (
        "(i|we) (do not|don't|no longer) need {t}{id} (any more|any longer|now|) (, release it|, "
        "free "
        "it|, let "
        "it go|)"
    ),
)


WAIT = (
    (
        "(wait|hold on|hang on|pause|stand by|block|sit tight) (for {t}{id} (to (finish|end|exit|"
        "complete|be "
        "done|terminate|stop|quit|finish up|come to an end)|)|until {t}{id} (is done|finishes|has "
        "finished|"
        "exits|ends|completes|is finished|has exited|is over|has ended|is complete|has completed|"
        "quits|stops|"
        "terminates|is through|returns)|till {t}{id} (is done|finishes|exits|has finished))"
    ),
    "(wait|stay) (for|on) {t}{id}",
    (
        "(let|allow) {t}{id} (finish|complete|run to (the end|completion)|end|run until it is done|"
        "exit|"
        "run out|do its thing until it ends)(| before (you go on|doing anything else|we continue|"
        "going on|"
        "anything else))"
    ),
    (
        "(do not|don't) (continue|go on|proceed|move on|do anything) (until|before) {t}{id} (is "
        "done|"
        "has "
        "finished|finishes|has exited|exits|ends|has ended|is finished|completes)"
    ),
    "(block|wait) (until|on) the (exit|end|completion) of {t}{id}",
    (
        "(tell me|let me know|say|report|notify me) (when|once|as soon as) {t}{id} (is done|"
        "finishes|"
        "has "
        "finished|exits|ends|has ended|completes|is finished|has exited|is over)"
    ),
    "(watch|monitor) {t}{id} until (it|the command) (is done|ends|exits|finishes)",
    "(give|get) (me |)the exit (code|status) of {t}{id}(| when it is done| once it ends)",
    (
        "(once|when|as soon as) {t}{id} (is done|has finished|ends|exits), (tell me|let me know|"
        "report back|say so|go on|continue)"
    ),
    (
        "(i will wait|we wait|be patient|have patience) (for|with|until) {t}{id} (ends|is done|"
        "exits|has finished|)"
    ),
)


KILL = (
    (
        "(kill|stop|terminate|end|abort|cancel|interrupt|shut down|halt|quit|cut off|force-quit|"
        "force "
        "quit|"
        "force stop|put an end to|bring down|take down|break off|destroy|tear down|stop running|"
        "shoot "
        "down|"
        "ctrl-c|hard stop|close down) {t}{id}"
    ),
    (
        "(kill|stop|terminate|abort|cancel|end|interrupt|shut down|halt) (the (process|command|job|"
        "program|"
        "server|task|build|run|thing|script) (in|of|running in|that runs in|behind|started in|on|"
        "under)|"
        "whatever (runs|is running) in|what is running in|everything in) {t}{id}"
    ),
    "(make|have|get) {t}{id} (stop|quit|end)(| at once| now)",
    (
        "{t}{id} (hangs|is stuck|is hanging|is frozen|does not react|went wild|takes too long|"
        "should "
        "not run "
        "any more|must (stop|die|end|go)|has to (stop|die|be killed|be stopped)|needs to (stop|"
        "die|be "
        "killed)"
        "|should be (killed|stopped|terminated|aborted))(, (kill|stop|terminate|end|abort) it|; "
        "kill "
        "it|. kill"
        " it| so kill it| so stop it|, stop it)"
    ),
    "(do not|don't) let {t}{id} (run|go on|continue) (any longer|any more|)",
    (
        "(get rid of|put down|take out|pull the plug on|shut off|make an end of|finish off|knock "
        "out|zap|nuke) {t}{id}"
    ),
)
