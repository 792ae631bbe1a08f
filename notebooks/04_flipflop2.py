# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The 2-bit flip-flop
#
# The cube of {doc}`03_flipflop3` had to be turned to be seen. With two bits we lose a
# dimension and gain the whole view: fixed points, flow and pulses in one plane. **Does the
# same mechanism appear in a network of its own, trained on its own?** And if it does, what
# do its eigenvalues say about how long the network remembers?
#
# The 2-bit task is the one on which {cite}`explaining` goes on to change the delay and the
# encoding. It pays to know its portrait well.
#
# ## What to expect
#
# For $k$ bits in memories of their own we counted $n_j = \binom{k}{j} 2^{k-j}$ points with
# $j$ {term}`unstable directions <unstable direction>` ({eq}`eq-flipflop-census`). For $k = 2$,
#
# ```{math}
# :label: eq-flipflop2-census
# (n_0, n_1, n_2) = (4, 4, 1), \qquad 4 + 4 + 1 = 9, \qquad 4 - 4 + 1 = 1 :
# ```
#
# the corners, the edge midpoints and the centre of a square. Under an input that pulses
# one bit, three points should be left; under one that pulses both, a single one.

# %% tags=["parameters", "remove-input"]
seed = 0
retrain = False  # True trains the network again, which takes about a minute
profile = "full"  # "fast" searches from 8 visited states instead of 64

# %% tags=["remove-input"]
from dataclasses import replace
from functools import partial

import torch
from IPython.display import Markdown

from rnnlab import (
    find_fixed_points,
    geometry,
    iterate,
    linearize,
    orbit,
    plots,
    unstable_manifolds,
)
from rnnlab.book import plots as book_plots
from rnnlab.book import start, tasks, zoo
from rnnlab.book.claims import at_least, at_most, claim, equals, shown
from rnnlab.book.tables import table
from rnnlab.live import player

start(seed=seed, retrain=retrain, profile=profile)

# %%
network = zoo.get("flipflop2-gru", retrain=retrain).requires_grad_(False)
task = tasks.from_configuration(network.card["task"])

# %% [markdown]
# ## The task, and the plane
#
# Task and notation are those of {doc}`03_flipflop3`, with two inputs $x_t$, two targets
# $s_t$ and two outputs $y_t$. The network has 64 units again: far more than a square needs.

# %%
batch = task.batch(1000, torch.Generator().manual_seed(20_000 + seed))
outputs, states = network(batch.inputs)
accuracy = task.accuracy(outputs, batch)
pca = geometry.pca(states, components=2)
explained = float(pca.explained_variance_ratio[:2].sum())

# %% tags=["hide-input"]
Markdown(
    f"{accuracy:.4%} of {batch.targets.numel():,} bits are right. "
    f"{explained:.1%} of the variance of the states lies in the plane of two PCs."
)

# %% tags=["hide-input"]
#| label: fig-flipflop2-task
#| fig-cap: >-
#|   The 2-bit flip-flop on a sequence that was not trained on. Black: input, with pulses of $\pm
#|   1$. Pale band: target, the sign of the last pulse. Coloured line: output of the network.
#| fig-alt: >-
#|   Two rows of lines against 100 time steps. Short black pulses up or down switch a coloured
#|   output line between plus one and minus one.
typical = int(batch.inputs.abs().sum((1, 2)).argsort()[500])
book_plots.trial(batch, outputs, sequence=typical)

# %% [markdown]
# ## Nine fixed points
#
# Without input the network is the map $F_0(h) = F(h, 0)$. We find all $h = F_0(h)$, in 64
# dimensions, and project them on the plane only to draw them.

# %%
visited = states[: 64 if profile == "full" else 8, -1]
F0 = network.cell.at(task.input((0, 0)))
autonomous = find_fixed_points(F0, visited, seed=seed)
modes = linearize(F0, autonomous.states)
outputs_there = network.outputs(autonomous.states.float())

# %% tags=["hide-input"]
table(
    [
        {
            "unstable": int(unstable),
            "q": float(q),
            "max |λ|": float(λ[0].abs()),
            "y1": y1,
            "y2": y2,
        }
        for unstable, q, λ, (y1, y2) in zip(
            autonomous.n_unstable,
            autonomous.q,
            autonomous.eigenvalues,
            outputs_there.tolist(),
            strict=True,
        )
    ],
    q="{:.0e}",
    y1="{:.2f}",
    y2="{:.2f}",
    **{"max |λ|": "{:.3f}"},
)

# %% [markdown]
# The outputs in the last two columns are $\pm 1$, nearly, at the stable points. At an edge
# {term}`saddle` one of the two is undecided, far from both; at the centre both are.

# %%
memories = autonomous.stable.float()
decoded = task.decode(network.outputs(memories)).tolist()
corner = {tuple(state): h for state, h in zip(decoded, memories, strict=True)}
background = unstable_manifolds(F0, autonomous, modes)
scene = plots.Portrait(pca, autonomous, background=background)

# %% tags=["hide-input"]
#| label: fig-flipflop2-square
#| fig-cap: >-
#|   The fixed points of the 2-bit network without input, on the first two principal components. Discs
#|   are stable; signs give the state that is read out there. Rings are saddles; the larger,
#|   darker one has two unstable directions. Through each point go its two leading eigenvectors,
#|   blue and thick where unstable, red and thin where stable; of a complex pair, the real part.
#|   Those that point out of the plane are drawn short or vanish, as nearly all stable ones do.
#|   Pale lines are trajectories that start next to the saddles.
#| fig-alt: >-
#|   A square. Red discs on its four corners, blue rings in the middle of its four edges and a
#|   dark ring in its centre. Thick blue lines at the rings point along the edges, and pale
#|   trajectories run from the rings to the corners.
labels = ["".join("−+"[bit > 0] for bit in state) for state in decoded]
plots.portrait(replace(scene, modes=modes, labels=labels))

# %% [markdown]
# {numref}`fig-flipflop2-square` is the face of the cube, drawn by another network. The
# pale lines show what a saddle is for. At an edge saddle one question is left, and the
# unstable direction asks it. Once it is answered, nothing can go wrong any more: at a
# corner, all eigenvalues lie inside the unit circle, and small deviations die out.
#
# At the centre both questions are open. The four lines drawn from it follow its
# eigenvectors, and end at only two corners, opposite ones. But the state may leave the
# centre in any direction between the two. We start on a small circle around it, and count.

# %%
edges = autonomous.census.get(1, 0)
ends = [
    task.decode(network.outputs(paths[:edges, -1].float()))
    for paths in background.chunk(2)  # the same saddles, the two sides
]
joining = int(((ends[0] != ends[1]).sum(-1) == 1).sum())
share = geometry.share_in_subspace(modes.right.mT, pca.components)
unstable = modes.eigenvalues.abs() > 1

angle = torch.linspace(0, 2 * torch.pi, 73, dtype=torch.float64)[:72, None]
centre = autonomous.states[-1]
plane = torch.linalg.qr(modes.right[-1, :, :2].real).Q  # unstable at the centre
circle = centre + 0.02 * torch.cat([angle.cos(), angle.sin()], 1) @ plane.T
ends_of_circle = iterate(F0.double(), circle, 1000).float()
reached = task.decode(network.outputs(ends_of_circle)).tolist()

# %% tags=["hide-input"]
Markdown(
    f"{joining} of {edges} edge saddles join two states that differ in one bit. "
    f"{float(share[unstable].mean()):.1%} of the unstable directions lies in the "
    f"plane."
)

# %% tags=["hide-input"]
table(
    [
        {
            "corner": str(state).replace("-", "−"),
            f"reached, of {len(circle)}": reached.count(list(state)),
        }
        for state in task.states
    ]
)

# %% [markdown]
# All four corners are reached, each from about a quarter of the circle: at the centre the
# two watersheds cross nearly at right angles.
#
# ## What the eigenvalues say
#
# Near a {term}`fixed point` $h$ a small deviation $v$ along an eigenvector of $DF_0(h)$ becomes
# $\lambda v$ in one step. It shrinks, or grows, by a factor $e$ in
#
# ```{math}
# :label: eq-flipflop2-tau
# \tau = \frac{1}{\bigl|\ln |\lambda|\bigr|} \quad \text{steps.}
# ```

# %% tags=["hide-input"]
#| label: fig-flipflop2-spectrum
#| fig-cap: >-
#|   Eigenvalues of the Jacobian at the nine fixed points, 64 for each, in the complex plane with
#|   the unit circle. Discs: stable points. Rings: saddles, dark for the one with two unstable
#|   directions.
#| fig-alt: >-
#|   A complex plane with the unit circle. Most eigenvalues lie well inside, around zero and
#|   along the real axis. A single red disc is further out, near 0.9. Outside of the circle there
#|   are only six blue rings, on the real axis just above two.
plots.spectrum(autonomous)

# %%
at_corners = autonomous.n_unstable == 0
slowest = modes.time_constants[at_corners].flatten().topk(2).values.tolist()
left = float(modes.eigenvalues[at_corners].abs().max()) ** 100
leaving = modes.time_constants[unstable]
gap = float((modes.eigenvalues.abs() - 1).abs().min())

# %% tags=["hide-input"]
table(
    [
        {"measured": what, "value": value}
        for what, value in {
            "slowest return to a corner, τ": f"{slowest[0]:.1f} steps",
            "the next": f"{slowest[1]:.1f} steps",
            "left of the slowest deviation after 100 steps": f"{left:.0e}",
            "leaving a saddle, τ": (
                f"{float(leaving.min()):.1f} to {float(leaving.max()):.1f} steps"
            ),
            "least distance of |λ| from 1": f"{gap:.2f}",
        }.items()
    ]
)

# %% [markdown]
# In {numref}`fig-flipflop2-spectrum` no eigenvalue lies on the unit circle. The one that
# comes nearest belongs to a corner, and is alone: its mode takes some ten steps to fade,
# all others a few. A bit is held for a hundred steps and more, and by then next to nothing
# is left of a deviation along any mode. So the bit does *not* sit in a slow mode. The long
# memory is the attractor; the modes around it are short. This is the opposite of a line
# attractor, which stores a number in a direction that does not move at all.
#
# ## All nine inputs
#
# A held input $x$ gives another map, $F_x(h) = F(h, x)$, with its own points.

# %%
portraits = {(0, 0): autonomous}
for x in task.pulses:
    if x not in portraits:
        F = network.cell.at(task.input(x))
        portraits[x] = find_fixed_points(F, visited, seed=seed)

# %% tags=["hide-input"]
table(
    [
        {
            "input": str(x).replace("-", "−"),
            "points": len(found),
            "stable": len(found.stable),
            "index sum": found.audit.index_sum,
        }
        for x, found in portraits.items()
    ],
    **{"index sum": "{:+d}"},
)

# %% tags=["hide-input"]
#| label: fig-flipflop2-inputs
#| fig-cap: >-
#|   The fixed points under all nine inputs, each input in its colour, around those without
#|   input (large marks, in the places of the figure before). Discs are stable, rings are saddles.
#| fig-alt: >-
#|   The square of nine large marks, surrounded by small coloured ones: beyond each edge a row of
#|   three, two discs with a ring between them, and beyond each corner a single disc.
others = {
    str(x).replace("-", "−"): found for x, found in portraits.items() if any(x)
}
plots.portrait(replace(scene, groups=others))

# %% [markdown]
# A pulse on one bit takes the choice of this bit away and leaves the other's: two
# attractors with one saddle between them, beyond the edge that the pulse asks for. A pulse
# on both bits leaves one attractor beyond a corner. In {numref}`fig-flipflop2-inputs` the
# attractors lie around the square as the inputs lie around $(0, 0)$ in their own plane, up
# to a reflection: the sign of a PC is arbitrary.
# {cite}`explaining` finds that this order comes with the encoding of the pulses, and is
# lost under another.
#
# ## Four pulses
#
# From the state $(1, 1)$ the paper's four pulses ask for nothing new, for one flip, for the
# other, for both. One step of pulse, then zeros.

# %%
four = [(0, 1), (0, -1), (-1, 1), (-1, -1)]
origin = (1, 1)
trajectories = {}
for x in four:
    pulsed = network.cell(task.input(x), corner[origin])  # one step of pulse
    then = orbit(F0, pulsed[None], 11)[0]  # and zeros
    trajectories[x] = torch.cat([corner[origin][None], then])

ends = torch.stack([path[-1] for path in trajectories.values()])
settled = task.decode(network.outputs(ends)).tolist()
targets = [list(task.after(origin, x)) for x in four]
arrived = sum(s == t for s, t in zip(settled, targets, strict=True))

# %% tags=["hide-input"]
#| label: fig-flipflop2-pulses
#| fig-cap: >-
#|   One step of pulse, then zeros, from the state $(1, 1)$, the square, for four pulses. The
#|   green line has a dot for each step. Dark marks are the fixed points under the pulse.
#| fig-alt: >-
#|   Four copies of the square. In the first a green trajectory leaves the corner of plus plus a
#|   little, towards a dark mark, and returns. In the others it runs past one edge saddle to a
#|   neighbouring corner, past another to the other neighbour, and past the centre to the
#|   opposite corner.
panels = [
    replace(
        scene,
        pulse_fixed_points=portraits[x],
        trajectories=[path],
        title=f"pulse {x}".replace("-", "−"),
    )
    for x, path in trajectories.items()
]
plots.portraits(panels)

# %% [markdown]
# The pulse throws the state, in a single large step, over the watershed; the rest of the
# way it falls ({numref}`fig-flipflop2-pulses`). To flip both bits it does not go by a
# third corner: it crosses the middle.
#
# Does this work from every state, with every input, for short pulses and for long ones?
# There are $4 \times 9 = 36$ cases. First one step of pulse and then rest; then the input
# is held until the state has settled.

# %%
cases = [(state, x) for state in task.states for x in portraits]
begin = torch.stack([corner[state] for state, _ in cases])
pulse = torch.stack([task.input(x) for _, x in cases])
asked = torch.tensor([task.after(state, x) for state, x in cases])
under_pulse = partial(network.cell, pulse)  # h → F(h, x), each case its x


def right(states):
    """How many of the cases have both bits as they are asked for."""
    return int((task.decode(network.outputs(states)) == asked).all(-1).sum())


after_one = right(iterate(F0, under_pulse(begin), 5000))
held = iterate(under_pulse, begin, 5000)
after_all = right(held)
moving = float((under_pulse(held) - held).abs().max())

# %% tags=["hide-input"]
Markdown(
    f"After one step of pulse and then zeros, {after_one} of {len(cases)} cases are "
    f"right; with the pulse held, {after_all} of {len(cases)}. In the last step no "
    f"number of a held state changes by more than {moving:.0e}."
)

# %% tags=["hide-input"]
closed = sum(found.audit.closed for found in portraits.values())
claim(
    "E.fig3",
    f"At rest the 2-bit GRU has {len(autonomous)} fixed points that form a square; the audit "
    f"closes for {closed} of 9 inputs; {arrived} of the paper's 4 pulses arrive.",
    paper="Figure 3: the square, all 9 inputs, four pulses from (1, 1)",
    unstable_directions_to_points=equals(autonomous.census, {0: 4, 1: 4, 2: 1}),
    inputs_with_a_closed_audit=equals(closed, 9),
    largest_q=at_most(max(float(f.q.max()) for f in portraits.values()), 1e-20),
    bitwise_accuracy=at_least(accuracy, 0.999),
    the_four_pulses=equals(arrived, 4),
    note=f"Held until the state rests, the inputs lead to the state that they ask for in "
    f"{after_all} of {len(cases)} cases.",
)

# %% [markdown]
# ## The network, alive
#
# The same network, in the page. Its demo gives the four pulses, each from $(1, 1)$. Hold
# $(0, -1)$, say: the square gives way to three points beyond one edge, and the state
# follows.

# %% tags=["hide-input"]
demo = [x for pulsed in four for x in (origin, pulsed)]
player(
    network,
    task,
    pca,
    portraits,
    script=demo,
    title="The 2-bit flip-flop, 64 units",
    caption="The trained network runs in the page. Demo sets the state (+, +) and gives "
    "one of four pulses, in turn. Hold shows the fixed points under an input.",
)

# %% tags=["hide-input"]
claim(
    "E.anim",
    "The 2-bit network moves under pulses in the page, with its fixed points under "
    f"{len(portraits)} inputs.",
    paper="animations that accompany the figures",
    trajectory_under_a_pulse_in_2_bits=shown("the player above, button Demo"),
)

# %% [markdown]
# ## What we saw
#
# - A network of its own, trained on its own, has the same arrangement in one dimension less:
#   memories at the corners of a square, a watershed on each edge, and a centre where both bits
#   are undecided.
# - The bits do not sit in slow modes. Deviations from a memory fade long before the bit is needed
#   no more, and the memory stays, because it is an attractor.
# - Each input has fixed points of its own, in the order in which the inputs lie. One step of
#   pulse is enough to bring the state over a watershed.
#
# ## What this does not show
#
# - A plane does not hold all of the state. Two states with the same point in
#   {numref}`fig-flipflop2-square` can have different futures; lines that cross in it do
#   not meet.
# - That the mechanism is the same with two bits and with three is shown for one network
#   each. {doc}`06_seeds` repeats the count on ten.
# - The {term}`time constants <time constant>` of {eq}`eq-flipflop2-tau` hold near the points. On its way through
#   the middle the state moves in large steps, and no linearisation describes them.
#
# ## Exercises
#
# ::::{exercise}
# :label: ex-flipflop2-1
# Write down the fixed points of a single bit, $1$ saddle between $2$ attractors, and
# form all pairs. Which unstable eigenvalues does the product predict at the centre, given
# those on the edges? Compare with `autonomous.eigenvalues[-1]`, those of the centre.
#
# :::{admonition} Hint
# :class: dropdown
# The Jacobian of two maps that do not see each other is block diagonal: its spectrum is
# the union of theirs.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-flipflop2-2
# Start on a grid in the plane, at `pca.reconstruct(grid)`, run without input, and colour
# each start by the state that it ends in. How straight are the watersheds, and where do
# they cross?
#
# :::{admonition} Hint
# :class: dropdown
# `iterate(F0.double(), starts, 1000)` steps all starts at once. The watersheds must pass
# through the edge saddles, nearly: the saddles do not lie in the plane exactly.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-flipflop2-3
# Follow the points of $F_{a x}$ for $x = (0, -1)$ as $a$ goes from 0 to 1. Nine
# become three: which pairs meet, and at which $a$?
#
# :::{admonition} Hint
# :class: dropdown
# `find_fixed_points(network.cell.at(a * task.input((0, -1))), autonomous.states)` for 20
# values of $a$. Each pair that disappears takes one stable point and one saddle, or two
# saddles whose unstable directions differ by one: the index sum stays at $+1$.
# :::
# ::::
#
# Squares and cubes, then, for a GRU. Is this the GRU's way, or the task's?
# {doc}`05_architectures` asks three other architectures.
