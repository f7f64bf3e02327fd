"""What findings say of imperfect data is true; of its healthy sibling they say nothing."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from punie_train.checks.limits import read_limits
from punie_train.checks.measured import Histogram, Share
from punie_train.checks.result import CheckResult
from punie_train.core.settings import Settings
from punie_train.workflows.check_data import check_data
from punie_train.workflows.check_plan import CheckPlan

Row = dict[str, Any]
Checked = Callable[..., CheckResult]


@pytest.fixture
def checked(tmp_path: Path) -> Checked:
    """Return a function that writes splits as a dataset and returns one check's result."""

    def check(
        name: str,
        *,
        limits: Mapping[str, Any] | None = None,
        run: str | None = None,
        **splits: Sequence[Row],
    ) -> CheckResult:
        for split, rows in splits.items():
            lines = "".join(json.dumps(row) + "\n" for row in rows)
            (tmp_path / f"{split}.jsonl").write_text(lines)
        settings = Settings(root=tmp_path, active=True)
        config = tmp_path / "run.yaml"
        config.write_text(run or "")
        plan = CheckPlan(
            settings=settings,
            limits=read_limits(limits or {}),
            run_config=config if run is not None else None,
        )
        return check_data(tmp_path, [name], plan)[name]

    return check


def said(*contents: str, system: str = "") -> Row:
    """Return a row in which user and assistant speak in turn."""
    roles = ("user", "assistant") * len(contents)
    turns = [{"role": role, "content": text} for role, text in zip(roles, contents, strict=False)]
    return {"messages": [{"role": "system", "content": system}, *turns] if system else turns}


def facts(result: CheckResult) -> dict[str, list[str]]:
    """Return what was found, by code."""
    return {code.rule.code: [each.fact for each in code.first] for code in result.codes}


def share(result: CheckResult, name: str) -> tuple[int, int] | None:
    """Return a measured share as part and whole, None where it was not measured."""
    shares = [one for one in result.measured if isinstance(one, Share) and one.name == name]
    return (shares[0].part, shares[0].whole) if shares else None


CUT = '```json\n{"name": "get_news",\n "arguments": "{\\"category\\": \\"tech"\n}\n```'
ESCAPED = '```json\n{"name": "run_command", "arguments": {"command": "grep \\w"}}\n```'
SINGLE = '<functioncall> {"name": "get_news", "arguments": \'{"category": "tech"}\'}'
WHOLE = '```json\n{"name": "run_command", "arguments": {"command": "ls"}}\n```'


@pytest.mark.parametrize("broken", [CUT, ESCAPED, SINGLE], ids=["cut", "escaped", "quoted"])
def test_a_call_that_cannot_be_read_is_no_direct_answer(broken: str, checked: Checked) -> None:
    """A row that is meant as a call counts as one in the balance, and is named."""
    result = checked("balance", train=[said(f"News of {n}?", broken) for n in range(8)])
    assert facts(result)["tool-share"][0].startswith("100.0% of 8 training rows call a tool")
    assert share(result, "training rows that only answer") == (0, 8)
    assert share(result, "training rows with a call nobody can read") == (8, 8)


def test_readable_calls_and_answers_are_counted_as_such(checked: Checked) -> None:
    """Nothing is said of unreadable calls where there are none."""
    rows = [said(f"List {n}", WHOLE) for n in range(4)] + [said(f"Why {n}?", "So.") for n in (1, 2)]
    result = checked("balance", train=rows)
    assert not facts(result)
    assert share(result, "training rows that only answer") == (2, 6)
    assert share(result, "training rows with a call nobody can read") is None


def test_an_unreadable_call_is_shown(checked: Checked) -> None:
    """The message holds the call, far enough to see what is wrong with it."""
    result = checked("calls-parse", train=[said("News?", CUT), said("Find w", ESCAPED)])
    cut, escaped = facts(result)["call-unreadable"]
    assert "the arguments of get_news are not an object: " in cut
    assert "category" in cut
    assert "invalid JSON (Invalid \\escape): " in escaped
    assert "grep" in escaped
    assert "call-unreadable" not in facts(checked("calls-parse", train=[said("List", WHOLE)]))


ENCODED = '{"name": "run_command", "arguments": "{\\"command\\": \\"ls\\"}"}'
OBJECT = '{"name": "run_command", "arguments": {"command": "ls"}}'
NAMES_ONLY = "Such a call is an object with a name, and arguments that are an object too."
XML = "<tool_call>\n<function=write_file>\n<parameter=path>\na.json\n</parameter>\n"
XML += f"<parameter=content>\n{ENCODED}\n</parameter>\n</function>\n</tool_call>"


@pytest.mark.parametrize(
    ("answer", "encoded"),
    [
        (CUT, True),
        (SINGLE, True),
        (f"```json\n{ENCODED}\n```", True),
        (f"<tool_call>\n{ENCODED}\n</tool_call>", True),
        (f"```json\n{OBJECT}\n```", False),
        (f"<tool_call>\n{OBJECT}\n</tool_call>", False),
        (XML, False),
        (ESCAPED, False),
        (NAMES_ONLY, False),
    ],
    ids=["cut", "quoted", "fence", "hermes", "fence-", "hermes-", "xml-", "escaped-", "words-"],
)
def test_written_arguments_are_objects(answer: str, encoded: bool, checked: Checked) -> None:
    """F39 in text: a string where the object should be; in a value of a call it is content."""
    result = checked("arguments-objects", train=[said("List", answer)])
    found = [code for code in result.codes if code.rule.code == "written-arguments-as-text"]
    assert [(code.rule.failure, code.first[0].line) for code in found] == [("F39", 1)] * encoded
    assert len(result.codes) == encoded


LONG = "You are a helpful assistant with access to the following functions. Use them if required: "


def test_long_system_prompts_are_told_apart(checked: Checked) -> None:
    """Of prompts with the same beginning the message shows where they differ."""
    rows = [
        said("Hi", "Yes", system=f"{LONG}{name} of the day") for name in ("news", "song", "song")
    ]
    result = checked("system-prompt", train=rows)
    (fact,) = facts(result)["several-system-prompts"]
    assert fact.startswith("1 row has the system prompt '...")
    assert "news of the day" in fact
    assert "2 rows have" in fact
    assert "song of the day" in fact
    (labels,) = [one.parts for one in result.measured if isinstance(one, Histogram)]
    assert len({name for name, _ in labels}) == 2
    assert not facts(checked("system-prompt", train=rows[1:]))


def test_rows_without_a_system_prompt_are_named_so(checked: Checked) -> None:
    """Having none is said in words."""
    rows = [said("a", "b"), *(said("a", "b", system="Be short.") for _ in range(2))]
    (fact,) = facts(checked("system-prompt", train=rows))["several-system-prompts"]
    assert fact == "1 row has no system prompt, 2 rows have the system prompt 'Be short.'"


@pytest.mark.parametrize(
    ("marked", "empty"),
    [
        ("Tool result: ", True),
        ("<tool_response>\n</tool_response>", True),
        ("<tool_result></tool_result>", True),
        ("Tool result: 0 errors", False),
        ("<tool_result>ok</tool_result>", False),
        ("<tool_response>\nok\n</tool_response>", False),
    ],
)
def test_empty_results_in_text_are_found(marked: str, empty: bool, checked: Checked) -> None:
    """A result that the user's turn holds counts like one of the role tool: one is a warning."""
    rows = [
        said("Run a", WHOLE, marked, "Done."),
        *[said("Run", WHOLE, "Tool result: b", "B.")] * 2,
    ]
    result = checked("content", train=rows)
    assert result.passed
    assert facts(result) == ({"empty-result": ["message 3: the result is empty"]} if empty else {})


WORDS = " ".join(f"word{n}" for n in range(60))


def test_a_near_copy_in_another_split_is_asked_again(checked: Checked) -> None:
    """Its warning is about the split, not about weight; in the same split it is about weight."""
    one, other = said("Tell me", WORDS), said("Tell me", f"{WORDS} more")
    across = checked("near-duplicates", train=[one], valid=[other])
    assert set(facts(across)) - {"many-duplicates"} == {"near-copy-across-splits"}
    assert across.warnings[0].rule.failure == "F40"
    within = checked("near-duplicates", train=[one, other], valid=[said("Why?", "So.")])
    assert set(facts(within)) - {"many-duplicates"} == {"duplicate"}


def test_one_row_is_no_rows(checked: Checked) -> None:
    """Numbers and verbs agree."""
    found = facts(checked("trainer-reads", train=[said("a", "b")], valid=[said("c", "d")] * 2))
    assert found["smaller-than-batch"] == [
        "1 row does not fill one batch of 4",
        "2 rows do not fill one batch of 4",
    ]
    assert found["few-training-rows"] == ["1 training row, fewer than 40"]


def numbered(number: int, word: str = "lists") -> Row:
    """Return a row as a careless generator numbers it, in question and code."""
    code = f"# Check pattern {number}\nprint('{word}')"
    return said(f"Explain {word} (question {number})", f"So:\n{code}\n")


def test_rows_that_differ_by_their_mark_are_copies(checked: Checked) -> None:
    """Without the marks they are the same row; rows that say something else are not."""
    copies = checked("markers", train=[numbered(1), numbered(2), numbered(3), numbered(4, "sets")])
    assert facts(copies)["numbered-copies"] == [
        "2 rows repeat another but for its mark (train.jsonl:2 is then the same as train.jsonl:1)"
    ]
    assert share(copies, "rows that repeat another but for the mark") == (2, 4)
    others = checked("markers", train=[numbered(1), numbered(2, "sets"), said("Why?", "So.")])
    assert set(facts(others)) == {"generator-mark"}


UNKNOWN = WHOLE.replace("run_command", "book_flight")


def test_a_call_of_a_tool_that_nobody_offers_is_named(checked: Checked) -> None:
    """In a row without tools a call in text is one of the agent's, or of a tool it is told of."""
    wrong = WHOLE.replace('"command"', '"cmd"')
    train = [said("Fly", UNKNOWN, "Tool result: 1", UNKNOWN), said("List", wrong)]
    result = checked("calls-fit", train=train)
    unknown, *misfits = facts(result)["written-call-unknown"]
    assert result.passed
    assert unknown.startswith("calls 'book_flight'; the row offers no tools")
    assert misfits
    assert all(fact.startswith("call of 'run_command': ") for fact in misfits)
    told = said("Fly", UNKNOWN, system='You may call {"name": "book_flight"}.')
    assert not facts(checked("calls-fit", train=[told, said("List", WHOLE), said("Why?", "So.")]))


@pytest.mark.parametrize(
    ("calls", "answers", "lacking"),
    [
        (17, 3, "; 2 more rows that only answer would do"),
        (81, 20, "; 1 more row that only answer would do"),
        (1, 19, "; 2 more rows that call one would do"),
        (80, 20, None),
        (2, 18, None),
    ],
)
def test_the_balance_says_how_many_rows_are_lacking(
    calls: int, answers: int, lacking: str | None, checked: Checked
) -> None:
    """With so many more rows the check passes; the limits themselves are within."""
    train = [said(f"List {n}", WHOLE) for n in range(calls)]
    train += [said(f"Why {n}?", "So.") for n in range(answers)]
    found = facts(checked("balance", train=train)).get("tool-share")
    assert found is None if lacking is None else found and found[0].endswith(lacking)


MASKED = "mask_prompt: true\nbatch_size: 4\n"


def test_text_has_no_prompt_to_mask(checked: Checked) -> None:
    """The trainer stops at `text` rows with a mask; without it, or with messages, it does not."""
    text = {"text": "<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\nb<|im_end|>"}
    splits = {"train": [text] * 40, "valid": [text] * 4, "test": [text] * 4}
    masked = checked("trainer-reads", run=MASKED, **splits)
    assert facts(masked) == {"masked-text": ["a row with text has no prompt to mask"] * 2}
    assert masked.codes[0].first[0].line == 1
    assert not facts(checked("trainer-reads", run="batch_size: 4\n", **splits))
    rows = {"train": [said("a", "b")] * 40, "valid": [said("a", "b")] * 4}
    assert not facts(checked("trainer-reads", run=MASKED, **rows, test=[said("c", "d")]))


def test_rows_cut_for_each_answer_are_told(checked: Checked) -> None:
    """What is counted is said, and a line is named once, however many answers it has."""
    rows = [said(f"List {n}", WHOLE, "Tool result: b", "B.", "More?", "No.") for n in range(3)]
    cut = {"one-row-per-turn": True}
    (fact,) = facts(checked("batches", train=rows, run=MASKED, limits=cut))["never-trained"]
    assert fact == "1 of 9 rows (one for each answer) fills no batch of 4 and is dropped (line 3)"
    (fact,) = facts(checked("batches", train=[*rows, *rows], run=MASKED))["never-trained"]
    assert fact == "2 of 6 rows fill no batch of 4 and are dropped (line 5, line 6)"
    masking = checked("prompt-masking", train=rows, run=MASKED, limits=cut)
    assert share(masking, "calls trained in rows of their own") == (3, 3)
    assert share(checked("prompt-masking", train=rows, run=MASKED), "calls masked") == (3, 3)


def test_tools_that_a_row_is_told_of_in_words_are_its_own(checked: Checked) -> None:
    """Its own `run_command` need not be the agent's; part of a name is not told."""
    own = WHOLE.replace('"command"', '"cmd"')
    told = said("List", own, system='You may call {"name": "run_command", "parameters": ["cmd"]}.')
    asked = said('You have {"name": "book_flight"}. Fly', UNKNOWN)
    assert not facts(checked("calls-fit", train=[told, asked]))
    part = said("Fly", UNKNOWN, system='You may call {"name": "book_flights"}.')
    assert set(facts(checked("calls-fit", train=[part]))) == {"written-call-unknown"}


def test_a_definition_is_no_call(checked: Checked) -> None:
    """An answer that shows how a tool is defined calls nothing; the call in its place does."""
    parameters = '"parameters": {"type": "object", "properties": {}}'
    shown = f'{{"type": "function", "function": {{"name": "f", {parameters}}}}}'
    called = '{"name": "f", "arguments": {"type": "object"'
    result = checked("balance", train=[said("Define f", shown), said("Call f", called)])
    assert share(result, "training rows that call a tool") == (1, 2)
    assert not facts(checked("calls-parse", train=[said("Define f", shown)]))


def test_prompts_that_differ_in_white_space_are_said_to(checked: Checked) -> None:
    """Two system prompts that look alike are told apart in words."""
    train = [said("Hi", "Hello.", system=text) for text in ("Be short.", "Be  short.")]
    (fact,) = facts(checked("system-prompt", train=train))["several-system-prompts"]
    assert fact.count("(in other white space)") == 2
    other = [said("Hi", "Hello.", system=text) for text in ("Be short.", "Be long.")]
    (fact,) = facts(checked("system-prompt", train=other))["several-system-prompts"]
    assert "white space" not in fact
