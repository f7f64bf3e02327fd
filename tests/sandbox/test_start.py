"""A sandbox that does not start."""

import pytest

from punie_train.sandbox.run_code import Sandbox, SandboxError


@pytest.mark.parametrize("binary", ["/nowhere/monty", "/bin/false"], ids=["missing", "other"])
def test_a_sandbox_that_does_not_start_says_so(
    monkeypatch: pytest.MonkeyPatch, binary: str
) -> None:
    """Nothing is run instead on the host, and the message ends in a remedy."""
    monkeypatch.setenv("MONTY_BIN", binary)
    with Sandbox() as broken, pytest.raises(SandboxError) as caught:
        broken.run("print(1)")
    assert "the sandbox does not start" in str(caught.value)
    assert "Install pydantic-monty again." in str(caught.value)
