"""The linear dynamics near given states: F(h + y, x + e) ≈ F(h, x) + (∂F/∂h) y + (∂F/∂x) e."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Complex, Float, Int
from torch import Tensor
from torch.func import jacrev, vmap

from rnnlab.cells import Map
from rnnlab.dynamics.maps import checked_states, in_float64, jacobians, order_of_eigenvalues, time_constants

# Rounding splits the eigenvectors of a 2×2 Jordan block by √ε: the inverse of such a basis, of vectors of norm 1, is
# larger than this.
DEFECTIVE = 1e7


@dataclass(frozen=True)
class Modes:
    """Jacobians of a map at some states, with their eigenmodes by falling |λ|; float64.

    Attributes:
        state_jacobian (points, state, state): ∂F/∂h.
        input_jacobian (points, state, input): ∂F/∂x; None for a map that is not a cell's.
        eigenvalues (points, state): λ_k.
        right (points, state, modes): eigenvectors r_k as columns, of norm 1.
        left (points, modes, state): ℓ_k as rows, scaled so that ℓ_j · r_k = δ_jk (no conjugation).
    """

    state_jacobian: Float[Tensor, "points state state"]
    input_jacobian: Float[Tensor, "points state input"] | None
    eigenvalues: Complex[Tensor, "points state"]
    right: Complex[Tensor, "points state modes"]
    left: Complex[Tensor, "points modes state"]

    @property
    def residual(self) -> Float[Tensor, " points"]:
        """How wrong the modes are: the largest of |DF r_k − λ_k r_k|, |ℓ_k DF − λ_k ℓ_k| and |ℓ_j r_k − δ_jk|."""
        right, left = self.right, self.left
        λ, J, one = self.eigenvalues, self.state_jacobian.to(right), torch.eye(right.shape[-1], dtype=right.dtype)
        errors = (J @ right - right * λ[:, None], left @ J - λ[..., None] * left, left @ right - one)
        return torch.stack([error.abs().amax((-2, -1)) for error in errors]).amax(0)

    @property
    def time_constants(self) -> Float[Tensor, "points state"]:
        """τ_k = |1 / ln|λ_k||, in steps: a mode shrinks or grows by e in this time."""
        return time_constants(self.eigenvalues)

    def integrating(
        self,
    ) -> tuple[Int[Tensor, " points"], Float[Tensor, "points state"], Float[Tensor, "points state"]]:
        """The mode whose λ is nearest to 1 at each point, along which a line attractor runs: its index, r of norm 1,
        ℓ with ℓ · r = 1; their real parts. It is the first mode unless the map oscillates.
        """
        mode, each = (self.eigenvalues - 1).abs().argmin(1), torch.arange(len(self.eigenvalues))
        r, left = self.right[each, :, mode].real, self.left[each, mode].real
        norm = r.norm(dim=1, keepdim=True)
        return mode, r / norm, left * norm

    def __str__(self):
        unstable = (self.eigenvalues.abs() > 1).sum(-1)
        worst = float(self.residual.max())
        return f"modes of {len(unstable)} states, up to {int(unstable.max())} unstable, residual ≤ {worst:.1e}"

    __repr__ = __str__


def linearize(F: Callable, states: Float[Tensor, "points state"]) -> Modes:
    """Jacobians and biorthonormal eigenmodes at each of `states` of F: `cell.at(x)`, or a batched callable in float64.

    Raises:
        ValueError: for states that are no finite floating (points, state) tensor, or maps that do not keep its shape.
        LinAlgError: where DF is defective to working precision and no basis of eigenvectors can be computed.

    >>> modes = rnnlab.linearize(lambda h: h * torch.tensor([0.9, 0.5], dtype=h.dtype), torch.zeros(1, 2))
    >>> modes.eigenvalues.real.tolist(), modes.time_constants.round(decimals=2).tolist()
    ([[0.9, 0.5]], [[9.49, 1.44]])
    """
    F = in_float64(F)
    states = checked_states(F, states, "states")
    input_jacobian = None
    if isinstance(F, Map):
        input_jacobian = vmap(jacrev(lambda h, x: F.cell(x, h), argnums=1), (0, None))(states, F.x)
    J = jacobians(F, states)
    eigenvalues, right = torch.linalg.eig(J)
    order = order_of_eigenvalues(eigenvalues)
    eigenvalues = eigenvalues.gather(-1, order)
    right = right.gather(-1, order[:, None, :].expand_as(right))
    left, singular = torch.linalg.inv_ex(right)
    size = torch.where(singular > 0, torch.inf, torch.linalg.matrix_norm(left))
    if (size > DEFECTIVE).any():
        raise torch.linalg.LinAlgError(
            f"DF at state {int(size.argmax())} is defective: its eigenvectors do not span the space "
            f"(the inverse of their matrix has the norm {float(size.max()):.1e}), or has an eigenvalue so often, as a "
            "network of low rank has, that none can be computed: see rnnlab.lowrank.Latent"
        )
    return Modes(J, input_jacobian, eigenvalues, right, left)
