"""What people say decides on the language; code, names and tool output do not."""

import pytest

from punie_train.core.errors import UsageError
from punie_train.dataset.language import foreign_reason
from punie_train.dataset.text_filters import LanguageFilter

FOREIGN = """Wie kann ich eine Datei in Python lesen?
Lies die Datei und zeige mir den Inhalt.
Comment lire un fichier en Python ?
Ejecuta las pruebas y dime cuántas fallan.
Como posso ler um arquivo em Python?
Esegui i test e dimmi quanti falliscono.
Voer de tests uit en vertel me hoeveel er mislukken.
Hur kan jag läsa en fil i Python?
Jak mogę odczytać plik w Pythonie?
Запусти тесты и скажи, сколько не прошло.
如何在 Python 中读取文件?
运行测试并告诉我有多少失败。
Pythonでファイルを読むにはどうすればいいですか?
파이썬에서 파일을 어떻게 읽나요?
كيف يمكنني قراءة ملف في بايثون؟
Πώς μπορώ να διαβάσω ένα αρχείο;"""  # noqa: RUF001 -- Greek


@pytest.mark.parametrize("text", FOREIGN.split("\n"))
def test_short_questions_in_other_languages_go(text: str) -> None:
    """One sentence is enough, also beside English code."""
    fence = "```python\nfor line in open('a'):\n    print('the line', line)\n```"
    row = {"messages": [{"role": "user", "content": f"{text}\n{fence}"}]}
    assert (foreign_reason(row) or "").startswith("language ")


def test_the_wanted_language_is_free() -> None:
    """German rows stay where German is asked for, and English rows go."""
    assert foreign_reason({"text": "Wie kann ich eine Datei in Python lesen?"}, "de") is None
    assert foreign_reason({"text": "How can I read a file in this language?"}, "de")


@pytest.mark.parametrize(
    "text",
    [
        "run: git log --oneline",
        "do top -b -n 1",
        "Put down terminal session job-8. But never fairly, wait.",
        "Find all files that import werkzeug.sansio.response",
        "print(x)",
        "42",
        "",
        "Read straße.txt please",
    ],
)
def test_commands_and_names_are_no_language(text: str) -> None:
    """Short English orders with odd words in them stay."""
    assert foreign_reason({"text": text}) is None


def test_tool_output_is_not_spoken() -> None:
    """A file may be in any language."""
    row = {
        "messages": [
            {"role": "user", "content": "Please read the file and say what is in it"},
            {"role": "tool", "content": "Das ist eine sehr lange deutsche Datei " * 20},
            {"role": "assistant", "content": "It is a text in German."},
        ]
    }
    assert foreign_reason(row) is None


def test_english_docstrings_stay(documented: list[tuple[str, str]]) -> None:
    """Of the standard library's docstrings at most one in a hundred goes."""
    docs = [doc for doc, _ in documented]
    gone = [doc for doc in docs if foreign_reason({"prompt": doc, "completion": "Ok."})]
    assert len(gone) <= len(docs) / 100


@pytest.mark.parametrize("code", ["", "xx", "english", "EN"])
def test_a_language_that_cannot_be_detected_is_refused(code: str) -> None:
    """Otherwise every row would go; the known ones are 176."""
    with pytest.raises(UsageError, match="is no code of a language that can be detected"):
        LanguageFilter(code)
    assert LanguageFilter("de").language == "de"
