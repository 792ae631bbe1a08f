"""Trajectories that show where the saddles send their neighbours."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from rnnlab.dynamics.fixed_points import FixedPoints
from rnnlab.dynamics.linearize import Modes
from rnnlab.dynamics.maps import in_float64


def from_saddles(
    F: Callable, fixed_points: FixedPoints, modes: Modes, *, distance: float = 0.02, steps: int = 1000
) -> Float[Tensor, "trajectories time state"]:
    """Trajectories of F that start next to each saddle, on both sides along each of its unstable eigenvectors.

    A start is h ± distance · Re r_k / ‖Re r_k‖; of a complex pair, one member gives Re r and the other Im r. Each
    trajectory has its start and `steps` iterates of F: time = steps + 1. float64.

    Arguments: F, a map h → h′; its fixed points; `modes = linearize(F, fixed_points.states)`; `distance` > 0;
    `steps` ≥ 1. Raises ValueError if modes are not those of these fixed points, or for other distances and steps.
    """
    if modes.eigenvalues.shape != fixed_points.states.shape:
        raise ValueError(
            f"modes must be those of the {len(fixed_points)} fixed points, linearize(F, fixed_points.states); "
            f"got modes of {len(modes.eigenvalues)} states"
        )
    if not distance > 0 or steps < 1:
        raise ValueError(f"distance must be above 0 and steps at least 1, got {distance} and {steps}")
    F = in_float64(F)
    point, mode = (modes.eigenvalues.abs() > 1).nonzero(as_tuple=True)
    vectors = modes.right[point, :, mode]
    lower = (modes.eigenvalues[point, mode].imag < 0)[:, None]
    directions = torch.nn.functional.normalize(torch.where(lower, vectors.imag, vectors.real), dim=-1)
    saddles = fixed_points.states[point]
    trajectory = [torch.cat([saddles + distance * directions, saddles - distance * directions])]
    with torch.no_grad():
        for _ in range(steps):
            trajectory.append(F(trajectory[-1]))
    return torch.stack(trajectory, 1)
