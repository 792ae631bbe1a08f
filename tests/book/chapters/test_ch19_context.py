"""Pictures of trials: what is drawn is what was given, in its place, and bad input is named."""

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex

from rnnlab import find_fixed_points, plots
from rnnlab.book.chapters import ch19_context
from rnnlab.book.tasks import Integration
from rnnlab.cells import LowRankRNN
from rnnlab.lowrank import Latent, LatentMap
from rnnlab.plots import style

STEPS = torch.linspace(-1, 1, 5, dtype=torch.float64)


def lines(ax):
    return [np.asarray(line.get_ydata(), dtype=float) for line in ax.lines]


def test_trial_shows_inputs_their_means_the_context_and_the_answer():
    task = Integration(2, noise=0.0)
    batch = task.run(torch.tensor([[0.4, -0.2], [0.1, 0.2]]), torch.tensor([0, 1]), torch.Generator().manual_seed(0))
    figure = ch19_context.trial(task, batch, 0.5 * batch.targets, sequence=1)
    first, second, cue, answer = figure.axes
    for ax, mean in ((first, 0.1), (second, 0.2)):
        np.testing.assert_allclose(lines(ax)[2], [mean, mean], rtol=1e-6)
    np.testing.assert_array_equal(lines(cue)[1], batch.inputs[1, :, 3])
    assert [text.get_text() for text in cue.texts] == ["2"]
    asked, said = lines(answer)
    assert (asked == 1).all() and len(asked) == 5 and (said == 0.5).all()
    with pytest.raises(ValueError, match="trial 2 of 2"):
        ch19_context.trial(task, batch, batch.targets, sequence=2)
    with pytest.raises(ValueError, match="1 channels"):
        ch19_context.trial(Integration(1), batch, batch.targets)


def test_psychometric_has_a_panel_for_each_context():
    share = {"relevant": (STEPS + 1) / 2, "irrelevant": 0 * STEPS + 0.4}
    figure = ch19_context.psychometric(STEPS, {"one": share, "two": share}, (STEPS > 0).double())
    assert [ax.get_title() for ax in figure.axes] == ["one", "two"]
    for ax in figure.axes:
        _, relevant, irrelevant, ideal = lines(ax)
        np.testing.assert_array_equal(relevant, share["relevant"])
        np.testing.assert_array_equal(irrelevant, share["irrelevant"])
        np.testing.assert_array_equal(ideal, [0, 0, 0, 1, 1])
    with pytest.raises(ValueError, match="shares is empty"):
        ch19_context.psychometric(STEPS, {}, STEPS)


def test_latent_paths_over_averages():
    figure = ch19_context.latent_paths({"a": STEPS, "b": -STEPS}, {"u": 2 * STEPS, "v": 0 * STEPS})
    above, below = figure.axes
    np.testing.assert_array_equal(lines(above)[1:], [STEPS, -STEPS])
    np.testing.assert_array_equal(lines(below)[1:], [2 * STEPS, 0 * STEPS])
    with pytest.raises(ValueError, match="got 1 and 2"):
        ch19_context.latent_paths({"a": STEPS}, {"u": STEPS, "v": STEPS})


def test_couplings_and_where_kappa_is_seldom():
    curves = torch.stack([STEPS, 2 * STEPS, 3 * STEPS], 1)
    (ax,) = ch19_context.couplings(STEPS, {"context": curves}, visited=(-0.5, 0.25)).axes
    np.testing.assert_array_equal(lines(ax)[2:], curves.T)
    assert [(p.get_x(), p.get_x() + p.get_width()) for p in ax.patches] == [(-1, -0.5), (0.25, 1)]
    with pytest.raises(ValueError, match="curves is empty"):
        ch19_context.couplings(STEPS, {}, visited=(0.0, 1.0))


def test_switch_has_bars_of_the_first_network_and_marks_of_all():
    at_zero = torch.tensor([[[0.8, -0.1], [0.2, 0.7]], [[-0.9, 0.3], [0.0, 0.6]]])
    (ax,) = ch19_context.switch(at_zero).axes
    np.testing.assert_allclose([bar.get_height() for bar in ax.patches], [0.8, 0.2, 0.1, 0.7], rtol=1e-6)
    np.testing.assert_allclose(np.concatenate(lines(ax)), [0.8, 0.2, 0.9, 0.0, 0.1, 0.7, 0.3, 0.6], rtol=1e-6)
    with pytest.raises(ValueError, match="at_zero is empty"):
        ch19_context.switch(at_zero[:0])


def test_velocities_mark_fixed_points_where_the_curve_crosses_zero():
    ones = torch.ones(64, 1, dtype=torch.float64)
    G = Latent(LowRankRNN.from_loadings(ones, 2 * ones, ones))  # κ̇ = −κ + 2 tanh κ: two stable points around 0
    v = torch.zeros(1, dtype=torch.float64)
    κ = torch.linspace(-3, 3, 31, dtype=torch.float64)[:, None]
    points = find_fixed_points(LatentMap(G, v), κ, box=G.reach)
    curve = (G(κ, v) - κ)[:, 0]
    (ax,) = ch19_context.velocities(κ[:, 0], {"context": {"none": curve}}, {"context": points}).axes
    np.testing.assert_array_equal(lines(ax)[1], curve)
    stable, unstable = (np.asarray(c.get_offsets()) for c in ax.collections)
    np.testing.assert_allclose(np.sort(stable[:, 0]), [-1.915008, 1.915008], atol=1e-6)
    np.testing.assert_allclose(unstable, [[0, 0]], atol=1e-9)
    assert to_hex(ax.collections[0].get_facecolor()[0]) == style.STABLE
    with pytest.raises(ValueError, match="needs its fixed points"):
        ch19_context.velocities(κ[:, 0], {"context": {"none": curve}}, {})


def test_kernels_with_the_level_of_equal_weights():
    figure = ch19_context.kernels({"": (STEPS + 1, 0 * STEPS), "other": (STEPS, STEPS)})
    first, second = figure.axes
    np.testing.assert_array_equal(lines(first)[1:3], [STEPS + 1, 0 * STEPS])
    assert set(lines(first)[3]) == {1.0} and second.get_title() == "other"
    with pytest.raises(ValueError, match="panels is empty"):
        ch19_context.kernels({})


def test_units_are_coloured_by_the_context_that_they_are_sensitive_in():
    loadings, preference = torch.stack([STEPS, 2 * STEPS], 1), torch.tensor([0.9, 0.0, -1.0, 0.1, 1.0]).double()
    first, second = ch19_context.units(-STEPS, loadings, preference).axes[:2]
    for ax, W in ((first, STEPS), (second, 2 * STEPS)):
        (drawn,) = ax.collections
        given = {(float(x), -float(y)): float(p) for x, y, p in zip(W, STEPS, preference)}
        assert {tuple(at): p for at, p in zip(drawn.get_offsets().tolist(), drawn.get_array())} == given
    with pytest.raises(ValueError, match="4 in preference"):
        ch19_context.units(-STEPS, loadings, preference[:4])


def test_selections_stand_in_their_rows_with_their_medians():
    relevant, irrelevant = torch.tensor([0.5, 0.7, 0.9]), torch.tensor([0.01, 0.1, 0.2])
    (ax,) = ch19_context.selections({"a": (relevant, irrelevant), "b": (irrelevant, relevant)}, xlabel="s").axes
    assert ax.get_xscale() == "log" and [t.get_text() for t in ax.get_yticklabels()] == ["a", "b"]
    ticks = [(float(np.ravel(t.get_xdata())[0]), round(float(np.ravel(t.get_ydata())[0]))) for t in ax.lines
             if t.get_marker() == "|" and len(t.get_xdata())]  # fmt: skip
    np.testing.assert_allclose(ticks, [(0.7, 0), (0.1, 0), (0.1, -1), (0.7, -1)], rtol=1e-6)
    with pytest.raises(ValueError, match="must be positive"):
        ch19_context.selections({"a": (relevant, 0 * irrelevant)}, xlabel="s")


def test_planes_show_every_path_to_its_end():
    paths = torch.stack([torch.stack([STEPS, k * STEPS], 1) for k in (1, 2)])
    points = torch.tensor([[0.0, 0.1], [0.2, 0.3]]).double()
    ax = ch19_context.planes({"context": (paths, torch.tensor([0.2, -0.4]), points)}).axes[0]
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), paths[0])
    np.testing.assert_array_equal(ax.lines[3].get_xydata(), paths[1, -1:])
    np.testing.assert_array_equal(ax.collections[0].get_offsets(), points)
    with pytest.raises(ValueError, match="panels is empty"):
        ch19_context.planes({})


def test_pictures_show_themselves():
    picture = ch19_context.kernels({"": (STEPS, STEPS)})
    assert isinstance(picture, plots.Picture) and picture._repr_svg_().lstrip().startswith("<?xml")
