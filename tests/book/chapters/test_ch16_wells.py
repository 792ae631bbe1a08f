"""Pictures of memories, drawn from landscapes and recalls that are known."""

import numpy as np
import torch

from rnnlab import find_fixed_points
from rnnlab.book.chapters import ch16_wells
from rnnlab.book.chapters.ch16_wells import hopfield
from rnnlab.lowrank import Latent, LatentMap


def marks(figure, gid):
    return figure.findobj(lambda artist: artist.get_gid() == gid)


def heights(figure, gid):
    return np.array([line.get_ydata() for line in marks(figure, gid)])


def test_wells_have_discs_in_the_valleys_and_rings_on_the_hills():
    κ = torch.linspace(-1.5, 1.5, 301).double()
    figure = ch16_wells.wells(κ, {"one": κ**2, "two": (κ**2 - 1) ** 2})
    valleys, hills = (
        np.concatenate([mark.get_offsets()[:, 0] for mark in marks(figure, gid)]) for gid in ("valley", "hill")
    )
    np.testing.assert_allclose(sorted(valleys), [-1, 0, 1], atol=1e-6)
    np.testing.assert_allclose(hills, [0], atol=1e-6)


def test_a_landscape_has_every_fixed_point_with_the_mark_of_its_kind():
    patterns = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0])] * 2).T.repeat(1, 4).double()
    G = Latent(hopfield(patterns, gain=4.0))
    starts = torch.cartesian_prod(*[torch.linspace(-1, 1, 6).double()] * 2)
    points = find_fixed_points(LatentMap(G, torch.zeros(1).double()), starts, box=G.reach)
    κ = torch.linspace(-1.2, 1.2, 21).double()
    paths = torch.rand(3, 5, 2).double()
    figure = ch16_wells.landscape(κ, κ[:, None] ** 2 + 0 * κ, points, paths)
    for unstable, gid in enumerate(("stable", "1 unstable", "2 unstable")):
        (drawn,) = marks(figure, gid)
        np.testing.assert_allclose(drawn.get_offsets(), points.states[points.n_unstable == unstable])
    np.testing.assert_allclose([line.get_xydata() for line in marks(figure, "path")], paths)


def test_recalls_have_a_line_for_each_cue():
    t, own, others, depth = torch.arange(4.0), torch.rand(4, 3), torch.rand(4, 3), torch.rand(4, 3)
    figure = ch16_wells.recalls(t, own, others, depth)
    for gid, lines in (("own", own), ("others", others), ("energy", depth)):
        np.testing.assert_allclose(heights(figure, gid), lines.T)


def test_the_overlap_equation_beside_the_network():
    t, full, theory = torch.arange(4.0), torch.rand(4, 2), torch.rand(4, 2)
    figure = ch16_wells.overlap(t, full, theory, [0.01, 0.1], {"state": torch.tensor([1e-4, 1e-2])})
    np.testing.assert_allclose(heights(figure, "network"), full.T)
    np.testing.assert_allclose(heights(figure, "equation"), theory.T)
    (error,) = marks(figure, "error")
    np.testing.assert_allclose(error.get_xydata(), [[0.01, 1e-4], [0.1, 1e-2]])


def test_capacity_has_a_panel_for_each_kind_of_cue_and_the_limit_in_all():
    shares = torch.tensor([1.0, 0.5, 0.0])
    figure = ch16_wells.capacity([0.1, 0.2, 0.3], {"good": {"N": shares}, "bad": {"N": shares / 2}}, limit=0.138)
    assert [ax.get_title() for ax in figure.axes] == ["good", "bad"]
    np.testing.assert_allclose(heights(figure, "recalled"), [shares.numpy(), shares.numpy() / 2])
    assert [list(line.get_xdata()) for line in marks(figure, "limit")] == [[0.138, 0.138]] * 2


def test_kinds_are_counted_at_each_gain():
    figure = ch16_wells.kinds([1.0, 2.0], {"memories": [6, 6], "mixtures": [0, 8]}, threshold=1.5)
    np.testing.assert_array_equal(heights(figure, "count"), [[6, 6], [0, 8]])


def test_pictures_stand_in_rows_with_their_names():
    rows = {"disc": torch.rand(3, 4, 5), "ring": torch.rand(3, 4, 5)}
    axes = np.array(ch16_wells.pictures(rows, ["memory", "cue", "late"]).axes).reshape(2, 3)
    for line, (name, row) in zip(axes, rows.items()):
        assert line[0].get_ylabel() == name
        for ax, picture in zip(line, row):
            np.testing.assert_allclose(ax.images[0].get_array(), picture)
    assert [ax.get_title() for ax in axes[0]] == ["memory", "cue", "late"]
