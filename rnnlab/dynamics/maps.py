"""What a user may pass as a map h → h′, made ready for work in float64."""

import copy
from collections.abc import Callable

import torch
from jaxtyping import Complex, Float, Int
from torch import Tensor
from torch.func import jacrev, vmap

from rnnlab.cells import Map


def in_float64(F: Callable) -> Callable:
    """F on a float64 copy of its weights where it is a cell's map or a module; other callables as they are."""
    if isinstance(F, Map):
        return F.double()
    if isinstance(F, torch.nn.Module):
        return copy.deepcopy(F).double().requires_grad_(False)
    return F


def checked_states(F: Callable, states: Tensor, name: str) -> Tensor:
    """`states` in float64; ValueError unless they are a finite, floating (points ≥ 1, state ≥ 1) tensor that F maps, in
    batches of any size, to finite float64 states; what F itself raises stands behind it as the cause.
    """
    if not isinstance(states, Tensor) or not states.is_floating_point() or states.ndim != 2 or not states.numel():
        given = (
            f"{states.dtype} of shape {tuple(states.shape)}" if isinstance(states, Tensor) else type(states).__name__
        )
        raise ValueError(f"{name} must be a floating tensor of shape (points ≥ 1, state ≥ 1), got {given}")
    if not torch.isfinite(states).all():
        raise ValueError(f"{int((~torch.isfinite(states)).any(1).sum())} of {len(states)} {name} are not finite")
    states = states.detach().double()
    batch = torch.cat([states, states[:1]])  # of another size, so that a map of single states cannot pass by chance
    try:
        image = F(batch)
    except Exception as error:
        raise ValueError(f"the map fails at float64 {name} of shape {tuple(batch.shape)}: {error}") from error
    if not isinstance(image, Tensor) or image.shape != batch.shape or image.dtype != batch.dtype:
        given = f"{image.dtype} of shape {tuple(image.shape)}" if isinstance(image, Tensor) else type(image).__name__
        raise ValueError(
            f"the map must keep shape and dtype of its states: float64 {tuple(batch.shape)} became {given}"
        )
    if not torch.isfinite(image).all():
        raise ValueError(f"the map gives values that are not finite at some of the {name}")
    return states


def jacobians(F: Callable, states: Tensor) -> Tensor:
    """DF at each of the states: (points, state, state)."""
    return F.jacobian(states) if isinstance(F, Map) else vmap(jacrev(F))(states)


def order_of_points(
    n_unstable: Int[Tensor, " points"], states: Float[Tensor, "points state"]
) -> Int[Tensor, " points"]:
    """Indices that sort points by their number of unstable directions and, among equals, by Σ_k cos(k) h_k, k = 0, 1, …

    No rounding error of the states decides: the numbers cos(k) are linearly independent over the rationals, so that two
    distinct points, symmetric ones too, are far apart along this direction compared with how exactly they are known.
    """
    along = states @ torch.arange(states.shape[-1], dtype=states.dtype, device=states.device).cos()
    by_place = along.argsort(stable=True)
    return by_place[n_unstable[by_place].argsort(stable=True)]


def order_of_eigenvalues(eigenvalues: Complex[Tensor, "*batch modes"]) -> Int[Tensor, "*batch modes"]:
    """Indices that sort eigenvalues by falling |λ|, then by falling real part, then the member of a pair with Im λ > 0
    first. Moduli and real parts that agree to nine decimals of the largest modulus count as equal: those of a pair, or
    of λ and −λ, are equal up to rounding, which must not decide."""
    scale = 1e9 / eigenvalues.abs().amax(-1, keepdim=True).clamp(min=1e-300)
    order = eigenvalues.imag.argsort(dim=-1, descending=True, stable=True)
    for key in (eigenvalues.real, eigenvalues.abs()):
        key = (key * scale).round().gather(-1, order)
        order = order.gather(-1, key.argsort(dim=-1, descending=True, stable=True))
    return order


class ByStability:
    """Points or cycles, sorted by how many of their eigenvalues, `_spectrum`, lie outside the unit circle."""

    states: Tensor
    _spectrum: Tensor

    @property
    def n_unstable(self) -> Int[Tensor, " points"]:
        """The number of eigenvalues outside the unit circle, one by one."""
        return (self._spectrum.abs() > 1).sum(-1)

    @property
    def stable(self) -> Float[Tensor, " stable *state"]:
        """States of those without unstable directions: they attract."""
        return self.states[self.n_unstable == 0]

    @property
    def saddles(self) -> Float[Tensor, " saddles *state"]:
        """States of those with at least one unstable direction."""
        return self.states[self.n_unstable > 0]

    @property
    def census(self) -> dict[int, int]:
        """Number of unstable directions → how many have so many."""
        unstable, counts = self.n_unstable.unique(return_counts=True)
        return dict(zip(unstable.tolist(), counts.tolist()))


def time_constants(eigenvalues: Complex[Tensor, "*batch modes"]) -> Float[Tensor, "*batch modes"]:
    """τ = |1 / ln|λ||, in steps: a deviation along the mode shrinks or grows by e in this time."""
    return (1 / eigenvalues.abs().log()).abs()


def iterate(F: Callable, states: Float[Tensor, "*batch state"], steps: int) -> Float[Tensor, "*batch state"]:
    """F^steps(h): where each state is after so many steps. In the dtype of the states; no gradients.

    >>> rnnlab.iterate(lambda h: h / 2, torch.tensor([8.0, 4.0]), steps=3)
    tensor([1.0000, 0.5000])
    """
    with torch.no_grad():
        for _ in range(steps):
            states = F(states)
    return states


def orbit(F: Callable, states: Float[Tensor, "states state"], steps: int) -> Float[Tensor, "states time state"]:
    """h, F(h), …, F^steps(h) for each state: time = steps + 1. In the dtype of the states; no gradients.

    >>> rnnlab.orbit(lambda h: h / 2, torch.tensor([[8.0], [4.0]]), steps=2)[..., 0].tolist()
    [[8.0, 4.0, 2.0], [4.0, 2.0, 1.0]]
    """
    visited = [states]
    with torch.no_grad():
        for _ in range(steps):
            visited.append(F(visited[-1]))
    return torch.stack(visited, 1)
