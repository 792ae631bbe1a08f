"""Landscapes: what is drawn stands where the flow has it, and bad input is named."""

import matplotlib.pyplot
import numpy as np
import pytest
import torch

from rnnlab import find_fixed_points, find_periodic_orbit, follow_branches
from rnnlab.book.chapters.ch18_from_n_to_two import Landscape, convergence, landscapes, predictions, reconfiguration
from rnnlab.plots import style


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
    path = torch.tensor([[0.1, 0.2], [0.4, 0.3]])
    return [
        Landscape(two_wells, found[0], paths=[path], title="wells"),
        Landscape(velocity, found[1], orbit, title="circle"),
    ]


def test_landscapes_draw_speed_points_and_orbit(panels):
    figure = landscapes(panels, reach=(1.2, 0.8))
    wells, circle = figure.axes[:2]
    assert (wells.get_title(), circle.get_title()) == ("wells", "circle")
    for ax, panel in ((wells, panels[0]), (circle, panels[1])):
        drawn = np.concatenate([c.get_offsets() for c in ax.collections if c.get_zorder() == 5])
        np.testing.assert_allclose(drawn, panel.fixed_points.states, atol=1e-12)
        corner = torch.tensor([-1.2, -0.8]).double()
        (shades,) = [c for c in ax.collections if c.get_zorder() == 0]
        assert shades.get_array().ravel()[0] == pytest.approx(float(panel.velocity(corner).norm()))
        assert shades.get_clim()[0] == 0 and shades.get_clim() == wells.collections[0].get_clim()
    (line,) = [line for line in circle.lines if line.get_color() == style.CYCLE]
    np.testing.assert_allclose(np.hypot(*line.get_data()), 0.5, atol=1e-7)
    texts = {text.get_text() for text in figure.legends[0].get_texts()}
    assert texts == {"stable", "1 unstable", "2 unstable", "closed orbit", "path"}
    assert not matplotlib.pyplot.get_fignums()


def test_what_is_no_landscape(panels, fixed_points):
    with pytest.raises(ValueError, match="at least one panel, one column and a positive reach, got 0"):
        landscapes([], reach=(1.0, 1.0))
    with pytest.raises(ValueError, match="a positive reach"):
        landscapes(panels, reach=(1.0, 0.0))
    with pytest.raises(ValueError, match="a landscape has states of 2 numbers, got 4"):
        landscapes([Landscape(velocity, fixed_points)], reach=(1.0, 1.0))


def test_predictions_have_a_panel_for_each_size():
    times = torch.arange(5.0)
    drawn = {64: torch.rand(3, 5), 1024: torch.rand(2, 5)}
    figure = predictions(times, times / 5, drawn, {"pulse": (times < 1).float()})
    small, large, given = figure.axes
    assert (small.get_title(loc="left"), large.get_title(loc="left")) == ("N = 64", "N = 1,024")
    assert len(small.lines) == 3 + 1 and len(large.lines) == 2 + 1
    np.testing.assert_allclose(small.lines[-1].get_ydata(), times / 5)
    np.testing.assert_allclose(given.lines[0].get_ydata(), [1, 0, 0, 0, 0])
    for runs in ({}, {64: torch.rand(3, 4)}):
        with pytest.raises(ValueError, match="drawn must hold runs at the 5 times"):
            predictions(times, times, runs, {})


def test_convergence_draws_means_and_the_slope_of_a_half():
    errors = torch.tensor([[0.2, 0.4], [0.1, 0.2]])
    figure = convergence((16, 64), errors, -0.5)
    _, mean, half = figure.axes[0].lines
    np.testing.assert_allclose(mean.get_ydata(), [0.3, 0.15])
    np.testing.assert_allclose(half.get_ydata(), [0.3, 0.15])
    with pytest.raises(ValueError, match="a row for each of 3 sizes, got .2, 2."):
        convergence((1, 2, 3), errors, -0.5)


def test_reconfiguration_adds_orbits_to_the_branches(panels):
    def family(h, a):
        return torch.tanh((2 - 1.5 * a) * h)

    branches = follow_branches(family, find_fixed_points(lambda h: family(h, 0.0), torch.zeros(1, 2).double()).states[:1])
    figure = reconfiguration(branches, lambda states: states[..., 0], {0.7: panels[1].orbit}, xlabel="gate")
    (ax,) = figure.axes
    (bar,) = [line for line in ax.lines if line.get_color() == style.CYCLE]
    np.testing.assert_allclose(bar.get_xdata(), 0.7)
    np.testing.assert_allclose(bar.get_ydata(), [-0.5, 0.5], atol=1e-3)
    assert ax.get_xlabel() == "gate" and "closed orbit" in {t.get_text() for t in figure.legends[0].get_texts()}
