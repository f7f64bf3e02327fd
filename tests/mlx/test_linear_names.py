"""A key that names no part of a layer is refused, in words."""

from typing import Any

import pytest

from punie_train.core.errors import UsageError
from punie_train.mlx.linear_names import check_keys


class Layer:
    """Parts by name, as MLX gives them: an adapted layer holds the plain one."""

    def named_modules(self) -> list[tuple[str, Any]]:
        """Return an attention with adapters, a plain one and a norm."""
        matrix: dict[str, Any] = {"weight": 1}
        return [
            ("", {}),
            ("self_attn", {}),
            ("self_attn.q_proj", {"lora_a": 1}),
            ("self_attn.q_proj.linear", matrix),
            ("mlp.up_proj", matrix),
            ("input_layernorm", matrix),
        ]


@pytest.mark.parametrize("keys", [None, [], ["self_attn.q_proj"], ["mlp.up_proj"]])
def test_names_of_the_model_are_taken(keys: list[str] | None) -> None:
    """No key means every linear layer."""
    check_keys([Layer()], keys)


def test_another_name_is_refused_with_those_that_there_are() -> None:
    """One of several is enough: it would be passed over in silence."""
    with pytest.raises(UsageError, match=r"'q_proj'.*Use one of mlp.up_proj, self_attn.q_proj\."):
        check_keys([Layer()], ["self_attn.q_proj", "q_proj"])
