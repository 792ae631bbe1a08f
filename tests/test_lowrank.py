"""Low-rank theory against the networks that it describes, closed formulas, and adaptive quadrature."""

import numpy as np
import pytest
import scipy.integrate
import torch

from rnnlab import LowRankRNN, Network, RateRNN, find_fixed_points, scan
from rnnlab.book.chapters.ch20_create import latent_outputs
from rnnlab.cells import NONLINEARITIES
from rnnlab.lowrank import (
    Latent,
    LatentMap,
    LoadingDistribution,
    MeanField,
    gaussian_averages,
    latent_run,
    loadings,
)

OPTIONS = dict(nonlinearity="tanh", tau=1.0, dt=0.2)


def network(units=50, rank=2, inputs=3, outputs=1, **options):
    generator = torch.Generator().manual_seed(0)
    cell = LowRankRNN(inputs, units, rank=rank, generator=generator, **options)
    return Network.from_cell(cell, outputs, generator=generator).double().requires_grad_(False)


def statistics(populations=2, nonlinearity="tanh", seed=0, strength=1.0):
    """A mixture with two m, two n, one input and one output, and means that are not 0."""
    generator = torch.Generator().manual_seed(seed)
    roots = strength * torch.randn(populations, 6, 6, generator=generator, dtype=torch.float64) / 2
    means = 0.3 * torch.randn(populations, 6, generator=generator, dtype=torch.float64)
    weights = torch.full((populations,), 1 / populations, dtype=torch.float64)
    return LoadingDistribution(weights, means, roots @ roots.mT, 2, 1, OPTIONS | {"nonlinearity": nonlinearity})


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
def test_latent_variables_are_the_network_in_other_coordinates(nonlinearity):
    net = network(nonlinearity=nonlinearity, tau=2.0, dt=0.3)
    inputs = torch.randn(4, 60, 3, generator=torch.Generator().manual_seed(1)).double()
    states, latent = scan(net.cell, inputs), Latent(net.cell)
    κ, v = latent_run(latent, inputs)
    torch.testing.assert_close(latent.embed(κ, v), states, rtol=0, atol=1e-10)
    torch.testing.assert_close(latent.project(states), κ, rtol=0, atol=1e-10)
    again, _ = latent_run(latent, inputs[:, 30:], κ[:, 29], v[:, 29])
    torch.testing.assert_close(again, κ[:, 30:], rtol=0, atol=1e-12)


@pytest.mark.parametrize("dt", [0.3, 2.0])  # at dt = τ no part of the state is left after a step
def test_latent_outputs_are_those_of_the_network(dt):
    net = network(outputs=2, tau=2.0, dt=dt)
    inputs = torch.randn(4, 60, 3, generator=torch.Generator().manual_seed(1)).double()
    torch.testing.assert_close(latent_outputs(net, inputs), net(inputs)[0], rtol=0, atol=1e-12)
    with pytest.raises(TypeError, match="LowRankRNN, got a RateRNN"):
        latent_outputs(Network.from_cell(RateRNN(3, 5), 1), inputs)


def test_couplings_are_the_derivatives_of_g():
    latent = Latent(network().cell)
    κ, v = torch.tensor([0.4, -1.0]).double(), torch.tensor([0.2, 0.0, -0.5]).double()
    for coupling, derivative in zip(latent.couplings(κ, v), torch.func.jacfwd(latent, argnums=(0, 1))(κ, v)):
        torch.testing.assert_close(coupling, derivative, rtol=0, atol=1e-12)


def test_fixed_points_of_the_latent_map_are_those_of_the_network():
    net = network(60, nonlinearity="erf")
    net.cell.n += 2.5 * net.cell.m  # for more than one fixed point
    latent, v = Latent(net.cell), torch.tensor([0.1, 0.0, 0.2]).double()
    starts = torch.randn(40, 2, generator=torch.Generator().manual_seed(1)).double()
    few = find_fixed_points(LatentMap(latent, v), starts, box=latent.reach)
    many = find_fixed_points(net.cell.at(v), latent.embed(starts, v))
    assert len(few) >= 3 and few.census == many.census and few.audit.closed and many.audit.closed
    apart, same = torch.cdist(latent.embed(few.states, v), many.states).min(1)  # each has an order of its own
    assert apart.max() < 1e-8 and same.unique().tolist() == list(range(len(many)))
    assert few.n_unstable.tolist() == many.n_unstable[same].tolist()
    stable = few.n_unstable == 0
    leading = many.eigenvalues[same][stable, :2].abs().sort(1).values
    torch.testing.assert_close(leading, few.eigenvalues[stable].abs().sort(1).values, rtol=0, atol=1e-7)


@pytest.mark.parametrize("mean, variance", [(0.0, 0.5), (1.2, 3.0), (-3.0, 0.01), (0.4, 20.0)])
@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
def test_gaussian_averages_against_adaptive_quadrature(nonlinearity, mean, variance):
    μ, Δ = torch.tensor(mean).double(), torch.tensor(variance).double()
    for average, f in zip(gaussian_averages(nonlinearity, μ, Δ), NONLINEARITIES[nonlinearity]):

        def integrand(z, f=f):
            y = torch.tensor(mean + variance**0.5 * z).double()
            return float(f(y)) * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)

        expected = scipy.integrate.quad(integrand, -10, 10, points=[-mean / variance**0.5], limit=500)[0]
        assert float(average) == pytest.approx(expected, abs=3e-4 if variance > 4 else 1e-7)


def test_closed_formulas_of_erf_against_its_quadrature():
    μ, Δ = torch.linspace(-2, 2, 9).double()[:, None], torch.tensor([0.0, 0.1, 1.0, 3.0]).double()
    closed, quadrature = (gaussian_averages("erf", μ, Δ, closed=closed) for closed in (True, False))
    for exact, numerical in zip(closed, quadrature):
        torch.testing.assert_close(numerical, exact, rtol=0, atol=1e-8)


def test_without_variance_an_average_is_the_value():
    μ = torch.linspace(-2, 2, 9).double()
    for average, f in zip(gaussian_averages("tanh", μ, torch.zeros(9).double()), NONLINEARITIES["tanh"]):
        torch.testing.assert_close(average, f(μ), rtol=0, atol=1e-12)


@pytest.mark.parametrize("nonlinearity", ["tanh", "erf", "relu"])
@pytest.mark.parametrize("populations", [1, 2, 3])
def test_mean_field_is_the_limit_of_many_units(populations, nonlinearity):
    s = statistics(populations, nonlinearity)
    κ, v = torch.tensor([[0.5, -0.8], [1.5, 0.3], [0.0, 0.1]]).double(), torch.tensor([0.7]).double()
    cell = s.sample(400_000, torch.Generator().manual_seed(0)).cell.double()
    sent = cell.phi(Latent(cell).embed(κ, v))[..., None] * cell.n
    standard_error = sent.std(1) / 400_000**0.5
    assert ((s.mean_field()(κ, v) - sent.mean(1)).abs() < 5 * standard_error).all()
    assert (sent.mean(1).abs() > 20 * standard_error).any()


def test_the_error_of_the_mean_field_falls_with_the_units():
    s = statistics(strength=0.8)
    inputs = torch.zeros(1, 60, 1)
    inputs[:, 10:30] = 1
    expected, _ = latent_run(s.mean_field(), inputs)
    errors = []
    for units in (100, 6400):
        drawn = [s.sample(units, torch.Generator().manual_seed(draw)) for draw in range(8)]
        paths = [latent_run(Latent(net.cell), inputs)[0] for net in drawn]
        errors.append(np.mean([float((path - expected).norm() / expected.norm()) for path in paths]))
    assert 4 < errors[0] / errors[1] < 16  # 8 for N^(−1/2)


def test_mean_field_stays_within_its_reach():
    mean_field = statistics(strength=3.0).mean_field()
    κ = 3 * torch.randn(200, 2, generator=torch.Generator().manual_seed(0)).double()
    assert (mean_field(κ, torch.zeros(1).double()).abs() <= mean_field.reach).all()


def test_without_a_bound_no_audit_is_promised():
    net, s = network(nonlinearity="relu"), statistics(nonlinearity="relu")
    assert Latent(net.cell).reach is None and s.mean_field().reach is None


def test_statistics_of_a_network_are_those_of_its_loadings():
    net = network(2000)
    one = LoadingDistribution.fit(net)
    rows = loadings(net)
    torch.testing.assert_close(one.means[0], rows.mean(0), rtol=0, atol=1e-9)
    torch.testing.assert_close(one.covariances[0], torch.cov(rows.T, correction=0), rtol=0, atol=1e-5)
    assert rows.shape == (2000, 2 + 2 + 3 + 1) and one.rank == 2 and one.inputs == 3
    torch.testing.assert_close(rows[:, -1:].T / 2000, net.readout.weight)


def test_a_mixture_is_found_again_in_its_sample():
    means = torch.tensor([[2.0] * 6, [-2.0] * 6]).double()
    s = LoadingDistribution(
        torch.tensor([0.3, 0.7]).double(), means, 0.1 * torch.eye(6).double().repeat(2, 1, 1), 2, 1, OPTIONS
    )
    found = LoadingDistribution.fit(s.sample(5000, torch.Generator().manual_seed(0)), 2)
    order = found.weights.argsort()
    torch.testing.assert_close(found.weights[order], s.weights, rtol=0, atol=0.03)
    torch.testing.assert_close(found.means[order], s.means, rtol=0, atol=0.05)
    assert found.options == OPTIONS


def test_a_sample_is_a_function_of_the_generator():
    first, again, other = (statistics().sample(20, torch.Generator().manual_seed(seed)) for seed in (0, 0, 1))
    assert torch.equal(first.cell.m, again.cell.m) and not torch.equal(first.cell.m, other.cell.m)
    assert first.cell.m.shape == (20, 2) and first.readout.weight.shape == (1, 20)


def test_no_other_cell_has_loadings():
    with pytest.raises(TypeError, match="loadings are those of a LowRankRNN, got a RateRNN"):
        loadings(Network.from_cell(RateRNN(2, 4), 1))


@pytest.mark.parametrize("populations", [0, 50])
def test_numbers_of_populations_that_cannot_be_fitted(populations):
    with pytest.raises(ValueError, match="populations must be from 1 to less than the 50 units"):
        LoadingDistribution.fit(network(), populations)


def broken(**changes):
    s = statistics()
    return LoadingDistribution(**{name: getattr(s, name) for name in s.__dataclass_fields__} | changes)


@pytest.mark.parametrize(
    "changes, message",
    [
        (dict(rank=3), "at least 7"),
        (dict(weights=torch.tensor([0.5, 0.6]).double()), "weights must be shares that sum to 1"),
        (dict(weights=torch.tensor([1.5, -0.5]).double()), "weights must be shares"),
        (dict(means=torch.full((2, 6), torch.nan).double()), "must be finite"),
        (dict(covariances=-torch.eye(6).double().repeat(2, 1, 1)), "covariances must be symmetric and positive"),
    ],
)
def test_statistics_that_cannot_be(changes, message):
    with pytest.raises(ValueError, match=message):
        broken(**changes)


def test_unknown_nonlinearities():
    with pytest.raises(ValueError, match="nonlinearity must be one of tanh, erf, relu; got 'sin'"):
        gaussian_averages("sin", torch.zeros(1).double(), torch.ones(1).double())
    assert isinstance(statistics().mean_field(), MeanField)
