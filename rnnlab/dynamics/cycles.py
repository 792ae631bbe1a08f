"""Periodic orbits: states h with F^k(h) = h for the k-th iterate of a map, and for no smaller k."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Complex, Float
from torch import Tensor

from rnnlab.cells import Map, require_integer
from rnnlab.dynamics.fixed_points import MERGE, FixedPoints, find_fixed_points
from rnnlab.dynamics.maps import ByStability, in_float64, orbit


@dataclass(frozen=True)
class Cycles(ByStability):
    """Periodic orbits of a map F with one minimal `period` k, in order of their number of unstable directions.

    Attributes:
        states (cycles, period, state): float64; states[:, j + 1] = F(states[:, j]), each orbit once.
        residual (cycles,): max ‖F(h_j) − h_{j+1}‖ along the orbit, its end joined to its beginning.
        multipliers (cycles, state): eigenvalues of DF^k along the orbit, by falling modulus; the orbit attracts where
            all lie within the unit circle.
        points: all fixed points of F^k that were found, with their audit; those of F and of the divisors of k too.
    """

    period: int
    states: Float[Tensor, "cycles period state"]
    residual: Float[Tensor, " cycles"]
    multipliers: Complex[Tensor, "cycles state"]
    points: FixedPoints

    def __len__(self):
        return len(self.states)

    def __str__(self):
        found = f"{len(self)} cycles of period {self.period}, {len(self.stable)} of them attracting"
        return f"{found}; F^{self.period} has {self.points}"

    __repr__ = __str__

    @property
    def _spectrum(self):
        return self.multipliers


def find_cycles(
    F: Callable,
    period: int,
    starts: Float[Tensor, "starts state"],
    *,
    rounds: int = 6,
    box: float | Float[Tensor, " state"] | None = None,
    max_steps: int = 60,
    seed: int = 0,
    progress: bool = False,
) -> Cycles:
    """All cycles h → F(h) → … → F^k(h) = h of minimal period k = `period` ≥ 1 that can be reached.

    The fixed points of F^k are searched as `find_fixed_points` does, with the same arguments, from `starts` and convex
    combinations of what is found; each is carried along its orbit, so that a cycle of which one point was found is
    whole. Their index sum audits them: that of a complete, non-degenerate set is +1 for F^k as for F.

    Raises:
        ValueError: for other periods, and as `find_fixed_points` does.

    >>> cycles = rnnlab.find_cycles(lambda h: -torch.tanh(2 * h), 2, torch.tensor([[0.1], [0.9]]), box=1.0)
    >>> cycles.states.shape, cycles.n_unstable.tolist()  # one cycle of two points, attracting
    (torch.Size([1, 2, 1]), [0])
    """
    require_integer("period", period, 1)
    F = in_float64(F)
    how: dict[str, Any] = dict(rounds=rounds, box=F.box if isinstance(F, Map) else box, max_steps=max_steps, seed=seed)
    points = find_fixed_points(_Iterate(F, period), starts, **how, progress=progress)
    orbits = orbit(F, points.states, period - 1)
    if len(points) and (_gaps(orbits.flatten(0, 1), points.states) > MERGE).any():
        points = find_fixed_points(_Iterate(F, period), torch.cat([orbits.flatten(0, 1), starts.double()]), **how)
        orbits = orbit(F, points.states, period - 1)
    first = [
        i
        for i, states in enumerate(orbits)
        if _minimal_period(states) == period and not (_gaps(states, points.states[:i]) <= MERGE).any()
    ]
    orbits = orbits[first]
    back = F(orbits[:, -1]) - orbits[:, 0]
    return Cycles(period, orbits, back.norm(dim=-1), points.eigenvalues[first], points)


@dataclass(frozen=True)
class _Iterate:
    """F^times."""

    F: Callable
    times: int

    def __call__(self, h):
        for _ in range(self.times):
            h = self.F(h)
        return h


def _gaps(states, others):
    """The distance from each state to the nearest of the others."""
    if not len(others):
        return states.new_full(states.shape[:1], torch.inf)
    return torch.cdist(states, others, compute_mode="donot_use_mm_for_euclid_dist").amin(1)


def _minimal_period(states):
    """The least number of steps after which an orbit is back at its beginning."""
    back = (states - states[0]).norm(dim=-1)[1:] <= MERGE
    return int(back.nonzero()[0]) + 1 if back.any() else len(states)
