"""Failures between the score and its reader."""

from punie_train.core.failure_catalogue.failure import Failure

READING = {
    "F60": Failure(
        symptom="the report is a page that somebody else wrote",
        cause="text of the model was put into it as HTML",
        caught_by="escaping and a content security policy",
        message="hold markup or control characters that could act: every view shows them as text. "
        "Open replies only on pages that punie-train wrote",
    ),
    "F61": Failure(
        symptom="the build is green and nothing passes",
        cause="the exit status did not follow the score",
        caught_by="gates decide the exit status",
        message="scores 0 %, under ... so the exit status is not 0: train further, or agree on "
        "another gate",
    ),
    "F62": Failure(
        symptom="all green, and nothing ran",
        cause="a misspelt selection or directory",
        caught_by="an evaluation without a case is an error",
        message="no evaluation case was run: nothing was measured, so no gate can hold. Check the "
        "paths and what -k, -m and --lf select.",
    ),
    "F63": Failure(
        symptom="a difference between two runs that measured different things",
        cause="other cases, another template or other sampling",
        caught_by="such a comparison is INVALID, with the list of differences",
        message="INVALID against ... the sampling differs (max_tokens ... Run the baseline again "
        "under the same conditions",
    ),
    "F64": Failure(
        symptom="code of a model touched this machine",
        cause="it ran in the evaluator's own interpreter",
        caught_by="the sandbox, the only place where such code runs",
        message="hold code that reaches for files, processes or the network: it ran in the sandbox "
        "only and got nothing. Never run it by hand",
    ),
    "F65": Failure(
        symptom="the new version is faster",
        cause="the machine was busy when the old one ran",
        caught_by="times of different runs are never compared",
        message="and nothing follows from it: the machine may have been busy. Measure both in one "
        "session, with --adapter twice",
    ),
}
"""By id."""
