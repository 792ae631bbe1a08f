"""Phase portraits: fixed points, cycles, their directions, and the flow between them, in two or three PCs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from matplotlib import patheffects
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from torch import Tensor

from rnnlab.dynamics import Cycles, FixedPoints, Modes
from rnnlab.geometry import PCA
from rnnlab.plots import style
from rnnlab.plots.style import Picture

DISTANCE = 4.5  # of the eye from the centre, in radii of the scene: mild perspective
HALO = [patheffects.withStroke(linewidth=3, foreground="white")]


@dataclass(frozen=True)
class Camera:
    """How coordinates on 2 or 3 principal components come onto the page.

    In 2-D they stay as they are. In 3-D they are turned about `centre` so that the rows of `rotation` point right,
    up and towards the reader, and seen in perspective from `DISTANCE` radii.
    """

    rotation: Float[np.ndarray, "3 3"] | None
    centre: Float[np.ndarray, " k"]
    radius: float

    def place(
        self, coordinates: Float[np.ndarray, "*batch k"]
    ) -> tuple[Float[np.ndarray, "*batch 2"], Float[np.ndarray, "*batch"]]:
        """Positions on the page, and nearness: from −1 for the far side of the scene to 1 for the near one."""
        if self.rotation is None:
            return coordinates, np.zeros(coordinates.shape[:-1])
        turned = (coordinates - self.centre) @ self.rotation.T
        near = turned[..., 2] / self.radius
        return turned[..., :2] * (DISTANCE / (DISTANCE - near))[..., None], near


def upright(axes: Float[Tensor, "3 3"], elevation: float = 22.0, azimuth: float = 28.0) -> Float[Tensor, "3 3"]:
    """A view in which given directions become width, depth and height of the scene: a rotation for `Portrait.view`.

    Args:
        axes: rows are three directions in PC coordinates, such as `network.readout.weight @ pca.components.T`; they are
            made orthonormal (and, if they form a left-handed frame, seen in a mirror).
        elevation, azimuth: degrees by which the eye is raised above the width–depth plane and moved aside.
    """
    u, _, v = torch.linalg.svd(axes.detach().double())
    e, a = math.radians(elevation), math.radians(azimuth)
    eye = torch.tensor(
        [
            [math.cos(a), math.sin(a), 0.0],
            [-math.sin(e) * math.sin(a), math.sin(e) * math.cos(a), math.cos(e)],
            [math.cos(e) * math.sin(a), -math.cos(e) * math.cos(a), math.sin(e)],
        ],
        dtype=torch.float64,
    )
    return eye @ (u @ v)


@dataclass(frozen=True)
class Portrait:
    """What a phase portrait shows, on the principal components of `pca`, 2 or 3 of them.

    Attributes:
        fixed_points: stable ones as red discs, saddles as blue rings, larger and darker with each unstable direction,
            slow points as amber diamonds. In 3-D what is nearer is larger and stronger in colour.
        modes: `linearize(F, fixed_points.states)`; through each point, the real parts of its 3 (in 2-D, 2) leading
            eigenvectors: blue and thick where |λ| > 1, red and thin otherwise. They have one length in the state
            space: one drawn shorter points out of the picture.
        directions: which eigenvectors to draw instead, by name: up to 2 masks of `modes.eigenvalues`, such as
            {"λ ≈ 1": (modes.eigenvalues - 1).abs() < 0.1}; the first in solid yellow, the second in dashed teal. They
            are drawn 5 times as long: such directions mostly point out of the picture.
        background (trajectories, time, state): pale lines, such as `unstable_manifolds` gives.
        trajectories (time, state): green, from an open square (or from the star of `start`) along arrowheads; dots
            mark steps. In a mapping from name to trajectory each has a colour, a mark and a legend entry of its own.
        cycles: closed purple lines; on attracting ones a disc marks each point, on others, dashed, a ring.
        groups: fixed points under other inputs. A sequence is drawn small and pale; in a mapping from name to fixed
            points each has a colour of its own and an entry in the legend.
        pulse_fixed_points: fixed points under the input of the pulse, drawn dark.
        start (state,): the initial state, a black star.
        attractors: indices of the fixed points at which trajectories settle, drawn larger; all others smaller.
        labels: texts beside the stable points, in the order of `fixed_points.stable`.
        view: in 3-D, (elevation, azimuth) in degrees with the last PC upward, or a rotation (3, 3) as from `upright`.

    Raises:
        ValueError: for a pca with other than 2 or 3 components, and for states, modes, directions, indices, labels or
            views that do not fit.
    """

    pca: PCA
    fixed_points: FixedPoints
    modes: Modes | None = None
    directions: Mapping[str, Bool[Tensor, "points state"]] | None = None
    background: Float[Tensor, "trajectories _time state"] | None = None
    trajectories: Sequence[Float[Tensor, "_time state"]] | Mapping[str, Float[Tensor, "_time state"]] = ()
    cycles: Cycles | None = None
    groups: Sequence[FixedPoints] | Mapping[str, FixedPoints] = ()
    pulse_fixed_points: FixedPoints | None = None
    start: Float[Tensor, " state"] | None = None
    attractors: Sequence[int] | Int[Tensor, " attractors"] | None = None
    labels: Sequence[str] | None = None
    view: tuple[float, float] | Float[Tensor, "_ _"] | None = None
    title: str | None = None

    def __post_init__(self):
        count, size = self.pca.components.shape
        if count not in (2, 3):
            raise ValueError(f"a portrait needs a pca of 2 or 3 components, got {count}")
        for name, states in self._states():
            if states.shape[-1] != size:
                raise ValueError(f"{name} has states of size {states.shape[-1]}, pca of size {size}")
        for name, given, colours in (
            ("groups", self.groups, style.INPUTS),
            ("trajectories", self.trajectories, style.PATHS),
        ):
            if isinstance(given, Mapping) and len(given) > len(colours):
                raise ValueError(
                    f"{len(given)} named {name}, but there are {len(colours)} colours; pass them as a sequence"
                )
        self._check_modes()
        points, stable = len(self.fixed_points), len(self.fixed_points.stable)
        if self.attractors is not None:
            indices = [int(index) for index in self.attractors]
            if not all(0 <= index < points for index in indices):
                raise ValueError(f"attractors must be indices of the {points} fixed points, got {indices}")
        if self.labels is not None and len(self.labels) != stable:
            raise ValueError(f"labels must be one for each of the {stable} stable points, got {len(self.labels)}")
        if self.view is not None and count == 2:
            raise ValueError("view turns a portrait of 3 components; this pca has 2")
        if isinstance(self.view, Tensor) and tuple(self.view.shape) != (3, 3):
            raise ValueError(
                f"view must be (elevation, azimuth) or a rotation (3, 3), got shape {tuple(self.view.shape)}"
            )

    def _states(self):
        """(name, states) of all that is given to be drawn."""
        yield "fixed_points", self.fixed_points.states
        if self.background is not None:
            yield "background", self.background
        yield from (("trajectories", path) for path in _values(self.trajectories))
        if self.cycles is not None:
            yield "cycles", self.cycles.states
        yield from (("groups", points.states) for points in _values(self.groups))
        if self.pulse_fixed_points is not None:
            yield "pulse_fixed_points", self.pulse_fixed_points.states
        if self.start is not None:
            yield "start", self.start

    def _check_modes(self):
        modes, directions = self.modes, self.directions
        if modes is not None and modes.eigenvalues.shape != self.fixed_points.states.shape:
            raise ValueError(
                f"modes must be those of the fixed points, {tuple(self.fixed_points.states.shape)}, "
                f"got {tuple(modes.eigenvalues.shape)}"
            )
        if directions is None:
            return
        if modes is None or len(directions) > len(style.DIRECTIONS):
            raise ValueError(f"directions must be up to {len(style.DIRECTIONS)} masks, of modes that are given too")
        for name, mask in directions.items():
            if mask.shape != modes.eigenvalues.shape:
                raise ValueError(
                    f"directions[{name!r}] must be a mask of the eigenvalues, {tuple(modes.eigenvalues.shape)}, "
                    f"got {tuple(mask.shape)}"
                )


def _values(given):
    """The members of a sequence or a mapping."""
    return list(given.values()) if isinstance(given, Mapping) else list(given)


def portrait(shown: Portrait) -> Picture:
    """One phase portrait.

    >>> points = rnnlab.find_fixed_points(lambda h: torch.tanh(2 * h), torch.randn(20, 2), box=1.0)
    >>> picture = plots.portrait(plots.Portrait(rnnlab.geometry.pca(points.states, 2), points))
    >>> [text.get_text() for text in picture.legends[0].texts]
    ['stable', '1 unstable', '2 unstable']
    """
    return portraits([shown], columns=1)


def portraits(panels: Sequence[Portrait], *, columns: int = 2) -> Picture:
    """Several portraits side by side, under one legend; those with the same pca have the same scale.

    `columns` stand in a row: 2 can still be read on a phone.

    Raises:
        ValueError: for no panels or columns.
    """
    if not panels or columns < 1:
        raise ValueError(f"portraits needs at least one panel and one column, got {len(panels)} and {columns}")
    scenes = [_Scene(panel) for panel in panels]
    rows, columns = -(-len(scenes) // columns), min(columns, len(scenes))
    side = style.WIDTH if columns == 1 else 1.2 * style.WIDTH / columns
    with style.context():
        handles = _legend(scenes)
        one_row = columns == 1 and sum(len(label) + 6 for label in handles) <= 62
        across = max(1, len(handles) if one_row else min(3, (len(handles) + 1) // 2))
        headings = 0.25 * any(scene.shown.title for scene in scenes)
        figure = style.picture(columns * side, rows * (side + headings) + 0.3 * -(-len(handles) // across))
        axes = figure.subplots(rows, columns, squeeze=False).flat
        for ax, scene in zip(axes, scenes):
            same = [other.coordinates for other in scenes if other.shown.pca is scene.shown.pca]
            _draw(ax, scene, np.concatenate(same), 1.0 if columns == 1 else 0.45)
        for ax in axes[len(scenes) :]:
            ax.remove()
        figure.legend(
            handles=handles.values(), loc="outside lower center", ncols=across, fontsize=10.5 if columns == 1 else 12.5
        )
    return figure


class _Scene:
    """A `Portrait` with all of its states projected."""

    def __init__(self, shown: Portrait):
        def project(states):
            return shown.pca.project(states.detach()).cpu().numpy()

        self.shown, self.dimension = shown, len(shown.pca.components)
        self.points, self.slow = project(shown.fixed_points.states), project(shown.fixed_points.slow)
        self.background = np.empty((0, 1, self.dimension)) if shown.background is None else project(shown.background)
        self.path_names = list(shown.trajectories) if isinstance(shown.trajectories, Mapping) else []
        self.paths = [project(path) for path in _values(shown.trajectories)]
        self.orbits = np.empty((0, 1, self.dimension)) if shown.cycles is None else project(shown.cycles.states)
        self.group_names = list(shown.groups) if isinstance(shown.groups, Mapping) else []
        self.groups = [(points, project(points.states)) for points in _values(shown.groups)]
        under_pulse = shown.pulse_fixed_points
        self.under_pulse = np.empty((0, self.dimension)) if under_pulse is None else project(under_pulse.states)
        self.start = np.empty((0, self.dimension)) if shown.start is None else project(shown.start[None])
        self.weights = np.ones(len(self.points))
        if shown.attractors is not None:
            self.weights[:] = 0.35
            self.weights[[int(index) for index in shown.attractors]] = 1.6
        clouds = [self.points, self.slow, self.background, *self.paths, *(xs for _, xs in self.groups), self.start]
        clouds += [self.orbits, self.under_pulse]
        self.coordinates = np.concatenate([cloud.reshape(-1, self.dimension) for cloud in clouds])

    def camera(self, around):
        low, high = (
            (around.min(0), around.max(0)) if len(around) else (np.full(self.dimension, -1.0), np.ones(self.dimension))
        )
        centre = (low + high) / 2
        radius = max(float(np.linalg.norm(around - centre, axis=1).max(initial=0)), 1e-9)
        if self.dimension == 2:
            return Camera(None, centre, radius)
        if isinstance(self.shown.view, Tensor):
            rotation = self.shown.view.detach().double()
        else:
            rotation = upright(torch.eye(3, dtype=torch.float64), *(self.shown.view or (22.0, 28.0)))
        return Camera(rotation.numpy(), centre, radius)


def _draw(ax, scene, around, scale):
    """One scene on one axes. `around`: coordinates that must be in the picture; `scale`: of the area of marks."""
    camera = scene.camera(around)
    page, _ = camera.place(around)
    low, high = (page.min(0), page.max(0)) if len(page) else (-np.ones(2), np.ones(2))
    middle, half = (
        (low + high) / 2,
        (0.56 if scene.shown.labels is None else 0.62) * max(float((high - low).max()), 1e-9),
    )
    ax.set(xlim=(middle[0] - half, middle[0] + half), ylim=(middle[1] - half, middle[1] + half), aspect="equal")
    ax.set_title(scene.shown.title, fontsize=12 if scale == 1 else 14)
    _axes(ax, camera, scale)
    _lines(ax, camera, scene.background, style.FLOW, 1.0 * scale**0.5)
    colours = [style.INPUTS[i] for i in range(len(scene.group_names))] or [None] * len(scene.groups)
    for colour, (group, coordinates) in zip(colours, scene.groups):
        _points(
            ax,
            camera,
            group,
            coordinates,
            (0.5 if colour else 0.3) * scale,
            colour=colour,
            pale=0 if colour else 0.55,
            zorder=3,
        )
    others = [coordinates for _, coordinates in scene.groups] + [scene.under_pulse] * (
        scene.shown.pulse_fixed_points is not None
    )
    crowded = [camera.place(coordinates)[0] for coordinates in (scene.points, *others)]
    if scene.shown.modes is not None:
        crowded.append(_modes(ax, camera, scene, scale))
    if scene.shown.cycles is not None:
        _cycles(ax, camera, scene, scale)
    looks = style.PATHS if scene.path_names else [style.PATHS[0]] * len(scene.paths)
    for k, (pulse, look) in enumerate(zip(scene.paths, looks)):
        # Paths with names may run together for a while: the earlier ones are wider and show beneath the later ones.
        width = 2.2 + 1.8 * len(scene.path_names[k + 1 :])
        square = not any(np.allclose(pulse[0], star) for star in scene.start)
        _pulse(ax, camera, pulse, scale, look, width=width, square=square)
    xy, near = camera.place(scene.slow)
    ax.scatter(*xy.T, s=style.SLOW_SIZE * scale, c=style.SLOW, marker="D", edgecolors="white", linewidths=0.8, zorder=5)
    _points(ax, camera, scene.shown.fixed_points, scene.points, scale, weights=scene.weights, zorder=6)
    if scene.shown.pulse_fixed_points is not None:
        _points(ax, camera, scene.shown.pulse_fixed_points, scene.under_pulse, 0.8 * scale, colour=style.INK, zorder=7)
    (star, _), size = camera.place(scene.start), style.START_SIZE * scale
    ax.scatter(*star.T, s=size, c=style.INK, marker="*", edgecolors="white", linewidths=0.8, zorder=8.5)
    if scene.shown.labels is not None:
        _labels(ax, camera, scene, np.concatenate(crowded), half, scale)


def _axes(ax, camera, scale):
    if camera.rotation is None:
        ax.set(xlabel="PC 1", ylabel="PC 2")
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(3 if scale < 1 else 5))
        return
    ax.set_axis_off()
    origin = np.array([0.07, 0.07])
    for k, (dx, dy) in enumerate(camera.rotation[:2].T * 0.07):
        tip, text = origin + (dx, dy), origin + 1.6 * np.array([dx, dy])
        ax.plot(*zip(origin, tip), transform=ax.transAxes, color="#8a8f98", lw=1.2, clip_on=False)
        if scale == 1:
            ax.text(*text, f"PC {k + 1}", transform=ax.transAxes, fontsize=9, color="#555b66", ha="center", va="center")


def _towards_white(colours, amount):
    """Colours (n, 3), or one, moved towards white by amounts (n,) in [0, 1]."""
    colours = np.atleast_2d(colours)
    return colours + (1 - colours) * np.atleast_1d(amount)[:, None]


def _fog(camera, near):
    """How far towards white distance moves a colour."""
    return np.zeros_like(near) if camera.rotation is None else 0.3 * (1 - np.clip(near, -1, 1))


def _lines(ax, camera, trajectories, colour, width):
    """Trajectories (n, time, k) as segments that fade with distance; far ones first."""
    if not len(trajectories):
        return
    segments, depths = [], []
    for xy, near in zip(*camera.place(trajectories)):
        # Where the state creeps, thousands of steps make one segment of a hundredth of the radius.
        along = np.linalg.norm(np.diff(xy, axis=0), axis=1).cumsum() // (0.01 * camera.radius)
        kept = np.concatenate([[0], 1 + np.flatnonzero(np.diff(along, prepend=0)), [len(xy) - 1]])
        segments.append(np.stack([xy[kept][:-1], xy[kept][1:]], 1))
        depths.append((near[kept][:-1] + near[kept][1:]) / 2)
    segments, near = np.concatenate(segments), np.concatenate(depths)
    order = near.argsort()
    colours = _towards_white(to_rgb(colour), _fog(camera, near[order]))
    # Thousands of segments: an image inside the vector graphic is far smaller.
    lines = LineCollection(
        segments[order], colors=colours, linewidths=width, capstyle="round", rasterized=True, zorder=1
    )
    ax.add_collection(lines, autolim=False)


def _points(ax, camera, fixed_points, coordinates, scale, *, colour=None, pale=0.0, weights=1.0, zorder):
    """Stable points as discs and saddles as rings, far ones first, in their own colours or in one.

    weights: by how much the area of each mark is larger.
    """
    xy, near = camera.place(coordinates)
    order = near.argsort(kind="stable")
    unstable = fixed_points.n_unstable.clamp(max=len(style.SADDLES)).cpu().numpy()[order]
    palette = np.array([to_rgb(colour or shade) for shade in (style.STABLE, *style.SADDLES)])
    sizes = np.array([style.STABLE_SIZE, *style.SADDLE_SIZES]) * scale
    edges = _towards_white(palette[unstable], np.maximum(pale, 0.7 * _fog(camera, near[order])))
    faces = np.where((unstable == 0)[:, None], edges, 1.0)
    nearer = 1.0 if camera.rotation is None else (DISTANCE / (DISTANCE - near[order])) ** 2
    nearer = nearer * np.broadcast_to(weights, near.shape)[order]
    rings = np.where(unstable == 0, 0.8, 2.2) * scale**0.5
    rims = np.where((unstable == 0)[:, None], 1.0, edges)
    ax.scatter(*xy[order].T, s=sizes[unstable] * nearer, c=faces, edgecolors=rims, linewidths=rings, zorder=zorder)


def _modes(ax, camera, scene, scale):
    """Eigenvectors as short lines through their points; returns the ends of the lines on the page."""
    λ, vectors = scene.shown.modes.eigenvalues, scene.shown.modes.right.real.mT
    if scene.shown.directions is None:
        leading = torch.arange(λ.shape[1], device=λ.device) < scene.dimension
        looks, reach = ((style.STABLE, 1.0, "-"), (style.SADDLES[1], 2.4, "-")), 0.16
        kinds = zip((leading & (λ.abs() <= 1), leading & (λ.abs() > 1)), looks)
    else:
        # Few, and mostly out of the picture: longer, so that what lies in it can be seen.
        kinds, reach = zip(scene.shown.directions.values(), style.DIRECTIONS), 0.8
    ends = [np.empty((0, 2))]
    for mask, (colour, width, dashes) in kinds:
        point, mode = mask.nonzero(as_tuple=True)
        along = vectors[point, mode] @ scene.shown.pca.components.to(vectors).T
        middle, offsets = scene.points[point.cpu().numpy()], reach * camera.radius * along.cpu().numpy()
        start, _ = camera.place(middle - offsets)
        end, near = camera.place(middle + offsets)
        colours, segments = _towards_white(to_rgb(colour), _fog(camera, near)), np.stack([start, end], 1)
        width = width * scale**0.5
        ax.add_collection(
            LineCollection(segments, colors=colours, linewidths=width, linestyles=dashes, zorder=2 + width / 3)
        )
        ends += [start, end]
    return np.concatenate(ends)


def _cycles(ax, camera, scene, scale):
    """Each cycle as a closed line with a mark on each of its points: discs if it attracts, rings if it does not."""
    for points, unstable in zip(scene.orbits, scene.shown.cycles.n_unstable.tolist()):
        xy, _ = camera.place(np.concatenate([points, points[:1]]))
        look = dict(ls="--", mfc="white") if unstable else dict(ls="-", mec="white")
        ax.plot(*xy.T, color=style.CYCLE, lw=1.8 * scale**0.4, marker="o", ms=8 * scale**0.5, zorder=5, **look)


def _pulse(ax, camera, trajectory, scale, look, *, width, square):
    """A trajectory (time, k): a mark at each step, arrowheads a third and two thirds along, its start a square."""
    xy, _ = camera.place(trajectory)
    colour, marker = look
    halo = patheffects.withStroke(linewidth=(width + 0.8) * scale**0.4, foreground="white")
    ax.plot(*xy.T, lw=width * scale**0.4, color=colour, path_effects=[halo], zorder=4)
    ax.plot(*xy.T, ls="none", marker=marker, ms=3.4 * scale**0.4, color=colour, zorder=4)
    if square:
        ax.plot(*xy[0], marker="s", ms=10 * scale**0.3, mfc="none", mew=1.8, color=colour, zorder=8)
    along = np.concatenate([[0], np.linalg.norm(np.diff(xy, axis=0), axis=1).cumsum()])
    for share in (1 / 3, 2 / 3):
        if along[-1] > 0.05 * camera.radius:
            middle, behind = (
                np.array([np.interp(at * along[-1], along, x) for x in xy.T]) for at in (share, share - 0.02)
            )
            arrow = dict(arrowstyle="-|>", color=colour, mutation_scale=16 * scale**0.3, shrinkA=0, shrinkB=0)
            ax.annotate("", middle, behind, arrowprops=arrow, zorder=4)


def _labels(ax, camera, scene, crowded, half, scale):
    """Texts beside stable points: outward from the middle, or where there is most room between `crowded` places."""
    xy, _ = camera.place(scene.points)
    stable = (scene.shown.fixed_points.n_unstable == 0).cpu().numpy()
    taken = list(crowded)
    for text, at in zip(scene.shown.labels, xy[stable], strict=True):
        outward = at - xy.mean(0)
        first = math.atan2(outward[1], outward[0])
        angles = first + np.array([0, 1, -1, 2, -2, 3, -3, 4]) * math.pi / 4
        extent = half * np.array([0.09 + 0.019 * len(text) / scale**0.5, 0.11])
        places = at + extent * np.stack([np.cos(angles), np.sin(angles)], 1)
        room = [min(np.linalg.norm((place - other) / extent) for other in taken) for place in places]
        best = next((i for i, free in enumerate(room) if free > 0.95), int(np.argmax(room)))
        taken.append(places[best])
        size = 10.5 if scale == 1 else 9
        ax.text(*places[best], text, ha="center", va="center", fontsize=size, path_effects=HALO, zorder=9)


def _legend(scenes):
    """What the marks of scenes mean, {label: mark}, for the marks that are in them."""

    def mark(label, **look):
        return Line2D([], [], ls="none", label=label, **look)

    entries = []
    for unstable in sorted({unstable for scene in scenes for unstable in scene.shown.fixed_points.census}):
        kind = min(unstable, len(style.SADDLES)) - 1
        ring = dict(marker="o", ms=style.SADDLE_SIZES[kind] ** 0.5, mfc="white", mec=style.SADDLES[kind], mew=2)
        disc = dict(marker="o", ms=8, color=style.STABLE)
        entries.append(mark(f"{unstable} unstable", **ring) if unstable else mark("stable", **disc))
    for scene in scenes:
        if len(scene.slow):
            entries.append(mark("slow", marker="D", ms=6, color=style.SLOW))
        if scene.shown.pulse_fixed_points is not None:
            entries.append(mark("during the pulse", marker="o", ms=6, color=style.INK))
        if scene.shown.cycles is not None:
            kinds = {unstable > 0 for unstable in scene.shown.cycles.n_unstable.tolist()}
            ring = dict(marker="o", ms=7, color=style.CYCLE)
            entries += [Line2D([], [], label="cycle", lw=1.8, **ring)] * (False in kinds)
            entries += [Line2D([], [], label="unstable cycle", lw=1.8, ls="--", mfc="white", **ring)] * (True in kinds)
        if len(scene.start):
            entries.append(mark("initial state", marker="*", ms=12, color=style.INK))
        for name, (colour, width, dashes) in zip(scene.shown.directions or (), style.DIRECTIONS):
            entries.append(Line2D([], [], label=name, color=colour, lw=width, ls=dashes))
        for name, (colour, marker) in zip(scene.path_names, style.PATHS):
            entries.append(Line2D([], [], label=name, color=colour, lw=2.2, marker=marker, ms=5))
        entries += [mark(name, marker="o", ms=5, color=colour) for name, colour in zip(scene.group_names, style.INPUTS)]
    return {entry.get_label(): entry for entry in entries}
