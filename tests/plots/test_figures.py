"""Figures: what is drawn stands where it should, nothing stays open, and bad input is named."""

import dataclasses

import matplotlib.pyplot
import numpy as np
import pytest
import torch
from IPython.core.formatters import DisplayFormatter
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb

from rnnlab import linearize, plots, unstable_manifolds
from rnnlab.dynamics import Cycles
from rnnlab.geometry import PCA
from rnnlab.plots import style
from rnnlab.plots.portrait import DISTANCE

SIZE = 4

# Machado, Oliveira & Fernandes 2009, severity 1: linear RGB as each reader sees it.
VISION = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


@pytest.fixture(params=[2, 3])
def pca(request):
    axes = torch.eye(SIZE, dtype=torch.float64)[: request.param]
    return PCA(torch.full((SIZE,), 0.1, dtype=torch.float64), axes, torch.full((SIZE,), 1 / SIZE, dtype=torch.float64))


def without_points(fixed_points):
    none = {name: value[:0] for name, value in vars(fixed_points).items() if isinstance(value, torch.Tensor)}
    return dataclasses.replace(fixed_points, **none)


def offsets(collection):
    return sorted(map(tuple, np.asarray(collection.get_offsets()).round(9)))


def marks(ax, zorder):
    (found,) = [collection for collection in ax.collections if collection.get_zorder() == zorder]
    return found


def on_page(camera, coordinates):
    return sorted(map(tuple, camera.place(coordinates.numpy())[0].round(9)))


def test_portrait_places_every_point_at_its_projection(fixed_points, pca):
    (ax,) = plots.portrait(plots.Portrait(pca, fixed_points)).axes
    coordinates = pca.project(fixed_points.states)
    low, high = coordinates.amin(0), coordinates.amax(0)
    centre = ((low + high) / 2).numpy()
    rotation = None if len(centre) == 2 else plots.upright(torch.eye(3, dtype=torch.float64)).numpy()
    radius = float((coordinates - (low + high) / 2).norm(dim=1).max())
    drawn = marks(ax, 6)
    assert offsets(drawn) == on_page(plots.Camera(rotation, centre, radius), coordinates)
    assert len(np.unique(drawn.get_linewidths())) == 2  # discs and rings


def test_perspective_enlarges_what_is_near():
    camera = plots.Camera(np.eye(3), np.zeros(3), 2.0)
    page, near = camera.place(np.array([[1.0, 0.5, 2.0], [1.0, 0.5, 0.0], [1.0, 0.5, -2.0]]))
    np.testing.assert_allclose(near, [1, 0, -1])
    np.testing.assert_allclose(page[:, 0], [DISTANCE / (DISTANCE - 1), 1, DISTANCE / (DISTANCE + 1)])
    np.testing.assert_allclose(page[:, 1], page[:, 0] / 2)


def test_upright_sets_the_third_direction_upward():
    axes = torch.randn(3, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    rotation = plots.upright(axes)
    torch.testing.assert_close(rotation @ rotation.T, torch.eye(3, dtype=torch.float64))
    orthonormal = torch.linalg.qr(axes.T).Q.T
    right, up, _ = (plots.upright(orthonormal) @ orthonormal[2]).tolist()
    assert abs(right) < 1e-12 and up > 0.9


def test_portrait_draws_lines_marks_and_labels(F, fixed_points, modes, pca):
    gray = unstable_manifolds(F, fixed_points, modes, steps=50)
    moving = torch.linspace(-1, 1, 9, dtype=torch.float64)[:, None].expand(9, SIZE)
    labels = [f"state {i}" for i in range(8)]
    held = dataclasses.replace(fixed_points, states=fixed_points.states + 0.3)
    figure = plots.portrait(
        plots.Portrait(
            pca,
            fixed_points,
            modes=modes,
            background=gray,
            trajectories=[moving, moving[:4], 0 * moving],
            groups=[held, held],
            pulse_fixed_points=held,
            labels=labels,
        )
    )
    (ax,) = figure.axes
    lines = [c for c in ax.collections if isinstance(c, LineCollection)]
    leading = modes.eigenvalues[:, : len(pca.components)].abs() > 1
    assert [len(c.get_segments()) for c in lines[1:]] == [int((~leading).sum()), int(leading.sum())]
    assert {text.get_text() for text in ax.texts} >= set(labels)
    assert [len(c.get_offsets()) for c in ax.collections if c.get_zorder() in (3, 7)] == [27] * 3
    arrows = [text for text in ax.texts if getattr(text, "arrow_patch", None)]
    assert len(arrows) == 4  # two on each that moves
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts == ["stable", "1 unstable", "2 unstable", "3 unstable", "during the pulse"]


def test_named_groups_have_their_colours(fixed_points, pca):
    figure = plots.portrait(plots.Portrait(pca, fixed_points, groups={"(0, 1)": fixed_points, "(1, 0)": fixed_points}))
    discs = [c.get_edgecolors() for c in figure.axes[0].collections if c.get_zorder() == 3]
    assert len(discs) == 2 and not np.allclose(discs[0], discs[1])
    assert [text.get_text() for text in figure.legends[0].get_texts()][-2:] == ["(0, 1)", "(1, 0)"]


def test_named_pulses_have_their_looks(fixed_points, pca):
    moving = torch.linspace(-1, 1, 9, dtype=torch.float64)[:, None].expand(9, SIZE)
    figure = plots.portrait(plots.Portrait(pca, fixed_points, trajectories={"6 ones": moving, "7 ones": -moving}))
    paths = [line for line in figure.axes[0].lines if line.get_zorder() == 4 and line.get_linestyle() == "-"]
    steps = [line for line in figure.axes[0].lines if line.get_zorder() == 4 and line.get_linestyle() == "None"]
    assert [(a.get_color(), b.get_marker()) for a, b in zip(paths, steps, strict=True)] == list(style.PATHS[:2])
    assert paths[0].get_linewidth() > paths[1].get_linewidth()
    assert [text.get_text() for text in figure.legends[0].get_texts()][-2:] == ["6 ones", "7 ones"]


def test_the_initial_state_is_a_star_that_needs_no_square(fixed_points, pca):
    start = torch.tensor([0.5, -0.4, 0.3, 0.0])
    at_start = start + torch.linspace(0, 1, 5)[:, None]
    figure = plots.portrait(plots.Portrait(pca, fixed_points, start=start, trajectories=[at_start, at_start + 0.1]))
    star, squares = marks(figure.axes[0], 8.5), [line for line in figure.axes[0].lines if line.get_marker() == "s"]
    path = next(line for line in figure.axes[0].lines if line.get_zorder() == 4)
    np.testing.assert_allclose(star.get_offsets()[0], path.get_xydata()[0])
    assert len(squares) == 1
    assert figure.legends[0].get_texts()[-1].get_text() == "initial state"


def test_active_points_are_larger(fixed_points):
    flat = PCA(torch.zeros(SIZE).double(), torch.eye(SIZE).double()[:2], torch.full((SIZE,), 0.25).double())
    plain = marks(plots.portrait(plots.Portrait(flat, fixed_points)).axes[0], 6).get_sizes()
    sizes = marks(
        plots.portrait(plots.Portrait(flat, fixed_points, attractors=torch.tensor([0, 3]))).axes[0], 6
    ).get_sizes()
    larger = sizes > plain
    assert larger.nonzero()[0].tolist() == [0, 3] and (sizes[~larger] < plain[~larger]).all()


@pytest.fixture
def cycles(fixed_points):
    """An attracting cycle of period 3 and one with an unstable direction."""
    states = torch.randn(2, 3, SIZE, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    multipliers = torch.tensor([[0.5, 0.1, 0, 0], [1.5, 0.1, 0, 0]], dtype=torch.complex128)
    return Cycles(3, states, torch.zeros(2, dtype=torch.float64), multipliers, fixed_points)


def test_cycles_are_closed_lines_through_their_points(fixed_points, cycles):
    flat = PCA(torch.zeros(SIZE).double(), torch.eye(SIZE).double()[:2], torch.full((SIZE,), 0.25).double())
    figure = plots.portrait(plots.Portrait(flat, fixed_points, cycles=cycles))
    lines = figure.axes[0].lines
    for line, orbit in zip(lines, cycles.states[..., :2], strict=True):
        np.testing.assert_allclose(line.get_xydata(), orbit[[0, 1, 2, 0]])
        assert line.get_color() == style.CYCLE
    assert [(line.get_linestyle(), line.get_mfc()) for line in lines] == [("-", style.CYCLE), ("--", "white")]
    assert [text.get_text() for text in figure.legends[0].get_texts()][-2:] == ["cycle", "unstable cycle"]


def test_directions_are_drawn_instead_of_the_leading_ones(fixed_points, modes, pca):
    λ = modes.eigenvalues
    directions = {"λ > 1": λ.real > 1, "weak": λ.abs() < 0.5}
    figure = plots.portrait(plots.Portrait(pca, fixed_points, modes=modes, directions=directions))
    lines = [c for c in figure.axes[0].collections if isinstance(c, LineCollection)]
    assert [len(c.get_segments()) for c in lines] == [int(mask.sum()) for mask in directions.values()]
    assert lines[0].get_linestyle() != lines[1].get_linestyle()
    assert [text.get_text() for text in figure.legends[0].get_texts()][-2:] == ["λ > 1", "weak"]
    # Each eigenvector of this map is an axis of the state space: a segment is centred at its point.
    middles = np.array([segment.mean(0) for segment in lines[0].get_segments()])
    if len(pca.components) == 2:
        np.testing.assert_allclose(middles, pca.project(fixed_points.states[directions["λ > 1"].nonzero()[:, 0]]))


def test_slow_points_are_diamonds(fixed_points, pca):
    slow = fixed_points.states[:3] * 0.5
    figure = plots.portrait(
        plots.Portrait(pca, dataclasses.replace(fixed_points, slow=slow, slow_q=torch.full((3,), 1e-6)))
    )
    assert len(marks(figure.axes[0], 5).get_offsets()) == 3
    assert "slow" in [text.get_text() for text in figure.legends[0].get_texts()]


def test_portrait_of_nothing(fixed_points, pca):
    nothing = plots.portrait(plots.Portrait(pca, without_points(fixed_points)))
    assert len(marks(nothing.axes[0], 6).get_offsets()) == 0
    assert nothing._repr_svg_()


def test_portraits_of_one_pca_share_their_scale(fixed_points, pca):
    far = fixed_points.states[None, 0] * torch.linspace(1, 3, 5, dtype=torch.float64)[:, None]
    panels = [plots.Portrait(pca=pca, fixed_points=fixed_points, title=title) for title in "abc"]
    panels[1] = dataclasses.replace(panels[1], trajectories=[far])
    figure = plots.portraits(panels)
    assert [ax.get_title() for ax in figure.axes] == ["a", "b", "c"]
    assert len({ax.get_xlim() for ax in figure.axes}) == 1
    assert len(figure.legends) == 1


def test_a_cell_ends_with_a_figure_and_shows_it_once(fixed_points, pca):
    figure = plots.portrait(plots.Portrait(pca, fixed_points))
    shown, _ = DisplayFormatter().format(figure)
    assert set(shown) == {"text/plain", "image/svg+xml"}
    assert shown["image/svg+xml"] == plots.portrait(plots.Portrait(pca, fixed_points))._repr_svg_()
    assert matplotlib.pyplot.get_fignums() == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda given: given | {"pca": dataclasses.replace(given["pca"], components=torch.eye(SIZE).double())},
            "2 or 3 components, got 4",
        ),
        (
            lambda given: given | {"background": torch.zeros(2, 5, SIZE + 1)},
            f"background has states of size {SIZE + 1}, pca of size {SIZE}",
        ),
        (
            lambda given: given | {"trajectories": [torch.zeros(5, SIZE - 1)]},
            f"trajectories has states of size {SIZE - 1}",
        ),
        (lambda given: given | {"labels": ["one"]}, "each of the 8 stable points, got 1"),
        (
            lambda given: given | {"groups": {str(i): given["fixed_points"] for i in range(10)}},
            "10 named groups, but there are 9 colours",
        ),
        (
            lambda given: given | {"trajectories": {str(i): torch.zeros(5, SIZE) for i in range(5)}},
            "5 named trajectories, but there are 4 colours",
        ),
        (lambda given: given | {"start": torch.zeros(SIZE + 1)}, f"start has states of size {SIZE + 1}"),
        (
            lambda given: given | {"attractors": [0, 27]},
            r"attractors must be indices of the 27 fixed points, got \[0, 27\]",
        ),
        (
            lambda given: given | {"directions": {"all": torch.ones(27, SIZE, dtype=torch.bool)}},
            "directions must be up to 2 masks, of modes that are given too",
        ),
    ],
)
def test_portrait_names_what_does_not_fit(fixed_points, pca, change, message):
    with pytest.raises(ValueError, match=message):
        plots.Portrait(**change({"pca": pca, "fixed_points": fixed_points}))


def test_modes_of_other_points_are_refused(F, fixed_points, pca):
    others = linearize(F, fixed_points.stable)
    with pytest.raises(ValueError, match="modes must be those of the fixed points"):
        plots.portrait(plots.Portrait(pca, fixed_points, modes=others))
    with pytest.raises(ValueError, match="modes must be those of the 27 fixed points"):
        unstable_manifolds(F, fixed_points, others)


def test_directions_of_other_modes_are_refused(fixed_points, modes, pca):
    directions = {"λ": torch.ones(8, SIZE, dtype=torch.bool)}
    message = r"directions\['λ'\] must be a mask of the eigenvalues, \(27, 4\), got \(8, 4\)"
    with pytest.raises(ValueError, match=message):
        plots.portraits([plots.Portrait(pca=pca, fixed_points=fixed_points, modes=modes, directions=directions)])


def test_a_flat_portrait_has_no_view(fixed_points):
    flat = PCA(torch.zeros(SIZE).double(), torch.eye(SIZE).double()[:2], torch.full((SIZE,), 0.25).double())
    with pytest.raises(ValueError, match="view turns a portrait of 3 components"):
        plots.portrait(plots.Portrait(flat, fixed_points, view=(20.0, 30.0)))


def test_a_view_is_a_rotation(fixed_points):
    deep = PCA(torch.zeros(SIZE).double(), torch.eye(SIZE).double()[:3], torch.full((SIZE,), 0.25).double())
    with pytest.raises(ValueError, match=r"a rotation \(3, 3\), got shape \(2, 3\)"):
        plots.portraits([plots.Portrait(pca=deep, fixed_points=fixed_points, view=torch.eye(3)[:2])])
    with pytest.raises(TypeError, match="hue"):
        plots.portraits([plots.Portrait(pca=deep, fixed_points=fixed_points, hue="red")])


def test_portraits_needs_panels():
    with pytest.raises(ValueError, match="at least one panel"):
        plots.portraits([])


def test_spectrum_draws_every_eigenvalue(fixed_points):
    (ax,) = plots.spectrum(fixed_points).axes
    drawn = sorted(tuple(xy) for collection in ax.collections for xy in np.asarray(collection.get_offsets()).round(9))
    λ = fixed_points.eigenvalues.flatten().numpy()
    assert drawn == sorted(zip(λ.real.round(9), λ.imag.round(9)))


def test_spectrum_of_nothing_is_refused(fixed_points):
    with pytest.raises(ValueError, match="fixed_points is empty"):
        plots.spectrum(without_points(fixed_points))


def test_spectra_share_axes_and_legend(fixed_points):
    far = dataclasses.replace(fixed_points, eigenvalues=2 * fixed_points.eigenvalues)
    figure = plots.spectra({"d = 0": fixed_points, "d = 1": far}, columns=2)
    assert [ax.get_title() for ax in figure.axes] == ["d = 0", "d = 1"]
    assert len({ax.get_xlim() for ax in figure.axes}) == 1
    for ax, points in zip(figure.axes, (fixed_points, far)):
        drawn = sorted(tuple(xy) for c in ax.collections for xy in np.asarray(c.get_offsets()).round(9))
        λ = points.eigenvalues.flatten().numpy()
        assert drawn == sorted(zip(λ.real.round(9), λ.imag.round(9)))
    (legend,) = figure.legends
    kinds = sorted({*fixed_points.census, *far.census})
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["stable", *(f"{kind} unstable" for kind in kinds[1:])]


def test_spectra_refuses(fixed_points):
    with pytest.raises(ValueError, match="at least one set of fixed points"):
        plots.spectra({})
    with pytest.raises(ValueError, match="no spectrum to draw of d = 1: no fixed points"):
        plots.spectra({"d = 0": fixed_points, "d = 1": without_points(fixed_points)})


def test_explained_variance_is_cumulative(pca):
    (ax,) = plots.explained_variance(pca, most=3).axes
    np.testing.assert_allclose([bar.get_height() for bar in ax.patches], [0.25, 0.5, 0.75])


def lab(colour, vision):
    """CIE L*a*b* (D65) of an sRGB colour as seen with a kind of vision."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(VISION[vision]) @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ seen
    f = np.cbrt(np.maximum(xyz / [0.9505, 1.0, 1.089], 1e-6))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", VISION)
def test_colours_are_told_apart_by_every_reader(vision):
    kinds = [style.STABLE, style.SADDLES[1], style.SLOW, style.CYCLE, style.TRAJECTORY, style.FLOW]
    paths, directions = ([look[0] for look in looks] for looks in (style.PATHS, style.DIRECTIONS))
    for palette, least in ((kinds, 20), (style.INPUTS, 15), (paths, 20), (directions, 20)):
        seen = [lab(colour, vision) for colour in palette]
        for i, a in enumerate(seen):
            for b, other in zip(seen[:i], palette):
                assert np.linalg.norm(a - b) >= least, (palette[i], other)
