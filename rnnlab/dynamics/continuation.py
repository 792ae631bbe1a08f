"""Fixed points followed as a parameter changes: pseudo-arclength continuation, with the folds at which they vanish.

A branch is a curve of solutions (h, α) of G(h, α) = F(h, α) − h = 0. It is followed by its own length and not by α, so
that it can turn back: at a fold, where det(I − DF) = 0, two fixed points meet and are gone beyond.
Source: Keller 1977; Allgower & Georg, *Introduction to Numerical Continuation Methods*, 2003.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.func import jacrev, vmap
from tqdm.auto import tqdm

CONVERGED = 1e-11  # ‖G‖ at a point of a branch
SAME = 1e-5  # a branch that comes back to a start closer than this has gone through it
LEAST_STEP = 1e-7
STRAIGHT = 0.95  # least cosine between the tangents at both ends of a step


class BranchEnd(Enum):
    """Why a branch ends, each with a sentence."""

    LEFT_RANGE = "it has reached an end of the range of the parameter"
    STEPS_USED = "all steps are used: allow more with `most_steps`"
    STEP_TOO_SHORT = "no step is short enough: the map is not smooth there, or the branch ends"

    def __str__(self):
        return self.value


@dataclass(frozen=True)
class Branch:
    """A curve of fixed points, in the order in which it was followed; float64.

    Attributes:
        parameter (steps,): α; `states` (steps, state) are the fixed points.
        n_unstable (steps,): eigenvalues of DF outside the unit circle.
        index (steps,): sign det(I − DF).
        folds (folds,): the α at which the branch turns back; `fold_states` (folds, state) are the fixed points there.
        fold_gaps (folds,): the modulus of the eigenvalue of I − DF nearest to zero there: how well the fold is located.
        ended: why the branch ends.
    """

    parameter: Float[Tensor, " steps"]
    states: Float[Tensor, "steps state"]
    n_unstable: Int[Tensor, " steps"]
    index: Int[Tensor, " steps"]
    folds: Float[Tensor, " folds"]
    fold_states: Float[Tensor, "folds state"]
    fold_gaps: Float[Tensor, " folds"]
    ended: BranchEnd

    @property
    def end_parameter(self) -> float:
        """The α at which the branch ends."""
        return float(self.parameter[-1])

    @property
    def slipped(self) -> bool:
        """Whether the index changes elsewhere than at the folds: a step has then left the curve for another one that
        passes close by, and `largest_step` should be smaller."""
        return int((self.index.diff() != 0).sum()) != len(self.folds)

    def __str__(self):
        folds = ", ".join(f"{α:.4f}" for α in self.folds.tolist())
        return f"branch of {len(self.states)} points, folds at ({folds}), to {self.end_parameter:g}: {self.ended}"

    __repr__ = __str__


@torch.no_grad()
def follow_branches(
    family: Callable,
    states: Float[Tensor, "points state"],
    *,
    start: float = 0.0,
    stop: float = 1.0,
    largest_step: float = 0.1,
    most_steps: int = 2000,
    progress: bool = False,
) -> list[Branch]:
    """Branches of fixed points h = F(h, α) through given ones, from α = `start` until they leave [start, stop].

    A step predicts along the tangent and corrects by Newton's method across it; its length, measured in (h, α), adapts
    to the curvature, up to `largest_step`. Two fixed points that meet at a fold are one branch: one that comes back to
    `start` has gone through another of the given states, which then begins no branch of its own.

    Args:
        family: F(h, α) for one float64 state (state,) and a float64 number α (a tensor of shape ()); for a cell under
            an input that is turned on, `lambda h, a: cell(a * x, h)`.
        states: fixed points of F(·, start), from which α rises or falls to `stop`.

    Raises:
        ValueError: if states are none, not finite, or no fixed points at `start` (q > 1e-16), for start = stop, and for
            steps that are not positive.

    >>> family = lambda h, a: h + (a - 0.25) - h**2  # two fixed points that meet at a = 0.25
    >>> (branch,) = rnnlab.follow_branches(family, torch.ones(1, 1), start=1.25, stop=0.0)
    >>> round(float(branch.folds[0]), 6), branch.end_parameter
    (0.25, 1.25)
    """
    if start == stop or not largest_step > LEAST_STEP or most_steps < 1:
        raise ValueError(
            f"start and stop must differ, and steps be positive; got {start}, {stop}, {largest_step}, {most_steps}"
        )
    if states.ndim != 2 or not len(states) or not torch.isfinite(states).all():
        raise ValueError(f"states must be finite, of shape (points ≥ 1, state), got {tuple(states.shape)}")
    curve = _Curve(family, min(start, stop), max(start, stop))
    begin = torch.cat([states.double(), states.new_full((len(states), 1), start, dtype=torch.float64)], 1)
    q = torch.stack([curve.residual(z) @ curve.residual(z) for z in begin])
    if not (q <= 1e-16).all():
        raise ValueError(f"state {int(q.argmax())} is no fixed point at {start}: q = {float(q.max()):.1e}")
    branches, ends = [], begin[:0]
    for z in tqdm(begin, desc="branches", disable=not progress):
        if not len(ends) or (ends - z).norm(dim=1).min() > SAME:
            branch, end = curve.branch(z, stop - start, largest_step, most_steps)
            branches.append(branch)
            ends = torch.cat([ends, end[None]])
    return branches


@dataclass(frozen=True)
class _Curve:
    """G(z) = F(h, α) − h for z = (h, α), for α within [low, high]."""

    family: Callable
    low: float
    high: float

    def residual(self, z):
        return self.family(z[:-1], z[-1]) - z[:-1]

    def tangent(self, z, before):
        """The unit tangent at z that points as `before` does."""
        J = torch.cat([jacrev(self.residual)(z), before[None]])
        right = torch.zeros_like(z)
        right[-1] = 1
        t = torch.linalg.solve(J, right)
        return t / t.norm()

    def correct(self, z, across):
        """The solution near z in the hyperplane through z across a direction, or None."""
        plane = z
        for _ in range(8):
            r = torch.cat([self.residual(z), ((z - plane) @ across)[None]])
            if not torch.isfinite(r).all():
                return None
            if r.norm() <= CONVERGED:
                return z
            J = torch.cat([jacrev(self.residual)(z), across[None]])
            step, failed = torch.linalg.solve_ex(J, r)
            if failed:
                return None
            z = z - step
        return None

    def step(self, z, t, length):
        """The next point and its tangent, or None where the branch bends too much for this length."""
        there = self.correct(z + length * t, t)
        if there is None or (there - z) @ t <= 0:
            return None
        tangent = self.tangent(there, t)
        return (there, tangent) if tangent @ t >= STRAIGHT else None

    def branch(self, z, direction, length, most_steps):
        """The branch through z that sets out in this direction of α, and its last point."""
        largest, up = length, torch.zeros_like(z)
        up[-1] = direction
        t = self.tangent(z, up)
        points, folds, ended = [z], [], BranchEnd.STEPS_USED
        for _ in range(most_steps):
            while (taken := self.step(z, t, length)) is None and length > LEAST_STEP:
                length /= 2
            if taken is None:
                ended = BranchEnd.STEP_TOO_SHORT
                break
            if taken[1][-1] * t[-1] < 0:
                folds.append(self._fold(z, t, length))
            (z, t), length = taken, min(1.5 * length, largest)
            if not self.low <= z[-1] <= self.high:
                edge = min(max(self.low, float(z[-1])), self.high)
                if (there := self._at(edge, z)) is None:
                    ended = BranchEnd.STEP_TOO_SHORT
                    break
                z = there
                z[-1] = edge
                points.append(z)
                ended = BranchEnd.LEFT_RANGE
                break
            points.append(z)
        points, folds = torch.stack(points), torch.stack(folds) if folds else z.new_empty(0, len(z))
        λ = self._eigenvalues(points)
        index = (1 - λ).prod(-1).real.sign().to(torch.int64)
        gaps = (1 - self._eigenvalues(folds)).abs().amin(-1)
        stability = (λ.abs() > 1).sum(-1), index
        return Branch(points[:, -1], points[:, :-1], *stability, folds[:, -1], folds[:, :-1], gaps, ended), z

    def _fold(self, z, t, length):
        """The point between z and the next one at which the tangent has no part along α, by bisection."""
        low, high = 0.0, length
        for _ in range(60):
            middle = (low + high) / 2
            there = self.correct(z + middle * t, t)
            if there is None or middle in (low, high):
                break
            low, high = (middle, high) if self.tangent(there, t)[-1] * t[-1] > 0 else (low, middle)
        return self.correct(z + low * t, t)

    def _at(self, parameter, z):
        """The solution near z at a given α."""
        up = torch.zeros_like(z)
        up[-1] = 1
        z = z.clone()
        z[-1] = parameter
        return self.correct(z, up)

    def _eigenvalues(self, points):
        if not len(points):
            return points.new_empty(0, points.shape[1] - 1)
        return torch.linalg.eigvals(vmap(jacrev(self.family))(points[:, :-1], points[:, -1]))
