"""All fixed points h = F(h) of a map, slow points, and whether any is missing.

Throughout q(h) = ‖F(h) − h‖², the squared speed, as in *Explaining RNN computations through hidden state dynamics*,
section 1 (other sources halve it, or divide by the number of units).
"""

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import torch
from jaxtyping import Complex, Float, Int
from torch import Tensor
from torch.func import jacrev, vmap
from tqdm.auto import tqdm

from rnnlab import storage
from rnnlab.cells import Map
from rnnlab.dynamics.audit import Audit, audit, indices

FIXED = 1e-20  # a point is called fixed when q ≤ this in float64
SLOW = 1e-4  # a minimum of q above FIXED is called a slow point when q ≤ this: it moves by at most 1 % of a unit a step
MERGE = 1e-5  # converged points closer than this are one
ROUND = 128  # starts of the first round of mixtures; each further round doubles them
CHUNK = 2**19  # entries of a batch of Jacobians: 4 MiB, which a processor's cache still holds


@dataclass(frozen=True)
class Search:
    """How a search went: `starts` tried in `rounds`; how many of them `converged` to a fixed point; how many ran to
    `spurious` roots, outside the box that holds all states; its `seconds`; and why it `ended`."""

    starts: int
    rounds: int
    converged: int
    spurious: int
    seconds: float
    ended: str


@dataclass(frozen=True)
class FixedPoints:
    """Fixed points of a map, in order of their number of unstable directions, then of q.

    states (points, state), float64: each has q ≤ 1e-20.
    speed (points,): q at each.
    eigenvalues (points, state): of DF at each, by falling modulus.
    index (points,): sign det(I − DF) at each; 0 where it is degenerate.
    slow (slow, state), slow_speed (slow,): local minima of q that are not zeros of it, with their q.
    audit: the index audit. search: how the points were found.
    """

    states: Float[Tensor, "points state"]
    speed: Float[Tensor, " points"]
    eigenvalues: Complex[Tensor, "points state"]
    index: Int[Tensor, " points"]
    slow: Float[Tensor, "slow state"]
    slow_speed: Float[Tensor, " slow"]
    audit: Audit
    search: Search

    def __len__(self):
        return len(self.states)

    def __str__(self):
        census = ", ".join(f"{count} with {unstable} unstable" for unstable, count in self.census.items())
        slow = f"; {len(self.slow)} slow points" if len(self.slow) else ""
        return f"{len(self)} fixed points ({census or 'none'}){slow}; {self.audit}; {self.search.ended}"

    __repr__ = __str__

    @property
    def n_unstable(self) -> Int[Tensor, " points"]:
        """How many eigenvalues lie outside the unit circle, point by point."""
        return (self.eigenvalues.abs() > 1).sum(-1)

    @property
    def stable(self) -> Float[Tensor, "stable state"]:
        """States of the points without unstable directions."""
        return self.states[self.n_unstable == 0]

    @property
    def saddles(self) -> Float[Tensor, "saddles state"]:
        """States of the points with at least one unstable direction."""
        return self.states[self.n_unstable > 0]

    @property
    def census(self) -> dict[int, int]:
        """Number of unstable directions → number of fixed points."""
        unstable, counts = self.n_unstable.unique(return_counts=True)
        return dict(zip(unstable.tolist(), counts.tolist()))

    def save(self, path: str | Path) -> None:
        """Write all fields to one safetensors file."""
        tensors = {f.name: getattr(self, f.name) for f in fields(self) if f.type not in (Audit, Search)}
        storage.save_tensors(path, tensors, {"audit": vars(self.audit), "search": vars(self.search)})

    @classmethod
    def load(cls, path: str | Path) -> "FixedPoints":
        """Read what `save` wrote. Raises FileNotFoundError, or ValueError if the file is damaged or of another kind."""
        tensors, about = storage.load_tensors(path)
        try:
            return cls(**tensors, audit=Audit(**about["audit"]), search=Search(**about["search"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"{path} holds no fixed points: {error}") from error


def speed(F: Callable, states: Float[Tensor, "*batch state"]) -> Float[Tensor, "*batch"]:
    """q(h) = ‖F(h) − h‖²."""
    return ((F(states) - states) ** 2).sum(-1)


def mixtures(
    states: Float[Tensor, "points state"], count: int, seed: int = 0, noise: float = 0.05
) -> Float[Tensor, "count state"]:
    """`count` random convex combinations of `states`, with Gaussian noise: starts that reach the saddles between them.

    Each mixes 8 states drawn at random with Dirichlet(0.3) weights: mostly one or two count.
    """
    generator = torch.Generator().manual_seed(seed)
    states = states.detach().double().cpu()
    weights = torch._sample_dirichlet(torch.full((count, 8), 0.3, dtype=torch.float64), generator)
    mixed = (weights[..., None] * states[torch.randint(len(states), (count, 8), generator=generator)]).sum(1)
    return mixed + noise * torch.randn(mixed.shape, generator=generator, dtype=mixed.dtype)


def find_fixed_points(
    F: Callable,
    starts: Float[Tensor, "starts state"],
    *,
    rounds: int = 6,
    box: float | Float[Tensor, " state"] | None = None,
    max_steps: int = 60,
    seed: int = 0,
    progress: bool = False,
) -> FixedPoints:
    """All fixed points h = F(h) that can be reached, and an audit that says whether some are missing.

    From every start, damped Newton steps (Levenberg–Marquardt, in float64) solve h = F(h); for the maps of cells, the
    equation without the update gate, which has the same solutions and is better conditioned. Then rounds of random
    mixtures of starts, and of found points, search on, until the audit closes *and* a round has found nothing new, or
    `rounds` are used up. Where an audit does not apply, the search ends with the first round that finds nothing new.
    Starts that reach no fixed point are led to the local minimum of q: a slow point.

    F: a map h → h′, batched over leading dimensions: `cell.at(x)`, or any callable that takes float64.
    starts: where to begin, such as visited states; any floating dtype. At least one.
    rounds: of mixtures, of 128, 256, 512 … starts; 0 to use `starts` alone.
    box: half-widths of a box around 0 that F maps into itself, if F is not a cell's map and you know one: the audit
        needs it. Roots outside of it are discarded.
    max_steps: Newton steps from each start.

    Raises TypeError or ValueError for starts that are not a finite (starts, state) floating tensor and for maps that
    change the shape or dtype of states or give values that are not finite.
    """
    began = time.monotonic()
    problem = _problem(F, box)
    starts = _checked_starts(problem, starts)
    found, restless = starts[:0], []
    tried = converged = spurious = 0
    batch = starts
    with tqdm(total=rounds + 1, desc="fixed points", disable=not progress) as bar:
        for round_ in range(rounds + 1):
            solved = [_solve(problem, chunk, max_steps) for chunk in batch.split(_chunk(batch.shape[1]))]
            roots, rest = (torch.cat(parts) for parts in zip(*solved))
            inside = problem.contains(roots)
            tried, converged, spurious = tried + len(batch), converged + int(inside.sum()), spurious + int((~inside).sum())
            known, found = len(found), _distinct(torch.cat([found, roots[inside]]))
            restless.append(rest)
            index = indices(-_jacobians(problem.balance, problem.output(found)))
            result = audit(index, applies=problem.box is not None)
            bar.update()
            bar.set_postfix(found=len(found), index_sum=result.index_sum)
            if round_ and len(found) == known and (result.closed or not result.applies):
                ended = "ended: the last round found nothing new"
                break
            size = ROUND * 2**round_ // 2
            batch = torch.cat([mixtures(points, size, seed + round_) for points in (starts, found) if len(points)])
        else:
            ended = "ended: all rounds used"
    q = speed(problem.F, found)
    eigenvalues = torch.linalg.eigvals(_jacobians(problem.F, found))
    eigenvalues = eigenvalues.gather(-1, eigenvalues.abs().argsort(-1, descending=True))
    order = ((eigenvalues.abs() > 1).sum(-1) + q).argsort()
    slow = _slow_points(problem.F, _distinct(torch.cat(restless)), found, max_steps)
    search = Search(tried, round_, converged, spurious, time.monotonic() - began, ended)
    points = (found[order], q[order], eigenvalues[order], index[order])
    return FixedPoints(*points, slow, speed(problem.F, slow), result, search)


@dataclass(frozen=True)
class _Problem:
    """The equation that is solved: balance(u) = 0 for u = output(h), and h = lift(u)."""

    F: Callable
    balance: Callable
    output: Callable
    lift: Callable
    box: Tensor | None

    def contains(self, states):
        """Which states lie in the box, up to rounding."""
        if self.box is None:
            return torch.ones(len(states), dtype=torch.bool)
        return (states.abs() <= self.box * (1 + 1e-9)).all(-1)


def _problem(F, box):
    if isinstance(F, Map):
        F = F.double()
        return _Problem(F, F.balance, F.cell.output, F.lift, F.box)
    if isinstance(F, torch.nn.Module):
        F = copy.deepcopy(F).double().requires_grad_(False)
    box = None if box is None else torch.as_tensor(box, dtype=torch.float64)
    return _Problem(F, lambda u: F(u) - u, lambda h: h, lambda u: u, box)


def _checked_starts(problem, starts):
    if not isinstance(starts, Tensor) or not starts.is_floating_point() or starts.ndim != 2 or not starts.numel():
        given = f"{starts.dtype} of shape {tuple(starts.shape)}" if isinstance(starts, Tensor) else type(starts).__name__
        raise ValueError(f"starts must be a floating tensor (starts ≥ 1, state ≥ 1), got {given}")
    size = getattr(problem.F, "state_size", starts.shape[1])
    if starts.shape[1] != size:
        raise ValueError(f"starts must be (starts, {size}) for this map, got {tuple(starts.shape)}")
    if not torch.isfinite(starts).all():
        raise ValueError(f"{int((~torch.isfinite(starts)).any(1).sum())} of {len(starts)} starts are not finite")
    starts = starts.detach().double()
    try:
        image = problem.F(starts)
    except RuntimeError as error:
        raise TypeError(f"the map does not take float64 states of shape {tuple(starts.shape)}: {error}") from error
    if image.shape != starts.shape or image.dtype != starts.dtype:
        raise ValueError(
            f"a map must keep shape and dtype of its states: {tuple(starts.shape)} {starts.dtype} became "
            f"{tuple(image.shape)} {image.dtype}; the search runs in float64"
        )
    if not torch.isfinite(image).all():
        raise ValueError("the map gives values that are not finite at some of the starts")
    return starts


def _chunk(size):
    """How many states' Jacobians are worked on at once."""
    return max(1, CHUNK // size**2)


def _solve(problem, starts, max_steps):
    """Fixed points reached from `starts`, and the states at which the others came to rest or ran out of steps."""
    u = _levenberg_marquardt(problem.balance, problem.output(starts), max_steps)
    states = problem.lift(u)
    # Both: a nearly closed gate makes q tiny far from any solution.
    fixed = ((problem.balance(u) ** 2).sum(-1) <= FIXED) & (speed(problem.F, states) <= FIXED)
    return states[fixed], states[~fixed]


def _levenberg_marquardt(residual, u, max_steps):
    """Least squares ‖residual(u)‖² from every row of u at once.

    Each step solves (JᵀJ + μ‖r‖² I) d = Jᵀr; a step that lowers ‖r‖ is taken and μ falls, another is refused and μ
    rises. The damping vanishes with ‖r‖, so that convergence to a root is quadratic (Yamashita & Fukushima 2001).
    Rows that are solved, or can move no more, leave the batch.
    """
    end, damping = u.clone(), torch.full((len(u),), 1e-2, dtype=u.dtype, device=u.device)
    rows = torch.arange(len(u), device=u.device)
    r = residual(u)
    jacobian = vmap(jacrev(residual))
    for _ in range(max_steps):
        J = jacobian(u)
        cost = (r * r).sum(-1)
        normal = J.mT @ J
        normal.diagonal(dim1=-2, dim2=-1).add_((damping * cost + 1e-30)[:, None])
        factor, failed = torch.linalg.cholesky_ex(normal)
        step = torch.cholesky_solve(J.mT @ r[..., None], factor)[..., 0]
        there = u - step
        r_there = residual(there)
        better = ((r_there * r_there).sum(-1) < cost) & (failed == 0)
        damping = torch.where(better, damping * 0.2, damping * 8)
        u, r = torch.where(better[:, None], there, u), torch.where(better[:, None], r_there, r)
        end[rows] = u
        going = ((r * r).sum(-1) > 1e-26) & ((step * step).sum(-1) > 1e-20)
        u, r, damping, rows = u[going], r[going], damping[going], rows[going]
        if not len(u):
            break
    return end


def _distinct(states):
    """One of each group of states closer than MERGE, the first."""
    if not len(states):
        return states
    near = torch.cdist(states, states, compute_mode="donot_use_mm_for_euclid_dist") < MERGE
    return states[near.int().argmax(1).unique()]


def _jacobians(f, points):
    """Df at each point."""
    parts = [vmap(jacrev(f))(part) for part in points.split(_chunk(points.shape[1]))]
    return torch.cat(parts) if len(points) else points.new_empty(0, points.shape[1], points.shape[1])


def _slow_points(F, states, found, max_steps):
    """Local minima of q of F itself, from where the search for roots came to rest; without those near fixed points."""
    if not len(states):
        return states
    states = _levenberg_marquardt(lambda h: F(h) - h, states, max_steps)
    r, pull = torch.func.vjp(lambda h: F(h) - h, states)
    q = (r * r).sum(-1)
    at_rest = pull(r)[0].norm(dim=-1) <= 1e-3 * r.norm(dim=-1)
    return _distinct(states[at_rest & (q > FIXED) & (q <= SLOW)])
