"""Talk that needs no tool in many more words: what is meant, doubts, opinions, thanks, farewells.

The answers are those the starter knows; only the ways to come to them are new.
"""

from random import Random

from punie_train.core.messages import Message
from punie_train.starter.grammar.agent_calls import simple
from punie_train.starter.grammar.framing import finish
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.phrasing import phrase, sentence
from punie_train.starter.grammar.samples import Sample, user
from punie_train.starter.grammar.tool_results import answered
from punie_train.starter.grammar.topics import CONTRASTS, TOPICS

_SEEN = (
    "(i keep (reading|hearing)|everybody talks|people talk|my (boss|colleague|teacher|friend) "
    "talks|"
    "i read|i heard|there was an article|the docs talk|this book talks|i stumbled on a text) about"
)
_WHO = "(people|you|they|programmers|developers|engineers|experts|folks|my colleagues)"
_SHORT = (
    "(||||, in one sentence|, in short|, briefly|, in simple words|, for a beginner|, please|, "
    "without details|, in plain words)"
)
_TOPIC = (
    f"what (does|do) {{t}} mean{_SHORT}?",
    "what does the (word|term|expression|phrase) {q} (mean|stand for|refer to|say)?",
    f"what do {_WHO} (mean|understand) by {{t}}{_SHORT}?",
    f"what do {_WHO} mean when they (say|write|speak of|mention) {{q}}?",
    (
        f"{_SEEN} {{t}}(, |. |; )(what is (it|that)|what is that about|what does it mean|what "
        "is it "
        f"good for|can you explain it|could you explain that)?"
    ),
    f"{_SEEN} {{t}}. (please |)(explain|explain it|tell me what it is|enlighten me){_SHORT}.",
    f"(explain|define|describe) {{t}}{_SHORT}(.|)",
    f"(explain|say) to me what {{t}} (is|means){_SHORT}(.|)",
    (
        "(i (do not|don't|never really) (understand|get|know)|i am not sure i understand|i have no "
        "idea about|i always forget) {t}(. (help me|explain|what is it|please explain)|)(.|)"
    ),
    (
        "(i (never|do not) (know|remember|understood) what|nobody told me what|i forgot what) {t} "
        "(is|means)(.|. please tell me.|)"
    ),
    (
        "(would|could|can) you (please |)(explain|tell me about|define|say something about|help me "
        "with the idea of) {t}?"
    ),
    (
        "(your (opinion|view|thoughts) (on|about) {t}|what do you think (of|about) {t}|how do "
        "you feel "
        "about {t}|what is your take on {t})(?|, please?)"
    ),
    (
        "(i|we) (would like|want|have|need) to (understand|learn about|know more about|know about) "
        "{t}(.|)"
    ),
    "(is it true|why is it) that (people|we|all teams) (use|need|like|rely on) {t}?",
    "{t}(: what is that|, what is it|: please explain| - what does it mean|, in one sentence)(?|)",
    "(a|one) (question|thing i wonder about): what is {t}?",
    "how would you (explain|describe) {t} to (a child|a beginner|my mother|a student|me)?",
    "(give|write) (me |)(a|one) (sentence|line|word or two) (about|on) {t}(.|)",
    (
        "(before we (start|go on), |just so i understand, |for my notes: |only in words: "
        "|without any "
        "tool: )(what is|explain) {t}(?|.|)"
    ),
    (
        "(do not|don't) (run|read|open|do) anything(, just|. just|, only) (explain|tell me "
        "about|tell "
        "me what is meant by) {t}(.|)"
    ),
)
_PAIR = (
    "{a} (or|and|versus) {b}: (what is|where is|i never know) the difference?",
    (
        "(i mix up|i confuse|i keep mixing up|i cannot tell apart) {a} and {b}(.|. help me.|. "
        "what is "
        "the difference?|, explain please)"
    ),
    "(is there|what makes) (a|the) difference between {a} and {b}?",
    "(in which way|how) (are|do) {a} and {b} (different|differ|not the same)?",
    "(why|when) (is|would) {a} (better|other|different) (than|from) {b}?",
    "(my boss|a friend|somebody) says {a} and {b} are the same. (is that so|are they|true)?",
)
_THANKS = (
    (
        "(thanks|thank you|many thanks|thank you very much|big thanks)(, | - |! |. )(that "
        "(helped|was "
        "what i needed|did it|saved me|is clear now|answers it)|i understand (it |)now|now i "
        "see|you "
        "saved my day|well explained)(.|!|)"
    ),
    (
        "(that helped|that was what i needed|this is clear now|now i get it)(, |. "
        ")(thanks|thank you|"
        "many thanks)(.|!|)"
    ),
    "(i am|we are) (grateful|thankful)( for this| for that| for your help|)(.|!|)",
    (
        "(much appreciated|i appreciate (it|that|your help)|thank you for (being quick|the "
        "explanation|listening|explaining that))(.|!|)"
    ),
)
_BYES = (
    (
        "(that is|that was) (it|all|everything|enough)( for (me|today|now|this session)|)(, |. "
        ")(bye|"
        "goodbye|see you|good night|have a nice day)(.|!|)"
    ),
    (
        "(i am|we are) (off|done|leaving|closing the shop|calling it a day|going home)(, | now, "
        "|. )"
        "(bye|goodbye|see you|until tomorrow|good night|take care)(.|!|)"
    ),
    (
        "(bye|goodbye|good night|see you|farewell)(, | and )(take care|until (monday|next week|"
        "tomorrow)|have a nice (day|evening|weekend)|all the best|sleep well)(.|!|)"
    ),
)
_PRAISE = (
    (
        "(nice|good|great|lovely|excellent|neat|impressive)(, | - |! )(that (works|was quick|looks "
        "good|is what i wanted)|i like (it|this|that)|well done|keep going)(.|!|)"
    ),
    (
        "(i like|i am happy with|i am pleased with) (how (it|this|that) (went|works|looks)|the "
        "result|that)(.|!|)"
    ),
    "(works for me|fair enough|sounds good|looks good to me|that makes sense|good to know)(.|!|)",
)
_SMALL = (
    (_THANKS, "You are welcome."),
    (_BYES, "Goodbye."),
    (_PRAISE, "Good. What is next?"),
)


def wording(rng: Random, names: Names) -> Sample:
    """Return a question about a concept or a remark, perhaps after work with the tools."""
    chance = rng.random()
    if chance < 0.7:
        text, answer = _concept(rng)
        category = "reasoning"
    elif chance < 0.8:
        text, answer = _pair(rng)
        category = "reasoning"
    else:
        ways, answer = rng.choice(_SMALL)
        text, category = phrase(rng, rng.choice(ways)), "general"
        text = sentence(text) if rng.random() < 0.7 else text
    return Sample(
        history=(*_before(rng, names), *user(text)),
        text=answer,
        category=category,
        tags=("irrelevance",),
    )


def _before(rng: Random, names: Names) -> tuple[Message, ...]:
    """Return nothing, or an exchange that used a tool and was closed."""
    if rng.random() < 0.7:
        return ()
    done = answered(rng, names, simple(rng, names))
    return (*done.history, Message(role="assistant", content=done.text))


def _concept(rng: Random) -> tuple[str, str]:
    name, answer = rng.choice(TOPICS)
    shown = name
    bare = name.split(" ", 1)[1] if name.startswith(("a ", "an ", "the ")) else name
    if name.startswith(("a ", "an ")) and rng.random() < 0.3:
        shown = rng.choice((f"{bare}s", bare, f"the {bare}"))
    if rng.random() < 0.15:
        shown += rng.choice((" in Python", " in programming", " in software"))
    word = rng.choice((f'"{bare}"', f"'{bare}'", bare, f"`{bare}`"))
    slots = {"t": shown, "q": word}
    return finish(rng, rng.choice(("{b}{vp}", "{vp}")), rng.choice(_TOPIC), slots), answer


def _pair(rng: Random) -> tuple[str, str]:
    one, two, answer = rng.choice(CONTRASTS)
    first, second = (one, two) if rng.random() < 0.6 else (two, one)
    return finish(rng, "{vp}", rng.choice(_PAIR), {"a": first, "b": second}), answer
