"""Landscapes: what is drawn stands where the flow has it."""

import matplotlib.pyplot
import numpy as np
import pytest
import torch

from rnnlab import LowRankRNN, find_fixed_points, find_periodic_orbit, follow_branches
from rnnlab.book.chapters.ch18_from_n_to_two import (
    Landscape,
    convergence,
    find_landscape,
    landscapes,
    predictions,
    reconfiguration,
)
from rnnlab.lowrank import Latent


def marks(figure, gid):
    return figure.findobj(lambda artist: artist.get_gid() == gid)


def velocity(h):
    """A circle of radius 1/2 on which all states end, around a point that repels."""
    return h * (1 - 4 * (h * h).sum(-1, keepdim=True)) + h @ torch.tensor([[0.0, 2.0], [-2.0, 0.0]]).double()


def two_wells(h):
    return torch.tanh(3 * h) * torch.tensor([1.0, 0.0]).double() - h


@pytest.fixture
def panels():
    starts = torch.randn(20, 2, generator=torch.Generator().manual_seed(0)).double()
    found = [find_fixed_points(lambda h, f=f: h + 0.1 * f(h), starts, rounds=0) for f in (two_wells, velocity)]
    orbit = find_periodic_orbit(velocity, torch.tensor([0.4, 0.1]), longest=5.0)
    return [Landscape(two_wells, found[0], title="wells"), Landscape(velocity, found[1], orbit, title="circle")]


def test_landscapes_draw_speed_points_and_orbit(panels):
    figure = landscapes(panels, reach=(1.2, 0.8))
    assert [ax.get_title() for ax in figure.axes[:2]] == ["wells", "circle"]
    for ax, panel in zip(figure.axes, panels):
        for unstable, gid in enumerate(("stable", "1 unstable", "2 unstable")):
            drawn = np.array([mark.get_offsets()[0] for mark in marks(ax, gid)]).reshape(-1, 2)
            states = panel.fixed_points.states[panel.fixed_points.n_unstable == unstable]
            np.testing.assert_allclose(drawn, states, atol=1e-12)
        (shades,) = marks(ax, "speed")
        corner = panel.velocity(torch.tensor([-1.2, -0.8]).double()).norm()
        assert shades.get_array().ravel()[0] == pytest.approx(float(corner)) and shades.get_clim()[0] == 0
    (line,) = marks(figure, "orbit")
    np.testing.assert_allclose(np.hypot(*line.get_data()), 0.5, atol=1e-7)
    texts = {text.get_text() for text in figure.legends[0].get_texts()}
    assert texts == {"stable", "1 unstable", "2 unstable", "closed orbit"}
    assert not matplotlib.pyplot.get_fignums()


@pytest.mark.parametrize("turning", [0.0, 1.0])
def test_a_landscape_has_an_orbit_where_nothing_is_stable(turning):
    generator = torch.Generator().manual_seed(0)
    m = torch.randn(400, 2, generator=generator, dtype=torch.float64)
    n = m @ torch.tensor([[2.0, -turning], [turning, 2.0]]).double().T
    G = Latent(LowRankRNN.from_loadings(m, n, torch.zeros(400, 1).double()))
    found = find_landscape(G, torch.zeros(1).double(), 2 * torch.randn(30, 2, generator=generator).double(), title="it")
    assert (found.orbit is None) == (len(found.fixed_points.stable) > 0) == (turning == 0)
    assert found.title == "it" and found.fixed_points.audit.closed


def test_predictions_have_a_panel_for_each_size():
    times = torch.arange(5.0)
    drawn = {64: torch.rand(3, 5), 1024: torch.rand(2, 5)}
    figure = predictions(times, times / 5, drawn, {"pulse": (times < 1).float()})
    assert [ax.get_title(loc="left") for ax in figure.axes[:2]] == ["N = 64", "N = 1,024"]
    for ax, runs in zip(figure.axes, drawn.values()):
        np.testing.assert_allclose([line.get_ydata() for line in marks(ax, "network")], runs)
        (line,) = marks(ax, "prediction")
        np.testing.assert_allclose(line.get_ydata(), times / 5)
    (given,) = marks(figure, "input")
    np.testing.assert_allclose(given.get_ydata(), [1, 0, 0, 0, 0])


def test_convergence_draws_means():
    (mean,) = marks(convergence((16, 64), torch.tensor([[0.2, 0.4], [0.1, 0.2]]), -0.5), "mean")
    np.testing.assert_allclose(mean.get_ydata(), [0.3, 0.15])


def test_reconfiguration_adds_orbits_to_the_branches(panels):
    def family(h, a):
        return torch.tanh((2 - 1.5 * a) * h)

    points = find_fixed_points(lambda h: family(h, 0.0), torch.zeros(1, 2).double())
    branches = follow_branches(family, points.states[:1])
    figure = reconfiguration(branches, lambda states: states[..., 0], {0.7: panels[1].orbit}, xlabel="gate")
    (bar,) = marks(figure, "orbit")
    np.testing.assert_allclose(bar.get_xdata(), 0.7)
    np.testing.assert_allclose(bar.get_ydata(), [-0.5, 0.5], atol=1e-3)
    assert figure.axes[0].get_xlabel() == "gate"
