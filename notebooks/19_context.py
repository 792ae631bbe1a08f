# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Context
#
# A monkey watches dots that move and are coloured. One cue asks it for their movement,
# another for their colour. The same dots, another question, another answer: *if* the cue is
# this one, *then* weigh that input. {cite:t}`mante` found that nothing in the monkey's
# prefrontal cortex closes a gate to the input that does not count. It arrives, and is not
# added up. **How can one network weigh one input in one context, and the other input in
# the other?**
#
# Section 5.1 of {cite}`dubreuil` gives an answer of one line, for a network of rank one.
#
# ## What to expect
#
# In {doc}`18_from_n_to_two` a network of rank one became a single equation for $\kappa$. With
# two sensory inputs $u_1, u_2$, smoothed to $v_1, v_2$ over the time $\tau$, it reads
#
# ```{math}
# :label: eq-context
# \tau\dot\kappa = -\kappa + \tilde\sigma_\kappa \kappa
#   + \tilde\sigma_1 v_1(t) + \tilde\sigma_2 v_2(t),
# ```
#
# equation 11 of the paper. The *effective couplings* $\tilde\sigma$ are averages over the units,
#
# ```{math}
# :label: eq-context-couplings
# \tilde\sigma_\kappa = \langle n\,\Phi'(h)\,m \rangle, \qquad
# \tilde\sigma_l = \langle n\,\Phi'(h)\,W_l \rangle, \qquad h = m\kappa + W v,
# ```
#
# and the gains $\Phi'(h)$ depend on where the units are: on $\kappa$, and on the two inputs
# that tell the context. So a context can turn $\tilde\sigma_1$ on and $\tilde\sigma_2$ off.
# This is the paper's claim. It adds that $\kappa$ then is the *average* of the input that
# counts. For that, $\tilde\sigma_\kappa$ would have to be 1. We shall look.

# %% tags=["parameters", "remove-input"]
seed = 0
retrain = False  # True trains the first network of each kind again: a minute
profile = "full"  # "fast" takes a quarter of the trials

# %% tags=["remove-input"]
import torch
from IPython.display import Markdown
from torch.func import jvp

from rnnlab import (
    find_fixed_points,
    find_slow_points,
    geometry,
    iterate,
    linearize,
)
from rnnlab.book import start, tasks, zoo
from rnnlab.book.chapters import ch19_context
from rnnlab.book.claims import at_least, at_most, claim
from rnnlab.book.players import Dial, landscape
from rnnlab.book.tables import table
from rnnlab.lowrank import Latent, LatentMap, latent_run

start(seed=seed, retrain=retrain, profile=profile)


# %%
def load(name):
    """Three seeds of a recipe; the first is trained again if asked for."""
    first, *others = zoo.seeds(name)
    networks = [zoo.get(first, retrain=retrain), *map(zoo.load, others)]
    return [network.requires_grad_(False) for network in networks]


rank_one = load("context-rank1")
network = rank_one[0]
task = tasks.from_configuration(network.card["task"])
count = 2000 if profile == "full" else 500

# %% tags=["hide-input"]
Markdown(
    f"Its cell is a {network.card['cell']} of rank {network.cell.rank} with {network.cell.units} units; the inputs have noise "
    f"of a standard deviation of {task.noise} in each step."
)

# %% [markdown]
# ## The task
#
# Each of the two inputs is noise around a mean $\bar u_l$. Two more inputs say which mean
# is asked for. The answer is its sign, and is scored at the end only.

# %%
generator = torch.Generator().manual_seed(20_000 + seed)
batch = task.batch(count // 2, generator)
context = batch.inputs[:, -1, 3].long()
evidence = batch.inputs[:, task.evidence, :2].double()
outputs, states = network(batch.inputs)

# %% tags=["hide-input"]
#| label: fig-context-trial
#| fig-cap: >-
#|   A trial. Both inputs are noisy; black: their means. The cue, raised in the third row, says
#|   whose sign is asked for; the other mean has the opposite sign. Green: output of the rank-one
#|   network; pale band: what is asked of it, when it is asked.
#| fig-alt: >-
#|   Four rows against 65 time steps. Two noisy lines between steps 15 and 55, one around a
#|   positive mean and one around a negative one; a step that raises the context; and an output
#|   that leaves zero and stays near the sign of the mean that counts.
opposed = (evidence.mean(1).prod(1) < -0.02).nonzero()[0]
ch19_context.trial(task, batch, outputs, sequence=int(opposed))

# %%
accuracy = [task.accuracy(each(batch.inputs)[0], batch) for each in rank_one]
steps = evidence.shape[1]
strengths = [0, 0.025, 0.05, 0.1, 0.2, 0.4]
strengths = torch.tensor([*(-s for s in strengths[:0:-1]), *strengths])
normal = torch.distributions.Normal(0, 1)
ideal = normal.cdf(strengths * steps**0.5 / task.noise)

# %% tags=["hide-input"]
trained = (strengths.abs() > 0.09) & (strengths > 0)
Markdown(
    f"Right outputs of the three networks: {', '.join(f'{share:.1%}' for share in accuracy)}. An ideal observer of the "
    f"input that counts: {float(ideal[trained].mean()):.1%}."
)

# %% [markdown]
# There is little left to gain. An observer who averages all forty samples errs too: at
# $|\bar u| = 0.1$ the noise of the average, $0.3/\sqrt{40} \approx 0.05$, sometimes wins.
#
# These means are the ones that it was trained on. With weaker ones we see how the answer
# depends on each input.

# %%
drawn = torch.randint(len(strengths), (count, 2), generator=generator)
asked = torch.arange(count) % 2  # the context
probe = task.run(strengths[drawn], asked, generator)
positive = network(probe.inputs)[0][:, -5:, 0].mean(1) > 0


def share_positive(context, channel):
    """By the mean of one input, in one context."""
    here = asked == context
    return torch.stack(
        [
            positive[here & (drawn[:, channel] == i)].double().mean()
            for i in range(len(strengths))
        ]
    )


# %% tags=["hide-input"]
#| label: fig-context-psychometric
#| fig-cap: >-
#|   Share of answers $+1$ against the mean of the input that counts (discs) and of the other
#|   (squares), in both contexts; the means are drawn independently. Dashed: an ideal observer of
#|   the input that counts.
#| fig-alt: >-
#|   Two panels. In each a green curve rises from 0 to 100 per cent around zero evidence, a
#|   little less steeply than the dashed one, and a grey curve stays near 50 per cent.
shares = {
    f"context {c + 1}": {
        "relevant": share_positive(c, c),
        "irrelevant": share_positive(c, 1 - c),
    }
    for c in (0, 1)
}
ch19_context.psychometric(strengths, shares, ideal)

# %% [markdown]
# ## One number
#
# `Latent` is the exact change of coordinates of {doc}`18_from_n_to_two`. We take two trials with
# the same sensory inputs, and change the cue.

# %%
G = Latent(network.cell)
trial = probe.inputs[:1].clone()
trial[:, task.evidence, :2] = evidence[opposed]
pair = trial.repeat(2, 1, 1)
pair[:, 5:, 2:] = torch.eye(2)[:, None]  # the cues
κ_pair, _ = latent_run(G, pair)

# %% tags=["hide-input"]
#| label: fig-context-latent
#| fig-cap: >-
#|   The same two noisy inputs, and two cues. Above: $\kappa$ in context 1 and in context 2.
#|   Below: the running averages of the two inputs.
#| fig-alt: >-
#|   Above two lines start together at zero and part when the evidence begins, one up and one
#|   down. Below the running averages of the two inputs do the same.
samples_seen = (torch.arange(task.length) - task.evidence.start + 1).clamp(
    1, steps
)
averages = pair[0, :, :2].cumsum(0) / samples_seen[:, None]
ch19_context.latent_paths(
    {f"context {c + 1}": κ_pair[c, :, 0] for c in (0, 1)},
    {f"input {c + 1}": averages[:, c] for c in (0, 1)},
)

# %%
κ, v = latent_run(G, batch.inputs)
readout = network.readout.weight[0].double()
rates = network.cell.phi(G.embed(κ, v))
exact = float((rates @ readout - outputs[..., 0]).abs().max())

κ_end = κ[:, task.evidence.stop - 1, 0]
mean = evidence.mean(1)
relevant, irrelevant = (
    mean.gather(1, channel[:, None])[:, 0] for channel in (context, 1 - context)
)
follows, ignores = (
    float(torch.corrcoef(torch.stack([κ_end, average]))[0, 1])
    for average in (relevant, irrelevant)
)

# %% tags=["hide-input"]
Markdown(
    f"The outputs from $\\kappa$ and $v$ alone are exact to {exact:.0e}. The correlation of $\\kappa$ with the average that "
    f"counts is {follows:.3f}, with the other one {ignores:+.3f}."
)

# %% [markdown]
# At the end of the evidence $\kappa$ goes with the average that counts, and not with the
# other (the sign of $\kappa$ is arbitrary).
#
# ## What the context changes
#
# Now the couplings of {eq}`eq-context-couplings`, at each $\kappa$, in each context.

# %%
contexts = torch.tensor([[0, 0, 1, 0], [0, 0, 0, 1]], dtype=torch.float64)
grid = torch.linspace(-0.9, 0.9, 91, dtype=torch.float64)[:, None]


def couplings(G, point, x):
    """Those of κ and of the two inputs."""
    recurrent, inputs = G.couplings(point, x)
    return torch.cat([recurrent, inputs[:, :2]], 1)[0]


curves = {
    f"context {c + 1}": torch.stack([couplings(G, point, x) for point in grid])
    for c, x in enumerate(contexts)
}

# %% tags=["hide-input"]
#| label: fig-context-couplings
#| fig-cap: >-
#|   Effective couplings of the rank-one network against $\kappa$, in both contexts. Grey: where
#|   $\kappa$ spends less than 1 % of the time of the evidence. Dotted: 0 and 1.
#| fig-alt: >-
#|   Two panels of three curves. A black one is above one in the middle and falls below one half
#|   on both sides. In context 1 the curve of input 1 is a hill of height 0.8 and that of input 2
#|   is flat at zero; in context 2 it is the other way round.
visited = (
    κ[:, task.evidence]
    .flatten()
    .quantile(torch.tensor([0.005, 0.995], dtype=torch.float64))
    .tolist()
)
ch19_context.couplings(grid[:, 0], curves, visited=tuple(visited))

# %%
zero = torch.zeros(1, dtype=torch.float64)
at_zero = torch.stack(
    [
        torch.stack(
            [couplings(Latent(each.cell), zero, x)[1:] for x in contexts]
        )
        for each in rank_one
    ]
)  # (network, context, input)
sizes = at_zero.abs()
ratios = sizes.diagonal(dim1=1, dim2=2) / sizes.flip(2).diagonal(dim1=1, dim2=2)

# %% tags=["hide-input"]
#| label: fig-context-switch
#| fig-cap: >-
#|   Couplings of the two inputs at $\kappa = 0$ in both contexts, without their sign. Bars: the
#|   network of the other figures. Marks: three networks, trained from other seeds.
#| fig-alt: >-
#|   Two groups of two bars. In context 1 the bar of input 1 is 0.8 high and that of input 2 near
#|   zero; in context 2 the other way round. The marks of three networks lie close together.
ch19_context.switch(at_zero)

# %% tags=["hide-input"]
table(
    [
        {
            "network": f"seed {k}",
            "ratio in context 1": first,
            "in context 2": second,
        }
        for k, (first, second) in enumerate(ratios.tolist())
    ],
    **{"ratio in context 1": "{:.1f}", "in context 2": "{:.1f}"},
)

# %% [markdown]
# The ratio is that of the coupling of the input that counts to that of the other. The switch is
# nearly perfect ({numref}`fig-context-switch`). Nothing was said so far about
# the black curve of {numref}`fig-context-couplings`. If $\kappa$ were an average, it would be 1,
# and flat.
#
# ## Not a line: a decision
#
# In the middle $\tilde\sigma_\kappa \approx 1.2$. There $\kappa$ runs away from 0 by itself;
# further out it is held. We draw $\tau\dot\kappa$ for inputs that have been there for long,
# and find its zeros.

# %%
no_evidence = {
    f"context {c + 1}": find_fixed_points(
        LatentMap(G, x), grid[::10], box=G.reach, seed=seed
    )
    for c, x in enumerate(contexts)
}

# %% tags=["hide-input"]
#| label: fig-context-velocity
#| fig-cap: >-
#|   Velocity of $\kappa$ in both contexts, without evidence (black) and with a mean of 0.1 in one
#|   of the inputs. Discs: stable fixed points without evidence. Rings: unstable ones.
#| fig-alt: >-
#|   Two panels. A black curve crosses zero three times: a disc on the left, a ring in the
#|   middle, a disc on the right. In context 1 evidence in input 1 lifts or lowers the curve and
#|   evidence in input 2 leaves it where it is; in context 2 the other way round.
unit = torch.eye(4, dtype=torch.float64)
velocities = {}
for title, x in zip(no_evidence, contexts):
    given = {"no evidence": x} | {
        f"0.1 in input {k + 1}": x + 0.1 * unit[k] for k in (0, 1)
    }
    velocities[title] = {
        label: (G(grid, x) - grid)[:, 0] for label, x in given.items()
    }
ch19_context.velocities(grid[:, 0], velocities, no_evidence)

# %% tags=["hide-input"]
table(
    [
        {
            "": title,
            "stable at κ": ", ".join(
                f"{at:+.2f}" for at in points.stable[:, 0]
            ),
            "unstable at": ", ".join(
                f"{at:+.2f}" for at in points.saddles[:, 0]
            ),
            "index sum": points.audit.index_sum,
        }
        for title, points in no_evidence.items()
    ],
    **{"index sum": "{:+d}"},
)

# %% [markdown]
# {numref}`fig-context-velocity` shows two valleys and a watershed between them, as for a bit
# ({doc}`16_wells`). Evidence in the input that counts tilts the whole curve; in the other, it
# hardly touches it. The answer survives the delay because it is an attractor, not because
# $\kappa$ stands still wherever it is.
#
# This has a price. Evidence that comes late meets a state that has all but decided. To
# measure it we give noise around zero, and ask by how much each sample moves the answer: the
# regression of the answer on all samples, the *psychophysical kernel*.

# %%
no_mean = task.run(torch.zeros(count, 2), asked, generator)
answers = network(no_mean.inputs)[0][:, -5:, 0].mean(1).sign().double()
samples = no_mean.inputs[:, task.evidence, :2].double()
channel = asked[:, None, None].expand(-1, steps, 1)
own, other = (samples.gather(2, c)[..., 0] for c in (channel, 1 - channel))
regression = torch.linalg.lstsq(torch.cat([own, other], 1), answers[:, None])
weight, other_weight = regression.solution[:, 0].view(2, steps)
first, last = float(weight[:10].mean()), float(weight[-10:].mean())
agree = float((own.mean(1).sign() == answers).double().mean())

# %% tags=["hide-input"]
#| label: fig-context-kernel
#| fig-cap: >-
#|   Weight of each sample in the answer, from trials whose means are zero. Dashed: the mean
#|   weight of the input that counts.
#| fig-alt: >-
#|   A green line that falls, over forty steps, from about 0.7 to near 0.1, across a dashed level
#|   line; a grey line that stays around zero.
ch19_context.kernels({"": (weight, other_weight)})

# %% tags=["hide-input"]
Markdown(
    f"The mean weight of the first ten samples is {first:.2f}, of the last ten {last:.2f}. Without any evidence, the answer "
    f"is the sign of the average in {agree:.1%} of trials."
)

# %% [markdown]
# The first quarter of the evidence weighs two and a half times as much as the last: a habit of
# deciding early. With the means that it was trained on this costs next to nothing, so training
# had no reason to correct it. "$\kappa$ computes the average" holds for the answers, and roughly
# for $\kappa$; not to the letter.
#
# ## Does equation 11 say it all?
#
# {eq}`eq-context` takes the sensory inputs as small: its couplings are those at $v_1 = v_2
# = 0$. We run it beside the network on the same trials, once with couplings that follow
# $\kappa$, and once with couplings frozen at $\kappa = 0$, where it is linear.

# %%
few = slice(0, 250)
before = torch.zeros(250, 1, 4, dtype=torch.float64)
before = torch.cat([before, v[few, :-1]], 1)
cues_only = torch.tensor([0, 0, 1, 1], dtype=torch.float64)
fits, same, furthest = {}, {}, {}
for name, moving in (
    ("couplings that follow κ", 1.0),
    ("couplings frozen at κ = 0", 0.0),
):
    k, path = torch.zeros(250, 1, dtype=torch.float64), []
    for now in before.unbind(1):
        # the tangent of G at the cue, without evidence, and κ or 0
        point = moving * k, cues_only * now
        value, change = jvp(G, point, (k - point[0], now - point[1]))
        k = torch.lerp(k, value + change, G.rate)
        path.append(k)
    path = torch.stack(path, 1)
    error = ((path - κ[few]) ** 2).mean() / κ[few].var(correction=0)
    fits[name] = 1 - float(error)
    agreeing = path[:, -1].sign() == κ[few, -1].sign()
    same[name] = float(agreeing.double().mean())
    furthest[name] = float(path.abs().max())

# %% tags=["hide-input"]
table(
    [
        {
            "couplings": name.removeprefix("couplings "),
            "R² of κ(t)": fits[name],
            "same answer": same[name],
            "largest |κ|": furthest[name],
        }
        for name in fits
    ],
    **{
        "R² of κ(t)": "{:.2f}",
        "same answer": "{:.1%}",
        "largest |κ|": "{:.1f}",
    },
)

# %% [markdown]
# With couplings that follow $\kappa$, the equation is nearly the network. Frozen, it gives nearly
# the same *answers*, and is wrong about everything else: $\kappa$ explodes, since
# $\tilde\sigma_\kappa > 1$. Answers alone are a weak test of a mechanism.
#
# ## Which units do it
#
# A coupling is an average over units, $\langle n\,\Phi'\,W_l\rangle$. It can only change if gains
# change, and differently where $n W_l$ is positive and where it is negative.

# %%
m, n, W = (
    part.double() for part in (network.cell.m, network.cell.n, network.cell.W)
)
gains = torch.stack([network.cell.slope(W @ x) for x in contexts], 1)

# %% tags=["hide-input"]
#| label: fig-context-units
#| fig-cap: >-
#|   Each unit's loading $n$ against its loadings of input 1 (left) and of input 2 (right).
#|   Colour: its gain $\Phi'$ at $\kappa = 0$ in context 1, less that in context 2.
#| fig-alt: >-
#|   Two clouds of points. On the left those sensitive in context 1 lie along the rising diagonal
#|   and those sensitive in context 2 along the falling one; on the right the other way round.
ch19_context.units(n[:, 0], W[:, :2], gains[:, 0] - gains[:, 1])

# %%
sensitive = gains > 0.5
groups = {
    "in both": sensitive.all(1),
    "in 1 only": sensitive[:, 0] & ~sensitive[:, 1],
    "in 2 only": sensitive[:, 1] & ~sensitive[:, 0],
}
contributions = n * gains.T[:, :, None] * W[:, :2] / len(n)
parts = {  # (context, input)
    name: contributions[:, group].sum(1) for name, group in groups.items()
}


# %% tags=["hide-input"]
def parts_in(context):
    columns = [f"to input 1, context {context + 1}", "to input 2"]
    return table(
        [
            {
                "sensitive": name,
                "units": int(group.sum()),
                **dict(zip(columns, parts[name][context].tolist())),
            }
            for name, group in groups.items()
        ],
        **dict.fromkeys(columns, "{:+.2f}"),
    )


parts_in(0)

# %% tags=["hide-input"]
parts_in(1)

# %% [markdown]
# What each group adds to the coupling of each input: three populations. Units that the cue of context 2 saturates are sensitive in context 1 only:
# their $n$ goes *with* $W_1$ and *against* $W_2$. In context 1 they add to the coupling of
# input 1, and cancel what the other units do with input 2. In context 2 their gain is low, and
# another population does the reverse. No input is gated; two paths cancel.
#
# If this is right, taking one population away must hurt in one context only.

# %%
some, target = batch.inputs[:500], batch.targets[:500, 0, 0]
cued, wrong = context[:500], irrelevant[:500]
size = int(groups["in 1 only"].sum())
random_units = torch.randperm(len(n), generator=generator)[:size].tolist()
lesions = {"none": [], "random": random_units} | {
    name: group.nonzero()[:, 0].tolist()
    for name, group in groups.items()
    if name != "in both"
}
right, misled = {}, {}  # shares in each context
for name, removed in lesions.items():
    answers = network.without(removed)(some)[0][:, -5:, 0].mean(1)
    for shares_of, sign in ((right, target), (misled, wrong)):
        shares_of[name] = [
            float((answers * sign > 0)[cued == c].double().mean())
            for c in (0, 1)
        ]


# %% tags=["hide-input"]
def lesions_in(context):
    columns = [f"right in context {context + 1}", "follows the other"]
    return table(
        [
            {
                "removed": name,
                "units": len(lesions[name]),
                **dict(
                    zip(columns, (right[name][context], misled[name][context]))
                ),
            }
            for name in lesions
        ],
        **dict.fromkeys(columns, "{:.1%}"),
    )


lesions_in(0)

# %% tags=["hide-input"]
lesions_in(1)

# %% [markdown]
# So it does. Without the units that are sensitive in context 1 only, the network follows
# the *wrong* input there in most trials, and is nearly as good as before in context 2. As many
# units at random are hardly missed.

# %% tags=["hide-input"]
claim(
    "D.context",
    f"A rank-one network weighs the input that the context names: {accuracy[0]:.1%} right; the coupling "
    f"of that input is at least {float(ratios.min()):.0f} times that of the other, in three networks.",
    paper="Section 5.1, eq. 11, figure 4: couplings switch with the context, κ is the temporal average of the "
    "relevant input",
    least_accuracy_of_three_networks=at_least(min(accuracy), 0.95),
    least_ratio_of_couplings_at_zero=at_least(float(ratios.min()), 5),
    correlation_of_κ_with_the_relevant_average=at_least(abs(follows), 0.9),
    correlation_of_κ_with_the_irrelevant_average=at_most(abs(ignores), 0.1),
    R2_of_equation_11_with_couplings_that_follow_κ=at_least(
        fits["couplings that follow κ"], 0.95
    ),
    note=f"κ is no plain average: without evidence there are two stable points in each context, and the first ten "
    f"samples weigh {first / last:.1f} times as much as the last ten. With couplings frozen at κ = 0, where σ̃κ is "
    f"above 1, R² is {fits['couplings frozen at κ = 0']:.0f}.",
)

# %% [markdown]
# ## All the weights
#
# Is this the way of rank one only? The same task for {term}`rate networks <rate network>` of 128 units, in which all
# $128^2$ recurrent weights are trained. There is no $\kappa$ to be read off. The method is that of
# {doc}`12_line` and of {cite}`mante`: where the state moves slowly, take the mode that
# integrates, whose $\lambda$ is nearest to 1, and ask what its left eigenvector $\ell$, the
# *selection vector*, takes from each input:
#
# ```{math}
# :label: eq-context-selection
# s_l = \frac{|\ell \cdot w_l|}{\lVert \ell \rVert \, \lVert w_l \rVert}, \qquad
# w_l = \partial F / \partial u_l .
# ```

# %%
full = load("context-full")
fresh = task.batch(400, generator)
cue = fresh.inputs[:, -1]
waits = (0, 30, 90, 290, 990)  # beyond the ten steps of a trial
runs, solved, shares_right, medians = [], [], [], []
for each in full:
    outputs_full, h = each(fresh.inputs)
    share = task.accuracy(outputs_full, fresh)
    if share >= 0.95:
        solved.append((each, h))
    shares_right.append(share)
    medians.append(
        [
            float(
                each.outputs(
                    iterate(lambda h: each.cell(cue, h), h[:, -1], wait)
                )
                .abs()
                .median()
            )
            for wait in waits
        ]
    )

# %% tags=["hide-input"]
table(
    [
        {"right": share, **{f"{10 + wait:,}": y for wait, y in zip(waits, row)}}
        for share, row in zip(shares_right, medians)
    ],
    right="{:.1%}",
    **{f"{10 + wait:,}": "{:.2f}" for wait in waits},
)

# %% [markdown]
# The median of $|y|$ at 10 to 1,000 steps after the evidence, a row for each network. Three
# earlier networks, with input weights as small as torch draws them, are not shown: one of
# them never learnt which input counts, and the {term}`selection vectors <selection vector>` of the others took in context 2
# more of the wrong input than we ask for here. We then made the input weights eight times larger
# before training, and trained these three, once.
#
# Their answers do not last. The networks were asked ten steps after the evidence, and that
# is what they learnt; a few hundred steps later most is forgotten in two of them. So there is
# no line that is at rest. But is there one that is *nearly* at rest, for
# as long as a trial takes? From visited states we go down to where
# $q(h) = \lVert F(h) - h \rVert^2 / N$ is below $10^{-5}$: there a step moves the state by less
# than 0.04, while trials spread over some twenty units of length.

# %%
slow_points, projections, slowness, selected = {}, {}, [], []
for number, (each, h) in enumerate(solved):
    for c in (0, 1):
        F = each.cell.at(contexts[c].float())
        seen = h[cue[:, 2 + c] == 1, task.evidence].flatten(0, 1)
        order = torch.randperm(len(seen), generator=generator)
        points = find_slow_points(F, seen[order[:32]], tolerance=1e-5)
        modes = linearize(F, points)
        mode, _, _ = modes.integrating()
        left = modes.left[torch.arange(len(points)), mode]
        w = modes.input_jacobian[:, :, :2]
        projected = (left[:, None] @ w.to(left))[:, 0].abs()
        projected = projected / left.norm(dim=1)[:, None] / w.norm(dim=1)
        relevant, irrelevant = projected[:, c], projected[:, 1 - c]
        name = f"{number + 1}, context {c + 1}"
        slow_points[name], projections[name] = points, (relevant, irrelevant)
        τ = modes.time_constants.gather(1, mode[:, None])
        slowness.append(float(τ.median()))
        selected.append(float(relevant.median() / irrelevant.median()))

# %% tags=["hide-input"]
rows = []
for (name, points), τ, ratio in zip(slow_points.items(), slowness, selected):
    each, _ = solved[int(name[0]) - 1]
    share = float(geometry.pca(points, 1).explained_variance_ratio[0])
    rows.append(
        {
            "network": name,
            "points": len(points),
            "along an axis": share,
            "median τ": τ,
            "ratio": ratio,
        }
    )
table(rows, ratio="{:.1f}", **{"along an axis": "{:.1%}", "median τ": "{:.0f}"})

# %% [markdown]
# The ratio is that of the medians of $s_l$, of the input that counts to that of the other.

# %% tags=["hide-input"]
spans = [
    solved[int(name[0]) - 1][0].outputs(points.float())
    for name, points in slow_points.items()
]
Markdown(
    f"Along each line the output goes at least from {max(float(y.min()) for y in spans):+.2f} to "
    f"{min(float(y.max()) for y in spans):+.2f}."
)

# %% tags=["hide-input"]
#| label: fig-context-planes
#| fig-cap: >-
#|   Trials of a full-rank network in the plane of its first two principal components, by
#|   context. Colour: mean of the input that counts; dots: ends of the evidence. Diamonds: slow
#|   points under the context alone, $q < 10^{-5}$.
#| fig-alt: >-
#|   Two panels. In each, thin lines run along one slanted line, orange ones down to the left and
#|   blue ones up to the right, with diamonds on it. The line of context 2 lies above that of
#|   context 1.
each, h = solved[0]
plane = geometry.pca(h[:, task.evidence], components=2)
panels = {}
for c in (0, 1):
    rows = (cue[:, 2 + c] == 1).nonzero()[:60, 0]
    paths = plane.project(h[rows, : task.evidence.stop])
    counting = fresh.inputs[rows, task.evidence, c].mean(1)
    panels[f"context {c + 1}"] = (
        paths,
        counting,
        plane.project(slow_points[f"1, context {c + 1}"]),
    )
ch19_context.planes(panels)

# %% [markdown]
# This is the picture of {cite:t}`mante`: a line in each context, along which evidence of the
# input that counts is collected, and the context moves the line
# ({numref}`fig-context-planes`). It is an approximate line: its points lie along one axis, and
# the {term}`time constants <time constant>` along it are five to eight times that of a unit, which is 5 steps, but
# mostly shorter than the 40 steps of evidence. It leaks.

# %% tags=["hide-input"]
#| label: fig-context-selection
#| fig-cap: >-
#|   What the selection vectors take of the input that counts, and of the other: a mark for each
#|   slow point, by network and context.
#| fig-alt: >-
#|   Rows of marks on a logarithmic axis. The green ones lie at 0.8 in all rows. The grey ones
#|   are spread between 0.0001 and 0.1, to the left of them in every row.
ch19_context.selections(
    projections, xlabel="projection on the selection vector"
)

# %% [markdown]
# In each network and each context the selection vectors all but ignore the input that does not
# count ({numref}`fig-context-selection`). The context turns them.
#
# The selection vector tells what a sample does *now*, and to one mode. What it does to the
# answer in the end, through all modes, is a derivative, and we can take it.

# %%
given = fresh.inputs.clone().requires_grad_()
pulls, in_sum = {}, {}  # of the input that counts, and of the other
for number, (each, _) in enumerate(solved):
    answer = each(given)[0][:, -5:].mean(1).sum()
    (gradient,) = torch.autograd.grad(answer, given)
    for c in (0, 1):
        here = cue[:, 2 + c] == 1
        pull = gradient[here, task.evidence, :2].double().mean(0)
        name = f"{number + 1}, context {c + 1}"
        pulls[name] = pull[:, c], pull[:, 1 - c]
        in_sum[name] = [float(part.sum()) for part in pulls[name]]

# %% tags=["hide-input"]
#| label: fig-context-gradient
#| fig-cap: >-
#|   Derivative of the answer of a full-rank network by each sample of the input that counts and
#|   of the other, averaged over trials. Dashed: mean of the green line.
#| fig-alt: >-
#|   Two panels. Green lines rise from 0.02 to 0.03 in the middle of the evidence, and fall to
#|   0.015 at its end. Grey lines stay near zero.
ch19_context.kernels(
    {f"context {c + 1}": pulls[f"1, context {c + 1}"] for c in (0, 1)},
    ylabel="derivative",
)

# %% tags=["hide-input"]
table(
    [
        {"network": name, "in sum": counting, "the other": other}
        for name, (counting, other) in in_sum.items()
    ],
    **{"in sum": "{:+.2f}", "the other": "{:+.2f}"},
)

# %% [markdown]
# It says the same ({numref}`fig-context-gradient`): in sum over a trial the other input moves the
# answer by a few per cent of what the one that counts does. And it shows the leak: of the early
# samples a part is lost by the time of the answer. The last ones have not all arrived.

# %% tags=["hide-input"]
claim(
    "D.context-full",
    f"{len(solved)} of {len(full)} full-rank networks learn the task. Each has a line of slow points in each context; "
    f"the other input projects {min(selected):.1f} to {max(selected):.0f} times less on the selection vectors.",
    paper="Section 5.1: a line attractor, and a selection vector that contexts turn towards the relevant input",
    least_ratio_of_projections=at_least(min(selected), 5),
    note=f"Ratios of medians over slow points with q < 1e-5, by network and context: "
    f"{', '.join(f'{ratio:.1f}' for ratio in selected)}. The line leaks: its median τ is {min(slowness):.0f} to "
    f"{max(slowness):.0f} steps, the evidence lasts for 40. In sum over a trial the other input moves the answer at most "
    f"{max(abs(b / a) for a, b in in_sum.values()):.0%} as much as the one that counts.",
)

# %% [markdown]
# ## The network, alive
#
# The rank-one network in the page, all its 512 units. Set evidence in one input, and change
# the context: the curve of $\kappa$ tilts, or it does not.

# %% tags=["hide-input"]
unit = torch.eye(4)
landscape(
    rank_one[0],
    dials=[
        Dial(f"evidence {k + 1}", unit[k], -0.4, 0.4, (0.1, -0.1)[k])
        for k in (0, 1)
    ],
    choices={
        "context 1": unit[2],
        "context 2": unit[3],
        "no context": 0 * unit[0],
    },
    title="Context-dependent integration, rank one",
    caption="The velocity of κ against κ, under the evidence and the context that are set. The state moves along the "
    "axis; the fixed points move with the input.",
)

# %% [markdown]
# ## What we saw
#
# - In a network of rank one the cue turns the coupling of one input on and that of the other
#   off. It closes no gate: it silences units whose contributions would cancel.
# - $\kappa$ goes with the average of the input that counts, but is no average: there are two
#   attractors in each context, and early evidence weighs more than late.
# - An equation with couplings that are frozen gives nearly the same answers and the wrong
#   mechanism.
# - Networks of full rank do it with a line of {term}`slow points <slow point>` in each context, whose selection
#   vectors all but ignore the other input. The line leaks.
#
# ## What this does not show
#
# - The couplings are tangents: they are right for small evidence. In the units, evidence
#   of 0.4 and its noise are not small, and the rest of $R^2$ is what they leave.
# - That populations are *needed* for a switch is an argument about Gaussian loadings
#   {cite}`populations`: one Gaussian cloud has one gain for all. {doc}`20_create` draws new
#   networks from clouds and counts how many it takes.
# - Lines that last as long as they are needed are what training asked for. A task with long
#   or random delays asks for more; so these networks do not speak about monkeys, who wait.
# - Three full-rank networks are few, and how they came to select so well depends on how they began.
#
# ## Exercises
#
# ::::{exercise}
# :label: ex-context-1
# Give no context, or both. What does `Latent.couplings` predict for each input? Check with
# trials from `task.run` whose last two inputs you overwrite.
#
# :::{admonition} Hint
# :class: dropdown
# `G.couplings(zero, torch.zeros(4, dtype=torch.float64))`. Without a cue all gains are 1 at
# $\kappa = 0$.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-context-2
# Scale $n$ so that $\tilde\sigma_\kappa = 1$ at $\kappa = 0$ in context 1. Is the kernel flat
# now? What became of the answers after a long delay?
#
# :::{admonition} Hint
# :class: dropdown
# `copy.deepcopy(rank_one[0])`, then divide `cell.n` by `curves["context 1"][45, 0]`. The
# couplings of the inputs shrink with it.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-context-3
# Let the full-rank networks begin with small weights everywhere, and repeat
# {numref}`fig-context-selection`. Which context fails?
#
# :::{admonition} Hint
# :class: dropdown
# `replace(recipes.RECIPES["context-full-seed3"], input_scale=1.0).train()`, with `replace` from
# `dataclasses` and `recipes` from `rnnlab.book`: half a minute. Strong cues saturate some units from the start, as in the
# networks of rank one.
# :::
# ::::
#
# In this chapter a network was read. {doc}`20_create` goes the other way: it writes networks
# down.
