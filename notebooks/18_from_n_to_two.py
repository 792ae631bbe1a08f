# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # From N to two
#
# The state of a network of 1,024 units has 1,024 numbers. To draw its {term}`fixed points <fixed point>` we have
# projected them on two or three {term}`principal components <principal component>`, and each time the picture lied a
# little: lines that cross in it do not meet. There are networks for which nothing is lost.
# If the recurrent matrix has rank two, **two numbers obey two equations of their own, and the
# plane they span holds the whole of the dynamics**.
#
# Two further questions can then be answered. What happens to such a plane when an input
# changes? And must we know all 1,024 units to draw it, or are a few averages enough?
# Section 3.3 of {cite}`dubreuil` says that averages are enough, and shows in its figure 2c
# how an input turns two stable states into an oscillation.
#
# ## What to expect
#
# A {term}`rate network` follows $\tau\dot h = -h + U\Phi(h) + W x(t)$, by units. Let $U$ be a sum of
# $R$ outer products,
#
# ```{math}
# :label: eq-low-rank
# U = \frac{1}{N}\sum_{k=1}^{R} m_k n_k^{\mathsf T}.
# ```
#
# Then $U\Phi(h)$ is a combination of the vectors $m_k$, whatever $h$ is, and $Wx$ is one of
# the columns of $W$. A state that starts among such combinations never leaves them:
#
# ```{math}
# :label: eq-latent
# h(t) = \sum_{k=1}^{R} \kappa_k(t)\, m_k + W v(t).
# ```
#
# We put this into the equation and compare the coefficients. For $v$ they give
# $\tau\dot v = -v + x$: the input, smoothed over the time $\tau$. For the **latent variables**
# $\kappa$,
#
# ```{math}
# :label: eq-kappa
# \tau\dot\kappa = -\kappa + G(\kappa, v), \qquad
# G(\kappa, v) = \frac1N \sum_{i=1}^N n_i\, \Phi(m_i\cdot\kappa + W_i\cdot v),
# ```
#
# where $m_i$, $n_i$ and $W_i$, the **loadings** of unit $i$, are rows of the matrices. No
# term was dropped. $G$ is an average over the units, and that is the key to the second
# half of this chapter: an average over many is nearly that over all there could be.

# %% tags=["parameters", "remove-input"]
seed = 0
retrain = False  # True trains the network again: about two minutes
profile = "full"  # "fast" draws 3 networks of each size instead of 16

# %% tags=["remove-input"]
import resource
import sys
import time

import scipy.stats
import torch
from IPython.display import Markdown

from rnnlab import (
    find_fixed_points,
    find_periodic_orbit,
    follow_branches,
    linearize,
    saddle_connections,
    scan,
)
from rnnlab.book import start, tasks, zoo
from rnnlab.book.chapters import ch18_from_n_to_two
from rnnlab.book.chapters.ch18_from_n_to_two import find_landscape
from rnnlab.book.claims import at_least, at_most, claim, equals
from rnnlab.book.players import Dial, landscape
from rnnlab.book.tables import table
from rnnlab.lowrank import (
    Latent,
    LatentMap,
    LoadingDistribution,
    gaussian_averages,
    latent_run,
)

start(seed=seed, retrain=retrain, profile=profile)

# %%
network = zoo.get("metronome-rank2", retrain=retrain)
network.requires_grad_(False).double()
cell = network.cell
task = tasks.from_configuration(network.card["task"])

# %% tags=["hide-input"]
Markdown(
    f"The network: {cell.units:,} units, a recurrent matrix of rank {cell.rank}, τ = {cell.tau:g}, dt = {cell.dt:g}."
)

# %% [markdown]
# Its task asks for what figure 2c shows. While a **gate** is closed the output rests at
# $+1$ or $-1$. While it is open the output swings between them, with a period of 40 steps,
# that is 8 τ. Where the swing is when the gate closes decides at which of the two it rests.
# A second input, a pulse at the first step, sets the side to begin with.
#
# ## An exact change of coordinates
#
# First {eq}`eq-latent`. We run the network with all its units, then the two equations of
# {eq}`eq-kappa`, and compare the states.

# %%
generator = torch.Generator().manual_seed(20_000 + seed)
batch = task.batch(50, generator)
outputs, states = network(batch.inputs.double())
accuracy = task.accuracy(outputs, batch)
G = Latent(cell)
κ, v = latent_run(G, batch.inputs)
difference = float((G.embed(κ, v) - states).abs().max())

# %% tags=["hide-input"]
Markdown(
    f"The network is right at {accuracy:.2%} of the scored steps. Computed from {κ.shape[-1] + v.shape[-1]} numbers, its "
    f"{states.shape[-1]:,} are wrong by {difference:.0e} at most."
)

# %% [markdown]
# Two {term}`latent variables <latent variable>` and two smoothed inputs are the state, to rounding. Under an input
# that has been there for long, $v = x$, and what is left is a flow in a plane. We look
# for its fixed points $\kappa = G(\kappa, x)$ with the gate closed and with the gate open.
# $\kappa$ cannot leave the rectangle $|\kappa_k| \le \langle |n_k| \rangle$, so that the
# audit of {doc}`02_fixed_points` applies.

# %%
gate, pulse = torch.eye(2, dtype=torch.float64)
generator = torch.Generator().manual_seed(seed)
uniform = 2 * torch.rand(32, 2, generator=generator).double() - 1
closed, opened = (
    find_fixed_points(LatentMap(G, x), G.reach * uniform, box=G.reach)
    for x in (0 * gate, gate)
)

# %% tags=["hide-input"]
table(
    [
        {
            "gate": name,
            "points": len(points),
            "by unstable directions": ", ".join(
                f"{count} with {k}" for k, count in points.census.items()
            ),
            "index sum": points.audit.index_sum,
        }
        for name, points in (("closed", closed), ("open", opened))
    ],
    **{"index sum": "{:+d}"},
)

# %% [markdown]
# With a closed gate there are five points, two of them stable. With an open gate there is a
# single one, and it repels. The states are bounded, so they must go somewhere, and in a
# plane that leaves one possibility (Poincaré and Bendixson): a **closed orbit**.
#
# The network moves by steps of $\tau/5$. Such steps have no cycle of whole length in
# general; their states fill a closed curve. The differential equation has a periodic
# solution, and we solve for that one: $\kappa(T) = \kappa(0)$, by Newton's method in
# $\kappa(0)$ and $T$, from where a run of the network ends.

# %%
run, _ = latent_run(G, gate.expand(1, 2000, 2), closed.stable[:1], gate[None])
orbit = find_periodic_orbit(lambda κ: G(κ, gate) - κ, run[0, -1], longest=20.0)

# %% tags=["hide-input"]
first = run[0, 500:, 0]
up = ((first[:-1] < 0) & (first[1:] >= 0)).nonzero()[:, 0]
crossed = up - first[up] / (first[up + 1] - first[up])
euler = float(crossed.diff().mean())
multiplier = float(orbit.multipliers[1].real)
Markdown(
    f"The orbit {'attracts' if orbit.attracts else 'repels'}: its multipliers are 1 and {multiplier:.4f}. Its period is "
    f"{orbit.period:.4f} τ, that is {orbit.period / cell.dt:.1f} steps in continuous time; in the network's own steps it is "
    f"{euler:.1f}."
)

# %% tags=["hide-input"]
#| label: fig-landscapes
#| fig-cap: >-
#|   One network, two landscapes: the plane of its two latent variables with the gate closed and
#|   open. Colour: the speed $|\dot\kappa|$, white where nothing moves. Gray lines with
#|   arrowheads: the flow. Discs: stable fixed points. Rings: points with one, and dark with two
#|   unstable directions. Thick closed line: the periodic solution.
#| fig-alt: >-
#|   Two maps of a plane, one above the other. In the upper one, white valleys lie around two red
#|   discs at the left and right, with light blue rings between them and a dark ring in the
#|   middle. In the lower one a purple oval runs around a single dark ring, and all arrows lead
#|   to it.
Landscape = ch18_from_n_to_two.Landscape
panels = [
    Landscape(lambda κ: G(κ, 0 * gate) - κ, closed, title="gate closed"),
    Landscape(lambda κ: G(κ, gate) - κ, opened, orbit, title="gate open"),
]
ch18_from_n_to_two.landscapes(panels, reach=(1.25, 0.85), columns=1)

# %% [markdown]
# This is figure 2c of the paper in a network that was trained for it
# ({numref}`fig-landscapes`). Nothing in the connections changes between the two panels. The
# gate is an input like any other; it shifts the units along their nonlinearity, and those
# that it drives into saturation stop passing on what they hear.
#
# One {term}`multiplier` of the orbit is 1, along it. The other says that a deviation across it has
# nearly vanished after one turn: the orbit attracts. And the two periods differ. Training
# made the *steps* come out right, steps as coarse as $\tau/5$. The differential equation that
# they stand for turns faster.
#
# ## All 1,024 dimensions
#
# Does a search that knows nothing of ranks agree? We start it near the points found, but off
# the plane, with noise of 0.2 on each unit. States of this size are searched without
# Jacobians, by Newton–Krylov steps ({cite}`knoll`).

# %%
generator = torch.Generator().manual_seed(seed)
full, furthest = {}, 0.0
for u, found in ((0.0, closed), (1.0, opened)):
    noise = 0.2 * torch.randn(len(found), cell.units, generator=generator)
    embedded = G.embed(found.states, u * gate)
    full[u] = find_fixed_points(cell.at(u * gate), embedded + noise, rounds=0)
    apart = torch.cdist(embedded, full[u].states)
    furthest = max(furthest, float(apart.amin(1).max()))


# %% tags=["hide-input"]
def in_words(points):
    return ", ".join(
        f"{count} with {unstable}" for unstable, count in points.census.items()
    )


table(
    [
        {
            "gate": name,
            "unstable directions, 2 numbers": in_words(plane),
            f"{cell.units:,} numbers": in_words(full[u]),
        }
        for name, u, plane in (("closed", 0.0, closed), ("open", 1.0, opened))
    ]
)

# %% tags=["hide-input"]
Markdown(f"They are the same points, to {furthest:.0e}.")

# %% [markdown]
# ## Opening the gate slowly
#
# How do five points become one? We follow them as the gate opens from 0 to 1
# ({doc}`11_bifurcations`), and solve for the orbit at some values of it.

# %%
branches = follow_branches(
    lambda κ, u: LatentMap(G, u * gate)(κ), closed.states, largest_step=0.1
)
folds = torch.cat([branch.folds for branch in branches]).sort().values
last, orbits = float(folds[-1]), {}
for u in (1.0, 0.8, 0.6, 0.5, 0.45, 0.41):
    x = u * gate
    settled, _ = latent_run(G, x.expand(1, 500, 2), run[:, -1], x[None])
    orbits[u] = find_periodic_orbit(
        lambda κ, x=x: G(κ, x) - κ, settled[0, -1], longest=60.0
    )

F = LatentMap(G, 0 * gate)  # with a closed gate
connections = saddle_connections(F, closed, linearize(F, closed.states))

# %% tags=["hide-input"]
table(
    [
        {
            "gate g": u,
            "period T (τ)": found.period,
            "T √(g − g*)": found.period * (u - last) ** 0.5,
        }
        for u, found in orbits.items()
    ],
    **{"gate g": "{:.2f}", "period T (τ)": "{:.2f}", "T √(g − g*)": "{:.2f}"},
)

# %% tags=["hide-input"]
ends = connections.ends.tolist()
both = all(sorted(pair) == [0, 1] for pair in ends)
Markdown(
    f"The folds are at a gate of {' and '.join(f'{fold:.4f}' for fold in folds.tolist())}; $g^*$ is the last of them. With a "
    f"closed gate, the two paths from each saddle end at {'both stable points' if both else f'the points {ends}'}."
)

# %% tags=["hide-input"]
#| label: fig-gate
#| fig-cap: >-
#|   The first latent variable of the fixed points as the gate opens, and of the closed orbit at
#|   six values of the gate, from its least to its greatest. Two stable points meet two saddles
#|   at the folds; from there on the orbit runs through where they were.
#| fig-alt: >-
#|   Curves against the gate from 0 to 1. Two solid red ones, near plus one and minus one, each
#|   meet a dashed blue one at a gate of about 0.39 and end there. A dashed line stays near zero
#|   throughout. To the right of the folds, vertical purple bars shrink from nearly plus and
#|   minus one to plus and minus one half.
ch18_from_n_to_two.reconfiguration(
    branches, lambda states: states[..., 0], orbits, xlabel="gate", ylabel="κ₁"
)

# %% [markdown]
# Each stable point meets a {term}`saddle` and is gone, at nearly the same opening for both
# ({numref}`fig-gate`). The orbit is not born small, around the middle point. It appears at
# full size, and infinitely slow: where the two points have vanished the flow still creeps,
# and the time it takes to get past grows like $1/\sqrt{g - g^*}$ near the {term}`fold` $g^*$. In the
# table the period grows sixfold, and its product with $\sqrt{g - g^*}$ stays between 4.9 and
# 6.9. This is a *saddle-node bifurcation on an invariant
# circle* {cite}`strogatz`: with a closed gate the circle is there already. From each of the two
# saddles one path leads to the one stable point and one to the other, and the four paths
# close.
#
# ## Many units, few numbers
#
# Now the second question. Suppose the loadings $(m_i, n_i, W_i)$ of each unit are drawn from
# one distribution. As $N \to \infty$, the average in {eq}`eq-kappa` becomes an expectation. Let
# the distribution be a mixture of Gaussians: unit $i$ belongs to **population** $p$ with
# probability $\alpha_p$, and its loadings are Gaussian with the mean and covariance of $p$.
# Then the current $y = m\cdot\kappa + W\cdot v$ is Gaussian as well, of mean $\mu_p$ and
# variance $\Delta_p$, and for means of zero
#
# ```{math}
# :label: eq-couplings
# G_j = \sum_k \tilde\sigma^{\mathrm{rec}}_{jk} \kappa_k + \sum_l \tilde\sigma^{\mathrm{in}}_{jl} v_l,
# \qquad
# \tilde\sigma_{jk} = \sum_p \alpha_p\, \mathrm{cov}_p(n_j, m_k)
# \bigl\langle \Phi'(\sqrt{\Delta_p}\, z) \bigr\rangle_z ,
# ```
#
# with $z$ standard normal, since $\langle n\,\Phi(y)\rangle = \mathrm{cov}(n, y) \langle\Phi'(y)\rangle$ for
# Gaussian $n$ and $y$. The input coupling has $W_l$ in the place of $m_k$.
# These are the paper's **effective couplings** (its equation 10). They look linear, but
# $\langle\Phi'\rangle$, the mean slope of a population, falls when $\Delta_p$ grows. An
# input can do two things: push $\kappa$ through $\tilde\sigma^{\mathrm{in}}$, or, where it
# is correlated with nothing, saturate a population and so *turn its couplings off*.
#
# The averages are integrals over one Gaussian. For $\Phi(s) = \mathrm{erf}(\sqrt\pi s/2)$,
# they have closed formulas; for $\tanh$ we use Gauss–Hermite quadrature. Both can be checked.

# %%
μ, Δ = torch.tensor(0.7).double(), torch.tensor(2.0).double()
erf, erf_by_quadrature = (
    gaussian_averages("erf", μ, Δ, closed=closed_form)
    for closed_form in (True, False)
)
tanh = gaussian_averages("tanh", μ, Δ)

# %% tags=["hide-input"]
normal = scipy.stats.norm(float(μ), float(Δ.sqrt()))
rows = []
for i, (average, f) in enumerate({"⟨Φ⟩": cell.phi, "⟨Φ′⟩": cell.slope}.items()):
    adaptive = normal.expect(
        lambda y, f=f: float(f(torch.tensor(y, dtype=torch.float64)))
    )
    rows.append(
        {
            "": average,
            "erf: formula − quadrature": float(erf[i] - erf_by_quadrature[i]),
            "tanh: adaptive − Gauss–Hermite": adaptive - float(tanh[i]),
        }
    )
table(rows, **dict.fromkeys(list(rows[0])[1:], "{:+.0e}"))

# %% [markdown]
# ## Two populations by hand
#
# With {eq}`eq-couplings` a landscape can be designed. We want two stable points at rest and a
# rotation with an open gate, so we take one population for each.
#
# - The **wheel**: half of the units have $n = A m$ with
#   $A = 2\begin{pmatrix} a & -b \\ b & a\end{pmatrix}$. Alone it turns $\kappa$ and lets it grow.
# - The **brake**: the other half have $n = B m$ with
#   $B = 2c\begin{pmatrix} 1 & 0 \\ 0 & -1\end{pmatrix}$. It lifts $\kappa_1$ and presses $\kappa_2$
#   down, so that nothing can turn.
# - The gate reaches the brake alone, with loadings that are large, of standard deviation 16,
#   and independent of all others. It pushes $\kappa$ nowhere; it saturates the brake.
#
# The loadings are a matrix times independent standard normal numbers: $z_1, z_2$ for $m$
# and $n$, one for the gate. A pulse that reaches all units along $m_1$ will let us push.

# %%
a, b, c = 1.4, 0.6, 1.8
wheel = 2 * torch.tensor([[a, -b], [b, a]])
brake = 2 * c * torch.tensor([[1.0, 0.0], [0.0, -1.0]])
# rows m₁ m₂ n₁ n₂, gate, pulse, readout
factors = torch.zeros(2, 7, 3, dtype=torch.float64)
for population, S in enumerate((wheel, brake)):
    factors[population, 0:2, :2] = torch.eye(2)
    factors[population, 2:4, :2] = S
    factors[population, 4, 2] = 16.0 * population
    factors[population, 5, 0] = factors[population, 6, 0] = 1.0
design = LoadingDistribution(
    weights=torch.full((2,), 0.5).double(),
    means=torch.zeros(2, 7).double(),
    covariances=factors @ factors.mT,
    rank=2,
    inputs=2,
    options=dict(nonlinearity="erf", tau=1.0, dt=0.2),
)
limit = design.mean_field()
for name, x in (("closed", 0 * gate), ("open", gate)):
    recurrent = limit.couplings(torch.zeros(2), x)[0]
    print(f"{name}:", recurrent.numpy().round(2).tolist())

# %% [markdown]
# These are the couplings of $\kappa$ near 0. Closed, the matrix has one direction that grows. Open, a twentieth is left of the brake,
# and the wheel turns.

# %%
sides = [
    find_landscape(limit, x, limit.reach * uniform, title=title)
    for title, x in (("gate closed", 0 * gate), ("gate open", gate))
]

# %% tags=["hide-input"]
table(
    [
        {
            "": side.title,
            "unstable directions": in_words(side.fixed_points),
            "index sum": side.fixed_points.audit.index_sum,
            "period (τ)": side.orbit and side.orbit.period,
        }
        for side in sides
    ],
    **{"index sum": "{:+d}", "period (τ)": "{:.2f}"},
)

# %% tags=["hide-input"]
#| label: fig-design
#| fig-cap: >-
#|   Landscapes of the design in the limit of many units, with the gate closed and open; marks as
#|   in {numref}`fig-landscapes`.
#| fig-alt: >-
#|   Two maps of a plane side by side. Left: two red discs with a blue ring in the middle. Right:
#|   a purple oval around a dark ring.
ch18_from_n_to_two.landscapes(sides, reach=(2.9, 2.0))

# %% [markdown]
# ## Networks drawn from it
#
# Nothing has been trained. We draw networks of $N$ units from these statistics and give all
# of them three strong pulses of 1 τ, which ask for three jumps between the stable points.
# The error is the root mean square of the difference to the prediction, as a part of that
# of the prediction.
# Runs of a drawn network are made with {eq}`eq-kappa`; one is checked with all its units.

# %%
draws, sizes = 16 if profile == "full" else 3, (64, 256, 1024, 4096)
jumps, turn = torch.zeros(2, 1, 150, 2, dtype=torch.float64)
jumps[0, 0:5], jumps[0, 50:55] = 6 * pulse, -6 * pulse
jumps[0, 100:105] = 6 * pulse
turn[0, 0:5], turn[0, 30:] = 6 * pulse, gate
given = {"jumps": jumps, "turn": turn}
predicted = {kind: latent_run(limit, x)[0] for kind, x in given.items()}
runs = {kind: {} for kind in given}
for N in sizes:
    drawn = [
        design.sample(N, torch.Generator().manual_seed(1000 * draw + N + seed))
        for draw in range(draws)
    ]
    for kind, x in given.items():
        runs[kind][N] = torch.cat(
            [latent_run(Latent(each.cell), x)[0] for each in drawn]
        )
largest = drawn[0].cell.double()
latent = Latent(largest)
embedded = latent.embed(*latent_run(latent, jumps))
print(
    f"largest difference: {(embedded - scan(largest, jumps)).abs().max():.0e}"
)

# %%
errors = {
    kind: torch.stack(
        [(runs[kind][N] - path).flatten(1).norm(dim=1) for N in sizes]
    )
    / path.norm()
    for kind, path in predicted.items()
}
mean = {kind: error.mean(1) for kind, error in errors.items()}
logs = torch.tensor(sizes).double().log(), mean["jumps"].log()
slope = float(torch.cov(torch.stack(logs))[0, 1] / logs[0].var())
print(f"slope of log error against log N: {slope:.2f}")

# %% tags=["hide-input"]
table(
    [
        {"N": N, "error, three jumps": jumping, "turning": turning}
        for N, jumping, turning in zip(
            sizes, mean["jumps"].tolist(), mean["turn"].tolist()
        )
    ],
    N="{:,}",
    turning="{:.1%}",
    **{"error, three jumps": "{:.1%}"},
)

# %% tags=["hide-input"]
#| label: fig-jumps
#| fig-cap: >-
#|   Three jumps: $\kappa_1$ of sixteen networks of each size drawn from the
#|   design, and the prediction.
#| fig-alt: >-
#|   Steps between about plus two and minus two against time. Sixteen pale lines scatter around
#|   the dark line for 64 units, and lie close to it for 1,024.
times = cell.dt * torch.arange(1, 151)
paths = {N: runs["jumps"][N][..., 0] for N in (64, 1024)}
ch18_from_n_to_two.predictions(
    times, predicted["jumps"][0, :, 0], paths, {"pulse": jumps[0, :, 1]}
)

# %% tags=["hide-input"]
#| label: fig-convergence
#| fig-cap: >-
#|   The error of the prediction against the number of units: a dot for each network, and their
#|   mean.
#| fig-alt: >-
#|   Dots on two logarithmic axes fall from some 20 percent at 64 units to less than 3 percent at
#|   4,096, along a line of slope minus one half.
ch18_from_n_to_two.convergence(sizes, errors["jumps"], slope)

# %% [markdown]
# The error falls as the error of an average does, like $N^{-1/2}$
# ({numref}`fig-convergence`). With 1,024 units, as many as our trained network has, it is a
# few percent.
#
# The run with an open gate is another matter ({numref}`fig-turning`). Of the networks of 64
# units some do not turn at all. With 1,024 they turn on orbits close to the predicted one,
# but each sets out at its own moment and keeps its own time. Such differences of phase add
# up, and the error measures how long we look rather than how good the landscape is.

# %% tags=["hide-input"]
#| label: fig-turning
#| fig-cap: >-
#|   The same networks, pushed once, and turning while the gate is open.
#| fig-alt: >-
#|   After a step up, oscillations against time. For 64 units the pale lines go many ways, and
#|   some stay where they are. For 1,024 all swing as the dark line does, some earlier and some
#|   later.
paths = {N: runs["turn"][N][..., 0] for N in (64, 1024)}
inputs = {"pulse": turn[0, :, 1], "gate": turn[0, :, 0]}
ch18_from_n_to_two.predictions(times, predicted["turn"][0, :, 0], paths, inputs)

# %% tags=["hide-input"]
error_at = dict(zip(sizes, mean["jumps"].tolist()))
claim(
    "D.reduce",
    f"Two latent variables are the network of {cell.units:,} units to {difference:.0e}. From "
    f"statistics alone they are predicted to {error_at[1024]:.1%} at N = 1,024 and {error_at[4096]:.1%} at 4,096, "
    f"with an error that falls like N^({slope:.2f}).",
    paper="Equations 9 and 10: x(t) = Σ κ_k m_k + W_in v, effective couplings as Gaussian integrals",
    largest_difference_to_the_full_network=at_most(difference, 1e-10),
    slope_of_log_error_at_least=at_least(slope, -0.65),
    slope_of_log_error_at_most=at_most(slope, -0.35),
    error_at_4096_units=at_most(error_at[4096], 0.03),
    networks_of_each_size=at_least(draws, 10),
    note="Judged is the run of three jumps. In the turning run differences of phase add up: "
    f"{float(errors['turn'][sizes.index(1024)].mean()):.0%} at N = 1,024.",
)

# %% [markdown]
# ## How long a search takes
#
# The plane is the same size for all N. In all dimensions a search without Jacobians needs
# products with vectors only, and of a matrix of rank 2 these are cheap.

# %%
rows = []
for N in sizes[1:]:
    wide = design.sample(N, torch.Generator().manual_seed(seed)).cell
    latent, F = Latent(wide), wide.double().at(0 * gate)
    plane = find_fixed_points(
        LatentMap(latent, 0 * gate), sides[0].fixed_points.states, rounds=0
    )
    embedded = latent.embed(plane.states, 0 * gate)
    generator = torch.Generator().manual_seed(seed)
    noise = 0.1 * torch.randn(len(plane), N, generator=generator)
    began = time.perf_counter()
    points = find_fixed_points(F, embedded + noise, rounds=0)
    seconds = time.perf_counter() - began
    apart = float(torch.cdist(embedded, points.states).amin(1).max())
    row = {"N": N, "points": len(points), "seconds": seconds}
    rows.append(row | {"apart from the plane's": apart})

# %% tags=["hide-input"]
unit = 1 if sys.platform == "darwin" else 1024
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30
table(rows, N="{:,}", seconds="{:.2f}", **{"apart from the plane's": "{:.0e}"})

# %% tags=["hide-input"]
Markdown(f"The largest memory of this process so far: {memory:.2f} GiB.")

# %% [markdown]
# ## Can the trained network be summarised?
#
# So much for a network that we drew. The trained one was not drawn from anything. We fit
# mixtures of 1, 2 and 4 Gaussians to the loadings of its 1,024 units and see what
# landscapes their averages have.

# %%
starts = torch.cat([closed.states, G.reach * uniform[:8]])
grid = torch.linspace(-1.25, 1.25, 26).double()
grid = torch.cartesian_prod(grid, grid)
fits, rows = [], []
for P in (1, 2, 4):
    fitted = LoadingDistribution.fit(network, P, seed=seed).mean_field()
    for u in (0, 1):
        x = u * gate
        title = f"{P} population{'s' * (P > 1)}, gate {u}"
        fit = find_landscape(fitted, x, starts, rounds=0, title=title)
        wrong = (fitted(grid, x) - G(grid, x)).norm() / G(grid, x).norm()
        fits.append(fit)
        rows.append({"populations": P, "gate": u, "error of G": float(wrong)})

# %% tags=["hide-input"]
#| label: fig-fits
#| fig-cap: >-
#|   Landscapes of the trained network as mixtures of 1, 2 and 4 Gaussian populations predict
#|   them. Compare with {numref}`fig-landscapes`.
#| fig-alt: >-
#|   Three rows of two maps. With one population there is a purple oval with the gate closed, and
#|   a single red disc with the gate open. With two and four populations there are two red discs
#|   with the gate closed and a purple oval with the gate open, larger and nearer to that of the
#|   network with four.
ch18_from_n_to_two.landscapes(fits, reach=(1.25, 0.85))

# %% tags=["hide-input"]
table(
    [
        {
            "populations": row["populations"],
            "gate": row["gate"],
            "stable / not": f"{len(fit.fixed_points.stable)} / {len(fit.fixed_points.saddles)}",
            "period (τ)": fit.orbit and fit.orbit.period,
            "error of G": row["error of G"],
        }
        for fit, row in zip(fits, rows)
    ],
    **{"period (τ)": "{:.1f}", "error of G": "{:.1%}"},
)

# %% [markdown]
# One population fails, and must. With means near zero all its couplings carry one factor
# $\langle\Phi'\rangle$, so that the gate can weaken them together but never turn one
# landscape into another; here it even gets them the wrong way round. **With two the kinds
# come out right**: two stable points, then an orbit. A number of populations larger than
# one is what makes an input a switch {cite}`populations`. But the numbers come out roughly: four
# Gaussians still do not give $G$ to the percent. Training has shaped the loadings in ways
# that no mean and covariance says. {doc}`20_create` asks whether a network drawn from such a
# fit can still do the task.

# %% tags=["hide-input"]
claim(
    "D.fig2c",
    f"A rank-2 network of {cell.units:,} units has {len(closed.stable)} stable points with a closed gate and, "
    f"with an open one, a closed orbit of period {orbit.period:.2f} τ; the stable points vanish at "
    f"{' and '.join(f'{fold:.3f}' for fold in folds.tolist())} of the gate.",
    paper="Figure 2c: two stable fixed points without input, a limit cycle with input; N = 1024",
    fixed_points_gate_closed=equals(closed.census, {0: 2, 1: 2, 2: 1}),
    fixed_points_gate_open=equals(opened.census, {2: 1}),
    both_audits_close=equals(closed.audit.closed and opened.audit.closed, True),
    orbit_residual=at_most(orbit.residual, 1e-7),
    the_orbit_attracts=equals(orbit.attracts, True),
    the_same_points_in_all_dimensions=at_most(furthest, 1e-6),
    memory_in_GiB=at_most(memory, 4),
    note=f"The orbit is a periodic solution of the differential equation, {orbit.period / cell.dt:.1f} steps long; "
    f"the network, in steps of τ/5, takes {euler:.1f}.",
)

# %% [markdown]
# ## The landscape, alive
#
# The trained network, all of its units, in the page. Turn the gate up slowly: the discs meet
# their rings and vanish, and the state sets out on its round. Close it again, at different
# moments.

# %% tags=["hide-input"]
landscape(
    network,
    dials=[Dial("gate", gate, 0.0, 1.0), Dial("pulse", pulse, -1.0, 1.0)],
    start=closed.stable[0],
    title="Two landscapes, 1,024 units",
    caption="The plane of the two latent variables. Gate changes the landscape; a tap in the plane places the state.",
)

# %% [markdown]
# ## What we saw
#
# - A network whose recurrent matrix has rank two is two equations, to rounding, and the plane
#   of its two numbers holds all of its dynamics.
# - An input can change the landscape of this plane: stable points and saddles meet and vanish,
#   and a {term}`closed orbit` runs where they were.
# - Where the loadings come from a mixture of Gaussians, their statistics alone predict what a
#   drawn network does, with an error that falls as that of an average.
# - A trained network is summarised by such a mixture in kind and not in numbers: with one
#   population not even in kind.
#
# ## What this does not show
#
# - The reduction is exact because the network was *trained* with a matrix of rank two. A
#   network with a full matrix may move near a plane without such an equation for it.
# - {eq}`eq-kappa` holds for states that begin in the span of $m$ and $W$. Others come to it
#   in a time $\tau$; noise on the units keeps them off.
# - The landscapes are those of a settled input. While the gate opens, for some $\tau$, $v$
#   moves as well, and the plane is a slice of a space of four dimensions.
# - The closed orbit is one of the differential equation. The network makes Euler steps, and
#   its period is another.
# - The convergence is shown for a design of ours, in a run that keeps away from the
#   watersheds. Near one, small differences decide, and networks of one design go two ways.
#
# ## Exercises
#
# ::::{exercise}
# :label: ex-from-n-to-two-1
# Take the brake away, $c = 0$. What does the gate do now, and what do the landscapes
# look like?
#
# :::{admonition} Hint
# :class: dropdown
# Half of the units then have $n = 0$: they hear and are not heard. Which terms of
# {eq}`eq-couplings` still depend on the gate?
# :::
# ::::
#
# ::::{exercise}
# :label: ex-from-n-to-two-2
# For which $a$, $b$ and $c$ has the design two stable points at rest, near
# $\kappa = 0$ seen? Derive it from the matrix of couplings, and check it with a search.
#
# :::{admonition} Hint
# :class: dropdown
# With a closed gate $\tilde\sigma^{\mathrm{rec}} = \begin{pmatrix} a + c & -b \\ b & a - c \end{pmatrix}$ at
# $\kappa = 0$. Its eigenvalues are $a \pm \sqrt{c^2 - b^2}$. When are they real, and which of them
# exceed 1?
# :::
# ::::
#
# ::::{exercise}
# :label: ex-from-n-to-two-3
# Plot the period of `orbits` against $1/\sqrt{g - g^*}$. The two folds are not at the
# same opening. What should the plot look like just above the later one?
#
# :::{admonition} Hint
# :class: dropdown
# Two bottlenecks are passed in a turn, and only one of them becomes infinitely slow.
# :::
# ::::
#
# An input can change the law by which a network moves. {doc}`19_context` uses the same
# lever to let it choose what to listen to.
