"""Case files: what they mean, and what is said of a bad one."""

from pathlib import Path

import pytest

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.messages import ToolCall
from punie_train.evals.case import AnyOf, ExpectedCall, Suite
from punie_train.evals.case_files import check_unique_ids, load_suite
from punie_train.evals.yaml_values import CaseFileError

GOOD = """\
suite: demo
defaults: {category: tool_calling, tags: [new-phrasing]}
cases:
  - id: read-readme
    prompt: Show me docs/intro.md
    expect:
      calls:
        - read_file: {path: {any_of: [docs/intro.md, ./docs/intro.md]}}
  - id: lint
    category: field_access
    tags: [known-phrasing, ruff]
    prompt: How many violations?
    expect:
      code: [{ruff_check: {path: a.py}}]
      fields: [ruff_check.success, [ruff_check.violation_count, ruff_check.violations]]
  - id: loop
    messages:
      - {role: system, content: Be brief.}
      - {role: user, content: Start it.}
      - {role: assistant, tool_calls: [{run_command: {command: make}}]}
      - {role: tool, name: run_command, content: '{"terminal_id": "t-1"}'}
    results: {get_terminal_output: [one, two], kill_terminal: done}
    max_turns: 3
    expect: {calls: [{kill_terminal: {terminal_id: t-1}}]}
  - id: other-tools
    tools:
      - read_file
      - {type: function, function: {name: add, parameters: {properties: {n: {type: integer}}}}}
      - {name: ping}
    prompt: Add 3.
    expect: {calls: [{add: {n: 3}}, {ping: }]}
  - id: talk
    prompt: What is a tuple?
    expect: {no_call: true, keywords: [fixed, [immutable, constant]]}
"""


def _load(tmp_path: Path, text: str) -> Suite:
    path = tmp_path / "cases.yaml"
    path.write_text(text, encoding="utf-8")
    return load_suite(path)


def _one(body: str) -> str:
    return f"suite: demo\ncases:\n  - id: one\n    category: general\n{body}"


def test_a_suite_is_read(tmp_path: Path) -> None:
    """Every kind of expectation, conversation and tool list becomes a value."""
    suite = _load(tmp_path, GOOD)
    assert suite.name == "demo"
    read, lint, loop, other, talk = suite.cases
    assert read.expect.calls == (
        ExpectedCall(
            name="read_file", arguments={"path": AnyOf(values=("docs/intro.md", "./docs/intro.md"))}
        ),
    )
    assert (read.category, read.tags, read.line) == ("tool_calling", ("new-phrasing",), 4)
    assert read.tools == AGENT_TOOLS
    assert lint.expect.fields[1] == ("ruff_check.violation_count", "ruff_check.violations")
    assert lint.tags == ("known-phrasing", "ruff")
    assert [message.role for message in loop.messages] == ["system", "user", "assistant", "tool"]
    assert loop.messages[2].tool_calls == (
        ToolCall(name="run_command", arguments={"command": "make"}),
    )
    assert loop.results == {"get_terminal_output": ("one", "two"), "kill_terminal": ("done",)}
    assert loop.max_turns == 3
    assert [tool.name for tool in other.tools] == ["read_file", "add", "ping"]
    assert other.expect.calls[1] == ExpectedCall(name="ping", arguments={})
    assert talk.expect.no_call
    assert talk.expect.keywords == (("fixed",), ("immutable", "constant"))


def test_tools_of_the_file_are_the_default(tmp_path: Path) -> None:
    """Tools at the top hold for every case that names none."""
    body = "    prompt: p\n    expect: {no_call: true}\n"
    suite = _load(tmp_path, _one(body).replace("cases:", "tools: [read_file]\ncases:"))
    assert [tool.name for tool in suite.cases[0].tools] == ["read_file"]


BAD = [
    ("unknown-key", _one("    promt: x\n    expect: {no_call: true}"), 5, "Did you mean 'prompt'?"),
    ("far-off-key", _one("    zzz: x\n    expect: {no_call: true}"), 5, "Use one of: category"),
    ("unknown-expect", _one("    prompt: x\n    expect: {cals: []}"), 6, "Did you mean 'calls'?"),
    ("repeated-key", _one("    prompt: x\n    prompt: y"), 6, "stands twice"),
    ("missing-id", "suite: demo\ncases:\n  - prompt: x", 3, "has no 'id'"),
    ("missing-suite", "cases: []", 1, "has no 'suite'"),
    ("missing-expect", _one("    prompt: x"), 3, "has no 'expect'"),
    (
        "missing-category",
        "suite: d\ncases: [{id: a, prompt: x, expect: {no_call: true}}]",
        2,
        "'category'",
    ),
    (
        "aliases-without-end",
        "x: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
        + "".join(f"x{n}: &{'abcdefg'[n]} [{f'*{chr(96 + n)}, ' * 10}]\n" for n in range(1, 7)),
        1,
        "more than 1,000,000 values",
    ),
    ("an-alias-of-itself", "suite: demo\ncases: &a [*a]", 1, "more than 1,000,000 values"),
    ("no-cases", "suite: demo\ncases: []", 2, "no case"),
    ("bad-slug", "suite: demo\ncases: [{id: Read Me!}]", 2, "Write 'read-me'"),
    ("id-of-numbers", "suite: demo\ncases: [{id: 12}]", 2, "Put it in quotes"),
    (
        "same-id-twice",
        _one("    prompt: x\n    expect: {no_call: true}\n")
        + "  - {id: one, category: general, prompt: y, expect: {no_call: true}}",
        7,
        "cases.yaml:3",
    ),
    ("wrong-type", _one("    prompt: [x]\n    expect: {no_call: true}"), 5, "a list where text"),
    ("blank-prompt", _one("    prompt: ''\n    expect: {no_call: true}"), 5, "blank"),
    ("no-prompt", _one("    expect: {no_call: true}"), 3, "neither a prompt nor messages"),
    (
        "prompt-and-messages",
        _one("    prompt: x\n    messages: []\n    expect: {no_call: true}"),
        3,
        "both",
    ),
    ("cases-not-a-list", "suite: demo\ncases: x", 2, "text where a list"),
    ("case-not-a-mapping", "suite: demo\ncases: [x]", 2, "text where a mapping"),
    ("top-not-a-mapping", "- x", 1, "a list where a mapping"),
    ("empty-file", "# nothing\n", 1, "is empty"),
    ("not-yaml", "suite: demo\ncases: ]", 2, "not valid YAML"),
    ("control-character", "suite: \x01", 1, "not valid YAML"),
    ("bad-suite-name", "suite: My Suite\ncases: []", 1, "not a plain name"),
    (
        "near-category",
        _one("    prompt: x\n    expect: {no_call: true}").replace("general", "tool_caling"),
        4,
        "Did you mean 'tool_calling'?",
    ),
    (
        "unknown-tool",
        _one("    prompt: x\n    expect: {calls: [{read_fil: {path: a}}]}"),
        6,
        "Did you mean 'read_file'?",
    ),
    (
        "tool-not-offered",
        _one(
            "    prompt: x\n    tools: [read_file]\n"
            "    expect: {calls: [{kill_terminal: {terminal_id: a}}]}"
        ),
        7,
        "unknown tool 'kill_terminal'",
    ),
    (
        "unknown-argument",
        _one("    prompt: x\n    expect: {calls: [{read_file: {pth: a}}]}"),
        6,
        "Did you mean 'path'?",
    ),
    (
        "no-arguments-taken",
        _one("    prompt: x\n    tools: [{name: ping}]\n    expect: {calls: [{ping: {a: 1}}]}"),
        7,
        "It takes none",
    ),
    (
        "missing-argument",
        _one("    prompt: x\n    expect: {calls: [{read_file: {}}]}"),
        6,
        "lacks the argument 'path'",
    ),
    (
        "argument-type",
        _one("    prompt: x\n    expect: {calls: [{read_file: {path: 12}}]}"),
        6,
        "Put it in quotes",
    ),
    (
        "argument-bool-for-integer",
        _one(
            "    prompt: x\n"
            "    tools: [{name: f, parameters: {properties: {n: {type: integer}}}}]\n"
            "    expect: {calls: [{f: {n: true}}]}"
        ),
        7,
        "a value of type integer",
    ),
    (
        "argument-date",
        _one(
            "    prompt: x\n    tools: [{name: f, parameters: {properties: {n: {}}}}]\n"
            "    expect: {calls: [{f: {n: 2024-01-01}}]}"
        ),
        7,
        "a date where text belongs",
    ),
    (
        "empty-any-of",
        _one("    prompt: x\n    expect: {calls: [{read_file: {path: {any_of: []}}}]}"),
        6,
        "no alternative",
    ),
    (
        "two-tools-in-one-entry",
        _one("    prompt: x\n    expect: {calls: [{read_file: {path: a}, kill_terminal: {}}]}"),
        6,
        "one call a list entry",
    ),
    ("empty-calls", _one("    prompt: x\n    expect: {calls: []}"), 6, "no_call: true"),
    ("expects-nothing", _one("    prompt: x\n    expect: {no_call: false}"), 6, "asks for nothing"),
    (
        "call-and-no-call",
        _one("    prompt: x\n    expect: {no_call: true, calls: [{read_file: {path: a}}]}"),
        6,
        "calls and no call",
    ),
    (
        "calls-and-code",
        _one(
            "    prompt: x\n"
            "    expect: {calls: [{read_file: {path: a}}], code: [{ruff_check: {path: a}}]}"
        ),
        6,
        "calls and code",
    ),
    (
        "code-without-the-tool",
        _one(
            "    prompt: x\n    tools: [read_file]\n    expect: {code: [{ruff_check: {path: a}}]}"
        ),
        7,
        "Add execute_code",
    ),
    (
        "unknown-field",
        _one(
            "    prompt: x\n"
            "    expect: {code: [{ruff_check: {path: a}}], fields: [ruff_check.sucess]}"
        ),
        6,
        "Did you mean 'ruff_check.success'?",
    ),
    (
        "field-of-another-tool",
        _one(
            "    prompt: x\n"
            "    expect: {code: [{ruff_check: {path: a}}], fields: [typecheck.success]}"
        ),
        6,
        "does not call",
    ),
    ("blank-keyword", _one("    prompt: x\n    expect: {keywords: ['']}"), 6, "blank"),
    ("keyword-number", _one("    prompt: x\n    expect: {keywords: [42]}"), 6, "Put it in quotes"),
    ("no-call-text", _one("    prompt: x\n    expect: {no_call: maybe}"), 6, "true or false"),
    (
        "both-phrasings",
        _one(
            "    prompt: x\n    tags: [new-phrasing, known-phrasing]\n    expect: {no_call: true}"
        ),
        6,
        "Remove one",
    ),
    (
        "misspelt-phrasing",
        _one("    prompt: x\n    tags: [ruff, new-phrasin]\n    expect: {no_call: true}"),
        6,
        "Did you mean 'new-phrasing'?",
    ),
    (
        "results-never-shown",
        _one("    prompt: x\n    results: {read_file: a}\n    expect: {no_call: true}"),
        6,
        "max_turns",
    ),
    (
        "results-of-unknown-tool",
        _one(
            "    prompt: x\n    max_turns: 2\n    results: {red_file: a}\n"
            "    expect: {no_call: true}"
        ),
        7,
        "Did you mean 'read_file'?",
    ),
    (
        "turns-not-a-number",
        _one("    prompt: x\n    max_turns: 0\n    expect: {no_call: true}"),
        6,
        "a whole number from 1",
    ),
    (
        "unknown-tool-set",
        _one("    prompt: x\n    tools: agents\n    expect: {no_call: true}"),
        6,
        "'agent'",
    ),
    (
        "same-tool-twice",
        _one("    prompt: x\n    tools: [read_file, read_file]\n    expect: {no_call: true}"),
        6,
        "twice",
    ),
    (
        "tool-schema",
        _one("    prompt: x\n    tools: [{name: f, parameters: []}]\n    expect: {no_call: true}"),
        6,
        "object schema",
    ),
    (
        "unknown-role",
        _one("    messages: [{role: usr, content: x}]\n    expect: {no_call: true}"),
        5,
        "Did you mean 'user'?",
    ),
    (
        "no-messages",
        _one("    messages: []\n    expect: {no_call: true}"),
        5,
        "empty list",
    ),
    (
        "last-by-assistant",
        _one("    messages: [{role: assistant, content: x}]\n    expect: {no_call: true}"),
        5,
        "last message is by assistant",
    ),
    (
        "calls-by-user",
        _one(
            "    messages: [{role: user, tool_calls: [{read_file: {path: a}}]}]\n"
            "    expect: {no_call: true}"
        ),
        5,
        "Only the assistant",
    ),
    (
        "nameless-result",
        _one("    messages: [{role: tool, content: x}]\n    expect: {no_call: true}"),
        5,
        "name its tool",
    ),
    (
        "silent-message",
        _one("    messages: [{role: user}]\n    expect: {no_call: true}"),
        5,
        "says nothing",
    ),
    (
        "alternatives-in-history",
        _one(
            "    messages:\n"
            "      - {role: assistant, tool_calls: [{read_file: {path: {any_of: [a]}}}]}\n"
            "    expect: {no_call: true}"
        ),
        6,
        "History",
    ),
    (
        "tools-given-twice",
        "suite: d\ndefaults: {tools: agent}\ntools: agent\ncases: [{id: a}]",
        3,
        "twice",
    ),
]


@pytest.mark.parametrize(
    ("text", "line", "words"), [pytest.param(*row[1:], id=row[0]) for row in BAD]
)
def test_a_bad_file_is_refused_with_its_place(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    """The message names file and line, says what is wrong and what to write."""
    with pytest.raises(CaseFileError) as caught:
        _load(tmp_path, text)
    assert caught.value.line == line
    assert str(caught.value).startswith(f"{tmp_path / 'cases.yaml'}:{line}: ")
    assert words in str(caught.value)


def test_a_missing_or_binary_file_is_refused(tmp_path: Path) -> None:
    """A file that cannot be read is told apart from one that is not text."""
    with pytest.raises(CaseFileError, match="cannot be read"):
        load_suite(tmp_path / "none.yaml")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CaseFileError, match="UTF-8"):
        load_suite(tmp_path / "binary.yaml")


def test_ids_are_unique_over_the_files_of_a_suite(tmp_path: Path) -> None:
    """The same id in two files of one suite is refused; in two suites it is fine."""
    first = _load(tmp_path, GOOD)
    other = tmp_path / "more.yaml"
    other.write_text(GOOD.replace("suite: demo", "suite: other"), encoding="utf-8")
    check_unique_ids((first, load_suite(other)))
    other.write_text(GOOD, encoding="utf-8")
    with pytest.raises(CaseFileError, match=r"more\.yaml:4: .*'read-readme'"):
        check_unique_ids((first, load_suite(other)))


def test_the_hash_is_of_what_decides_the_score(tmp_path: Path) -> None:
    """Place, id and tags leave it alone; prompt, expectation and category change it."""
    before = _load(tmp_path, GOOD).cases[0].content_hash
    same = GOOD.replace("read-readme", "renamed").replace("[new-phrasing]", "[x]")
    assert _load(tmp_path, f"# moved\n\n{same}").cases[0].content_hash == before
    for old, new in (
        ("Show me", "Show us"),
        ("./docs/intro.md]", "docs]"),
        ("category: tool_calling", "category: agent"),
    ):
        assert _load(tmp_path, GOOD.replace(old, new)).cases[0].content_hash != before


def test_the_shipped_suites_load() -> None:
    """Every case file of the repository is valid, and no id stands twice in a suite."""
    files = sorted((Path(__file__).parents[2] / "evals").rglob("*.yaml"))
    suites = [load_suite(path) for path in files]
    check_unique_ids(suites)
    assert {suite.name for suite in suites} >= {"baseline", "tool_calling", "field_access"}
