"""All fixed points h = F(h) of a map, slow points, and whether any is missing.

Throughout q(h) = ‖F(h) − h‖², the squared speed, as in *Explaining RNN computations through hidden state dynamics*,
section 1 (other sources halve it, or divide by the number of units).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import Enum
from pathlib import Path

import torch
from jaxtyping import Complex, Float, Int
from torch import Tensor
from torch.func import jacrev, vmap
from tqdm.auto import tqdm

from rnnlab import storage
from rnnlab.cells import Map
from rnnlab.dynamics._newton import damped_step
from rnnlab.dynamics.audit import DEGENERATE, Audit, audit, indices
from rnnlab.dynamics.krylov import leading_eigenvalues, newton_krylov
from rnnlab.dynamics.maps import (
    ByStability,
    checked_states,
    in_float64,
    jacobians,
    order_of_eigenvalues,
    order_of_points,
    time_constants,
)

FIXED = 1e-20  # a point is called fixed when q ≤ this in float64
SLOW = 1e-4  # a minimum of q above FIXED is called a slow point when q ≤ this: it moves by at most 1 % of a unit a step
MERGE = 1e-5  # converged points closer than this are one
LEAST = 256  # convex combinations tried before a search may end
BATCH = 128  # starts tried at once, and in the first round of combinations; each further round doubles them
LARGE = 512  # dimensions above which no Jacobian is formed
JACOBIAN_ENTRIES = 2**19  # worked on at once: 4 MiB, which a processor's cache still holds


@dataclass(frozen=True)
class Search:
    """How a search went: `starts` tried in `rounds`, its `seconds`, and why it `ended`.

    Attributes:
        converged, spurious: starts that reached a fixed point, or a root outside the box that holds all states.
    """

    starts: int
    rounds: int
    converged: int
    spurious: int
    seconds: float
    ended: "SearchEnd"


class SearchEnd(Enum):
    """Why a search for fixed points ended, each with a sentence."""

    NOTHING_NEW = "the last half of the convex combinations brought nothing new"
    CONTINUUM = "most points are degenerate, so they form a continuum: see `find_slow_points`"
    ROUNDS_USED = "all rounds are used: allow more `rounds`, or give other starts"

    def __str__(self):
        return self.value


@dataclass(frozen=True)
class FixedPoints(ByStability):
    """Fixed points of a map, by number of unstable directions, then in `rnnlab.dynamics.maps.order_of_points`.

    Attributes:
        states (points, state): float64; each has q ≤ 1e-20.
        q (points,): q at each.
        eigenvalues (points, modes): of DF at each, by falling modulus: all of them, or in more than 512 dimensions the
            leading ones, at least 6 and all outside the unit circle.
        index (points,): sign det(I − DF) at each; 0 where it is degenerate.
        slow (slow, state): local minima of q that are not zeros of it; `slow_q` is their q.
        audit, search: the index audit, and how the points were found.
    """

    states: Float[Tensor, "points state"]
    q: Float[Tensor, " points"]
    eigenvalues: Complex[Tensor, "points modes"]
    index: Int[Tensor, " points"]
    slow: Float[Tensor, "slow state"]
    slow_q: Float[Tensor, " slow"]
    audit: Audit
    search: Search

    def __len__(self):
        return len(self.states)

    def __str__(self):
        census = ", ".join(f"{count} with {unstable} unstable" for unstable, count in self.census.items())
        slow = f"; {len(self.slow)} slow points" if len(self.slow) else ""
        return f"{len(self)} fixed points ({census or 'none'}){slow}; {self.audit}; ended: {self.search.ended}"

    __repr__ = __str__

    @property
    def _spectrum(self):
        return self.eigenvalues

    @property
    def time_constants(self) -> Float[Tensor, "points modes"]:
        """τ_k = |1 / ln|λ_k||, in steps: a deviation along mode k shrinks or grows by e in this time."""
        return time_constants(self.eigenvalues)

    def save(self, path: str | Path) -> None:
        """Write all fields to one safetensors file."""
        tensors = {f.name: getattr(self, f.name) for f in fields(self) if f.type not in (Audit, Search)}
        storage.save_tensors(
            path, tensors, {"audit": vars(self.audit), "search": vars(self.search) | {"ended": self.search.ended.name}}
        )

    @classmethod
    def load(cls, path: str | Path) -> "FixedPoints":
        """Read what `save` wrote.

        Raises:
            FileNotFoundError: if there is no such file.
            ValueError: if the file is damaged or of another kind.
        """
        tensors, about = storage.load_tensors(path)
        try:
            return cls(
                **tensors,
                audit=Audit(**about["audit"]),
                search=Search(**about["search"] | {"ended": SearchEnd[about["search"]["ended"]]}),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"{path} holds no fixed points: {error}") from error


def squared_speed(F: Callable, states: Float[Tensor, "*batch state"]) -> Float[Tensor, "*batch"]:
    """q(h) = ‖F(h) − h‖²."""
    return ((F(states) - states) ** 2).sum(-1)


def convex_combinations(
    states: Float[Tensor, "points state"], count: int, seed: int = 0, noise: float = 0.05
) -> Float[Tensor, "count state"]:
    """`count` random convex combinations of `states`, with Gaussian noise: starts that reach the saddles between them.

    Each mixes 8 states drawn at random with Dirichlet(0.3) weights: mostly a few of them count.
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
    equation without the update gate, which has the same solutions and is better conditioned. After the given starts
    come rounds of random convex combinations of the starts, and of the points found. The search ends as soon as the
    audit closes *and* the last half of the combinations, at least 256, has brought nothing new; or else when `rounds`
    are used up, or when most points are degenerate. Where no audit applies, the second condition decides alone.
    Starts that reach no fixed point are led to the local minimum of q: a slow point.
    In more than 512 dimensions the search goes without Jacobians, by Newton–Krylov steps, and leaves slow points out.

    Args:
        F: a map h → h′, batched over leading dimensions: `cell.at(x)`, or any callable that takes float64.
        starts: where to begin, such as visited states; any floating dtype. At least one.
        rounds: of convex combinations, of 128, 256, 512 … starts; 0 to use `starts` alone.
        box: half-widths of a box around 0 that F maps into itself, if F is not a cell's map and you know one: the audit
            needs it. Roots outside of it are discarded.
        max_steps: Newton steps from each start.

    Raises:
        ValueError: for starts that are not a finite (starts, state) floating tensor, and for maps that fail at them,
            change their shape or dtype, or give values that are not finite.

    >>> F = lambda h: torch.tanh(2 * h)  # each unit holds one of two values
    >>> points = rnnlab.find_fixed_points(F, torch.tensor([[0.3, -0.2], [0.5, 0.9]]), box=1.0)
    >>> points.census, points.audit.closed
    ({0: 4, 1: 4, 2: 1}, True)
    """
    began = time.monotonic()
    if rounds < 0 or max_steps < 1:
        raise ValueError(f"rounds must be at least 0 and max_steps at least 1, got {rounds} and {max_steps}")
    problem = _problem(F, box)
    starts = checked_states(problem.F, starts, "starts")
    if problem.box is not None and problem.box.shape not in ((), starts.shape[1:]):
        raise ValueError(
            f"box must be one number or {starts.shape[1]}, one per coordinate, got shape {tuple(problem.box.shape)}"
        )
    found, index, unconverged = starts[:0], torch.empty(0, dtype=torch.int64), []
    tried = mixed = last_new = converged = spurious = 0
    with tqdm(total=len(starts), desc="fixed points", disable=not progress) as bar:
        for round_ in range(rounds + 1):
            batches = _mixed(starts, found, round_, seed) if round_ else starts
            for batch in batches.split(BATCH):
                roots, rest = _solve(problem, batch, max_steps)
                inside = problem.contains(roots)
                new = distinct(torch.cat([found, roots[inside]]))[len(found) :]
                found, index = torch.cat([found, new]), torch.cat([index, _indices(problem, new)])
                unconverged.append(rest)
                tried += len(batch)
                converged += int(inside.sum())
                spurious += int((~inside).sum())
                mixed += len(batch) if round_ else 0
                last_new = mixed if len(new) else last_new
                result = audit(index, applies=problem.box is not None)
                enough = mixed >= max(2 * last_new, LEAST)
                ended = _end(result, len(found), enough)
                bar.total = max(len(starts) + max(2 * last_new, LEAST), tried)
                bar.set_postfix(found=len(found), index_sum=result.index_sum, refresh=False)
                bar.update(len(batch))
                if ended:
                    break
            if ended:
                break
    q = squared_speed(problem.F, found)
    eigenvalues = _eigenvalues(problem.F, found)
    order = order_of_points((eigenvalues.abs() > 1).sum(-1), found)
    unconverged = torch.cat(unconverged) if starts.shape[1] <= LARGE else starts[:0]
    slow = _slow_points(problem.F, distinct(unconverged), max_steps)
    slow = slow[problem.contains(slow)]
    slow = slow[order_of_points(torch.zeros(len(slow), dtype=torch.int64), slow)]
    seconds = time.monotonic() - began
    search = Search(tried, round_, converged, spurious, seconds, ended or SearchEnd.ROUNDS_USED)
    points = (found[order], q[order], eigenvalues[order], index[order])
    return FixedPoints(*points, slow, squared_speed(problem.F, slow), result, search)


def _end(result, found, enough):
    """Why the search ends, or None if it goes on; `enough`: the last half of the combinations brought nothing new."""
    if found > BATCH and 2 * result.degenerate > found:
        return SearchEnd.CONTINUUM
    return SearchEnd.NOTHING_NEW if enough and (result.closed or not result.applies) else None


def _mixed(starts, found, round_, seed):
    """The starts of a round of convex combinations: half of the given starts, half of the points found."""
    size = BATCH * 2 ** (round_ - 1) // 2
    return torch.cat([convex_combinations(points, size, seed + round_) for points in (starts, found) if len(points)])


@dataclass(frozen=True)
class _Problem:
    """The equation that is solved: residual(u) = 0, with its `jacobian`, for u = output(h), and h = full_state(u)."""

    F: Callable
    residual: Callable
    jacobian: Callable
    output: Callable
    full_state: Callable
    box: Tensor | None

    def contains(self, states):
        """Which states lie in the box, up to rounding."""
        if self.box is None:
            return torch.ones(len(states), dtype=torch.bool)
        return (states.abs() <= self.box * (1 + 1e-9)).all(-1)


def _problem(F, box):
    F = in_float64(F)
    if isinstance(F, Map):
        return _Problem(F, F.gate_free_residual, F.gate_free_jacobian, F.cell.output, F.full_state, F.box)
    box = None if box is None else torch.as_tensor(box, dtype=torch.float64)
    return _Problem(F, _residual(F), vmap(jacrev(_residual(F))), lambda h: h, lambda u: u, box)


def _residual(F):
    """F(h) − h."""
    return lambda h: F(h) - h


def _chunk(size):
    """How many states' Jacobians are worked on at once."""
    return max(1, JACOBIAN_ENTRIES // size**2)


def _solve(problem, starts, max_steps):
    """Fixed points reached from `starts`, and the states at which the others came to rest or ran out of steps."""
    u = problem.output(starts)
    if starts.shape[1] > LARGE:
        u = newton_krylov(problem.residual, u, max_steps)
    else:
        parts = u.split(_chunk(u.shape[1]))
        u = torch.cat([_levenberg_marquardt(problem.residual, problem.jacobian, part, max_steps) for part in parts])
    states = problem.full_state(u)
    # Both: a nearly closed gate makes q tiny far from any solution.
    fixed = ((problem.residual(u) ** 2).sum(-1) <= FIXED) & (squared_speed(problem.F, states) <= FIXED)
    return states[fixed], states[~fixed]


def _levenberg_marquardt(residual, jacobian, u, max_steps, least_gain=1e-3):
    """Least squares ‖residual(u)‖² from every row of u at once.

    Each step solves (JᵀJ + μ‖r‖² I) d = Jᵀr; a step that lowers ‖r‖ is taken and μ falls, another is refused and μ
    rises. The damping vanishes with ‖r‖, so that convergence to a root is quadratic (Yamashita & Fukushima 2001).
    Rows leave the batch when they are solved, or when a step changes ‖r‖² by less than the share `least_gain`: at a
    minimum that is no root.
    """
    end, damping = u.clone(), torch.full((len(u),), 1e-2, dtype=u.dtype, device=u.device)
    rows = torch.arange(len(u), device=u.device)
    r = residual(u)
    for _ in range(max_steps):
        J = jacobian(u)
        cost = (r * r).sum(-1)
        step, solvable = damped_step(J, r, damping * cost + 1e-30)
        there = u - step
        r_there = residual(there)
        cost_there = (r_there * r_there).sum(-1)
        better = (cost_there < cost) & solvable
        damping = torch.where(better, damping * 0.2, damping * 8)
        u, r = torch.where(better[:, None], there, u), torch.where(better[:, None], r_there, r)
        end[rows] = u
        solved, stuck = (r * r).sum(-1) <= 1e-26, (cost_there - cost).abs() <= least_gain * cost
        going = ~(solved | stuck)
        u, r, damping, rows = u[going], r[going], damping[going], rows[going]
        if not len(u):
            break
    return end


def distinct(states):
    """One of each group of states closer than 1e-5, the first."""
    if not len(states):
        return states
    near = torch.cdist(states, states, compute_mode="donot_use_mm_for_euclid_dist") < MERGE
    return states[near.int().argmax(1).unique()]


def _indices(problem, states):
    """sign det(I − DF): from the better conditioned residual, or as (−1)^(number of real eigenvalues above 1)."""
    if not len(states):
        return torch.empty(0, dtype=torch.int64)
    if states.shape[1] <= LARGE:
        return indices(-problem.jacobian(problem.output(states)))
    λ = _eigenvalues(problem.F, states)
    above = ((λ.imag == 0) & (λ.real > 1)).sum(-1)
    return torch.where(((λ - 1).abs() < DEGENERATE).any(-1), 0, 1 - 2 * (above % 2))


def _eigenvalues(F, points):
    """Those of DF at each point that `FixedPoints` has."""
    if points.shape[1] > LARGE:
        each = [leading_eigenvalues(F, point) for point in points]
        most = max(map(len, each), default=6)
        each = [λ if len(λ) == most else leading_eigenvalues(F, h, most) for λ, h in zip(each, points)]
        return torch.stack(each) if each else torch.empty(0, most, dtype=torch.complex128)
    parts = [_spectra(jacobians(F, part)) for part in points.split(_chunk(points.shape[1]))]
    λ = torch.cat(parts) if parts and len(points) else points.new_empty(points.shape).to(torch.complex128)
    return λ.gather(-1, order_of_eigenvalues(λ))


def _spectra(J):
    """Eigenvalues of each matrix."""
    try:
        return torch.linalg.eigvals(J)
    except torch.linalg.LinAlgError:
        # LAPACK can fail on an eigenvalue that is many times the same, as those of low-rank networks are. A change of
        # the size of rounding errors is enough to help.
        noise = torch.randn(J.shape, generator=torch.Generator().manual_seed(0), dtype=J.dtype)
        return torch.linalg.eigvals(J + 1e-15 * torch.linalg.matrix_norm(J)[:, None, None] * noise)


def _slow_points(F, states, max_steps):
    """Local minima of q of F itself, from where the search for roots came to rest."""
    if not len(states):
        return states
    states = _levenberg_marquardt(_residual(F), vmap(jacrev(_residual(F))), states, max_steps, least_gain=1e-9)
    r, pull = torch.func.vjp(_residual(F), states)  # pyright: ignore[reportAssignmentType]  (two without aux)
    q = (r * r).sum(-1)
    at_rest = pull(r)[0].norm(dim=-1) <= 1e-3 * r.norm(dim=-1)
    return distinct(states[at_rest & (q > FIXED) & (q <= SLOW)])
