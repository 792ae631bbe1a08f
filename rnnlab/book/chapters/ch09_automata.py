"""Chapter 9: the phase portraits of an automaton's network under each of its symbols."""

from collections.abc import Hashable, Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor

from rnnlab import geometry
from rnnlab.book.plots import from_plane
from rnnlab.dynamics import FixedPoints
from rnnlab.network import Network
from rnnlab.plots import Portrait
from rnnlab.tasks import Automaton


def held_portraits(
    network: Network,
    task: Automaton,
    visited: Float[Tensor, "batch time state"],
    fixed_points: Mapping[Hashable, FixedPoints],
    attractors: Mapping[Hashable, Int[Tensor, " attractors"]],
    *,
    labelled: bool = False,
) -> list[Portrait]:
    """A portrait for each symbol of the task, held, in the plane of two principal components of the visited states.

    Pale lines start on a grid in that plane, a star marks the zero state. fixed_points: those under each symbol.
    attractors: under each symbol, indices of the points at which states settle. labelled: whether stable points are
    named by the network's output there.

    Raises:
        KeyError: for a symbol without fixed points or attractors.
    """
    pca = geometry.pca(visited, 2)

    def held(symbol):
        points = fixed_points[symbol]
        return Portrait(
            pca=pca,
            fixed_points=points,
            background=from_plane(network.cell.at(task.input(symbol)), pca, visited),
            attractors=attractors[symbol],
            start=torch.zeros(network.cell.state_size),
            labels=task.answers(network.outputs(points.stable.to(visited))) if labelled else None,
            title=f"{symbol} held",
        )

    return [held(symbol) for symbol in task.symbols]
