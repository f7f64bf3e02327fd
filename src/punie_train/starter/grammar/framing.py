"""Ways to ask for something: orders, questions, wishes, with context before and courtesy after."""

from random import Random

from punie_train.core.messages import ToolCall
from punie_train.starter.grammar.phrasing import phrase, sentence

_BEFORE = (
    "(|||||||||||||before i (push|commit|merge|leave|deploy|release|go), |i (just|have) (changed|"
    "edited|refactored|touched|cleaned up|merged) (some|a few) things. |we (release|ship|deploy) "
    "(today|tomorrow|soon). |(hi|hey|hello)(| there)(,|!|.) |(ok|okay|alright|right|great|good|"
    "fine|"
    "thanks)(,|.) |(one|another|a quick) (question|thing|request): |for (the|my) (review|report|"
    "notes|changelog|standup), |as a (first|next|last|final) step, |(first|next|now|then|finally)"
    "(,|) |my (boss|colleague|reviewer|teammate) (asked|is asking|wants to know). |i am (curious|"
    "not sure|in a hurry|debugging something|stuck|new here). |(quick|small) (check|request|"
    "task)(:|.)"
    " |while you are at it, |when you have a (moment|minute|second), )"
)
_AFTER = (
    "(||||||||||||, please| please| for me| now| right now| quickly|, thanks| thanks|, will you| "
    "first| again| once more| if you can|, that is all| so i can (see|check|review|look at) it| "
    "and "
    "nothing else| asap| when you can| at once| straight away| today|, i am curious| i am (waiting|"
    "curious|in a hurry))"
)


def order(rng: Random, verb_phrase: str, slots: dict[str, str]) -> str:
    """Return a request to do what the verb phrase (a template in the base form) says."""
    frame = rng.choice(
        (
            "{b}{vp}{a}(.|.|)",
            "{b}{vp}{a}(.|.|)",
            "{vp}(.|)",
            "{vp}(.|)",
            "(please|kindly|just|now|go ahead and|go and|let's|quickly|simply) {vp}{a}(.|.|)",
            "{b}(could|can|would|will) you (please|quickly|just|kindly|) {vp}{a}?",
            "{b}(could|can|would) you {vp}?",
            (
                "{b}(i need|i want|i'd like|i would like|you need|you have|it is time|remember|"
                "try|be "
                "so "
                "kind as|i ask you|i'll need you|you are asked|the task is|your job is|the next "
                "step "
                "is) "
                "(|you) to {vp}{a}(.|)"
            ),
            "{b}(may|can|could) i (ask|get|have) you to {vp}?",
        )
    )
    if "(|you)" in frame:
        frame = frame.replace(" (|you) to", rng.choice((" to",)))
        frame = frame.replace("i need|i want|i'd like|i would like", _WISH)
    return finish(rng, frame, verb_phrase, slots)


_WISH = "i need you|i want you|i'd like you|i would like you"


def ask(rng: Random, question: str, slots: dict[str, str]) -> str:
    """Return a question (a template without its question mark), direct or indirect."""
    frame = rng.choice(("{b}{vp}?", "{vp}?", "{b}{vp}?", "{vp}(?|)", "{b}{vp}{a}?"))
    return finish(rng, frame, question, slots)


def wish(rng: Random, noun_phrase: str, slots: dict[str, str]) -> str:
    """Return a request for what a noun phrase (a template) names."""
    frame = rng.choice(
        (
            "{vp}(.|?|)(| please)",
            (
                "{b}i (need|want|would like|am after|am looking for|would love) (|to know|to see|"
                "to "
                "have)"
                " {vp}{a}(.|)"
            ),
            "{b}(what is|what are|what's) {vp}?",
            "(could|can|may) i (have|get|see) {vp}{a}?",
            "{b}(any idea|do you know|tell me) what {vp} (is|are)(?|.)",
        )
    )
    return finish(rng, frame, noun_phrase, slots)


def finish(rng: Random, frame: str, core: str, slots: dict[str, str]) -> str:
    """Return a frame with core, context and courtesy put in and the case settled."""
    template = frame.replace("{b}", _BEFORE).replace("{a}", _AFTER).replace("{vp}", core)
    marked = {key: f"\0{key}\0" for key in slots}
    text = phrase(rng, template, marked).replace(" there there", " there")
    if rng.random() < 0.75:
        text = ". ".join(sentence(part) for part in text.split(". "))
    text = text.replace(" i ", " I ").replace(" i'", " I'")
    if text.startswith(("i ", "i'")):
        text = "I" + text[1:]
    for key, value in slots.items():
        text = text.replace(f"\0{key}\0", value)
    return text


def quoted(rng: Random, value: str, *, always: bool = False) -> str:
    """Return a value as people write it in a sentence: bare, in backticks or in quotes."""
    marks = ["``", '""', "''"] if always else ["", "", "", "", "``", '""', "''"]
    mark = rng.choice(marks)
    if not mark or mark[0] in value:
        return f"`{value}`" if always and "`" not in value else value
    return f"{mark[0]}{value}{mark[1]}"


def without_end(text: str, *calls: ToolCall) -> str:
    """Return a sentence without its full stop or question mark; what a value ends in stays."""
    values = tuple(str(v) for one in calls for v in one.arguments.values() if v)
    while text.endswith((".", "?")) and not text.endswith(values):
        text = text[:-1]
    return text
