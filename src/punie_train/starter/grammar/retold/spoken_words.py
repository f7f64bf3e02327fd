"""Talk that needs no tool, as people say it: concepts met elsewhere, opinions, thanks, goodbyes.

The answers are those of the topics, so that only the ways to ask are new.
"""

from random import Random

from punie_train.core.messages import Message
from punie_train.starter.grammar.agent_calls import simple
from punie_train.starter.grammar.chains import chained
from punie_train.starter.grammar.direct import contrast
from punie_train.starter.grammar.framing import finish
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.samples import Sample, user
from punie_train.starter.grammar.tool_results import answered
from punie_train.starter.grammar.topics import CONTRASTS, TOPICS

_SOURCE = (
    "(everybody|the book|a colleague|my teacher|the docs|somebody|our lead|a blog post|the course|"
    "the review|an article|the chapter)"
)
_WHERE = "(everywhere|in the docs|in reviews|all the time|in every tutorial|at work|in the code)"
_MET = (
    (
        f"i (keep|am always|have been) (reading about|hearing about|hearing of|seeing) {{t}}(| "
        f"{_WHERE})"
    ),
    f"{_SOURCE} (talks about|mentions|mentioned|keeps talking about|is full of|recommends) {{t}}",
    (
        "i (never understood|do not get|still do not understand|forgot about|am new to|have "
        "no idea "
        "about|am reading up on|am learning about|got confused by) {t}"
    ),
    f"{{t}} (comes up|is mentioned|turns up|is used) {_WHERE}",
    "(people|they|developers|my colleagues) (speak of|talk about|praise|argue about|like) {t}",
    (
        "(in an interview|yesterday|in class|this morning|once) (i was asked|somebody asked me|we "
        "talked) about {t}"
    ),
)
_THEN = (
    (
        "(, |. |; |, but |. so )(what is it|what is that|what does it mean|what is that "
        "about|what do "
        "they mean|what does that mean|what is meant|can you explain it|what is the idea|"
        "what is it "
        "good for|what is that supposed to be|remind me what it is|tell me what it is)(?|)"
    ),
    (
        "(. |; |, )(explain it|explain|enlighten me|help me understand|a sentence about it "
        "would help|"
        "please explain|in plain words please|sum it up for me|one sentence will do)(.|)"
    ),
)
_WHAT = (
    "what (does|would|might) {t} mean(| exactly| in practice| to a programmer| anyway)(?|)",
    (
        "what do (people|programmers|you|they|we|developers) (mean|understand) (by|when they "
        "say) {t}"
        "(?|)"
    ),
    (
        "(explain|define|describe|clarify) {t}(| in plain words| like i am five| once more| "
        "to me as a "
        "beginner| without jargon| in a sentence| from the start| properly| please)(.|)"
    ),
    (
        "(in your words|in simple terms|in brief|put simply|for a newcomer|honestly|"
        "roughly), what is "
        "{t}(?|)"
    ),
    (
        "{t}(: what is that|, what is it|? never heard of it| - what does it mean|, in one "
        "sentence|: "
        "meaning|, explained simply| - explain|: please explain| in a nutshell)(?|.|)"
    ),
    (
        "(what is your (opinion|view|take) on|what do you think (of|about)|how do you like|"
        "what can "
        "you say about|what do you know about|any thoughts on|are you a fan of) {t}(?|)"
    ),
    (
        "(is there anything|what is there|what should i|what ought one to|what do i need to) know "
        "about {t}(?|)"
    ),
    (
        "(help me understand|i want to understand|i'd like to learn about|i need an explanation of|"
        "i am looking for a definition of|teach me) {t}(.|)"
    ),
    (
        "(no tools|nothing to run|without running anything|just in words|only a question|do "
        "not run "
        "anything)(:|,| -) what is {t}(?|)"
    ),
    "why (is {t} (useful|good|worth knowing|so popular)|would {t} (be useful|matter|help me))(?|)",
)
_APART = (
    "i (always|often|still) (mix|confuse|muddle) {one} (up with|with|and) {two}(.|)",
    (
        "{one} (or|and) {two}(, how do they differ|: what sets them apart|, what changes|: "
        "what is the "
        "difference|, which is which|, are they the same)(?|)"
    ),
    (
        "(my colleague|somebody|the book) (says|claims|writes) that {one} (is like|equals|is "
        "the same as) "
        "{two}(, is it|. is that so|. is it|; what is the difference)(?|)"
    ),
    "(where|in what) (do|does) {one} and {two} (differ|part|come apart)(?|)",
)
_TALK: tuple[tuple[str, str], ...] = (
    (
        (
            "(thanks|thank you|many thanks|cheers|much obliged|thx|i am grateful|i appreciate it|"
            "thanks a million|thank you ever so much)(, | |. )(for the (help|effort|work|"
            "quick reply|"
            "support)|for doing this|you saved me|that helped|that was quick|that did it|it worked|"
            "exactly what i needed|that is what i wanted|well done|my dear)(.|!|)"
        ),
        "You are welcome.",
    ),
    (
        (
            "(that helped|it worked|that did it|you saved my day|this is what i needed)(, |. |! )"
            "(thanks|thank you|many thanks|cheers)(.|!|)"
        ),
        "You are welcome.",
    ),
    (
        (
            "(bye|goodbye|see you|ciao|farewell|so long|take care|until then|until next week|"
            "good night|bye bye|see you soon)(| then| for now| for today| and take care|, i "
            "am off|, "
            "it is late|, i have to catch a train|, time for lunch|, the day is over)(.|!|)"
        ),
        "Goodbye.",
    ),
    (
        (
            "(i (am|will be) (off|gone|leaving|done for today|out of here)|that is it for "
            "(me|today|"
            "now|this week)|i am calling it a day|i am going (home|to bed|to lunch)|let us "
            "call it a "
            "day|we can stop here)(, |. |; )(bye|goodbye|see you|see you tomorrow|good night|until "
            "tomorrow)(.|!|)"
        ),
        "Goodbye.",
    ),
    (
        (
            "(that|this|it) (was|is|looks|sounds) (really |very |quite |pretty |)(good|nice|"
            "impressive|great|useful|clear|lovely|fast|excellent|what i hoped for)(.|!|)"
        ),
        "Good. What is next?",
    ),
    (
        (
            "(i|we) (really |quite |)(like|love|enjoy|admire|appreciate) (this|that|how you "
            "work|your "
            "style|the answer|working like this|the speed|this tool|short answers)(.|!|)"
        ),
        "Good. What is next?",
    ),
    (
        (
            "(that|this|it) (was|is) (not (good|right|nice|helpful|what i wanted|great)|"
            "disappointing|"
            "a bit slow|rather poor|confusing|annoying|odd)(.|!|)"
        ),
        "All right.",
    ),
    (
        (
            "(never mind|forget it|leave it|let it be|no matter|do not bother|not important|"
            "skip it|"
            "nothing for now|drop the idea)(|(, |. | then, )(i changed my mind|it can wait|i "
            "will do it "
            "myself|it was nothing|another time))(.|)"
        ),
        "All right.",
    ),
    (
        (
            "(hello|hi|hey|good morning|good afternoon|good evening|greetings)(| there| again| my "
            "friend| everybody| to you)(, it is me|, nice to meet you|, i am back|, are you awake|)"
            "(.|!|)"
        ),
        "Hello! What can I do for you?",
    ),
)


def _shown(rng: Random, name: str) -> str:
    return f"the (term|word|notion|concept) {name}" if rng.random() < 0.06 else name


def spoken(rng: Random, names: Names) -> Sample:
    """Return a question about a concept, or small talk, in ways no other maker has."""
    kind = rng.random()
    if kind < 0.3:
        return small_talk(rng, names)
    if kind < 0.36:
        return contrast(rng, names)
    if kind < 0.44:
        one, two, answer = rng.choice(CONTRASTS)
        if rng.random() < 0.5:
            one, two = two, one
        return _reply(rng, rng.choice(_APART), {"one": one, "two": two}, answer, "reasoning")
    name, answer = rng.choice(TOPICS)
    frame = rng.choice(_MET) + rng.choice(_THEN) if kind < 0.7 else rng.choice(_WHAT)
    before = "(||||||(tell me|say|one question|quick question|by the way|hm)(,|:) )"
    frame = f"{before}{frame}".replace("{t}", _shown(rng, name))
    return _reply(rng, frame, {}, answer, "reasoning")


def small_talk(rng: Random, names: Names) -> Sample:
    """Return thanks, a goodbye or an opinion, at the beginning or after work that is done."""
    frame, answer = rng.choice(_TALK)
    sample = _reply(rng, frame, {}, answer, "general")
    if rng.random() < 0.4 or answer.startswith("Hello"):
        return sample
    done = simple(rng, names) if rng.random() < 0.7 else chained(rng, names)
    if done.calls:
        done = answered(rng, names, done)
    said = Message(role="assistant", content=done.text)
    return Sample(
        history=(*done.history, said, *sample.history),
        text=answer,
        category="general",
        tags=("irrelevance", "history"),
    )


def _reply(rng: Random, frame: str, slots: dict[str, str], answer: str, category: str) -> Sample:
    return Sample(
        history=user(finish(rng, frame, "", slots)),
        text=answer,
        category=category,
        tags=("irrelevance",),
    )
