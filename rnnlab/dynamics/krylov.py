"""Large maps, without their Jacobians: only products J d, by forward differentiation, are ever formed."""

from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Complex, Float
from torch import Tensor
from torch.func import jvp

from rnnlab.dynamics.maps import order_of_eigenvalues


def newton_krylov(
    residual: Callable, starts: Float[Tensor, "starts state"], max_steps: int, *, solved: float = 1e-13
) -> Float[Tensor, "starts state"]:
    """Where Newton's method, in float64, comes to from each start: residual = 0, or no step that lowers it.

    Each step solves J d = residual(u) by SciPy's GMRES to a tenth of ‖residual‖ at first and ever better near a root
    (an inexact Newton method), and is halved until ‖residual‖ falls (Knoll & Keyes 2004). One start after the other.
    """
    with torch.no_grad():
        return torch.stack([_newton(residual, u, max_steps, solved) for u in starts])


def _newton(residual, u, max_steps, solved):
    from scipy.sparse.linalg import LinearOperator, gmres

    r = residual(u)
    for _ in range(max_steps):
        size = float(r.norm())
        if size <= solved or not np.isfinite(size):
            break
        J = LinearOperator((len(u), len(u)), lambda d, u=u: _product(residual, u, d), dtype=np.float64)  # pyright: ignore[reportCallIssue]
        d, _ = gmres(J, r.numpy(), rtol=min(0.1, size), restart=50, maxiter=4)
        step, length = torch.from_numpy(d), 1.0
        while length > 1e-3:
            there = u - length * step
            r_there = residual(there)
            if float(r_there.norm()) < (1 - 1e-4 * length) * size:
                break
            length /= 2
        else:
            break
        u, r = there, r_there
    return u


def leading_eigenvalues(F: Callable, state: Float[Tensor, " state"], least: int = 6) -> Complex[Tensor, " modes"]:
    """The eigenvalues of DF at a state of largest modulus, in falling order, by SciPy's Arnoldi iteration.

    At least `least` of them, and all that lie outside the unit circle.
    """
    from scipy.sparse.linalg import LinearOperator, eigs

    size, count = len(state), least
    DF = LinearOperator((size, size), lambda d: _product(F, state, d), dtype=np.float64)  # pyright: ignore[reportCallIssue]
    start = np.random.default_rng(0).standard_normal(size)
    while True:
        values = eigs(DF, count, v0=start, ncv=min(size - 1, max(4 * count, 40)), return_eigenvectors=False)
        values = torch.from_numpy(values)
        values = values[order_of_eigenvalues(values)]
        if values[-1].abs() <= 1 or 2 * count > size - 2:
            return values
        count *= 2


def _product(f, u, d):
    return jvp(f, (u,), (torch.from_numpy(np.ascontiguousarray(d)).reshape(u.shape),))[1].numpy()
