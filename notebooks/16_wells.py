# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Memories as wells
#
# So far we have trained networks, and then asked what they do. In this part we go the other
# way. We write the weights down, and the theory says what must happen. **How much can one
# say about a network of a thousand units before it has run?**
#
# We begin where {cite}`dubreuil` begins, with the oldest of these networks. It stores
# pictures, or any lists of signs, as points to which its state falls. It needs no training,
# its weights are one line, and it can be understood nearly completely
# {cite}`hopfield1982,hopfield1984`.
#
# ## What to expect
#
# A **rate network** changes in continuous time. Its $N$ units have the currents $h$ and
# send each other the rates $\Phi(h)$, by units, with $\Phi = \tanh$:
#
# ```{math}
# :label: eq-wells-rate
# \tau \dot h = -h + U\, \Phi(h) + W x(t) .
# ```
#
# The matrix $U$ is built from $P$ **memories** $\xi^\mu$, lists of $N$ random signs:
#
# ```{math}
# :label: eq-wells-hebb
# U = \frac{g}{N} \sum_{\mu = 1}^{P} \xi^\mu \xi^{\mu\mathsf T} ,
# \qquad \xi^\mu \in \{-1, +1\}^N .
# ```
#
# Two units excite each other as far as they agree in the memories. The **gain** $g$ sets how
# strongly. If the memories are few, their overlaps $\xi^\mu \cdot \xi^\nu / N$ are small,
# and a state along one memory, $h = g\, \kappa\, \xi^\mu$, stays along it. What is left of
# {eq}`eq-wells-rate` is one equation for one number, the **overlap** $\kappa$:
#
# ```{math}
# :label: eq-wells-overlap
# \tau \dot\kappa = -\kappa + \tanh(g \kappa) .
# ```
#
# Above $g = 1$ it has two stable points, near $\pm 1$: the memory, and its negative. So we
# expect $2P$ attractors, and that each is reached from afar. Two things must spoil this
# in the end. With many memories the small overlaps add up. And a sum of a few memories
# looks like a memory to the network too.

# %% tags=["parameters", "remove-input"]
seed = 0
profile = "full"  # "fast" measures the capacity of small networks only

# %% tags=["remove-input"]
import warnings

import numpy as np
import torch
from IPython.display import Markdown
from scipy.optimize import brentq

import rnnlab
from rnnlab import geometry, plots
from rnnlab.book import start
from rnnlab.book.chapters import ch16_wells
from rnnlab.book.chapters.ch16_wells import (
    CAPACITY,
    corrupted,
    energy,
    hopfield,
    random_patterns,
)
from rnnlab.book.claims import at_least, at_most, claim, equals, shown
from rnnlab.book.players.memories import memories
from rnnlab.book.tables import table
from rnnlab.lowrank import Latent, LatentMap

start(seed=seed, profile=profile)
generator = torch.Generator().manual_seed(seed)

# %% [markdown]
# ## Continuous time
#
# In {doc}`01_maps` a network was a map. Equation {eq}`eq-wells-rate` becomes one by an Euler
# step of length $dt$,
#
# ```{math}
# :label: eq-wells-euler
# h' = h + \frac{dt}{\tau} \bigl( -h + U\, \Phi(h) + W x \bigr) .
# ```
#
# With $dt = \tau$ the old $h$ drops out, and this is the discrete network of {doc}`01_maps`.
# With a small $dt$ it should follow the differential equation. We take a network with random
# weights and two inputs that vary in time, solve {eq}`eq-wells-rate` by an adaptive
# Runge–Kutta method of order 8, and halve $dt$ six times.


# %%
def rate_network(dt):
    generator = torch.Generator().manual_seed(seed)
    cell = rnnlab.RateRNN(2, 16, dt=dt, generator=generator).double()
    with torch.no_grad():
        cell.U *= 2.5  # strong enough to oscillate in large steps
    return cell.requires_grad_(False)


def inputs(t):
    return torch.stack([torch.sin(t), torch.cos(2 * t)], -1)


def velocity(t, h):
    x = inputs(torch.tensor(t).double())
    return cell.velocity(cell.project(x), h)


cell = rate_network(1.0)
h0, end = torch.zeros(16).double(), 5.0  # in units of τ
exact = rnnlab.odeint(velocity, h0, torch.tensor([0, end]))[-1]
errors = {}
for dt in [2.0**-k for k in range(1, 7)]:
    euler, h = rate_network(dt), h0
    for t in torch.arange(0, end, dt).double():
        h = euler(inputs(t), h)
    errors[dt] = float((h - exact).norm() / exact.norm())

# %% tags=["hide-input"]
log_dt, log_error = (
    torch.tensor(list(part)).log() for part in (errors, errors.values())
)
slopes = log_error.diff() / log_dt.diff()
table(
    [
        {
            "dt": f"τ/{1 / dt:.0f}",
            "relative error after 5 τ": error,
            "slope": slope,
        }
        for (dt, error), slope in zip(errors.items(), [None, *slopes.tolist()])
    ],
    slope="{:.3f}",
    **{"relative error after 5 τ": "{:.4f}"},
)

# %%
discrete = rnnlab.PreActivationRNN(2, 16).double().requires_grad_(False)
discrete.load_state_dict(rate_network(1.0).state_dict())
states = torch.randn(100, 16, generator=generator).double()
x = torch.randn(100, 2, generator=generator).double()
step, discrete_step = rate_network(1.0)(x, states), discrete(x, states)
apart = float((step - discrete_step).abs().max())
print(f"largest difference: {apart:.0g}")

# %% [markdown]
# The error falls in proportion to $dt$: the slope of its logarithm against that of $dt$ goes to
# 1. At $dt = \tau$ the step is that of the discrete network.
#
# Where $\dot h = 0$, {eq}`eq-wells-euler` does not move either, for any $dt$. So the *fixed
# points* do not depend on $dt$. Their *stability* may. If $\rho$ is an eigenvalue of
# $U\, \mathrm{diag}(\Phi'(h))$, that of the step is $1 + (\rho - 1)\, dt / \tau$. In
# continuous time a point is stable when all $\operatorname{Re} \rho < 1$; in steps of $\tau$,
# when all $|\rho| < 1$.

# %%
no_input = torch.zeros(2).double()
F = rate_network(1.0).at(no_input)
found = rnnlab.find_fixed_points(F, states, seed=seed)
moved, unstable = {}, {}
for dt in (1.0, 0.5, 0.1, 0.01):
    F = rate_network(dt).at(no_input)
    eigenvalues = torch.linalg.eigvals(F.jacobian(found.states))
    unstable[dt] = (eigenvalues.abs() > 1).sum(-1)
    moved[dt] = float((F(found.states) - found.states).abs().max())

# %% tags=["hide-input"]
table(
    [
        {
            "dt": f"{dt:g} τ",
            "points": len(found),
            "move by": moved[dt],
            "unstable": ", ".join(map(str, counts.tolist())),
        }
        for dt, counts in unstable.items()
    ],
    **{"move by": "{:.0e}"},
)

# %% [markdown]
# With `seed = 0` we have such a case: the one {term}`fixed point` attracts in continuous time, and
# repels in steps of $\tau$. When one reads a discrete network as a continuous one, stability
# has to be asked again. For the $U$ of {eq}`eq-wells-hebb` all $\rho$ are real and none is
# negative, and all step lengths agree.

# %% tags=["hide-input"]
claim(
    "D.eq3",
    f"The Euler steps follow the differential equation with an error of order dt (slope "
    f"{slopes[-1]:.3f}); with dt = τ they are the discrete network.",
    paper="Equation 3: a leak makes the discrete network one in continuous time",
    slope_of_the_error=at_least(float(slopes[-1]), 0.9),
    slope_is_not_above_one=at_most(float(slopes[-1]), 1.1),
    step_of_τ_against_the_discrete_network=at_most(apart, 1e-12),
    fixed_points_move_under_other_steps=at_most(max(moved.values()), 1e-9),
    note="Solved by SciPy's DOP853 with tolerance 1e-9. The claim is the method's; the "
    "paper gives no number.",
)

# %% [markdown]
# ## One memory: two wells
#
# The right side of {eq}`eq-wells-overlap` is a function of one number. So it is the slope of
# another, $\tau \dot\kappa = -E'(\kappa)$, with the **energy**
#
# ```{math}
# :label: eq-wells-energy
# E(\kappa) = \frac{\kappa^2}{2} - \frac{1}{g} \ln \cosh(g \kappa) .
# ```
#
# The state slides down in $E$. We take $E$ from the network itself, 1,024 units with one
# memory, as the integral of its force, and compare it with the formula.

# %%
N = 1024
one_memory = random_patterns(1, N, generator).double()
κ = torch.linspace(-1.5, 1.5, 601).double()
nothing = torch.zeros(1).double()  # the input that the network does not have
energies = {
    gain: energy(Latent(hopfield(one_memory, gain=gain)), κ, nothing)
    for gain in (0.8, 1.5, 2.0, 4.0)
}
formula = {g: κ**2 / 2 - (g * κ).cosh().log() / g for g in energies}
worst = max(
    float((E - E[300] - formula[gain]).abs().max())
    for gain, E in energies.items()
)
print(f"largest difference: {worst:.0e}")

# %% tags=["hide-input"]
#| label: fig-wells-energy
#| fig-cap: >-
#|   The energy of the overlap with one memory, in a network of 1,024 units, for four gains.
#|   Discs: valleys, where the state comes to rest. Rings: hills.
#| fig-alt: >-
#|   Four curves over the overlap from minus 1.5 to 1.5. For the lowest gain there is one valley,
#|   at zero. For the others zero is a hill between two valleys, which move outward towards plus
#|   and minus one and become deeper as the gain grows.
ch16_wells.wells(κ, {f"g = {gain:g}": E for gain, E in energies.items()})

# %% [markdown]
# At $g = 1$ the one valley splits in two: a pitchfork ({numref}`fig-wells-energy`). A
# memory is a *well*. We use $g = 4$ from here on.
#
# ## Two memories: four wells
#
# With $P$ memories the state has $P$ coordinates, $h = g \sum_\mu \kappa_\mu \xi^\mu$. No
# approximation is needed. Put into {eq}`eq-wells-rate`, this gives, exactly,
#
# ```{math}
# :label: eq-wells-gradient
# \begin{aligned}
# \tau \dot\kappa &= -\nabla E(\kappa) , \\
# E(\kappa) &= \frac{\lVert\kappa\rVert^2}{2}
# - \frac{1}{g} \bigl\langle \ln\cosh(g\, \xi \cdot \kappa) \bigr\rangle ,
# \end{aligned}
# ```
#
# where $\langle \cdot \rangle$ is the average over the units and $\xi$ the signs of a unit in
# the $P$ memories. For $P = 2$ this is a landscape that one can draw.

# %%
two_memories = hopfield(random_patterns(2, N, generator).double(), gain=4.0)
G = Latent(two_memories)
side = torch.linspace(-1.2, 1.2, 97).double()
grid = torch.cartesian_prod(side, side)
lncosh = G.embed(grid, nothing).cosh().log().mean(-1)
levels = grid.square().sum(-1) / 2 - lncosh / 4
points = rnnlab.find_fixed_points(
    LatentMap(G, nothing), grid[::120], box=G.reach, seed=seed
)
print(points.census, points.audit, sep="\n")

# %% tags=["hide-input"]
#| label: fig-wells-landscape
#| fig-cap: >-
#|   The energy of a network of 1,024 units with two memories over its two overlaps; dark is
#|   deep. Discs are stable points: the memories and their negatives. Rings are saddles; the dark
#|   one in the middle has two unstable directions. Green: runs of the network itself from twelve
#|   states (squares).
#| fig-alt: >-
#|   A landscape with four dark wells right, left, above and below, a red disc at the bottom of
#|   each, four blue rings on the passes between them and a dark ring on the hill in the middle.
#|   Green lines run from small squares down into the wells.
angle = torch.linspace(0, 2 * torch.pi, 13).double()[:12] + 0.1
ring = 0.25 * torch.stack([angle.cos(), angle.sin()], 1)
starts = G.embed(torch.cat([ring[::2], 4.2 * ring[1::2]]), nothing)
runs = rnnlab.orbit(two_memories.at(nothing), starts, 59)
ch16_wells.landscape(side, levels.view(97, 97), points, G.project(runs))

# %% [markdown]
# {numref}`fig-wells-landscape` has four wells, four passes between them, and one hill: the
# $(4, 4, 1)$ of the trained 2-bit {term}`flip-flop` ({doc}`04_flipflop2`), turned by an eighth of a
# circle. There training had to find the weights. Here they follow from what is to be
# remembered.
#
# ## Fifty-one memories
#
# Now 51 memories in 1,024 units, a **load** of $P/N = 0.05$. The cue is a memory in which
# 30 % of the units, chosen at random, have the wrong sign: its overlap is $0.4$. For each
# memory we let the network run from one such cue, with $dt = 0.2\, \tau$.
#
# We also watch an energy of the whole network. For a symmetric $U$, every state has one
# {cite}`hopfield1984`; with the rates $r = \Phi(h)$,
#
# ```{math}
# :label: eq-wells-lyapunov
# \begin{aligned}
# E(r) &= -\frac{1}{2}\, r^{\mathsf T} U r + \sum_i \int_0^{r_i} \Phi^{-1}(s)\, ds , \\
# \dot E &= -\tau \sum_i \Phi'(h_i)\, \dot h_i^2 \le 0 .
# \end{aligned}
# ```
#
# For $\tanh$ the integral is $h_i \tanh h_i - \ln\cosh h_i$.

# %%
ξ = random_patterns(51, N, generator).double()
network = hopfield(ξ, gain=4.0)
cues = 4 * corrupted(ξ, 0.3, generator)
h = rnnlab.orbit(network.at(nothing), cues, 50)  # (cue, time, unit)
overlaps, r = network.overlaps(h), network.phi(h)
own = overlaps.diagonal(dim1=0, dim2=2).clone()  # (time, cue)
overlaps.diagonal(dim1=0, dim2=2).zero_()
others = overlaps.abs().amax(2).T
integral = (h * r - h.cosh().log()).sum(-1)
depth = ((integral - (r * network.recur(r)).sum(-1) / 2) / N).T
rise = float(depth.diff(dim=0).max())

# %% tags=["hide-input"]
Markdown(
    f"The overlap of a cue with its memory is {own[0].mean():.3f} in the mean, and after $10\\,\\tau$ it is at least "
    f"{own[-1].min():.3f}; the largest overlap with another memory is {others[-1].max():.3f} then. The energy never "
    f"rises: its largest change in a step is {rise:.0e}."
)

# %% tags=["hide-input"]
#| label: fig-wells-recall
#| fig-cap: >-
#|   Recall of 51 memories in 1,024 units from cues with 30 % of the units flipped, a line for
#|   each. Above: overlap of the rates with the memory of the cue, and the largest with another
#|   one. Below: the energy of the network per unit.
#| fig-alt: >-
#|   Above, red lines rise together from 0.4 to nearly 1 within about three time constants, while
#|   grey lines start near 0.07 and stay low. Below, blue lines fall and level off.
ch16_wells.recalls(torch.arange(51) * network.dt, own, others, depth)

# %% [markdown]
# All 51 come back ({numref}`fig-wells-recall`), and the energy never rises: the state falls
# into a well of a landscape in 1,024 dimensions. What is wrong in a cue need not be known,
# nor where. The memory is found by what it contains, not by an address.
#
# ## How good is the overlap equation?
#
# Equation {eq}`eq-wells-overlap` leaves out all other memories. We let the network start
# along a memory, at $h = g\, \kappa_0\, \xi^\mu$ for six $\kappa_0$, solve both equations by
# the same method, and compare. The relative error is
# $\lVert \kappa - \kappa_{\text{eq}} \rVert / \lVert \kappa_{\text{eq}} \rVert$ over $8 \tau$,
# averaged over the cues of up to six memories. There are two overlaps to compare: that of the
# state, $\kappa$, a coordinate; and that of the rates,
# $\tilde\kappa_\mu = \xi^\mu \cdot \Phi(h) / N$, which is $\tanh(g \kappa)$ if the equation
# holds.

# %%
times = torch.linspace(0, 8, 33).double()
κ0 = torch.tensor([0.05, 0.1, 0.2, 0.4, 0.7, 1.3]).double()
theory = rnnlab.odeint(lambda t, κ: -κ + torch.tanh(4 * κ), κ0, times)


def relative(measured, expected):  # both (times, cues, memories or 1)
    distance = (measured - expected).norm(dim=0)
    return float((distance / expected.norm(dim=0)).mean())


counts = (1, 5, 10, 20, 41, 51, 82)
errors = {"state, κ": [], "rates, Φ(h)": [], "at rest": []}
for count in counts:
    stored = random_patterns(count, N, generator).double()
    cell = hopfield(stored, gain=4.0)
    cues = 4 * κ0[:, None, None] * stored[:6]
    h = rnnlab.odeint(
        lambda t, h: cell.velocity(0 * h, h), cues, times, tolerance=1e-6
    )
    κ = Latent(cell).project(h).diagonal(dim1=2, dim2=3)
    rates = cell.overlaps(h).diagonal(dim1=2, dim2=3)
    expected = torch.tanh(4 * theory)[..., None]
    errors["state, κ"].append(relative(κ, theory[..., None]))
    errors["rates, Φ(h)"].append(relative(rates, expected))
    errors["at rest"].append(relative(κ[-1:, 2:], theory[-1:, 2:, None]))
    if count == 51:
        shown_run = κ[..., 0]
loads = [count / N for count in counts]

# %% tags=["hide-input"]
table(
    [
        {"P/N": load, **dict(zip(errors, row))}
        for load, *row in zip(loads, *errors.values())
    ],
    **{"P/N": "{:.3f}"},
    **dict.fromkeys(errors, "{:.3%}"),
)

# %% tags=["hide-input"]
#| label: fig-wells-overlap
#| fig-cap: >-
#|   The overlap equation against the network of 1,024 units. Above: overlap with one of 51
#|   memories from six cues along it, in the network (dots) and by the equation (lines). Below:
#|   relative error of the overlap against the load, for the coordinate of the state and for the
#|   rates, over the whole run, and for the state at rest.
#| fig-alt: >-
#|   Above, dots lie on six lines that converge to one. Below, three lines of errors rise with
#|   the load on logarithmic axes, from about a hundredth of a percent to nearly one percent.
measured = {name: torch.tensor(line[1:]) for name, line in errors.items()}
ch16_wells.overlap(times, shown_run, theory, loads[1:], measured)

# %% [markdown]
# One number stands for 1,024, and at a load of 0.05 it is wrong by less than a percent. The
# error grows with the load, since the other memories push at random, and by more where the
# cue is weak. With a single memory it vanishes: the equation is exact then.
#
# ## Capacity
#
# The crosstalk of $P$ memories on one unit is a random number with a variance of about
# $P/N$. At some load it must flip units, which flip others. For binary units without noise the theory
# of spin glasses puts the end at $P/N = 0.138$ {cite}`amit1985storage`. We measure: for each
# load, cues with 10 % and with 30 % of the units flipped, 150 steps of $dt = \tau$, and
# the share whose final overlap is above 0.9.

# %%
# units: networks drawn
sizes = {256: 8, 512: 4, 1024: 2} if profile == "full" else {256: 4}
loads = [0.04, 0.06, 0.08, 0.1, 0.12, 0.14, 0.16, 0.18]
flipped = {
    f"{100 * share:.0f} % of the cue flipped": share for share in (0.1, 0.3)
}
recalled = {cue: {} for cue in flipped}
for units, draws in sizes.items():
    shares = torch.zeros(2, len(loads))
    for i, load in enumerate(loads * draws):
        stored = random_patterns(round(load * units), units, generator)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # above 0.138: what we want to see
            cell = hopfield(stored, gain=4.0, dt=1.0)
        chosen = stored[:20]
        cues = [corrupted(chosen, s, generator) for s in flipped.values()]
        F = cell.at(torch.zeros(1))
        h = rnnlab.iterate(F, 4 * torch.stack(cues), 150)
        final = (cell.phi(h) * chosen).mean(-1)
        right = (final > 0.9).float().mean(-1)
        shares[:, i % len(loads)] += right / draws
    for lines, row in zip(recalled.values(), shares):
        lines[f"N = {units}"] = row

# %% tags=["hide-input"]
breakdown = {}
for cue, lines in recalled.items():
    for name, line in lines.items():
        above = int(
            (line < 0.5).nonzero()[0]
        )  # the first load at which half are lost
        low, high = line[above - 1], line[above]
        part = float((low - 0.5) / (low - high))
        breakdown[cue, name] = loads[above - 1] + part * (
            loads[above] - loads[above - 1]
        )
table(
    [
        {
            "half are recalled at P/N, of cues with": cue.replace(
                "of the cue ", ""
            )
        }
        | {name: breakdown[cue, name] for name in lines}
        for cue, lines in recalled.items()
    ],
    **dict.fromkeys(lines, "{:.3f}"),
)

# %% tags=["hide-input"]
#| label: fig-wells-capacity
#| fig-cap: >-
#|   Share of cues that lead back to their memory, against the load, for networks of three sizes
#|   with $g = 4$. Dashed: 0.138, the limit for binary units without noise.
#| fig-alt: >-
#|   Two panels of falling lines. With 10 percent of the cue flipped, nearly everything is
#|   recalled up to a load of 0.1, and half near the dashed line. With 30 percent the fall comes
#|   earlier, near 0.11. Larger networks fall more steeply.
ch16_wells.capacity(loads, recalled, limit=CAPACITY)

# %% [markdown]
# The breakdown is no slow decline. The larger the network, the steeper it is
# ({numref}`fig-wells-capacity`); for $N \to \infty$ theory makes it a jump. Where it comes
# depends on the cue, since wells become narrow before they vanish. From good cues it lies
# near 0.138 in the largest network. This agreement should not be read too closely: from one
# size to the next it still moves down. Besides, that number is for binary units and
# $U_{ii} = 0$. Ours are graded, which loses a little, and $U_{ii} = g P / N$ makes each unit
# hold on to its own sign, which wins a little.

# %% tags=["hide-input"]
curves = [line for lines in recalled.values() for line in lines.values()]
located = sum(bool(line[0] > 0.9 and line[-1] < 0.5) for line in curves)
at = {
    round(count / N, 2): error
    for count, error in zip(counts, errors["state, κ"])
}
claim(
    "D.hopfield",
    f"51 memories in 1,024 units come back from cues with 30 % flipped, with an overlap of at "
    f"least {own[-1].min():.3f}. Recall breaks down at P/N = {min(breakdown.values()):.3f} to "
    f"{max(breakdown.values()):.3f}, by cue and size. The overlap equation is off by "
    f"{at[0.05]:.1%} at P/N = 0.05.",
    paper="Section 3.1, equations 5 and 6: P attractors if P is not too large; one equation "
    "for the overlap",
    smallest_overlap_after_recall=at_least(float(own[-1].min()), 0.95),
    breakdown_located_in_cases=equals(located, 2 * len(sizes)),
    relative_error_of_the_overlap_equation=shown(
        "; ".join(
            f"{at[load]:.2%} at P/N = {load}" for load in (0.01, 0.05, 0.08)
        )
    ),
    energy_rises_in_no_step=at_most(rise, 1e-12),
    note="Errors are those of the state's coordinate κ over 8 τ, six cues and up to six "
    "memories. The breakdown is where half of the cues end above an overlap of 0.9.",
)

# %% [markdown]
# ## What was never stored
#
# Is every attractor a memory, or the negative of one? We ask for $P = 3$, where the
# question has an exact answer. For large $N$ each of the eight combinations of three signs
# occurs in an eighth of the units. But 24 units, three for each combination, have the same
# averages. **So a network of 24 units tells all about infinitely many.** Its three
# coordinates obey {eq}`eq-wells-gradient`, and the search for their fixed points is small
# enough to be complete.

# %%
signs = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0])] * 3).T.double()
thrice = signs.repeat(1, 3)  # three memories in 24 units
starts = 2 * torch.rand(64, 3, generator=generator, dtype=torch.float64) - 1


def fixed_overlaps(patterns, gain):
    """Fixed points of the map of the overlaps."""
    G = Latent(hopfield(patterns, gain=gain))
    return rnnlab.find_fixed_points(
        LatentMap(G, nothing), starts, box=G.reach, seed=seed
    )


def in_each(κ):
    """How many memories take part in each point, and whether alike."""
    sizes = κ.abs()
    largest = sizes.amax(1, keepdim=True)
    large = sizes > 0.1
    smallest = torch.where(large, sizes, largest).amin(1)
    return large.sum(1), (largest[:, 0] - smallest) < 1e-6


low, high = fixed_overlaps(thrice, 1.5), fixed_overlaps(thrice, 4.0)

# %% tags=["hide-input"]
table(
    [
        {
            "g": gain,
            "points": len(points),
            "with 0, 1, 2, 3 unstable": ", ".join(
                map(str, points.census.values())
            ),
            "index sum": points.audit.index_sum,
        }
        for gain, points in ((1.5, low), (4.0, high))
    ],
    **{"index sum": "{:+d}"},
)

# %% tags=["hide-input"]
mirrored = max(
    float(torch.cdist(-p.states, p.states).amin(1).max()) for p in (low, high)
)
Markdown(
    f"If $\\kappa$ is a fixed point, so is $-\\kappa$, up to {mirrored:.0e}. The points for $g = 4$, by kind:"
)

# %% tags=["hide-input"]
parts, even = in_each(high.states)
rows = []
for memories_in, alike, unstable in sorted(
    {*zip(parts.tolist(), even.tolist(), high.n_unstable.tolist())}
):
    of_kind = (
        (parts == memories_in) & (even == alike) & (high.n_unstable == unstable)
    )
    example = high.states[of_kind][0].abs().sort(descending=True)[0].tolist()
    rows.append(
        {
            "memories": memories_in,
            "points": int(of_kind.sum()),
            "unstable": unstable,
            "such as |κ|": ", ".join(f"{value:.3f}" for value in example),
        }
    )
table(rows)

# %% tags=["hide-input"]
#| label: fig-wells-mixtures
#| fig-cap: >-
#|   All fixed points of a network with three memories, in the space of its three overlaps, for
#|   two gains. Discs are stable, rings are saddles. Pale lines: trajectories that start next to
#|   the saddles.
#| fig-alt: >-
#|   Two portraits in three dimensions. Left, an octahedron: six red discs on its corners, rings
#|   on its edges and faces. Right, red discs on fourteen corners of a rhombic dodecahedron, with
#|   rings on its edges and faces.
axes = geometry.PCA(
    torch.zeros(3).double(), torch.eye(3).double(), torch.ones(3) / 3
)
panels = []
for gain, points in ((1.5, low), (4.0, high)):
    F = LatentMap(Latent(hopfield(thrice, gain=gain)), nothing)
    modes = rnnlab.linearize(F, points.states)
    manifolds = rnnlab.unstable_manifolds(F, points, modes, steps=200)
    panels.append(
        plots.Portrait(
            pca=axes,
            fixed_points=points,
            background=manifolds,
            title=f"g = {gain:g}",
        )
    )
plots.portraits(panels)

# %% [markdown]
# At $g = 1.5$ the six stable points are the memories and their negatives, and form an
# octahedron. On each of its 12 edges lies a {term}`saddle`, on each of its 8 faces another, and the
# origin is in the middle: $27 = 6 + 12 + 8 + 1$.
#
# At $g = 4$ there are **14 attractors**. Eight of them were never stored. They are the
# *mixtures* $\kappa = a\, (\pm 1, \pm 1, \pm 1)$ with $a$ just below one half: each unit
# follows the majority of three memories. Between each mixture and the three memories in it
# there is a saddle with one {term}`unstable direction`, an *asymmetric* mixture. The mixtures of two
# memories are saddles. Six corners of an octahedron and eight of a cube are the corners of a
# rhombic dodecahedron, and the saddles lie on its 24 edges and 12 faces. The audit is Euler's
# formula: corners − edges + faces − 1 = 1.
#
# Mixtures are the flaw of this memory: the network recalls with confidence what it has never
# seen. How can one be rid of them? At a mixture the units in which all three memories agree
# have the current $3 g a$, the others $g a$, so
#
# ```{math}
# :label: eq-wells-mixture
# a = \tfrac{1}{4} \bigl( \tanh 3 g a + \tanh g a \bigr) .
# ```
#
# It is stable as long as $g\, (1 - \tanh^2 g a) < 1$. This is the condition of two equal
# eigenvalues, for changes in favour of one memory.
# With a *low* gain it fails. We solve both for the threshold, and count the stable points at
# several gains, with the finder.


# %%
def condition(u):
    """The condition for a and that for its stability together, u = g a."""
    return u / np.cosh(u) ** 2 - (np.tanh(3 * u) + np.tanh(u)) / 4


threshold = float(np.cosh(brentq(condition, 0.3, 2)) ** 2)

three = random_patterns(3, N, generator).double()
majority = torch.sign(signs.T @ three)
gains = [1.2, 1.6, 2.0, 2.1, 2.2, 2.5, 3.0, 3.5, 4.0, 6.0]
stable = {"memories": [], "mixtures, N → ∞": [], "mixtures, N = 1024": []}
audits = 0
for gain in gains:
    found = fixed_overlaps(thrice, gain)
    audits += found.audit.closed
    parts, _ = in_each(found.stable)
    cell = hopfield(three, gain=gain, dt=1.0)
    h = rnnlab.iterate(cell.at(nothing), gain * majority, 300)
    kept = (cell.overlaps(h).abs() > 0.2).all(1)
    for line, these in zip(stable.values(), (parts == 1, parts == 3, kept)):
        line.append(int(these.sum()))

# %% tags=["hide-input"]
Markdown(
    f"Mixtures of three are stable above $g = {threshold:.3f}$, that is $1/g = {1 / threshold:.2f}$. "
    f"The audit closes at {audits} of {len(gains)} gains."
)

# %% tags=["hide-input"]
#| label: fig-wells-gain
#| fig-cap: >-
#|   How many stable points there are at each gain, with three memories: the memories and their
#|   negatives, and mixtures of three, for infinitely many units and in a network of 1,024 with
#|   random memories. Dashed: the gain at which the mixtures lose their stability.
#| fig-alt: >-
#|   Steps against the gain. The memories stay at six. The mixtures of the infinite network jump
#|   from zero to eight at the dashed line, at 2.17. Those in the network of 1,024 units appear
#|   later, a few at a time, until they are eight too.
ch16_wells.kinds(gains, stable, threshold=threshold)

# %% [markdown]
# Below $g = 2.17$ only memories are left ({numref}`fig-wells-gain`). Equation
# {eq}`eq-wells-mixture` is one that {cite}`amit1985` found for binary units at a
# temperature $T$, with $1/T$ in the place of $g$; their mixtures are lost above $T = 0.46$.
# Noise and a low gain do the same: they wash the shallow wells away, and leave the deep ones.
#
# In the network of 1,024 units the mixtures need a higher gain than in the infinite one. Its
# random memories overlap by a few percent, which favours some mixtures and tilts others.
# This is a matter of the draw.
#
# Are the points in $\kappa$ those of the network? We find them in the overlaps of the 1,024
# units, put them into the full space, and let a step of the network act on them. For one of
# each kind we also ask for the eigenvalues there.

# %%
points = fixed_overlaps(three, 4.0)
cell = hopfield(three, gain=4.0)
full_states = Latent(cell).embed(points.states, nothing)
F = cell.at(nothing)
moved = float((F(full_states) - full_states).abs().max())

# %% tags=["hide-input"]
parts, _ = in_each(points.states)
rows = []
for memories_in, unstable in sorted(
    {*zip(parts.tolist(), points.n_unstable.tolist())}
):
    first = int(
        ((parts == memories_in) & (points.n_unstable == unstable)).nonzero()[0]
    )
    there = rnnlab.find_fixed_points(
        F, full_states[first : first + 1], rounds=0
    )
    rows.append(
        {
            "memories": memories_in,
            "unstable in κ": unstable,
            "in 1,024 units": int(there.n_unstable),
        }
    )
table(rows)

# %% tags=["hide-input"]
Markdown(
    f"There are {len(points)} points in the overlaps, with {', '.join(map(str, points.census.values()))} of 0, 1, 2 and 3 "
    f"unstable directions; {points.audit}. In 1,024 units they move by at most {moved:.0e} in a step."
)

# %% [markdown]
# They are the same points, with the same numbers of unstable directions.
#
# ## Pictures, alive
#
# Real pictures are not random signs. Two that are alike have a large overlap, and
# {eq}`eq-wells-hebb` mixes them up. So we draw six of 20 × 20 pixels by formulas, such that
# they are nearly orthogonal.

# %%
y, x = torch.meshgrid(*[torch.arange(20) - 9.5] * 2, indexing="ij")
area = torch.pi * (x**2 + y**2)  # of the disc that reaches this pixel
shapes = {
    "half": x < 0,
    "disc": area < 200,
    "ring": (area > 100) & (area < 300),
    "blocks": ((x + 10) // 5 + (y + 10) // 5) % 2 == 0,
    "stripes": torch.sin(0.3 * torch.pi * (x + y) + 0.2) > 0,
    "wave": y < 4 * torch.sin(torch.pi * x / 5),
}
images = torch.stack([2.0 * shape.flatten() - 1 for shape in shapes.values()])
overlap = images @ images.T / 400
largest = float(overlap.fill_diagonal_(0).abs().max())

gallery = hopfield(images, gain=4.0)
cues = 4 * corrupted(images.expand(100, -1, -1), 0.3, generator).flatten(0, 1)
frames = rnnlab.orbit(gallery.at(torch.zeros(1)), cues, 100)
overlaps = gallery.overlaps(frames[:, -1]).view(100, 6, 6)
final = overlaps.diagonal(dim1=1, dim2=2)

# %% tags=["hide-input"]
Markdown(
    f"The largest overlap of two pictures is {largest:.2f}. Of 600 cues with 30 % of the pixels flipped, the smallest "
    f"final overlap is {final.min():.3f}."
)

# %% tags=["hide-input"]
#| label: fig-wells-pictures
#| fig-cap: >-
#|   Six pictures stored in 400 units, a cue with 30 % of the pixels flipped for each, and what
#|   the network makes of it.
#| fig-alt: >-
#|   Six rows of small pictures: half, disc, ring, blocks, stripes, wave. In each row the picture
#|   itself, a noisy version in which it can hardly be seen, and three later ones in which it
#|   comes back.
columns = {"cue": 0, "τ": 5, "2 τ": 10, "20 τ": 100}
rows = {
    name: torch.stack(
        [images[k], *gallery.phi(frames[k, list(columns.values())])]
    ).view(-1, 20, 20)
    for k, name in enumerate(shapes)
}
ch16_wells.pictures(rows, ["memory", *columns])

# %% [markdown]
# All come back. Try it: draw something, or spoil a picture, and let the network run. The
# negative of a picture is a memory as well. Of random pictures about one in five ends in a
# mixture: three overlaps near one half.

# %% tags=["hide-input"]
memories(
    gallery,
    images,
    (20, 20),
    names=list(shapes),
    title="Six pictures in 400 units",
    caption="The network runs in the page. Draw or spoil a picture, and watch it fall into a "
    "well. The bars show the overlap with each of the six.",
)

# %% [markdown]
# ## What we saw
#
# - Weights that are written down store memories as wells: each memory, and its negative, is a
#   stable point that a network reaches from cues with many wrong signs.
# - As long as the load is small, one equation for one overlap predicts what a network of 1,024
#   units does. At a load that depends on the cue and the size, recall breaks down.
# - Not every attractor is a memory. At a high gain mixtures of three memories are stable
#   too, and a gain below a threshold that can be computed removes them.
#
# ## What this does not show
#
# - The memories are random, or made to be orthogonal. For memories that are alike, such as
#   faces or words, {eq}`eq-wells-hebb` fails early, and other rules are needed.
# - The capacity is measured for one gain and two kinds of cues, from a few draws. It is no
#   test of the theory for graded units, in which the limit depends on the gain.
# - The attractors are complete for three memories. For 51 we know that the memories are
#   among them, and nothing about how many others there are.
# - An energy exists since $U$ is symmetric. Trained networks have none in general. They may
#   oscillate, as in {doc}`18_from_n_to_two`.
#
# ## Exercises
#
# ::::{exercise}
# :label: ex-wells-1
# At which overlap of the cue do the 51 memories stop coming back? Flip 35, 40 and 45
# percent of the units.
#
# :::{admonition} Hint
# :class: dropdown
# Repeat the cell before {numref}`fig-wells-recall` with `corrupted(ξ, 0.4, generator)`. With
# 50 % nothing is left of the memory. The overlap of the cue must stand out of those with the
# 50 other memories, which are about $1/\sqrt{N}$ each.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-wells-2
# We have used two energies, {eq}`eq-wells-energy` and {eq}`eq-wells-lyapunov`. Compare
# them for one memory, at states along it. Where are they the same?
#
# :::{admonition} Hint
# :class: dropdown
# At $h = g \kappa \xi$ the rates have the overlap $\tanh g\kappa$. The energy of the rates is
# $-\frac{g}{2} \tanh^2 g \kappa + g \kappa \tanh g \kappa - \ln \cosh g \kappa$ per unit.
# Subtract $g E(\kappa)$ and complete the square.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-wells-3
# Add a memory to the six pictures that is like one of them: a smaller disc. From which
# size on can the network no longer tell the two apart?
#
# :::{admonition} Hint
# :class: dropdown
# Start at the memories themselves, `h = 4 * images`, run to rest, and compare the rates of the
# two discs. With `area < 120` (an overlap of 0.56) there still are two wells; with
# `area < 170` (0.78) they are one.
# :::
# ::::
#
# Wells hold one of a few things. To hold a *number*, one would have to make the bottom of a
# well flat. {doc}`17_lines` does it.
