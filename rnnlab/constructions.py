"""Networks that need no training: their weights are written down, and so is what they do."""

import warnings
from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from rnnlab.cells import LowRankRNN

CAPACITY = 0.138  # patterns per unit that a Hopfield network of binary units can store (Amit, Gutfreund & Sompolinsky)


def hopfield(
    patterns: Float[Tensor, "patterns units"], *, gain: float = 4.0, tau: float = 1.0, dt: float = 0.2
) -> LowRankRNN:
    """A Hopfield network of graded units that stores ±1 `patterns` ξ: U = gain · Σ_μ ξ^μ ξ^μᵀ / N, without input.

    Its rank is the number P of patterns, with m^μ = gain · ξ^μ and n^μ = ξ^μ, so that `cell.overlaps(h)` is the overlap
    κ̃_μ = ⟨ξ^μ Φ(h)⟩ with each memory. With few patterns a memory that is alone in the state obeys (Dubreuil, eq. 5, 6)

        τ κ̇ = −κ + tanh(gain · κ),

    which has two stable points for a gain above 1. The one input has no weight.

    Raises ValueError for patterns that are not ±1 or more of them than units, or a gain that is not positive; warns
    above a load P/N of 0.138, beyond which the memories are lost.
    """
    if patterns.ndim != 2 or not patterns.numel() or not (patterns.abs() == 1).all():
        raise ValueError(f"patterns must be −1 or +1, of shape (patterns ≥ 1, units), got {tuple(patterns.shape)}")
    if not 0 < gain < float("inf"):
        raise ValueError(f"gain must be positive and finite, got {gain}")
    count, units = patterns.shape
    if count > CAPACITY * units:
        warnings.warn(
            f"{count} patterns in {units} units are a load of {count / units:.3f}, above {CAPACITY}: "
            "they cannot all be recalled",
            stacklevel=2,
        )
    ξ = patterns.T if patterns.is_floating_point() else patterns.T.to(torch.get_default_dtype())
    return LowRankRNN.of(gain * ξ, ξ, torch.zeros_like(ξ[:, :1]), tau=tau, dt=dt).requires_grad_(False)


def random_patterns(count: int, units: int, generator: torch.Generator) -> Float[Tensor, "count units"]:
    """`count` patterns of independent ±1, both equally probable."""
    return 2.0 * torch.randint(0, 2, (count, units), generator=generator) - 1


def corrupted(
    patterns: Float[Tensor, "*batch units"], share: float, generator: torch.Generator
) -> Float[Tensor, "*batch units"]:
    """Patterns in which this share of the units, in [0, 1], chosen at random, has the other sign."""
    if not 0 <= share <= 1:
        raise ValueError(f"share must be in [0, 1], got {share}")
    flips = torch.rand(patterns.shape, generator=generator).argsort(-1) < round(share * patterns.shape[-1])
    return torch.where(flips, -patterns, patterns)


def continuous_attractor(
    units: int,
    dimension: int,
    generator: torch.Generator,
    *,
    reach: float = 1.0,
    tuning: float = 1.0,
    tau: float = 1.0,
    dt: float = 0.2,
) -> LowRankRNN:
    """A network of rank `dimension` that keeps any state h = m κ + b with ‖κ‖ ≤ reach: a line for 1, a plane for 2.

    The rows of m and the thresholds b are drawn from normal distributions; b is the weight of input 0, which is to be 1
    at all times, and m are the weights of the other inputs, which are integrated. n is the solution of a ridge
    regression that makes the network's own input equal to its state,

        nᵀ Φ(m κ + b) / N = κ        for κ in a ball of radius 1.25 · reach,

    after Seung 1996, where n are the strengths of the synapses; then κ̇ = 0 all along. `tuning` multiplies n: with
    1 − ε the state leaks away with the time constant τ/ε.

    Raises ValueError for sizes below 1 or above the units, or a reach or tuning that is not positive.
    """
    if not 1 <= dimension <= units:
        raise ValueError(f"dimension must be from 1 to the {units} units, got {dimension}")
    if not 0 < reach < float("inf") or not 0 < tuning < float("inf"):
        raise ValueError(f"reach and tuning must be positive and finite, got {reach} and {tuning}")
    m = torch.randn(units, dimension, generator=generator, dtype=torch.float64) / reach
    b = 1.5 * torch.randn(units, 1, generator=generator, dtype=torch.float64)
    κ = torch.randn(4000, dimension, generator=generator, dtype=torch.float64)
    radius = torch.rand(4000, 1, generator=generator, dtype=torch.float64) ** (1 / dimension)
    κ = 1.25 * reach * radius * torch.nn.functional.normalize(κ, dim=1)
    Φ = torch.tanh(κ @ m.T + b.T) / units
    gram = Φ.T @ Φ
    n = torch.linalg.solve(gram + 1e-8 * gram.diagonal().mean() * torch.eye(units, dtype=torch.float64), Φ.T @ κ)
    return LowRankRNN.of(m, tuning * n, torch.cat([b, m], 1), tau=tau, dt=dt).requires_grad_(False)


def energy(G: Callable, κ: Float[Tensor, " points"], v: Float[Tensor, " input"]) -> Float[Tensor, " points"]:
    """E(κ) = ∫ (s − G(s, v)) ds from κ[0], by the trapezoidal rule: the potential of a rank-one network, τ κ̇ = −dE/dκ."""
    force = κ.double() - G(κ.double()[:, None], v.double())[:, 0]
    return torch.cat([force.new_zeros(1), torch.cumulative_trapezoid(force, κ.double())])
