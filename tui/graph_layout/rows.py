"""How far down each item of a column stands: level with its neighbours where there is room for that."""

from collections.abc import Mapping, Sequence

from tui.graph_layout.layers import Item
from tui.graph_layout.ordering import Links, backwards

_ROUNDS = 6


def rows_of(
    columns: Sequence[Sequence[Item]], links: Links, heights: Mapping[str, int], space: int
) -> list[dict[Item, int]]:
    """The middle row of each item, by column; the topmost item begins in row 0.

    `heights` are those of nodes; lines have one row. `space` rows are left free between what stands in a column.
    """
    sizes = [[1 if passing else heights[node] for node, passing in column] for column in columns]
    offsets = [_packed(size, space) for size in sizes]
    middles: list[dict[Item, float]] = [
        dict(zip(column, map(float, offset), strict=True)) for column, offset in zip(columns, offsets, strict=True)
    ]
    before = backwards(columns, links)
    last = len(columns) - 1
    for number in range(_ROUNDS):
        from_left = number % 2 == 0
        for place in range(1, last + 1) if from_left else range(last - 1, -1, -1):
            near = before[place] if from_left else links[place]
            beside = middles[place - 1 if from_left else place + 1]
            wanted = [_mean(near.get(item, ()), beside, middles[place][item]) for item in columns[place]]
            middles[place] = dict(zip(columns[place], _levelled(wanted, offsets[place]), strict=True))
    return _whole_rows(columns, middles, sizes)


def _packed(sizes: Sequence[int], space: int) -> list[int]:
    """The middle rows of items that stand as close to each other as they may."""
    found: list[int] = []
    top = 0
    for size in sizes:
        found.append(top + size // 2)
        top += size + space
    return found


def _mean(near: Sequence[Item], rows: Mapping[Item, float], otherwise: float) -> float:
    return sum(rows[item] for item in near) / len(near) if near else otherwise


def _levelled(wanted: Sequence[float], offsets: Sequence[int]) -> list[float]:
    """The rows nearest to the wanted ones (least squares) that keep the order and at least the packed distances.

    Without the packed offsets this is isotonic regression, solved by pooling adjacent violators; items of a pool stand
    as close as they may, and a pool begins in a whole row, so that those of one pool stay straight.
    """
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        mean, size = want - offset, 1
        while pools and pools[-1][0] > mean:
            before, count = pools.pop()
            mean, size = (before * count + mean * size) / (count + size), count + size
        pools.append((mean, size))
    starts = [round(mean) for mean, size in pools for _ in range(size)]
    return [float(start + offset) for start, offset in zip(starts, offsets, strict=True)]


def _whole_rows(
    columns: Sequence[Sequence[Item]], middles: Sequence[Mapping[Item, float]], sizes: Sequence[Sequence[int]]
) -> list[dict[Item, int]]:
    tops = [
        round(rows[item]) - size // 2
        for column, rows, heights in zip(columns, middles, sizes, strict=True)
        for item, size in zip(column, heights, strict=True)
    ]
    first = min(tops, default=0)
    return [{item: round(rows[item]) - first for item in column} for column, rows in zip(columns, middles, strict=True)]
