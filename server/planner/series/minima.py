"""Least values of many stretches of one list at once."""

import numpy as np

from server.planner.axis import IntArray

IMPOSSIBLE = 1 << 40
"""A cost that no plan has; sums of it stay far below what 64 bits hold."""


def least(values: IntArray, begin: IntArray, end: IntArray) -> IntArray:
    """The least of values[begin:end] for every pair; IMPOSSIBLE where the stretch is empty.

    `values` has shape (n,); `begin`, `end` and the answer have one shape of their own, with
    0 <= begin and end <= n.
    """
    found = np.full(len(begin), IMPOSSIBLE, dtype=np.int64)
    long = np.maximum(end - begin, 0)
    longest = int(long.max(initial=0))
    if not longest:
        return found
    table = _table(values, longest)
    level = _LEVELS[long] if longest < len(_LEVELS) else np.log2(np.maximum(long, 1)).astype(int)
    some = long > 0
    first, level = begin[some], level[some]
    second = end[some] - (1 << level)
    found[some] = np.minimum(table[level, first], table[level, second])
    return found


def _table(values: IntArray, longest: int) -> IntArray:
    """Row k holds, at each place, the least of the 2**k values from there on."""
    rows = int(longest).bit_length()
    table = np.empty((rows, len(values)), dtype=np.int64)
    table[0] = values
    for k in range(1, rows):
        half = 1 << (k - 1)
        table[k] = table[k - 1]
        np.minimum(table[k - 1, :-half], table[k - 1, half:], out=table[k, :-half])
    return table


_LEVELS: IntArray = np.log2(np.maximum(np.arange(4096), 1)).astype(np.int64)
