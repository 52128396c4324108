"""Numbers of a seed, the same on every device: the client makes the same (tasks/generate/noise.js).

Whole numbers of xoshiro128** (Blackman and Vigna, 2018), whose state is four words of MurmurHash3's
finaliser over the seed, and the quantiles of a normal distribution at them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from statistics import NormalDist

_WORD = 0xFFFF_FFFF


def integers(seed: int) -> Iterator[int]:
    """Whole numbers below 2 ** 32, each as likely."""
    return xoshiro([_mixed((seed + (index + 1) * 0x9E37_79B9) & _WORD) for index in range(4)])


def xoshiro(s: list[int]) -> Iterator[int]:
    """The numbers of xoshiro128** from the state `s` on, which is changed."""
    while True:
        yield _rotated(s[1] * 5 & _WORD, 7) * 9 & _WORD
        shifted = s[1] << 9 & _WORD
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= shifted
        s[3] = _rotated(s[3], 11)


def noise(seed: int, count: int) -> list[float]:
    """Of a normal distribution with mean 0 and deviation 1, to be rounded to 32 bits."""
    normal = NormalDist()
    return [normal.inv_cdf((word + 0.5) / 2**32) for word in islice(integers(seed), count)]


def _mixed(word: int) -> int:
    word = (word ^ word >> 16) * 0x85EB_CA6B & _WORD
    word = (word ^ word >> 13) * 0xC2B2_AE35 & _WORD
    return word ^ word >> 16


def _rotated(word: int, by: int) -> int:
    return (word << by | word >> 32 - by) & _WORD
