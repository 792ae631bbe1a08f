"""The player that remembers: a Hopfield network in a web page, which recalls the pictures that it has stored.

`memories.js` has the picture that one draws in, and runs the very recurrence.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from rnnlab.cells import LowRankRNN
from rnnlab.live.export import pack
from rnnlab.live.page import COLOURS, Player
from rnnlab.plots.style import POSITIVE, SLOW

HERE = Path(__file__).parent
SIGNS = {"negative": SLOW, "positive": POSITIVE}  # a light and a dark colour: no reader needs to tell hues apart


class MemoriesPlayer(Player):
    """A network of memories that runs in a web page. Notebooks display it; `html` is the same for other pages."""

    _tag = "rnnlab-memories"
    _script = HERE / "memories.js"
    _styles = (*Player._styles, HERE / "sides.css", HERE / "memories.css")

    def __repr__(self):
        rows, columns = self.model["shape"]
        return f"MemoriesPlayer({len(self.model['names'])} memories, {rows} × {columns} units)"


def memories(
    cell: LowRankRNN,
    patterns: Float[Tensor, "patterns units"],
    shape: tuple[int, int],
    *,
    names: Sequence[str] = (),
    title: str = "",
    caption: str = "",
) -> MemoriesPlayer:
    """A network that stores `patterns` as a `MemoriesPlayer`: draw or corrupt a picture, and watch it recall a memory.

    The page runs h′ = h + dt/τ (−h + m nᵀ Φ(h) / N), without input. Each unit is a pixel, coloured by Φ(h).
    A picture r = ±1 that is drawn, corrupted or put in becomes the state h = 2 r, at which Φ(h) = ±tanh 2 = ±0.96.
    Beside each memory ξ^μ stands its overlap with the state, ⟨ξ^μ Φ(h)⟩.

    Args:
        cell: a network of tanh units, such as `hopfield(patterns)` of chapter 5.1. Weights are exported in their own
            dtype, float32 or float64.
        patterns (patterns, units): ξ, of −1 and +1, at least one; the first is shown, corrupted, when the page opens.
        shape: rows and columns of the pixels; unit i is in row i // columns.
        names: of the patterns, each its own; "memory 1", "memory 2", … without any.
        title, caption: plain text above and below.

    Raises:
        TypeError: for a cell that is not a `LowRankRNN`.
        ValueError: for another nonlinearity, weights that are not finite, patterns that are not ±1 or not of the cell's
            size, a shape that does not hold the units, or names of another number.
    """
    if not isinstance(cell, LowRankRNN):
        raise TypeError(f"cell must be a LowRankRNN, got {type(cell).__name__}")
    if cell.nonlinearity != "tanh":
        raise ValueError(f"a player runs LowRankRNN with tanh; the cell's nonlinearity is {cell.nonlinearity!r}")
    for name, loading in {"m": cell.m, "n": cell.n}.items():
        if not torch.isfinite(loading).all():
            raise ValueError(f"the cell's {name} must be finite")
    if patterns.ndim != 2 or not len(patterns) or patterns.shape[1] != cell.units:
        raise ValueError(f"patterns must be of shape (≥ 1, {cell.units} units), got {tuple(patterns.shape)}")
    if not (patterns.abs() == 1).all():
        raise ValueError("patterns must be −1 or +1")
    rows, columns = shape
    if rows < 1 or rows * columns != cell.units:
        raise ValueError(f"shape must be rows and columns of the {cell.units} units, got {rows} × {columns}")
    names = list(names) or [f"memory {k}" for k in range(1, len(patterns) + 1)]
    if len(names) != len(patterns) or len(set(names)) < len(names):
        raise ValueError(f"names must be one for each of the {len(patterns)} patterns, all different; got {names}")
    return MemoriesPlayer(
        {
            "title": title,
            "caption": caption,
            "network": {"m": pack(cell.m), "n": pack(cell.n), "rate": cell.rate},
            "patterns": pack(patterns),
            "shape": [rows, columns],
            "names": names,
            "colours": COLOURS | SIGNS,
        }
    )
