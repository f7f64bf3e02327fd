"""Quantized weights as numbers, without MLX.

Layouts as in MLX's `mx.quantize`: a row is a stream of `bits` a value, lowest bit first, in
unsigned words. `affine` values are scale * q + bias per group; the others follow the Open Compute
Project's Microscaling Formats (MX) specification 1.0: `mxfp4` and `mxfp8` are E2M1 and E4M3
values with an E8M0 scale per group, `nvfp4` is E2M1 with an E4M3 scale.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
E8M0_BIAS = 127
_E2M1 = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6], np.float32)


def unpack(words: NDArray[Any], bits: int) -> NDArray[np.uint8]:
    """Return the values of rows of packed words, shape (rows, words) -> (rows, values)."""
    raw = np.ascontiguousarray(words).view(np.uint8)
    if bits == 8:
        return raw
    if bits == 4:
        return np.stack([raw & 15, raw >> 4], axis=-1).reshape(len(raw), -1)
    flat = np.unpackbits(raw, axis=1, bitorder="little")
    values = flat.reshape(len(raw), -1, bits)
    return np.packbits(values, axis=-1, bitorder="little")[..., 0]


def affine(
    words: NDArray[Any], scales: Floats, biases: Floats, *, bits: int, group_size: int
) -> Floats:
    """Return scale * q + bias, shape (rows, values); one scale and bias per `group_size`."""
    values = unpack(words, bits).astype(np.float32)
    groups = values.reshape(len(values), -1, group_size)
    return (groups * scales[..., None] + biases[..., None]).reshape(values.shape)


def microscaled(
    words: NDArray[Any], scales: NDArray[np.uint8], *, mode: str, bits: int, group_size: int
) -> Floats:
    """Return value * scale for the modes mxfp4, mxfp8 and nvfp4, shape (rows, values)."""
    codes = unpack(words, bits)
    values = (e2m1() if bits == 4 else e4m3())[codes]
    factors = e4m3()[scales] if mode == "nvfp4" else np.exp2(scales.astype(np.float32) - E8M0_BIAS)
    groups = values.reshape(len(values), -1, group_size)
    return (groups * factors[..., None]).reshape(values.shape)


def e2m1() -> Floats:
    """Return the number of each 4-bit code: sign, two exponent bits, one of the fraction."""
    return np.concatenate([_E2M1, -_E2M1])


def e4m3() -> Floats:
    """Return the number of each 8-bit code: sign, four exponent bits (bias 7), three fraction."""
    code = np.arange(128)
    exponent, fraction = code >> 3, code & 7
    normal = (1 + fraction / 8) * np.exp2(exponent - 7.0)
    half = np.where(exponent == 0, fraction / 8 * np.exp2(-6.0), normal)
    half[127] = np.nan
    return np.concatenate([half, -half]).astype(np.float32)
