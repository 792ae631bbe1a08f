"""Closed orbits of differential equations: periodic solutions h(t + T) = h(t) of ḣ = f(h), with their multipliers.

A map has cycles of whole periods (`find_cycles`); the Euler steps of a flow that oscillates have none in general, but
run around a closed curve. So the flow itself is solved here.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Complex, Float
from torch import Tensor

from rnnlab.dynamics.maps import order_of_eigenvalues
from rnnlab.dynamics.ode import odeint

TOLERANCE = 1e-10  # of the integration, relative and absolute
SHIFT = 1e-4  # of the first state, to either side, for differences
AT_REST = 1e-9  # a state slower than this is at rest


@dataclass(frozen=True)
class PeriodicOrbit:
    """A closed orbit of ḣ = f(h).

    Attributes:
        states (points, state): float64; evenly spaced in time, the first one also the last.
        period: T, in the units of time of f.
        multipliers (state,): eigenvalues of the monodromy matrix ∂h(T)/∂h(0). The first belongs to the direction of
            motion: in exact arithmetic it is 1. The others, by falling modulus, tell what a turn makes of a deviation.
        residual: ‖h(T) − h(0)‖.
    """

    states: Float[Tensor, "points state"]
    period: float
    multipliers: Complex[Tensor, " state"]
    residual: float

    @property
    def attracts(self) -> bool:
        """Whether all multipliers but the first lie within the unit circle."""
        return bool((self.multipliers[1:].abs() < 1).all())

    def __str__(self):
        kind = "attracting" if self.attracts else "unstable"
        others = ", ".join(f"{λ.real:.3g}{λ.imag:+.3g}i" if λ.imag else f"{λ.real:.3g}" for λ in self.multipliers[1:])
        return f"{kind} orbit of period {self.period:.4f}, multipliers 1 and {others}; residual {self.residual:.0e}"

    __repr__ = __str__


def find_periodic_orbit(
    velocity: Callable[[Float[Tensor, "*batch state"]], Float[Tensor, "*batch state"]],
    start: Float[Tensor, " state"],
    *,
    longest: float = 100.0,
    points: int = 201,
) -> PeriodicOrbit:
    """The closed orbit of ḣ = velocity(h) next to `start`, attracting or not, by shooting.

    The plane through `start` across its velocity is the Poincaré section. When the run from `start` first returns to
    it, and near `start`, is the guess of T. Newton's method then solves h(T) = h(0) for h(0) in the section and T. The
    monodromy matrix ∂h(T)/∂h(0) comes from runs that begin beside h(0), by central differences: multipliers are good to
    1e-6 of the largest. Source: Kuznetsov, *Elements of Applied Bifurcation Theory*, 2004, chapter 10.

    Args:
        velocity: f, batched over leading dimensions, float64; of a low-rank network `lambda k: G(k, v) - k`, time in τ.
        start: near the orbit, such as where a long run ends.
        longest: the time within which the run must return, looked at 2,000 times.
        points: of the orbit that are returned, both ends included.

    Raises:
        ValueError: for a start that is not finite, is at rest, does not return in time, or leads to no orbit.

    >>> turn = torch.tensor([[1.0, 1.0], [-1.0, 1.0]], dtype=torch.float64)
    >>> circle = rnnlab.find_periodic_orbit(lambda h: h @ turn - h * (h**2).sum(-1, True), torch.tensor([1.1, 0.0]))
    >>> round(circle.period, 4), circle.attracts
    (6.2832, True)
    """
    start = start.detach().double()
    forward, size = velocity(start), len(start)
    if not torch.isfinite(forward).all() or forward.norm() < AT_REST:
        raise ValueError(f"start must be finite and move, got speed {float(forward.norm()):.1e}")
    one = torch.eye(size, dtype=start.dtype)
    beside = SHIFT * torch.cat([torch.zeros_like(start)[None], one, -one])

    def shot(h, T):
        """The states of the solution from h up to time T, and its monodromy matrix."""
        times = torch.linspace(0, T, points, dtype=h.dtype)
        paths = odeint(lambda _, h: velocity(h), h + beside, times, tolerance=TOLERANCE)
        ahead, behind = paths[-1, 1:].chunk(2)
        return paths[:, 0], (ahead - behind).T / (2 * SHIFT)

    h, T = start, _first_return(velocity, start, forward, longest)
    guess = T
    for _ in range(20):
        path, M = shot(h, T)
        gap = torch.cat([path[-1] - h, ((h - start) @ forward)[None]])
        if gap.norm() <= 100 * TOLERANCE * max(1.0, float(M.norm())):
            break
        across = torch.cat([forward, one.new_zeros(1)])
        J = torch.cat([torch.cat([M - one, velocity(path[-1])[:, None]], 1), across[None]])
        step = torch.linalg.solve(J, gap)
        h, T = h - step[:-1], T - float(step[-1])
        if not guess / 2 < T < 2 * guess:
            break
    if gap.norm() > 1e-6 or velocity(h).norm() < AT_REST:
        raise ValueError("start leads to no closed orbit: let the run settle before")
    λ = torch.linalg.eigvals(M)
    rest = torch.arange(size) != (λ - 1).abs().argmin()
    others = λ[rest][order_of_eigenvalues(λ[rest])]
    return PeriodicOrbit(path, T, torch.cat([λ[~rest], others]), float((path[-1] - path[0]).norm()))


def _first_return(velocity, start, forward, longest):
    """When the run from `start` first crosses the plane through it again, forward and near `start`."""
    times = torch.linspace(0, longest, 2001, dtype=start.dtype)
    apart = odeint(lambda _, h: velocity(h), start, times, tolerance=1e-6) - start
    side, distance = apart @ forward, apart.norm(dim=1)
    crossed = ((side[:-1] < 0) & (side[1:] >= 0)).nonzero()[:, 0] + 1
    near = crossed[distance[crossed] < 0.25 * distance.max()]
    if not len(near):
        raise ValueError(f"start does not return within {longest:g}: allow longer, or let the run settle before")
    return float(times[near[0]])
