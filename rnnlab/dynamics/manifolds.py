"""The unstable manifolds of saddles: trajectories that leave them, and the graph of stable points that they join."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float, Int
from torch import Tensor

from rnnlab._extras import needed_by
from rnnlab.dynamics.fixed_points import FixedPoints
from rnnlab.dynamics.linearize import Modes
from rnnlab.dynamics.maps import in_float64, orbit

if TYPE_CHECKING:
    import networkx


def unstable_manifolds(
    F: Callable, fixed_points: FixedPoints, modes: Modes, *, distance: float = 0.02, steps: int = 1000
) -> Float[Tensor, "trajectories time state"]:
    """Trajectories of F that start next to each saddle, on both sides along each of its unstable eigenvectors.

    A start is h ± distance · Re r_k / ‖Re r_k‖ for modes = `linearize(F, fixed_points.states)`; of a complex pair, one
    member gives Re r and the other Im r. Each has its start and `steps` iterates of F: time = steps + 1. float64.

    Raises:
        ValueError: if modes are not those of these fixed points, for distance ≤ 0 and for steps < 1.
    """
    _check(fixed_points, modes, distance, steps)
    F = in_float64(F)
    point, mode = (modes.eigenvalues.abs() > 1).nonzero(as_tuple=True)
    vectors = modes.right[point, :, mode]
    lower = (modes.eigenvalues[point, mode].imag < 0)[:, None]
    directions = torch.nn.functional.normalize(torch.where(lower, vectors.imag, vectors.real), dim=-1)
    saddles = fixed_points.states[point]
    return orbit(F, torch.cat([saddles + distance * directions, saddles - distance * directions]), steps)


@dataclass(frozen=True)
class Connections:
    """Where the saddles with one unstable direction send the states next to them.

    Attributes:
        saddles (saddles,): their indices among the fixed points.
        ends (saddles, 2): the indices of the stable points at which the two halves of each unstable manifold end; −1
            for a half that ends at none of them.
        manifolds (saddles, 2, length, state): the halves, from the saddle to where they end; float64.
    """

    saddles: Int[Tensor, " saddles"]
    ends: Int[Tensor, "saddles 2"]
    manifolds: Float[Tensor, "saddles 2 length state"]

    @property
    def graph(self) -> "networkx.MultiGraph":
        """Stable points, by their indices, as nodes; each saddle that joins two of them as an edge, its key."""
        with needed_by("Connections.graph", extra="automata"):
            import networkx as nx

        graph = nx.MultiGraph()
        graph.add_nodes_from(sorted({end for end in self.ends.flatten().tolist() if end >= 0}))
        pairs = zip(self.saddles.tolist(), self.ends.tolist())
        graph.add_edges_from((*ends, saddle) for saddle, ends in pairs if min(ends) >= 0)
        return graph


def saddle_connections(
    F: Callable, fixed_points: FixedPoints, modes: Modes, *, distance: float = 1e-3, steps: int = 30_000
) -> Connections:
    """Follow the unstable manifold of each saddle with one unstable direction to where it ends.

    The manifold is invariant: under F² (that keeps its two halves apart even where λ < 0) a short piece of it, from
    h + d·r to h + λ²d·r, d = `distance`, along the unstable vector r (modes = `linearize(F, fixed_points.states)`), is
    carried on and on to the pieces that follow, in up to `steps` steps of F². 8 points of the piece and their images
    make the curve, as long as they move by more than 1e-4; a half ends at a stable point if its last 8 are within 1e-3.

    Raises:
        ValueError: for modes of other points, distance ≤ 0 and steps < 1.

    >>> F = lambda h: torch.tanh(2 * h)
    >>> points = rnnlab.find_fixed_points(F, torch.tensor([[0.1], [0.9]]), box=1.0)
    >>> connections = rnnlab.saddle_connections(F, points, rnnlab.linearize(F, points.states))
    >>> connections.saddles.tolist(), sorted(connections.ends[0].tolist())  # point 2 joins points 0 and 1
    ([2], [0, 1])
    """
    _check(fixed_points, modes, distance, steps)
    F = in_float64(F)
    saddles = (fixed_points.n_unstable == 1).nonzero()[:, 0]
    λ, r = modes.eigenvalues[saddles, 0].real.abs(), modes.right[saddles, :, 0].real
    along = distance * λ[:, None] ** (2 * torch.arange(8, dtype=torch.float64) / 8)
    push = along[:, None, :, None] * torch.tensor([1.0, -1.0], dtype=torch.float64)[:, None, None] * r[:, None, None]
    pieces = [fixed_points.states[saddles, None, None] + push]
    with torch.no_grad():
        for _ in range(steps):
            after = F(F(pieces[-1]))
            moved = float((after - pieces[-1]).abs().max()) if len(saddles) else 0.0
            pieces[-1 if moved < 1e-4 else len(pieces) :] = [after]
            if moved < 1e-9:
                break
    ends = torch.full((len(saddles), 2), -1)
    for place in (fixed_points.n_unstable == 0).nonzero()[:, 0]:
        gaps = (pieces[-1] - fixed_points.states[place]).norm(dim=-1).amax(-1)
        ends[gaps < 1e-3] = place
    return Connections(saddles, ends, torch.cat(pieces, 2))


def _check(fixed_points, modes, distance, steps):
    if modes.eigenvalues.shape != fixed_points.states.shape:
        raise ValueError(
            f"modes must be those of the {len(fixed_points)} fixed points, linearize(F, fixed_points.states); "
            f"got modes of {len(modes.eigenvalues)} states"
        )
    if not distance > 0 or steps < 1:
        raise ValueError(f"distance must be above 0 and steps at least 1, got {distance} and {steps}")
