"""Indices against determinants, and what an audit says."""

import numpy as np
import pytest
import torch

from rnnlab.dynamics.audit import Audit, audit, indices


def test_indices_are_signs_of_determinants():
    A = torch.randn(200, 5, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    assert indices(A).tolist() == np.sign(np.linalg.det(A.numpy())).tolist()
    assert set(indices(A).tolist()) == {-1, 1}


@pytest.mark.parametrize("least, index", [(1e-3, -1), (-1e-3, 1), (1e-9, 0), (0.0, 0)])
def test_singular_points_have_no_index(least, index):
    Q = torch.linalg.qr(torch.randn(3, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)))[0]
    A = Q @ torch.diag(torch.tensor([least, -2.0, 0.5], dtype=torch.float64)) @ Q.T
    assert indices(A[None]).tolist() == [index]


@pytest.mark.parametrize(
    "index, applies, closed, says",
    [
        ([1, 1, -1], True, True, "index sum +1: the audit closes"),
        ([1, 1], True, False, "index sum +2 instead of +1: fixed points are missing"),
        ([], True, False, "index sum +0 instead of +1: fixed points are missing"),
        ([1, 0], True, False, "index sum +1, but 1 degenerate"),
        ([1], False, False, "no box is known"),
    ],
)
def test_what_an_audit_says(index, applies, closed, says):
    result = audit(torch.tensor(index, dtype=torch.int64), applies=applies)
    assert result == Audit(sum(index), index.count(0), applies)
    assert result.closed is closed and says in str(result)
