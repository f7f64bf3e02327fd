"""The checks of a trained adapter by name."""

from collections.abc import Collection, Mapping

from punie_train.checks.catalogue import Stage
from punie_train.checks.judgement import Judge, Judgement, judge
from punie_train.checks.live_reply import judge_attestation, judge_loading
from punie_train.checks.post_training import artifact, losses
from punie_train.checks.post_training.adapter import TrainedAdapter
from punie_train.checks.result import CheckResult


def judge_live(adapter: TrainedAdapter, judgement: Judgement) -> None:
    """Find an adapter that does not change the base's log-probabilities."""
    live = adapter.live()
    if live.error is not None:
        judgement.refused(live.error)
    elif live.attestation is None:
        judgement.skip("no server was asked")
    else:
        judge_attestation(live.attestation, judgement)


def judge_server(adapter: TrainedAdapter, judgement: Judgement) -> None:
    """Find an adapter that the real server does not load."""
    judge_loading(adapter.live(), judgement)


JUDGES: Mapping[str, Judge[TrainedAdapter]] = {
    "adapter-files": artifact.judge_files,
    "base-model": artifact.judge_base,
    "as-asked": artifact.judge_shape,
    "weights": artifact.judge_weights,
    "loss": losses.judge_loss,
    "overfitting": losses.judge_overfitting,
    "adapter-is-live": judge_live,
    "server-loads": judge_server,
}


def judge_adapter(adapter: TrainedAdapter, names: Collection[str]) -> Mapping[str, CheckResult]:
    """Return the results of the checks of these names, in the catalogue's order."""
    return judge(Stage.POST_TRAINING, names, JUDGES, adapter, adapter.path)
