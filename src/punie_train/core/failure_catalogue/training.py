"""Failures of training, fusing and quantizing."""

from punie_train.core.failure_catalogue.failure import Failure

TRAINING = {
    "F50": Failure(
        symptom="a search over ranks finds no difference",
        cause="the rank never reached the trainer",
        caught_by="weights and configuration are compared with what was asked",
        message="the trained adapter is not what was asked for ... its scores would be those of "
        "another configuration. Report this with the version of mlx-lm",
    ),
    "F51": Failure(
        symptom="a run without a loss curve",
        cause="console text was read, and its format changed",
        caught_by="metrics come from mlx-lm's callback, and none is an error",
        message="the run reported no training loss: nobody can say what it learned, so it counts "
        "as failed. Give at least as many --iters as --report-every",
    ),
    "F52": Failure(
        symptom="training loss falls and validation loss rises",
        cause="overfitting",
        caught_by="it is said, --patience ends the run, and the best weights are kept",
        message="Overfitting: validation loss rose from ... the better weights are kept. Train for "
        "fewer iterations, or on more rows. [F52]",
    ),
    "F53": Failure(
        symptom="what was trained is gone in the fused model",
        cause="the sum was rounded to the few bits of the base",
        caught_by="signal retention, measured for every fused model",
        message="of the adapter's effect is left in the weights: rounding took the rest, and what "
        "it was trained for may be gone. Leave out --no-dequantize",
    ),
    "F54": Failure(
        symptom="a fused model never ends its reply",
        cause="its end token got lost",
        caught_by="files, template and end tokens are compared with the source's",
        message="the new model differs from ... its end tokens ... it would not be asked or not "
        "stop as the model it was made from",
    ),
    "F55": Failure(
        symptom="half an adapter",
        cause="training was killed",
        caught_by="the manifest comes last; an unfinished run is kept apart and goes on",
        message="an unfinished run to ... a new one would throw it away. Give --resume to go on "
        "with it, or --force to begin again.",
    ),
    "F56": Failure(
        symptom="weights that load and are not whole",
        cause="the disk was full while they were saved",
        caught_by="files are written aside and renamed, and their length is checked",
        message="is not a whole safetensors file ... its weights cannot be used. Restore the file, "
        "or make it again",
    ),
    "F57": Failure(
        symptom="better with tools, worse at everything else",
        cause="the adapter made the model forget",
        caught_by="the forgetting probe and its gate",
        message="REGRESSED against base ... the adapter made it forget. Mix rows without tools "
        "into the data, or train less",
    ),
    "F58": Failure(
        symptom="an adapter that is not the one that was measured",
        cause="another run wrote into its directory",
        caught_by="a lock, and no output that holds something without --force",
        message="is not empty: an adapter would be overwritten. Give another --output, or --force "
        "to replace it.",
    ),
}
"""By id."""
