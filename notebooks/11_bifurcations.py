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
# At rest the 2-bit network of {doc}`04_flipflop2` has nine fixed points. Under a pulse on
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
# Near the fold $(h_f, \alpha_f)$ we write $h = h_f + u v + \dots$, and to leading order a
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
# that has one unstable direction more or less. And beyond the fold, where nothing rests
# any more, the way past the place where the points were takes long:
#
# ```{math}
# :label: eq-bifurcations-passage
# T \approx \int_{-\infty}^{\infty} \frac{du}{a(\alpha - \alpha_f) + b u^2}
#   = \frac{\pi}{\sqrt{a b\,(\alpha - \alpha_f)}} .
# ```

# %% tags=["parameters"]
seed = 0
retrain = False  # True trains the networks of the first half again, in some minutes
profile = "full"  # "fast" leaves the other seeds out

# %%
import base64
import copy
import io
from functools import partial

import torch
from IPython.display import HTML
from PIL import Image
from torch.func import functional_call, jacrev, jvp

import rnnlab
from rnnlab import Network, geometry, plots
from rnnlab.book import plots as book_plots
from rnnlab.book import recipes, tasks, zoo
from rnnlab.book.claims import at_most, claim, equals, shown
from rnnlab.plots import style

if profile not in ("full", "fast"):
    raise ValueError(f"profile must be 'full' or 'fast', got {profile!r}")
torch.set_num_threads(1)

load = partial(zoo.get, retrain=retrain)
name = "flipflop2-gru"
network = load(name).requires_grad_(False)
task = tasks.from_configuration(network.card["task"])


def at_rest(network, task):
    """Fixed points without input, from 64 visited states."""
    batch = task.batch(64, torch.Generator().manual_seed(20_000 + seed))
    still = network.cell.at(task.input((0,) * task.bits))
    return rnnlab.find_fixed_points(still, network(batch.inputs)[1][:, -1], seed=seed)


rest = at_rest(network, task)
rest

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
branches = {x: rnnlab.follow_branches(turned_on(network, task, x), rest.states)}
for branch in branches[x]:
    print(branch)

# %%
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
readout = copy.deepcopy(network.readout).double()
height = lambda h: readout(h) @ torch.tensor([1 / 3, 1.0]).double()
book_plots.continuation(branches[x], height, xlabel="strength α", ylabel="y₂ + y₁/3")

# %% [markdown]
# {numref}`fig-bifurcations-input` is the story of a pulse. It asks for $y_1 = +1$ and leaves
# $y_2$ alone. In each group the point with $y_1 \approx -1$ meets the one with
# $y_1 \approx 0$: twice a node and a saddle, and once, in the middle, a saddle and the
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
def index_sum(branches, strength):
    """Σ sign det(I − DF) over the points of all branches at a strength."""
    total = 0
    for branch in branches:
        below = branch.parameter < strength
        crossed = below[1:] != below[:-1]
        total += int(branch.index[:-1][crossed].sum())
    return total


def account(branches, before, after):
    """Points that neither fold nor end explains; distance of the ends to `after`."""
    ends = torch.stack([b.states[-1] for b in branches if b.end_parameter == 1])
    turned = sum(b.end_parameter == 0 for b in branches)
    missed = abs(before - 2 * turned - len(ends)) + abs(len(ends) - len(after))
    return missed, float(torch.cdist(after, ends).amin(1).max())


# %%
cuts = torch.linspace(0.04, 0.96, 12).tolist()
table = ["input    points  folds at α      index"]
missed = distance = gap = number = other_sums = slipped = 0
for pulse in task.pulses:
    if not any(pulse):
        continue
    F = network.cell.at(task.input(pulse))
    if pulse not in branches:
        family = turned_on(network, task, pulse)
        branches[pulse] = rnnlab.follow_branches(family, rest.states, largest_step=0.3)
    found = rnnlab.find_fixed_points(F, rest.states, seed=seed)
    unexplained, apart = account(branches[pulse], len(rest), found.states)
    missed, distance = missed + unexplained, max(distance, apart)
    slipped += sum(b.slipped for b in branches[pulse])
    folds = torch.cat([b.folds for b in branches[pulse]])
    gap = max(gap, *(float(g) for b in branches[pulse] for g in b.fold_gaps))
    sums = [index_sum(branches[pulse], cut) for cut in cuts]
    number, other_sums = number + len(folds), other_sums + len(cuts) - sums.count(1)
    span = f"{float(folds.min()):.3f}–{float(folds.max()):.3f}"
    row = f"{len(rest)} → {len(found)}   {len(folds)}: {span}  {set(sums)}"
    table.append(f"{pulse!s:8} {row}")
print(*table, sep="\n")
print(f"largest |1 − λ| at a fold {gap:.0e}; ends and search differ by {distance:.0e}")

# %% [markdown]
# Each lost point has its partner. All folds lie at less than a fifth of the strength of a
# pulse: the pulses are far stronger than they have to be. Is that this network's way? We
# turn $(1, 0)$ on in four more, which differ in the seed of their training.

# %%
others = [f"{name}-seed{n}" for n in range(10, 14)] if profile == "full" else []
table = ["network  points  folds at α"]
networks = int(missed == 0)
for other in others:
    kin = load(other).requires_grad_(False)
    start, F = at_rest(kin, task), kin.cell.at(task.input(x))
    family = turned_on(kin, task, x)
    followed = rnnlab.follow_branches(family, start.states, largest_step=0.3)
    slipped += sum(b.slipped for b in followed)
    end = rnnlab.find_fixed_points(F, start.states, seed=seed)
    unexplained, apart = account(followed, len(start), end.states)
    missed, distance = missed + unexplained, max(distance, apart)
    gap = max(gap, *(float(g) for b in followed for g in b.fold_gaps))
    networks += unexplained == 0
    at = " ".join(f"{α:.3f}" for b in followed for α in b.folds.tolist())
    table.append(f"{other.split('-')[-1]:8} {len(start)} → {len(end)}   {at}")
print(*table, sep="\n")

claim(
    "X.continuation",
    f"As an input is turned on, fixed points vanish in pairs: {number} folds account for "
    f"all points that are lost under the nine inputs, and folds do so under (1, 0) in "
    f"{networks} of {1 + len(others)} networks.",
    paper="beyond the papers",
    vanished_points_without_a_fold=equals(missed, 0),
    eigenvalue_of_I_minus_DF_at_the_folds=at_most(gap, 1e-6),
    distance_to_the_points_of_a_search=at_most(distance, 1e-8),
    cuts_at_which_the_index_sum_is_not_1=equals(other_sums, 0),
    curves_that_were_changed_on_the_way=equals(slipped, 0),
    networks_without_an_unexplained_point=equals(networks, 1 + len(others)),
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
    U, _, V = torch.linalg.svd(jacrev(family)(h, parameter) - torch.eye(len(h)).to(h))
    v, w = V[-1], U[:, -1] / (U[:, -1] @ V[-1])
    push = jvp(lambda s: family(h, s), (parameter,), (torch.ones_like(parameter),))[1]
    along = lambda h: jvp(lambda h: family(h, parameter), (h,), (v,))[1]
    bend = jvp(along, (h,), (v,))[1]
    return w @ push, w @ bend / 2


family = turned_on(network, task, x)
signs = task.decode(network.outputs(rest.stable.float()))
start = rest.stable[(signs == -1).all(-1)]
lost = next(b for b in branches[x] if (b.states[0] - start[0]).norm() < 1e-6)
fold = lost.folds[0]
a, b = normal_form(family, lost.fold_states[0], fold)

steps = torch.tensor([1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233])
low, high = torch.zeros(len(steps)).double(), torch.ones(len(steps)).double()
for _ in range(24):
    middle, h = (low + high) / 2, start.expand(len(steps), -1)
    for t in range(int(steps.max()) + 100):
        h = family(h, (middle * (t < steps))[:, None])
    flipped = readout(h)[:, 0] > 0
    low, high = torch.where(flipped, low, middle), torch.where(flipped, middle, high)
predicted = (torch.pi / steps) ** 2 / (a * b)
print(f"fold at α = {float(fold):.4f}; a b = {float(a * b):.2f}")
print("steps  α*      α* − fold  formula")
for n, strength, formula in zip(steps.tolist(), high.tolist(), predicted.tolist()):
    print(f"{n:5d}  {strength:.4f}  {strength - float(fold):9.1e}  {formula:7.1e}")

# %%
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

# %%
slope = float((high - fold)[-4:].log().diff().mean() / steps[-4:].log().diff().mean())
print(f"slope over the four longest pulses −{-slope:.2f}; the formula has −2")
print(f"one step needs {float(high[0]):.2f}: {float(high[0] / fold):.1f} times the fold")

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
rest3 = at_rest(three, task3)
corner = rest3.stable[(task3.decode(three.outputs(rest3.stable.float())) == state).all(-1)]
family3 = turned_on(three, task3, pulse)
(branch3,) = rnnlab.follow_branches(family3, corner, largest_step=0.3)
J = jacrev(family3)(branch3.fold_states[0], branch3.folds[0])
leading = torch.linalg.eigvals(J).abs().topk(2).values.tolist()
F = three.cell.at(task3.input(pulse))
full = rnnlab.find_fixed_points(F, branch3.fold_states, rounds=0)
print(branch3)
print("largest |λ| at the fold:", *(f"{λ:.4f}" for λ in leading))
slow = [f"a slow point, q = {q:.0e}" for q in full.slow_q]
print("at full strength, from there:", *slow)

for strength in (0.97, 0.99, 1.0, 1.1, 1.3):
    h, held = corner, 0
    while bool((task3.decode(three.outputs(h.float())) == state).all()) and held < 5000:
        h, held = family3(h, torch.tensor(strength).double()), held + 1
    more = " and more" if held == 5000 else ""
    print(f"held at {strength:4.2f}: right for {held:4d} steps{more}")

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
# shipped one, until 99.9 % of its answers are right, and look for all fixed points every
# ten steps. This runs anew each time the chapter is built: the run itself is the subject.
# To see what is *held*, we also set each of the four states by a pulse, wait 500 steps, and
# read it out.

# %%
recipe = recipes.RECIPES[name]
given = torch.zeros(4, 501, 2)
given[:, 0] = torch.tensor(task.states)


def watched(seed, every, until):
    """A training run; at each look the cell, its fixed points, and the bits held."""
    generator = torch.Generator().manual_seed(seed)
    cell = rnnlab.GRU(task.input_size, recipe.units, generator=generator)
    network = Network.from_cell(cell, task.output_size, generator=generator)
    cells, found, held = {}, {}, {}

    def look(step):
        cells[step] = copy.deepcopy(cell).double().requires_grad_(False)
        with torch.no_grad():
            found[step] = at_rest(network, task)
            answers = task.decode(network(given)[0][:, -1])
        held[step] = float((answers == task.decode(given[:, 0])).double().mean())

    how = dict(steps=recipe.steps, learning_rate=recipe.learning_rate)
    how |= dict(state_noise=recipe.state_noise, seed=seed, progress=False)
    how |= dict(evaluate_every=every, target_accuracy=until, watch=look)
    history = rnnlab.train(network, task, **how)
    return network, history, cells, found, held


def changes(found):
    """The looks at which the census is not that of the look before."""
    pairs = zip(found, list(found)[1:])
    return [later for now, later in pairs if found[now].census != found[later].census]


learner, history, cells, found, held = watched(seed, every=10, until=0.999)
print(history)

# %%
#| label: fig-bifurcations-census
#| fig-cap: >-
#|   Fixed points at rest, by their number of unstable directions, while a 2-bit network is
#|   trained. Dotted lines: where their number changes.
#| fig-alt: >-
#|   Step curves against the training step. For some fifty steps there is one stable point and
#|   nothing else. Within the next sixty steps the stable points and the saddles rise to four
#|   each, and the points with two unstable directions to one. After that nothing changes.
book_plots.census_history(list(found), [points.census for points in found.values()])

# %%
accuracy = dict(zip(history.evaluated, history.accuracy))
moments = changes(found)
first = moments[0] - 10
slow = found[first].eigenvalues[0, 0].abs()
print("step  points  index  accuracy  held 500 steps")
for step in (first, *moments, history.steps):
    points = found[step]
    numbers = f"{len(points):6d}  {points.audit.index_sum:+5d}  {accuracy[step]:8.1%}"
    print(f"{step:4d}  {numbers}  {held[step]:6.1%}")
print(f"slowest mode before the first birth: τ = {float(-1 / slow.log()):.0f} steps")

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
def line(before, after):
    """h, s ↦ F(h) without input, for weights on the straight line between two cells."""
    old, new = (dict(cell.named_parameters()) for cell in (before, after))
    still = torch.zeros(task.input_size).double()
    between = lambda s: {name: torch.lerp(old[name], new[name], s) for name in old}
    return lambda h, s: functional_call(after, between(s), (still, h))


pairs = unexplained = turned = 0
closest = 0.0
table = ["steps      what meets            folds at step"]
for step in moments:
    before, family = found[step - 10], line(cells[step - 10], cells[step])
    back = rnnlab.follow_branches(family, found[step].states, start=1, stop=0)
    old = torch.stack([b.states[-1] for b in back if b.end_parameter == 0])
    gone = torch.cdist(before.states, old).amin(1) > 1e-4
    forth = rnnlab.follow_branches(family, before.states[gone]) if gone.any() else []
    born = [b for b in back if b.end_parameter == 1]
    died = [b for b in forth if b.end_parameter == 0]
    for what, turning in (("born", born), ("died", died)):
        for b in turning:
            kinds = f"{int(b.n_unstable[0])} and {int(b.n_unstable[-1])} unstable"
            at = " ".join(f"{step - 10 + 10 * s:.1f}" for s in b.folds.tolist())
            table.append(f"{step - 10:3d}–{step:3d}    {what}: {kinds}  {at}")
            closest = max(closest, float(b.fold_gaps.max()))
    pairs = pairs + len(born) + len(died)
    turned = turned + sum(b.slipped for b in (*back, *forth))
    unexplained += abs(len(found[step]) - 2 * len(born) - len(before) + 2 * len(died))
print(*table, sep="\n")
print(f"largest |1 − λ| at a fold: {closest:.0e}")

# %% [markdown]
# All points come in pairs, and all pairs come and go at folds, where an eigenvalue is $1$: a
# node with a saddle, or a saddle with the point of two unstable directions. There is even a
# pair that dies, while two others are born. A branch with three folds has turned back twice
# more on its way; it is one pair all the same.
#
# A symmetric network would do otherwise. Where $F(-h) = -F(h)$, a point at $0$ can split
# into three, in a *pitchfork*. The task has this symmetry, and the trained weights do not;
# and without it what is left is, in general, folds {cite}`strogatz`.

# %%
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
still = torch.zeros(task.input_size).double()
maps = {step: cell.at(still) for step, cell in cells.items()}
flow = {step: plots.from_plane(F, pca, states, grid=8) for step, F in maps.items()}
chosen = [first, *moments[:4], history.steps]
plots.portraits(
    [
        plots.Portrait(pca=pca, fixed_points=found[step], background=flow[step], title=f"step {step}")
        for step in chosen
    ]
)

# %% [markdown]
# {numref}`fig-bifurcations-portraits` shows each pair soon after its birth, still close
# together, and how the points then move apart, out to their places in the square. The same
# as a film, one picture for every ten steps:

# %%
frames = []
around = pca.project(states).flatten(0, 1)
low, high = (around.amin(0) - 0.3).tolist(), (around.amax(0) + 0.3).tolist()
with style.context():
    for step, points in found.items():
        figure = style.picture(4.2, 4.5)
        ax = figure.subplots()
        for path in pca.project(flow[step].float()):
            ax.plot(*path.T, color=style.FLOW, lw=0.8, alpha=0.7, zorder=1)
        places = pca.project(points.states.float())
        for (u, v), n in zip(places, points.n_unstable.tolist()):
            shade = style.SADDLES[min(n, 3) - 1]
            look = dict(c=style.STABLE) if not n else dict(fc="white", ec=shade, lw=2)
            ax.scatter(u, v, s=80 + 30 * max(n - 1, 0), zorder=3, **look)
        ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")
        ax.set(xticks=[], yticks=[], xlabel="PC 1", ylabel="PC 2")
        ax.set_title(f"step {step}, fixed points: {len(points)}")
        frames.append(figure)

# %%
def image(figure):
    """A figure as pixels."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=120)
    return Image.open(buffer).convert("RGB")


def webp(first, *more, **how):
    """One picture, or a film of several, as a data address."""
    buffer = io.BytesIO()
    how |= dict(append_images=more, save_all=bool(more), quality=70)
    first.save(buffer, "WEBP", **how)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()


pictures = [image(figure) for figure in frames]
durations = [300] * (len(pictures) - 1) + [2500]
film, poster = webp(*pictures, duration=durations, loop=0), webp(pictures[-1])
print(f"{len(pictures)} pictures, {len(film) / 1e3:.0f} kB")
HTML(
    f'<details open><summary>Film of the training (a click here closes it)</summary><figure>'
    f'<picture><source media="(prefers-reduced-motion: reduce)" srcset="{poster}">'
    f'<img src="{film}" width="504" style="max-width: 100%" alt="A film of the phase '
    "portrait while the network learns: one red disc becomes a square of nine points.\">"
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
table, complete = ["seed  points at rest"], 0
for other in range(seed + 1, seed + 5) if profile == "full" else ():
    _, run, _, points, _ = watched(other, every=20, until=0.99)
    closed = sum(p.audit.closed for p in points.values())
    complete += points[run.steps].census == {0: 4, 1: 4, 2: 1}
    path = ", ".join(f"{len(points[step])} at {step}" for step in changes(points))
    whole = closed == len(points)
    table.append(f"{other:4d}  1, {path}" + "; the audit fails at a look" * (not whole))
print(*table, sep="\n")

# %% [markdown]
# The order differs, and in some networks pairs die again. The end is the same, and so is
# the time at which it comes: the nine points are complete when 99 % of the answers are
# right.

# %%
closed = sum(points.audit.closed for points in found.values())
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
    curves_that_were_changed_on_the_way=equals(turned, 0),
    eigenvalue_of_I_minus_DF_at_the_folds=at_most(closest, 1e-6),
    note=f"Of {len(table) - 1} more seeds, {complete} have the nine points when 99 % of "
    "their answers are right.",
)
claim(
    "E.anim",
    f"The portrait of the 2-bit network through its training, {len(pictures)} pictures.",
    paper="animations that accompany the figures",
    film_of_the_training=shown("the film above; its last picture if motion is unwanted"),
    bytes_in_millions=at_most(len(film) / 1e6, 1),
)

# %% [markdown]
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
# **1.** Derive {eq}`eq-bifurcations-passage` and {eq}`eq-bifurcations-strength`, and the
# multipliers of the two points of {eq}`eq-bifurcations-normal`. How near to 1 is the
# largest eigenvalue of the node when the pulse has 99 % of the strength of the fold?
#
# :::{admonition} Hint
# :class: dropdown
# Substitute $u = \sqrt{a(\alpha - \alpha_f)/b}\,\tan\varphi$. The multipliers are
# $1 + 2 b u$ at the two roots.
# :::
#
# **2.** Turn on $(1, 1)$ for the state $(-1, -1)$. Nodes and saddles now vanish at several
# folds. Which is the one that the state feels, and does
# {eq}`eq-bifurcations-strength` hold for it?
#
# :::{admonition} Hint
# :class: dropdown
# Look for the branch that begins at the state, as `lost` above does. After its node is
# gone, the state may come to rest at another corner first.
# :::
#
# **3.** The networks `flipflop3-held-gru` were trained with pulses that last up to twenty
# steps. Follow all corners that agree with a pulse. Where are their folds?
#
# :::{admonition} Hint
# :class: dropdown
# `zoo.load("flipflop3-held-gru")` in place of `three`; a branch with no fold that
# whose `end_parameter` is 1 keeps its state for as long as the input is held.
# :::
#
# Here the tour of the flip-flops and machines ends: with the moment at which a network
# that fades becomes one that remembers. What each chapter claimed, and what held, is
# gathered on the [scorecard](../book/scorecard.md).
