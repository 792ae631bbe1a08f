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
# A GRU that keeps three bits builds a cube of 27 fixed points. Is that a habit of GRUs? Or does the *task* ask for it,
# so that whatever network we train will find the same?
#
# The question is whether fixed points explain networks or only one kind of network. {cite:t}`universality` asked it of
# thousands of trained networks and found both answers side by side: how the fixed points are arranged was common to
# all architectures, the geometry of the states was not. We put three other cells to the test of chapter 3.
#
# **What to expect.** Eight memories with their watersheds between them, whatever the cell: the task needs eight states
# that stay, and pulses that lead from each to its neighbours. How *fast* states return to a memory, and whether they
# turn on their way, the task does not say. There the cells may differ.

# %% tags=["parameters"]
seed = 0
retrain = False
profile = "full"

# %%
from functools import partial

import networkx as nx
import torch
from IPython.display import Markdown

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
from rnnlab.book import zoo
from rnnlab.book.claims import claim, equals
from rnnlab.live import player
from rnnlab.plots import style
from rnnlab.tasks import FlipFlop

if profile not in ("full", "fast"):
    raise ValueError(f"profile must be 'full' or 'fast', got {profile!r}")
torch.set_num_threads(1)

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
# The LSTM's *state* is both vectors, $s = (h, c)$, twice as many numbers as it has units. Its map is
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
seeds = range(3)
names = {
    (cell, k): f"flipflop3-{cell.lower()}" + (f"-seed{k}" if k else "")
    for cell in ("GRU", "LSTM", "UGRNN", "Vanilla")
    for k in seeds
}
make = partial(zoo.get, retrain=retrain)
networks = {key: make(name) for key, name in names.items()}
task = FlipFlop(bits=3)
x0 = task.input((0, 0, 0))

# %% [markdown]
# For each network we collect the states that it visits, and search for all fixed points of $F$ under the input
# (0, 0, 0), as in chapter 2: once from visited states, once from mixtures of them. What either finds counts, since a
# pair of points whose indices cancel can be missed by one search though its audit closes.

# %%
batch = task.batch(64, torch.Generator().manual_seed(seed))
pick = torch.randperm(64 * task.length, generator=torch.Generator().manual_seed(seed))
visited, points = {}, {}
for key, network in networks.items():
    with torch.no_grad():
        visited[key] = network(batch.inputs)[1].flatten(0, 1)
    F = network.cell.at(x0)
    how = dict(rounds=6 if profile == "full" else 3, seed=seed)
    searches = (visited[key][pick[:512]], convex_combinations(visited[key], 1024, seed=seed))
    found = [find_fixed_points(F, starts, **how).states for starts in searches]
    points[key] = find_fixed_points(F, torch.cat(found), **how)

# %% [markdown]
# ## The census
#
# How many points have no unstable direction, how many have one, two, three? The cube has 8, 12, 6 and 1.
# {numref}`fig-arch-census` compares.

# %%
#| label: fig-arch-census
#| fig-cap: >-
#|   Fixed points under the input (0, 0, 0), by their number of unstable directions, in twelve
#|   networks that keep three bits: four architectures, three seeds each. A red frame marks a
#|   number that differs from the cube's, 8, 12, 6, 1.
#| fig-alt: >-
#|   A table of numbers in shades of blue: one row for each of twelve networks, one column for
#|   each number of unstable directions.
CUBE = {0: 8, 1: 12, 2: 6, 3: 1}
book_plots.census(
    {f"{cell}, seed {k}": found.census for (cell, k), found in points.items()}, expected=CUBE
)

# %% [markdown]
# The same with what stands behind the numbers. Accuracy is the share of bits that are right, on 1,000 sequences that
# were never trained on.

# %%
#| markdown: myst
rows = [
    f"| {cell} {k} | {networks[cell, k].card['accuracy']:.2%} | {found.audit.index_sum:+d}"
    f" {'✓' if found.audit.closed else '✗'} | {len(found.slow)} |"
    for (cell, k), found in points.items()
]
head = ["| network, seed | accuracy | index sum | slow points |", "|---|--:|--:|--:|"]
Markdown("\n".join(head + rows))

# %% [markdown]
# Do the stable points stand for the eight states? We read each out.

# %%
with torch.no_grad():
    decoded = {key: task.decode(networks[key].outputs(found.stable.float())) for key, found in points.items()}
cube = {
    key: found.census == CUBE and len(decoded[key].unique(dim=0)) == 8 and found.audit.closed
    for key, found in points.items()
}
cubes = {cell: sum(cube[cell, k] for k in seeds) for cell, _ in names}
others = [
    f"{cell}, seed {k}: {' / '.join(map(str, points[cell, k].census.values()))}"
    for cell, k in names
    if not cube[cell, k]
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

# %%
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
for cell in ("GRU", "LSTM", "UGRNN", "Vanilla"):
    network, found = networks[cell, 0], points[cell, 0]
    F = network.cell.at(x0)
    pca = geometry.pca(visited[cell, 0], components=3)
    unseen = (0, network.cell.state_size - network.cell.units)  # the readout does not see c
    readout = torch.nn.functional.pad(network.readout.weight.detach().double(), unseen)
    view = plots.upright(readout @ pca.components.T)
    gray = unstable_manifolds(F, found, linearize(F, found.states))
    panels.append(plots.Portrait(pca=pca, fixed_points=found, background=gray, view=view, title=cell))
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
# saddles. For directions drawn at random it would be 3 divided by the length of the state.

# %%
#| markdown: myst
rows = []
for panel in panels:
    network, found, pca = networks[panel["title"], 0], panel["fixed_points"], panel["pca"]
    bits = decoded[panel["title"], 0]
    pairs = torch.triu_indices(len(bits), len(bits), 1)
    hamming = (bits[pairs[0]] != bits[pairs[1]]).sum(-1)
    distance = (found.stable[pairs[0]] - found.stable[pairs[1]]).norm(dim=-1)
    fit = torch.corrcoef(torch.stack([distance, hamming.sqrt()]))[0, 1]
    modes = linearize(network.cell.at(x0), found.saddles)
    unstable = modes.right.mT[modes.eigenvalues.abs() > 1]
    share = geometry.share_in_subspace(unstable, pca.components).mean()
    chance = 3 / network.cell.state_size
    rows.append(f"| {panel['title']} | {fit:.3f} | {share:.2f} | {chance:.2f} |")
head = ["| | cube | share | chance |", "|---|--:|--:|--:|"]
Markdown("\n".join(head + rows))

# %% [markdown]
# ## What the saddles join
#
# A cube has edges too. {cite:t}`dubreuil` calls saddles the possible transitions: a saddle's unstable direction
# connects two stable points, and a pulse carries the state across, from one to the other. Figure 3b of that review,
# after {cite:t}`sussillo-barak`, draws them. So take the saddles with *one* unstable direction. From each starts an
# unstable manifold, the curve of all states that came from it, in two halves, one to either side.
#
# We follow both halves to where they end. If the picture is right, the 12 saddles of the vanilla RNN join 12 pairs
# of memories, and the two of a pair differ in one bit: the edges of the cube.

# %%
joined, one_bit, is_cube = {}, {}, {}
for k in seeds:
    found = points["Vanilla", k]
    F = networks["Vanilla", k].cell.at(x0)
    joined[k] = saddle_connections(F, found, linearize(F, found.states))
    bits = decoded["Vanilla", k]
    one_bit[k] = sum(int((bits[a] != bits[b]).sum()) == 1 for a, b in joined[k].ends.tolist() if min(a, b) >= 0)
    is_cube[k] = nx.is_isomorphic(nx.Graph(joined[k].graph), nx.hypercube_graph(3))
    saddles, edges = len(joined[k].saddles), joined[k].graph.number_of_edges()
    print(f"seed {k}: {saddles} saddles with one unstable direction, {edges} join two memories,")
    print(f"        {one_bit[k]} of them two that differ in one bit; the graph is that of the cube: {is_cube[k]}")

# %%
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
signs = ["".join("+" if b > 0 else "−" for b in state) for state in decoded["Vanilla", 0].tolist()]
(scene,) = (panel for panel in panels if panel["title"] == "Vanilla")
plots.portrait(plots.Portrait(**scene | dict(title=None, background=joined[0].manifolds.flatten(0, 1), labels=signs)))

# %%
#| label: fig-arch-graph
#| fig-cap: >-
#|   The same without coordinates: memories of the vanilla RNN, and a line for each saddle that
#|   joins two of them.
#| fig-alt: >-
#|   Eight red discs named by three signs each, joined by twelve lines to a cube.
plots.connection_graph(joined[0].graph, dict(enumerate(signs)))

# %%
edges = {k: connected.graph.number_of_edges() for k, connected in joined.items()}
claim(
    "D.fig3b",
    f"In {sum(is_cube.values())} of 3 vanilla RNNs with three bits the unstable manifolds of the saddles with one "
    "unstable direction make the cube: each joins two memories that differ in one bit.",
    paper="Figure 3b: unstable directions of saddles connect the stable points",
    saddles_that_join_two_memories=equals(edges, {k: 12 for k in seeds}),
    of_them_two_that_differ_in_one_bit=equals(one_bit, {k: 12 for k in seeds}),
    graphs_that_are_the_cube=equals(sum(is_cube.values()), 3),
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
# step. A mode with $|\lambda| < 1$ fades with the time constant
#
# ```{math}
# :label: eq-arch-tau
# \tau = \left| \frac{1}{\ln |\lambda|} \right| ,
# ```
#
# and one with a complex $\lambda$ turns while it fades. {numref}`fig-arch-spectra` has all eigenvalues at all fixed
# points.

# %%
#| label: fig-arch-spectra
#| fig-cap: >-
#|   Eigenvalues of DF in the complex plane, at all fixed points of four networks that keep three
#|   bits. Red discs: at stable points. Blue rings: at saddles. What lies inside the circle
#|   fades, what lies outside grows; what is off the horizontal axis turns.
#| fig-alt: >-
#|   Four complex planes with the unit circle, one for each architecture, with eigenvalues as red
#|   discs and blue rings.
with style.context():
    figure = style.picture(6, 5.2)
    axes = figure.subplots(2, 2, sharex=True, sharey=True)
    circle = torch.exp(1j * torch.linspace(0, 2 * torch.pi, 200))
    for ax, panel in zip(axes.flat, panels):
        found = panel["fixed_points"]
        stable, saddle = (found.eigenvalues[which] for which in (found.n_unstable == 0, found.n_unstable > 0))
        ax.plot(circle.real, circle.imag, color=style.INK, lw=1)
        ring = dict(s=16, facecolors="none", edgecolors=style.SADDLES[0], lw=0.9)
        ax.scatter(saddle.real, saddle.imag, **ring, rasterized=True)
        ax.scatter(stable.real, stable.imag, s=7, c=style.STABLE, lw=0, rasterized=True)
        ax.set(title=panel["title"], aspect="equal", xticks=(-1, 0, 1), yticks=(-1, 0, 1))
    figure.supxlabel("Re λ", fontsize=11)
    figure.supylabel("Im λ", fontsize=11)
figure

# %% [markdown]
# One thing they share even here: what leaves the circle leaves it to the right, along the real axis or, for one pair
# of the GRU, a hair beside it. States move away from a saddle with next to no turning. The crowd inside the circle
# has a shape of its own in each cell. The vanilla RNN has no mode near 1 at all.
#
# In numbers: the slowest time constant at the memories (the largest over the eight), the fastest growth at a saddle,
# and the share of complex eigenvalues among the ten leading ones, at the memories.

# %%
#| markdown: myst
rows = []
for panel in panels:
    found = panel["fixed_points"]
    stable = found.eigenvalues[found.n_unstable == 0]
    slowest = (1 / stable.abs().log()).abs()[:, 0].max()
    growth = found.eigenvalues[found.n_unstable > 0].abs().max()
    turning = (stable[:, :10].imag.abs() > 1e-9).double().mean()
    rows.append(f"| {panel['title']} | {slowest:.1f} | × {growth:.2f} | {turning:.0%} |")
head = ["| | slowest τ | growth | turning |", "|---|--:|--:|--:|"]
Markdown("\n".join(head + rows))

# %% [markdown]
# The LSTM is the slowest of the four. Most of its leading modes are plain decays, while those of the UGRNN and of
# the vanilla RNN mostly turn. So the arrangement is common, and the pace is each network's own: the answer that
# {cite:t}`universality` gave, here with complete sets of fixed points.
#
# ## Another one, alive
#
# The vanilla RNN has no gate at all: nothing in it is made for keeping. Push it, and see it keep.

# %%
network, found = networks["Vanilla", 0], points["Vanilla", 0]
starts = visited["Vanilla", 0][pick[:64]]
held = [x for x in task.pulses if sum(map(abs, x)) == 1] if profile == "fast" else task.pulses
portraits = {
    x: find_fixed_points(network.cell.at(task.input(x)), starts, rounds=2, seed=seed)
    for x in held
    if any(x)
}
player(
    network,
    task,
    geometry.pca(visited["Vanilla", 0], components=3),
    {(0, 0, 0): found} | portraits,
    script=[(1, 1, 1), (0, 0, -1), (0, -1, 0), (-1, 0, 0), (0, 0, 1)],
    title="Three bits in a vanilla RNN",
    caption="A vanilla RNN of 64 units, without gates, on its own first three principal components.",
)

# %% [markdown]
# ## What this does not show
#
# - Three seeds of one recipe show that an architecture *can* have the cube, not how often it does. The next
#   chapter counts over ten, for the GRU.
# - All twelve were trained with noise on their states. Without it GRUs come out otherwise, as the next chapter shows.
# - A census is coarse: it says how many points there are, not which saddle joins which memories. That was looked up
#   for the vanilla RNN alone.
# - The time constants belong to these networks. Another learning rate gives others.
#
# ## Exercises
#
# 1. Draw the LSTM's portrait from $h$ alone, then from $c$ alone. Which of the two is the better cube?
#    *Hint: `pca` takes any states, but a portrait takes states and fixed points of one size. Make the pictures by
#    hand, with `pca.project`.*
# 2. Hold the input (0, 0, 1) in all four architectures. How many fixed points are left, and does each have the same
#    census? *Hint: the GRU of chapter 3 keeps two bits then. What would keep two bits look like?*
# 3. The vanilla RNN has no gate, and yet it has slow modes. Which eigenvalues does $U$ itself have, and which
#    does $DF = \operatorname{diag}(1 - h^2)\, U$ have at a memory? *Hint: units at rest near ±1 are stiff.*
#
# Twelve networks of four kinds, and one arrangement of fixed points. But we have chosen how they were trained. What
# happens when we do not choose well? The [next chapter](06_seeds.ipynb) takes many seeds, and takes away what helps.
