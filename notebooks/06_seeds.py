# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Ten seeds
#
# Twenty-seven {term}`fixed points <fixed point>` in one network could be luck. A claim about trained networks is worth as much as the number
# of networks that it was tested on. So: train ten, from ten seeds, and count.
#
# Then comes a second question. We count because it did *not* always come out. Networks that we trained with a plainer
# recipe do the task just as well, and have fewer memories than the task has states. How can a network keep eight
# states with four attractors? Where are the others?
#
# ## What to expect
#
# We expected three things: under the recipes of this book, nearly always the cube; without noise in
# training, fewer memories; and fewer still when a network is never asked to hold a state for long. Not all of it came
# true.

# %% tags=["parameters", "remove-input"]
seed = 0
retrain = False
profile = "full"

# %% tags=["remove-input"]
import copy

import torch
from IPython.display import Markdown

from rnnlab import convex_combinations, find_fixed_points, iterate
from rnnlab.book import plots as book_plots
from rnnlab.book import start, zoo
from rnnlab.book.claims import at_least, claim
from rnnlab.book.tables import table
from rnnlab.plots import style
from rnnlab.tasks import FlipFlop

start(seed=seed, retrain=retrain, profile=profile)

# %% [markdown]
# ## Ten networks of each size
#
# Each network is a GRU with 64 units, trained on fresh sequences of 100 time steps, each with its own rate of pulses,
# from 0.005 to 0.2 for each bit and step. In training only, there is noise on every unit at every step. The rest of
# the recipe depends on the number of bits:
#
# | bits | noise | steps | learning rate |
# |--:|--:|--:|--:|
# | 3 | 0.1 | 1,500 | 0.005 |
# | 2 | 0.2 | 1,000 | 0.01 |
#
# From one network to the next of its size only the seed differs: it draws the initial weights, the sequences and the
# noise.
#
# **The recipe for two bits was changed after a first count.** With the recipe for three bits, 8 of 10 two-bit
# networks had exactly nine points. Seed 2 had 13 and seed 6 had 11: nine as they should be, and extra pairs around
# the middle of the square. They did the task as well as the others. But we had asked for nine networks of ten. So we
# tried other recipes, first on the seeds that had failed, until one gave the square to all ten. A count on the seeds
# that chose the recipe would prove little. The ten networks below are others: seeds 10 to 19, trained once, after the
# choice. The recipe for three bits was found by trial too, on a handful of networks, before these ten were trained
# and counted; some of their seeds were among the trials.
#
# For each network we search for the fixed points under the input without pulses, as in chapter 2. But one search is not
# enough here. Points that come in pairs, one of index +1 and one of −1, can be missed *together*, and the audit closes
# without them. The extra pairs of the first count were such: a search from random {term}`convex combinations <convex combination>` of visited states missed
# them, counted nine in both networks and closed its audit; a search from the visited states themselves found them. So
# we search twice, from visited states and from convex combinations of them, and count what either has found: a third
# search starts at all these points.

# %%
names = {
    3: zoo.seeds("flipflop3-gru"),
    2: zoo.seeds("flipflop2-gru")[1:],  # seeds 10 to 19
    "noiseless": zoo.seeds("flipflop3-gru-noiseless"),
    "shortholds": zoo.seeds("flipflop3-gru-shortholds"),
}
networks = {
    name: zoo.get(name, retrain=retrain).requires_grad_(False)
    for group in names.values()
    for name in group
}

# %%
rounds = 6 if profile == "full" else 4
searches, points = {}, {}
for name, network in networks.items():
    bits = network.cell.input_size
    generator = torch.Generator().manual_seed(seed)
    batch = FlipFlop(bits).batch(64, generator)
    visited = network(batch.inputs)[1].flatten(0, 1)
    generator = torch.Generator().manual_seed(seed)
    some = torch.randperm(len(visited), generator=generator)[:512]
    combined = convex_combinations(visited, 1024, seed=seed)
    F = network.cell.at(torch.zeros(bits))
    searches[name] = [
        find_fixed_points(F, starts, rounds=rounds, seed=seed)
        for starts in (visited[some], combined)
    ]
    either = torch.cat([found.states for found in searches[name]])
    points[name] = find_fixed_points(F, either, rounds=rounds, seed=seed)

# %% tags=["hide-input"]
#| label: fig-seeds-3
#| fig-cap: >-
#|   Fixed points without input of ten GRUs that keep three bits, by their number of unstable
#|   directions. A red frame marks a number that differs from the cube's, 8, 12, 6, 1.
#| fig-alt: >-
#|   A table of numbers in shades of blue: one row for each of ten seeds, one column for each
#|   number of unstable directions.
CUBE, SQUARE = {0: 8, 1: 12, 2: 6, 3: 1}, {0: 4, 1: 4, 2: 1}
book_plots.census(
    {f"seed {k}": points[name].census for k, name in enumerate(names[3])},
    expected=CUBE,
)

# %% tags=["hide-input"]
#| label: fig-seeds-2
#| fig-cap: >-
#|   The same for ten GRUs that keep two bits. A red frame marks a number that differs from the
#|   square's, 4, 4, 1.
#| fig-alt: >-
#|   A table of numbers in shades of blue: one row for each of ten seeds, one column for each
#|   number of unstable directions.
book_plots.census(
    {f"seed {k}": points[name].census for k, name in enumerate(names[2], 10)},
    expected=SQUARE,
)

# %% [markdown]
# {numref}`fig-seeds-3` and {numref}`fig-seeds-2` show the numbers. A network counts as reproduced when all of the
# following holds, which is what chapters 3 and 4 ask of one network: the {term}`census` is that of the cube (the square), its
# stable points are read out as eight (four) different states, and the audit closes.

# %%
reproduced = {}
for bits, census in ((3, CUBE), (2, SQUARE)):
    for name in names[bits]:
        found = points[name]
        outputs = networks[name].outputs(found.stable.float())
        answers = FlipFlop(bits).decode(outputs)
        complete = len(answers.unique(dim=0)) == 2**bits
        reproduced[name] = (
            found.census == census and complete and found.audit.closed
        )

# %% tags=["hide-input"]
cubes, squares = (
    sum(reproduced[name] for name in names[bits]) for bits in (3, 2)
)
claim(
    "X.seeds",
    f"{cubes} of 10 seeds of the 3-bit GRU have exactly 27 fixed points, 8 / 12 / 6 / 1, and {squares} of 10 seeds of "
    "the 2-bit GRU exactly 9, 4 / 4 / 1; each stable point is read out as a state of its own, and the audit closes.",
    paper="one network each",
    note="2 bits: seeds 10 to 19, trained after the recipe was chosen; with the 3-bit recipe, 8 of seeds 0 to 9.",
    seeds_with_the_cube=at_least(cubes, 9),
    seeds_with_the_square=at_least(squares, 9),
)

# %% [markdown]
# And those that differ, with what each of the two searches found:

# %% tags=["hide-input"]
exceptions = [
    f"- `{name}`: {points[name].census}, {points[name].audit}; from visited states {len(searches[name][0])}, "
    f"from convex combinations {len(searches[name][1])}."
    for name in reproduced
    if not reproduced[name]
]
Markdown(
    "\n".join(exceptions)
    or "There are none: each has the points that the task asks for, and no others."
)

# %% [markdown]
# Were both searches needed this time? We count the networks, with those of the next section, in which one search
# alone found fewer points than both together:

# %% tags=["hide-input"]
short = [
    sum(len(searches[name][k]) < len(points[name]) for name in points)
    for k in (0, 1)
]
Markdown(
    f"From visited states: {short[0]} of {len(points)}. From convex combinations: {short[1]} of {len(points)}."
)

# %% [markdown]
# Visited states are the better place to begin: the search adds convex combinations of them by itself, and missed nothing that the
# other found. We keep the other as a check.
#
# ## Two plainer recipes
#
# Now take away what helps. Both variants below are trained like the others, but
#
# - **without noise** on the states, and
# - **with short holds**: without noise, and with pulses so dense (rates from 0.2 to 0.5) that a bit is
#   seldom held for more than a few steps.
#
# Five seeds each, beside the first five from above. All of them learn the task they were given:

# %%
kinds = {
    "with noise": names[3][:5],
    "without noise": names["noiseless"],
    "short holds": names["shortholds"],
}
members = [name for group in kinds.values() for name in group]

# %% tags=["hide-input"]
rows = []
for kind, group in kinds.items():
    accuracy = [networks[name].card["accuracy"] for name in group]
    stable = [len(points[name].stable) for name in group]
    slow = sum(len(points[name].slow) for name in group)
    row = {
        "trained": kind,
        "least accuracy": min(accuracy),
        "memories": f"{min(stable)} to {max(stable)}",
    }
    rows.append(row | {"slow points": slow})
table(rows, **{"least accuracy": "{:.2%}"})

# %% tags=["hide-input"]
#| label: fig-seeds-plainer
#| fig-cap: >-
#|   Fixed points without input of ten GRUs that keep three bits and were trained without noise
#|   on their states; the lower five on dense pulses only, with short holds. A red frame marks a
#|   number that differs from the cube's.
#| fig-alt: >-
#|   A table of numbers in shades of blue: one row for each of ten networks, one column for each
#|   number of unstable directions; many numbers are framed.
book_plots.census(
    {
        f"{kind}, seed {k}": points[name].census
        for kind in ("without noise", "short holds")
        for k, name in enumerate(kinds[kind])
    },
    expected=CUBE,
)

# %% [markdown]
# {numref}`fig-seeds-plainer` falls in two halves. The networks without noise lack memories, which we expected. Those
# with short holds do *not*, which we did not expect: most have the cube, with no noise at all, and where the count
# differs it is by a pair too many. Is the search to blame for what is missing? That is what the audit is for:

# %% tags=["hide-input"]
closed = {
    kind: [points[name].audit.closed for name in group]
    for kind, group in kinds.items()
}
table(
    {"trained": kind, "audits that close": f"{sum(each)} of {len(each)}"}
    for kind, each in closed.items()
)

# %% [markdown]
# Where the audit closes, the missing memories are most likely not overlooked: they do not exist. (Most likely: an audit
# refutes, it does not prove. This is why we searched twice.)
#
# ## How long does it hold?
#
# A network without an attractor for a state can still keep it for a while. So we wait. We lead each network through
# 256 sequences of the task and then leave it alone, without any input, for thousands of steps. Now and then we read out
# the state, and count how many of the 256 are still what they were. Once as it is; and once with noise $\xi$ on
# the state at every step,
#
# ```{math}
# :label: eq-seeds-noise
# h_{t+1} = F(h_t) + \sigma \, \xi_t , \qquad \xi_t \sim \mathcal N(0, I) ,
# ```
#
# with $\sigma = 0.1$, as some of them met in training.

# %%
task = FlipFlop(3)
batch = task.batch(256, torch.Generator().manual_seed(seed + 1))
wanted = task.decode(batch.targets[:, -1])
ends = {name: networks[name](batch.inputs)[1][:, -1] for name in members}


def share_kept(name, h):
    """The share of states that are read out as they should be."""
    answers = task.decode(networks[name].outputs(h))
    return (answers == wanted).all(-1).double().mean().item()


# %%
longest = 5000 if profile == "full" else 1000
times = [0, 1, 3, 10, 30, 100, 200, 300, 500, 1000, 2000, 3000, 5000]
times = [t for t in times if t <= longest]
kept = {}
for name in members:
    F = networks[name].cell.at(torch.zeros(3))
    for noise in (0.0, 0.1):
        generator = torch.Generator().manual_seed(seed + 2)
        h = ends[name]
        kept[name, noise] = []
        for t in range(longest + 1):
            if t in times:
                kept[name, noise].append(share_kept(name, h))
            h = F(h)
            if noise:
                h = h + noise * torch.randn(h.shape, generator=generator)

# %% tags=["hide-input"]
#| label: fig-seeds-hold
#| fig-cap: >-
#|   How long fifteen networks keep three bits when they are left alone: the share of 256
#|   sequences after which the state is still read out right, against the steps without input.
#|   Each line is one network. Above as it is, below with noise on the state. The dashed line
#|   marks 100 steps, the length of all training sequences.
#| fig-alt: >-
#|   Two plots of the share of states kept against time on a logarithmic axis, with one line for
#|   each of fifteen networks in three colours.
colours = dict(zip(kinds, (style.STABLE, style.SADDLES[1], style.SLOW)))
marks = dict(zip(kinds, ("o", "s", "D")))
with style.context():
    figure = style.picture(5, 5.6)
    axes = figure.subplots(2, 1, sharex=True, sharey=True)
    for ax, noise in zip(axes, (0.0, 0.1)):
        for kind, group in kinds.items():
            for k, name in enumerate(group):
                look = dict(
                    color=colours[kind], marker=marks[kind], ms=4, lw=1.3
                )
                ax.plot(
                    times, kept[name, noise], label=None if k else kind, **look
                )
        ax.axvline(task.length, color=style.INK, lw=1, ls=(0, (4, 3)))
        ax.set_xscale("symlog", linthresh=1)
        ax.set(title=f"noise {noise:g}", ylabel="states kept", ylim=(0, 1.05))
    axes[1].set_xlabel("steps without input")
    figure.legend(
        *axes[0].get_legend_handles_labels(),
        loc="outside upper center",
        ncols=3,
    )
figure


# %% tags=["hide-input"]
def span(values):
    return f"{min(values):.0%} to {max(values):.0%}"


rows = []
for kind, group in kinds.items():
    in_peace = [kept[name, 0.0][-1] for name in group]
    under_noise = [kept[name, 0.1][times.index(100)] for name in group]
    row = {"trained": kind, f"kept {longest:,} steps": span(in_peace)}
    rows.append(row | {"kept 100 steps, noise 0.1": span(under_noise)})
table(rows)

# %% [markdown]
# Left in peace, the networks without noise keep every state for 100 steps and more: for as long as any sequence in
# training. Then they begin to lose some. Those with short holds lose none in peace, but under noise their states
# leak, in most of the networks within 100 steps. Those trained with noise do not mind it.
#
# ## Closed gates
#
# What keeps a state that no attractor keeps? Look at one unit of a GRU at rest. Definition 1 says
#
# ```{math}
# :label: eq-seeds-gate
# h'_k - h_k = z_k \, (\hat h_k - h_k) , \qquad 0 < z_k < 1 .
# ```
#
# If its update gate $z_k$ is nearly closed, the unit stays where it is *whatever its candidate $\hat h_k$ wants*. It
# takes about $1/z_k$ steps to forget, and more if its candidate lags behind it. This is memory without an attractor:
# not a valley, but a floor so rough that nothing rolls.
#
# Do the networks use it? At the states at which the 256 sequences end, we count the units whose gate alone would keep
# them for longer than $\tau$ steps:
#
# ```{math}
# :label: eq-seeds-count
# n(\tau) = \left\langle \, \#\{ k : 1/z_k > \tau \} \, \right\rangle .
# ```

# %%
τ = torch.logspace(0.5, 4, 60)
lasting = {}
for name in members:
    cell = networks[name].cell
    W_x, U_z = cell.project(torch.zeros(3)), cell.U[: cell.units]
    z = torch.sigmoid(W_x[: cell.units] + ends[name] @ U_z.T)
    lasting[name] = (1 / z[..., None] > τ).double().sum(1).mean(0)

# %% tags=["hide-input"]
#| label: fig-seeds-gates
#| fig-cap: >-
#|   Closed gates at rest: how many of the 64 units have an update gate that would keep them for
#|   longer than 1/z steps, as a mean over 256 states. Each line is one network. Networks trained
#|   with noise have next to none.
#| fig-alt: >-
#|   Number of units against the time for which a closed gate keeps a unit, on a logarithmic
#|   axis, one line for each of fifteen networks in three colours; those trained without noise
#|   lie highest.
with style.context():
    figure = style.picture(5, 3.6)
    ax = figure.subplots()
    for kind, group in kinds.items():
        for k, name in enumerate(group):
            ax.plot(
                τ,
                lasting[name],
                color=colours[kind],
                lw=1.3,
                label=None if k else kind,
            )
    ax.set(xscale="log", xlabel="τ (steps)", ylabel="units with 1/z > τ")
    ax.set_ylim(bottom=0)
    ax.legend()
figure

# %% [markdown]
# The gates differ. That they *matter* is another statement, and can be tested. Add a number $\beta > 0$ to the biases
# of the update gates: every gate opens. The fixed points stay exactly where they are, because $z > 0$ drops out of
# $h = F(h)$. A network that keeps its states by attractors should not mind. One that keeps them behind closed gates
# should lose them. We open the gates at the end of the sequences, with $\beta = 5$, and read out after 100 steps.

# %%
opened = {}
for name in members:
    cell = copy.deepcopy(networks[name].cell)
    cell.b[: cell.units] += 5
    h = iterate(cell.at(torch.zeros(3)), ends[name], 100)
    opened[name] = share_kept(name, h)

# %% tags=["hide-input"]
rows = []
for kind, group in kinds.items():
    closed_gates = [lasting[name][(τ < 10).sum()].item() for name in group]
    row = {
        "trained": kind,
        "units, 1/z > 10": f"{min(closed_gates):.1f} to {max(closed_gates):.1f}",
    }
    row["kept, 100 steps"] = span(
        [kept[name, 0.0][times.index(100)] for name in group]
    )
    rows.append(row | {"gates opened": span([opened[name] for name in group])})
table(rows)

# %% [markdown]
# ## Why
#
# What is measured: without noise, and with long holds, the networks keep some of their states behind closed gates.
# They keep them for as long as training asked, without an attractor; and they lose them when the gates are opened.
# What follows is our reading.
#
# Training rewards only what it sees. A sequence of 100 steps asks for holds of at most 100 steps. A gate that is nearly
# closed delivers that, with no attractor: one weight that makes $z$ small is enough, where an
# attractor needs units that agree to hold each other up. Once the longest hold is good enough, nothing pulls any
# further. Which of the eight states get an attractor is then left to chance, and differs from seed to seed.
#
# Noise on the state changes the account. A unit behind a closed gate does not forget, *not even the noise*: it adds up,
# as a random walk, $\sigma \sqrt{t}$ after $t$ steps. An attractor forgets the noise and keeps the state. So noise
# makes the closed gate costly, within the sequences that training sees, and the remedy is an attractor for each
# state.
#
# Short holds turned out to be the wrong suspect. We had thought that a network that never holds for long needs no
# attractors. It has them all the same. A likely reason: with dense pulses, a bit that rests is never left in peace.
# Pulses to the other two bits push the state about, which is a noise of its own kind; and a unit that must be rewritten
# every few steps gains little from a closed gate. Such attractors are shallow, though: real noise throws the state out
# of them, since no one asked for more. What these data show is that *long, quiet* holds without noise are the
# conditions under which attractors go missing.
#
# ## What we saw
#
# With noise in training, networks of both sizes have the points that their task asks for, nearly all of them one for
# one. Without it they do the task as well and lack memories: they keep some states behind closed gates, for about as
# long as any sequence in training lasts. Short holds alone took no memory away.
#
# So a census is a fact about *a network*, with its training, and not about the task. When a published network
# has fewer fixed points than its task has states, there are three possibilities: the search missed some, the network
# leaks, or the task can be done with fewer. The audit and a long simulation tell them apart.
#
# ## What this does not show
#
# - Only two statistics of the task and one level of noise were tried. Where between them the missing memories appear,
#   we did not measure.
# - The recipe with short holds differs from the noiseless one in the density of its pulses, which changes two things
#   at once: how long a state is held and how often it is disturbed. To part them one would need long holds among
#   dense pulses.
# - Opening all gates changes more than the slow units: it also speeds up the others. What it leaves in place is
#   exactly the fixed points, and it may change which of them are stable.
# - Ten seeds bound a rate only roughly. After 10 successes of 10, a rate of failure of 25 %
#   would still go unnoticed in 1 of 18 such counts.
#
# ## Exercises
#
# ::::{exercise}
# :label: ex-seeds-1
# Continue one of the noiseless networks for 500 steps of training, with noise. Which memories appear first?
#
# :::{admonition} Hint
# :class: dropdown
# `rnnlab.train(network, task, steps=500, state_noise=0.1)` on a network with `requires_grad_(True)`, and a census every
# 100 steps, from the function that `train` takes as `watch`.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-seeds-2
# Opening the gates leaves all fixed points in place. Does it leave the *census* in place?
#
# :::{admonition} Hint
# :class: dropdown
# Add 5 to the first 64 entries of `cell.b` and search again. Which entries of $DF$ have a factor $z$?
# :::
# ::::
#
# ::::{exercise}
# :label: ex-seeds-3
# Find the extra pairs of the first count: train two bits with the recipe for three, from seed 2, and search from
# visited states, then from convex combinations of them.
#
# :::{admonition} Hint
# :class: dropdown
# `rnnlab.book.recipes.Recipe(FlipFlop(2), seed=2).train()`: what a recipe is not told is as for three bits.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-seeds-4
# Train with dense pulses to two bits and rare ones to the third, without noise. Which of the two suspects of this
# chapter is it: the short holds or the disturbance?
#
# :::{admonition} Hint
# :class: dropdown
# `FlipFlop` has one rate for all bits; write the pulses yourself and pass them to `FlipFlop.run`.
# :::
# ::::
#
# {term}`Flip-flops <flip-flop>` are machines of 4 and 8 states, and their networks build one attractor for each, if training makes it worth
# their while. The claims stand, each with its criterion, in the [scorecard](../book/scorecard.md). All answers so far
# were due at once. {doc}`07_waiting` asks for them later.
