"""The checks of a fused or quantized model by name."""

from collections.abc import Collection, Mapping

from punie_train.checks.catalogue import Stage
from punie_train.checks.judgement import Judge, Judgement, judge
from punie_train.checks.live_reply import judge_loading
from punie_train.checks.made_model import replies, stored
from punie_train.checks.made_model.model import MadeModel
from punie_train.checks.result import CheckResult


def judge_server(model: MadeModel, judgement: Judgement) -> None:
    """Find a model that the real server does not load."""
    judge_loading(model.live(), judgement)


JUDGES: Mapping[str, Judge[MadeModel]] = {
    "kept-files": stored.judge_files,
    "stored-weights": stored.judge_stored,
    "signal": stored.judge_signal,
    "server-loads": judge_server,
    "generation-ends": replies.judge_end,
    "same-replies": replies.judge_replies,
    "smoke": replies.judge_smoke,
}


def judge_made(model: MadeModel, names: Collection[str]) -> Mapping[str, CheckResult]:
    """Return the results of the checks of these names, in the catalogue's order."""
    stage = Stage.POST_QUANTIZATION if model.quantized else Stage.POST_FUSION
    return judge(stage, names, JUDGES, model, model.path)
