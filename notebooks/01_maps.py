# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A network is a map
#
# What does a recurrent network do while nothing new comes in? It goes on computing: each state is
# made from the one before. Hold the input still, and the whole network is one function, applied
# again and again. Everything in this book is a statement about that function.
#
# ## What to expect
#
# We write four architectures as such functions, check the code against the equations to the last digits, and look at the simplest functions of this kind in one and two
# dimensions. There the whole vocabulary of the book is already visible: attractors, {term}`saddles <saddle>`, and
# an input that makes some of them disappear. At the end we take a plain `torch.nn.LSTM` and find
# its {term}`fixed points <fixed point>` with one call.

# %% tags=["parameters", "remove-input"]
seed = 0
retrain = False  # the small network of this chapter is trained here in any case
profile = "full"

# %% tags=["remove-input"]
import numpy as np
import torch
from IPython.display import Markdown
from scipy.special import expit

import rnnlab
from rnnlab import (
    convex_combinations,
    find_fixed_points,
    from_torch,
    geometry,
    linearize,
    orbit,
    plots,
    scan,
)
from rnnlab.book import start
from rnnlab.book.claims import at_least, at_most, claim, equals, shown
from rnnlab.book.tables import table
from rnnlab.plots import style

start(seed=seed, retrain=retrain, profile=profile)
torch.manual_seed(seed)
samples = 1000 if profile == "full" else 100

# %% [markdown]
# ## State, input, map
#
# A recurrent network carries a **state** $h_t \in \mathbb{R}^N$ from one time step to the
# next. At each step it meets an input $x_t$ and forms the new state by one fixed rule,
#
# ```{math}
# :label: eq-cell
# h_{t+1} = F(h_t, x_t).
# ```
#
# The rule $F$ is the *cell*: a GRU, an LSTM, and so on. A linear readout turns the state
# into an output. Now hold the input at a constant $x$. What is left is a **map** from
# states to states,
#
# ```{math}
# :label: eq-map
# h \;\mapsto\; F(h) := F(h, x),
# ```
#
# and the sequence $h, F(h), F(F(h)), \dots$ is the **trajectory** of $h$. In code, the map of
# a cell under the input $x$ is `cell.at(x)`. A **fixed point** is a state that the map
# leaves alone,
#
# ```{math}
# :label: eq-fixed
# h^* = F(h^*).
# ```
#
# It is *stable* if all states close to it return. A network that must remember something
# while its input is silent needs such places: the state has to stay somewhere.
#
# ## One unit
#
# The smallest network has one unit and one recurrent weight $u$: $h' = \tanh(u h)$. Its map
# is a curve, and its fixed points are where the curve meets the diagonal $h' = h$. The
# staircases in {numref}`fig-cobweb` are trajectories: up or down to the curve, across to
# the diagonal, and on.

# %%
starts = torch.tensor([[-1.0], [-0.06], [0.06], [1.0]])
maps, points = {}, {}
for u in (0.7, 2.0):
    unit = rnnlab.VanillaRNN(1, 1).requires_grad_(False)
    one, U = torch.ones(1, 1), torch.full((1, 1), u)
    unit.load_state_dict({"W": one, "U": U, "b": torch.zeros(1)})
    maps[u] = unit.at(torch.zeros(1))  # h → tanh(u h)
    points[u] = find_fixed_points(maps[u], starts)

# %% tags=["hide-input"]
#| label: fig-cobweb
#| fig-cap: >-
#|   The map of one unit, $h' = \tanh(u h)$, with a weak and with a strong recurrent weight $u$.
#|   Dark curve: the map. Thin line: the diagonal. Green staircases: trajectories. Red disc: a
#|   stable fixed point. Blue ring: an unstable one. The weak unit forgets where it started; the
#|   strong one remembers the sign.
#| fig-alt: >-
#|   Two graphs of a tanh curve over the interval from -1 to 1. With weight 0.7 the curve meets
#|   the diagonal once, at zero, and the staircases run into that point. With weight 2 it meets
#|   the diagonal three times; the staircases leave the middle point and end at the two outer
#|   ones.
with style.context():
    picture = plots.picture(6, 3.3)
    h = torch.linspace(-1, 1, 201)[:, None]
    for ax, (u, F) in zip(
        picture.subplots(1, 2, sharey=True), maps.items(), strict=True
    ):
        stairs = orbit(F, starts, 30)[..., 0].repeat_interleave(2, 1)
        ax.plot(h, h, color=style.INK, lw=0.8)
        ax.plot(h, F(h), color=style.SADDLES[2], lw=2)
        ax.plot(
            stairs[:, :-1].T, stairs[:, 1:].T, color=style.TRAJECTORY, lw=1.2
        )
        saddles, stable = points[u].saddles, points[u].stable
        ring = dict(mfc="white", mec=style.SADDLES[0], mew=2)
        ax.plot(saddles, saddles, "o", ms=8, **ring)
        ax.plot(stable, stable, "o", ms=8, mfc=style.STABLE, mec="white")
        ax.set(title=f"u = {u}", xlabel="$h$", ylabel="$h'$" if u < 1 else None)
        ax.set(xticks=(-1, 0, 1), yticks=(-1, 0, 1), aspect="equal")
picture

# %% [markdown]
# Two facts of the picture carry the whole book. First, a memory is a stable fixed point,
# and between two memories there is an unstable one, the watershed. Second, whether a
# fixed point is stable is decided by the slope of the map there: a distance to it is
# multiplied by the slope at each step, and shrinks if the slope lies between $-1$ and $1$.
# In $N$ dimensions the slope becomes the Jacobian matrix $DF(h^*)$, and the condition
# becomes: all its eigenvalues lie inside the unit circle.
#
# ## Two units, and an input
#
# Two such units, weakly coupled, make a map of the plane. One cannot draw its graph, but
# its trajectories. {numref}`fig-plane` shows the same cell under four constant inputs, with
# the fixed points that `find_fixed_points` returns (how it finds them is the matter of
# {doc}`02_fixed_points`).

# %%
pair = rnnlab.VanillaRNN(2, 2).requires_grad_(False)
coupling = torch.tensor([[2.0, 0.2], [-0.2, 2.0]])
pair.load_state_dict({"W": torch.eye(2), "U": coupling, "b": torch.zeros(2)})
starts = 2 * torch.rand(150, 2) - 1
inputs = {f"x = ({x}, 0)": torch.tensor([x, 0.0]) for x in (0.0, 0.3, 0.5, 0.8)}
points = {
    name: find_fixed_points(pair.at(x), starts) for name, x in inputs.items()
}

# %% tags=["hide-input"]
table(
    [
        {
            "input": name,
            "stable": len(found.stable),
            "1 unstable": found.census.get(1, 0),
            "2 unstable": found.census.get(2, 0),
        }
        for name, found in points.items()
    ]
)

# %% tags=["hide-input"]
#| label: fig-plane
#| fig-cap: >-
#|   A network of two tanh units under four constant inputs to its first unit. Grey: trajectories
#|   from random starts. Red discs: stable fixed points. Blue rings: saddles, larger and darker
#|   with two unstable directions. A growing input does not push the state from one memory to
#|   another; it removes memories, until only those that it asks for are left.
#| fig-alt: >-
#|   Four phase portraits of the square. Without input there are four stable points near the
#|   corners, four saddles between them and one doubly unstable point in the middle. Under the
#|   input 0.3 the points on the left have moved, under 0.5 the stable point at the upper left
#|   and a saddle have vanished. Under 0.8 only two stable points on the right and one saddle
#|   between them remain.
plane = geometry.PCA(torch.zeros(2), torch.eye(2), torch.full((2,), 0.5))
panels = [
    plots.Portrait(
        plane,
        points[name],
        background=orbit(pair.at(x), starts, 25),
        title=name,
    )
    for name, x in inputs.items()
]
picture = plots.portraits(panels)
for ax in picture.axes:
    ax.set(xlabel="unit 1", ylabel="unit 2")
picture

# %% [markdown]
# Without input there are nine fixed points: a stable one for each pair of signs, a saddle
# between each two neighbours, and one point in the middle that is unstable in both
# directions. This is a memory of two bits. A trained GRU with 64 units builds the same
# pattern ({doc}`04_flipflop2`).
#
# Each input has a map of its own, and a map has fixed points of its own. An input that lasts
# long enough leaves only the memories that agree with it. When it ends, the old map is
# back, and the state runs to whichever stable point has it on its side of the watershed.
# That is how a pulse writes into a memory.
#
# ## The GRU
#
# Gated cells choose, unit by unit, how much of the old state to keep. Let $\sigma(s) = 1 /
# (1 + e^{-s})$, and let $\odot$ be the product by units. The gated recurrent unit {cite}`gru` of
# {cite}`explaining` (Definition 1 there) is
#
# ```{math}
# :label: eq-gru
# \begin{aligned}
# z &= \sigma(W_z x + U_z h + b_z) \\
# r &= \sigma(W_r x + U_r h + b_r) \\
# \hat h &= \tanh\bigl(W_h x + U_h (r \odot h) + b_h\bigr) \\
# F(h, x) &= (1 - z) \odot h + z \odot \hat h .
# \end{aligned}
# ```
#
# The *update gate* $z$ says how far each unit moves towards the *candidate* $\hat h$. The
# *reset gate* $r$ says how much of the state the candidate may see. We write these four
# lines once more in NumPy, and compare them with `rnnlab.GRU` on random states and inputs.

# %%
gru = rnnlab.GRU(input_size=3, state_size=64).double().requires_grad_(False)
x, h = (
    torch.randn(samples, 3).double(),
    2 * torch.rand(samples, 64).double() - 1,
)

Wz, Wr, Wh = gru.W.numpy().reshape(3, 64, 3)
Uz, Ur, Uh = gru.U.numpy().reshape(3, 64, 64)
bz, br, bh = gru.b.numpy().reshape(3, 64)
X, H = x.numpy(), h.numpy()
z = expit(X @ Wz.T + H @ Uz.T + bz)
r = expit(X @ Wr.T + H @ Ur.T + br)
candidate = np.tanh(X @ Wh.T + (r * H) @ Uh.T + bh)
transcription = (1 - z) * H + z * candidate
rounding = abs(gru(x, h).numpy() - transcription).max()
print(f"largest difference: {rounding:.1e}")

# %% [markdown]
# ### Two GRUs with one name
#
# `torch.nn.GRU` is another function. There the reset gate acts *after* the product with the
# recurrent matrix,
#
# ```{math}
# :label: eq-reset-after
# \hat h = \tanh\bigl(W_h x + b_h + r \odot (U_h h + c)\bigr),
# ```
#
# since this lets a GPU compute all products with $h$ at once. Weights trained in one form do not
# work in the other. The two agree only where the reset gate is fully open, $r = 1$ (with $c = 0$),
# or where the state is zero. `from_torch` therefore returns a cell of the second form, with
# the weights copied.

# %%
module = torch.nn.GRUCell(3, 64).double().requires_grad_(False)
module.bias_hh[128:] = (
    0  # c = 0: what remains is the place of the reset gate alone
)
twin = from_torch(module)
same_weights = {name: w for name, w in twin.state_dict().items() if name != "c"}
gru.load_state_dict(same_weights)
apart = (gru(x, h) - module(x, h)).abs().max().item()
at_zero = (gru(x, 0 * h) - module(x, 0 * h)).abs().max().item()

gru.b[64:128] = module.bias_ih[:64] = (
    50.0  # opens every reset gate: r = 1 to rounding
)
gate_open = (gru(x, h) - module(x, h)).abs().max().item()

# %% tags=["hide-input"]
table(
    [
        {"same weights in two GRUs": "at random states", "differ by": apart},
        {"same weights in two GRUs": "at h = 0", "differ by": at_zero},
        {"same weights in two GRUs": "with r = 1", "differ by": gate_open},
    ],
    **{"differ by": "{:.2g}"},
)

# %%
module = torch.nn.GRUCell(3, 64).double().requires_grad_(False)
converted = (from_torch(module)(x, h) - module(x, h)).abs().max().item()

# %% tags=["hide-input"]
claim(
    "E.def1",
    f"Our GRU equals a NumPy transcription of Definition 1 to {rounding:.0e} on "
    f"{samples} random states in float64. torch.nn.GRU with the same weights differs "
    f"by up to {apart:.2f}, and only through the place of the reset gate; converted, "
    f"it is exact.",
    paper="Definition 1: r is applied to h before U_h",
    difference_from_the_transcription=at_most(rounding, 1e-12),
    torch_GRU_with_the_same_weights_differs=at_least(apart, 1e-3),
    both_agree_at_zero_state=at_most(at_zero, 1e-12),
    both_agree_with_open_reset_gates=at_most(gate_open, 1e-12),
    converted_torch_GRU=at_most(converted, 1e-12),
)

# %% [markdown]
# ## The other cells
#
# **Long short-term memory** {cite}`lstm` carries two vectors, the output $u$ and the inner memory
# $c$. For us its state is both, $h = (u, c)$ with $2N$ numbers for $N$ units: only then is
# the next state a function of this one.
#
# ```{math}
# :label: eq-lstm
# \begin{aligned}
# (a_i, a_f, a_g, a_o) &= W x + U u + b \\
# c' &= \sigma(a_f) \odot c + \sigma(a_i) \odot \tanh(a_g) \\
# u' &= \sigma(a_o) \odot \tanh(c')
# \end{aligned}
# ```
#
# **The update-gate network** {cite}`ugrnn` is a GRU without a reset gate. Its gate $g$ says how
# much to *keep*:
#
# ```{math}
# :label: eq-ugrnn
# \begin{aligned}
# g &= \sigma(W_g x + U_g h + b_g) \\
# F(h, x) &= g \odot h + (1 - g) \odot \tanh(W_c x + U_c h + b_c)
# \end{aligned}
# ```
#
# **The vanilla network**, or Elman network, has no gates. There are two ways to write it
# {cite}`dubreuil`. In one the state $r$ is what the units send out; in the other the
# state $v$ is the current that they receive:
#
# ```{math}
# :label: eq-vanilla
# r' = \Phi(U r + W x + b), \qquad v' = U\, \Phi(v) + W x + b .
# ```
#
# These are one network in two coordinates. Put $r_t = \Phi(v_t)$. Then $\Phi$ of the second equation
# is the first, and a readout $V \Phi(v_t)$ is the readout $V r_t$. We let both run on the same
# random inputs.

# %%
units = dict(input_size=3, state_size=64)
rates = rnnlab.VanillaRNN(**units).double()
currents = rnnlab.PreActivationRNN(**units).double()
currents.load_state_dict(rates.state_dict())
V = torch.randn(2, 64).double()
signal = torch.randn(20, 200, 3).double()
v0 = torch.randn(20, 64).double()
with torch.no_grad():
    read_rates = scan(rates, signal, currents.output(v0)) @ V.T
    read_currents = currents.output(scan(currents, signal, v0)) @ V.T
gap = (read_rates - read_currents).abs().max().item()

# %% tags=["hide-input"]
claim(
    "D.eq1",
    f"The vanilla network gives the same readout with the rates and with the currents "
    f"as its state, r = Φ(v), over 200 steps of random input: largest difference "
    f"{gap:.0e}.",
    paper="equivalent up to a change of coordinates (eq. 1 and 2)",
    largest_difference_of_readouts=at_most(gap, 1e-12),
    size_of_the_readout=at_least(read_rates.abs().max().item(), 1),
)

# %% [markdown]
# ## Bring your own network
#
# All this would be of little use if it held for our classes only. So here is a network that
# knows nothing of this package: a `torch.nn.LSTM` and a linear readout, trained by a plain loop
# to remember one bit, the sign of the last pulse. (`FlipFlop` only makes the data.)

# %%
task = rnnlab.tasks.FlipFlop(bits=1, length=50)
data = torch.Generator().manual_seed(seed)
lstm, readout = torch.nn.LSTM(1, 16, batch_first=True), torch.nn.Linear(16, 1)
weights = [*lstm.parameters(), *readout.parameters()]
optimizer = torch.optim.Adam(weights, lr=1e-2)
for _ in range(300):
    batch = task.batch(64, data)
    loss = (readout(lstm(batch.inputs)[0]) - batch.targets).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

test = task.batch(samples, data)
with torch.no_grad():
    accuracy = task.accuracy(readout(lstm(test.inputs)[0]), test)
print(f"loss {loss.item():.4f}")
print(f"accuracy on new sequences {accuracy:.2%}")

# %% [markdown]
# Now its fixed points. The search wants some states to begin with; the states that the
# network visits will do. These are all the lines there are:

# %%
cell = from_torch(lstm).requires_grad_(False)  # a cell with the state (u, c)
F = cell.at(torch.zeros(1))  # the map while no pulse comes
visited = scan(cell, test.inputs[:50])
points = find_fixed_points(F, starts=visited[:, ::10].flatten(0, 1))
modes = linearize(F, points.states)
outputs = readout(cell.output(points.states.float()))[:, 0]

# %% tags=["hide-input"]
table(
    [
        {"unstable directions": n, "q": q, "output": y}
        for n, q, y in zip(
            points.n_unstable.tolist(),
            points.q.tolist(),
            outputs.tolist(),
            strict=True,
        )
    ],
    q="{:.0e}",
    output="{:+.2f}",
)

# %% tags=["hide-input"]
Markdown(
    f"Audit: {points.audit}. The residual of the eigenmodes is at most "
    f"{modes.residual.max():.0e}."
)

# %% [markdown]
# Two memories and the watershed between them: the picture of one unit
# ({numref}`fig-cobweb`, right) in a 32-dimensional state, and nobody has put it there. The outputs
# at the stable points are the two values of the bit, and the output at the saddle lies
# between them. {numref}`fig-own` shows the plane in which the states move,
# {numref}`fig-own-spectrum` the eigenvalues.

# %% tags=["hide-input"]
#| label: fig-own
#| fig-cap: >-
#|   The trained torch.nn.LSTM without input, in the first two principal components of its
#|   visited states. Red discs: the two stable points. Blue ring: the saddle. Short lines: the
#|   two leading eigenvectors at each point, thick and blue where unstable. Grey: trajectories
#|   from random averages of visited states.
#| fig-alt: >-
#|   Phase portrait with two stable points far apart and one saddle between them, whose unstable
#|   direction points along the line from one stable point to the other; grey trajectories run to
#|   the two stable points.
pca = geometry.pca(visited, components=2)
between = convex_combinations(visited.flatten(0, 1), 120, seed).float()
background = orbit(F, between, 60)  # from between the memories
plots.portrait(plots.Portrait(pca, points, modes=modes, background=background))

# %% tags=["hide-input"]
#| label: fig-own-spectrum
#| fig-cap: >-
#|   Eigenvalues of the Jacobian $DF$ at the three fixed points of the LSTM, with the unit
#|   circle. Exactly one, at the saddle, lies outside of it.
#| fig-alt: >-
#|   Complex plane with the unit circle. Red discs, the eigenvalues at stable points, lie inside;
#|   among the blue rings of the saddle one lies outside on the positive real axis.
plots.spectrum(points)

# %% [markdown]
# Last, the conversion itself: six kinds of torch modules, run over 200 steps in float64.

# %%
exact = {}
for kind in ("RNN", "GRU", "LSTM"):
    for layers in (1, 2):
        module = getattr(torch.nn, kind)(
            3, 20, layers, batch_first=True
        ).double()
        with torch.no_grad():
            cell = from_torch(module)
            ours = cell.output(scan(cell, signal))[..., -20:]  # the top layer
            exact[kind, layers] = (ours - module(signal)[0]).abs().max().item()

# %% tags=["hide-input"]
claim(
    "X.own",
    f"A torch.nn.LSTM trained to {accuracy:.1%} on one bit, outside of this package, "
    f"has {len(points)} fixed points without input, found by one call; torch.nn.RNN, "
    f"GRU and LSTM of 1 and 2 layers are converted to {max(exact.values()):.0e}.",
    paper="beyond the papers",
    largest_difference_after_conversion=at_most(max(exact.values()), 1e-12),
    largest_q_at_a_fixed_point=at_most(points.q.max().item(), 1e-20),
    index_audit_closes=equals(points.audit.closed, True),
    spectrum_and_portrait=shown("the two figures above"),
)

# %% [markdown]
# Anything that maps a batch of states to a batch of states will do in place of a cell:
# `find_fixed_points(lambda h: torch.cos(h), starts=torch.zeros(1, 1))` finds
# the solution of $h = \cos h$, about 0.739.
#
# ## What we saw
#
# - Under a constant input a cell is a map, and a memory is a stable fixed point of this map.
#   Between two memories there is one that is unstable, the watershed.
# - Another input is another map, and another map has other fixed points. An input removes the
#   memories that it does not agree with.
# - Our cells are the equations of the papers to rounding. Two GRUs that share a name are two
#   functions, and the vanilla network has one dynamics in two coordinates.
# - Nothing of this depends on our classes: a plain `torch.nn.LSTM` shows the same memories, with a
#   watershed between them.
#
# ## What this does not show
#
# - A cell under a *changing* input is not one map but a sequence of them. Fixed points under a
#   constant input explain such a run as far as the state has time to follow, no further.
# - A random or an untrained network is a map as well. That there are few fixed points, and
#   that they mean something, is the work of training.
# - Nothing has been said about how one knows that *three* is the whole number.
#
# ## Exercises
#
# ::::{exercise}
# :label: ex-maps-1
# In {numref}`fig-cobweb`, at which weight $u$ does one fixed point become three? What happens for
# $u < -1$?
#
# :::{admonition} Hint
# :class: dropdown
# Compare the slope of $\tanh(u h)$ at 0 with that of the diagonal.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-maps-2
# How strong must the input $x$ to a single unit with $u = 2$ be to erase one of its two
# memories? Compare with the third panel of {numref}`fig-plane`.
#
# :::{admonition} Hint
# :class: dropdown
# At the critical $x$ the curve touches the diagonal: $h = \tanh(2h + x)$ and $2 (1 - h^2) = 1$.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-maps-3
# Show that the two Jacobians of {eq}`eq-vanilla` at corresponding fixed points have the same
# eigenvalues. Check it with `linearize`.
#
# :::{admonition} Hint
# :class: dropdown
# $AB$ and $BA$ have the same non-zero eigenvalues. `rates` and `currents` above share their
# weights.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-maps-4
# Put a network of your own in place of the LSTM. Does the search close its audit?
#
# :::{admonition} Hint
# :class: dropdown
# `from_torch(module)` takes `torch.nn` modules, and `find_fixed_points` any callable that maps a
# batch of states to a batch of states. `points.audit` says whether the audit closes.
# :::
# ::::
#
# The word *audit* has now appeared several times. A search that returns three points cannot know
# by itself whether there is a fourth. {doc}`02_fixed_points` is about how to know.
