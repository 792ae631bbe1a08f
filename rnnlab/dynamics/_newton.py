"""The damped Newton step (Levenberg–Marquardt) that all searches share."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor


def damped_step(
    J: Float[Tensor, "points n n"], r: Float[Tensor, "points n"], damping: Float[Tensor, "#points"]
) -> tuple[Float[Tensor, "points n"], Bool[Tensor, " points"]]:
    """d = (JᵀJ + μ)⁻¹ Jᵀ r, to be subtracted, and where it could be computed; μ is the damping."""
    normal = J.mT @ J
    normal.diagonal(dim1=-2, dim2=-1).add_(damping[:, None])
    factor, failed = torch.linalg.cholesky_ex(normal)
    return torch.cholesky_solve(J.mT @ r[..., None], factor)[..., 0], failed == 0
