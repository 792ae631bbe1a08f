"""Pictures of continuous attractors: what is drawn is what was given."""

import numpy as np
import torch

from rnnlab import find_fixed_points
from rnnlab.book.chapters import ch17_lines
from rnnlab.lowrank import Latent, LatentMap

T = torch.linspace(0, 4, 9)


def marks(figure, gid):
    return figure.findobj(lambda artist: artist.get_gid() == gid)


def heights(figure, gid):
    return np.array([line.get_ydata() for line in marks(figure, gid)])


def test_sum_of_units_shows_parts_whole_and_error():
    κ = torch.linspace(-2, 2, 11)
    figure = ch17_lines.sum_of_units(κ, torch.stack([κ, -κ], 1), κ + 0.1, reach=1.25)
    np.testing.assert_array_equal(heights(figure, "unit"), [κ.numpy(), -κ.numpy()])
    np.testing.assert_array_equal(heights(figure, "sum"), [κ + 0.1])
    np.testing.assert_allclose(heights(figure, "error"), 0.1, rtol=1e-5)


def test_integrator_has_a_row_for_commands_memory_and_the_rest():
    commands = torch.stack([T, T**2], 1)
    figure = ch17_lines.integrator(T, commands, T + 1, T + 2, T + 3)
    np.testing.assert_array_equal(heights(figure, "command"), commands.T)
    for gid, values in (("kept", T + 1), ("integral", T + 2), ("aside", T + 3)):
        np.testing.assert_array_equal(heights(figure, gid), values[None])


def test_time_constants_are_named_curves():
    figure = ch17_lines.time_constants(T, {"tuned": T + 1e4, "off": T + 100})
    np.testing.assert_array_equal(heights(figure, "time constant"), torch.stack([T + 1e4, T + 100]))
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["tuned", "off"]


def test_drifts_show_every_start_and_the_fixed_points():
    G = Latent(ch17_lines.continuous_attractor(64, 1, torch.Generator().manual_seed(0), tuning=1.05))
    starts = torch.linspace(-1, 1, 5).double()[:, None] * G.reach
    F = LatentMap(G, torch.tensor([1.0, 0.0]).double())
    points = find_fixed_points(F, starts, box=G.reach, rounds=0)
    runs = torch.stack([T, -T, 0 * T], 1)
    figure = ch17_lines.drifts(T, {"strong": runs}, {"strong": points})
    np.testing.assert_array_equal(heights(figure, "run"), runs.T)
    for gid, states, count in (("stable", points.stable, 2), ("unstable", points.saddles, 1)):
        (drawn,) = marks(figure, gid)
        np.testing.assert_array_equal(drawn.get_offsets()[:, 1], states[:, 0])
        assert len(states) == count


def test_balls_roll_on_the_surface():
    κ = torch.linspace(-1, 1, 21)
    path = torch.tensor([[0.5, 1.0], [0.3, 0.4], [0.0, 0.0]])
    figure = ch17_lines.half_pipes(κ, {"bowl": κ**2 / 2 - 3}, {"bowl": [path]})
    (rolled,), (start,), (end,) = (marks(figure, gid) for gid in ("path", "start", "end"))
    height = (path**2).sum(1) / 2
    np.testing.assert_allclose(rolled.get_data_3d(), [*path.T, height], atol=1e-6)
    for mark, k in ((start, 0), (end, -1)):
        np.testing.assert_allclose([float(axis[0]) for axis in mark._offsets3d], [*path[k], height[k]], atol=1e-6)
    assert len(figure._repr_svg_()) < 300_000


def test_precision_draws_medians_and_the_middle_half():
    draws = torch.tensor([[10.0, 20.0, 30.0, 40.0, 50.0], [1.0, 2.0, 3.0, 4.0, 5.0]])
    figure = ch17_lines.precision(torch.tensor([0.01, 0.1]), {"32 units": draws})
    np.testing.assert_allclose(heights(figure, "median"), [[30, 3]])
    (band,) = marks(figure, "middle half")
    corners = {tuple(np.round(vertex, 6).tolist()) for vertex in band.get_paths()[0].vertices}
    assert {(0.01, 20.0), (0.01, 40.0), (0.1, 2.0), (0.1, 4.0)} <= corners


def test_modes_are_sorted_at_each_point():
    figure = ch17_lines.modes(torch.tensor([[1.0, 300.0, 2.0], [400.0, 1.0, 3.0]]))
    np.testing.assert_array_equal(heights(figure, "points"), [[300, 2, 1, 400, 3, 1]])
    np.testing.assert_array_equal(heights(figure, "median"), [[350, 2.5, 1]])


def test_path_integration_puts_the_network_over_the_path():
    path = torch.stack([T, T**2], 1)
    figure = ch17_lines.path_integration(path, path + 1, every=4)
    for gid, expected in (("path", path), ("network", path + 1), ("dots", (path + 1)[[0, 4, 8]])):
        (line,) = marks(figure, gid)
        np.testing.assert_array_equal(line.get_xydata(), expected)


def test_drift_field_has_arrows_of_one_length():
    at, velocity = torch.tensor([[0.0, 0.0], [1.0, 0.0]]), torch.tensor([[3.0, 4.0], [0.0, -0.01]])
    (arrows,) = marks(ch17_lines.drift_field(at, velocity, reach=1.25), "drift")
    np.testing.assert_allclose([arrows.U, arrows.V], [[0.6, 0], [0.8, -1]], rtol=1e-6)
    np.testing.assert_allclose(arrows.get_array(), [np.log10(5), -2], rtol=1e-6)
