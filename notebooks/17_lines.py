# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Lines and planes
#
# When we look at a thing and the light goes out, the eyes stay where they are, for many
# seconds. The muscles need a steady command for that, and the cells of the brain stem that
# give it fire at a rate that grows with the angle of the eye. But the bursts that moved
# the eye are over, and a cell alone forgets in some hundredths of a second. **How can units
# that forget so soon keep a number for so long?**
#
# {cite}`seung` answered with a network whose {term}`fixed points <fixed point>` form a line; {cite}`dubreuil`
# takes it for the model of a memory of graded values. In {doc}`12_line` such a
# line was *found* in a trained network that reads reviews. Here we write one down.
#
# ## What to expect
#
# $N$ units of the {term}`time constant` $\tau$ obey
#
# ```{math}
# :label: eq-lines-rate
# \tau \dot h = -h + W x + \frac{1}{N}\, m\, n^\top \Phi(h), \qquad \Phi = \tanh .
# ```
#
# The recurrent matrix has rank one: whatever the units do, all that they send each other is
# the single number $\tilde\kappa = n^\top \Phi(h) / N$, in the direction $m$. Let input 0
# be the constant 1, and its weights be $b$: thresholds. Let input 1 be a command $x$, and
# its weights be $m$ too. Then the state is $h = m\,(\kappa + v) + b$, where $v$ follows the
# command with the delay $\tau$, and
#
# ```{math}
# :label: eq-lines-latent
# \tau \dot\kappa = -\kappa + G(\kappa + v), \quad \tau \dot v = -v + x, \qquad
# G(\kappa) = \frac{1}{N} \sum_i n_i\, \Phi(m_i \kappa + b_i) .
# ```
#
# If $G(\kappa) = \kappa$ on an interval, every $\kappa$ of it is a fixed point: a *line
# attractor*. And the sum of the two equations,
#
# ```{math}
# :label: eq-lines-integral
# \tau\,(\dot\kappa + \dot v) = x ,
# ```
#
# says that the network *integrates*: $\tilde\kappa = \kappa + v$ is the integral of the command.
#
# Can a sum of saturating curves be a straight line? If the units have different thresholds
# and slopes, yes: where one saturates, the next begins. The $n_i$ are found by a regression
# of $\kappa$ on the curves $\Phi(m_i \kappa + b_i)$. That is all the training there is.

# %% tags=["parameters", "remove-input"]
seed = 0
profile = "full"  # "fast" draws 5 random errors of each size instead of 40

# %% tags=["remove-input"]
import math

import torch
from IPython.display import Markdown

import rnnlab
from rnnlab import LowRankRNN, geometry
from rnnlab.book import start
from rnnlab.book.chapters import ch17_lines
from rnnlab.book.chapters.ch16_wells import energy
from rnnlab.book.claims import at_least, at_most, claim, equals, shown
from rnnlab.book.tables import table
from rnnlab.lowrank import Latent, LatentMap, latent_run

start(seed=seed, profile=profile)


# %%
def attractor(dimension, units=256, tuning=1.0):
    return ch17_lines.continuous_attractor(
        units, dimension, torch.Generator().manual_seed(seed), tuning=tuning
    )


cell = attractor(1)
G = Latent(cell)
no_command = torch.tensor([1.0, 0.0]).double()  # thresholds alone
κ = torch.linspace(-1, 1, 401).double()[:, None]
miss = float((G(κ, no_command) - κ).abs().max())
print(f"largest |G(κ) − κ|: {miss:.1e}")

# %% [markdown]
# $m$ and $b$ are random, and the weights are fitted for $|\kappa| \leq 1.25$. We call
# $|\kappa| \leq 1$, where we have looked, the *range* of the network. All times are in units of $\tau$.

# %% tags=["hide-input"]
#| label: fig-lines-sum
#| fig-cap: >-
#|   Many saturating units add up to a straight line. Above: the curves $n_i \Phi(m_i \kappa +
#|   b_i)$ of six of the 256 units. Middle: their average over all units, $G(\kappa)$, and the
#|   line $G = \kappa$ (dashed). Below: the distance between the two. The fit was made in the
#|   shaded range; beyond, the units saturate.
#| fig-alt: >-
#|   Three panels over kappa from minus four to four. Above, six S-shaped curves, rising and
#|   falling, with steps at different places. In the middle, a straight green line on a dashed
#|   diagonal that bends to a plateau at both ends. Below, the error on a logarithmic axis: about
#|   a millionth inside of the shaded range, a tenth and more outside.
wide = torch.linspace(-4, 4, 801).double()[:, None]
curves = cell.n[:, 0] * cell.phi(wide @ cell.m.T + cell.W[:, 0])
ch17_lines.sum_of_units(
    wide[:, 0], curves[:, :6], G(wide, no_command)[:, 0], reach=1.25
)

# %% [markdown]
# ## What is kept
#
# Now the 256 units themselves, with bursts as the eye's muscles get them. For comparison
# we give the network a third input, in another direction $w$. A small input along $w$ changes
# $\tilde\kappa$ by
#
# ```{math}
# :label: eq-lines-selection
# \frac{1}{N} \sum_i n_i\, \Phi'(h_i)\, w_i = \ell^\top w , \qquad
# \ell = n \circ \Phi'(h) / N .
# ```
#
# So what is kept of an input is its part along $\ell$, the left eigenvector of the line's
# direction: the {term}`selection vector` of {doc}`12_line`. The paper says in short that inputs along
# $n$ are kept, and those orthogonal to $n$ forgotten. That is true where $\Phi' = 1$. With
# thresholds, $\ell$ turns along the line, and what is to be forgotten everywhere must be
# orthogonal to every $\ell$. They lie close to a few dimensions, so that there is a lot of
# room for such a $w$. (Ours is orthogonal to $m$, too, so that the two do not mix in the
# picture.)

# %%
m, n = cell.m[:, 0], cell.n[:, 0]
slopes = cell.slope(1.25 * κ @ cell.m.T + cell.W[:, 0])
left = n * slopes / cell.units  # ℓ at each κ of the wider range
svd = torch.linalg.svd(left, full_matrices=False)
generator = torch.Generator().manual_seed(10_000 + seed)
random = torch.randn(cell.units, generator=generator, dtype=torch.float64)
kept_directions = torch.linalg.qr(torch.cat([svd.Vh[:30].T, cell.m], 1)).Q
w = random - kept_directions @ (kept_directions.T @ random)
orthogonal = random - n * (n @ random) / n.square().sum()
dimensions = int(geometry.axes_needed(svd.S**2, 0.999))

# %% tags=["hide-input"]
directions = {"m": m, "n": n, "orthogonal to n": orthogonal, "w": w}
table(
    [
        {
            "along": name,
            "least": float((left @ direction).min()),
            "most": float((left @ direction).max()),
        }
        for name, direction in directions.items()
    ],
    least="{:.4f}",
    most="{:.4f}",
)

# %% tags=["hide-input"]
Markdown(
    "What is kept of a small input, from the least to the most along the line. "
    f"{dimensions} dimensions hold 99.9 % of all $\\ell$."
)

# %% [markdown]
# A command along $m$ is kept with the factor 1 at every place, nearly. One along $n$ is kept too,
# with a larger factor, which depends on the place. One that is orthogonal to $n$ alone
# leaks in by a few percent, and one along $w$ does not.

# %%
input_weights = torch.cat([cell.W, w[:, None]], 1)
driven = LowRankRNN.from_loadings(cell.m, cell.n, input_weights)
steps = 400
inputs = torch.zeros(1, steps, 3).double()
inputs[..., 0] = 1
along_m = ((25, 0.5), (75, 0.4), (125, -1.2), (250, 0.7), (325, -0.3))
along_w = ((175, 0.3), (210, -0.3), (290, 0.3))
for channel, bursts in ((1, along_m), (2, along_w)):
    for first, size in bursts:
        inputs[0, first : first + 5, channel] = size  # for one τ
with torch.no_grad():
    states = rnnlab.scan(driven, inputs, cell.W[None, :, 0])[0]
    kept = driven.overlaps(states)[:, 0]
integral = cell.dt * inputs[0, :, 1].cumsum(0)
aside = (states - states[:1]) @ w / (w @ w)
off = float((kept - integral).abs().max())
leak = float((kept - integral)[[174, 249]].diff())

# %% tags=["hide-input"]
Markdown(
    f"The largest distance of $\\tilde\\kappa$ to the integral is {off:.4f}; two bursts along $w$ have brought {leak:.4f}. "
    f"At the end {float(aside[-1]):.0e} is left along $w$."
)

# %% tags=["hide-input"]
#| label: fig-lines-bursts
#| fig-cap: >-
#|   What the network keeps. Top: bursts of a command along $m$ (green, solid) and along $w$
#|   (purple, dashed). Middle: what the units send each other, $\tilde\kappa$ (green), and the
#|   integral of the first command (dashed). Bottom: the part of the state along $w$.
#| fig-alt: >-
#|   Three rows against time from 0 to 80. Short bursts in the top row. In the middle a green
#|   staircase: it jumps with each green burst and stays level between, on the dashed integral.
#|   In the bottom row each purple burst leaves a bump that is gone after a few units of time.
times = cell.dt * torch.arange(1, steps + 1)
ch17_lines.integrator(times, inputs[0, :, 1:], kept, integral, aside)

# %% [markdown]
# In {numref}`fig-lines-bursts` each burst along $m$ moves the state to a new place, and it
# stays there: the number in the network is the integral of all that came in. The bursts along
# $w$ leave a bump that is gone after a few $\tau$. Forgetting is exact for small inputs only.
# A larger one bends the units' curves, and a little of it is kept after all: here less than a
# hundredth, in $\tilde\kappa$, from two bursts ({ref}`ex-lines-2`).
#
# ## How long
#
# At a point of the line a small deviation obeys $\tau \dot\delta = (-1 + m\,n^\top
# \mathrm{diag}(\Phi') / N)\,\delta$. This matrix has the eigenvalue $G'(\kappa) - 1$ along $m$,
# and $-1$ for all that is orthogonal to $\ell$. The time constants are
#
# ```{math}
# :label: eq-lines-tau
# \tau_\parallel(\kappa) = \frac{\tau}{|1 - G'(\kappa)|}, \qquad \tau_\perp = \tau .
# ```
#
# What if the weights are not quite right? We multiply $n$, and so the singular value of the
# matrix, by 0.99 and by 1.01. Then $G'$ is 0.99 or 1.01, and $\tau_\parallel$ a
# hundred $\tau$.

# %%
networks = {
    "tuned": cell,
    "1 % too weak": attractor(1, tuning=0.99),
    "1 % too strong": attractor(1, tuning=1.01),
}


def slopes_along(cell):
    """G′ at every κ."""
    couplings = [Latent(cell).couplings(point, no_command)[0] for point in κ]
    return torch.stack(couplings)[:, 0, 0]


slopes = {name: slopes_along(network) for name, network in networks.items()}
constants = {name: 1 / (1 - slope).abs() for name, slope in slopes.items()}

# %% tags=["hide-input"]
table(
    [
        {
            "time constant (τ)": name,
            "least": float(τ.min()),
            "median": float(τ.median()),
        }
        for name, τ in constants.items()
    ],
    least="{:,.1f}",
    median="{:,.1f}",
)

# %% tags=["hide-input"]
#| label: fig-lines-constants
#| fig-cap: >-
#|   Time constants along the line at every place of the range, for the tuned network and for two
#|   whose singular value is off by 1 %. Below, the time constant of all other directions.
#| fig-alt: >-
#|   Time constants on a logarithmic axis against kappa. A green curve between ten thousand and
#|   more than a million with many spikes; a dashed red and a dotted blue line together at one
#|   hundred; a flat purple line at one.
ch17_lines.time_constants(
    κ[:, 0], constants | {"other directions": torch.ones(len(κ))}
)

# %% [markdown]
# The spikes of the green curve in {numref}`fig-lines-constants` are places at which $G' = 1$ exactly. What
# counts is the least value.
#
# These are statements about small deviations, from the weights. Do the 256 units obey? We integrate
# {eq}`eq-lines-rate` with a solver, for two states side by side on the line, and for one beside it.

# %%
pair, span = κ[[260, 262]], torch.linspace(0, 20, 21)  # κ = 0.300 and 0.310


def run(cell, h):
    a = cell.project(no_command)
    return rnnlab.odeint(lambda t, h: cell.velocity(a, h), h, span)


measured = {}
for name, network in networks.items():
    h = run(network, Latent(network).embed(pair, no_command))
    gap = (h[:, 1] - h[:, 0]).norm(dim=1)
    measured[name] = float(-20 / (gap[-1] / gap[0]).log())
on_line = G.embed(pair[:1], no_command)
gap = (run(cell, on_line + 0.1 * w)[:, 0] - on_line).norm(dim=1)
relaxation = float(-5 / (gap[5] / gap[0]).log())

# %% tags=["hide-input"]
predicted = {
    name: float(1 / (1 - slope[261])) for name, slope in slopes.items()
}
table(
    [
        {"τ of": name, "predicted": predicted[name], "measured": measured[name]}
        for name in networks
    ]
    + [{"τ of": "beside the line", "predicted": 1.0, "measured": relaxation}],
    predicted="{:,.1f}",
    measured="{:,.1f}",
)

# %% [markdown]
# A minus sign means growth. So the two kinds of direction differ by a factor of many
# thousand, and a mistake of 1 % takes all but a hundred of it. Here is what this does to a memory.


# %%
def fixed_points_of(cell):
    """Those of its map of one number, searched in the box that holds them."""
    latent = Latent(cell)
    starts = torch.linspace(-1, 1, 61).double()[:, None] * latent.reach
    return rnnlab.find_fixed_points(
        LatentMap(latent, no_command),
        starts,
        box=latent.reach,
        rounds=1,
        seed=seed,
    )


starts = torch.linspace(-1, 1, 9).double()[:, None]
waiting = torch.zeros(len(starts), 1500, 2)
waiting[..., 0] = 1
runs, points = {}, {}
for name in ("1 % too weak", "tuned", "1 % too strong"):
    latent = Latent(networks[name])
    path, _ = latent_run(latent, waiting, kappa0=starts, v0=waiting[:, 0])
    runs[name], points[name] = path[..., 0].T, fixed_points_of(networks[name])
moved = float((runs["tuned"][-1] - starts[:, 0]).abs().max())

# %% tags=["hide-input"]
table(
    [
        {
            "": name,
            "stable": len(found.stable),
            "unstable": len(found.saddles),
            "index sum": found.audit.index_sum,
        }
        for name, found in points.items()
    ],
    **{"index sum": "{:+d}"},
)

# %% tags=["hide-input"]
Markdown(
    f"In {1500 * cell.dt:.0f} $\\tau$ the states of the tuned network have moved by {moved:.4f} at most."
)

# %% tags=["hide-input"]
#| label: fig-lines-drift
#| fig-cap: >-
#|   The number in the network against time, from nine starts, when nothing comes in. At the
#|   right the fixed points: red discs are stable, blue rings are not. Top: the singular value is
#|   1 % too small. Middle: tuned. Bottom: 1 % too large.
#| fig-alt: >-
#|   Three panels over 300 units of time. Above, nine lines decay to the one red disc at zero. In
#|   the middle nine level lines, and a column of discs and rings in turn. Below, the lines run
#|   away from a ring at zero to two discs, beyond the starts.
ch17_lines.drifts(cell.dt * torch.arange(1, 1501), runs, points)

# %% [markdown]
# A singular value that is too small leaves one fixed point: all memories fade to it. One that is too large
# leaves three: memories grow until the units saturate at the ends.
#
# And the tuned network? Its fixed points are not a line. Between two places where $G(\kappa)$ is a little
# above $\kappa$ lies one where it is a little below, and the search finds each of the crossings:
# stable points and {term}`saddles <saddle>` in turn, and the index sum closes at $+1$. In the strict sense the line is
# a row of shallow wells. It takes the criterion of {doc}`12_line`, with its tolerance, to see a line:

# %%
F = cell.at(no_command)
slow = rnnlab.find_slow_points(F, G.embed(κ[::10], no_command))
lifted = G.embed(points["tuned"].states, no_command)
fixed = rnnlab.find_fixed_points(F, lifted, rounds=0, seed=seed)
rates = ((fixed.eigenvalues - 1) * cell.tau / cell.dt).real

# %% tags=["hide-input"]
lowest, highest = float(rates[:, 0].min()), float(rates[:, 0].max())
Markdown(
    f"{len(slow)} of {len(κ[::10])} starts along the range lead to slow points, with $q / N < 10^{{-8}}$; {len(fixed)} points "
    "are fixed points of all 256 units, with $q \\leq 10^{-20}$. At each of these there is one rate from "
    f"{lowest:+.0e} to {highest:+.0e} $/\\tau$, and {rates.shape[1] - 1} that differ from $-1/\\tau$ by at most "
    f"{float((rates[:, 1:] + 1).abs().max()):.0e}."
)

# %% [markdown]
# ## A half-pipe
#
# With one $\kappa$ the dynamics runs downhill on an energy, $\tau \dot\kappa = -E'(\kappa)$. A coordinate
# $y$ along $w$ has the energy $y^2 / 2$. Together,
#
# ```{math}
# :label: eq-lines-energy
# V(\kappa, y) = \frac{y^2}{2} + \int_0^\kappa \bigl(s - G(s)\bigr)\, ds .
# ```
#
# For the tuned network this is a {term}`half-pipe` that lies level. A ball that is put on its wall rolls to the
# bottom, and stays at the $\kappa$ that it was put at. We detune by 15 %, since a slope of 1 %
# could not be seen.

# %%
pipe = torch.linspace(-1.2, 1.2, 61).double()
pipes = {
    "15 % too weak": attractor(1, tuning=0.85),
    "tuned": cell,
    "15 % too strong": attractor(1, tuning=1.15),
}
balls = torch.tensor([[-0.8, 0.7], [0.5, -0.7]]).double()
energies, paths = {}, {}
for name, network in pipes.items():
    latent = Latent(network)
    energies[name] = energy(latent, pipe, no_command)

    def downhill(t, z, latent=latent):
        κ, y = z[:, :1], z[:, 1:]
        return torch.cat([latent(κ, no_command) - κ, -y], 1)

    # there before the balls leave the picture
    until = 2.5 if name == "15 % too strong" else 20
    rolled = rnnlab.odeint(downhill, balls, torch.linspace(0, until, 100))
    paths[name] = rolled.unbind(1)

# %% tags=["hide-input"]
#| label: fig-lines-pipe
#| fig-cap: >-
#|   The energy $V(\kappa, y)$ as a surface, with balls that start at the rings and roll to the
#|   discs. Middle: tuned, a level half-pipe; the balls keep their $\kappa$. Top: too weak, a
#|   bowl; the balls roll to its middle. Bottom: too strong, a saddle; the balls roll to the
#|   ends.
#| fig-alt: >-
#|   Three half-pipes one above the other, each with two balls that roll from the walls down to
#|   the bottom. In the upper one the bottom sags and both balls run to the middle; in the middle
#|   one the bottom is level and each ball stays below its start; in the lower one the bottom is
#|   arched and the balls run outwards.
ch17_lines.half_pipes(pipe, energies, paths)

# %% tags=["hide-input"]
least = float(constants["tuned"].min())
claim(
    "D.line",
    f"The network of rank one keeps what comes in along m for at least {least:,.0f} τ at every place of its range, and "
    f"forgets what is orthogonal to the left eigenvectors with {relaxation:.3f} τ.",
    paper="section 3.2 and figure 2b: much longer than τ along n, τ in the directions orthogonal to it",
    least_time_constant_along_the_line=at_least(least, 100),
    orthogonal_time_constant_off_one_tau_by=at_most(abs(relaxation - 1), 0.05),
    largest_distance_to_the_integral=at_most(off, 0.02),
    singular_value_off_by_1_percent=shown("the three panels against time"),
    half_pipe=shown("the three surfaces"),
    note=f"Off by 1 % the time constants are {measured['1 % too weak']:.1f} τ, of decay, and "
    f"{-measured['1 % too strong']:.1f} τ, of growth. “Along n” holds to first order for inputs with a part along the "
    "left eigenvectors n∘Φ′(h).",
)

# %% [markdown]
# ## What it costs to be tuned
#
# With $\tau$ of a hundredth of a second, to hold for 20 seconds asks for $\tau_\parallel =
# 2000\,\tau$: the singular value must be right to a twentieth of a percent. No one knows of
# synapses that are so exact. How bad is it?
#
# Two kinds of error are to be told apart. One that all weights share, such as the one above,
# is the worst: it gives $\tau / \varepsilon$, and more units do not help. Independent errors,
# $n_i (1 + \varepsilon \xi_i)$ with normal $\xi_i$, change the slope by
#
# ```{math}
# :label: eq-lines-error
# \delta G'(\kappa) = \frac{\varepsilon}{N} \sum_i n_i\, m_i\, \Phi'(m_i \kappa + b_i)\, \xi_i
# \;\sim\; \frac{c\, \varepsilon}{\sqrt{N}} ,
# ```
#
# with a $c$ that does not depend on $N$: they average out.

# %%
errors = torch.tensor([0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03]).double()
draws, limits = (40 if profile == "full" else 5), {}
without_error, steepness = {}, {}
for units in (32, 128, 512):
    network = attractor(1, units)
    ξ = torch.randn(units, draws, generator=generator, dtype=torch.float64)
    slope = network.slope(κ[::4] @ network.m.T + network.W[:, 0])
    terms = network.n[:, 0] * network.m[:, 0] * slope / units  # of G′
    limits[f"{units} units"] = torch.stack(
        [1 / (terms @ (1 + ε * ξ) - 1).abs().amax(0) for ε in errors]
    )
    without_error[units] = float(1 / (terms.sum(1) - 1).abs().max())
    steepness[units] = float(terms.norm(dim=1).max()) * math.sqrt(units)
limits["all weights alike"] = (1 / errors)[:, None]

# %% tags=["hide-input"]
table(
    [
        {
            "units": units,
            "least τ without error": without_error[units],
            "c": steepness[units],
        }
        for units in without_error
    ],
    c="{:.2f}",
    **{"least τ without error": "{:,.0f}"},
)

# %% tags=["hide-input"]
#| label: fig-lines-precision
#| fig-cap: >-
#|   The least time constant in the range when all $n_i$ have independent errors, for three
#|   numbers of units: median and middle half of the draws. Dashed: when all weights are wrong by
#|   the same share.
#| fig-alt: >-
#|   Time constants against relative error, both logarithmic. Three falling curves, one above the
#|   other: the more units, the higher. They run level at small errors. A dashed straight line
#|   falls from ten thousand to about thirty; at large errors it is below all three, and a factor
#|   of ten below the curve of 512 units.
ch17_lines.precision(errors, limits)

# %%
one_percent = float(limits["512 units"][4].median())
ξ = torch.randn(cell.units, 1, generator=generator).double()
broken = LowRankRNN.from_loadings(cell.m, cell.n * (1 + 0.03 * ξ), cell.W)
left_over = fixed_points_of(broken)

# %% tags=["hide-input"]
Markdown(
    f"With 512 units and each weight wrong by 1 %, the least time constant is {one_percent:,.0f} $\\tau$ in the median. "
    f"With 256 units and each weight wrong by 3 %, {len(left_over)} fixed point{'s' * (len(left_over) != 1)} and "
    f"{len(left_over.slow)} slow points are left."
)

# %% [markdown]
# At the left of {numref}`fig-lines-precision` the curves run level: there the fit of the
# tuned network is the limit, and the units it has. At the right they fall as $\sqrt{N} /
# \varepsilon$. With errors of 1 % in every weight, 512 units still hold for many hundred
# $\tau$. So what needs care is not each weight, but what they have in common: the gain. The
# row of fixed points is much more delicate than the slowness: with errors of 3 % hardly any
# of it is left.
#
# This is the *fine tuning problem* of continuous attractors. A generic network has none:
# among all weights, those with a line are a set of measure zero. Trained networks like that
# of {doc}`12_line` are tuned by the training, as well as the task asks, and the eye's
# integrator is believed to be tuned by vision. Other answers give up the continuum: with
# units that are bistable themselves {cite}`koulakov` the wells of the row are deep, the
# memory is robust, and small commands are lost.
#
# ## A plane
#
# With two vectors $m_1, m_2$, and $n_1, n_2$ from the same regression, the matrix has rank two,
# and the fixed points $h = m_1 \kappa_1 + m_2 \kappa_2 + b$ fill a disc.

# %%
plane = attractor(2)
P = Latent(plane)
no_velocity = torch.tensor([1.0, 0.0, 0.0]).double()
angle, radius = (
    torch.rand(400, 1, generator=generator).double() for _ in range(2)
)
angle = 2 * math.pi * angle
disc = radius.sqrt() * torch.cat([angle.cos(), angle.sin()], 1)
within = torch.linalg.eigvals(
    torch.stack([P.couplings(point, no_velocity)[0] for point in disc])
)
F = plane.at(no_velocity)
eigenvalues = torch.linalg.eigvals(F.jacobian(P.embed(disc[:25], no_velocity)))
rates = ((eigenvalues - 1) * plane.tau / plane.dt).abs()
decay = 1 / rates.sort(-1).values
slowest = float(1 / (1 - within).abs().max())

# %% tags=["hide-input"]
Markdown(
    f"In the plane, at {len(disc)} points of the disc, the time constants are at least {slowest:,.0f} $\\tau$. At 25 of "
    f"them all others are {float(decay[:, 2:].min()):.6f} $\\tau$ to {float(decay[:, 2:].max()):.6f} $\\tau$."
)

# %% tags=["hide-input"]
#| label: fig-lines-modes
#| fig-cap: >-
#|   The ten longest time constants of the plane attractor at 25 points of the disc: dots, with
#|   their medians. The other 246 are as those from the third on.
#| fig-alt: >-
#|   Ten columns of dots on a logarithmic axis. The first two spread between several thousand and
#|   a million, the eight others lie at one, exactly.
ch17_lines.modes(decay)

# %% [markdown]
# Two directions are marginal, and the other 254 forget in $\tau$. A network like this can
# keep track of a position: an animal that walks in the dark can add up its own velocity. We
# walk along a path in the disc, give the network nothing but the velocity, and read
# $\tilde\kappa$.

# %%
walk = 3000
phase = torch.linspace(0, 2 * math.pi, walk + 1).double()
x, y = phase.sin() * (3 * phase).cos(), phase.sin() * (2 * phase).sin()
path = torch.stack([x, y], 1) * 0.95
velocity = torch.ones(1, walk, 3).double()
velocity[0, :, 1:] = path.diff(dim=0) / plane.dt
states = rnnlab.scan(plane, velocity, plane.W[None, :, 0])[0]
output = plane.overlaps(states)
lost = float((output - path[1:]).norm(dim=1).max())

# %% tags=["hide-input"]
way = float(path.diff(dim=0).norm(dim=1).sum())
Markdown(
    f"In {walk * plane.dt:.0f} $\\tau$ and on a way of {way:.1f} the network is off by {lost:.3f} at most."
)

# %% tags=["hide-input"]
#| label: fig-lines-path
#| fig-cap: >-
#|   Path integration. The pale band is a path, and the green line the output of the network when it
#|   is given the velocity only, with a dot every 20 $\tau$. Dashed: the range of the network.
#| fig-alt: >-
#|   A curve with several loops within a dashed circle, drawn as a pale band. A thin green line
#|   with dots runs in the middle of the band all the way.
ch17_lines.path_integration(path, output, every=100)

# %% [markdown]
# How flat is the plane? Here is the velocity with which the state drifts when nothing comes in.

# %% tags=["hide-input"]
#| label: fig-lines-plane
#| fig-cap: >-
#|   The drift of the plane attractor without input: direction (arrows of one length) and size
#|   (colour). Dashed: the disc in which the weights were fitted.
#| fig-alt: >-
#|   A square field of small arrows. Within a dashed circle they are pale and point in all
#|   directions in patches; outside of it they are dark and point inwards.
grid = torch.linspace(-1.6, 1.6, 21).double()
grid = torch.cartesian_prod(grid, grid)
ch17_lines.drift_field(grid, P(grid, no_velocity) - grid, reach=1.25)

# %% tags=["hide-input"]
marginal = (decay >= 100).sum(-1)
claim(
    "D.plane",
    f"The network of rank two has two marginal directions at every point of the disc, with time constants of at least "
    f"{slowest:,.0f} τ; all others decay with τ.",
    paper="section 3.2: plane attractors, D = 2",
    marginal_directions=equals(sorted(set(marginal.tolist())), [2]),
    least_time_constant_of_the_two=at_least(slowest, 100),
    largest_time_constant_of_the_others=at_most(
        float(decay[:, 2:].max()), 1.01
    ),
    largest_error_of_path_integration=at_most(lost, 0.05),
)

# %% [markdown]
# In {numref}`fig-lines-plane` the drift within the circle is slow and in no particular
# direction. Outside it points inwards: the attractor ends
# where the fit ends.
#
# ## The same object, found and written down
#
# The networks of {doc}`12_line` and {doc}`15_more_answers` were trained on texts, and what was found in
# them looks like this: one or more directions that keep, in which the evidence is added up, and
# all others that forget; a left eigenvector that says what of a word is kept. Here each of
# these can be traced to a weight. The left eigenvector is $n \circ \Phi'(h)$, the line runs along $m$, and
# the ends of the line are where the units saturate.
#
# ## What we saw
#
# - A sum of saturating units can be a straight line, and a network with such a sum keeps any
#   number of its range: it integrates commands along $m$, and forgets what is orthogonal to the
#   left eigenvectors within a few $\tau$.
# - Strictly there is no line but a row of stable points and saddles, so close to each other that
#   the state hardly moves between them.
# - What has to be exact is the gain that all weights share. Independent errors average out.
# - With rank two the attractor is a plane, and the network adds up velocities to a position.
#
# ## What this does not show
#
# - That a brain does it like this. The model explains how a memory can outlast its parts; the tuning
#   is put in by a regression, and how synapses would come to it is another question.
# - That all errors average out. Independent errors of $n$ do. Noise in time does not:
#   whatever of it comes in along $\ell$ is integrated like a command, and the state makes a
#   random walk.
# - That a plane is easy to fill. The same number of units fits a plane less well than a line, and the
#   number that is needed grows with the dimension.
#
# ## Exercises
#
# ::::{exercise}
# :label: ex-lines-1
# Show from {eq}`eq-lines-latent` that for a detuned network, $G(\kappa) = \rho
# \kappa$, the response to a constant command $x$ tends to $x \rho / (1 - \rho)$ in $\kappa$
# for $\rho < 1$. An integrator that leaks is a filter: with which time constant?
#
# :::{admonition} Hint
# :class: dropdown
# $v \to x$, and then $\tau \dot\kappa = -(1 - \rho) \kappa + \rho x$.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-lines-2
# Start at $\kappa = -0.5$, and give a burst along $w$ that is ten times as large as
# those of {numref}`fig-lines-bursts`. How much of it is kept? Why is it nearly the same for
# $+w$ and $-w$? And what happens at $\kappa = 0.5$?
#
# :::{admonition} Hint
# :class: dropdown
# Expand $\Phi(h + w v)$ to second order: $\ell^\top w$ vanishes, $\sum_i n_i \Phi''(h_i)
# w_i^2 / 2N$ does not.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-lines-3
# Remove one unit after the other from the {term}`line attractor`. How does $\tau_\parallel$
# fall? Fit $n$ again to the units that are left.
#
# :::{admonition} Hint
# :class: dropdown
# Leave out a row of `cell.m`, `cell.n` and `cell.W`, and call `LowRankRNN.from_loadings`. Since it
# divides by the number of units, multiply $n$ by $(N - 1) / N$ to leave the other synapses as
# they were.
# :::
# ::::
