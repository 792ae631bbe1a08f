"""Points of an approximate line attractor: where a map hardly moves, though it need not be fixed."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor
from tqdm.auto import tqdm

from rnnlab.dynamics._newton import damped_step
from rnnlab.dynamics.maps import checked_states, in_float64, jacobians

SETTLE = 30  # steps of the map itself, which carry a state onto the line at no cost
DAMPINGS = [10 ** (-power / 2) for power in range(4, 13)]  # 1e-2 … 1e-6, in half decades
JACOBIAN_ENTRIES = 2**21  # worked on at once


def find_slow_points(
    F: Callable, starts: Float[Tensor, "starts state"], *, tolerance: float = 1e-8, progress: bool = False
) -> Float[Tensor, "points state"]:
    """States near `starts` with q(h)/N < `tolerance`, q(h) = ‖F(h) − h‖², N = state_size; float64, one for each start.

    A line attractor is seldom a line of fixed points: it is one along which the map moves very slowly. From each start,
    after 30 steps of F, damped Newton steps d = −((DF − 1)ᵀ(DF − 1) + μ)⁻¹ (DF − 1)ᵀ (F(h) − h) lower q, with μ falling
    from 1e-2 to 1e-6, and end as soon as q is small enough. A direction in which 1 − |λ| ≪ √μ is hardly moved along:
    so each point stays where on the line its start was. Starts that do not come below the tolerance are left out.
    Source of the criterion: Maheswaranathan et al. 2019, section 3.3, where 1e-8 is used.

    Raises:
        ValueError: as `find_fixed_points` does, and for a tolerance that is not positive.

    >>> F = lambda h: h * torch.tensor([1 - 1e-6, 0.5], dtype=h.dtype)  # hardly moves along the first axis
    >>> points = rnnlab.find_slow_points(F, torch.tensor([[1.0, 1.0], [-0.5, 2.0]]))
    >>> points[:, 0].round(decimals=3).tolist()
    [1.0, -0.5]
    """
    if not tolerance > 0:
        raise ValueError(f"tolerance must be positive, got {tolerance}")
    F = in_float64(F)
    h = checked_states(F, starts, "starts")
    with torch.no_grad():
        for _ in range(SETTLE):
            h = F(h)
    parts = h.split(max(1, JACOBIAN_ENTRIES // h.shape[1] ** 2))
    found = [_descend(F, part, tolerance) for part in tqdm(parts, desc="points of the line", disable=not progress)]
    return torch.cat(found)


def _descend(F, h, tolerance):
    """The rows of h that come below the tolerance, in their order."""

    def residual(h):
        return F(h) - h

    h = h.clone()
    open_rows, r = torch.arange(len(h)), residual(h)
    for damping in [μ for μ in DAMPINGS for _ in range(2)]:
        going = (r * r).mean(-1) >= tolerance
        open_rows, r = open_rows[going], r[going]
        if not len(open_rows):
            break
        u = h[open_rows]
        J = jacobians(F, u)
        J.diagonal(dim1=-2, dim2=-1).sub_(1)
        step, solvable = damped_step(J, r, r.new_full((1,), damping))
        there = u - step
        r_there = residual(there)
        better = ((r_there * r_there).sum(-1) < (r * r).sum(-1)) & solvable
        h[open_rows] = torch.where(better[:, None], there, u)
        r = torch.where(better[:, None], r_there, r)
    return h[(residual(h) ** 2).mean(-1) < tolerance]
