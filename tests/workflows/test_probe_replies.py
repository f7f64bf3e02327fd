"""Probes are spread over a project's cases; replies are compared token by token."""

from pathlib import Path

import pytest

from punie_train.core.completions import Completion
from punie_train.core.settings import Settings
from punie_train.evals.yaml_values import CaseFileError
from punie_train.workflows.probe_replies import (
    PROMPTS,
    Probe,
    agreement,
    choose_probes,
    common_share,
)

CASES = "suite: s\ndefaults: {category: general, expect: {no_call: true}}\ncases:\n" + "".join(
    f"  - {{id: c{number}, prompt: p{number}}}\n" for number in range(10)
)


def completion(*ids: int, reason: str = "stop") -> Completion:
    """Return a reply of these tokens."""
    return Completion(
        text="".join(map(chr, ids)),
        content=None,
        delivered=(),
        finish_reason=reason,
        prompt_tokens=1,
        completion_tokens=len(ids),
        queue_seconds=0.0,
        generation_seconds=0.0,
        token_ids=ids,
    )


def prompts(root: Path, count: int) -> list[str]:
    """Return what is asked in a project."""
    return [probe.prompt for probe in choose_probes(Settings(root=root), count)]


def test_probes_are_the_projects_cases(tmp_path: Path) -> None:
    """Evenly spread; all when there are fewer than asked for."""
    (tmp_path / "evals").mkdir()
    (tmp_path / "evals/s.yaml").write_text(CASES)
    assert prompts(tmp_path, 3) == ["p0", "p3", "p6"]
    assert prompts(tmp_path, 99) == [f"p{number}" for number in range(10)]
    (tmp_path / "evals/s.yaml").write_text(CASES + "  - {id: x}\n")
    with pytest.raises(CaseFileError):
        prompts(tmp_path, 3)


def test_without_cases_there_are_built_in_ones(tmp_path: Path) -> None:
    """None when none are wanted."""
    assert prompts(tmp_path, 99) == list(PROMPTS)
    assert prompts(tmp_path, 0) == []


@pytest.mark.parametrize(
    ("made", "share"),
    [((65, 66, 67, 68), 1.0), ((65, 66, 70, 68), 0.5), ((65, 66), 0.5), ((70,), 0.0), ((), 0.0)],
)
def test_common_tokens_are_those_before_the_first_difference(
    made: tuple[int, ...], share: float
) -> None:
    """Of the longer reply."""
    assert common_share(completion(65, 66, 67, 68), completion(*made)) == share


def test_replies_are_told_apart() -> None:
    """Same, changed by the adapter, kept, and without an end."""
    probes = [Probe(messages=(), tools=())] * 3
    a, b = completion(65), completion(66)
    found = agreement(
        probes,
        name="v1",
        reference=[a, a, a],
        made=[a, b, completion(67, reason="length")],
        bare=[b, b, a],
    )
    assert (found.same, found.telling, found.kept, found.endless) == (1, 2, 1, 1)
    assert found.differs
    alone = agreement(probes, name="v1", reference=[a, a, a], made=[a, a, a], bare=None)
    assert (alone.same, alone.telling, alone.endless) == (3, 0, 0)
    assert not alone.differs
