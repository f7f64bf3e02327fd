"""How people ask for one call of an agent tool; `{f}` is what a file is called."""

FILE = "(|||the file |file |the (config|source|text|log) file )"


READ = (
    (
        "(read|open|show|display|print|view|load|fetch|get|inspect|look at|look into|look inside|"
        "peek "
        "at|"
        "cat|check out|have a look at|take a look at|go through|examine|study|dump|output) (|me) "
        "{f}{path}"
    ),
    (
        "(read|open|show|show me|display|print|view|give me|get me|fetch|return|tell me|dump|"
        "output|"
        "list|"
        "load|paste|bring up|pull up) (the (|full|whole|entire|complete|current) (contents|content|"
        "text|"
        "body|lines|source|source code|code) of|what is (in|inside|written in|stored in)|what's "
        "(in|"
        "inside)|everything (in|inside)|all of|all the lines of|all that is in|what {path0} (says|"
        "contains|holds)|what stands in) {f}{path}"
    ),
    (
        "(open|load) (up |){f}{path} (and|then) (show|give|tell|read) (me|) (it|what it says|what "
        "is "
        "in it|"
        "its contents|the contents|what you see|what is inside|the text)"
    ),
    (
        "(i (want|need|would like) to (see|read|know|look at|check)|let me (see|read|look at|"
        "check)|(show|tell) me) (what is in |"
        "what {path0} says|the contents of |){f}{path}"
    ),
)


READ_ASK = (
    (
        "what (is|does it say|stands|have we got|do we have|can be found|is written|is stored|do "
        "you "
        "see) "
        "(in|inside|within) {f}{path}"
    ),
    "what does {f}{path} (contain|say|hold|look like|have in it|define|include|declare|start with)",
    "what are the (contents|lines|settings|values) (of|in) {f}{path}",
    "what('s| is) the (content|text|source|body) of {f}{path}",
    "how does {f}{path} (look|begin|read)",
    "(could|can|may) i (see|read|have|get) (the contents of |what is in |){f}{path}",
    "which (lines|settings|values|text) (are|is) in {f}{path}",
)


WRITE = (
    (
        "(create|make|write|add|generate|start|produce|set up|put down|build) (|a|a new|the|a "
        "small|a "
        "text) "
        "file (|called|named|at|under) {path} (with|containing|that contains|that says|holding|"
        "that "
        "holds|"
        "and put|whose content is|with the content|with the text|with this content:|with the line|"
        "that "
        "reads|having|with contents|, content:|- content:|and write into it) {text}"
    ),
    (
        "(create|make|write|generate|add|prepare|initialize) {path} (with|containing|that contains|"
        "that "
        "says|with the content|with the text|, content|holding|and put in|with content|with the "
        "following"
        " content:|with contents|with this in it:|, containing|having the text|so that it (says|"
        "contains|"
        "reads|holds)) {text}"
    ),
    (
        "(write|save|put|store|place|dump|drop|copy|insert|record|output|type|persist|keep|add|"
        "set) (|"
        "the "
        "text |the line |the string |the content |the words |this: |the following: ){text} (to|"
        "into|"
        "in|in "
        "the file|to the file|into the file|to a file called|into a new file|to a new file|as|"
        "under|"
        "inside|"
        "in a file named) {path}"
    ),
    (
        "(overwrite|replace|fill|update|rewrite|change|set) {f}{path} (with|so that it (contains|"
        "says|"
        "reads|"
        "holds)|to say|to contain|to|to read) {text}"
    ),
    (
        "(replace|set|change|overwrite) the (content|contents|text|body) of {f}{path} (with|by|to) "
        "{text}"
    ),
    "(in|into|to) {path}, (write|put|save|store) {text}",
    "(make|let) {f}{path} (say|contain|read|hold|be) {text}",
    (
        "{path} (should|must|has to|needs to|shall|is to|ought to) (contain|say|hold|read|be|have|"
        "consist of) {text}"
    ),
    (
        "(i need|we need|there should be|make sure there is|let there be|give me|i want) (a file |"
        "the file |"
        "a new file |){path} (with|containing|that says|that contains|that reads|with the content|"
        "holding) {text}"
    ),
    (
        "{text} (must|should|needs to|has to|shall|belongs|goes|is to) (go |be |be written |be "
        "saved |be put |) (into|in|to) {path}"
    ),
    (
        "(the content|the text|the contents|the only line|the body) of {path} (should|must|has to|"
        "is to) (be|"
        "read|say|become) {text}"
    ),
)


EMPTY = (
    (
        "(create|make|add|write|generate|set up|touch) (an empty|a blank|a new empty|an empty new) "
        "(file|"
        "text file|document) (|called|named|at) {path}"
    ),
    (
        "(create|make|leave|write|empty|clear|blank) {path} (as an empty file|with nothing in it|"
        "without any "
        "content|empty|with no content|, leave it empty|and leave it empty)"
    ),
)


RUN = (
    (
        "(run|execute|launch|start|invoke|call|do|fire up|fire off|kick off|issue|try|spin up|"
        "trigger|"
        "perform"
        "|use|enter|type) (|the command |the shell command |command |this command: |this: |the "
        "following: "
        "|the following command: ){cmd}"
    ),
    (
        "(run|execute|launch|start|fire up|spin up|kick off) {cmd} (in (a|the|a new|another) "
        "(terminal|shell|"
        "console|background)|in the background|on the command line|from the (shell|root|terminal)|"
        "for "
        "me|as "
        "a command|there|and nothing else)"
    ),
    (
        "(use|open) (the|a) (shell|terminal|console|command line) (to (run|execute|do)|and (run|"
        "execute|"
        "enter)|for) {cmd}"
    ),
    "(in|from) (the|a) (terminal|shell|console)(,|) (run|execute|start|do|type|enter) {cmd}",
    "(get|have|let) {cmd} (running|started|executed|run)",
    (
        "(i need|i want|we need|we have|please get) {cmd} (run|to run|to be run|to be executed|"
        "executed|started|to be started)"
    ),
    ("{cmd} (has to|must|should|needs to) (run|be run|be started|be executed|be launched)"),
    (
        "(see|find out|check|look|show me|tell me) what {cmd} (says|prints|does|gives|returns|"
        "outputs|reports)"
    ),
)


RUN_ASK = (
    (
        "what (does|happens when you run|is the output of|do you get from|comes out of|would i see "
        "from) "
        "{cmd} (|print|say|give|show|return|report|output)"
    ),
    "can you (start|run|launch) {cmd}",
)
