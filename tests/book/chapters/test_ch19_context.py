"""Pictures of trials: what is drawn is what was given, in its place."""

import numpy as np
import torch

from rnnlab import find_fixed_points
from rnnlab.book.chapters import ch19_context
from rnnlab.book.tasks import Integration
from rnnlab.cells import LowRankRNN
from rnnlab.lowrank import Latent, LatentMap

STEPS = torch.linspace(-1, 1, 5, dtype=torch.float64)


def marks(figure, gid):
    return figure.findobj(lambda artist: artist.get_gid() == gid)


def heights(figure, gid):
    return np.array([line.get_ydata() for line in marks(figure, gid)], dtype=float)


def test_trial_shows_inputs_their_means_the_context_and_the_answer():
    task = Integration(2, noise=0.0)
    batch = task.run(torch.tensor([[0.4, -0.2], [0.1, 0.2]]), torch.tensor([0, 1]), torch.Generator().manual_seed(0))
    figure = ch19_context.trial(task, batch, 0.5 * batch.targets, sequence=1)
    np.testing.assert_allclose(heights(figure, "mean"), [[0.1, 0.1], [0.2, 0.2]], rtol=1e-6)
    np.testing.assert_array_equal(heights(figure, "cue 2"), batch.inputs[1:, :, 3])
    np.testing.assert_array_equal(heights(figure, "target"), np.ones((1, 5)))
    assert (heights(figure, "output") == 0.5).all()


def test_psychometric_has_a_panel_for_each_context():
    share = {"relevant": (STEPS + 1) / 2, "irrelevant": 0 * STEPS + 0.4}
    figure = ch19_context.psychometric(STEPS, {"one": share, "two": share}, (STEPS > 0).double())
    assert [ax.get_title() for ax in figure.axes] == ["one", "two"]
    for gid, line in (*share.items(), ("ideal", (STEPS > 0).double())):
        np.testing.assert_array_equal(heights(figure, gid), [line.numpy()] * 2)


def test_latent_paths_over_averages():
    figure = ch19_context.latent_paths({"a": STEPS, "b": -STEPS}, {"u": 2 * STEPS, "v": 0 * STEPS})
    for gid, line in (("a", STEPS), ("b", -STEPS), ("u", 2 * STEPS), ("v", 0 * STEPS)):
        np.testing.assert_array_equal(heights(figure, gid), line[None])


def test_couplings_and_where_kappa_is_seldom():
    curves = torch.stack([STEPS, 2 * STEPS, 3 * STEPS], 1)
    figure = ch19_context.couplings(STEPS, {"context": curves}, visited=(-0.5, 0.25))
    np.testing.assert_array_equal(heights(figure, "coupling"), curves.T)
    spans = [(patch.get_x(), patch.get_x() + patch.get_width()) for patch in marks(figure, "seldom")]
    assert spans == [(-1, -0.5), (0.25, 1)]


def test_switch_has_bars_of_the_first_network_and_marks_of_all():
    at_zero = torch.tensor([[[0.8, -0.1], [0.2, 0.7]], [[-0.9, 0.3], [0.0, 0.6]]])
    figure = ch19_context.switch(at_zero)
    np.testing.assert_allclose([bar.get_height() for bar in marks(figure, "first")], [0.8, 0.2, 0.1, 0.7], rtol=1e-6)
    np.testing.assert_allclose(heights(figure, "networks"), at_zero.abs().permute(2, 0, 1).flatten(1), rtol=1e-6)


def test_velocities_mark_fixed_points_where_the_curve_crosses_zero():
    ones = torch.ones(64, 1, dtype=torch.float64)
    G = Latent(LowRankRNN.from_loadings(ones, 2 * ones, ones))  # dκ/dt = −κ + 2 tanh κ: two stable points around 0
    v = torch.zeros(1, dtype=torch.float64)
    κ = torch.linspace(-3, 3, 31, dtype=torch.float64)[:, None]
    points = find_fixed_points(LatentMap(G, v), κ, box=G.reach)
    curve = (G(κ, v) - κ)[:, 0]
    figure = ch19_context.velocities(κ[:, 0], {"context": {"none": curve}}, {"context": points})
    np.testing.assert_array_equal(heights(figure, "none"), curve[None])
    (stable,), (unstable,) = marks(figure, "stable"), marks(figure, "unstable")
    np.testing.assert_allclose(np.sort(stable.get_offsets()[:, 0]), [-1.915008, 1.915008], atol=1e-6)
    np.testing.assert_allclose(unstable.get_offsets(), [[0, 0]], atol=1e-9)


def test_kernels_with_the_level_of_equal_weights():
    figure = ch19_context.kernels({"": (STEPS + 1, 0 * STEPS), "other": (STEPS, STEPS)})
    np.testing.assert_array_equal(heights(figure, "relevant"), torch.stack([STEPS + 1, STEPS]))
    np.testing.assert_array_equal(heights(figure, "irrelevant"), torch.stack([0 * STEPS, STEPS]))
    assert heights(figure, "equal")[0].tolist() == [1, 1]


def test_units_are_coloured_by_the_context_that_they_are_sensitive_in():
    loadings, preference = torch.stack([STEPS, 2 * STEPS], 1), torch.tensor([0.9, 0.0, -1.0, 0.1, 1.0]).double()
    for drawn, W in zip(marks(ch19_context.units(-STEPS, loadings, preference), "units"), loadings.T, strict=True):
        given = {(float(x), -float(y)): float(p) for x, y, p in zip(W, STEPS, preference)}
        assert {tuple(at): p for at, p in zip(drawn.get_offsets().tolist(), drawn.get_array())} == given


def test_selections_stand_in_their_rows_with_their_medians():
    relevant, irrelevant = torch.tensor([0.5, 0.7, 0.9]), torch.tensor([0.01, 0.1, 0.2])
    figure = ch19_context.selections({"a": (relevant, irrelevant), "b": (irrelevant, relevant)}, xlabel="s")
    for gid, medians in (("relevant", (0.7, 0.1)), ("irrelevant", (0.1, 0.7))):
        ticks = [mark.get_xydata()[0] for mark in marks(figure, f"median, {gid}")]
        np.testing.assert_allclose(np.array(ticks)[:, 0], medians, rtol=1e-6)
        np.testing.assert_array_equal(np.array(ticks)[:, 1].round(), [0, -1])
        assert [len(line.get_xdata()) for line in marks(figure, gid)] == [3, 3]


def test_planes_show_every_path_to_its_end():
    paths = torch.stack([torch.stack([STEPS, k * STEPS], 1) for k in (1, 2)])
    points = torch.tensor([[0.0, 0.1], [0.2, 0.3]]).double()
    figure = ch19_context.planes({"context": (paths, torch.tensor([0.2, -0.4]), points)})
    np.testing.assert_array_equal([line.get_xydata() for line in marks(figure, "path")], paths)
    np.testing.assert_array_equal([line.get_xydata() for line in marks(figure, "end")], paths[:, -1:])
    np.testing.assert_array_equal(marks(figure, "points")[0].get_offsets(), points)
