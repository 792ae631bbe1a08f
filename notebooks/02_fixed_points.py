# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Fixed points, slow points, and how to know that none is missing
#
# A search for {term}`fixed points <fixed point>` returns a list. Two questions decide what the list is worth. Is
# everything on it a fixed point? And is every fixed point on it?
#
# ## What to expect
#
# For the first question there is a criterion, once one computes in double
# precision; what does not meet it is a *slow point*, a different thing with a use of its own.
# For the second there is a theorem. Count each point with a sign; over a complete list, the
# signs sum to $+1$. We will see a search that looks perfectly convincing, and that the sum
# refuses: it has found 8 points out of 27.

# %% tags=["parameters", "remove-input"]
seed = 0
retrain = False
profile = "full"

# %% tags=["remove-input"]
import numpy as np
import torch
from IPython.display import Markdown

import rnnlab
from rnnlab import (
    convex_combinations,
    find_fixed_points,
    geometry,
    linearize,
    orbit,
    plots,
    squared_speed,
)
from rnnlab.book import start, zoo
from rnnlab.book.claims import at_least, at_most, claim, equals
from rnnlab.book.tables import table
from rnnlab.dynamics.audit import audit
from rnnlab.plots import style
from rnnlab.tasks import FlipFlop

start(seed=seed, retrain=retrain, profile=profile)
repeats = 3 if profile == "full" else 1

# %% [markdown]
# Our example is the network of the next chapter: a GRU with 64 units that has learned to
# remember three bits. We let it run on random pulses and keep the states that it visits. `F`
# is its map while no pulse comes.

# %%
network = zoo.get("flipflop3-gru", retrain=retrain)
network.requires_grad_(False)
generator = torch.Generator().manual_seed(seed)
visited = network.visited(FlipFlop(bits=3), generator)
F = network.cell.at(torch.zeros(3))

# %% [markdown]
# ## The squared speed, and what it means for it to be small
#
# The {term}`squared speed` of a state $h$ is
#
# ```{math}
# :label: eq-speed
# q(h) = \lVert F(h) - h \rVert^2 ,
# ```
#
# which is zero at fixed points and nowhere else. {cite}`sussillo-barak` introduced the search
# that most of the field uses: start from states that the network visits, with a little
# noise, and go downhill on $q$ {cite}`explaining,fixedpointfinder`. Here it is, with Adam
# {cite}`adam`, in single precision.

# %%
starts = visited[:256] + 0.05 * torch.randn(256, 64, generator=generator)
h = starts.clone().requires_grad_(True)
optimizer = torch.optim.Adam([h], lr=0.01)
for _ in range(1000):
    optimizer.zero_grad()
    squared_speed(F, h).mean().backward()
    optimizer.step()
descended = h.detach().double()
q_descended = squared_speed(F.double(), descended)

# %% tags=["hide-input"]
Markdown(
    f"Gradient descent ends with $q < 10^{{-8}}$ at "
    f"{int((q_descended < 1e-8).sum())} of {len(starts)} places. The median of $q$ "
    f"is {q_descended.median():.0e}, the largest {q_descended.max():.0e}."
)

# %% [markdown]
# Next to it, the search of this package: Newton steps with damping (Levenberg–Marquardt
# {cite}`marquardt`) in double precision, from these states and from {term}`convex combinations <convex combination>` of them.
# We come back to the starts below.

# %%
points = find_fixed_points(F, visited[:256], seed=seed)
rounded = squared_speed(F, points.states.float()).double()
distance, nearest = torch.cdist(descended, points.states).min(1)
reached = nearest[distance < 1e-3].unique()

# %% tags=["hide-input"]
Markdown(
    f"Newton's method finds {len(points)} fixed points ({points.audit}). Gradient "
    f"descent came within 0.001 of {len(reached)} of them."
)

# %% tags=["hide-input"]
#| label: fig-speed
#| fig-cap: >-
#|   The squared speed $q$ where three computations end, each dot a point. Gradient descent in
#|   single precision leaves values over ten orders of magnitude. The true fixed points
#|   themselves, rounded to single precision, have a $q$ of about $10^{-13}$: below that, single
#|   precision says nothing. In double precision the fixed points lie below $10^{-20}$, the
#|   criterion of this book (full line); a common criterion is $10^{-8}$ (dashed).
#| fig-alt: >-
#|   Three rows of dots on a logarithmic axis of q. Top row, gradient descent in single
#|   precision: spread between about 1e-13 and 1e-2, on both sides of a dashed line at 1e-8.
#|   Middle row, exact points rounded to single precision: a tight group near 1e-13. Bottom row,
#|   Newton in double precision: all below 1e-25, left of the full line at 1e-20.
rows = {
    "gradient descent,\nfloat32": q_descended,
    "true fixed points,\nrounded to float32": rounded,
    "Newton,\nfloat64": points.q,
}
with style.context():
    picture = plots.picture(6, 3)
    ax = picture.subplots()
    for row, q in enumerate(rows.values()):
        jitter = np.random.default_rng(seed).uniform(-0.2, 0.2, len(q))
        ax.semilogx(
            q, row + jitter, "o", ms=4, alpha=0.6, color=style.SADDLES[row]
        )
    ax.axvline(1e-20, color=style.INK, lw=1.2)
    ax.axvline(1e-8, color=style.INK, lw=1.2, ls="--")
    ax.set(xlabel="q", yticks=range(3), yticklabels=rows, ylim=(2.5, -0.5))
picture

# %% [markdown]
# {numref}`fig-speed` shows why a small $q$ is a poor certificate. Gradient descent is slow where
# $q$ is flat, and some starts end high. Nor can a stricter threshold help: with 24 bits a true
# fixed point has $q \approx 10^{-13}$. In double precision there is a gap of many orders of
# magnitude between what is a solution and what is not, and one can draw a line in it. We call
# a point **fixed** if $q \le 10^{-20}$ in float64. A local minimum of $q$ above that line is a
# **slow point**, if it moves by at most a hundredth a step ($q \le 10^{-4}$).
#
# ## The equation without the gate
#
# For a gated cell there is a second trap. From {eq}`eq-gru`,
#
# ```{math}
# :label: eq-gate-free
# F(h) - h = z \odot (\hat h - h) .
# ```
#
# The gate $z$ is a sigmoid. It is never zero, so that $F(h) = h$ exactly where $\hat h = h$: the two
# equations have the same solutions. But $z$ may be *nearly* zero, and then $q$ is tiny
# wherever the state happens to be. Take one unit with its gate almost closed:

# %%
unit = rnnlab.GRU(1, 1).double().requires_grad_(False)
closed_gate = {
    "U": [[0.0], [0.0], [2.0]],
    "W": [[0.0]] * 3,
    "b": [-12.0, 50.0, 0.0],
}
unit.load_state_dict(
    {name: torch.tensor(value) for name, value in closed_gate.items()}
)
G = unit.at(torch.zeros(1).double())
grid = torch.linspace(-1, 1, 201).double()[:, None]
tiny = (squared_speed(G, grid) < 1e-8).double().mean()
solutions = find_fixed_points(G, grid).states.flatten().sort().values
print(f"q < 1e-8 at {tiny:.0%} of all states")
print("ĥ = h at", solutions.numpy().round(4))

# %% [markdown]
# By its squared speed every state of this unit is a fixed point at the common threshold. By
# {eq}`eq-gate-free` there are three. We therefore solve the equation without the gate (for an
# LSTM one eliminates $c$ as well, since $c = i \odot g / (1 - f)$ at rest), and then ask both
# residuals to vanish. It is also better conditioned. Stability is always that of $F$ itself.
#
# ## Slow points, and when the affine term may be ignored
#
# Let $h^*$ be any state, and $v = F(h^*) - h^*$. A small deviation $y$ obeys
#
# ```{math}
# :label: eq-affine
# F(h^* + y) - h^* \approx v + DF(h^*)\, y ,
# ```
#
# which is linear where $v = 0$, and affine elsewhere. One may still read the dynamics from $DF$
# if $v$ is small against $DF y$ for the deviations that occur. We measure both: for $y$ we take
# the deviations of visited states from their mean, and report
#
# ```{math}
# :label: eq-ratio
# \rho(h^*) = \lVert v \rVert \Big/ \sqrt{\langle \lVert DF(h^*)\, y \rVert^2 \rangle_y} .
# ```
#
# {term}`Slow points <slow point>` are easy to make. Give the two-bit network of {doc}`04_flipflop2` a weak
# constant input to its first bit and let it grow. At about 0.16 the point in the middle merges
# with a {term}`saddle` and vanishes. Then the two memories that disagree with the input go, each with
# a saddle, the first at about 0.175 and the second at about 0.188. Just beyond such a strength,
# nothing solves $F(h) = h$ there any more, but the squared speed is still small. What is left is
# the {term}`ghost` of a memory.

# %%
small = zoo.load("flipflop2-gru").requires_grad_(False)
batch = FlipFlop(bits=2).batch(64, generator)
small_visited = small(batch.inputs)[1].flatten(0, 1)
by_strength = {
    strength: find_fixed_points(
        small.cell.at(torch.tensor([strength, 0.0])),
        small_visited[::50],
        seed=seed,
    )
    for strength in (0.0, 0.174, 0.176, 0.189, 0.2)
}

# %% tags=["hide-input"]
table(
    [
        {
            "input": strength,
            "stable": len(found.stable),
            "saddles": len(found.saddles),
            "slow": len(found.slow),
            "index sum": found.audit.index_sum,
        }
        for strength, found in by_strength.items()
    ],
    **{"index sum": "{:+d}"},
)

# %%
ghosts = by_strength[0.176]
F_weak = small.cell.at(torch.tensor([0.176, 0.0])).double()
path = orbit(F_weak, ghosts.slow, 100)
moved = (path - path[:, :1]).norm(dim=-1)  # of each slow point, by step

# %% tags=["hide-input"]
table(
    [
        {
            "steps": step,
            "moved by": " and ".join(f"{m:.2f}" for m in moved[:, step]),
        }
        for step in (10, 30, 100)
    ]
)

# %% [markdown]
# A slow point holds a state for some tens of steps, and then lets it go. A picture that draws
# both kinds of points alike would show memories where there are none. Here is every point of
# both networks (3 bits without input, 2 bits at 0.176), with its squared speed and its ratio.


# %%
def affine_ratio(F, points, visited):
    """ρ at each point, for deviations of visited states from their mean."""
    F = F.double()
    v = F(points) - points
    y = (visited - visited.mean(0))[:500].double()
    images = y @ linearize(F, points).state_jacobian.mT
    return v.norm(dim=-1) / images.square().sum(-1).mean(-1).sqrt()


# %% tags=["hide-input"]
reported = []
for bits, G, found, states in (
    ("3 bits", F, points, visited),
    ("2 bits", F_weak, ghosts, small_visited),
):
    every = torch.cat([found.states, found.slow])
    q = torch.cat([found.q, found.slow_q])
    ρ = affine_ratio(G, every, states)
    kinds = [f"{unstable} unstable" for unstable in found.n_unstable]
    kinds += ["slow"] * len(found.slow)
    reported += [
        {"network": bits, "point": kind, "q": a, "ratio": b}
        for kind, a, b in zip(kinds, q.tolist(), ρ.tolist(), strict=True)
    ]
table(reported, q="{:.0e}", ratio="{:.0e}")

# %% tags=["hide-input"]
fixed = [row for row in reported if row["point"] != "slow"]
slow = [row for row in reported if row["point"] == "slow"]
largest_q = max(row["q"] for row in fixed)
largest_ratio = max(row["ratio"] for row in fixed)
slowest_q = min(row["q"] for row in slow)
claim(
    "E.q",
    f"All {len(fixed)} points called fixed have q ≤ {largest_q:.0e}; of the slow "
    f"points, {len(slow)} in number, the least q is {slowest_q:.0e}. The affine term is at most "
    f"{largest_ratio:.0e} of the linear one at fixed points, "
    f"{max(row['ratio'] for row in slow):.0e} at slow ones.",
    paper="the affine term may be ignored where q is very small",
    points_with_q_and_ratio=equals(
        sum(np.isfinite([row["q"], row["ratio"]]).all() for row in reported),
        len(points) + len(points.slow) + len(ghosts) + len(ghosts.slow),
    ),
    largest_q_of_a_fixed_point=at_most(largest_q, 1e-20),
    smallest_q_of_a_slow_point=at_least(slowest_q, 1.01e-20),
    slow_points_shown=at_least(len(slow), 1),
)

# %% [markdown]
# At the scale of the whole cloud the affine term is negligible even for the ghost. So the
# eigenvectors of a slow point tell truly how its surroundings are stretched. What they cannot
# tell is whether the state stays: for that $v$ is compared with deviations *as small as $v$*,
# and there is none so small that a slow point would be fixed.
#
# ## A sum that must be one
#
# Now the second question. In one dimension the answer can be seen. Let a continuous $F$ map
# the interval $[-1, 1]$ into itself. At the left end its graph is above the diagonal, at the
# right end below. On the way it crosses from above to below once more often than
# from below to above.


# %%
def curve(h):
    return h - 0.15 * torch.sin(2.5 * torch.pi * h)


line = torch.linspace(-1, 1, 200).double()[:, None]
on_line = find_fixed_points(curve, line[::10], box=1.0)

# %% tags=["hide-input"]
#| label: fig-index-1d
#| fig-cap: >-
#|   A map of the interval into itself and its five fixed points. Where the graph crosses the
#|   diagonal downward, the index is +1; where it crosses upward, −1. The signs alternate, begin
#|   and end with +1, and sum to +1.
#| fig-alt: >-
#|   A wavy curve that crosses the diagonal of the square five times; the crossings carry the
#|   signs plus, minus, plus, minus, plus.
with style.context():
    picture = plots.picture(4.5, 4.5)
    ax = picture.subplots()
    ax.plot(line, line, color=style.INK, lw=0.8)
    ax.plot(line, curve(line), color=style.SADDLES[2], lw=2)
    for (h,), index in zip(on_line.states, on_line.index, strict=True):
        face, edge = (
            ("white", style.SADDLES[0]) if index < 0 else (style.STABLE,) * 2
        )
        ax.plot(h, h, "o", ms=9, mfc=face, mec=edge, mew=2)
        text = "+1" if index > 0 else "−1"
        ax.annotate(text, (h, h), (8, -14), textcoords="offset points")
    ax.set(xlabel="$h$", ylabel="$h'$", aspect="equal")
    ax.set(xticks=(-1, 0, 1), yticks=(-1, 0, 1))
picture

# %% [markdown]
# The **index** of a fixed point is the sign of the slope of $h - F(h)$ there. In $N$ dimensions it
# is the sign of the determinant,
#
# ```{math}
# :label: eq-index
# \operatorname{ind}(h^*) = \operatorname{sign} \det\bigl(I - DF(h^*)\bigr)
# = (-1)^{k},
# ```
#
# where $k$ is the number of *real* eigenvalues above 1: complex ones come in pairs, and real
# ones below 1 (even below $-1$) leave the sign alone. In the plane one can see it once more.
# Walk around the point on a small circle and watch the arrow $h - F(h)$: the index is the number
# of turns that it makes with you. Here is the two-unit network of {doc}`01_maps`.

# %%
pair = rnnlab.VanillaRNN(2, 2).double().requires_grad_(False)
coupling = torch.tensor([[2.0, 0.2], [-0.2, 2.0]])
pair.load_state_dict({"W": torch.eye(2), "U": coupling, "b": torch.zeros(2)})
P = pair.at(torch.zeros(2).double())
square = 2 * torch.rand(100, 2, generator=generator).double() - 1
in_plane = find_fixed_points(P, square)

angle = torch.linspace(0, 2 * torch.pi, 400).double()
circle = torch.stack([angle.cos(), angle.sin()], -1)
loops = torch.cat([in_plane.states[:, None] + 0.1 * circle, 1.5 * circle[None]])
arrows = loops - P(loops)
phase = np.unwrap(torch.atan2(arrows[..., 1], arrows[..., 0]).numpy())
turns = ((phase[:, -1] - phase[:, 0]) / (2 * np.pi)).round(6)

# %% tags=["hide-input"]
table(
    [
        {
            "around": f"({x:+z.2f}, {y:+z.2f})",
            "sign det(I − DF)": index,
            "turns": turn,
        }
        for (x, y), index, turn in zip(
            in_plane.states.tolist(),
            in_plane.index.tolist(),
            turns[:-1].astype(int),
            strict=True,
        )
    ]
    + [
        {
            "around": "all of them",
            "sign det(I − DF)": in_plane.audit.index_sum,
            "turns": int(turns[-1]),
        }
    ],
    **{"sign det(I − DF)": "{:+d}", "turns": "{:+d}"},
)

# %% tags=["hide-input"]
#| label: fig-index-2d
#| fig-cap: >-
#|   The network of two units with the index of each fixed point. Stable points (red) and the
#|   doubly unstable one in the middle count +1, the four saddles between count −1: 4 − 4 + 1 =
#|   1. Grey: trajectories, which never leave the square.
#| fig-alt: >-
#|   Phase portrait in a square: four red stable points near the corners marked +1, four blue
#|   saddles on the sides marked −1, and a dark ring in the middle marked +1.
plane = geometry.PCA(torch.zeros(2), torch.eye(2), torch.full((2,), 0.5))
picture = plots.portrait(
    plots.Portrait(plane, in_plane, background=orbit(P, square, 25))
)
(ax,) = picture.axes
for state, index in zip(in_plane.states, in_plane.index, strict=True):
    text = "+1" if index > 0 else "−1"
    ax.annotate(text, state, (8, 7), textcoords="offset points", weight="bold")
ax.set(xlabel="unit 1", ylabel="unit 2")
picture

# %% [markdown]
# **Theorem** (Brouwer; Lefschetz and Hopf; see {cite}`milnor`). Let a smooth map send a closed
# box into its interior, and let $\det(I - DF) \ne 0$ at each of its fixed points. Then they are
# finite in number and
#
# ```{math}
# :label: eq-audit
# \sum_{h^* = F(h^*)} \operatorname{ind}(h^*) = 1 .
# ```
#
# *Why.* Shrink the map: $F_s = s F$ for $s$ from 1 down to 0. Fixed points move, and may be born
# or vanish, but only in pairs of opposite index, as a graph leaves the diagonal in
# {numref}`fig-index-1d`; none can cross the boundary, which is mapped inside. At $s = 0$ there is
# one point, $h = 0$, with $\det I = 1$.
#
# The theorem holds for our cells. A GRU's new state is an average of the old one and of a $\tanh$:
# the box $[-1, 1]^N$ goes into itself. UGRNN and vanilla networks share the argument; for an LSTM the
# box is longer along $c$. So each list of fixed points can be audited: **if the signs do not
# sum to +1, points are missing.**
#
# ## The audit at work
#
# We search from the states that the network visits, and from nothing else.

# %%
usual = find_fixed_points(F, visited[:256], rounds=0)

# %% tags=["hide-input"]
table(
    [
        {
            "search": name,
            "starts": result.search.starts,
            "converged": result.search.converged,
            "points": len(result),
            "index sum": result.audit.index_sum,
        }
        for name, result in {
            "visited states": usual,
            "to the end": points,
        }.items()
    ],
    **{"index sum": "{:+d}"},
)

# %% [markdown]
# Without the audit, the first result looks perfect. Eight memories, eight stable fixed points, each
# to machine precision, and no start that failed. But eight attractors cannot be alone: their
# basins must have boundaries, and on these live the saddles. The sum says so at once. The full
# search goes on from convex combinations, until the sum is $+1$ *and* the last half of them, at least 256,
# has brought nothing new.
#
# One may audit a list without having the network. All it takes is the number of points
# with each number of {term}`unstable directions <unstable direction>` (where these are real and positive, as they are in {term}`flip-flops <flip-flop>`).

# %%
censuses = {
    "3 bits: 8 / 12 / 6 / 1": {0: 8, 1: 12, 2: 6, 3: 1},
    "2 bits: 4 / 4 / 1": {0: 4, 1: 4, 2: 1},
    "the 8 memories alone": {0: 8},
    "memories and edges": {0: 8, 1: 12},
    "9 points, none unstable": {0: 9},
}
sums = {
    name: sum((-1) ** k * n for k, n in c.items())
    for name, c in censuses.items()
}

# %% tags=["hide-input"]
table(
    [
        {
            "points": name,
            "index sum": total,
            "audit": "passes" if total == 1 else "fails",
        }
        for name, total in sums.items()
    ],
    **{"index sum": "{:+d}"},
)

# %% tags=["hide-input"]
claim(
    "X.audit",
    f"The search from visited states alone finds {len(usual)} points with index sum "
    f"{usual.audit.index_sum:+d} and is refused; the full search finds {len(points)} "
    f"with index sum {points.audit.index_sum:+d}. Of the published censuses, 8/12/6/1 "
    f"and 4/4/1 pass; one of memories alone fails, and so does any of several points "
    f"of which none is unstable.",
    paper="beyond the papers",
    visited_states_alone_pass=equals(usual.audit.closed, False),
    full_search_passes=equals(points.audit.closed, True),
    fixed_points_of_the_full_search=equals(len(points), 27),
    sum_of_the_published_cube=equals(sums["3 bits: 8 / 12 / 6 / 1"], 1),
    sum_of_the_published_square=equals(sums["2 bits: 4 / 4 / 1"], 1),
)

# %% [markdown]
# The last row bears on an open question of {cite}`explaining`. For a network with pulses 1 and 2
# the authors saw points between the memories that had *no* unstable direction, and did
# not know how to read them. A point whose eigenvalues all lie inside the unit circle has index $+1$.
# Several such points, and nothing else, sum to more than 1. So they cannot be a complete
# set of fixed points: some of them are slow points, or saddles were not found.
#
# ## How the starts matter
#
# Where should a search begin? {numref}`fig-starts` compares three kinds of starts: visited states with
# noise, as is usual; states drawn uniformly from the box; and `convex_combinations`, random averages of
# a few visited states. Saddles lie between memories, and so do convex combinations.

# %%
sizes = (16, 32, 64, 128, 256)
kinds = ("visited + noise", "uniform in the box", "convex combinations")
found = {kind: [] for kind in kinds}
for repeat in range(repeats):
    dice = torch.Generator().manual_seed(seed + repeat)
    some = visited[torch.randperm(len(visited), generator=dice)[: sizes[-1]]]
    batches = (
        some + 0.05 * torch.randn(some.shape, generator=dice),
        2 * torch.rand(some.shape, generator=dice) - 1,
        convex_combinations(some, sizes[-1], seed + repeat),
    )
    for kind, batch in zip(kinds, batches, strict=True):
        runs = [
            find_fixed_points(F, batch[:n], rounds=0, max_steps=40)
            for n in sizes
        ]
        found[kind].append([(len(run), run.audit.index_sum) for run in runs])

# %% tags=["hide-input"]
table(
    [
        {
            "starts": f"{sizes[-1]} {kind}",
            "found": ", ".join(str(row[-1][0]) for row in found[kind]),
        }
        for kind in kinds
    ]
)

# %% tags=["hide-input"]
runs = [run for kind in kinds for row in found[kind] for run in row]
early = [count for count, total in runs if total == 1 and count < len(points)]
Markdown(
    f"The sum is +1 although points are missing in {len(early)} of {len(runs)} "
    f"searches, with {', '.join(map(str, sorted(early))) or 'no'} points."
)

# %% tags=["hide-input"]
#| label: fig-starts
#| fig-cap: >-
#|   Fixed points found (above) and their index sum (below) against the number of starts, for
#|   three kinds of starts; thin lines are single runs, marks their means. Dashed: the complete
#|   set of 27 points with sum +1. Visited states find the attractors and hardly a saddle,
#|   uniform states a handful, convex combinations all. The sum shows that most of the incomplete sets are
#|   incomplete, without knowing the 27; now and then it is +1 by chance.
#| fig-alt: >-
#|   Two panels against 16 to 256 starts. Above, the curve of convex combinations rises to 27 found points,
#|   visited states with noise stay near 8, uniform states below 8. Below, the index sum of the
#|   convex combinations settles on the dashed line at 1, that of visited states stays near 8, that of
#|   uniform states wanders between −1 and 1.
with style.context():
    picture = plots.picture(5, 5)
    above, below = picture.subplots(2, 1, sharex=True)
    looks = ((style.STABLE, "o"), (style.FLOW, "s"), (style.TRAJECTORY, "D"))
    for ax, part in ((above, 0), (below, 1)):
        for (kind, runs), (colour, mark) in zip(
            found.items(), looks, strict=True
        ):
            values = np.array(runs)[..., part]
            ax.plot(sizes, values.T, color=colour, lw=0.8, alpha=0.6)
            ax.plot(
                sizes,
                values.mean(0),
                color=colour,
                marker=mark,
                lw=0,
                label=kind,
            )
        ax.axhline((len(points), 1)[part], color=style.INK, lw=1, ls="--")
    above.set(ylabel="points found")
    below.set(ylabel="index sum", xlabel="starts", xscale="log")
    below.set_xticks(sizes, sizes, minor=False)
    below.minorticks_off()
    handles, labels = above.get_legend_handles_labels()
    picture.legend(handles, labels, loc="outside upper center", ncols=2)
picture

# %% [markdown]
# Newton's method goes to a point that is near; it does not care whether the point is stable.
# What decides is where it starts. A trajectory spends its time close to attractors, and more
# samples of it are more of the same. And 64 dimensions are too many to hope for luck: most uniform
# starts end nowhere. The sentence below the table is a warning. A single sum may be $+1$ by
# chance, while few points are known and even when only two of the 27 are missing.
#
# ## What we saw
#
# - In double precision a fixed point and a slow point are told apart by many orders of magnitude
#   in $q$. In single precision, or by a small $q$ alone, they are not.
# - Behind a gate that is nearly closed everything has a small $q$. The gate-free equation has the
#   same solutions and no such trap.
# - The indices of a complete set sum to $+1$. A search from visited states alone finds the
#   attractors, and the sum refuses its list.
# - Convex combinations of visited states are starts that reach the saddles too.
#
# ## What this does not show
#
# **It refutes; it does not prove.** A list may lack a stable point *and* a saddle, with indices $+1$
# and $-1$, and still sum to $+1$:

# %%
kept = torch.ones(len(points), dtype=torch.bool)
kept[0] = False  # a stable point
kept[(points.n_unstable == 1).nonzero()[0]] = False  # a saddle
print(f"{int(kept.sum())} points:", audit(points.index[kept], applies=True))

# %% [markdown]
# This is why the search also asks for many convex combinations without anything new, and why the chapters compare
# stable points with the attractors that simulations reach.
#
# **It does not always apply.** On a line attractor each point has an eigenvalue 1, the determinant
# is zero, and there is no sign to count. And where no box is known that the map sends into itself
# (ReLU networks, for one) no sum is expected. The result says so in both cases:

# %%
shrink = torch.tensor([1.0, 0.5], dtype=torch.float64)
along = find_fixed_points(lambda h: h * shrink, square[:20], rounds=0, box=1.0)
boxless = find_fixed_points(lambda h: h / 2 + 1, square[:20])

# %% tags=["hide-input"]
table(
    [
        {"map": "line attractor", "audit": along.audit},
        {"map": "no box known", "audit": boxless.audit},
    ]
)

# %% [markdown]
# **It knows nothing of cycles.** A periodic orbit is no fixed point of $F$, and a network may have any
# number of them while its fixed points sum to $+1$.
#
# ## Exercises
#
# ::::{exercise}
# :label: ex-fixed-points-1
# The two-bit network has 9 fixed points without input and fewer at 0.176. Which pairs vanished?
#
# :::{admonition} Hint
# :class: dropdown
# The index sum is $+1$ before and after.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-fixed-points-2
# Start at the ghost and count the steps that it takes to leave, for inputs closer and closer to
# the one at which it was born.
#
# :::{admonition} Hint
# :class: dropdown
# `orbit(F_weak, ghosts.slow, steps)` has the way. Plot the number of steps against the distance,
# both on logarithmic axes; theory gives the slope $-1/2$.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-fixed-points-3
# Raise the noise on visited states to 0.5. Are all 27 found? Does the sum ever close too early?
#
# :::{admonition} Hint
# :class: dropdown
# An index sum of $+1$ with 15 points is possible.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-fixed-points-4
# Show that a map of the box into itself with exactly two fixed points must be degenerate at one of
# them.
#
# :::{admonition} Hint
# :class: dropdown
# {eq}`eq-audit` modulo 2.
# :::
# ::::
#
# With a list that we can trust, we can now look at what it says. {doc}`03_flipflop3` draws the 27 points,
# and they turn out to be a cube.
