"""The page of a dataset's numbers: histograms that add up, and nothing of the data as markup."""

import json
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from punie_train.dataset.inputs import open_dataset
from punie_train.dataset.stats import Spread, dataset_stats
from punie_train.reporting.histograms import MOST_BARS, bars, histogram
from punie_train.reporting.stats_page import stats_page

HOSTILE = "</title><script>alert(1)</script>\x1b[31m\u202e"


def spread(*numbers: int) -> Spread:
    """Return the numbers as they are counted."""
    value = Spread()
    for number in numbers:
        value.add(number)
    return value


@given(st.lists(st.integers(0, 10**7), min_size=1))
def test_every_number_is_in_one_bar(numbers: list[int]) -> None:
    """Bars follow each other without a gap, of one width."""
    found = bars(spread(*numbers))
    assert len(found) <= MOST_BARS + 1
    assert sum(bar.rows for bar in found) == len(numbers)
    assert found[0].low <= min(numbers) <= found[0].high
    assert found[-1].low <= max(numbers) <= found[-1].high
    assert all(one.high + 1 == other.low for one, other in pairwise(found))


def test_a_histogram_is_an_image_of_its_own() -> None:
    """It parses, says what each bar is, and is empty without numbers."""
    root = ElementTree.fromstring(histogram(spread(1, 2, 2, 9), unit="tokens"))  # noqa: S314
    titles = [one.text for one in root.iter("title")]
    assert titles == ["1 tokens: 1 row", "2 tokens: 2 rows", "9 tokens: 1 row"]
    assert not [one for one in root.iter() if "style" in one.attrib]
    assert histogram(spread(), unit="tokens") == ""


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    """Names of tools, roles and categories are shown, and nothing of them is markup."""
    call = {"function": {"name": HOSTILE, "arguments": {}}}
    row = {
        "messages": [
            {"role": HOSTILE, "content": HOSTILE},
            {"role": "assistant", "tool_calls": [call]},
        ],
        "tools": [{"function": {"name": HOSTILE}}],
        "category": HOSTILE,
    }
    (tmp_path / "train.jsonl").write_text(json.dumps(row) + "\n")
    splits = dataset_stats(open_dataset(tmp_path), lambda _: 12)
    page = stats_page(splits, data=f"data/{HOSTILE}", model=HOSTILE)
    assert "<script" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert page.count("&lt;script&gt;") >= 5
    assert "Tokens of a row" in page
    assert not re.search(r"(?:src|href)=|url\(|@import|style=", page)
    assert "default-src 'none'" in page


def test_what_was_not_counted_is_not_drawn(tmp_path: Path) -> None:
    """Without a model there are no tokens; unreadable lines and refused rows are said."""
    (tmp_path / "train.jsonl").write_text('{"text": "x"}\n{broken\n')
    plain = dataset_stats(open_dataset(tmp_path))
    page = stats_page(plain, data="d")
    assert "Tokens" not in page
    assert "1 unreadable" in page
    assert "tokens" not in plain["train"].to_json()
    counted = dataset_stats(open_dataset(tmp_path), lambda _: None)
    assert "1 refused by the chat template" in stats_page(counted, data="d")
    assert counted["train"].to_json()["without_tokens"] == 1
