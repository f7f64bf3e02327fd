"""What secrets look like in text: formats that their issuers document, and assignments.

Only shapes are known here; nothing is looked up and nobody is asked. A password of letters only,
or a key without a known prefix that nothing names, is not found.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class SecretKind(StrEnum):
    """What a secret is for; the placeholder is made of it."""

    PRIVATE_KEY = "private key"
    AWS_KEY = "AWS key"
    AZURE_KEY = "Azure key"
    GOOGLE_KEY = "Google key"
    GITHUB_TOKEN = "GitHub token"  # noqa: S105 -- a name of a kind
    GITLAB_TOKEN = "GitLab token"  # noqa: S105 -- a name of a kind
    MODEL_API_KEY = "model API key"
    CHAT_TOKEN = "chat token"  # noqa: S105 -- a name of a kind
    PAYMENT_KEY = "payment key"
    MAIL_KEY = "mail key"
    PACKAGE_TOKEN = "package token"  # noqa: S105 -- a name of a kind
    WEB_TOKEN = "web token"  # noqa: S105 -- a name of a kind
    URL_PASSWORD = "URL password"  # noqa: S105 -- a name of a kind
    PASSWORD = "password"  # noqa: S105 -- a name of a kind
    API_KEY = "API key"


@dataclass(frozen=True, slots=True)
class SecretSpan:
    """Where a secret stands in a text (`text[start:end]`); the secret itself is not kept."""

    kind: SecretKind
    start: int
    end: int


# A pattern is tried only on texts with one of its hints. The group `secret`, or all of it, goes.
_FORMATS: tuple[tuple[SecretKind, tuple[str, ...], str], ...] = (
    (
        SecretKind.PRIVATE_KEY,
        ("PRIVATE KEY",),
        (
            r"-----BEGIN (?P<name>[A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?)-----"
            r"(?:[^-]|-(?!----)){0,20000}(?:-----END (?P=name)-----)?"
        ),
    ),
    (
        SecretKind.AWS_KEY,
        ("AKIA", "ASIA", "ABIA", "ACCA"),
        r"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])",
    ),
    (
        SecretKind.AWS_KEY,
        ("aws", "AWS", "ecret"),
        (
            r"(?i:aws|secret)\w{0,20}(?i:key|token)\w{0,10}['\"]?\s{0,3}[:=]{1,2}\s{0,3}['\"]?"
            r"(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])"
        ),
    ),
    (SecretKind.AZURE_KEY, ("AccountKey=",), r"AccountKey=(?P<secret>[A-Za-z0-9+/]{80,90}={0,2})"),
    (SecretKind.GOOGLE_KEY, ("AIza",), r"(?<![\w-])AIza[\w-]{35}(?![\w-])"),
    (SecretKind.GOOGLE_KEY, ("GOCSPX-",), r"(?<![\w-])GOCSPX-[\w-]{28}(?![\w-])"),
    (SecretKind.GOOGLE_KEY, ("ya29.",), r"(?<![\w-])ya29\.[\w-]{30,300}"),
    (
        SecretKind.GITHUB_TOKEN,
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
        r"(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{36,255}(?!\w)",
    ),
    (SecretKind.GITHUB_TOKEN, ("github_pat_",), r"github_pat_\w{50,100}"),
    (
        SecretKind.GITLAB_TOKEN,
        ("glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-", "gloas-", "glft-", "GR13489"),
        r"(?<!\w)(?:gl(?:pat|dt|rt|ptt|cbt|soat|oas|ft)-|GR1348941)[\w-]{20,64}",
    ),
    (
        SecretKind.MODEL_API_KEY,
        ("sk-",),
        (
            r"(?<![A-Za-z0-9-])sk-(?:(?:proj|ant|or|svcacct|admin)-(?=[\w-]{0,250}\d)[\w-]{20,250}"
            r"|(?=[a-z-]{0,40}[A-Z0-9])[A-Za-z0-9]{32,64}(?![\w-])|[\w-]{0,60}T3BlbkFJ[\w-]{20,120})"
        ),
    ),
    (SecretKind.MODEL_API_KEY, ("hf_",), r"(?<![A-Za-z0-9_])hf_[A-Za-z0-9]{34,40}(?!\w)"),
    (SecretKind.CHAT_TOKEN, ("xox", "xapp-"), r"(?<!\w)(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{20,250}"),
    (
        SecretKind.CHAT_TOKEN,
        ("hooks.slack.com",),
        r"hooks\.slack\.com/services/(?P<secret>T\w{6,14}/B\w{6,14}/\w{16,40})",
    ),
    (
        SecretKind.CHAT_TOKEN,
        ("discord",),
        r"discord(?:app)?\.com/api/webhooks/(?P<secret>\d{15,22}/[\w-]{50,90})",
    ),
    (
        SecretKind.CHAT_TOKEN,
        ("MT", "Mj", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT"),
        r"(?<![\w.-])[MNO][A-Za-z\d_-]{23,25}\.[A-Za-z\d_-]{6}\.[A-Za-z\d_-]{27,38}(?![\w.-])",
    ),
    (SecretKind.CHAT_TOKEN, (":AA",), r"(?<![\w:])\d{8,10}:AA[\w-]{33}(?![\w-])"),
    (
        SecretKind.PAYMENT_KEY,
        ("k_live_", "k_test_", "whsec_"),
        r"(?<![A-Za-z0-9])(?:[rs]k_(?:live|test)|whsec)_[A-Za-z0-9]{24,250}(?!\w)",
    ),
    (SecretKind.PAYMENT_KEY, ("sq0",), r"(?<!\w)sq0(?:csp|atp)-[\w-]{22,43}"),
    (SecretKind.MAIL_KEY, ("SG.",), r"(?<!\w)SG\.[\w-]{22}\.[\w-]{43}(?![\w-])"),
    (SecretKind.MAIL_KEY, ("-us",), r"(?<!\w)[0-9a-f]{32}-us\d{1,2}(?!\w)"),
    (SecretKind.CHAT_TOKEN, ("SK",), r"(?<!\w)SK[0-9a-f]{32}(?!\w)"),
    (SecretKind.PACKAGE_TOKEN, ("pypi-",), r"(?<!\w)pypi-[\w-]{50,250}"),
    (SecretKind.PACKAGE_TOKEN, ("npm_",), r"(?<!\w)npm_[A-Za-z0-9]{36}(?!\w)"),
    (SecretKind.PACKAGE_TOKEN, ("_authToken=",), r"_authToken=(?P<secret>[\w-]{20,100})"),
    (SecretKind.PACKAGE_TOKEN, ("dckr_pat_",), r"(?<!\w)dckr_pat_[\w-]{20,60}"),
    (
        SecretKind.WEB_TOKEN,
        ("eyJ",),
        r"(?<![\w-])eyJ[\w-]{10,2000}\.eyJ[\w-]{10,8000}\.[\w-]{10,2000}",
    ),
    (
        SecretKind.WEB_TOKEN,
        ("earer ", "asic ", "oken "),
        (
            r"(?i:authorization)['\"]?\s{0,3}[:=,]\s{0,3}[fb]?['\"]?(?i:bearer|basic|token)\s{1,3}"
            r"(?P<secret>(?=[\w.~+/-]{0,400}\d)[\w.~+/-]{16,400}={0,2})"
        ),
    ),
    (
        SecretKind.PASSWORD,
        ("-u ", "--user "),
        (
            r"(?<!\S)(?:-u|--user)\s{1,3}['\"]?[\w.@-]{1,60}:"
            r"(?P<secret>(?=[^\s'\"`]{0,100}\d)(?=[^\s'\"`]{0,100}[A-Za-z])[^\s:/'\"`$<>{}]{6,120})"
        ),
    ),
    (
        SecretKind.PASSWORD,
        ("--",),
        (
            r"--(?:[a-z]{1,20}-){0,2}(?:password|passwd|token|secret|api-key)\s{1,3}['\"]?"
            r"(?P<secret>(?=\w{0,60}\d\w{0,60}\d)(?=\w{0,60}[a-z])(?=\w{0,60}[A-Z])\w{8,120}(?!\S))"
        ),
    ),
    (
        SecretKind.URL_PASSWORD,
        ("://",),
        (
            r"(?<![A-Za-z0-9])[a-z][a-z0-9+]{1,20}://(?P<user>[^\s:/?#@'\"`<>{}$()\[\]]{0,80})"
            r":(?!(?P=user)@)(?P<secret>[^\s:/?#@'\"`<>{}$()\[\]]{3,120})@(?=[A-Za-z0-9\[])"
        ),
    ),
)
_COMPILED = tuple((kind, re.compile(pattern)) for kind, _, pattern in _FORMATS)
_BY_HINT: dict[str, list[int]] = {}
for _number, (_, _hints, _) in enumerate(_FORMATS):
    for _hint in _hints:
        _BY_HINT.setdefault(_hint, []).append(_number)

_NAMED_HINTS = ("pass", "pwd", "secret", "token", "key")
_NAME_TEXT = (
    r"(?:\b|_)(?:pass(?:word|wd|phrase)?|pwd|secret|token|(?:api|auth|access|private|"
    r"secret|client|encryption|signing|service|account)[_-]?key)(?:_(?:key|token|id|value))?"
)
_NAME = re.compile(rf"{_NAME_TEXT}$", re.IGNORECASE)
_NAMED = re.compile(
    rf"(?P<name>{_NAME_TEXT})"
    r"['\"]?\]?\s{0,3}(?::\s{0,3}str\s{0,3})?(?:=|:|:=)\s{0,3}"
    r"(?:[rb]?(?P<quote>['\"`])(?P<quoted>[^\s'\"`\\]{6,200})(?P=quote)"
    r"|(?P<bare>(?:[^\s'\"`\\()\[\]{}<>,;.!?]|[.!?](?![\s,;]|$)){8,200}+)(?=[.!?]?(?:\s|$|[,;])))",
    re.IGNORECASE,
)
_NO_SECRET = re.compile(
    r"your|example|change.?me|placeholder|redacted|dummy|sample|x{4}|\*{3}|\.{3}|<|>|[{}]|"
    r"^\$|\$\(|\$[a-z_]{3}|%[sdrf(]|%\w{1,60}%|"
    r"^(?:os|self|settings|config|env|process|args)\.|(?:_|\b)(?:key|token|secret|password)$|"
    r"^[a-z_]+(?:\.[a-z_]+)+$|^https?:|^/|\.py$",
    re.IGNORECASE,
)
ENTROPY = 2.5
SHORTEST_KEY = 12
SHORTEST = 6
SHORT = 200


def find_secrets(text: str, name: str = "") -> list[SecretSpan]:
    """Return the secrets of a text in order, none overlapping another.

    `name` is the name that the text is the value of, such as a key in JSON; a password has no
    other sign.
    """
    if len(text) < SHORTEST:
        return []
    return list(_spans_of_short(text, name) if len(text) <= SHORT else _spans(text, name))


@lru_cache(maxsize=1 << 14)
def _spans_of_short(text: str, name: str) -> tuple[SecretSpan, ...]:
    return _spans(text, name)


def _spans(text: str, name: str) -> tuple[SecretSpan, ...]:
    spans = [*_formatted(text), *_assigned(text), *_named(text, name)]
    return tuple(_apart(spans)) if spans else ()


def _formatted(text: str) -> Iterator[SecretSpan]:
    tried = {number for hint, numbers in _BY_HINT.items() if hint in text for number in numbers}
    for number in tried:
        kind, pattern = _COMPILED[number]
        for match in pattern.finditer(text):
            start, end = match.span("secret" if "secret" in pattern.groupindex else 0)
            if not _is_placeholder(kind, text[start:end]):
                yield SecretSpan(kind, start, end)


def _assigned(text: str) -> Iterator[SecretSpan]:
    if "=" not in text and ":" not in text:
        return
    folded = text.casefold()
    if not any(hint in folded for hint in _NAMED_HINTS):
        return
    for match in _NAMED.finditer(text):
        kind = _kind_of(match["name"])
        if quoted := match["quoted"]:
            secret = _is_quoted_secret(kind, quoted)
        else:
            bare = match["bare"]
            secret = _is_random(bare) and (len(bare) >= SHORTEST_KEY or _is_short(kind, bare))
        if secret:
            yield SecretSpan(kind, *match.span("quoted" if quoted else "bare"))


def _named(text: str, name: str) -> Iterator[SecretSpan]:
    if name and len(text) <= SHORT and _NAME.search(name) and not re.search(r"\s", text):
        kind = _kind_of(name)
        if _is_quoted_secret(kind, text):
            yield SecretSpan(kind, 0, len(text))


def _kind_of(name: str) -> SecretKind:
    return SecretKind.PASSWORD if re.search("pass|pwd", name, re.IGNORECASE) else SecretKind.API_KEY


def _is_quoted_secret(kind: SecretKind, value: str) -> bool:
    long = kind is SecretKind.PASSWORD or len(value) >= SHORTEST_KEY or _is_short(kind, value)
    return long and _is_mixed(value)


def _is_short(kind: SecretKind, value: str) -> bool:
    """Say whether a short value is a key: digits in two places, unlike `Sha256Hash`, for a key."""
    cases = value.lower() != value and value.upper() != value
    runs = len(re.findall(r"\d+", value))
    return value.isalnum() and cases and runs >= (1 if kind is SecretKind.PASSWORD else 2)


def _is_mixed(value: str) -> bool:
    """Say whether a quoted value has letters beside digits or signs, as passwords must."""
    letters = any(map(str.isalpha, value))
    others = any(not character.isalpha() and character not in "_-. " for character in value)
    return letters and others and not _NO_SECRET.search(value) and _entropy(value) >= ENTROPY


def _is_random(value: str) -> bool:
    """Say whether an unquoted value is unlike a name: in code most of these are expressions."""
    digits = sum(map(str.isdigit, value))
    cases = value.lower() != value and value.upper() != value
    return digits >= (2 if cases else 4) and _is_mixed(value)


def _entropy(value: str) -> float:
    """Return Shannon's entropy of the characters, in bits a character."""
    shares = [number / len(value) for number in Counter(value).values()]
    return -sum(share * math.log2(share) for share in shares)


def _is_placeholder(kind: SecretKind, value: str) -> bool:
    if kind is SecretKind.PRIVATE_KEY:
        return False
    if kind is SecretKind.URL_PASSWORD:
        return bool(_NO_SECRET.search(value)) or value.casefold() in _URL_WORDS
    return _entropy(value) < ENTROPY


_URL_WORDS = frozenset(("password", "passwd", "pass", "pwd", "secret", "token", "port"))


def _apart(spans: list[SecretSpan]) -> Iterator[SecretSpan]:
    end = -1
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.start >= end:
            yield span
            end = span.end
