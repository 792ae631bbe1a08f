"""Cycles against maps whose periodic orbits are known, and searches that make no sense."""

import math

import pytest
import torch

from rnnlab import VanillaRNN, convex_combinations, find_cycles, find_fixed_points
from rnnlab.book import zoo


def random(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def grid(count):
    return torch.linspace(0.003, 0.997, count, dtype=torch.float64)[:, None]


def column(*numbers):
    return torch.tensor(numbers, dtype=torch.float64)[:, None]


def plane_turn(k, radius_slope):
    """A map of the plane: θ′ = θ + 2π/k − (0.3/k) sin kθ, and r′ − 1 = radius_slope (r − 1).

    On the unit circle lie two cycles of period k, at the roots of sin kθ, where dθ′/dθ = 1 − 0.3 cos kθ.
    """

    def F(h):
        r, θ = h.norm(dim=-1), torch.atan2(h[..., 1], h[..., 0])
        θ = θ + 2 * torch.pi / k - 0.3 / k * torch.sin(k * θ)
        r = 1 + radius_slope * (r - 1)
        return torch.stack([r * torch.cos(θ), r * torch.sin(θ)], -1)

    return F


def circle(k, offset=0.0):
    θ = torch.arange(k, dtype=torch.float64) * 2 * torch.pi / k + offset
    return torch.stack([θ.cos(), θ.sin()], -1)


def same_cycle(found, expected, tolerance=1e-8):
    """Whether two orbits (period, state) are equal, up to where they begin."""
    shifts = [found.roll(shift, 0) for shift in range(len(found))]
    return any((shifted - expected).abs().max() < tolerance for shifted in shifts)


def tent(h):
    return torch.where(h < 0.5, 2 * h, 2 * (1 - h))


# Points of period k are m / (2^k ± 1).
OVER_17 = (2, 4, 8, 16), (6, 12, 10, 14)
TENT = {
    1: [column(0), column(2 / 3)],
    2: [column(2 / 5, 4 / 5)],
    3: [column(2 / 7, 4 / 7, 6 / 7), column(2 / 9, 4 / 9, 8 / 9)],
    4: [column(2 / 15, 4 / 15, 8 / 15, 14 / 15), *(column(*(m / 17 for m in orbit)) for orbit in OVER_17)],
}


@pytest.mark.parametrize("period", TENT)
def test_all_cycles_of_the_tent_map(period):
    cycles = find_cycles(tent, period, grid(200))
    assert cycles.states.shape == (len(TENT[period]), period, 1) and cycles.period == period
    for expected in TENT[period]:
        assert sum(same_cycle(orbit, expected) for orbit in cycles.states) == 1
    torch.testing.assert_close(cycles.multipliers.abs(), torch.full((len(cycles), 1), 2.0**period).double())
    # The slope is 2 below the middle and −2 above it.
    signs = torch.where(cycles.states > 0.5, -1.0, 1.0).prod(1)
    torch.testing.assert_close(cycles.multipliers.real, signs.double() * 2**period)
    assert cycles.n_unstable.tolist() == [1] * len(cycles) and cycles.stable.shape == (0, period, 1)
    assert f"{len(cycles)} cycles of period {period}, 0 of them attracting" in str(cycles)


def test_the_cycle_of_the_henon_map():
    def henon(h):
        x, y = h.unbind(-1)
        return torch.stack([1 - 1.4 * x**2 + y, 0.3 * x], -1)

    cycles = find_cycles(henon, 2, random(50, 2))
    # Points of period 2: a²x² − a(1 − b)x + (1 − b)² − a = 0 with a = 1.4 and b = 0.3.
    x = (0.7 + torch.tensor([1, -1]).double() * math.sqrt(0.7**2 - 4 * (0.7**2 - 1.4))) / 2.8
    assert len(cycles) == 1 and same_cycle(cycles.states[0], torch.stack([x, 0.3 * x.flip(0)], -1), 1e-6)
    # DF(x, y) has determinant −b.
    torch.testing.assert_close(cycles.multipliers[0].prod().real, torch.tensor(0.09).double())


def test_states_follow_the_map_and_return():
    cycles = find_cycles(tent, 3, grid(50))
    torch.testing.assert_close(tent(cycles.states), cycles.states.roll(-1, 1), rtol=0, atol=1e-9)
    torch.testing.assert_close(cycles.residual, (tent(cycles.states[:, -1]) - cycles.states[:, 0]).norm(dim=-1))
    assert cycles.residual.max() < 1e-9


def test_the_window_of_period_3_of_the_logistic_map():
    def logistic(h):
        return 3.83 * h * (1 - h)

    cycles = find_cycles(logistic, 3, grid(100))
    assert cycles.n_unstable.tolist() == [0, 1]
    h = torch.tensor([0.5], dtype=torch.float64)  # the critical point goes to the attracting cycle
    for _ in range(3000):
        h = logistic(h)
    assert same_cycle(cycles.stable[0], torch.stack([h, logistic(h), logistic(logistic(h))]), 1e-7)
    slopes = (3.83 * (1 - 2 * cycles.states[..., 0])).prod(1, keepdim=True)
    torch.testing.assert_close(cycles.multipliers.real, slopes, rtol=0, atol=1e-7)
    assert len(cycles.points) == 2 + 3 + 3  # both fixed points are fixed points of the iterate too


@pytest.mark.parametrize("slope", [0.6, 1.7], ids=["attracting", "repelling"])
@pytest.mark.parametrize("k", [2, 3, 5])
def test_planted_cycles_of_the_plane(k, slope):
    starts = torch.cat([circle(k, offset) + 0.01 for offset in torch.linspace(0, 6, 20)])
    cycles = find_cycles(plane_turn(k, slope), k, starts, rounds=0)
    assert len(cycles) == 2
    for offset, along in ((0.0, 0.7), (math.pi / k, 1.3)):
        (place,) = (i for i, orbit in enumerate(cycles.states) if same_cycle(orbit, circle(k, offset), 1e-7))
        expected = sorted([abs(slope) ** k, along**k], reverse=True)
        torch.testing.assert_close(cycles.multipliers[place].abs(), torch.tensor(expected).double(), rtol=1e-6, atol=0)
        assert cycles.n_unstable[place] == sum(modulus > 1 for modulus in expected)
    assert len(cycles.stable) == (slope < 1)


def test_a_rotation_is_degenerate():
    turn = torch.tensor([[-1, -(3**0.5)], [3**0.5, -1]], dtype=torch.float64) / 2
    cycles = find_cycles(lambda h: h @ turn.T, 3, random(20, 2), rounds=0, box=10.0)
    assert len(cycles) >= 20 and cycles.points.audit.degenerate == len(cycles.points)
    assert not cycles.points.audit.closed and "degenerate points" in str(cycles)
    torch.testing.assert_close(cycles.multipliers.abs(), torch.ones(len(cycles), 2).double())


@pytest.mark.parametrize("period", [2, 3])
def test_linear_maps_have_no_cycles(period):
    A = torch.linalg.qr(random(4, 4))[0] * 0.7
    cycles = find_cycles(lambda h: h @ A.T + 1, period, random(30, 4), box=20.0)
    assert len(cycles) == 0 and cycles.states.shape == (0, period, 4) and cycles.multipliers.shape == (0, 4)
    assert len(cycles.points) == 1 and cycles.points.audit.closed


def test_the_cycles_of_a_piecewise_linear_network():
    cell = VanillaRNN(1, 2, nonlinearity="relu").double()  # h₁′ = relu(1 + h₁/2 − 2 h₂), and likewise h₂′
    cell.load_state_dict({"W": torch.zeros(2, 1), "U": torch.tensor([[0.5, -2], [-2, 0.5]]), "b": torch.ones(2)})
    cycles = find_cycles(cell.at(torch.zeros(1).double()), 2, random(100, 2).abs())
    together = torch.tensor([[0, 0], [1, 1]], dtype=torch.float64)
    one_first = torch.tensor([[0, 2], [9, 14]], dtype=torch.float64) / 13
    assert len(cycles) == 3 and same_cycle(cycles.stable[0], together) and not cycles.multipliers[0].any()
    for expected in (one_first, one_first.flip(1)):
        (place,) = (i for i, orbit in enumerate(cycles.states) if same_cycle(orbit, expected))
        torch.testing.assert_close(cycles.multipliers[place].abs(), torch.tensor([4.25, 0]).double())
    fixed = torch.tensor([[0.4, 0.4], [0, 2], [2, 0]], dtype=torch.float64)
    assert len(cycles.points) == 3 * 2 + 3 and torch.cdist(fixed, cycles.points.states).amin(1).max() < 1e-6


def test_period_1_gives_the_fixed_points(F, fixed_points):
    cycles = find_cycles(F, 1, random(256, 4).tanh())
    assert len(cycles) == len(fixed_points) == 27
    assert torch.cdist(cycles.states[:, 0], fixed_points.states).amin(1).max() < 1e-6
    torch.testing.assert_close(cycles.multipliers, cycles.points.eigenvalues)
    assert cycles.points.audit.closed


def test_divisors_of_the_period_are_left_out():
    def flip(h):
        return -torch.tanh(3 * h)

    once, twice, four = (find_cycles(flip, period, random(50, 1), box=1.0) for period in (1, 2, 4))
    assert (len(once), len(twice), len(four)) == (1, 1, 0)
    torch.testing.assert_close(twice.states[0, 0], -twice.states[0, 1])
    assert len(four.points) == 3 and four.points.audit.closed


def test_a_cycle_is_found_whole_from_one_of_its_points():
    one = torch.tensor([[1.01, 0.0]], dtype=torch.float64)
    cycles = find_cycles(plane_turn(3, 0.5), 3, one, rounds=0)
    assert len(cycles) == 1 and same_cycle(cycles.states[0], circle(3))
    assert len(cycles.points) == 3


def test_the_order_and_shift_of_starts_do_not_matter():
    starts = grid(120)
    first, other = (find_cycles(tent, 4, s, seed=i) for i, s in enumerate((starts, tent(starts).flip(0))))
    assert len(first) == len(other) == 3
    for orbit in first.states:
        assert sum(same_cycle(orbit, again) for again in other.states) == 1


def test_rotated_coordinates_give_rotated_cycles():
    Q = torch.linalg.qr(random(2, 2))[0]
    F, starts = plane_turn(3, 0.6), torch.cat([circle(3, offset) for offset in torch.linspace(0.1, 2, 10)])
    cycles = find_cycles(F, 3, starts, rounds=0)
    turned = find_cycles(lambda h: F(h @ Q) @ Q.T, 3, starts @ Q.T, rounds=0)
    assert len(turned) == len(cycles) == 2
    for orbit, multipliers in zip(cycles.states @ Q.T, cycles.multipliers):
        (place,) = (i for i, again in enumerate(turned.states) if same_cycle(orbit, again, 1e-7))
        torch.testing.assert_close(turned.multipliers[place].abs(), multipliers.abs(), rtol=1e-6, atol=1e-9)


def test_the_modulo_3_counter_counts_on_an_attracting_cycle():
    network = zoo.load("modulo3-gru")
    words = torch.eye(2)[torch.randint(2, (16, 60), generator=torch.Generator().manual_seed(0))]
    with torch.no_grad():
        states = network(words)[1].flatten(0, 1)
    F = network.cell.at(torch.eye(2)[1])
    fixed = find_fixed_points(F, convex_combinations(states, 128))
    cycles = find_cycles(F, 3, convex_combinations(states, 128))
    assert fixed.audit.closed and cycles.points.audit.closed
    assert len(cycles.stable) == 1 and cycles.residual.max() < 1e-9
    answers = network.double().outputs(cycles.stable[0]).argmax(-1).tolist()
    assert answers in ([0, 1, 2], [1, 2, 0], [2, 0, 1])


@pytest.mark.parametrize("period", [0, -1])
def test_periods_that_cannot_be(period):
    with pytest.raises(ValueError, match=f"period must be an integer from 1, got {period}"):
        find_cycles(tent, period, grid(5))
