"""Failures between the weights and the reply."""

from punie_train.core.failure_catalogue.failure import Failure

SERVING = {
    "F01": Failure(
        symptom="an adapter scores exactly what its base scores",
        cause="mlx-lm answers a request that names a model from the base's weights alone",
        caught_by="our client never names a model; where you do, the report says unverified",
        message="mlx-lm answers a request that names a model without the adapter ... leave --model "
        "out where the server has one",
    ),
    "F02": Failure(
        symptom="the same scores as the base, though nobody names a model",
        cause="the adapter reaches the server and does nothing there, as with an ignored option",
        caught_by="the canary, asked of base and adapter before the first case",
        message="is not live (the canary equals the base model's ... so none is printed. Train it "
        "again",
    ),
    "F03": Failure(
        symptom="everything fails within a second",
        cause="the server lists a model that it cannot load, and answers 404",
        caught_by="readiness is a finished completion; without one nothing is scored",
        message="model or adapter did not load. Check both directories, and read the end of its "
        "log",
    ),
    "F04": Failure(
        symptom="the process lives and no request succeeds",
        cause="the thread that generates has died behind the web server",
        caught_by="a health check that asks for a token, and the canary at the end",
        message="The model server is up but does not generate ... replies from here on would be "
        "missing. Read the end of its log",
    ),
    "F05": Failure(
        symptom="the first answers come, then none",
        cause="a deadlock, or a pipe that nobody reads",
        caught_by="a deadline for each case; the server writes its log to a file",
        message="No reply from ... the case has no result. Look at the server's log; raise "
        "--eval-timeout for a slow model",
    ),
    "F06": Failure(
        symptom="the server is ready before it can have loaded anything",
        cause="somebody else's server answers on that port",
        caught_by="the port is looked at first, and the listening process must be ours",
        message="is taken by process ... Stop what listens there, or leave the port out to take a "
        "free one",
    ),
    "F07": Failure(
        symptom="memory stays full after a run",
        cause="the runner was killed and its server went on",
        caught_by="the server ends with its runner; what is left over is ended by the next start",
        message="1 model server was left running by a run that is gone: ended now.",
    ),
    "F08": Failure(
        symptom="a broken call looks like a broken server",
        cause="the server's parser raises on it and closes the connection",
        caught_by="the request is repeated with that parser off; the outcome is malformed",
        message="hold a call on which the server's parser fails: malformed, and the server lives. "
        "Read them",
    ),
    "F09": Failure(
        symptom="an adapter loads and answers nonsense",
        cause="it was trained from another base whose shapes happen to fit",
        caught_by="the base's fingerprint in the adapter's manifest",
        message="is another model ... the shapes may fit, the meaning does not. Name the base "
        "model with --model, or train the adapter from this one",
    ),
    "F10": Failure(
        symptom="an adapter loads and changes nothing",
        cause="its B matrices are all zero, or no layer matched",
        caught_by="a look at the weights before anything is started",
        message="has only zeros in its B matrices: it loads and changes nothing, so its scores "
        "would be the base model's. Train it again with a rank above 0",
    ),
    "F66": Failure(
        symptom="a few cases fail, and others in the next run",
        cause="a listen queue that overflows resets connections",
        caught_by="connections are opened in turn, kept, and repeated when no byte has come",
        message="closed the connection four times: the case has no result. Check that the server "
        "runs, and look at its log",
    ),
    "F67": Failure(
        symptom="all cases pass, and an agent never gets a call",
        cause="the server's parser reads another format than the model writes",
        caught_by="the delivered rate beside the score; serve and diagnose",
        message="that the server did not hand over: an agent would get none. Train the format of "
        "the chat template; punie-train diagnose shows both",
    ),
}
"""By id."""
