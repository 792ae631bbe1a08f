"""Closed orbits against flows whose orbits are known, and starts that lead to none."""

import math

import pytest
import torch

from rnnlab import find_periodic_orbit


def hopf(h, μ=1.0, ω=2.0):
    """ṙ = r (μ − r²), θ̇ = ω: a circle of radius √μ, with the multiplier exp(−2μ · 2π/ω) across it."""
    x, y = h.unbind(-1)
    return h * (μ - (h * h).sum(-1, keepdim=True)) + ω * torch.stack([-y, x], -1)


def van_der_pol(h):
    x, y = h.unbind(-1)
    return torch.stack([y, (1 - x**2) * y - x], -1)


def test_the_circle_of_the_hopf_normal_form():
    orbit = find_periodic_orbit(hopf, torch.tensor([0.9, 0.3]), longest=10.0)
    assert orbit.period == pytest.approx(math.pi, abs=1e-9) and orbit.residual < 1e-8
    torch.testing.assert_close(orbit.states.norm(dim=1), torch.ones(201).double(), rtol=0, atol=1e-8)
    expected = torch.tensor([1.0, math.exp(-2 * math.pi)]).to(orbit.multipliers)
    torch.testing.assert_close(orbit.multipliers, expected, rtol=0, atol=1e-6)
    assert orbit.attracts and str(orbit).startswith("attracting orbit of period 3.1416, multipliers 1 and 0.00187")


def test_states_are_evenly_spaced_in_time():
    states = find_periodic_orbit(hopf, torch.tensor([1.0, 0.0]), longest=10.0, points=5).states
    quarter = torch.tensor([[0.0, -1.0], [1.0, 0.0]]).double()
    assert states.shape == (5, 2)
    torch.testing.assert_close(states[1:], states[:-1] @ quarter.T, rtol=0, atol=1e-8)


def test_an_orbit_that_repels_is_found_from_a_start_beside_it():
    orbit = find_periodic_orbit(lambda h: -hopf(h, 0.1), torch.tensor([0.3, 0.1]), longest=10.0)
    assert orbit.period == pytest.approx(math.pi, abs=1e-7) and not orbit.attracts
    assert orbit.multipliers[1].real == pytest.approx(math.exp(0.2 * math.pi), abs=1e-6)


def test_the_multipliers_of_three_dimensions_in_turned_coordinates():
    Q = torch.linalg.qr(torch.randn(3, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0)))[0]

    def velocity(h):
        plane, z = (h @ Q).split([2, 1], -1)
        return torch.cat([hopf(plane), -0.1 * z], -1) @ Q.T

    orbit = find_periodic_orbit(velocity, Q @ torch.tensor([1.05, 0.1, 0.02]).double(), longest=10.0)
    expected = torch.tensor([1.0, math.exp(-0.1 * math.pi), math.exp(-2 * math.pi)]).to(orbit.multipliers)
    torch.testing.assert_close(orbit.multipliers, expected, rtol=0, atol=1e-6)


def test_the_period_of_the_van_der_pol_oscillator():
    orbit = find_periodic_orbit(van_der_pol, torch.tensor([2.0, 0.1]), longest=8.0)
    assert orbit.period == pytest.approx(6.663286859, abs=1e-8)
    # Liouville: the product of the multipliers is exp ∮ tr Df = exp ∫ (1 − x²) dt.
    trace = (1 - orbit.states[:-1, 0] ** 2).mean() * orbit.period
    assert orbit.multipliers.prod().real == pytest.approx(math.exp(trace), rel=1e-4)


@pytest.mark.parametrize(
    "velocity, start, message",
    [
        (hopf, [0.0, 0.0], "must be finite and move, got speed 0"),
        (hopf, [math.nan, 0.0], "must be finite and move"),
        (lambda h: -h, [1.0, 0.5], "does not return within 10: allow longer"),
        (lambda h: h @ torch.tensor([[-0.02, 2.0], [-2.0, -0.02]]).double(), [0.5, 0.0], "no closed orbit"),
    ],
    ids=["at rest", "not finite", "no return", "spiral"],
)
def test_starts_that_lead_to_no_orbit(velocity, start, message):
    with pytest.raises(ValueError, match=message):
        find_periodic_orbit(velocity, torch.tensor(start), longest=10.0)
