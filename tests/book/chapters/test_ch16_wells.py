"""Pictures of memories, drawn from landscapes and recalls that are known."""

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex

from rnnlab import find_fixed_points
from rnnlab.book.chapters import ch16_wells
from rnnlab.book.chapters.ch16_wells import hopfield
from rnnlab.lowrank import Latent, LatentMap
from rnnlab.plots import style


def lines_of(ax, label):
    return [line for line in ax.get_lines() if line.get_label() == label]


def discs(ax, colour):
    return [c for c in ax.collections if len(c.get_offsets()) and to_hex(c.get_facecolor()[0]) == colour]


def test_wells_have_discs_in_the_valleys_and_rings_on_the_hills():
    κ = torch.linspace(-1.5, 1.5, 301).double()
    (ax,) = ch16_wells.wells(κ, {"one": κ**2, "two": (κ**2 - 1) ** 2}).axes
    valleys = np.concatenate([c.get_offsets()[:, 0] for c in discs(ax, style.STABLE)])
    hills = np.concatenate([c.get_offsets()[:, 0] for c in discs(ax, "#ffffff")])
    np.testing.assert_allclose(sorted(valleys), [-1, 0, 1], atol=1e-6)
    np.testing.assert_allclose(hills, [0], atol=1e-6)
    assert [text.get_text() for text in ax.figure.legends[0].get_texts()] == ["one", "two"]


def test_wells_refuse_lines_of_another_length():
    with pytest.raises(ValueError, match="1 to 4 lines of 5 values, got short: 4"):
        ch16_wells.wells(torch.zeros(5), {"short": torch.zeros(4)})
    with pytest.raises(ValueError, match="got none"):
        ch16_wells.wells(torch.zeros(5), {})


@pytest.fixture(scope="module")
def two_memories():
    patterns = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0])] * 2).T.repeat(1, 4).double()
    G = Latent(hopfield(patterns, gain=4.0))
    starts = torch.cartesian_prod(*[torch.linspace(-1, 1, 6).double()] * 2)
    return find_fixed_points(LatentMap(G, torch.zeros(1).double()), starts, box=G.reach)


def test_a_landscape_has_every_fixed_point_with_the_mark_of_its_kind(two_memories):
    κ = torch.linspace(-1.2, 1.2, 21).double()
    paths = torch.rand(3, 5, 2).double()
    (ax,) = ch16_wells.landscape(κ, κ[:, None] ** 2 + 0 * κ, two_memories, paths).axes
    counts = {c.get_label(): len(c.get_offsets()) for c in ax.collections if c.get_label().endswith("stable")}
    assert counts == {"stable": 4, "1 unstable": 4, "2 unstable": 1}
    drawn = [line.get_xydata() for line in ax.get_lines() if len(line.get_xydata()) == 5]
    np.testing.assert_allclose(drawn, paths.numpy())


def test_the_first_overlap_goes_to_the_right(two_memories):
    κ = torch.linspace(-1.0, 1.0, 11).double()
    (ax,) = ch16_wells.landscape(κ, (κ[:, None] > 0) + 0 * κ, two_memories, torch.zeros(0, 2, 2).double()).axes
    high = max(ax.collections[0].get_paths(), key=lambda path: path.vertices[:, 0].max() if len(path) else -9)
    assert high.vertices[:, 0].min() > -0.1  # E is high on the right half


def test_a_landscape_refuses_a_grid_that_does_not_fit(two_memories):
    with pytest.raises(ValueError, match=r"energies \(5, 5\), got 2 and \(5, 4\)"):
        ch16_wells.landscape(torch.zeros(5), torch.zeros(5, 4), two_memories, torch.zeros(0, 2, 2))


def test_recalls_have_a_line_for_each_cue():
    t, own, others, depth = torch.arange(4.0), torch.rand(4, 3), torch.rand(4, 3), torch.rand(4, 3)
    above, below = ch16_wells.recalls(t, own, others, depth).axes
    drawn = np.array([line.get_ydata() for line in above.get_lines()])
    np.testing.assert_allclose(drawn, np.concatenate([own.T, others.T]))
    np.testing.assert_allclose([line.get_ydata() for line in below.get_lines()], depth.T)
    with pytest.raises(ValueError, match=r"\(4 times, cues\), got \(4, 3\), \(4, 2\), \(4, 3\)"):
        ch16_wells.recalls(t, own, others[:, :2], depth)


def test_the_overlap_equation_is_a_line_and_the_network_dots():
    t, full, theory = torch.arange(4.0), torch.rand(4, 2), torch.rand(4, 2)
    above, below = ch16_wells.overlap(t, full, theory, [0.01, 0.1], {"state": torch.tensor([1e-4, 1e-2])}).axes
    np.testing.assert_allclose([line.get_ydata() for line in above.get_lines() if line.get_marker() == "o"], full.T)
    np.testing.assert_allclose([line.get_ydata() for line in above.get_lines() if line.get_marker() != "o"], theory.T)
    np.testing.assert_allclose(lines_of(below, "state")[0].get_xydata(), [[0.01, 1e-4], [0.1, 1e-2]])
    with pytest.raises(ValueError, match=r"\(4 times, cues\), got \(3, 2\), \(4, 2\)"):
        ch16_wells.overlap(t, full[:3], theory, [0.1], {"state": torch.ones(1)})


def test_capacity_has_a_panel_for_each_kind_of_cue_and_the_limit_in_all():
    shares = torch.tensor([1.0, 0.5, 0.0])
    figure = ch16_wells.capacity([0.1, 0.2, 0.3], {"good": {"N": shares}, "bad": {"N": shares / 2}}, limit=0.138)
    assert [ax.get_title() for ax in figure.axes] == ["good", "bad"]
    for ax, factor in zip(figure.axes, (1, 0.5)):
        drawn = [line for line in ax.get_lines() if len(line.get_xdata()) == 3]
        np.testing.assert_allclose(drawn[0].get_ydata(), factor * shares)
        assert any(list(line.get_xdata()) == [0.138, 0.138] for line in ax.get_lines())
    with pytest.raises(ValueError, match="recalled is empty"):
        ch16_wells.capacity([0.1], {}, limit=0.138)


def test_kinds_are_counted_at_each_gain():
    (ax,) = ch16_wells.kinds([1.0, 2.0], {"memories": [6, 6], "mixtures": [0, 8]}, threshold=1.5).axes
    assert list(lines_of(ax, "mixtures")[0].get_ydata()) == [0, 8]
    with pytest.raises(ValueError, match="lines of 2 values, got memories: 1"):
        ch16_wells.kinds([1.0, 2.0], {"memories": [6]}, threshold=1.5)


def test_pictures_stand_in_rows_with_their_names():
    rows = {"disc": torch.rand(3, 4, 5), "ring": torch.rand(3, 4, 5)}
    axes = np.array(ch16_wells.pictures(rows, ["memory", "cue", "late"]).axes).reshape(2, 3)
    for line, (name, row) in zip(axes, rows.items()):
        assert line[0].get_ylabel() == name
        for ax, picture in zip(line, row):
            np.testing.assert_allclose(ax.images[0].get_array(), picture)
            assert ax.images[0].get_clim() == (-1, 1)
    assert [ax.get_title() for ax in axes[0]] == ["memory", "cue", "late"]
    with pytest.raises(ValueError, match=r"rows of 2 pictures, one for each title, got \[3, 3\]"):
        ch16_wells.pictures(rows, ["memory", "cue"])
