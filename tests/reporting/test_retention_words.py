"""What is left of an adapter, in words: the table, and a warning for each measure that fell."""

from dataclasses import replace

import pytest

from punie_train.core.retention import (
    LayerRetention,
    ProbedReply,
    ReplyAgreement,
    Retention,
    SignalRetention,
)
from punie_train.reporting.retention_json import retention_json, retention_summary
from punie_train.reporting.retention_words import retention_lines, retention_warnings

LAYERS = tuple(
    LayerRetention(
        name=f"layers.{number}.q_proj", share=1.0, cosine=0.99 - number / 100, strength=0.1
    )
    for number in range(8)
)
SIGNAL = SignalRetention(share=1.002, cosine=0.98, strength=0.1, layers=LAYERS)


def reply(made: str = "a", *, bare: str | None = "b", ended: bool = True) -> ProbedReply:
    """Return a probe that the adapter answers with `a`."""
    return ProbedReply(
        prompt="p",
        reference="a",
        made=made,
        bare=bare,
        ended=ended,
        expected_to_end=True,
        common=1.0 if made == "a" else 0.25,
    )


def agreement(*replies: ProbedReply) -> ReplyAgreement:
    """Return the agreement with an adapter of a hostile name."""
    return ReplyAgreement(reference="v\x1b3", replies=replies)


def test_the_table_shows_all_and_the_worst() -> None:
    """Six rows and a head; what was not compared is named."""
    signal = replace(SIGNAL, unread=("x\x1b",), sampled=True)
    lines = retention_lines(Retention(signal=signal), width=80)
    assert lines[0].split() == [
        *["signal", "of", "the", "adapter", "kept", "share", "cosine", "effect/base"]
    ]
    assert lines[1].split() == [*["all", "8", "matrices", "1.002", "0.980", "10.0", "%"]]
    assert [line.split()[0] for line in lines[2:7]] == [
        f"layers.{number}.q_proj" for number in (7, 6, 5, 4, 3)
    ]
    assert lines[7] == "not compared: 1 matrix (x\\x1b)"
    assert "rows of the largest" in lines[8]


def test_replies_are_counted() -> None:
    """All, and those that the adapter changes; names are harmless."""
    replies = agreement(reply(), reply("c"), reply(bare="a"), reply(bare="a"))
    (line,) = retention_lines(Retention(replies=replies), width=80)
    assert line == (
        "replies: 3/4 as v\\x1b3, 1/2 where the adapter changes the reply; 81.2 % of the tokens"
        " before a difference; 4 ended"
    )
    without = agreement(reply(bare=None))
    (line,) = retention_lines(Retention(replies=without), width=80)
    assert "changes" not in line


@pytest.mark.parametrize(
    ("retention", "words"),
    [
        pytest.param(Retention(signal=SIGNAL, replies=agreement(reply())), [], id="whole"),
        pytest.param(Retention(), [], id="not measured"),
        pytest.param(
            Retention(signal=replace(SIGNAL, share=0.06, cosine=0.1)),
            ["only 6.0 % of the adapter's effect is left"],
            id="erased",
        ),
        pytest.param(
            Retention(signal=replace(SIGNAL, share=-0.1)), ["only 0 % of the"], id="opposite"
        ),
        pytest.param(
            Retention(signal=replace(SIGNAL, cosine=0.3)),
            ["noise is larger than the adapter's effect (cosine 0.300)"],
            id="drowned",
        ),
        pytest.param(
            Retention(replies=agreement(reply("c"), *[reply(bare="a")] * 9)),
            ["9/10 replies are those of v\\x1b3, 0/1 where the adapter changes the reply"],
            id="other replies",
        ),
        pytest.param(
            Retention(replies=agreement(*[reply()] * 9, reply("c", ended=False))),
            ["1 reply no longer ended by itself"],
            id="endless",
        ),
    ],
)
def test_warnings_come_with_the_remedy(retention: Retention, words: list[str]) -> None:
    """One for each measure below its threshold, none otherwise."""
    warnings = list(retention_warnings(retention, "Do that"))
    assert len(warnings) == len(words)
    for warning, word in zip(warnings, words, strict=True):
        assert word in warning
        assert "Do that. [F5" in warning


def test_json_holds_every_layer_and_reply() -> None:
    """With thresholds, so that a program can judge for itself."""
    told = retention_json(Retention(signal=SIGNAL, replies=agreement(reply("c"))), ["w"])
    assert len(told["signal"]["layers"]) == 8
    assert told["replies"]["same"] == 0
    assert told["replies"]["changed_by_adapter"] == 1
    assert told["replies"]["replies"][0]["made"] == "c"
    assert told["thresholds"] == {"share": 0.8, "cosine": 0.5, "agreement": 0.8}
    assert told["warnings"] == ["w"]
    assert retention_json(Retention(), [])["signal"] is None


def test_a_manifest_holds_one_number_a_measure() -> None:
    """And None for a measure that was not taken."""
    told = retention_summary(Retention(signal=SIGNAL, replies=agreement(reply(), reply("c"))))
    assert told == {"share": 1.002, "cosine": 0.98, "same_replies": 1, "probes": 2}
    assert set(retention_summary(Retention()).values()) == {None}
