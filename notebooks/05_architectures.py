# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Other architectures
#
# A GRU that keeps three bits builds a cube of 27 {term}`fixed points <fixed point>`. Is that a habit of GRUs? Or does the *task* ask for it,
# so that whatever network we train will find the same?
#
# The question is whether fixed points explain networks or only one kind of network. {cite:t}`universality` asked it of
# thousands of trained networks and found both answers side by side: how the fixed points are arranged was common to
# all architectures, the geometry of the states was not. We put three other cells to the test of chapter 3.
#
# ## What to expect
#
# Eight memories with their watersheds between them, whatever the cell: the task needs eight states
# that stay, and pulses that lead from each to its neighbours. How *fast* states return to a memory, and whether they
# turn on their way, the task does not say. There the cells may differ.

# %% tags=["parameters", "remove-input"]
seed = 0
retrain = False
profile = "full"

# %% tags=["remove-input"]
from dataclasses import replace

import networkx as nx
import torch

from rnnlab import (
    convex_combinations,
    find_fixed_points,
    geometry,
    linearize,
    plots,
    saddle_connections,
    unstable_manifolds,
)
from rnnlab.book import plots as book_plots
from rnnlab.book import start, zoo
from rnnlab.book.claims import claim, equals
from rnnlab.book.tables import table
from rnnlab.live import player
from rnnlab.plots import style
from rnnlab.tasks import FlipFlop

start(seed=seed, retrain=retrain, profile=profile)

# %% [markdown]
# ## Four cells
#
# [Chapter 1](01_maps.ipynb) has the equations. In short, with $a = W x + b$ and a state $h$:
#
# - the **vanilla RNN** {cite}`sussillo-barak` replaces its whole state at every step;
# - the **UGRNN** {cite}`ugrnn` has one gate, which keeps a share of each unit;
# - the **GRU** {cite}`gru` has such a gate too, and another that resets what the recurrent weights see;
# - the **LSTM** {cite}`lstm` keeps a second vector $c$ behind the $h$ that it shows.
#
# The LSTM's *state* is both vectors, $s = (h, c)$, of twice as many dimensions as it has units. Its map is
#
# ```{math}
# :label: eq-arch-map
# F : s \mapsto s' , \qquad
# s = \begin{cases} (h, c) & \text{LSTM} \\ h & \text{the others,} \end{cases}
# ```
#
# and a fixed point is an $s$ with $F(s) = s$. All have 64 units. Each was trained three times, from three seeds, on the
# same task by the same recipe (the vanilla RNN with a smaller learning rate).

# %%
cells = ("GRU", "LSTM", "UGRNN", "Vanilla")
seeds = range(3)
networks = {
    (cell, k): zoo.get(name, retrain=retrain)
    for cell in cells
    for k, name in enumerate(zoo.seeds(f"flipflop3-{cell.lower()}")[:3])
}
task = FlipFlop(bits=3)
no_pulse = task.input((0, 0, 0))
maps = {key: network.cell.at(no_pulse) for key, network in networks.items()}

# %% [markdown]
# For each network we collect the states that it visits, and search for all fixed points of $F$ under the input
# (0, 0, 0), as in chapter 2: once from visited states, once from {term}`convex combinations <convex combination>` of them. What either finds counts,
# since a pair of points whose indices cancel can be missed by one search though its audit closes.

# %%
batch = task.batch(64, torch.Generator().manual_seed(seed))
order = torch.randperm(
    64 * task.length, generator=torch.Generator().manual_seed(seed)
)
how = dict(rounds=6 if profile == "full" else 3, seed=seed)
visited, points = {}, {}
for key, network in networks.items():
    with torch.no_grad():
        states = network(batch.inputs)[1].flatten(0, 1)
    found = [
        find_fixed_points(maps[key], starts, **how).states
        for starts in (
            states[order[:512]],
            convex_combinations(states, 1024, seed=seed),
        )
    ]
    points[key] = find_fixed_points(maps[key], torch.cat(found), **how)
    visited[key] = states

# %% [markdown]
# ## The census
#
# How many points have no {term}`unstable direction`, how many have one, two, three? The cube has 8, 12, 6 and 1.
# {numref}`fig-arch-census` compares.

# %% tags=["hide-input"]
#| label: fig-arch-census
#| fig-cap: >-
#|   Fixed points under the input (0, 0, 0), by their number of unstable directions, in twelve
#|   networks that keep three bits: four architectures, three seeds each. A red frame marks a
#|   number that differs from the cube's, 8, 12, 6, 1.
#| fig-alt: >-
#|   A table of numbers in shades of blue: one row for each of twelve networks, one column for
#|   each number of unstable directions.
CUBE = {0: 8, 1: 12, 2: 6, 3: 1}
censuses = {
    f"{cell}, seed {k}": found.census for (cell, k), found in points.items()
}
book_plots.census(censuses, expected=CUBE)

# %% [markdown]
# The same with what stands behind the numbers. Accuracy is the share of bits that are right, on 1,000 sequences that
# were never trained on.

# %% tags=["hide-input"]
table(
    [
        {
            "network, seed": f"{cell} {k}",
            "accuracy": networks[cell, k].card["accuracy"],
            "index sum": found.audit.index_sum,
            "audit": "closes" if found.audit.closed else "does not close",
            "slow points": len(found.slow),
        }
        for (cell, k), found in points.items()
    ],
    accuracy="{:.2%}",
    **{"index sum": "{:+d}"},
)

# %% [markdown]
# Do the stable points stand for the eight states? We read each out.

# %%
with torch.no_grad():
    decoded = {
        key: task.decode(networks[key].outputs(found.stable.float()))
        for key, found in points.items()
    }
is_cube = {
    key: found.census == {0: 8, 1: 12, 2: 6, 3: 1}
    and len(decoded[key].unique(dim=0)) == 8
    and found.audit.closed
    for key, found in points.items()
}

# %% tags=["hide-input"]
cubes = {cell: sum(is_cube[cell, k] for k in seeds) for cell in cells}
others = [
    f"{cell}, seed {k}: {' / '.join(map(str, points[cell, k].census.values()))}"
    for cell, k in networks
    if not is_cube[cell, k]
]
claim(
    "E.arch",
    "The fixed points form the cube, 8 / 12 / 6 / 1 with one stable point for each state and a closed audit, in "
    f"{cubes['LSTM']} of 3 LSTMs, {cubes['UGRNN']} of 3 UGRNNs and {cubes['Vanilla']} of 3 vanilla RNNs "
    f"(and in {cubes['GRU']} of 3 GRUs).",
    paper="related work: the low-dimensional dynamics do not depend on the architecture",
    note=f"Found otherwise: {'; '.join(others)}." if others else "",
    LSTMs_with_the_cube=equals(cubes["LSTM"], 3),
    UGRNNs_with_the_cube=equals(cubes["UGRNN"], 3),
    vanilla_RNNs_with_the_cube=equals(cubes["Vanilla"], 3),
)

# %% [markdown]
# ## The picture
#
# {numref}`fig-arch-portraits` draws the first network of each kind, on the first three principal components of *its
# own* states. Each is turned so that its readout's three directions point the same way on the page. Only a turn is
# needed: nothing is stretched or sheared.

# %% tags=["hide-input"]
#| label: fig-arch-portraits
#| fig-cap: >-
#|   Fixed points under the input (0, 0, 0) of four networks that keep three bits, each on the
#|   first three principal components of its own states. Red: stable. Blue rings: saddles, larger
#|   and darker with each unstable direction. Amber diamonds, where there are any: slow points.
#|   Gray: trajectories that start beside the saddles.
#| fig-alt: >-
#|   Four cubes of fixed points, side by side in two rows, with stable points at the corners and
#|   saddles between them.
panels = []
for cell in cells:
    network, F, found = networks[cell, 0], maps[cell, 0], points[cell, 0]
    pca = geometry.pca(visited[cell, 0], components=3)
    axes = torch.zeros(3, network.cell.state_size, dtype=torch.float64)
    axes[:, : network.cell.units] = network.readout.weight.detach()  # not c
    panels.append(
        plots.Portrait(
            pca,
            found,
            background=unstable_manifolds(F, found, linearize(F, found.states)),
            view=plots.upright(axes @ pca.components.T),
            title=cell,
        )
    )
plots.portraits(panels)

# %% [markdown]
# To the eye they are one picture, a little skewed here and there. Two numbers say how much of it is common.
#
# The first asks how good a cube it is. In a cube of edge $\ell$ two corners that differ in $k$ bits are
# $\ell \sqrt{k}$ apart. We take the 28 distances between the eight memories, in the full state space, and correlate
# them with $\sqrt{k}$. A correlation of 1 is a perfect cube.
#
# The second asks whether the picture shows what matters. The *share* of a direction $v$ in the space of the picture is
#
# ```{math}
# :label: eq-arch-share
# \rho(v) = \frac{\lVert P v \rVert^2}{\lVert v \rVert^2} ,
# ```
#
# where the rows of $P$ are the three principal directions. We average it over all unstable eigenvectors of all
# {term}`saddles <saddle>`. For directions drawn at random it would be 3 divided by the number of dimensions.


# %%
def how_cubic(memories, bits):
    """Correlation of distances with √k, over pairs that differ in k bits."""
    a, b = torch.triu_indices(len(bits), len(bits), 1)
    k = (bits[a] != bits[b]).sum(-1)
    distance = (memories[a] - memories[b]).norm(dim=-1)
    return float(torch.corrcoef(torch.stack([distance, k.sqrt()]))[0, 1])


def share_seen(modes, pca):
    """ρ of unstable eigenvectors, on average."""
    unstable = modes.right.mT[modes.eigenvalues.abs() > 1]
    return float(geometry.share_in_subspace(unstable, pca.components).mean())


# %% tags=["hide-input"]
table(
    [
        {
            "cell": cell,
            "cube": how_cubic(points[cell, 0].stable, decoded[cell, 0]),
            "share": share_seen(
                linearize(maps[cell, 0], points[cell, 0].saddles), panel.pca
            ),
            "chance": 3 / maps[cell, 0].state_size,
        }
        for cell, panel in zip(cells, panels, strict=True)
    ],
    cube="{:.3f}",
    share="{:.2f}",
    chance="{:.2f}",
)

# %% [markdown]
# ## What the saddles join
#
# A cube has edges too. {cite:t}`dubreuil` calls saddles the possible transitions: a saddle's unstable direction
# connects two stable points, and a pulse carries the state across, from one to the other. Figure 3b of that review,
# after {cite:t}`sussillo-barak`, draws them. So take the saddles with *one* unstable direction. From each starts an
# {term}`unstable manifold`, the curve of all states that came from it, in two halves, one to either side.
#
# We follow both halves to where they end. If the picture is right, the 12 saddles of the vanilla RNN join 12 pairs
# of memories, and the two of a pair differ in one bit: the edges of the cube.

# %%
joined, one_bit, same_graph = {}, {}, {}
for k in seeds:
    F, found = maps["Vanilla", k], points["Vanilla", k]
    joined[k] = saddle_connections(F, found, linearize(F, found.states))
    bits = decoded["Vanilla", k]
    one_bit[k] = sum(
        int((bits[a] != bits[b]).sum()) == 1
        for a, b in joined[k].ends.tolist()
        if min(a, b) >= 0
    )
    graph = nx.Graph(joined[k].graph)
    same_graph[k] = nx.is_isomorphic(graph, nx.hypercube_graph(3))
edges = {k: joined[k].graph.number_of_edges() for k in seeds}

# %% tags=["hide-input"]
table(
    [
        {
            "seed": k,
            "saddles": len(joined[k].saddles),
            "join two": edges[k],
            "one bit apart": one_bit[k],
            "graph": "the cube" if same_graph[k] else "another",
        }
        for k in seeds
    ]
)

# %% tags=["hide-input"]
#| label: fig-arch-manifolds
#| fig-cap: >-
#|   The vanilla RNN of seed 0 with the unstable manifolds (gray) of its twelve saddles with one
#|   unstable direction, on its first three principal components. Each runs from a saddle, a
#|   ring, to two memories, discs, named by the bits that are read out there. The rings with two
#|   and three unstable directions have no such curve.
#| fig-alt: >-
#|   A cube drawn by gray curves. Red discs at its eight corners are named by three signs each; a
#|   blue ring sits in the middle of each of its twelve edges. Darker rings, in the faces and in
#|   the centre, are touched by no curve.
signs = [
    "".join("−+"[bit > 0] for bit in state)
    for state in decoded["Vanilla", 0].tolist()
]
curves = joined[0].manifolds.flatten(0, 1)
scene = panels[cells.index("Vanilla")]
plots.portrait(replace(scene, title=None, background=curves, labels=signs))

# %% tags=["hide-input"]
#| label: fig-arch-graph
#| fig-cap: >-
#|   The same without coordinates: memories of the vanilla RNN, and a line for each saddle that
#|   joins two of them.
#| fig-alt: >-
#|   Eight red discs named by three signs each, joined by twelve lines to a cube.
plots.connection_graph(joined[0].graph, dict(enumerate(signs)))

# %% tags=["hide-input"]
claim(
    "D.fig3b",
    f"In {sum(same_graph.values())} of 3 vanilla RNNs with three bits the unstable manifolds of the saddles with one "
    "unstable direction make the cube: each joins two memories that differ in one bit.",
    paper="Figure 3b: unstable directions of saddles connect the stable points",
    saddles_that_join_two_memories=equals(edges, {k: 12 for k in seeds}),
    of_them_two_that_differ_in_one_bit=equals(one_bit, {k: 12 for k in seeds}),
    graphs_that_are_the_cube=equals(sum(same_graph.values()), 3),
)

# %% [markdown]
# Every curve of {numref}`fig-arch-manifolds` ends in two corners, and no corner misses one of its three edges
# ({numref}`fig-arch-graph`). The graph is a machine: eight states, and from each the three flips of one bit. The
# points in the faces and in the centre, with two and three unstable directions, are not transitions of one bit but
# choices between several.
#
# ## The spectra
#
# Now to what differs. Near a fixed point the state moves along eigenvectors of $DF$, each by its own factor $\lambda$ a
# step. A mode with $|\lambda| < 1$ fades with the {term}`time constant`
#
# ```{math}
# :label: eq-arch-tau
# \tau = \left| \frac{1}{\ln |\lambda|} \right| ,
# ```
#
# and one with a complex $\lambda$ turns while it fades. {numref}`fig-arch-spectra` has all eigenvalues at all fixed
# points.

# %% tags=["hide-input"]
#| label: fig-arch-spectra
#| fig-cap: >-
#|   Eigenvalues of DF in the complex plane, at all fixed points of four networks that keep three
#|   bits. Red discs: at stable points. Blue rings: at saddles. What lies inside the circle
#|   fades, what lies outside grows; what is off the horizontal axis turns.
#| fig-alt: >-
#|   Four complex planes with the unit circle, one for each architecture, with eigenvalues as red
#|   discs and blue rings.
with style.context():
    picture = plots.picture(6, 5.2)
    axes = picture.subplots(2, 2, sharex=True, sharey=True)
    circle = torch.exp(1j * torch.linspace(0, 2 * torch.pi, 200))
    for ax, cell in zip(axes.flat, cells, strict=True):
        found = points[cell, 0]
        stable = found.eigenvalues[found.n_unstable == 0]
        saddle = found.eigenvalues[found.n_unstable > 0]
        ax.plot(circle.real, circle.imag, color=style.INK, lw=1)
        ring = dict(
            s=16, facecolors="none", edgecolors=style.SADDLES[0], lw=0.9
        )
        ax.scatter(saddle.real, saddle.imag, **ring, rasterized=True)
        disc = dict(s=7, c=style.STABLE, lw=0)
        ax.scatter(stable.real, stable.imag, **disc, rasterized=True)
        ax.set(title=cell, aspect="equal", xticks=(-1, 0, 1), yticks=(-1, 0, 1))
    picture.supxlabel("Re λ", fontsize=11)
    picture.supylabel("Im λ", fontsize=11)
picture

# %% [markdown]
# One thing they share even here: what leaves the circle leaves it to the right, along the real axis or, for one pair
# of the GRU, a hair beside it. States move away from a saddle with next to no turning. The crowd inside the circle
# has a shape of its own in each cell. The vanilla RNN has no mode near 1 at all.
#
# In numbers: the slowest time constant at the memories (the largest over the eight), the fastest growth at a saddle,
# and the share of complex eigenvalues among the ten leading ones, at the memories.

# %%
rows = []
for cell in cells:
    found = points[cell, 0]
    stable = found.n_unstable == 0
    leading = found.eigenvalues[stable, :10]
    rows.append(
        {
            "cell": cell,
            "slowest τ": float(found.time_constants[stable, 0].max()),
            "growth": float(found.eigenvalues[~stable].abs().max()),
            "turning": float((leading.imag.abs() > 1e-9).double().mean()),
        }
    )

# %% tags=["hide-input"]
table(rows, growth="× {:.2f}", turning="{:.0%}", **{"slowest τ": "{:.1f}"})

# %% [markdown]
# The LSTM is the slowest of the four. Most of its leading modes are plain decays, while those of the UGRNN and of
# the vanilla RNN mostly turn. So the arrangement is common, and the pace is each network's own: the answer that
# {cite:t}`universality` gave, here with complete sets of fixed points.
#
# ## Another one, alive
#
# The vanilla RNN has no gate at all: nothing in it is made for keeping. Push it, and see it keep.

# %%
network = networks["Vanilla", 0]
starts = visited["Vanilla", 0][order[:64]]
portraits = {(0, 0, 0): points["Vanilla", 0]}
for x in task.pulses:
    if sum(map(abs, x)) == 1 or (profile == "full" and any(x)):
        F = network.cell.at(task.input(x))
        portraits[x] = find_fixed_points(F, starts, rounds=2, seed=seed)

# %% tags=["hide-input"]
player(
    network,
    task,
    geometry.pca(visited["Vanilla", 0], components=3),
    portraits,
    script=[(1, 1, 1), (0, 0, -1), (0, -1, 0), (-1, 0, 0), (0, 0, 1)],
    title="Three bits in a vanilla RNN",
    caption="A vanilla RNN of 64 units, without gates, on its own first three "
    "principal components.",
)

# %% [markdown]
# ## What we saw
#
# - The memories and the watersheds between them are arranged alike in all four architectures, as
#   the corners, edges, faces and centre of a cube: the task asks for them.
# - In the vanilla RNN the saddles with one unstable direction join memories that differ in one
#   bit: they are the transitions that a pulse makes.
# - How fast a state returns to a memory, and whether it turns on its way, is each network's own.
#
# ## What this does not show
#
# - Three seeds of one recipe show that an architecture *can* have the cube, not how often it does. The next
#   chapter counts over ten, for the GRU.
# - All twelve were trained with noise on their states. Without it GRUs come out otherwise, as the next chapter shows.
# - A {term}`census` is coarse: it says how many points there are, not which saddle joins which memories. That was looked up
#   for the vanilla RNN alone.
# - The time constants belong to these networks. Another learning rate gives others.
#
# ## Exercises
#
# ::::{exercise}
# :label: ex-architectures-1
# Draw the LSTM's portrait from $h$ alone, then from $c$ alone. Which of the two is the better cube?
#
# :::{admonition} Hint
# :class: dropdown
# `geometry.pca` takes any states, but a portrait takes states and fixed points of one size. Make
# the pictures by hand, with `pca.project`.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-architectures-2
# Hold the input (0, 0, 1) in all four architectures. How many fixed points are left, and does each
# have the same census?
#
# :::{admonition} Hint
# :class: dropdown
# The GRU of chapter 3 keeps two bits then. What would keep two bits look like?
# :::
# ::::
#
# ::::{exercise}
# :label: ex-architectures-3
# The vanilla RNN has no gate, and yet it has slow modes. Which eigenvalues does $U$ itself have,
# and which does $DF = \operatorname{diag}(1 - h^2)\, U$ have at a memory?
#
# :::{admonition} Hint
# :class: dropdown
# Units at rest near ±1 are stiff.
# :::
# ::::
#
# Twelve networks of four kinds, and one arrangement of fixed points. But we have chosen how they were trained. What
# happens when we do not choose well? The [next chapter](06_seeds.ipynb) takes many seeds, and takes away what helps.
