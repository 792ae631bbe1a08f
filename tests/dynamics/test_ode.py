"""Differential equations with known solutions, and the Euler steps of a rate network, which approach theirs."""

import math

import pytest
import torch

from rnnlab import LowRankRNN, RateRNN, odeint


def test_exponential_and_rotation():
    times = torch.linspace(0, 10, 21).double()
    decay = odeint(lambda t, h: -h, torch.tensor([[1.0], [2.0]]), times)
    torch.testing.assert_close(decay, (-times).exp()[:, None, None] * torch.tensor([[1.0], [2.0]]), rtol=0, atol=1e-8)
    turn = odeint(lambda t, h: torch.stack([-h[1], h[0]]), torch.tensor([1.0, 0.0]), times)
    torch.testing.assert_close(turn, torch.stack([times.cos(), times.sin()], 1), rtol=0, atol=1e-7)


def test_an_input_that_changes_with_time():
    times = torch.linspace(0, 6, 7).double()
    h = odeint(lambda t, h: torch.full_like(h, math.cos(t)), torch.zeros(1), times)
    torch.testing.assert_close(h[:, 0], times.sin(), rtol=0, atol=1e-8)


@pytest.mark.parametrize("kind", [RateRNN, LowRankRNN])
def test_euler_steps_approach_the_solution_in_proportion_to_dt(kind):
    generator = torch.Generator().manual_seed(0)
    x, h0 = torch.randn(2, generator=generator).double(), torch.randn(8, generator=generator).double()
    errors, weights = [], kind(2, 8, generator=generator).state_dict()
    for dt in (0.1, 0.05, 0.025):
        cell = kind(2, 8, dt=dt, tau=0.5).double().requires_grad_(False)
        cell.load_state_dict(weights)
        exact = odeint(lambda t, h: cell.velocity(cell.project(x), h), h0, torch.tensor([0.0, 2.0]))[-1]
        h = h0
        for _ in range(round(2 / dt)):
            h = cell.at(x)(h)
        errors.append(float((h - exact).norm()))
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.15) and errors[1] / errors[2] == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ((torch.zeros(2), torch.tensor([0.0])), "times must rise, at least two"),
        ((torch.zeros(2), torch.tensor([0.0, 1, 1])), "times must rise"),
        ((torch.tensor([torch.nan]), torch.tensor([0.0, 1])), "start must be finite"),
    ],
)
def test_bad_times_and_starts(arguments, message):
    with pytest.raises(ValueError, match=message):
        odeint(lambda t, h: -h, *arguments)


@pytest.mark.filterwarnings("ignore")  # of SciPy, on the way to infinity
def test_a_solution_that_blows_up_is_an_error():
    with pytest.raises(ValueError, match="no solution from t = 0.0 to 2.0"):
        odeint(lambda t, h: h**2, torch.ones(1), torch.tensor([0.0, 2.0]))
