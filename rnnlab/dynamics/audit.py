"""The index audit: is a set of fixed points complete?

A continuous map F that sends a closed ball (or box) into itself has fixed points whose indices sum to +1, where an
isolated fixed point with det(I − DF) ≠ 0 has the index sign det(I − DF) (Brouwer; Lefschetz–Hopf). The states of
gated and tanh networks live in such a box. A set that does not sum to +1 is therefore incomplete. A set that does may
still lack a group of points whose indices cancel, such as a node and a saddle: the audit refutes, it does not prove.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

DEGENERATE = 1e-6


@dataclass(frozen=True)
class Audit:
    """Result of the index audit.

    Attributes:
        index_sum: Σ sign det(I − DF) over the points.
        degenerate: how many points are singular to working precision, so that the sign decides nothing: members of a
            continuum of fixed points (a line attractor), or two about to merge.
        applies: whether F is known to map a box into itself. Where it is not, no sum is expected.
    """

    index_sum: int
    degenerate: int
    applies: bool

    @property
    def closed(self) -> bool:
        """Whether the indices sum to +1, as those of every complete non-degenerate set do."""
        return self.applies and self.degenerate == 0 and self.index_sum == 1

    def __str__(self):
        if not self.applies:
            return (
                f"index sum {self.index_sum:+d}; no box is known that the map sends into itself, so no sum is expected"
            )
        if self.degenerate:
            return f"index sum {self.index_sum:+d}, but {self.degenerate} degenerate points: the audit does not apply"
        if self.closed:
            return "index sum +1: the audit closes"
        return f"index sum {self.index_sum:+d} instead of +1: fixed points are missing"


def indices(jacobians: Float[Tensor, "points n n"]) -> Int[Tensor, " points"]:
    """sign det A for A = I − DF at each point, in {−1, 0, 1}; 0 where A is singular to within 1e-6.

    A may also be the Jacobian of another residual that vanishes with h − F(h) and has the same orientation: that of a
    gated cell's candidate, say, of which I − DF is a product with the positive gate. It is the better conditioned.
    Singular: 1/‖A⁻¹‖ < 1e-6 in the Frobenius norm, a lower bound of the smallest singular value.
    """
    inverse, singular = torch.linalg.inv_ex(jacobians)
    least = 1 / torch.linalg.matrix_norm(inverse)
    signs = torch.linalg.slogdet(jacobians).sign.to(torch.int64)
    return torch.where((singular != 0) | ~(least >= DEGENERATE), 0, signs)


def audit(index: Int[Tensor, " points"], *, applies: bool) -> Audit:
    """Audit fixed points by their `indices`; `applies`: F is known to map a box into itself."""
    return Audit(int(index.sum()), int((index == 0).sum()), applies)
