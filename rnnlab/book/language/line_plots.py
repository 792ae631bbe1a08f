"""Pictures of networks that read texts: the line attractor of a classifier, its modes, and what words do there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Complex, Float, Int
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import MaxNLocator, NullFormatter, PercentFormatter
from torch import Tensor

from rnnlab.book.language import LineAttractor, ReadingRecord, TextClassifier
from rnnlab.geometry import PCA
from rnnlab.plots import style
from rnnlab.plots.style import NEGATIVE, NEUTRAL, POSITIVE, Picture

KINDS = {"negative": (NEGATIVE, "v"), "neutral": (NEUTRAL, "o"), "positive": (POSITIVE, "^")}  # words and texts
PLACES = (("#882255", "s"), ("#1d2129", "D"), ("#44aa99", "p"))  # three points of the line
LEFT, RIGHT = style.TRAJECTORY, style.CYCLE  # the slowest mode: ℓ₁ and r₁
MODES = ((style.INK, "o"), ("#3d8fd1", "s"), (style.FLOW, "^"))  # the three slowest
ALONG = LinearSegmentedColormap.from_list("along", [NEGATIVE, "#e8c9a8", "#b9c3d0", POSITIVE])  # from θ = −1 to 1
AXES = 10  # principal components whose variance is shown
BINS = 48  # of the histograms of visited states, along each axis


@dataclass(frozen=True)
class Scene:
    """What pictures show of a classifier with two classes, in the plane of its first two principal axes; float64.

    Attributes:
        plane: the two axes, the first pointing where the readout grows, with the shares of variance along all axes.
        untrained_variance (state,): these shares before the training.
        visited (sample, 2): states met while reading.
        classes (sample,): the classes of their texts.
        traces: of one text of each class, (steps, 2).
        start (2,): h = 0.
        readout (2,), offset: the logit in the plane is readout · u + offset.
        points (points, 2): the line.
        theta (points,): the position on it.
        rows (linearised,): where on it the map is linearised.
        time_constants (linearised, 3): of the mode that integrates, and of the two slowest others.
        places (3,): which of `rows` stand for its two ends and its middle.
        eigenvalues (3, state): those there.
        input_jumps: {kind: (3, words, 2)}, (∂F/∂x) x at the three places.
        left (3, 2): ℓ₁ there.
        right (linearised, 2): r₁.
        alignment (linearised,): r₁ · m, both in the space of all `size` units.
        pushes: {kind: (linearised,)}, the means over words of ℓ₁ · (∂F/∂x) x.
    """

    plane: PCA
    untrained_variance: Float[Tensor, " state"]
    visited: Float[Tensor, "sample 2"]
    classes: Int[Tensor, " sample"]
    traces: tuple[Float[Tensor, "_ 2"], ...]
    start: Float[Tensor, "2"]
    readout: Float[Tensor, "2"]
    offset: float
    points: Float[Tensor, "points 2"]
    theta: Float[Tensor, " points"]
    rows: Int[Tensor, " linearised"]
    time_constants: Float[Tensor, "linearised 3"]
    places: Int[Tensor, "3"]
    eigenvalues: Complex[Tensor, "3 state"]
    input_jumps: Mapping[str, Float[Tensor, "3 words 2"]]
    left: Float[Tensor, "3 2"]
    right: Float[Tensor, "linearised 2"]
    alignment: Float[Tensor, " linearised"]
    pushes: Mapping[str, Float[Tensor, " linearised"]]

    @classmethod
    def from_record(
        cls,
        classifier: TextClassifier,
        reading: ReadingRecord,
        line: LineAttractor,
        words: Mapping[str, Int[Tensor, " words"]],
    ) -> "Scene":
        """The scene of a classifier, what it read, its line, and token ids, {"positive": …, "negative": …, …}.

        Raises:
            ValueError: for kinds of words other than negative, neutral and positive.
        """
        if unknown := words.keys() - KINDS.keys():
            raise ValueError(f"kinds of words are {', '.join(KINDS)}; got {', '.join(sorted(unknown))}")
        readout = classifier.network.readout
        w = torch.zeros(classifier.cell.state_size, dtype=torch.float64)
        w[: readout.in_features] = readout.weight[0].detach()
        axes = reading.components[:2].double()
        axes[0] *= (axes[0] @ w).sign()
        plane = PCA(reading.mean.double(), axes, reading.variance.double())
        modes, last = line.modes, len(line.rows) - 1
        others = torch.ones_like(modes.time_constants, dtype=torch.bool).scatter_(1, line.slow[:, None], False)
        τ = modes.time_constants[others].unflatten(0, (len(others), -1))
        places = torch.tensor([last // 10, last // 2, last - last // 10])
        inputs = {kind: classifier.embeddings[words[kind]].detach().double() for kind in KINDS if kind in words}
        at = modes.input_jacobian[places]
        return cls(
            plane=plane,
            untrained_variance=reading.untrained_variance.double(),
            visited=plane.project(reading.states),
            classes=reading.classes,
            traces=tuple(
                plane.project(states[:steps]) for states, steps in zip(reading.traces, reading.traced.tolist())
            ),
            start=plane.project(torch.zeros_like(w)),
            readout=axes @ w,
            offset=float(w @ plane.mean + readout.bias[0].detach()),
            points=plane.project(line.points),
            theta=line.theta,
            rows=line.rows,
            time_constants=torch.cat([line.time_constants[:, None], τ[:, :2]], 1),
            places=places,
            eigenvalues=modes.eigenvalues[places],
            input_jumps={kind: (axes @ at @ x.T).mT for kind, x in inputs.items()},
            left=line.slow_left[places] @ axes.T,
            right=line.slow_right @ axes.T,
            alignment=line.alignment,
            pushes={kind: line.pushes(x).mean(1) for kind, x in inputs.items()},
        )


def activity(traces: Float[Tensor, "texts steps units"], lengths: Sequence[int], titles: Sequence[str]) -> Picture:
    """Heat maps of the units' activity against tokens, one above the other, each up to its own length.

    Raises:
        ValueError: unless each text has its length and its title.
    """
    if not len(traces) == len(lengths) == len(titles):
        raise ValueError(f"got {len(traces)} texts, {len(lengths)} lengths and {len(titles)} titles")
    values = traces.detach().cpu().numpy()
    reach = max(float(np.abs(states[:length]).max()) for states, length in zip(values, lengths))
    with style.context():
        figure = style.picture(style.WIDTH, 0.4 + 2.2 * len(values))
        axes = figure.subplots(len(values), 1, sharex=True, squeeze=False)[:, 0]
        for ax, states, length, title in zip(axes, values, lengths, titles):
            look = dict(cmap="PuOr", vmin=-reach, vmax=reach, aspect="auto", interpolation="nearest", rasterized=True)
            image = ax.imshow(states[:length].T, **look)
            ax.set(title=title, ylabel="unit")
        axes[-1].set_xlabel("tokens read")
        figure.colorbar(image, ax=list(axes), shrink=0.5, label="activity")
    return figure


def velocity(speeds: Float[Tensor, "starts steps"], *, bound: float) -> Picture:
    """Median and the middle 90 % of the states' relative velocity against the steps without input; dashed: a bound.

    Raises:
        ValueError: for velocities that are not positive: their axis is logarithmic.
    """
    if not (speeds > 0).all():
        raise ValueError("speeds must be positive")
    low, middle, high = np.quantile(speeds.detach().cpu().numpy(), (0.05, 0.5, 0.95), axis=0)
    steps = np.arange(1, len(middle) + 1)
    with style.context():
        figure = style.picture(style.WIDTH, 3.2)
        ax = figure.subplots()
        ax.fill_between(steps, low, high, color=style.SADDLES[0], alpha=0.25, lw=0, label="90 % of the states")
        ax.semilogy(steps, middle, color=style.SADDLES[1], lw=2, label="median")
        ax.axhline(bound, color=style.INK, lw=1.2, ls=(0, (4, 3)))
        ax.set(xlabel="steps without input", ylabel="‖h′ − h‖ / ‖h‖")
        figure.legend(loc="outside upper center", ncols=2)
    return figure


def waiting(logits: Mapping[str, Float[Tensor, "starts steps"]], *, columns: int = 2) -> Picture:
    """Logits against the steps without input, a line for each start, coloured by its first logit: {title: logits}.

    Raises:
        ValueError: for nothing to draw, or no column.
    """
    if not logits or columns < 1:
        raise ValueError(f"at least one network and one column are needed, got {len(logits)} and {columns}")
    rows = -(-len(logits) // columns)
    with style.context():
        figure = style.picture(style.WIDTH, 0.4 + 2.1 * rows)
        axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for ax, (title, lines) in zip(axes.flat, logits.items()):
            values = lines.detach().cpu().numpy()
            reach = np.abs(values[:, 0]).max()
            for line in values:
                ax.plot(line, color=ALONG((line[0] / reach + 1) / 2), lw=1.5)
            ax.set_title(title, fontsize=10)
        for ax in axes.flat[len(logits) :]:
            ax.remove()
        figure.supxlabel("steps without input", fontsize=11)
        figure.supylabel("logit", fontsize=11)
    return figure


def drift(quartiles: Float[Tensor, "3 steps"]) -> Picture:
    """Median and quartiles of the distance between the network and its linearisation, against the steps they ran."""
    low, middle, high = quartiles.detach().cpu().numpy()
    steps = np.arange(1, len(middle) + 1)
    with style.context():
        figure = style.picture(style.WIDTH, 3.0)
        ax = figure.subplots()
        ax.fill_between(steps, low, high, color=style.SADDLES[0], alpha=0.25, lw=0, label="half of the texts")
        ax.plot(steps, middle, color=style.SADDLES[1], lw=2, label="median")
        ax.set(xlabel="tokens read since the linearisation", ylabel="relative error", ylim=(0, None))
        figure.legend(loc="outside upper center", ncols=2)
    return figure


def one_step(
    scene: Scene,
    path: Float[Tensor, "steps 2"],
    linear: Float[Tensor, "ahead 2"],
    errors: Float[Tensor, " states"],
) -> Picture:
    """Above, states of the network along a text, and for each what the linearised network makes of the state before.

    Below, the distribution of its relative errors. `path` and `linear` are in the scene's plane.

    Raises:
        ValueError: if their lengths do not fit.
    """
    if path.shape != linear.shape:
        raise ValueError(f"path and linear must agree in shape, got {tuple(path.shape)} and {tuple(linear.shape)}")
    there, predicted, values = (t.detach().cpu().numpy() for t in (path, linear, errors))
    with style.context():
        figure = style.picture(style.WIDTH, 6.2)
        above, below = figure.subplots(2, 1, height_ratios=(3, 2))
        above.scatter(*scene.points.T.numpy(), s=14, color=style.FAINT, lw=0)
        above.plot(*there.T, color=style.INK, lw=1.4, marker="o", ms=3.5, label="network")
        for before, after in zip(there, predicted[1:]):
            above.plot(*np.stack([before, after]).T, color=style.STABLE, lw=1.1, ls=(0, (2, 1.5)))
        above.plot(*predicted[1:].T, ls="none", marker="x", ms=5, color=style.STABLE, label="linear, one step ahead")
        _frame(above, np.concatenate([there, predicted[1:]]))
        above.legend(loc="best")
        below.hist(values, bins=np.linspace(0, min(1.0, values.max()), 60), color=style.SADDLES[0])
        below.axvline(np.median(values), color=style.INK, lw=1.4, ls=(0, (4, 3)))
        below.set(xlabel="relative error of one step", ylabel="states")
    return figure


def eigenmodes(scene: Scene) -> Picture:
    """Three points of the line; eigenvalues of DF there; the three longest time constants along the line; and all
    time constants at the three points."""
    with style.context():
        figure = style.picture(style.WIDTH, 5.4)
        (place, plane), (along, ranked) = figure.subplots(2, 2)
        place.scatter(*scene.points.T.numpy(), s=10, color=style.FLOW, lw=0)
        _frame(place, scene.points.numpy())
        circle = np.exp(1j * np.linspace(0, 2 * np.pi, 200))
        plane.plot(circle.real, circle.imag, color=style.INK, lw=1)
        for k, (colour, mark) in enumerate(PLACES):
            at = scene.points[scene.rows[scene.places[k]]]
            name = ("negative end", "middle", "positive end")[k]
            look = dict(color=colour, marker=mark, ls="none")
            place.plot(*at, ms=9, mec="white", label=name, zorder=3, **look)
            λ = scene.eigenvalues[k].numpy()
            plane.plot(λ.real, λ.imag, ms=3.5, alpha=0.7, mew=0, **look)
            τ = np.abs(1 / np.log(np.clip(np.abs(λ), 1e-12, None)))
            ranked.semilogy(np.arange(1, len(τ) + 1), τ, ms=3, alpha=0.7, mew=0, **look)
        plane.set(xlabel="Re λ", ylabel="Im λ", aspect="equal", xticks=(-1, 0, 1), yticks=(-1, 0, 1))
        _time_constants(along, scene)
        along.set_ylabel("τ (tokens)")
        along.legend(loc="best", fontsize=9, borderpad=0.1)
        ranked.set(xlabel="mode", ylabel="τ (tokens)", ylim=(0.1, None))
        figure.legend(handles=place.get_legend_handles_labels()[0], loc="outside upper center", ncols=3)
    return figure


def word_effects(scene: Scene) -> Picture:
    """What words do to the state at once, at three points of the line; arrows: ℓ₁, and centres of the two kinds."""
    with style.context():
        figure = style.picture(style.WIDTH, 2.7)
        axes = figure.subplots(1, 3)
        for place, ax in enumerate(axes):
            _word_jumps(ax, scene, place)
            ax.set_title(("negative end", "middle", "positive end")[place])
        _legend(figure, axes)
    return figure


def line_panel(scene: Scene, panel: str) -> Picture:
    """One panel of the summary, large.

    Raises:
        ValueError: for a panel that is none of `PANELS`.
    """
    return line_panels({"": scene}, panel, columns=1)


def line_panels(scenes: Mapping[str, Scene], panel: str, *, columns: int = 3) -> Picture:
    """The same panel, one of `PANELS`, of several networks, {title: scene}, row by row.

    Raises:
        ValueError: for another panel, no scenes, or no column.
    """
    if panel not in PANELS:
        raise ValueError(f"panel must be one of {', '.join(PANELS)}; got {panel!r}")
    if not scenes or columns < 1:
        raise ValueError(f"at least one scene and one column are needed, got {len(scenes)} and {columns}")
    columns = min(columns, len(scenes))
    rows = -(-len(scenes) // columns)
    side = 3.6 if columns == 1 else 1.05 * style.WIDTH / columns
    with style.context():
        figure = style.picture(style.WIDTH, 0.4 + rows * side)
        axes = list(figure.subplots(rows, columns, squeeze=False).flat)
        for ax in axes[len(scenes) :]:
            ax.remove()
        axes = axes[: len(scenes)]
        for ax, (title, scene) in zip(axes, scenes.items()):
            PANELS[panel](ax, scene)
            ax.set_title(title)
        if columns > 1:
            figure.supxlabel(axes[0].get_xlabel(), fontsize=11)
            figure.supylabel(axes[0].get_ylabel(), fontsize=11)
            for ax in axes:
                ax.set(xlabel="", ylabel="")
        _legend(figure, axes)
    return figure


def line_summary(scene: Scene) -> Picture:
    """All panels of one network, two in a row."""
    with style.context():
        figure = style.picture(style.WIDTH, 9.6)
        axes = figure.subplots(4, 2)
        for ax, (title, panel) in zip(axes.flat, PANELS.items()):
            panel(ax, scene)
            ax.set_title(title)
        _legend(figure, axes.flat)
    return figure


def _variance(ax, scene):
    numbers = np.arange(1, AXES + 1)
    look = dict(ms=4, lw=1.6)
    for name, shares, how in (
        ("trained", scene.plane.explained_variance_ratio, dict(color=POSITIVE, marker="o")),
        ("untrained", scene.untrained_variance, dict(color=RIGHT, marker="s", mfc="white", ls=(0, (3, 1.5)))),
    ):
        ax.plot(numbers[: len(shares)], shares.cumsum(0)[:AXES], label=name, **how, **look)
    ax.axhline(0.9, color=style.INK, lw=1, ls=(0, (4, 3)), zorder=0)
    ax.set(xlabel="principal components", ylabel="share of variance", ylim=(0, 1.05), xticks=(1, 5, 10))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))


def _density(ax, scene):
    from scipy.ndimage import gaussian_filter

    states, classes = scene.visited.numpy(), scene.classes.numpy()
    _frame(ax, states)
    edges = [np.linspace(*lim, BINS + 1) for lim in (ax.get_xlim(), ax.get_ylim())]
    centres = [(edge[1:] + edge[:-1]) / 2 for edge in edges]
    for label, (name, dashes) in enumerate((("negative", "--"), ("positive", "-"))):
        colour = KINDS[name][0]
        counts = gaussian_filter(np.histogram2d(*states[classes == label].T, bins=edges)[0].T, 1.5)
        ranked = np.sort(counts.ravel())[::-1]
        # Contours around the densest 90, 60 and 30 % of the states.
        levels = [ranked[np.searchsorted(ranked.cumsum(), share * ranked.sum())] for share in (0.9, 0.6, 0.3)]
        ax.contourf(*centres, counts, levels=[levels[0], np.inf], colors=[colour], alpha=0.15)
        ax.contour(*centres, counts, levels=levels, colors=[colour], linewidths=1, linestyles=dashes)
        path = scene.traces[label].numpy()
        ax.plot(*path.T, color=colour, lw=1, alpha=0.8, ls=dashes)
        ax.plot(*path[-1], color=colour, marker=KINDS[name][1], ms=8, mec="white", ls="none", label=name)
    ax.plot(*scene.start, color=style.INK, marker="o", ms=6, mec="white", ls="none", label="h = 0")
    _arrow(ax, np.zeros(2), scene.readout.numpy(), style.INK, 0.28, "readout")
    normal = scene.readout.numpy()
    foot = -scene.offset * normal / (normal @ normal)
    ax.axline(foot, foot + np.array([-normal[1], normal[0]]), color=style.INK, lw=1.1, ls=(0, (4, 3)), zorder=2)


def _line(ax, scene):
    ax.scatter(*scene.visited.T.numpy(), s=3, color=style.FAINT, lw=0, rasterized=True)
    ax.scatter(*scene.points.T.numpy(), c=scene.theta, cmap=ALONG, vmin=-1, vmax=1, s=14, lw=0)
    _frame(ax, np.concatenate([scene.visited.numpy(), scene.points.numpy()]))


def _time_constants(ax, scene):
    θ = scene.theta[scene.rows]
    for k, (colour, mark) in enumerate(MODES):
        look = dict(ls="none", marker=mark, ms=3.5, mew=0, color=colour, zorder=3 - 0.1 * k)
        ax.semilogy(θ, scene.time_constants[:, k], label=f"$τ_{k + 1}$", **look)
    ax.set(xlabel="θ", ylabel="τ (tokens)", xlim=(-1.08, 1.08), xticks=(-1, 0, 1))
    low, high = np.log10(ax.get_ylim())
    if np.floor(high) - np.ceil(low) < 1:  # fewer than two powers of ten to read
        ax.set_ylim(10 ** np.floor(low), 10 ** np.ceil(high))
    ax.yaxis.set_minor_formatter(NullFormatter())


def _word_jumps(ax, scene, place=1):
    clouds = {kind: cloud[place].numpy() for kind, cloud in scene.input_jumps.items()}
    reach = 1.1 * max(np.quantile(np.abs(cloud), 0.98) for cloud in clouds.values())
    _equal(ax, np.full(2, -reach), np.full(2, reach))
    ax.axhline(0, color=style.FAINT, lw=1, zorder=0)
    ax.axvline(0, color=style.FAINT, lw=1, zorder=0)
    for kind, cloud in clouds.items():
        colour, mark = KINDS[kind]
        ax.scatter(*cloud.T, s=16, color=colour, marker=mark, lw=0, alpha=0.55, label=kind)
    _arrow(ax, np.zeros(2), scene.left[place].numpy(), LEFT, 0.35, "ℓ₁")
    for kind in clouds.keys() - {"neutral"}:
        ax.plot(*np.stack([np.zeros(2), clouds[kind].mean(0)]).T, color="white", lw=5, zorder=4)
        ax.plot(*np.stack([np.zeros(2), clouds[kind].mean(0)]).T, color=KINDS[kind][0], lw=3, zorder=5)


def _pushes(ax, scene):
    values = {kind: push.numpy() for kind, push in scene.pushes.items()}
    low, high = (f(np.concatenate(list(values.values()))) for f in (np.min, np.max))
    bins = np.linspace(low - 0.02 * (high - low), high + 0.02 * (high - low), 41)
    for kind, hatch in (("negative", "////"), ("neutral", ""), ("positive", "")):
        if kind in values:
            counts = np.histogram(values[kind], bins)[0]
            look = dict(alpha=0.55, color=KINDS[kind][0], hatch=hatch, ec="white", lw=0)
            ax.stairs(counts / counts.max(), bins, fill=True, label=kind, **look)
    ax.axvline(0, color=style.INK, lw=1)
    ax.set(xlabel="ℓ₁ · J x", ylabel="share of its peak", yticks=())
    ax.xaxis.set_major_locator(MaxNLocator(3, symmetric=True))


def _slow_mode(ax, scene):
    ax.scatter(*scene.points.T.numpy(), s=12, color=style.FLOW, lw=0)
    _frame(ax, scene.points.numpy())
    for k, (colour, mark) in enumerate(PLACES):
        at = scene.points[scene.rows[scene.places[k]]].numpy()
        ax.plot(*at, color=colour, marker=mark, ms=7, mec="white", ls="none", zorder=4)
        _arrow(ax, at, scene.right[scene.places[k]].numpy(), RIGHT, 0.16, "r₁" if k == 0 else None)


def _alignment(ax, scene):
    ax.hist(scene.alignment.numpy(), np.linspace(-1, 1, 51), density=True, color=RIGHT, label="r₁ · m")
    t = np.linspace(-1, 1, 401)
    null = (1 - t**2) ** ((len(scene.untrained_variance) - 3) / 2)  # one coordinate of a random unit vector
    ax.plot(t, null / (null.sum() * (t[1] - t[0])), color=style.INK, lw=1.3, ls=(0, (3, 1.5)), label="random")
    ax.set(xlabel="overlap with m", ylabel="density", yticks=(), xticks=(-1, 0, 1))


PANELS = {
    "variance": _variance,
    "visited states": _density,
    "the line": _line,
    "time constants": _time_constants,
    "words": _word_jumps,
    "pushes": _pushes,
    "slowest mode": _slow_mode,
    "alignment": _alignment,
}


def _frame(ax, points):
    """Limits with room for the points, of equal scale, and no ticks: units of principal components mean little."""
    low, high = np.quantile(points, 0.002, axis=0), np.quantile(points, 0.998, axis=0)
    room = 0.08 * (high - low).max()
    _equal(ax, low - room, high + room)


def _equal(ax, low, high):
    """Limits that hold the box from low to high, of equal scale, in about the shape of the panel."""
    shape = np.array([ax.bbox.width, ax.bbox.height])
    centre, reach = (low + high) / 2, 0.5 * ((high - low) / shape).max() * shape
    ax.set(xlim=(centre[0] - reach[0], centre[0] + reach[0]), ylim=(centre[1] - reach[1], centre[1] + reach[1]))
    ax.set(aspect="equal", xticks=(), yticks=(), xlabel="PC 1", ylabel="PC 2")


def _arrow(ax, tail, direction, colour, length, label):
    """An arrow of a share of the panel's width, for what has a direction but no scale in the plane."""
    width = np.diff(ax.get_xlim())[0]
    tip = tail + length * width * direction / np.linalg.norm(direction)
    how = dict(arrowstyle="-|>,head_width=0.28,head_length=0.5", color=colour, lw=2.2, shrinkA=0, shrinkB=0)
    ax.annotate("", tip, tail, arrowprops=how, zorder=6, annotation_clip=False)
    if label:
        ax.plot([], [], color=colour, lw=2.2, marker=">", ms=5, label=label)


def _legend(figure, axes):
    """One legend for all panels, each label once, above them."""
    entries = {}
    for ax in axes:
        for handle, label in zip(*ax.get_legend_handles_labels()):
            entries.setdefault(label, handle)
    if entries:
        figure.legend(
            entries.values(), entries.keys(), loc="outside upper center", ncols=min(4, len(entries)), markerscale=1.4
        )
