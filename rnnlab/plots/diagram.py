"""Diagrams of automata and of which stable states are joined through a saddle."""

import math
import random
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from jaxtyping import Float
from matplotlib.patches import Circle, FancyArrowPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from rnnlab._extras import needed_by
from rnnlab.automata import DFA
from rnnlab.plots import style
from rnnlab.plots.style import Picture

with needed_by("rnnlab.plots", extra="plots"):
    import networkx as nx

Positions = Mapping[Hashable, tuple[float, float]]

TRIALS = 16  # circles from which a layout is relaxed; the one with the fewest crossings is kept
BITS = np.array([[1.0, 0.0], [0.0, 1.0], [0.46, 0.36], [-0.24, 0.5]])  # on the page; the third and fourth are oblique


@dataclass(frozen=True)
class Arrow:
    """All transitions from one state to another, as one arrow, with their symbols as `label`, "0, 1".

    Attributes:
        curve (4, 2): the control points of a cubic Bézier curve from rim to rim; `place` (2,) is the label's middle.
    """

    source: Hashable
    target: Hashable
    label: str
    curve: Float[np.ndarray, "4 2"]
    place: Float[np.ndarray, " 2"]


def layout(machine: DFA) -> dict[Hashable, tuple[float, float]]:
    """Positions of the states of an automaton in [−1, 1]², the start at the left; the same each time.

    The distances of states on the page are close to those in the graph (Kamada & Kawai 1989), so that a chain
    becomes a line and a ring a polygon; out of several such layouts, one with the fewest crossings.
    """
    graph = nx.Graph(machine.graph)
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    order, shuffle = list(machine.states), random.Random(0).shuffle
    best, fewest = {}, math.inf
    for _ in range(TRIALS):
        places = nx.kamada_kawai_layout(graph, pos=nx.circular_layout(order))
        relaxed = {state: (float(x), float(y)) for state, (x, y) in places.items()}
        crossings = _crossings(graph, relaxed)
        if crossings < fewest:
            best, fewest = relaxed, crossings
        shuffle(order)
    xy = np.array([best[state] for state in machine.states])
    xy -= xy.mean(0)
    start = xy[machine.states.index(machine.start)]
    if start.any():
        right, up = -start / np.linalg.norm(start), np.array([start[1], -start[0]]) / np.linalg.norm(start)
        xy = xy @ np.stack([right, up], 1)
    # Of the two mirror images, the one in which the earlier states stand higher.
    xy[:, 1] *= 1 if np.arange(len(xy), 0, -1) @ xy[:, 1] >= 0 else -1
    low, high = xy.min(0), xy.max(0)
    xy = 2 * (xy - (low + high) / 2) / max(float((high - low).max()), 1e-9)
    return {state: (float(x), float(y)) for state, (x, y) in zip(machine.states, xy)}


def radius(positions: Positions) -> float:
    """The radius of the states' circles, for which all arrows have room."""
    return min([0.16] + [0.3 * math.dist(p, q) for p, q in combinations(positions.values(), 2)])


def arrows(machine: DFA, positions: Positions) -> list[Arrow]:
    """The arrows between states at these positions, one for each pair of states that a symbol joins.

    An arrow is straight where it can be; it bends to its left where there is one back, or else around the states in
    its way. A loop stands where its state has most room.
    """
    size, places = radius(positions), {state: np.array(xy) for state, xy in positions.items()}
    symbols = {}
    for source in machine.states:
        for symbol in machine.alphabet:
            symbols.setdefault((source, machine.transitions[source][symbol]), []).append(str(symbol))
    curves = {}
    for source, target in symbols:
        if source != target:
            others = [xy for state, xy in places.items() if state not in (source, target)]
            back = (target, source) in symbols
            curves[source, target] = _bent(places[source], places[target], others, size, back)
    for state in machine.states:
        if (state, state) in symbols:
            busy = [curve[1] for (source, _), curve in curves.items() if source == state]
            busy += [curve[2] for (_, target), curve in curves.items() if target == state]
            busy += [places[state] - (1, 0)] * (state == machine.start)
            curves[state, state] = _loop(places[state], busy, size)
    taken = list(places.values())
    lines = {ends: _along(curve, np.linspace(0, 1, 21)) for ends, curve in curves.items()}
    found = []
    for ends, names in symbols.items():
        label = ", ".join(names)
        others = [line for other, line in lines.items() if other != ends]
        place = _label(curves[ends], label, np.concatenate([*others, np.empty((0, 2))]), taken, size)
        taken.append(place)
        found.append(Arrow(*ends, label, curves[ends], place))
    return found


def diagram(machine: DFA, *, title: str | None = None) -> Picture:
    """An automaton as circles and arrows.

    An arrow from nowhere marks the start, a second circle the states with output True. Other outputs are written
    small below the state's name, where they differ from it.
    """
    positions = layout(machine)
    size, drawn = radius(positions), arrows(machine, positions)
    start = np.array(positions[machine.start]) - (size, 0)
    origin = start - (1.3 * size, 0)
    rims = [np.array(xy) + reach for xy in positions.values() for reach in (-1.1 * size, 1.1 * size)]
    extent = np.concatenate([rims, [origin], *(_along(a.curve, np.linspace(0, 1, 21)) for a in drawn)])
    extent = np.concatenate([extent, *([a.place - 0.5 * size, a.place + 0.5 * size] for a in drawn)])
    low, high = extent.min(0) - 0.05, extent.max(0) + 0.05
    width, height = (high - low) * min(1.6, style.WIDTH / (high - low)[0])
    with style.context():
        figure = style.picture(width, height + 0.35 * (title is not None))
        ax = figure.subplots()
        ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")
        ax.set_title(title)
        ax.set_axis_off()
        look = dict(arrowstyle="-|>", mutation_scale=11, color=style.INK, lw=1.2, shrinkA=0, shrinkB=0)
        ax.add_patch(FancyArrowPatch(origin, start, **look))
        for arrow in drawn:
            path = Path(arrow.curve, [Path.MOVETO, *3 * [Path.CURVE4]])
            ax.add_patch(FancyArrowPatch(path=path, **look))
            ax.text(*arrow.place, arrow.label, ha="center", va="center", fontsize=10.5, color=style.SADDLES[1])
        for state, xy in positions.items():
            output = machine.outputs[state]
            ax.add_patch(Circle(xy, size, fc="white", ec=style.INK, lw=1.4, zorder=3))
            if output is True:
                ax.add_patch(Circle(xy, 0.82 * size, fill=False, ec=style.INK, lw=1.0, zorder=3))
            spoken = not isinstance(output, bool) and output != state
            ax.annotate(str(state), xy, (0, 4 * spoken), textcoords="offset points", ha="center", va="center", zorder=4)
            if spoken:
                below = dict(textcoords="offset points", ha="center", va="center", fontsize=8.5, zorder=4)
                ax.annotate(str(output), xy, (0, -8), **below)
    return figure


def connection_graph(graph: nx.Graph, labels: Mapping[Hashable, str]) -> Picture:
    """Stable states as discs, and a line for each saddle that joins two of them, such as `Connections.graph` says.

    Several saddles between two states are arcs, one from a state to itself is a ring.

    Args:
        labels: {node: text}. Where all are sign strings of one length up to 4, such as "+−+", each sign moves its state
            along one edge of a cube (a square, a cube of 4 dimensions), which is drawn obliquely; otherwise positions
            follow the distances in the graph.

    Raises:
        ValueError: for no nodes, or nodes without a label.
    """
    if not len(graph):
        raise ValueError("graph has no nodes: there is nothing to draw")
    if bare := [node for node in graph if node not in labels]:
        raise ValueError(f"labels must name every node; there is none for {bare}")
    texts = {node: labels[node] for node in graph}
    length = len(next(iter(texts.values())))
    if length <= len(BITS) and all(len(text) == length and set(text) <= set("+-−") for text in texts.values()):
        signs = {node: np.array([1.0 if sign == "+" else -1.0 for sign in text]) for node, text in texts.items()}
        places = {node: sign @ BITS[:length] for node, sign in signs.items()}
    else:
        places = nx.kamada_kawai_layout(nx.Graph(graph), pos=nx.circular_layout(graph))
    xy = np.array(list(places.values()))
    low, high = xy.min(0), xy.max(0)
    margin = 0.18 * max(float((high - low).max()), 1.0)
    with style.context():
        figure = style.picture(0.8 * style.WIDTH, 0.8 * style.WIDTH)
        ax = figure.subplots()
        ax.set(xlim=(low[0] - margin, high[0] + margin), ylim=(low[1] - margin, high[1] + margin), aspect="equal")
        ax.set_axis_off()
        look = dict(color=style.SADDLES[0], lw=2, zorder=1)
        for (a, b), saddles in Counter(tuple(sorted(ends, key=list(graph).index)) for ends in graph.edges()).items():
            for k in range(saddles):
                if a == b:
                    size = 0.4 * margin * (1 + 0.5 * k)
                    ax.add_patch(Circle(places[a] + (size, 0), size, fill=False, ec=look["color"], lw=2, zorder=1))
                else:
                    bend = f"arc3,rad={0.3 * (k - (saddles - 1) / 2)}"
                    ends = dict(posA=places[a], posB=places[b], shrinkA=0, shrinkB=0)
                    ax.add_patch(FancyArrowPatch(**ends, arrowstyle="-", connectionstyle=bend, **look))
        ax.scatter(*xy.T, s=1.4 * style.STABLE_SIZE, c=style.STABLE, edgecolors="white", linewidths=1.5, zorder=2)
        for node, place in places.items():
            above = 14 if place[1] >= xy[:, 1].mean() else -14
            text = dict(textcoords="offset points", ha="center", va="center", fontsize=12.5, zorder=3)
            halo = [withStroke(linewidth=3, foreground="white")]
            ax.annotate(texts[node], place, (0, above), path_effects=halo, **text)
    return figure


def _crossings(graph, positions):
    """How many pairs of edges cross, and thrice for each state that stands in the way of an edge."""

    def side(a, b, c):
        return math.copysign(1, (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))

    count, near = 0, 1.3 * radius(positions)
    for (a, b), (c, d) in combinations(graph.edges, 2):
        p, q, r, s = (positions[state] for state in (a, b, c, d))
        if len({a, b, c, d}) == 4 and side(p, q, r) != side(p, q, s) and side(r, s, p) != side(r, s, q):
            count += 1
    for a, b in graph.edges:
        line = np.linspace(positions[a], positions[b], 21)
        others = [positions[state] for state in graph if state not in (a, b)]
        count += 3 * sum(np.linalg.norm(line - other, axis=1).min() < near for other in others)
    return count


def _along(curve, t):
    """Points of a cubic Bézier curve at parameters t in [0, 1]."""
    t = t[:, None]
    return (1 - t) ** 3 * curve[0] + 3 * (1 - t) ** 2 * t * curve[1] + 3 * (1 - t) * t**2 * curve[2] + t**3 * curve[3]


def _bent(source, target, others, size, back):
    """The curve between two circles that bends least and keeps clear of the others."""
    step = target - source
    left = np.array([-step[1], step[0]]) / np.linalg.norm(step)
    bends = [1.0, 2.5, 4.0] if back else [0.0, 1.5, -1.5, 3.0, -3.0, 4.5, -4.5]
    curves, room = [], []
    for bend in bends:
        knee = (source + target) / 2 + bend * size * left
        a, b = (end + size * (knee - end) / np.linalg.norm(knee - end) for end in (source, target))
        curves.append(np.stack([a, a + 2 / 3 * (knee - a), b + 2 / 3 * (knee - b), b]))
        line = _along(curves[-1], np.linspace(0, 1, 21))
        room.append(min([np.linalg.norm(line - other, axis=1).min() for other in others], default=math.inf))
    return next((curve for curve, free in zip(curves, room) if free > 1.4 * size), curves[int(np.argmax(room))])


def _loop(centre, busy, size):
    """The loop of a state, in the direction that is farthest from where other arrows meet it; upward if it can be."""
    angles = np.pi / 2 + 2 * np.pi / 24 * np.array([0, 12, *(k for i in range(1, 12) for k in (i, -i))])
    meet = np.array([math.atan2(y, x) for x, y in np.array(busy).reshape(-1, 2) - centre])
    apart = np.abs(np.angle(np.exp(1j * (angles[:, None] - meet)))).min(1, initial=np.pi)
    angle = angles[int(np.argmax(np.minimum(apart, 1.1).round(6)))]
    turns, reach = np.array([0.45, 0.6, -0.6, -0.45]), np.array([1.0, 3.2, 3.2, 1.0])
    return centre + size * (reach * np.stack([np.cos(angle + turns), np.sin(angle + turns)])).T


def _label(curve, label, lines, taken, size):
    """Where a label stands beside its curve, with most room between other lines and what is written already."""
    offset = size * (0.42 + 0.12 * (len(label) - 1))
    middles = _along(curve, np.array([0.5, 0.42, 0.58, 0.34, 0.66]))
    tangent = _along(curve, np.array([0.52, 0.44, 0.6, 0.36, 0.68])) - middles
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], 1) / np.linalg.norm(tangent, axis=1, keepdims=True)
    places = np.concatenate([middles + offset * normal, middles - offset * normal])
    room = [
        min(
            np.linalg.norm(lines - place, axis=1).min(initial=2.0 * size),
            np.linalg.norm(np.array(taken) - place, axis=1).min() - 0.9 * size,
        )
        for place in places
    ]
    return places[int(np.argmax(np.minimum(room, 0.8 * size).round(6)))]
