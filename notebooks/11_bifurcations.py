# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # How fixed points are born
#
# At rest the 2-bit network of {doc}`04_flipflop2` has nine {term}`fixed points <fixed point>`. Under a pulse on
# one bit it has three, under a pulse on both a single one. And before its training it had
# a single one, too. So points come and go, as an input is turned on and as weights change.
# **Where do they go, where do they come from, and what does the network notice of it?**
#
# That learning moves a network through bifurcations was seen early {cite}`doya`;
# {cite}`smoothness` study it in networks of today. We find each of them, and locate it to
# rounding error.
#
# ## What to expect
#
# Let $\alpha$ be a number that the map depends on: the strength of an input, or a place
# along a path of weights. The fixed points are the solutions $(h, \alpha)$ of
#
# ```{math}
# :label: eq-bifurcations-curve
# F(h, \alpha) - h = 0 .
# ```
#
# These are $N$ equations for $N + 1$ unknowns: the solutions form curves. Where no
# eigenvalue of $DF$ equals $1$, a curve runs on over $\alpha$, and its point moves but
# stays. It can turn back only where an eigenvalue passes through $1$. There, at a *fold*,
# two points meet: for $\alpha$ on one side there are both, on the other side neither.
#
# Let $v$ and $w$ be the right and left eigenvectors of this eigenvalue, $w^\top v = 1$.
# Near the {term}`fold` $(h_f, \alpha_f)$ we write $h = h_f + u v + \dots$, and to leading order a
# step changes $u$ by {cite}`strogatz`
#
# ```{math}
# :label: eq-bifurcations-normal
# u' - u = a\,(\alpha - \alpha_f) + b\,u^2, \qquad
# a = w^\top \frac{\partial F}{\partial \alpha}, \qquad
# b = \tfrac{1}{2}\, w^\top D^2 F[v, v] .
# ```
#
# Two things follow. The two points $u = \pm\sqrt{a(\alpha_f - \alpha)/b}$ have
# multipliers on either side of $1$, so their indices $\pm 1$ cancel: **the index sum knows
# nothing of a fold**, and a node can only vanish with a saddle, a saddle only with a point
# that has one {term}`unstable direction` more or less. And beyond the fold, where nothing rests
# any more, the way past the place where the points were takes long:
#
# ```{math}
# :label: eq-bifurcations-passage
# T \approx \int_{-\infty}^{\infty} \frac{du}{a(\alpha - \alpha_f) + b u^2}
#   = \frac{\pi}{\sqrt{a b\,(\alpha - \alpha_f)}} .
# ```

# %% tags=["parameters", "remove-input"]
seed = 0
retrain = False  # True trains the networks of the first half again: minutes
profile = "full"  # "fast" leaves the other seeds out

# %% tags=["remove-input"]
import copy
from functools import partial

import torch
from IPython.display import HTML, Markdown
from torch.func import functional_call, jacrev, jvp

import rnnlab
from rnnlab import geometry, plots
from rnnlab.book import plots as book_plots
from rnnlab.book import recipes, start, tasks, zoo
from rnnlab.book.chapters import ch11_bifurcations
from rnnlab.book.claims import at_most, claim, equals, shown
from rnnlab.book.tables import table
from rnnlab.plots import style

start(seed=seed, retrain=retrain, profile=profile)

# %%
load = partial(zoo.get, retrain=retrain)
name = "flipflop2-gru"
network = load(name).requires_grad_(False)
task = tasks.from_configuration(network.card["task"])


def points_without_input(network, task):
    """Fixed points without input, from 64 visited states."""
    batch = task.batch(64, torch.Generator().manual_seed(20_000 + seed))
    F = network.cell.at(task.input((0,) * task.bits))
    last_states = network(batch.inputs)[1][:, -1]
    return rnnlab.find_fixed_points(F, last_states, seed=seed)


autonomous = points_without_input(network, task)

# %% tags=["hide-input"]
census = ", ".join(
    f"{count} with {unstable}" for unstable, count in autonomous.census.items()
)
Markdown(
    f"{len(autonomous)} fixed points without input, by their number of unstable "
    f"directions: {census}; {autonomous.audit}."
)

# %% [markdown]
# ## An input is turned on
#
# We take the pulse $x = (1, 0)$ and turn it on slowly: $F(h, \alpha) = F_{\alpha x}(h)$
# with $\alpha$ from 0 to 1. `follow_branches` goes along each curve of
# {eq}`eq-bifurcations-curve` by its arc length and not by $\alpha$ {cite}`keller`. So it
# passes a fold without noticing more than that $\alpha$ now falls, and it arrives where the
# partner comes from.


# %%
def turned_on(network, task, pulse):
    """h, α ↦ F(h, α x), in float64."""
    F = network.cell.at(task.input(pulse)).double()
    return lambda h, strength: F.cell(strength * F.x, h)


x = (1, 0)
family = turned_on(network, task, x)
branches = {x: rnnlab.follow_branches(family, autonomous.states)}

# %% tags=["hide-input"]
table(
    [
        {
            "branch": number,
            "points": len(branch.states),
            "fold at α": " ".join(f"{α:.4f}" for α in branch.folds.tolist())
            or None,
            "ends at α": branch.end_parameter,
        }
        for number, branch in enumerate(branches[x], 1)
    ],
    **{"ends at α": "{:g}"},
)

# %% tags=["hide-input"]
#| label: fig-bifurcations-input
#| fig-cap: >-
#|   What becomes of the nine fixed points of the 2-bit network as the pulse $(1, 0)$ is turned
#|   on. Height: the second output, which the pulse leaves alone, and a third of the first, which
#|   tells the three points of each group apart. Red lines are stable, blue dashed ones saddles;
#|   at the dots two points meet and are gone.
#| fig-alt: >-
#|   Curves against the strength of the input, in three groups of three, around minus one, zero
#|   and plus one. In each group the lowest and the middle curve join in a dark dot between
#|   fifteen and twenty percent of the full strength, and the upper one runs on to full strength.
#|   The upper curves are red, dashed blue, and red.
double_readout = copy.deepcopy(network.readout).double()
height = lambda h: double_readout(h) @ torch.tensor([1 / 3, 1.0]).double()
book_plots.continuation(
    branches[x], height, xlabel="strength α", ylabel="y₂ + y₁/3"
)

# %% [markdown]
# {numref}`fig-bifurcations-input` is the story of a pulse. It asks for $y_1 = +1$ and leaves
# $y_2$ alone. In each group the point with $y_1 \approx -1$ meets the one with
# $y_1 \approx 0$: twice a node and a {term}`saddle`, and once, in the middle, a saddle and the
# centre, which has one unstable direction more. Three folds take six points; the three
# that agree with the pulse stay.
#
# Two curves that pass each other closely can be taken for one if the steps along them are
# too long. The index tells: along a curve it changes its sign at the folds and nowhere
# else. We count the curves on which it does otherwise.
#
# Now all inputs. The zero input changes nothing; the other eight we turn on. At the end
# we compare with what a search at $\alpha = 1$ finds, which knows nothing of the
# curves. And we cut the curves at twelve strengths and add up the indices of the points.

# %%
at_full_strength = {}
for pulse in task.pulses:
    if not any(pulse):
        continue
    if pulse not in branches:
        branches[pulse] = rnnlab.follow_branches(
            turned_on(network, task, pulse), autonomous.states, largest_step=0.3
        )
    at_full_strength[pulse] = rnnlab.find_fixed_points(
        network.cell.at(task.input(pulse)), autonomous.states, seed=seed
    )

# %% tags=["hide-input"]
cuts = torch.linspace(0.04, 0.96, 12).tolist()
rows, accounts, other_sums = [], [], 0
for pulse, points in at_full_strength.items():
    followed = branches[pulse]
    accounts.append(ch11_bifurcations.account(followed, autonomous, points))
    sums = [ch11_bifurcations.index_sum(followed, cut) for cut in cuts]
    other_sums += len(cuts) - sums.count(1)
    folds = torch.cat([branch.folds for branch in followed])
    rows.append(
        {
            "input": str(pulse),
            "points": f"{len(autonomous)} → {len(points)}",
            "folds": len(folds),
            "at α": f"{float(folds.min()):.3f}–{float(folds.max()):.3f}",
            "index": ", ".join(str(total) for total in sorted(set(sums))),
        }
    )
number = sum(row["folds"] for row in rows)
table(rows)

# %% tags=["hide-input"]
gap = max(float(g) for bs in branches.values() for b in bs for g in b.fold_gaps)
Markdown(
    f"Largest |1 − λ| at a fold: {gap:.0e}. Ends of the curves and points of the "
    f"search differ by at most {max(account.distance for account in accounts):.0e}."
)

# %% [markdown]
# Each lost point has its partner. All folds lie at less than a fifth of the strength of a
# pulse: the pulses are far stronger than they have to be. Is that this network's way? We
# turn $(1, 0)$ on in four more, which differ in the seed of their training.

# %%
siblings = zoo.seeds(name)[1:5] if profile == "full" else []
of_siblings = {}
for sibling in siblings:
    other = load(sibling).requires_grad_(False)
    before = points_without_input(other, task)
    followed = rnnlab.follow_branches(
        turned_on(other, task, x), before.states, largest_step=0.3
    )
    F = other.cell.at(task.input(x))
    after = rnnlab.find_fixed_points(F, before.states, seed=seed)
    of_siblings[sibling] = followed, before, after

# %% tags=["hide-input"]
rows = [
    {
        "seed": int(sibling.split("-seed")[-1]),
        "points": f"{len(before)} → {len(after)}",
        "folds at α": " ".join(
            f"{α:.3f}" for b in followed for α in b.folds.tolist()
        ),
    }
    for sibling, (followed, before, after) in of_siblings.items()
]
table(rows) if rows else Markdown("*The fast profile leaves this table out.*")

# %% tags=["hide-input"]
accounts_of_siblings = [
    ch11_bifurcations.account(*of_sibling)
    for of_sibling in of_siblings.values()
]
every_branch = [b for followed in branches.values() for b in followed]
every_branch += [b for followed, _, _ in of_siblings.values() for b in followed]
every_account = accounts + accounts_of_siblings
networks = sum(account.missed == 0 for account in accounts_of_siblings)
networks += all(account.missed == 0 for account in accounts)
claim(
    "X.continuation",
    f"As an input is turned on, fixed points vanish in pairs: {number} folds account for "
    f"all points that are lost under the nine inputs, and folds do so under (1, 0) in "
    f"{networks} of {1 + len(siblings)} networks.",
    paper="beyond the papers",
    vanished_points_without_a_fold=equals(
        sum(a.missed for a in every_account), 0
    ),
    eigenvalue_of_I_minus_DF_at_the_folds=at_most(
        max(float(gap) for b in every_branch for gap in b.fold_gaps), 1e-6
    ),
    distance_to_the_points_of_a_search=at_most(
        max(a.distance for a in every_account), 1e-8
    ),
    cuts_at_which_the_index_sum_is_not_1=equals(other_sums, 0),
    curves_that_were_changed_on_the_way=equals(
        sum(b.slipped for b in every_branch), 0
    ),
    networks_without_an_unexplained_point=equals(networks, 1 + len(siblings)),
    note="The eigenvalue is the one nearest to zero, at the fold where it is largest. "
    "Curves by pseudo-arclength continuation; the search at full strength does not use "
    "them.",
)

# %% [markdown]
# ## How strong must a pulse be, and how long?
#
# While an input is weaker than the fold of the state it meets, the node is still there, and
# the state can stay with it for as long as the input is held. Just beyond the fold the bit
# flips, after the time {eq}`eq-bifurcations-passage`. A pulse of $n$ steps needs
# more. For the least strength that suffices, the same formula says
#
# ```{math}
# :label: eq-bifurcations-strength
# \alpha^*(n) \approx \alpha_f + \frac{1}{a b} \left(\frac{\pi}{n}\right)^2 .
# ```
#
# Nothing in it is fitted: $\alpha_f$, $a$ and $b$ come from the fold. We compute them, and
# measure $\alpha^*$ by bisection, for the state $(-1, -1)$ under $(1, 0)$.


# %%
def normal_form(family, h, parameter):
    """a and b of the normal form at a fold."""
    U, _, V = torch.linalg.svd(
        jacrev(family)(h, parameter) - torch.eye(len(h)).to(h)
    )
    v, w = V[-1], U[:, -1] / (U[:, -1] @ V[-1])
    push = jvp(
        lambda s: family(h, s), (parameter,), (torch.ones_like(parameter),)
    )[1]
    along = lambda h: jvp(lambda h: family(h, parameter), (h,), (v,))[1]
    bend = jvp(along, (h,), (v,))[1]
    return w @ push, w @ bend / 2


readout = copy.deepcopy(network.readout).double()
outputs = task.decode(network.outputs(autonomous.stable.float()))
start_state = autonomous.stable[(outputs == -1).all(-1)]
lost = next(
    branch
    for branch in branches[x]
    if (branch.states[0] - start_state[0]).norm() < 1e-6
)
fold = lost.folds[0]
a, b = normal_form(family, lost.fold_states[0], fold)

# %%
steps = torch.tensor([1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233])
low = torch.zeros(len(steps)).double()  # strengths that do not suffice
high = torch.ones(len(steps)).double()  # and those that do
for _ in range(24):
    middle, h = (low + high) / 2, start_state.expand(len(steps), -1)
    for t in range(int(steps.max()) + 100):
        h = family(h, (middle * (t < steps))[:, None])
    flipped = readout(h)[:, 0] > 0
    low = torch.where(flipped, low, middle)
    high = torch.where(flipped, middle, high)
predicted = (torch.pi / steps) ** 2 / (a * b)

# %% tags=["hide-input"]
table(
    [
        {
            "steps": n,
            "α*": strength,
            "α* − fold": strength - float(fold),
            "formula": formula,
        }
        for n, strength, formula in zip(
            steps.tolist(), high.tolist(), predicted.tolist()
        )
    ],
    **{"α*": "{:.4f}", "α* − fold": "{:.1e}", "formula": "{:.1e}"},
)

# %% tags=["hide-input"]
#| label: fig-bifurcations-strength
#| fig-cap: >-
#|   How much stronger than the fold a pulse must be to flip the first bit of the state $(-1,
#|   -1)$, against its length. Dots: measured by bisection. Line: the formula, without a fitted
#|   number.
#| fig-alt: >-
#|   A double logarithmic plot. Dots fall from about four tenths at one step to about one
#|   ten-thousandth at more than two hundred steps. From about ten steps on they run down
#|   parallel to a straight line, and onto it.
with style.context():
    figure = style.picture(style.WIDTH, 3.6)
    ax = figure.subplots()
    ax.loglog(steps, predicted, color=style.SADDLES[1], lw=2, label="formula")
    dots = dict(ls="none", marker="o", ms=6, color=style.TRAJECTORY)
    ax.loglog(steps, high - fold, **dots, label="measured")
    ax.set(xlabel="length of the pulse, steps", ylabel="least strength − fold")
    figure.legend(loc="outside upper center", ncols=2)
figure

# %% tags=["hide-input"]
slope = float(
    (high - fold)[-4:].log().diff().mean() / steps[-4:].log().diff().mean()
)
Markdown(
    f"The fold is at α = {float(fold):.4f}, with ab = {float(a * b):.2f}. The slope over "
    f"the four longest pulses is −{-slope:.2f}; the formula has −2. One step needs "
    f"{float(high[0]):.2f}: {float(high[0] / fold):.1f} times the fold."
)

# %% [markdown]
# Neuroscience knows {numref}`fig-bifurcations-strength` as a *strength–duration curve*:
# the fold is the rheobase, the weakest stimulus that ever suffices. A single step is too
# short for the slow passage to matter; there the curve bends away from the formula, and
# the throw of {doc}`04_flipflop2` decides. Its $\alpha^*(1)$ is well above the fold, and
# well below the pulses of the task.
#
# ## A ghost
#
# In {doc}`03_flipflop3` a held input sometimes made the 3-bit network forget a bit that
# was *not* pulsed. Now we can see how. We follow the state $(1, -1, -1)$ as $(1, 0, 0)$ is
# turned on, a pulse that asks for what is already there.

# %%
three = load("flipflop3-gru").requires_grad_(False)
task3 = tasks.from_configuration(three.card["task"])
pulse, state = (1, 0, 0), torch.tensor([1, -1, -1])


def right(h):
    """Whether the bits are read rightly at each state."""
    return (task3.decode(three.outputs(h.float())) == state).all(-1)


stable = points_without_input(three, task3).stable
corner = stable[right(stable)]
family3 = turned_on(three, task3, pulse)
(branch3,) = rnnlab.follow_branches(family3, corner, largest_step=0.3)

# %%
J = jacrev(family3)(branch3.fold_states[0], branch3.folds[0])
leading = torch.linalg.eigvals(J).abs().topk(2).values.tolist()
F = three.cell.at(task3.input(pulse))
full = rnnlab.find_fixed_points(F, branch3.fold_states, rounds=0)

held_for = {}
for strength in (0.97, 0.99, 1.0, 1.1, 1.3):
    h, held_for[strength] = corner, 0
    while bool(right(h).all()) and held_for[strength] < 5000:
        h = family3(h, torch.tensor(strength).double())
        held_for[strength] += 1

# %% tags=["hide-input"]
slow = ", ".join(f"a slow point, q = {q:.0e}" for q in full.slow_q)
Markdown(
    f"The fold is at α = {float(branch3.folds[0]):.4f}, where the two largest |λ| are "
    f"{leading[0]:.4f} and {leading[1]:.4f}. At full strength a search from there finds: {slow}."
)

# %% tags=["hide-input"]
table(
    [
        {
            "held at": strength,
            "right for": f"{n:,} steps" + " and more" * (n == 5000),
        }
        for strength, n in held_for.items()
    ],
    **{"held at": "{:.2f}"},
)

# %% [markdown]
# The node lives up to 98 % of the full pulse, and then meets a saddle. At full strength it
# is gone, but only just: what is left is its *ghost*, which the search reports as a slow
# point, and which the state takes many steps to pass. For that long the network answers
# rightly, and no sequence of its training holds a pulse for as long. This is a mistake that
# a test on sequences like those of the training cannot find, and that a fold predicts.
# (The formula for $T$ does not predict the number of steps here: a second eigenvalue is
# almost 1, too, and one direction is not enough.)
#
# ## Training
#
# Weights are parameters, too. We train a 2-bit network from scratch, by the recipe of the
# pretrained one, until 99.9 % of its answers are right, and look for all fixed points every
# ten steps. This runs anew each time the chapter is built: the run itself is the subject.
# To see what is *held*, we also set each of the four states by a pulse, wait 500 steps, and
# read it out.

# %%
recipe = recipes.RECIPES[name]
given = torch.zeros(4, 501, 2)
given[:, 0] = torch.tensor(task.states)


def watched(seed, every, until):
    """A training run; at each look the cell, its points, and the bits held."""
    network = recipe.untrained(torch.Generator().manual_seed(seed))
    cells, found, held = {}, {}, {}

    def look(step):
        cells[step] = copy.deepcopy(network.cell).double().requires_grad_(False)
        with torch.no_grad():
            found[step] = points_without_input(network, task)
            bits = task.decode(network(given)[0][:, -1])
        held[step] = float((bits == task.decode(given[:, 0])).double().mean())

    history = rnnlab.train(
        network,
        task,
        steps=recipe.steps,
        learning_rate=recipe.learning_rate,
        state_noise=recipe.state_noise,
        seed=seed,
        progress=False,
        evaluate_every=every,
        target_accuracy=until,
        watch=look,
    )
    return network, history, cells, found, held


def changes(found):
    """The looks at which the census is not that of the look before."""
    pairs = zip(found, list(found)[1:])
    return [
        later
        for now, later in pairs
        if found[now].census != found[later].census
    ]


learner, history, cells, found, held = watched(seed, every=10, until=0.999)

# %% tags=["hide-input"]
Markdown(f"{history}.")

# %% tags=["hide-input"]
#| label: fig-bifurcations-census
#| fig-cap: >-
#|   Fixed points at rest, by their number of unstable directions, while a 2-bit network is
#|   trained. Dotted lines: where their number changes.
#| fig-alt: >-
#|   Step curves against the training step. For some fifty steps there is one stable point and
#|   nothing else. Within the next sixty steps the stable points and the saddles rise to four
#|   each, and the points with two unstable directions to one. After that nothing changes.
book_plots.census_history(
    list(found), [points.census for points in found.values()]
)

# %%
accuracy = dict(zip(history.evaluated, history.accuracy))
moments = changes(found)
first = moments[0] - 10
slowest = found[first].time_constants[0, 0]

# %% tags=["hide-input"]
table(
    [
        {
            "step": step,
            "points": len(found[step]),
            "index": found[step].audit.index_sum,
            "accuracy": accuracy[step],
            "held": held[step],
        }
        for step in (first, *moments, history.steps)
    ],
    index="{:+d}",
    accuracy="{:.1%}",
    held="{:.1%}",
)

# %% tags=["hide-input"]
Markdown(
    "*Held*: the share of bits that are still right after 500 steps. Before the first birth the "
    f"slowest mode has τ = {float(slowest):.0f} steps."
)

# %% [markdown]
# In {numref}`fig-bifurcations-census` the network begins with one point that attracts
# everything, and ends with the nine of the square, two more at a time. The index sum is
# $+1$ all the way.
#
# Accuracy does not wait for the births. Before the first one, most answers are already
# right: the single point attracts so slowly that a bit outlives most of the gaps between
# two pulses. This is a *fading* memory, and after 500 steps nothing is left of it but one
# answer for all states, right in half of the bits. The last column rises with the
# attractors, one after the other: what the births bring is not memory, but memory without
# an end.
#
# ## Each birth, located
#
# Between two looks, at the weights $\theta_0$ and $\theta_1$, we draw a straight line,
#
# ```{math}
# :label: eq-bifurcations-line
# \theta(s) = (1 - s)\,\theta_0 + s\,\theta_1, \qquad 0 \le s \le 1,
# ```
#
# and follow the later points *back* along it. Old points arrive at $s = 0$. A pair that
# was born on the way turns at its fold and comes back to $s = 1$. Points that have died
# are found from the other end, in the same way.


# %%
def on_the_line(before, after):
    """h, s ↦ F(h) without input, for weights on the line between two cells."""
    old, new = (dict(cell.named_parameters()) for cell in (before, after))
    no_input = torch.zeros(task.input_size).double()

    def family(h, s):
        weights = {name: torch.lerp(old[name], new[name], s) for name in old}
        return functional_call(after, weights, (no_input, h))

    return family


born, died, every_branch = {}, {}, []
for step in moments:
    before, after = found[step - 10], found[step]
    family = on_the_line(cells[step - 10], cells[step])
    back = rnnlab.follow_branches(family, after.states, start=1, stop=0)
    old = torch.stack([b.states[-1] for b in back if b.end_parameter == 0])
    gone = before.states[torch.cdist(before.states, old).amin(1) > 1e-4]
    forth = rnnlab.follow_branches(family, gone) if len(gone) else []
    born[step] = [b for b in back if b.end_parameter == 1]
    died[step] = [b for b in forth if b.end_parameter == 0]
    every_branch += [*back, *forth]

# %% tags=["hide-input"]
rows, turning = [], []
for step in moments:
    for what, pairs_here in (("born", born[step]), ("died", died[step])):
        for b in pairs_here:
            ends = sorted((int(b.n_unstable[0]), int(b.n_unstable[-1])))
            rows.append(
                {
                    "steps": f"{step - 10}–{step}",
                    "pair": what,
                    "unstable": f"{ends[0]} and {ends[1]}",
                    "folds at step": " ".join(
                        f"{step - 10 + 10 * s:.1f}" for s in b.folds.tolist()
                    ),
                }
            )
            turning.append(b)
table(rows)

# %% tags=["hide-input"]
closest = max(float(b.fold_gaps.max()) for b in turning)
slipped = sum(b.slipped for b in every_branch)
unexplained = sum(
    abs(
        len(found[step])
        - len(found[step - 10])
        - 2 * (len(born[step]) - len(died[step]))
    )
    for step in moments
)
Markdown(f"Largest |1 − λ| at a fold: {closest:.0e}.")

# %% [markdown]
# All points come in pairs, and all pairs come and go at folds, where an eigenvalue is $1$: a
# node with a saddle, or a saddle with the point of two unstable directions. There is even a
# pair that dies, while two others are born. A branch with three folds has turned back twice
# more on its way; it is one pair all the same.
#
# A symmetric network would do otherwise. Where $F(-h) = -F(h)$, a point at $0$ can split
# into three, in a *pitchfork*. The task has this symmetry, and the trained weights do not;
# and without it what is left is, in general, folds {cite}`strogatz`.

# %% tags=["hide-input"]
#| label: fig-bifurcations-portraits
#| fig-cap: >-
#|   The portrait at six moments of the training, on the principal components of the states at
#|   its end. Discs are stable, rings saddles, the larger, darker ring has two unstable
#|   directions. Pale lines: trajectories of 40 steps from a grid.
#| fig-alt: >-
#|   Six phase portraits. In the first, all pale lines run to one red disc. In the next ones
#|   discs and blue rings appear two or four at a time, each new pair close together at first,
#|   until in the last one there is a square with discs on its corners, rings on its edges and a
#|   dark ring in its middle.
batch = task.batch(256, torch.Generator().manual_seed(20_000 + seed))
with torch.no_grad():
    states = learner(batch.inputs)[1]
pca = geometry.pca(states, components=2)
no_input = torch.zeros(task.input_size).double()
maps = {step: cell.at(no_input) for step, cell in cells.items()}
flow = {
    step: book_plots.from_plane(F, pca, states, grid=8)
    for step, F in maps.items()
}
chosen = [first, *moments[:4], history.steps]
plots.portraits(
    [
        plots.Portrait(
            pca=pca,
            fixed_points=found[step],
            background=flow[step],
            title=f"step {step}",
        )
        for step in chosen
    ]
)

# %% [markdown]
# {numref}`fig-bifurcations-portraits` shows each pair soon after its birth, still close
# together, and how the points then move apart, out to their places in the square. The same
# as a film, one picture for every ten steps:

# %% tags=["hide-input"]
pictures = ch11_bifurcations.frames(pca, states, found, flow)
durations = [300] * (len(pictures) - 1) + [2500]
film = ch11_bifurcations.webp(*pictures, duration=durations, loop=0)
poster = ch11_bifurcations.webp(pictures[-1])
HTML(
    f"<details open><summary>Film of the training (a click here closes it)</summary><figure>"
    f'<picture><source media="(prefers-reduced-motion: reduce)" srcset="{poster}">'
    f'<img src="{film}" width="504" style="max-width: 100%" alt="A film of the phase '
    'portrait while the network learns: one red disc becomes a square of nine points.">'
    "</picture><figcaption>Fixed points at rest on two principal components, one picture "
    "for every ten steps of training. Discs are stable, rings saddles.</figcaption>"
    "</figure></details>"
)

# %% [markdown]
# ## Other seeds
#
# Is this the way in which a 2-bit network learns, or the way of one of them? Here are four
# more, looked at every 20 steps until 99 % of their answers are right.

# %%
runs = {}
for other in range(seed + 1, seed + 5) if profile == "full" else ():
    _, run, _, points, _ = watched(other, every=20, until=0.99)
    runs[other] = points, points[run.steps].census

# %% tags=["hide-input"]
complete = sum(census == {0: 4, 1: 4, 2: 1} for _, census in runs.values())
rows = [
    {
        "seed": other,
        "points without input": ", ".join(
            [
                "1",
                *(f"{len(points[step])} at {step}" for step in changes(points)),
            ]
        ),
        "audit": "closes"
        if all(at_look.audit.closed for at_look in points.values())
        else "fails at a look",
    }
    for other, (points, _) in runs.items()
]
table(rows) if rows else Markdown("*The fast profile leaves this table out.*")

# %% [markdown]
# The order differs, and in some networks pairs die again. The end is the same, and so is
# the time at which it comes: the nine points are complete when 99 % of the answers are
# right.

# %% tags=["hide-input"]
closed = sum(points.audit.closed for points in found.values())
pairs = len(turning)
claim(
    "E.bifurcation",
    f"The 2-bit network begins with {len(found[0])} fixed point and ends with "
    f"{len(found[history.steps])}; the census changes at {len(moments)} of {len(found)} "
    f"looks, as {pairs} pairs are born or die, each at a fold that is located.",
    paper="related work: bifurcations create the fixed points during training",
    census_against_training_step=shown("the step curves and the table above"),
    census_at_the_end=equals(found[history.steps].census, {0: 4, 1: 4, 2: 1}),
    looks_with_a_closed_audit=equals(closed, len(found)),
    points_that_no_fold_explains=equals(unexplained, 0),
    curves_that_were_changed_on_the_way=equals(slipped, 0),
    eigenvalue_of_I_minus_DF_at_the_folds=at_most(closest, 1e-6),
    note=f"Of {len(runs)} more seeds, {complete} have the nine points when 99 % of "
    "their answers are right.",
)
claim(
    "E.anim",
    f"The portrait of the 2-bit network through its training, {len(pictures)} pictures.",
    paper="animations that accompany the figures",
    film_of_the_training=shown(
        "the film above; its last picture if motion is unwanted"
    ),
    bytes_in_millions=at_most(len(film) / 1e6, 1),
)

# %% [markdown]
# ## What we saw
#
# - As an input is turned on, fixed points vanish in pairs, each pair at a fold that can be
#   located to rounding error. The points that agree with the input stay, and the index sum
#   notices nothing.
# - The fold is the weakest input that ever flips a bit. How much stronger a short pulse must
#   be follows from the normal form, without a fitted number, once the pulse is long.
# - Just beyond a fold the passage is slow. A network can be right for as long as that takes,
#   by the {term}`ghost` of a point, and wrong afterwards.
# - Training brings points in pairs, too. They do not make a memory: they make it last.
#
# Here the tour of the {term}`flip-flops <flip-flop>` and machines ends: with the moment at which a network
# that fades becomes one that remembers. What each chapter claimed, and what held, is
# gathered on the [scorecard](../book/scorecard.md).
#
# ## What this does not show
#
# - Training does not move along straight lines. That a pair meets on the line
#   {eq}`eq-bifurcations-line` says how the two networks are connected, not at which of the
#   ten steps between them the birth took place. On another path there may be more folds,
#   but their balance is the same.
# - Pairs that are born and die between two looks are not seen.
# - Folds explain how *fixed points* vanish. Cycles are born in other ways: the network may
#   also lose a point's stability where a pair of eigenvalues crosses the unit circle, or
#   one passes through $-1$. The audit is blind to that, too.
# - The formulas are leading orders. Far from the fold, as for pulses of a step or two, they
#   only give the order of magnitude.
#
# ## Exercises
#
# ::::{exercise}
# :label: ex-bifurcations-1
# Derive {eq}`eq-bifurcations-passage` and {eq}`eq-bifurcations-strength`, and the
# {term}`multipliers <multiplier>` of the two points of {eq}`eq-bifurcations-normal`. How near to 1 is the
# largest eigenvalue of the node when the pulse has 99 % of the strength of the fold?
#
# :::{admonition} Hint
# :class: dropdown
# Substitute $u = \sqrt{a(\alpha - \alpha_f)/b}\,\tan\varphi$. The multipliers are
# $1 + 2 b u$ at the two roots.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-bifurcations-2
# Turn on $(1, 1)$ for the state $(-1, -1)$. Nodes and saddles now vanish at several
# folds. Which is the one that the state feels, and does
# {eq}`eq-bifurcations-strength` hold for it?
#
# :::{admonition} Hint
# :class: dropdown
# Look for the branch that begins at the state, as `lost` above does. After its node is
# gone, the state may come to rest at another corner first.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-bifurcations-3
# The networks `flipflop3-held-gru` were trained with pulses that last up to twenty
# steps. Follow all corners that agree with a pulse. Where are their folds?
#
# :::{admonition} Hint
# :class: dropdown
# `zoo.load("flipflop3-held-gru")` in place of `three`; a branch with no fold that
# whose `end_parameter` is 1 keeps its state for as long as the input is held.
# :::
# ::::
