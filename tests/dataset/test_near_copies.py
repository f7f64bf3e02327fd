"""In the standard library with planted copies no near pair is missed, and none invented."""

import random
import re
from collections import Counter

import pytest

from punie_train.dataset.near_copies import near_copies, shingled, similar_pairs

PLANTED = 400


@pytest.fixture(scope="module")
def texts(functions: list[str]) -> list[str]:
    """Return functions and copies of some, each with up to an eighth of its words changed."""
    draw = random.Random(2)
    copies = []
    for source in draw.sample([one for one in functions if len(one) < 4000], PLANTED):
        words = re.split(r"(\W+)", source)
        for _ in range(draw.randrange(1 + len(words) // 80)):
            words[draw.randrange(0, len(words), 2)] = f"changed{draw.randrange(1000)}"
        copies.append("".join(words))
    texts = functions + copies
    draw.shuffle(texts)
    return texts


def truth(texts: list[str], threshold: float) -> dict[tuple[int, int], float]:
    """Return every pair at or above the threshold by counting the shared runs of all pairs."""
    runs = [five_word_runs(text) for text in texts]
    holders: dict[tuple[str, ...], list[int]] = {}
    pairs = {}
    for position, mine in enumerate(runs):
        shared = Counter(other for run in mine for other in holders.get(run, ()))
        for other, number in shared.items():
            if (similarity := number / (len(mine) + len(runs[other]) - number)) >= threshold:
                pairs[other, position] = similarity
        for run in mine:
            holders.setdefault(run, []).append(position)
    return pairs


def five_word_runs(text: str) -> set[tuple[str, ...]]:
    """Return the runs as tuples of words, without hashing."""
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[at : at + 5]) for at in range(max(1, len(words) - 4))} if words else set()


@pytest.mark.parametrize("threshold", [0.5, 0.8, 0.95, 1.0])
def test_every_near_pair_is_found_and_none_is_false(texts: list[str], threshold: float) -> None:
    """Recall and precision are 1 at any threshold, with the exact similarity."""
    true = truth(texts, threshold)
    assert len(true) > PLANTED / 8
    with shingled(texts) as store:
        found = {
            (pair.first, pair.second): pair.similarity for pair in similar_pairs(store, threshold)
        }
    assert found == true


def test_what_is_kept_has_no_near_pair_and_what_goes_has_one(texts: list[str]) -> None:
    """Nothing goes for its likeness to a text that goes itself."""
    true = truth(texts, 0.8)
    with shingled(texts) as store:
        copies = {pair.second: pair.first for pair in near_copies(store, 0.8)}
    kept = set(range(len(texts))) - set(copies)
    assert len(copies) > PLANTED / 2
    assert set(copies.values()) <= kept
    assert all((first, second) in true for second, first in copies.items())
    assert not [pair for pair in true if set(pair) <= kept]


def test_different_texts_stay() -> None:
    """Texts around one template are no near copies when what fills it is long enough."""
    template = "please open the file and tell me what the function in it does"
    texts = [f"{template} {' '.join(f'name{n}x{i}' for i in range(20))}" for n in range(50)]
    with shingled(texts) as store:
        assert list(near_copies(store)) == []


def test_texts_of_few_words_are_compared_whole() -> None:
    """Under five words all of it is one run; no words at all are like nothing."""
    with shingled(["Read it", "read it!", "read that", "", "?"]) as store:
        pairs = list(near_copies(store))
    assert [(pair.first, pair.second) for pair in pairs] == [(0, 1)]


def test_many_copies_of_few_texts_stay_cheap() -> None:
    """5,000 copies are found by comparing with what is kept, not with each other."""
    texts = [
        f"{'one two three four five six seven ' * 3}{n % 5} end of it all" for n in range(5000)
    ]
    with shingled(texts) as store:
        assert len(list(near_copies(store, 0.99))) == 4995
