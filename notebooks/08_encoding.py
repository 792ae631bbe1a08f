# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Encoding
#
# In {doc}`04_flipflop2` the nine inputs had their attractors laid out around the square,
# just as the inputs lie around $(0, 0)$ in their own plane. That is neat, and a little
# suspicious. Pulses written as $\pm 1$ lie on a grid. **Is the order in the network the
# order of the task, or that of the notation?** So we write the same task in two other
# ways, as {cite}`explaining` does, and look again.
#
# ## Three ways to write a pulse
#
# A step of the 2-bit task gives each bit one of three symbols: $-$, nothing, $+$. There
# are nine such inputs, and four states.
#
# | encoding | $-$, nothing, $+$ | inputs | outputs |
# |---|---|--:|--:|
# | ±1 | $-1$, $0$, $1$ | 2 | 2 |
# | 1–2 | $1$, $0$, $2$ | 2 | 2 |
# | one-hot | a unit for each of the nine | 9 | 4 |
#
# In the 1–2 encoding nothing, $-$ and $+$ stand on a line in *this* order: no pulse is at
# its end and not in its middle. In the one-hot encoding any two inputs have the same
# distance. There even *no pulse* is an input of its own: its unit is on.
#
# ## What to expect
#
# Write $F_x(h) = F(h, x)$ for the network under a held input $x$, and $c_x$ for the
# centroid of the fixed points of $F_x$, the *group* of $x$. {cite}`explaining` reports
# three things.
#
# - The four memories and what lies between them stay, in all encodings.
# - The groups follow the notation: in 1–2, those of $(0, 0)$, $(1, 0)$, $(2, 0)$ stand on
#   one line in this order. In one-hot nothing asks for an order, and they are disordered.
# - In 1–2, what lies between the memories has *no* unstable direction, and the authors
#   leave open what this means.
#
# For the second we need numbers. The plainest is the angle at the middle one of three
# groups,
#
# ```{math}
# :label: eq-encoding-angle
# \alpha = \max_{\text{corners}} \angle(c_{-}, c_{0}, c_{+}) ,
# \quad 60^\circ \le \alpha \le 180^\circ ,
# ```
#
# where $c_-, c_0, c_+$ are the centroids for the three symbols of one bit, and nothing on
# the other. It is $180^\circ$ on a line; three groups that have nothing to do with each
# other make, in many dimensions, angles near $60^\circ$. For all nine groups together we
# ask how well an affine map of the two numbers $n_x$ predicts them,
#
# ```{math}
# :label: eq-encoding-affine
# \begin{gathered}
# c_x \approx A\, n_x + b , \\
# R^2 = 1 - \frac{\sum_x \| c_x - A n_x - b \|^2}{\sum_x \| c_x - \bar c \|^2} .
# \end{gathered}
# ```
#
# Nine places drawn at random in many dimensions would give $R^2 \approx 2/8$, from the
# two columns of $A$.

# %% tags=["parameters"]
seed = 0
retrain = False  # True trains all 21 networks again, which takes ten minutes
profile = "full"  # "fast" searches further seeds under pulses from 4 states instead of 16

# %%
from functools import partial

import networkx as nx
import torch
from IPython.display import Markdown
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score

from rnnlab import find_fixed_points, geometry, linearize, plots, saddle_connections, squared_speed, unstable_manifolds
from rnnlab.book import tasks, zoo
from rnnlab.book.claims import at_most, claim, equals, shown
from rnnlab.live import chooser, player
from rnnlab.plots import style

if profile not in ("full", "fast"):
    raise ValueError(f"profile must be 'full' or 'fast', got {profile!r}")
torch.set_num_threads(1)
make = partial(zoo.get, retrain=retrain)
few = 16 if profile == "full" else 4

# %% [markdown]
# ## Fifteen networks under nine inputs
#
# Five GRUs with 64 units for each encoding. We search thoroughly, as before, at rest and for
# the first network of each encoding; for the others under pulses, from fewer starts.

# %%
nothing = (0, 0)
names = {
    "±1": ["flipflop2-gru"] + [f"flipflop2-gru-seed{k}" for k in range(10, 14)],
    "1–2": ["one-two-gru"] + [f"one-two-gru-seed{k}" for k in range(1, 5)],
    "one-hot": ["one-hot-gru"] + [f"one-hot-gru-seed{k}" for k in range(1, 5)],
}
networks, task, runs, planes, portraits, accuracy = {}, {}, {}, {}, {}, {}
for encoding, members in names.items():
    for k, name in enumerate(members):
        network = networks[encoding, k] = make(name).requires_grad_(False)
        task[encoding] = tasks.from_configuration(network.card["task"])
        batch = task[encoding].batch(200, torch.Generator().manual_seed(20_000 + seed))
        outputs, states = network(batch.inputs)
        accuracy[encoding, k] = task[encoding].accuracy(outputs, batch)
        runs[encoding, k] = states
        planes[encoding, k] = geometry.pca(states, components=2)
        portraits[encoding, k] = {}
        for x in task[encoding].pulses:
            thorough = k == 0 or x == nothing
            count, rounds = (64, 6) if thorough else (few, 1)
            F = network.cell.at(task[encoding].input(x))
            found = find_fixed_points(F, states[:count, -1], rounds=rounds, seed=seed)
            portraits[encoding, k][x] = found
print(f"accuracy: at least {min(accuracy.values()):.2%}")

# %% [markdown]
# ## At rest: nothing changes
#
# First the input without a pulse. We count memories, saddles and closed audits, in the
# five networks of each encoding, and whether the memories are read out as four different
# states.

# %%
#| markdown: myst
corners, rows = {}, []
for key, network in networks.items():
    stable = portraits[key][nothing].stable.float()
    said = task[key[0]].decode(network.outputs(stable)).tolist()
    corners[key] = {tuple(state): h for state, h in zip(said, stable)}
for encoding, members in names.items():
    rest = [portraits[encoding, k][nothing] for k in range(len(members))]
    square = sum(found.census == {0: 4, 1: 4, 2: 1} for found in rest)
    four = sum(len(corners[encoding, k]) == 4 for k in range(len(members)))
    closed = sum(found.audit.closed for found in rest)
    rows.append(f"| {encoding} | {square} of {len(rest)} | {four} | {closed} |")
head = ["| encoding | 4 / 4 / 1 | four states | audit closes |", "|---|--:|--:|--:|"]
Markdown("\n".join(head + rows))

# %% [markdown]
# The square is there, whatever the notation. This was the first of the three reports, and
# it holds in every network.
#
# ## One-hot: the groups
#
# Now all nine inputs, for the one-hot network.

# %%
#| label: fig-encoding-onehot
#| fig-cap: >-
#|   Fixed points of the one-hot network under all nine inputs: on two principal components (top)
#|   and on three (bottom). Large marks: the input *no pulse*. Small marks in colours: the eight
#|   pulses. Discs are stable, rings are saddles. Pale lines are trajectories that start next to
#|   the saddles at rest.
#| fig-alt: >-
#|   Two phase portraits. In each, a square of four red discs, four rings and a dark ring in the
#|   middle is surrounded by small coloured marks: groups of three beyond the edges, single discs
#|   beyond the corners. On three components the coloured groups stand off the plane of the
#|   square.
still, modes = {}, {}
for key, network in networks.items():
    still[key] = network.cell.at(task[key[0]].input(nothing))
    modes[key] = linearize(still[key], portraits[key][nothing].states)
written = {
    "one-hot": {x: str(x).replace("-", "−") for x in task["one-hot"].pulses},
    "1–2": {x: str(tuple(map(int, task["1–2"].input(x)))) for x in task["1–2"].pulses},
}
scenes, around = {}, {}
for encoding in written:
    rest = portraits[encoding, 0][nothing]
    gray = unstable_manifolds(still[encoding, 0], rest, modes[encoding, 0], steps=100)
    scenes[encoding] = dict(fixed_points=rest, background=gray)
    around[encoding] = {
        written[encoding][x]: found
        for x, found in portraits[encoding, 0].items()
        if x != nothing
    }
plane, space = planes["one-hot", 0], geometry.pca(runs["one-hot", 0], components=3)
scene = scenes["one-hot"] | dict(groups=around["one-hot"])
view = (45.0, 35.0)
flat, tilted = dict(pca=plane, title="2 PCs"), dict(pca=space, title="3 PCs", view=view)
plots.portraits([scene | flat, scene | tilted], columns=1)

# %% [markdown]
# We expected disorder. In {numref}`fig-encoding-onehot` we see the picture of
# {doc}`04_flipflop2`: beyond each edge the pulse that asks for it, beyond each corner the
# pulse on both bits. On the third component the groups leave the plane of the square.
# Before we measure, let us see that the pulses do their work.

# %%
#| label: fig-encoding-onehot-pulses
#| fig-cap: >-
#|   The one-hot network on three principal components: one step of pulse, then none, from the
#|   state $(1, 1)$, the square. The green line has a dot for each step. Dark marks are the fixed
#|   points under the pulse.
#| fig-alt: >-
#|   Four copies of a tilted square of fixed points. Green trajectories lead from one corner to a
#|   neighbouring corner, back to itself, to the opposite corner, and to the other neighbour.
given = {
    "one-hot": [(0, -1), (0, 1), (-1, -1), (-1, 1)],
    "1–2": [(0, 1), (0, -1), (1, -1), (-1, -1)],  # written (0, 2), (0, 1), (2, 1), (1, 1)
}
begin, panels, arrived = (1, 1), {}, {}
for encoding, pulses in given.items():
    network, asked = networks[encoding, 0], task[encoding]
    panels[encoding], arrived[encoding] = [], 0
    for x in pulses:
        inputs = torch.stack([asked.input(x)] + 11 * [asked.input(nothing)])[None]
        corner = corners[encoding, 0][begin][None]
        path = torch.cat([corner, network(inputs, corner)[1][0]])
        settled = tuple(asked.decode(network.outputs(path[-1])).tolist())
        arrived[encoding] += settled == asked.after(begin, x)
        about = dict(title=f"pulse {written[encoding][x]}", pulse_fixed_points=portraits[encoding, 0][x])
        panels[encoding].append(scenes[encoding] | about | dict(trajectories=[path]))
plots.portraits([panel | dict(pca=space, view=view) for panel in panels["one-hot"]])

# %% [markdown]
# ## 1–2: the groups
#
# The same for the network whose pulses are written 1 and 2.

# %%
#| label: fig-encoding-onetwo
#| fig-cap: >-
#|   Fixed points of the 1-2 network under all nine inputs, on two principal components. Large
#|   marks: no pulse, $(0, 0)$. Small marks in colours: the eight pulses, as they are written.
#|   Discs are stable, rings are saddles.
#| fig-alt: >-
#|   A square of nine large marks. The small coloured groups lie over and beside it, shifted to
#|   one side, instead of around it.
plots.portrait(plots.Portrait(planes["1–2", 0], **scenes["1–2"], groups=around["1–2"]))

# %%
#| label: fig-encoding-onetwo-pulses
#| fig-cap: >-
#|   The 1-2 network: one step of pulse, then none, from the state $(1, 1)$, the square. Pulses
#|   are named as they are written: 2 asks for $+$, 1 for $-$. Dark marks are the fixed points
#|   under the pulse.
#| fig-alt: >-
#|   Four copies of the square. The green trajectory makes a loop out of the corner and back, or
#|   goes to the neighbouring corner, to the other neighbour, and to the opposite corner.
plots.portraits([panel | dict(pca=planes["1–2", 0]) for panel in panels["1–2"]])

# %% [markdown]
# Here the notation shows. All pulses push to one side as well, since all of them are
# positive, and the groups no longer surround the square. A pulse that asks for nothing
# new makes a long detour ({numref}`fig-encoding-onetwo-pulses`, the first).
#
# ## The layout, measured
#
# We put {eq}`eq-encoding-angle` and {eq}`eq-encoding-affine` to all fifteen networks,
# twice: in all 64 dimensions, and in the plane of two PCs, which is all that a figure
# shows. For $n_x$ we take the input as it is written; for one-hot, where any map is
# affine in the nine units, the pulses $-1, 0, 1$.

# %%
line = [(-1, 0), (0, 0), (1, 0)]
angle, middle, order = {}, {}, {}
for key, found in portraits.items():
    encoding = key[0]
    n = torch.tensor(task[encoding].pulses).double()
    if encoding != "one-hot":
        n = torch.stack([task[encoding].input(x) for x in task[encoding].pulses]).double()
    for view in ("64 dimensions", "2 PCs"):
        c = {x: found[x].states.mean(0) for x in task[encoding].pulses}
        if view == "2 PCs":
            c = {x: planes[key].project(centroid) for x, centroid in c.items()}
        three = torch.stack([c[x] for x in line])
        sides = three.roll(1, 0) - three, three.roll(-1, 0) - three
        at_corners = torch.nn.functional.cosine_similarity(*sides).acos().rad2deg()
        angle[key, view] = float(at_corners.max())
        middle[key, view] = line[int(at_corners.argmax())]
        centroids = torch.stack([c[x] for x in task[encoding].pulses])
        predicted = LinearRegression().fit(n, centroids).predict(n)
        order[key, view] = r2_score(centroids, predicted, multioutput="variance_weighted")

# %%
#| label: fig-encoding-layout
#| fig-cap: >-
#|   How the groups are laid out, for five networks of each encoding. Left: the angle at the
#|   middle one of the groups for $-$, nothing and $+$ on the first bit; 180 degrees is a line,
#|   60 degrees no order. Right: how well the inputs, as they are written, predict all nine
#|   groups. Discs: in all 64 dimensions. Diamonds: in the plane of two principal components.
#| fig-alt: >-
#|   Two plots with three columns each: plus-minus one, 1-2 and one-hot. In the plane, plus-minus
#|   one and one-hot are near 180 degrees and near an R squared of one; 1-2 is lower and
#|   scattered. In 64 dimensions plus-minus one is highest, one-hot next, and 1-2 lowest in the
#|   angle.
looks = {"64 dimensions": (style.SADDLES[1], "o", -0.12), "2 PCs": (style.SLOW, "D", 0.12)}
with style.context():
    figure = plots.picture(style.WIDTH, 3.4)
    panes = dict(zip(("angle at the middle (°)", "$R^2$"), figure.subplots(1, 2)))
    for (label, ax), values in zip(panes.items(), (angle, order)):
        for view, (colour, mark, aside) in looks.items():
            for place, encoding in enumerate(names):
                ys = [values[(encoding, k), view] for k in range(5)]
                xs = [place + aside] * len(ys)
                ax.scatter(xs, ys, c=colour, marker=mark, s=34, label=view)
        ax.set(xticks=range(len(names)), xticklabels=names, xlim=(-0.5, 2.5), title=label)
        ax.grid(axis="y", color=style.FAINT)
    panes["$R^2$"].set_ylim(0, 1.04)
    panes["angle at the middle (°)"].set_ylim(60, 184)
    entries = dict(zip(*reversed(ax.get_legend_handles_labels())))
    figure.legend(entries.values(), entries, loc="outside lower center", ncols=2)
figure

# %%
#| markdown: myst
span = "{:.0f}° to {:.0f}°".format
rows = []
for encoding in names:
    keys = [(encoding, k) for k in range(5)]
    cells = []
    for view in looks:
        values = [angle[key, view] for key in keys]
        right = sum(middle[key, view] == line[encoding != "1–2"] for key in keys)
        cells.append(f"{span(min(values), max(values))}; {right} of 5")
    rows.append(f"| {encoding} | {' | '.join(cells)} |")
head = ["| encoding | 64 dimensions | 2 PCs |", "|---|---|---|"]
Markdown("\n".join(head + rows))

# %% [markdown]
# The table gives the angles again, and in how many networks the group in the middle is
# the one that the notation has there: 1 for 1–2, *nothing* for ±1, and also for one-hot,
# whose notation has no middle. The $R^2$ of {numref}`fig-encoding-layout` says the same
# of all nine groups in the plane. In 64 dimensions both new encodings are below ±1.
#
# **One-hot keeps the order in the plane.** What the figure shows is as orderly as with
# ±1, though nothing in the input asks for it. What does? The task. The pulse $(0, -1)$
# must lead the states with a $-$ in the second bit to themselves and the others to them.
# Its attractors have to lie where the readout says so, next to those two memories or
# beyond. The outputs are enough to arrange the inputs. The notation can be felt in the
# other dimensions: there the angles are smaller than for ±1 in every network.
#
# **1–2 keeps the sequence and bends the line.** In 64 dimensions 1 stands between 0 and
# 2, as written. But the three groups are further from one line than those of one-hot. Two
# wishes are at odds: the notation puts *nothing* at an end, the task puts it in the
# middle. The network makes a triangle of them. In the plane of a figure, the triangle is
# seen at some angle, and may well look like a line.
#
# So neither report about the layout holds for our networks, and the conclusion drawn
# from them, that the order is an artifact of the notation, holds in part. The notation
# adds directions of its own; here the order in the plane comes from the task.

# %%
disordered = sum(order[("one-hot", k), "2 PCs"] < 0.9 for k in range(5))
most = max(angle[("one-hot", k), "64 dimensions"] for k in range(5))
straightest = min(angle[("±1", k), "64 dimensions"] for k in range(5))
first = portraits["one-hot", 0]
closed = sum(found.audit.closed for found in first.values())
claim(
    "E.fig6",
    f"The one-hot network has {len(first[nothing].stable)} memories without a pulse. In the "
    f"plane of two PCs the groups lose their layout in {disordered} of 5 networks.",
    paper="Figure 6: the square stays; the groups of fixed points are mostly disordered",
    stable_states_under_no_pulse=equals(len(first[nothing].stable), 4),
    inputs_with_a_closed_audit=equals(closed, 9),
    the_four_pulses=equals(arrived["one-hot"], 4),
    networks_with_disordered_groups_in_the_plane=equals(disordered, 5),
    note="Disordered: the pulses predict the nine groups with R² < 0.9. In 64 dimensions "
    f"the angle at the middle group is at most {most:.0f}°, against at least "
    f"{straightest:.0f}° for ±1: there the line is bent, and not lost.",
)

# %% [markdown]
# ## Saddles that do not repel?
#
# {cite}`explaining` found, in the 1–2 network, points between the memories with no
# unstable direction. Could they be fixed points? A fixed point with all $|\lambda| < 1$
# is stable. Its index is $+1$, as $\det(I - DF)$ is then positive. A set of $m$ such
# points, and no others, has the index sum $m$, and the audit closes for $m = 1$ only.
# Whoever reports several fixed points, none with an unstable direction, has missed some,
# or reports points that are not fixed.
#
# Points that are not fixed can pass for them: the *slow points*, the minima of $q(h) = \|
# F(h) - h \|^2$ that do not reach zero. At such a point, with $r = F(h) - h \ne 0$,
#
# ```{math}
# :label: eq-encoding-slow
# \nabla q = 2 \, (DF - I)^\top r = 0
# \quad \Longrightarrow \quad r^\top DF = r^\top :
# ```
#
# $DF$ has the eigenvalue $1$, exactly, with $r$ as its left eigenvector. It neither grows
# nor shrinks. **A slow point has a direction that is neither stable nor unstable, for
# reasons of calculus**, whatever the network. So which are they? First, our five networks
# at rest.

# %%
#| markdown: myst
rows, idle = [], 0
for k in range(5):
    found = portraits["1–2", k][nothing]
    leading = found.eigenvalues[:, 0].abs()
    repel, hold = leading[found.n_unstable > 0].min(), leading[found.n_unstable == 0].max()
    idle += len(found.stable) - len(corners["1–2", k])
    slow = int((found.slow.abs() <= 1).all(-1).sum())
    rows.append(f"| {k} | {repel:.2f} | {hold:.4f} | {slow} |")
head = ["| seed | saddles | memories | slow points |", "|--:|--:|--:|--:|"]
Markdown("\n".join(head + rows))

# %% [markdown]
# The table has the leading $|\lambda|$, the least of all saddles and the largest of all
# memories. What lies between the memories repels, with eigenvalues far above 1. No
# network has a fifth stable point, and none has a slow one. Under a *held* pulse there
# are some:

# %%
#| markdown: myst
rows, unit = [], []
for k in range(5):
    for x, found in portraits["1–2", k].items():
        inside = (found.slow.abs() <= 1).all(-1)  # where the states of a GRU live
        if inside.any():
            q = found.slow_q[inside]
            slowest = found.slow[inside][q.argmin()][None]
            F = networks["1–2", k].cell.at(task["1–2"].input(x))
            unit.append(float((linearize(F, slowest).eigenvalues - 1).abs().min()))
            rows.append(f"| {k} | {written['1–2'][x]} | {q.min():.0e} | {unit[-1]:.0e} |")
head = ["| seed | input | $q$ | nearest $\\lambda - 1$ |", "|--:|---|--:|--:|"]
Markdown("\n".join(head + rows))

# %% [markdown]
# These are what is left of an attractor and its saddle that have met and vanished (a
# *ghost*): under a held 2 only one attractor remains, and so the pulse, if it lasted,
# would make the network forget the other bit. The last column is the promise of
# {eq}`eq-encoding-slow`.
#
# ## What another search would have returned
#
# The usual search takes visited states with a little noise, and lets Adam lower $q$ in
# single precision until it is small. We do so for the fifteen networks at rest, and for
# the five of {doc}`06_seeds` that were trained without noise (they keep three bits, in
# ±1). We accept $q \le 10^{-4}$, a hundredth of a unit per step, and count the points
# that are *not fixed*: further than 0.1 from all fixed points that an exact search finds
# from the same places. How many of these have no unstable direction?

# %%
kinds = {encoding: [networks[encoding, k] for k in range(5)] for encoding in names}
kinds["no noise"] = [make(f"flipflop3-gru-noiseless-seed{k}") for k in range(5)]
accepted = {}
for kind, members in kinds.items():
    for k, network in enumerate(members):
        network.requires_grad_(False)
        about = tasks.from_configuration(network.card["task"])
        generator = torch.Generator().manual_seed(seed)
        states = network(about.batch(64, generator).inputs)[1]
        when = torch.randint(states.shape[1], (64,), generator=generator)
        h = states[torch.arange(64), when]
        h = (h + 0.05 * torch.randn(h.shape, generator=generator)).requires_grad_()
        F = network.cell.at(about.input((0,) * about.bits))
        optimizer = torch.optim.Adam([h], lr=0.01)
        cooling = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.995)
        for _ in range(1000):
            optimizer.zero_grad()
            squared_speed(F, h).sum().backward()
            optimizer.step()
            cooling.step()
        h = h.detach()
        kept = h[squared_speed(F, h) <= 1e-4].double()
        exact = find_fixed_points(F, h, rounds=0).states
        away = kept[torch.cdist(kept, exact).amin(1) > 0.1]
        leading = [linearize(F, point[None]).eigenvalues[0, 0].abs() for point in away]
        accepted[kind, k] = len(kept), len(away), sum(bool(λ <= 1) for λ in leading)

# %%
#| markdown: myst
rows, total, affected = [], {}, {}
for kind in kinds:
    counts = torch.tensor([accepted[kind, k] for k in range(5)])
    total[kind], affected[kind] = counts.sum(0).tolist(), int((counts[:, 2] > 0).sum())
    kept, away, calm = total[kind]
    rows.append(f"| {kind} | {kept} | {away}, in {affected[kind]} of 5 | {calm} |")
head = ["| networks | accepted | not fixed | none unstable |", "|---|--:|--:|--:|"]
Markdown("\n".join(head + rows))

# %% [markdown]
# Here they are. In some of the 1–2 networks, and in more of the one-hot ones, this search
# returns points that are not fixed and have no unstable direction. They lie on the way to
# a memory whose leading eigenvalue is close to 1, as some in the table above have: there
# the state creeps, $q$ is small for a long way, and a threshold on $q$ takes any place on
# the way for a point. Without noise in training it is worse. Nearly closed gates keep the
# state wherever it is ({doc}`06_seeds`), and hardly anything that the search accepts is
# fixed.
#
# This is our answer, with its limits. Several points without unstable directions cannot
# all be fixed with none missing: that follows from the index, for any network. In our
# networks such points were slow stretches. For those of {cite}`explaining`, which treats
# slow points like fixed ones, it is the likely reason too. To settle it one would need
# $q$ at their points.

# %%
nearer = sum(angle[("1–2", k), "64 dimensions"] > most for k in range(5))
between = sum(middle[("1–2", k), "64 dimensions"] == line[0] for k in range(5))
closed = sum(portraits["1–2", k][nothing].audit.closed for k in range(5))
claim(
    "E.fig7",
    f"With 1–2 pulses, 1 lies between 0 and 2 in {between} of 5 networks, but {nearer} of 5 "
    "have these groups nearer to a line than one-hot networks have. At rest, "
    f"{idle} fixed points between the memories lack an unstable direction.",
    paper="Figure 7: the groups for (0, 0), (1, 0), (2, 0) are on one line; the saddles "
    "have no unstable directions, for unknown reasons",
    networks_nearer_to_a_line_than_all_one_hot=equals(nearer, 5),
    networks_with_1_between_0_and_2=equals(between, 5),
    the_four_pulses=equals(arrived["1–2"], 4),
    fixed_points_without_unstable_direction_beside_the_memories=equals(idle, 0),
    closed_audits_at_rest=equals(closed, 5),
    eigenvalue_of_slow_points_away_from_1=at_most(max(unit), 1e-4),
    the_question_of_the_saddles=shown("the index argument, the slow points, two searches"),
    note=f"Adam in single precision, with q ≤ 1e-4, accepts {total['1–2'][2]} points that "
    f"are not fixed and have no unstable direction, in {affected['1–2']} of 5 networks.",
)

# %% [markdown]
# ## What survives
#
# Positions depend on the notation. What does not? From each saddle with a single unstable
# direction leads an *unstable manifold*, one half to either side. Follow both to where
# they end. That makes a graph: memories are nodes, saddles are edges. It has no
# coordinates, and so it can be compared between networks with any number of units. For
# $k$ independent bits it should be the graph of the $k$-dimensional cube,
#
# ```{math}
# :label: eq-encoding-cube
# s \sim s' \iff s \text{ and } s' \text{ differ in one bit} .
# ```
#
# That makes $k \, 2^{k-1}$ edges, 4 for a square, 12 for a cube.

# %%
cube = networks["3 bits", 0] = make("flipflop3-gru").requires_grad_(False)
task["3 bits"] = tasks.from_configuration(cube.card["task"])
batch = task["3 bits"].batch(200, torch.Generator().manual_seed(20_000 + seed))
states = cube(batch.inputs)[1]
planes["3 bits", 0] = geometry.pca(states, components=3)
F = still["3 bits", 0] = cube.cell.at(task["3 bits"].input((0, 0, 0)))
found = find_fixed_points(F, states[:64, -1], seed=seed)
portraits["3 bits", 0] = {nothing: found}
modes["3 bits", 0] = linearize(F, found.states)
said = task["3 bits"].decode(cube.outputs(found.stable.float())).tolist()
corners["3 bits", 0] = dict(zip(map(tuple, said), found.stable))

manifolds, graphs = {}, {}
for key, F in still.items():
    connected = saddle_connections(F, portraits[key][nothing], modes[key])
    manifolds[key] = connected.manifolds[:, :, :400].flatten(0, 1)
    graphs[key] = connected.graph

# %%
one_bit = {}
for key, graph in graphs.items():
    state = list(corners[key])
    flips = [sum(a != b for a, b in zip(state[i], state[j])) for i, j in graph.edges()]
    one_bit[key] = flips.count(1)
squares = [graphs[key] for key in graphs if key[0] in names]
square = nx.hypercube_graph(2)
is_square = sum(nx.is_isomorphic(nx.Graph(graph), square) for graph in squares)
is_cube = nx.is_isomorphic(nx.Graph(graphs["3 bits", 0]), nx.hypercube_graph(3))
pairs = [(i, j) for i in range(len(squares)) for j in range(i)]
alike = sum(nx.is_isomorphic(squares[i], squares[j]) for i, j in pairs)
edges = sum(graph.number_of_edges() for graph in squares)
right = sum(one_bit[key] for key in graphs if key[0] in names)
print(f"{is_square} of {len(squares)} graphs are the square, {alike} of {len(pairs)} pairs alike")
print(f"{right} of {edges} edges join states that differ in one bit")
print(f"3 bits: the cube: {is_cube}; {one_bit['3 bits', 0]} of 12 edges")

# %%
#| label: fig-encoding-manifolds
#| fig-cap: >-
#|   Unstable manifolds (pale lines) of the saddles with one unstable direction, in one network
#|   of each encoding and in one with three bits. Each runs from a saddle, a ring, to two
#|   memories, discs, which are named by the state that is read out there.
#| fig-alt: >-
#|   Four phase portraits. In three of them pale curves run along the four sides of a square; in
#|   the fourth along the twelve edges of a cube.
panels = []
for encoding in (*names, "3 bits"):
    said = corners[encoding, 0]
    signs = ["".join("+" if b > 0 else "−" for b in state) for state in said]
    about = dict(fixed_points=portraits[encoding, 0][nothing], background=manifolds[encoding, 0])
    panels.append(about | dict(pca=planes[encoding, 0], title=encoding, labels=signs))
readout = cube.readout.weight @ planes["3 bits", 0].components.T.float()
panels[-1]["view"] = plots.upright(readout)
plots.portraits(panels)

# %%
#| label: fig-encoding-square
#| fig-cap: >-
#|   The transition graph of the 2-bit network with one-hot inputs and outputs, as its saddles
#|   make it. Discs: memories. Lines: saddles that join them.
#| fig-alt: >-
#|   Four discs named by two signs each, joined by four lines to a square.
named = [dict(enumerate(panel["labels"])) for panel in panels]
plots.connection_graph(graphs["one-hot", 0], named[2])

# %%
#| label: fig-encoding-cube
#| fig-cap: >-
#|   The transition graph of the 3-bit network, as its saddles make it.
#| fig-alt: >-
#|   Eight discs named by three signs each, joined by twelve lines to a cube.
plots.connection_graph(graphs["3 bits", 0], named[3])

# %% [markdown]
# {numref}`fig-encoding-manifolds` shows curves of different shapes;
# {numref}`fig-encoding-square` and {numref}`fig-encoding-cube` what they have in common.
# This is the abstract structure that the paper saw behind all encodings. It belongs to
# the maps and not to a projection. And it says which memories are neighbours: each edge
# stands for a watershed between two of them, and to cross it changes one bit.

# %%
claim(
    "X.graph",
    f"In three encodings, {is_square} of {len(squares)} transition graphs are the square, "
    f"{alike} of {len(pairs)} pairs isomorphic; with three bits it is the cube. Each edge "
    "changes one bit.",
    paper="the structure of the state space is conserved (no number)",
    networks_with_the_square=equals(is_square, len(squares)),
    their_edges_that_change_one_bit=equals(right, 4 * len(squares)),
    edges_of_the_cube=equals(graphs["3 bits", 0].number_of_edges(), 12),
    of_them_change_one_bit=equals(one_bit["3 bits", 0], 12),
    isomorphic_to_the_cube=equals(is_cube, True),
)

# %% [markdown]
# ## The networks, alive
#
# The same buttons for three notations. Hold a pulse and compare where its points appear.

# %%
demo = [(1, 1), (0, 1), (1, 1), (0, -1), (1, 1), (-1, 1), (1, 1), (-1, -1)]
players = {
    encoding: player(
        networks[encoding, 0],
        task[encoding],
        planes[encoding, 0],
        portraits[encoding, 0],
        script=demo,
        title=f"2-bit flip-flop, {encoding}",
        caption="The buttons say −1 and +1, however the pulses are written.",
    )
    for encoding in names
}
chooser(players, name="encoding")

# %%
claim(
    "E.anim",
    "The 2-bit networks in three encodings move under pulses in the page.",
    paper="animations that accompany the figures",
    encodings=shown("the players above, a button for each encoding"),
)

# %% [markdown]
# ## What this does not show
#
# - All fifteen networks were trained with noise on their states, which rewards tidy
#   attractors. The layout may be another without (exercise 1): "in our networks" is
#   meant literally.
# - The centroid of a group hides its size. Where a held pulse has lost two of its three
#   points, the group is a single one.
# - Five networks an encoding tell the usual from the rare, no more. The recipes differ a
#   little too: ±1 has more noise than the others.
# - The search for the further seeds under pulses is short. A pair of points that cancel in
#   the index sum can escape it.
#
# ## Exercises
#
# **1.** Train one-hot and 1–2 networks without noise, and measure {eq}`eq-encoding-angle`
# and {eq}`eq-encoding-affine` again. Which of the paper's reports come back? Then look
# for saddles without unstable directions at rest.
#
# :::{admonition} Hint
# :class: dropdown
# `recipe = replace(recipes.RECIPES["one-hot-gru"], state_noise=0.0)`, put it in
# `recipes.RECIPES["mine"]`, and call `rnnlab.book.retrain.retrain("mine")`.
# :::
#
# **2.** Compute the angle for each pair of bits and each symbol on the other bit: six
# triples for each network. Is the one that we chose typical?
#
# :::{admonition} Hint
# :class: dropdown
# Only `line` changes. With a pulse on the other bit each group is a pair or a single
# point.
# :::
#
# **3.** Draw the 1–2 groups on the plane through $c_{(0,0)}$, $c_{(1,0)}$ and
# $c_{(2,0)}$. What do you see that two PCs do not show?
#
# :::{admonition} Hint
# :class: dropdown
# `geometry.pca` of the three centroids gives this plane: it keeps two components.
# :::
#
# **4.** Two graphs that are isomorphic may still name their nodes differently. Is there,
# for each pair of networks, an isomorphism that keeps what is read out? How many keep the
# square?
#
# :::{admonition} Hint
# :class: dropdown
# The square has eight symmetries. `networkx.vf2pp_all_isomorphisms` takes `node_label`.
# :::
#
# A flip-flop is a machine with four states, and the graph of its saddles shows them.
# Which other machines can a network become? {doc}`09_automata` asks for arbitrary ones.
