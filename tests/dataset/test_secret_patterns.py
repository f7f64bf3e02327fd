"""Secrets are found by their form or their name; code and placeholders are left alone."""

import pytest

from punie_train.dataset.secret_patterns import SecretKind, find_secrets

LETTERS = "aB3dE5gH7jK9mN1pQ2sT4vW6xY8zA0cF2hJ4lP6rU8"
UPPER = "K7QX2ZM4WJ5RT3VN"


@pytest.mark.parametrize(
    ("secret", "text", "kind"),
    [
        ("AKIA" + UPPER, "key {} here", SecretKind.AWS_KEY),
        (LETTERS[:40], "aws_secret_access_key = {}", SecretKind.AWS_KEY),
        ("AIza" + LETTERS[:35], "maps?key={}", SecretKind.GOOGLE_KEY),
        ("ghp_" + LETTERS[:36], "git clone with {}", SecretKind.GITHUB_TOKEN),
        ("glpat-" + LETTERS[:20], "token: {}", SecretKind.GITLAB_TOKEN),
        ("sk-proj-" + LETTERS, "Use {} then", SecretKind.MODEL_API_KEY),
        ("sk-ant-api03-" + LETTERS, "Use {} then", SecretKind.MODEL_API_KEY),
        ("hf_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH", "login {}", SecretKind.MODEL_API_KEY),
        ("xoxb-" + "123456789012-abcDEF456ghi", "slack {}", SecretKind.CHAT_TOKEN),
        ("sk_live_" + LETTERS[:24], "stripe.key = '{}'", SecretKind.PAYMENT_KEY),
        ("pypi-" + LETTERS + LETTERS, "twine {}", SecretKind.PACKAGE_TOKEN),
        ("npm_" + LETTERS[:36], "//npm:{}", SecretKind.PACKAGE_TOKEN),
        (f"eyJ{LETTERS}.eyJ{LETTERS}.{LETTERS}", "cookie {}", SecretKind.WEB_TOKEN),
        (LETTERS[:24], '"Authorization": "Bearer {}"', SecretKind.WEB_TOKEN),
        ("s3cr3tpw", "postgres://admin:{}@db/x", SecretKind.URL_PASSWORD),
        ("hunter2!x", "password = '{}'", SecretKind.PASSWORD),
        ("Xk29fQz81LmP0a", "DB_PASSWORD={}", SecretKind.PASSWORD),
        ("Xk29fQz81LmP0a", "the password: {}. Keep it.", SecretKind.PASSWORD),
        ("4&7j6#L9@1$2", 'Tool result: {{"password": "{}"}}', SecretKind.PASSWORD),
        ("4&7j6#L9@1$2", "Here is your new password: {}. Keep it.", SecretKind.PASSWORD),
        ("aB3%kL!9xQ", "password = '{}'", SecretKind.PASSWORD),
        ("p%40ss9w0rd", "postgres://admin:{}@db/x", SecretKind.URL_PASSWORD),
        ("9f8e7d6c5b4a3210", 'api_key: str = "{}"', SecretKind.API_KEY),
        ("hT7kLm93zQx", 'secret: "{}"', SecretKind.API_KEY),
        ("hT7kLm93zQx", "client_secret='{}'", SecretKind.API_KEY),
        ("hT7kLm93zQx", "export DB_PASSWORD={}", SecretKind.PASSWORD),
        ("hT7kLm93zQx", "mysql --db-password {} shop", SecretKind.PASSWORD),
        ("hT7kLm93zQx", "curl -u admin:{} localhost", SecretKind.PASSWORD),
    ],
)
def test_a_secret_is_found_and_nothing_around_it(secret: str, text: str, kind: SecretKind) -> None:
    """The span holds the secret alone."""
    whole = text.format(secret)
    (span,) = find_secrets(whole)
    assert (span.kind, whole[span.start : span.end]) == (kind, secret)


def test_a_private_key_goes_as_a_whole() -> None:
    """From its first line to its last; one that is cut off to the end."""
    key = f"-----BEGIN RSA PRIVATE KEY-----\n{LETTERS}\n{LETTERS}\n-----END RSA PRIVATE KEY-----"
    (span,) = find_secrets(f"Here: {key}\nDone")
    assert (span.start, span.end) == (6, 6 + len(key))
    (cut,) = find_secrets(key[:-30])
    assert cut.end == len(key) - 30


@pytest.mark.parametrize(
    "text",
    [
        "password = os.environ['DB_PASSWORD']",
        "password = getpass.getpass()",
        "api_key='your-api-key-here1'",
        "token = settings.api_token",
        "postgres://user:password@localhost/db",
        "postgres://user:${PASSWORD}@localhost/db",
        "password = '$DB_PASS1'",
        "password = 'pre1-$(cat secret9)'",
        "password = 'a1-$name-9z'",
        "password = 'a1-%s-b2-9z'",
        "password = '%DB_PASS1%'",
        "postgresql+psycopg://postgres:postgres@localhost/db",
        "sk-learn-contrib and task-based-scheduling-of-many-things",
        "commit 3f786850e387550fdab836ed7e6dc881de23001b",
        "uuid 123e4567-e89b-12d3-a456-426614174000",
        "key = sorted(items, key=lambda item: item[1])",
        "tokens: 1234567890",
        "token = Sha256Hash",
        'token = "Token2Vec"',
        "password = Password1Field",
        "docker run -u 1000:1000 image",
        "curl -u user:password localhost",
        "login --token $TOKEN2 --password Secret",
        "AKIA" + "A" * 16,
    ],
)
def test_code_and_placeholders_are_no_secrets(text: str) -> None:
    """Names, expressions, hashes and words to fill in stay."""
    assert find_secrets(text) == []


def test_a_name_makes_a_value_a_password() -> None:
    """The key of a JSON object says what its value is."""
    assert [span.kind for span in find_secrets("a1B2c3D4e5", "password")] == [SecretKind.PASSWORD]
    assert find_secrets("a1B2c3D4e5", "title") == []


def test_the_standard_library_holds_hardly_any(functions: list[str]) -> None:
    """Of 3,000 functions at most three are taken to hold a secret."""
    assert sum(bool(find_secrets(source)) for source in functions) <= 3
