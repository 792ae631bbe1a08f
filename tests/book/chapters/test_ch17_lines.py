"""Pictures of continuous attractors: what they draw is what they are given."""

import numpy as np
import pytest
import torch
from matplotlib.collections import PathCollection

from rnnlab import find_fixed_points
from rnnlab.book.chapters import ch17_lines
from rnnlab.lowrank import Latent, LatentMap
from rnnlab.plots import style

T = torch.linspace(0, 4, 9)
V = torch.tensor([1.0, 0.0]).double()


def xy(line):
    return np.asarray(line.get_xydata())


def test_sum_of_units_shows_parts_whole_and_error():
    κ = torch.linspace(-2, 2, 11)
    whole = κ + 0.1
    above, middle, below = ch17_lines.sum_of_units(κ, torch.stack([κ, -κ], 1), whole, reach=1.25).axes
    np.testing.assert_array_equal([line.get_ydata() for line in above.lines], [κ, -κ])
    np.testing.assert_array_equal([line.get_ydata() for line in middle.lines], [whole, κ])
    np.testing.assert_allclose(below.lines[0].get_ydata(), 0.1, rtol=1e-5)
    shaded = above.patches[0].get_extents().transformed(above.transData.inverted())
    np.testing.assert_allclose([shaded.x0, shaded.x1], [-1.25, 1.25], rtol=1e-6)


def test_integrator_has_a_row_for_commands_memory_and_the_rest():
    commands = torch.stack([T, T**2], 1)
    axes = ch17_lines.integrator(T, commands, T + 1, T + 2, T + 3).axes
    drawn = [[line.get_ydata() for line in ax.lines] for ax in axes]
    np.testing.assert_array_equal(drawn[0], commands.T)
    np.testing.assert_array_equal(drawn[1], [T + 1, T + 2])
    np.testing.assert_array_equal(drawn[2], [T + 3])


def test_time_constants_are_named_curves():
    figure = ch17_lines.time_constants(T, {"tuned": T + 1e4, "off": T + 100})
    (ax,) = figure.axes
    np.testing.assert_array_equal([line.get_ydata() for line in ax.lines], [T + 1e4, T + 100])
    assert ax.get_yscale() == "log"
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["tuned", "off"]


def test_drifts_show_every_start_and_the_fixed_points():
    G = Latent(ch17_lines.continuous_attractor(64, 1, torch.Generator().manual_seed(0), tuning=1.05))
    starts = torch.linspace(-1, 1, 5).double()[:, None] * G.reach
    rest = find_fixed_points(LatentMap(G, V), starts, box=G.reach, rounds=0)
    runs = torch.stack([T, -T, 0 * T], 1)
    only, other = ch17_lines.drifts(T, {"strong": runs, "again": runs}, {"strong": rest, "again": rest}).axes
    assert [only.get_title(), other.get_title()] == ["strong", "again"]
    np.testing.assert_array_equal([line.get_ydata() for line in only.lines], runs.T)
    discs, rings = (np.asarray(marks.get_offsets())[:, 1] for marks in only.collections)
    np.testing.assert_array_equal(discs, rest.stable[:, 0])
    np.testing.assert_array_equal(rings, rest.saddles[:, 0])
    assert (len(discs), len(rings)) == (2, 1)


def test_balls_roll_on_the_surface():
    κ = torch.linspace(-1, 1, 21)
    energies = {"bowl": κ**2 / 2 - 3, "level": 0 * κ}
    path = torch.tensor([[0.5, 1.0], [0.3, 0.4], [0.0, 0.0]])
    figure = ch17_lines.half_pipes(κ, energies, {"bowl": [path], "level": [path]})
    assert [ax.get_title() for ax in figure.axes] == ["bowl", "level"]
    for ax, bottom in zip(figure.axes, (path[:, 0] ** 2 / 2, 0)):
        (rolled,) = (line for line in ax.lines if line.get_color() == style.TRAJECTORY)
        np.testing.assert_allclose(rolled.get_data_3d(), [*path.T, path[:, 1] ** 2 / 2 + bottom], atol=1e-6)
        start, end = (marks for marks in ax.collections if isinstance(marks, PathCollection))
        np.testing.assert_allclose([float(axis[0]) for axis in start._offsets3d][:2], path[0])
        np.testing.assert_allclose([float(axis[0]) for axis in end._offsets3d][:2], path[-1])
    assert len(figure._repr_svg_()) < 300_000


def test_precision_draws_medians_and_the_middle_half():
    draws = torch.tensor([[10.0, 20.0, 30.0, 40.0, 50.0], [1.0, 2.0, 3.0, 4.0, 5.0]])
    figure = ch17_lines.precision(torch.tensor([0.01, 0.1]), {"32 units": draws})
    (ax,) = figure.axes
    np.testing.assert_allclose(xy(ax.lines[0]), [[0.01, 30], [0.1, 3]])
    (band,) = ax.collections
    assert {(0.01, 20.0), (0.01, 40.0), (0.1, 2.0), (0.1, 4.0)} <= {
        tuple(np.round(vertex, 6).tolist()) for vertex in band.get_paths()[0].vertices
    }


def test_modes_are_sorted_at_each_point():
    (ax,) = ch17_lines.modes(torch.tensor([[1.0, 300.0, 2.0], [400.0, 1.0, 3.0]]), shown=2).axes
    dots, medians = ax.lines
    np.testing.assert_array_equal(xy(dots), [[1, 300], [2, 2], [1, 400], [2, 3]])
    np.testing.assert_array_equal(xy(medians), [[1, 350], [2, 2.5]])


def test_path_integration_puts_the_network_over_the_path():
    path = torch.stack([T, T**2], 1)
    path_line, network, dots = ch17_lines.path_integration(path, path + 1, every=4).axes[0].lines
    np.testing.assert_array_equal(xy(path_line), path)
    np.testing.assert_array_equal(xy(network), path + 1)
    np.testing.assert_array_equal(xy(dots), (path + 1)[[0, 4, 8]])


def test_drift_field_has_arrows_of_one_length():
    at = torch.tensor([[0.0, 0.0], [1.0, 0.0]])
    velocity = torch.tensor([[3.0, 4.0], [0.0, -0.01]])
    ax, _ = ch17_lines.drift_field(at, velocity, reach=1.25).axes
    (arrows,) = ax.collections
    np.testing.assert_allclose([arrows.U, arrows.V], [[0.6, 0], [0.8, -1]], rtol=1e-6)
    np.testing.assert_allclose(arrows.get_array(), [np.log10(5), -2], rtol=1e-6)
    with pytest.raises(ValueError, match="velocity must not be 0"):
        ch17_lines.drift_field(at, 0 * velocity, reach=1.25)
