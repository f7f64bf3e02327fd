"""Failures between the reply and the score."""

from punie_train.core.failure_catalogue.failure import Failure

SCORING = {
    "F11": Failure(
        symptom="the model seems to call nothing",
        cause="the server dropped a call that it could not read",
        caught_by="the raw reply is recovered from its tokens; the outcome is malformed",
        message="hold a call that the server swallowed: malformed, not 'no call'. Read the raw "
        "text on the transcript page, and train the format exactly",
    ),
    "F12": Failure(
        symptom="every tool is chosen right and the answers are useless",
        cause="the choice was measured, not whether the result is read",
        caught_by="field access in the text, past the type check and when run",
        message="call the right tool and do not make use of its result: the choice of the tool "
        "alone says little. Train on examples that read the fields",
    ),
    "F13": Failure(
        symptom="more calls never cost anything",
        cause="only recall was counted",
        caught_by="calls are matched as multisets, and one too many is wrong",
        message="hold more calls than were asked for, which counts against them. Train on examples "
        "that end after the last call",
    ),
    "F14": Failure(
        symptom="a perfect average over half of the cases",
        cause="cases without a reply were dropped from it",
        caught_by="unavailable is an outcome; too many make the run INVALID",
        message="replies are unavailable, more than ... they are neither left out nor counted as "
        "wrong. Read why in the report, and run again [F14]",
    ),
    "F15": Failure(
        symptom="an average of zero",
        cause="no case had a reply and each was scored as wrong",
        caught_by="an unavailable case has no score; the run is INVALID",
        message="replies are unavailable, more than ... they are neither left out nor counted as "
        "wrong. Read why in the report, and run again [F15]",
    ),
    "F16": Failure(
        symptom="the keyword is in the reply",
        cause="the reply repeats the question",
        caught_by="keywords are looked for outside of what the reply quotes",
        message="repeat a keyword of the question, which answers nothing. Read them, or ask for "
        "keywords that the prompt does not hold",
    ),
    "F17": Failure(
        symptom="a right call is scored as wrong",
        cause="a number stayed text, because the XML format has no types",
        caught_by="values are read by the tool's schema; without one the command says so",
        message="its values are text, for the format has no types and the tool is not offered. "
        "Give its schema with --tools",
    ),
    "F18": Failure(
        symptom="field access is found where nothing is read",
        cause="the field's name stood in a comment or a string",
        caught_by="the code's syntax tree, its types and a run",
        message="name a field in a comment or a string and do not read it. Train on examples that "
        "read it",
    ),
    "F19": Failure(
        symptom="long answers are wrong",
        cause="they were cut off by the limit of tokens",
        caught_by="an outcome of its own, truncated",
        message="were cut off: counted apart as truncated. Raise --eval-max-tokens, or train "
        "shorter replies",
    ),
    "F20": Failure(
        symptom="a better score on a handful of prompts",
        cause="chance",
        caught_by="intervals, the paired test and a verdict that may be INCONCLUSIVE",
        message="INCONCLUSIVE against ... cases are needed to see",
    ),
    "F21": Failure(
        symptom="perfect at temperature 0, poor in use",
        cause="the format holds only where every choice is the likeliest",
        caught_by="robustness, over temperatures",
        message="fragile: a setting loses more than ... the format holds at one temperature only: "
        "train on more phrasings and longer, or say with the score at which temperature it holds",
    ),
    "F22": Failure(
        symptom="the same recipe gives a good or a bad adapter",
        cause="one seed was lucky",
        caught_by="robustness, over adapters of several seeds",
        message="fragile: a setting loses more than ... the same recipe gives another result with "
        "another seed: report the spread over seeds, not the best of them, and train on more data",
    ),
    "F23": Failure(
        symptom="a retrained adapter scores exactly what it did before",
        cause="stored replies were found by its name",
        caught_by="stored replies are found by the weights' content",
        message="for the adapter's weights changed since: old and new replies would be counted as "
        "those of one model. Restore it, or leave --eval-resume out",
    ),
    "F24": Failure(
        symptom="the score rose after an edit of the cases",
        cause="the bar moved",
        caught_by="the bar is locked as hashes and verified",
        message="was edited: scores would be measured by another bar than was agreed on. Restore "
        "it",
    ),
    "F25": Failure(
        symptom="most of the score is gone from one day to the next",
        cause="training and evaluation wrapped the prompts in different templates",
        caught_by="the template's fingerprint in adapter and report",
        message="was trained with another chat template ... it would be asked in words that it has "
        "never seen, and score far too low. Restore the template, or train the adapter again",
    ),
}
"""By id."""
