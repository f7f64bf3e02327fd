"""B14: the checks of fused and quantized models on real ones, behind real servers."""

from collections.abc import Callable
from pathlib import Path

import pytest

from punie_train.checks.catalogue import Stage
from punie_train.checks.limits import CheckLimits
from punie_train.core.settings import Settings
from punie_train.workflows.check_plan import Artifact, CheckPlan, run_checks
from punie_train.workflows.check_servers import CheckServers
from punie_train.workflows.convert import MadeModel

V2 = Path(__file__).parents[3] / "adapters/v2"
PROBES = 12


@pytest.mark.slow
def test_too_few_bits_lose_the_adapter(
    tmp_path: Path,
    fused: Callable[..., MadeModel],
    quantized: Callable[..., MadeModel],
) -> None:
    """B14, F53: adapters/v2 fused and at 6 bits behaves as on its base, at 2 bits it does not."""
    settings = Settings(root=tmp_path, active=True)
    servers = CheckServers(settings, PROBES)
    plan = CheckPlan(settings=settings, limits=CheckLimits(probes=PROBES), servers=servers)
    names = ("stored-weights", "signal", "same-replies", "server-loads", "smoke")

    def found(stage: Stage, path: Path) -> dict[str, list[str]]:
        results = run_checks(Artifact(stage=stage, path=path, name=path.name), names, plan)
        assert all(each.skipped is None for each in results.values())
        return {name: [code.rule.code for code in each.codes] for name, each in results.items()}

    try:
        whole = fused(V2, tmp_path / "fused").path
        assert found(Stage.POST_FUSION, whole) == {name: [] for name in names[:-1]}
        good = quantized(str(whole), tmp_path / "q6", bits=6).path
        assert found(Stage.POST_QUANTIZATION, good) == {name: [] for name in names}
        bad = quantized(str(whole), tmp_path / "q2", bits=2).path
        lost = found(Stage.POST_QUANTIZATION, bad)
    finally:
        servers.close()
    assert (lost["signal"], lost["same-replies"]) == (["signal-drowned"], ["other-replies"])
    assert (lost["stored-weights"], lost["server-loads"]) == ([], [])
