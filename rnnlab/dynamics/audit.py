"""The index audit: is a set of fixed points complete?

A continuous map F that sends a closed ball (or box) into itself has fixed points whose indices sum to +1, where an
isolated fixed point with det(I − DF) ≠ 0 has the index sign det(I − DF) (Brouwer; Lefschetz–Hopf). The states of
gated and tanh networks live in such a box. A set that does not sum to +1 is therefore incomplete. A set that does may
still lack a group of points whose indices cancel, such as a node and a saddle: the audit refutes, it does not prove.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Complex, Int
from torch import Tensor


@dataclass(frozen=True)
class Audit:
    """Result of the index audit.

    index_sum: Σ sign det(I − DF) over the points.
    degenerate: how many points have an eigenvalue within `DEGENERATE` of 1, where the sign decides nothing:
        a continuum of fixed points (a line attractor), or two about to merge.
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
            return f"index sum {self.index_sum:+d}; no box is known that the map sends into itself, so no sum is expected"
        if self.degenerate:
            return f"index sum {self.index_sum:+d}, but {self.degenerate} points have an eigenvalue at 1: the audit does not apply"
        if self.closed:
            return "index sum +1: the audit closes"
        return f"index sum {self.index_sum:+d} instead of +1: fixed points are missing"


DEGENERATE = 1e-6


def indices(eigenvalues: Complex[Tensor, "points state"]) -> Int[Tensor, " points"]:
    """sign det(I − DF) from the eigenvalues of DF: −1 to the number of real eigenvalues above 1.

    Complex ones come in pairs, whose factors |1 − λ|² are positive.
    """
    above = (eigenvalues.imag == 0) & (eigenvalues.real > 1)
    return 1 - 2 * (above.sum(-1) % 2)


def audit(eigenvalues: Complex[Tensor, "points state"], *, applies: bool) -> Audit:
    """Audit fixed points by the eigenvalues of DF at each; `applies`: F is known to map a box into itself."""
    nearest = (eigenvalues - 1).abs().amin(-1)
    return Audit(int(indices(eigenvalues).sum()), int((nearest < DEGENERATE).sum()), applies)
