"""Branches against normal forms, whose folds are known."""

import math
from dataclasses import replace

import pytest
import torch

from rnnlab import GRU, find_fixed_points, follow_branches
from rnnlab.dynamics.continuation import BranchEnd


def column(*numbers):
    return torch.tensor(numbers, dtype=torch.float64)[:, None]


def saddle_node(h, α):
    """Two fixed points h = ±√−α for α < 0, none beyond."""
    return h - 0.1 * (h**2 + α)


def hysteresis(h, α):
    """Fixed points on α = h³ − h, with folds at h = ±1/√3."""
    return h + 0.1 * (α + h - h**3)


def test_a_saddle_node_is_one_branch_with_a_fold():
    (branch,) = follow_branches(saddle_node, column(1, -1), start=-1.0, stop=1.0)
    assert branch.folds.tolist() == pytest.approx([0], abs=1e-8)
    assert branch.fold_states[0].item() == pytest.approx(0, abs=1e-4) and branch.fold_gaps.max() < 1e-4
    torch.testing.assert_close(branch.parameter, -(branch.states[:, 0] ** 2), rtol=0, atol=1e-10)
    assert branch.parameter[0] == branch.parameter[-1] == -1 and branch.ended is BranchEnd.LEFT_RANGE
    assert branch.states[[0, -1], 0].tolist() == pytest.approx([1, -1], abs=1e-9)
    assert torch.equal(branch.n_unstable, (branch.states[:, 0] < 0).long())
    assert str(branch).startswith(f"branch of {len(branch.states)} points, folds at (")


def test_hysteresis_is_one_branch_through_all_three_points():
    fold = 2 / (3 * math.sqrt(3))
    branches = follow_branches(hysteresis, column(-1, 0, 1), start=0.0, stop=1.0, largest_step=0.05)
    assert [len(branch.folds) for branch in branches] == [1, 0]  # two meet and vanish; the third goes through
    assert branches[0].folds.item() == pytest.approx(fold, abs=1e-8)
    (whole,) = follow_branches(hysteresis, column(-(1.3247179572447460)), start=-1.0, stop=1.0, largest_step=0.05)
    assert whole.folds.tolist() == pytest.approx([fold, -fold], abs=1e-8)
    assert whole.fold_states[:, 0].tolist() == pytest.approx([-1 / math.sqrt(3), 1 / math.sqrt(3)], abs=1e-4)
    torch.testing.assert_close(whole.parameter, whole.states[:, 0] ** 3 - whole.states[:, 0], rtol=0, atol=1e-10)
    assert whole.n_unstable.diff().abs().sum() == 2 and whole.parameter[-1] == 1
    assert torch.equal(whole.index, 1 - 2 * whole.n_unstable) and not whole.slipped


def test_a_step_onto_another_curve_shows():
    (branch,) = follow_branches(hysteresis, column(-1.3247179572447460), start=-1.0, stop=1.0, largest_step=0.05)
    assert not branch.slipped and replace(branch, index=torch.ones_like(branch.index)).slipped


def test_doubling_a_period_is_no_slip():
    """λ = −1 is passed at α = 1: the point loses its stability, and its index stays."""
    (branch,) = follow_branches(lambda h, α: -α * h, column(0.0), start=0.5, stop=1.5)
    assert branch.n_unstable.tolist()[0] == 0 and branch.n_unstable.tolist()[-1] == 1
    assert (branch.index == 1).all() and not branch.slipped


def test_a_branch_may_be_followed_down():
    fold = 2 / (3 * math.sqrt(3))
    (down,) = follow_branches(hysteresis, column(1.3247179572447460), start=1.0, stop=-1.0, largest_step=0.05)
    assert down.folds.tolist() == pytest.approx([-fold, fold], abs=1e-8)
    assert down.parameter[0] == 1 and down.parameter[-1] == -1


def test_a_monotone_branch_has_no_fold():
    (branch,) = follow_branches(lambda h, α: 0.5 * torch.tanh(h + 3 * α), column(0.0), start=0.0, stop=2.0)
    assert len(branch.folds) == 0 and branch.fold_states.shape == (0, 1)
    assert branch.ended is BranchEnd.LEFT_RANGE and branch.end_parameter == 2
    assert (branch.parameter.diff() > 0).all() and not branch.n_unstable.any()
    torch.testing.assert_close(0.5 * torch.tanh(branch.states[:, 0] + 3 * branch.parameter), branch.states[:, 0])


def test_branches_of_a_linear_map_are_lines():
    A = torch.tensor([[0.5, 0.2], [-0.3, 0.4]], dtype=torch.float64)
    b = torch.tensor([1.0, -2.0], dtype=torch.float64)
    (branch,) = follow_branches(lambda h, α: h @ A.T + α * b, torch.zeros(1, 2), stop=-3.0)
    end = torch.linalg.solve(torch.eye(2).double() - A, b)
    torch.testing.assert_close(branch.states, branch.parameter[:, None] * end)
    assert branch.parameter[-1] == -3


def test_steps_that_do_not_suffice():
    (branch,) = follow_branches(saddle_node, column(1), start=-1.0, stop=1.0, most_steps=3)
    assert branch.ended is BranchEnd.STEPS_USED and len(branch.states) == 4


def test_where_branches_end_are_the_fixed_points_under_the_input():
    cell = GRU(1, 2, generator=torch.Generator().manual_seed(1)).double().requires_grad_(False)
    cell.U[4:] += 6 * torch.eye(2)  # each unit excites itself
    x = torch.tensor([1.0], dtype=torch.float64)
    starts = torch.randn(200, 2, generator=torch.Generator().manual_seed(0)).double().tanh()
    before, after = (find_fixed_points(cell.at(α * x), starts) for α in (0, 1))
    assert before.audit.closed and after.audit.closed and len(before) > 3
    branches = follow_branches(lambda h, α: cell(α * x, h), before.states)
    ends = torch.stack([branch.states[-1] for branch in branches if branch.parameter[-1] == 1])
    vanished = sum(bool(branch.parameter[-1] == 0) for branch in branches)
    assert len(ends) + 2 * vanished == len(before)
    assert len(ends) and torch.cdist(ends, after.states).amin(1).max() < 1e-6
    for branch in branches:
        residual = torch.stack([cell(α * x, h) - h for h, α in zip(branch.states, branch.parameter)])
        assert residual.norm(dim=1).max() < 1e-8


REFUSED = {
    "no fixed point": (column(1, 0.3), {}, "state 1 is no fixed point at -1.0: q ="),
    "start = stop": (column(1), {"stop": -1.0}, "start and stop must differ"),
    "no state": (torch.zeros(0, 1), {}, r"states must be finite, of shape .points ≥ 1, state., got .0, 1."),
    "NaN": (column(torch.nan), {}, "states must be finite"),
    "no step": (column(1), {"largest_step": 0.0}, "steps be positive"),
    "no steps": (column(1), {"most_steps": 0}, "steps be positive"),
}


@pytest.mark.parametrize("states, arguments, message", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_followed(states, arguments, message):
    with pytest.raises(ValueError, match=message):
        follow_branches(saddle_node, states, **{"start": -1.0, "stop": 1.0} | arguments)
