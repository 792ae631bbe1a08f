"""Networks whose mechanism is known on paper do what the paper says."""

import pytest
import torch

from rnnlab.book.chapters.ch16_wells import corrupted, energy, hopfield, random_patterns
from rnnlab.book.chapters.ch17_lines import continuous_attractor
from rnnlab.lowrank import Latent, latent_run


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def recalled(cell, h, steps=100):
    for _ in range(steps):
        h = cell.step(torch.zeros(cell.units), h)
    return cell.overlaps(h)


def test_few_patterns_are_recalled_from_corrupted_cues():
    patterns = random_patterns(20, 400, generator())
    cell = hopfield(patterns)
    torch.testing.assert_close(cell.U, 4.0 * patterns.T @ patterns / 400)
    assert recalled(cell, corrupted(patterns, 0.2, generator(1))).diagonal().min() > 0.95


def test_one_pattern_obeys_the_overlap_equation():
    patterns = random_patterns(1, 100, generator())
    cell = hopfield(patterns, gain=2.0, dt=0.5)
    h = 0.3 * patterns
    κ = torch.tensor(0.3)
    for _ in range(40):
        h = cell.step(torch.zeros(100), h)
        κ = κ + 0.5 * (2 * torch.tanh(κ) - κ)
    torch.testing.assert_close(h, κ * patterns, rtol=0, atol=1e-5)


def test_too_many_patterns_are_stored_with_a_warning_and_lost():
    patterns = random_patterns(120, 400, generator())
    with pytest.warns(UserWarning, match="120 patterns in 400 units are a load of 0.300, above 0.138"):
        cell = hopfield(patterns)
    assert recalled(cell, patterns).diagonal().mean() < 0.7


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_exactly_this_share_is_flipped(share):
    patterns = random_patterns(5, 200, generator())
    assert ((corrupted(patterns, share, generator(1)) != patterns).sum(1) == round(share * 200)).all()


@pytest.mark.parametrize("dimension", [1, 2])
def test_a_continuous_attractor_holds_and_integrates(dimension):
    cell = continuous_attractor(300, dimension, generator())
    latent = Latent(cell)
    inputs = torch.zeros(1, 400, 1 + dimension)
    inputs[..., 0] = 1
    inputs[:, 10:30, 1] = 0.2  # 20 steps of dt = 0.2 τ: 0.8 in units of τ
    κ, v = latent_run(latent, inputs, v0=inputs[:, 0])
    κ = κ + v[..., 1:]  # the filtered command is a part of the state along m
    assert κ[0, -1, 0] == pytest.approx(0.8, abs=0.01)
    assert (κ[0, 60:] - κ[0, -1]).abs().max() < 5e-3


@pytest.mark.parametrize("tuning", [0.99, 1.01])
def test_a_detuned_line_leaks_or_grows_in_a_hundred_time_constants(tuning):
    latent = Latent(continuous_attractor(300, 1, generator(), tuning=tuning))
    rec, _ = latent.couplings(torch.tensor([0.3]).double(), torch.tensor([1.0, 0.0]).double())
    assert float(rec) == pytest.approx(tuning, abs=2e-4)


def test_the_energy_of_the_overlap_equation():
    latent = Latent(hopfield(random_patterns(1, 50, generator()).double(), gain=2.0))
    κ = torch.linspace(-1.5, 1.5, 3001).double()
    E = energy(latent, κ, torch.zeros(1))
    exact = κ**2 / 2 - torch.log(torch.cosh(2 * κ)) / 2
    torch.testing.assert_close(E - E[1500], exact - exact[1500], rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    "build, message",
    [
        (lambda: hopfield(torch.zeros(2, 10)), "patterns must be −1 or .1, of shape"),
        (lambda: hopfield(torch.full((2, 10), torch.nan)), "patterns must be −1 or .1"),
        (lambda: hopfield(torch.ones(2, 100), gain=0.0), "gain must be positive and finite, got 0.0"),
        (lambda: corrupted(torch.ones(2, 10), 1.5, generator()), "share must be in .0, 1., got 1.5"),
        (lambda: continuous_attractor(4, 1, generator(), tuning=0.0), "tuning must be positive and finite, got 0.0"),
    ],
)
def test_what_cannot_be_built(build, message):
    with pytest.raises(ValueError, match=message):
        build()


@pytest.mark.filterwarnings("ignore:.*a load of")
def test_more_patterns_than_units():
    with pytest.raises(ValueError, match="rank must be an integer from 1 to 4, got 5"):
        hopfield(random_patterns(5, 4, generator()))
