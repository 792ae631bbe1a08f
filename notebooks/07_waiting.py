# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Waiting
#
# So far an answer was due in the very step of the pulse. Now we ask the network to keep
# calm: *answer $d$ steps later*. In the meantime it must hold the old answer, remember that
# a new one is on its way, and count the steps. **With what does a network wait?** It has
# four attractors, one for each answer. Does it build more of them, for each step of the
# wait? Does it linger at a {term}`saddle`? Or does it do something else?
#
# {cite}`explaining` trains one network for each delay from 0 to 8 and finds that the square
# stays, while the dynamics becomes slower and more rotational. We train five for each.
#
# ## What to expect
#
# Let $x_t \in \{-1, 0, 1\}^2$ be the pulses, and $s_t$ the state that they have set: for
# each bit, the last pulse that was not 0. The target of a 2-bit {term}`flip-flop` with delay $d$ is
#
# ```{math}
# :label: eq-waiting-task
# y_t = s_{t-d} .
# ```
#
# To answer rightly whatever comes, the network needs $s_{t-d}$ *and* all the pulses after
# it, which still wait for their answers. They are *in flight*. There are
#
# ```{math}
# :label: eq-waiting-count
# 4 \cdot 3^{2d}
# ```
#
# such histories: 4 for $d = 0$, and 172 million for $d = 8$. Nobody builds an attractor for
# each. But nobody must: a pulse is in flight for $d$ steps only. So we expect four
# attractors for what must last, and something that passes for what must not.

# %% tags=["parameters", "remove-input"]
seed = 0
retrain = False  # True trains all 45 networks again, which takes about a minute for each
profile = (
    "full"  # "fast" measures on 50 sequences for each network instead of 200
)

# %% tags=["remove-input"]
import itertools

import torch
from IPython.display import Markdown
from scipy.stats import spearmanr

from rnnlab import (
    find_fixed_points,
    geometry,
    linearize,
    plots,
    unstable_manifolds,
)
from rnnlab.book import plots as book_plots
from rnnlab.book import start, tasks, zoo
from rnnlab.book.claims import at_least, claim, equals, shown
from rnnlab.book.tables import table
from rnnlab.live import chooser, player
from rnnlab.plots import style

start(seed=seed, retrain=retrain, profile=profile)

# %% [markdown]
# ## Nine delays, five seeds
#
# All 45 networks are GRUs with 64 units, trained alike: only the delay and the seed differ.
# Each is tested on fresh sequences, and searched for the {term}`fixed points <fixed point>` of its map
# without pulses, $F_0(h) = F(h, 0)$.

# %%
delays, seeds = range(9), range(5)
networks = {
    (d, s): zoo.get(name, retrain=retrain).requires_grad_(False)
    for d in delays
    for s, name in enumerate(zoo.seeds(f"delay{d}-gru"))
}
task_of = {
    d: tasks.from_configuration(networks[d, 0].card["task"]) for d in delays
}

# %%
size = 200 if profile == "full" else 50
accuracy, planes, points, corners = {}, {}, {}, {}
for (d, s), network in networks.items():
    task = task_of[d]
    batch = task.batch(size, torch.Generator().manual_seed(20_000 + seed))
    outputs, states = network(batch.inputs)
    accuracy[d, s] = task.accuracy(outputs, batch)
    planes[d, s] = geometry.pca(states, components=2)
    F0 = network.cell.at(task.input((0, 0)))
    found = find_fixed_points(F0, states[:64, -1], seed=seed)
    stable = found.stable.float()
    answers = task.answers(network.outputs(stable))
    points[d, s], corners[d, s] = found, dict(zip(answers, stable))

# %% tags=["hide-input"]
Markdown(
    f"Accuracy: at least {min(accuracy.values()):.2%} in all {len(networks)} networks."
)

# %% tags=["hide-input"]
#| label: fig-waiting-task
#| fig-cap: >-
#|   The 2-bit flip-flop with a delay of eight steps, on a sequence that was not trained on.
#|   Black: input, with pulses of $\pm 1$. Pale band: target. Coloured line: output of the
#|   network. Each answer comes eight steps after its pulse. In the first eight steps nothing is
#|   asked yet, and the target means nothing.
#| fig-alt: >-
#|   Two rows of lines against 100 time steps. Each short black pulse that asks for a change is
#|   followed, eight steps later, by a jump of the coloured output between plus one and minus
#|   one.
batch = task_of[8].batch(50, torch.Generator().manual_seed(20_000 + seed))
outputs, _ = networks[8, 0](batch.inputs)
typical = int(batch.inputs.abs().sum((1, 2)).argsort()[25])
book_plots.trial(batch, outputs, sequence=typical)

# %% [markdown]
# ## The square stays
#
# In yellow and green {cite}`explaining` draws the eigenvectors of $DF_0$ whose eigenvalues
# lie near $1$ and near $-1$. Along the first a deviation hardly changes from step to step;
# along the second it would change its sign, a 2-cycle. We call $\lambda$ near $\pm 1$ when
#
# ```{math}
# :label: eq-waiting-near
# |\lambda \mp 1| < 0.1 .
# ```

# %%
modes, near = {}, {}
for d in delays:
    F0 = networks[d, 0].cell.at(torch.zeros(2))
    modes[d] = linearize(F0, points[d, 0].states)
    near[d] = {
        "λ ≈ 1": (modes[d].eigenvalues - 1).abs() < 0.1,
        "λ ≈ −1": (modes[d].eigenvalues + 1).abs() < 0.1,
    }

# %% tags=["hide-input"]
#| label: fig-waiting-portraits
#| fig-cap: >-
#|   Fixed points at rest for the delays 0 to 8, from left to right and top to bottom, each
#|   network on its own first two principal components. Discs are stable, rings are saddles,
#|   darker with more unstable directions. Yellow: eigenvectors with $\lambda$ near 1; of a
#|   complex pair, the real part. They are short or vanish where they point out of the plane.
#|   Eigenvalues near $-1$ would be drawn green; there are none. Pale lines are trajectories that
#|   start next to the saddles.
#| fig-alt: >-
#|   Nine small phase portraits. Each has four red discs at the corners of a square and blue
#|   rings between them. From a delay of three on, yellow lines cross some of the points; there
#|   are no green lines. The pale trajectories are smooth curves, but for a delay of eight they
#|   wind and curl.
panels = []
for d in delays:
    F0, found = networks[d, 0].cell.at(torch.zeros(2)), points[d, 0]
    about = dict(
        modes=modes[d],
        directions=near[d],
        background=unstable_manifolds(F0, found, modes[d]),
    )
    panels.append(
        plots.Portrait(planes[d, 0], found, **about, title=f"d = {d}")
    )
plots.portraits(panels, columns=3)

# %% tags=["hide-input"]
rows = []
for d in delays:
    found = [points[d, s] for s in seeds]
    square = sum(f.census == {0: 4, 1: 4, 2: 1} for f in found)
    slow = sum(
        int(((f.eigenvalues - 1).abs() < 0.1).sum()) for f in found
    ) / len(found)
    most = max(max(f.census) for f in found)
    rows.append(
        {
            "d": d,
            "4 / 4 / 1": f"{square} of 5",
            "most unstable": most,
            "λ near 1": slow,
        }
    )
table(rows, **{"λ near 1": "{:.1f}"})

# %% [markdown]
# From left to right: how many of the five seeds have the {term}`census` of the square, 4 / 4 / 1; the
# largest number of {term}`unstable directions <unstable direction>` at any point; and the mean number of eigenvalues near
# 1 in a network, out of $9 \cdot 64$.

# %% tags=["hide-input"]
nine = sum(len(found) == 9 and found.audit.closed for found in points.values())
signs = {tuple(found.index.sort().values.tolist()) for found in points.values()}
four = sum(
    len(corner) == len(points[key].stable) == 4
    for key, corner in corners.items()
)
green = min(
    float((found.eigenvalues + 1).abs().min()) for found in points.values()
)
counted = []
for name, some in (("up to 3", range(4)), ("from 4 on", range(4, 9))):
    λ = torch.cat(
        [points[d, s].eigenvalues.flatten() for d in some for s in seeds]
    )
    unstable = λ[λ.abs() > 1]
    counted.append(
        f"{int((unstable.imag != 0).sum())} of {len(unstable)} for delays {name}"
    )
said = " or ".join(
    " ".join("0+−"[sign] for sign in each) for each in sorted(signs)
)
Markdown(
    f"{nine} of {len(points)} networks have nine fixed points and a closed audit. The signs of det(I − DF) in all of "
    f"them: {said}. {four} of {len(points)} networks have four stable points, one for each state. No eigenvalue of any "
    f"network is nearer to −1 than {green:.2f}. Complex among the unstable eigenvalues: {', '.join(counted)}."
)

# %% tags=["hide-input"]
claim(
    "E.fig4",
    f"With delays from 0 to 8, {four} of {len(points)} networks (five seeds for each "
    "delay) keep four stable points, read out as the four states.",
    paper="Figure 4: the square for d = 0 to 8, one network each; yellow and green lines",
    delays=equals(len(panels), 9),
    least_accuracy=at_least(min(accuracy.values()), 0.99),
    networks_with_four_stable_states=equals(four, len(points)),
    directions_with_eigenvalues_near_1_and_minus_1=shown(
        "the figure of nine portraits"
    ),
    note="Our networks have no eigenvalue near −1 (the nearest is at a distance of "
    f"{green:.2f}), so nothing is drawn green.",
)

# %% [markdown]
# The answers have their attractors, at every delay and with every seed
# ({numref}`fig-waiting-portraits`). There are nine fixed points in all 45 networks, and no
# more: the wait adds none.
#
# What changes are the saddles. For long delays some of them have three unstable
# directions, or six, where the square has one and two. Yet one thing about them never
# changes: the sign of $\det(I - DF_0)$, $+1$ at five points and $-1$ at four, exactly as in
# the square. The sign counts real eigenvalues beyond 1, up to an even number. So unstable
# directions come and go in twos. Most of those that came are complex pairs that went
# through the unit circle: some saddles begin to turn.
#
# Yellow lines are frequent from $d = 3$ on. Green ones, which the paper's caption names, we do
# not find at all; nothing in the task seems to ask for them.
#
# ## Slower, and more rotational?
#
# To the spectra, then: all eigenvalues of $DF_0$ at all nine points.

# %% tags=["hide-input"]
#| label: fig-waiting-spectra
#| fig-cap: >-
#|   Eigenvalues of the Jacobian at all fixed points at rest, in the complex plane with the unit
#|   circle, for the delays 0 to 8, from left to right and top to bottom; the networks of the
#|   figure before. Discs: stable points. Rings: saddles, darker with more unstable directions.
#| fig-alt: >-
#|   Nine complex planes with the unit circle. For a delay of zero the eigenvalues crowd around
#|   the origin and on the real axis. As the delay grows, the cloud fills more and more of the
#|   right half of the disc, and some pairs of rings leave the circle above and below the real
#|   axis.
spectra = {f"d = {d}": points[d, 0] for d in delays}
plots.spectra(spectra)

# %% [markdown]
# The cloud grows ({numref}`fig-waiting-spectra`). We measure it on the ten leading
# eigenvalues of each point: their mean modulus, and the share of them that are complex,
#
# ```{math}
# :label: eq-waiting-measures
# m = \bigl\langle |\lambda_k| \bigr\rangle_{k \le 10} , \qquad
# c = \bigl\langle [\operatorname{Im} \lambda_k \ne 0] \bigr\rangle_{k \le 10} ,
# ```
#
# averaged over the nine points of a network, and once more over its four stable points
# alone.

# %%
ten = {key: found.eigenvalues[:, :10] for key, found in points.items()}
at_stable = {key: λ[points[key].n_unstable == 0] for key, λ in ten.items()}


def by_delay(measure, eigenvalues):
    """A measure of each network: (delays, seeds)."""
    return torch.tensor(
        [[measure(eigenvalues[d, s]) for s in seeds] for d in delays]
    )


def mean_modulus(λ):
    return λ.abs().mean()


def complex_share(λ):
    return (λ.imag != 0).double().mean()


modulus = by_delay(mean_modulus, ten)
turning = by_delay(complex_share, ten)
turning_stable = by_delay(complex_share, at_stable)

# %% tags=["hide-input"]
#| label: fig-waiting-modulus
#| fig-cap: >-
#|   Slower: the mean modulus of the ten leading eigenvalues over all fixed points, against the
#|   delay. A dot is a network, the line joins the means over five seeds.
#| fig-alt: >-
#|   The mean modulus rises steadily, from between 0.5 and 0.6 without delay to nearly 0.9 for a
#|   delay of eight. The dots of the five seeds lie close together.
book_plots.against(
    delays, modulus, xlabel="delay d", ylabel="mean |λ|, ten leading"
)

# %% tags=["hide-input"]
#| label: fig-waiting-complex
#| fig-cap: >-
#|   More rotational? The share of complex ones among the ten leading eigenvalues over all fixed
#|   points, against the delay. A dot is a network, the line joins the means over five seeds.
#| fig-alt: >-
#|   The share of complex eigenvalues scatters between 0.25 and 0.6 at all delays. The mean line
#|   goes up and down and rises only a little.
book_plots.against(
    delays, turning, xlabel="delay d", ylabel="share of complex λ"
)

# %% [markdown]
# Spearman's rank correlation $\rho$ with the delay, for each seed on its own and for all 45
# networks together:

# %%
measures = {"m": modulus, "c": turning, "c, stable points": turning_stable}
by_seed = {
    name: [float(spearmanr(delays, values[:, s]).statistic) for s in seeds]
    for name, values in measures.items()
}
delay_of = torch.tensor(delays)[:, None].expand_as(modulus).flatten()
pooled = {
    name: spearmanr(delay_of, values.flatten())
    for name, values in measures.items()
}

# %% tags=["hide-input"]
rows = [
    {"seed": str(s)} | {name: f"{by_seed[name][s]:+.2f}" for name in measures}
    for s in seeds
]
rows.append(
    {"seed": "all"}
    | {name: f"{test.statistic:+.2f}" for name, test in pooled.items()}
)
rows.append(
    {"seed": "p"}
    | {name: f"{test.pvalue:.0e}" for name, test in pooled.items()}
)
table(rows)

# %% tags=["hide-input"]
rising = [sum(ρ > 0 for ρ in by_seed[name]) for name in measures]
tests = list(pooled.values())
claim(
    "E.fig5",
    "With the delay the leading eigenvalues grow towards 1 "
    f"(in {rising[0]} of {len(seeds)} seeds), and more of them are complex (in {rising[1]} "
    f"of {len(seeds)}; at the stable points alone, in {rising[2]}).",
    paper="Figure 5: slower and more rotational with the delay; one network each",
    spectra=equals(len(spectra), 9),
    seeds=at_least(len(seeds), 5),
    rank_correlation_of_delay_and_modulus=at_least(tests[0].statistic, 0.01),
    rank_correlation_of_delay_and_complex_share=at_least(
        tests[1].statistic, 0.01
    ),
    note=f"At the stable points alone, the correlation with the complex share is "
    f"{tests[2].statistic:+.2f} (p = {tests[2].pvalue:.2g}).",
)

# %% [markdown]
# *Slower* is beyond doubt ({numref}`fig-waiting-modulus`). *More rotational* holds by this
# measure as well, but weakly ({numref}`fig-waiting-complex`); and the saddles carry it, for
# at the attractors alone nothing is left of it.
#
# Is this a weak effect or a weak measure? Without delay, few modes live for more than a
# step: most of the ten leading ones are nearly dead, and whether a dead mode turns
# means little. So we also count, for each point, the modes that keep at least half of a
# deviation in a step, $|\lambda| > 1/2$. We chose this measure after we had seen the
# spectra; take it as a description.

# %%
alive = {key: found.eigenvalues.abs() > 0.5 for key, found in points.items()}
turns = {
    key: alive[key] & (found.eigenvalues.imag != 0)
    for key, found in points.items()
}
share = {key: float(turns[key].sum() / alive[key].sum()) for key in points}


# %% tags=["hide-input"]
def per_point(mask, d):
    return sum(float(mask[d, s].sum(1).double().mean()) for s in seeds) / 5


rows = [
    {"d": d, "modes alive": per_point(alive, d), "complex": per_point(turns, d)}
    | {"share": sum(share[d, s] for s in seeds) / 5}
    for d in delays
]
table(rows, **{"modes alive": "{:.1f}", "complex": "{:.1f}", "share": "{:.0%}"})

# %% tags=["hide-input"]
ρ = spearmanr([d for d, _ in points], list(share.values())).statistic
Markdown(
    f"The rank correlation of the delay and the share, over all networks: ρ = **{ρ:+.2f}**."
)

# %% [markdown]
# Per fixed point, and as means over the seeds: among the modes that matter, the complex
# ones multiply. The paper's impression was right.
#
# ## How the state travels
#
# But a mode is a statement about the neighbourhood of a fixed point. Does the network wait
# there? We take the network with $d = 8$ and give it the four pulses of
# {numref}`fig-flipflop2-pulses`: each from the state $(+, +)$, for one step.

# %%
network, task = networks[8, 0], task_of[8]
corner = corners[8, 0][1, 1][None]
paths = {}
for pulse in ((0, 1), (0, -1), (-1, 1), (-1, -1)):
    inputs = torch.zeros(1, 30, 2)
    inputs[0, 0] = task.input(pulse)
    paths[pulse] = torch.cat([corner, network(inputs, corner)[1][0]])

# %% tags=["hide-input"]
#| label: fig-waiting-passage
#| fig-cap: >-
#|   A delay of eight, seen in the plane: one step of pulse, then none, from the state $(+, +)$,
#|   the square, for four pulses. The green line has a dot for each step. The diamond is the
#|   state eight steps after the pulse, at which the new answer is due.
#| fig-alt: >-
#|   Four copies of the square. In the first a green trajectory leaves the corner of plus plus a
#|   little and returns. In the others it walks in many steps to a neighbouring corner, to the
#|   other neighbour, and across the middle to the opposite corner; a diamond stands on each of
#|   them, next to the corner where it ends.
plane = planes[8, 0]
picture = plots.portraits(
    [
        plots.Portrait(
            plane,
            points[8, 0],
            trajectories=[path],
            title=f"pulse {pulse}".replace("-", "−"),
        )
        for pulse, path in paths.items()
    ]
)
with style.context():
    look = dict(
        marker="D",
        s=60,
        facecolors="none",
        edgecolors=style.INK,
        linewidths=1.8,
    )
    for ax, path in zip(picture.axes, paths.values()):
        ax.scatter(*plane.project(path[1 + task.delay]), zorder=9, **look)
picture

# %% [markdown]
# The state does not wait, it travels ({numref}`fig-waiting-passage`). Without delay a pulse
# threw it across in one large step. Now it walks, and it arrives when the answer is due. To
# see whether this is the rule, we let all networks make all their journeys: from each of the
# four states, each of the pulses that changes it, 20 in all.
#
# Let the journey go from the corner $a$ to the corner $b$, and let $P$ be the projection on
# the plane of the two readout vectors, the only part of a change of state that an output can
# see. At step $t$ after the pulse
#
# ```{math}
# :label: eq-waiting-passage
# \ell_t = \frac{\lVert h_t - b \rVert}{\lVert a - b \rVert} , \qquad
# v_t = \frac{\lVert P (h_t - a) \rVert^2}{\lVert h_t - a \rVert^2}
# ```
#
# are what is left of the way, and the share of the way made so far that is visible.

# %%
journeys = [
    (state, pulse)
    for state in task.states
    for pulse in task.pulses
    if task.after(state, pulse) != state
]
inputs = torch.zeros(len(journeys), 100, 2)
inputs[:, 0] = torch.stack([task.input(pulse) for _, pulse in journeys])
routes, lengths, left, visible, in_plane = {}, {}, {}, {}, {}
for key, network in networks.items():
    a = torch.stack([corners[key][state] for state, _ in journeys])
    b = torch.stack(
        [corners[key][task.after(*journey)] for journey in journeys]
    )
    states = network(inputs, a)[1]
    routes[key] = torch.cat([a[:, None], states], 1)
    lengths[key] = (a - b).norm(dim=1)
    left[key] = (states - b[:, None]).norm(dim=2) / lengths[key][:, None]
    way = states - a[:, None]
    readout = torch.linalg.qr(network.readout.weight.T).Q.T
    visible[key] = geometry.share_in_subspace(way, readout)
    axes = planes[key].components.float()
    in_plane[key] = geometry.share_in_subspace(way, axes)

# %% tags=["hide-input"]
last = max(float(each[:, -1].max()) for each in left.values())
Markdown(
    f"{len(journeys) * len(left)} journeys; after 100 steps at most {last:.1%} is left of any."
)

# %% tags=["hide-input"]
#| label: fig-waiting-journeys
#| fig-cap: >-
#|   Journeys from one corner to another after a pulse at step 0, as means over 20 journeys and
#|   five seeds. Above: the distance that is left, as a share of that between the corners. Below:
#|   how much of the way made so far the readout can see; the dotted line is what it would see of
#|   a random direction. Open marks: the step at which the answer is due.
#| fig-alt: >-
#|   Two plots against the steps after the pulse, with a line for each of the delays 0, 2, 4, 6
#|   and 8. Above, each line falls slowly at first and drops steeply just when the answer is due.
#|   Below, each line stays at zero until the answer is due, and then jumps up.
with style.context():
    picture = style.picture(style.WIDTH, 5.6)
    above, below = picture.subplots(2, 1, sharex=True)
    marks = ("o", "s", "^", "D", "v")
    for d, colour, mark in zip((0, 2, 4, 6, 8), style.INPUTS, marks):
        for ax, measured in ((above, left), (below, visible)):
            mean = torch.stack([measured[d, s] for s in seeds]).mean((0, 1))[
                :14
            ]
            ax.plot(mean, color=colour, marker=mark, ms=4, label=f"d = {d}")
            ax.plot(
                d, mean[d], marker=mark, ms=9, mfc="white", mec=colour, mew=2
            )
    below.axhline(2 / 64, color=style.INK, lw=1, ls=":")
    above.set(ylabel="way left", ylim=(0, 1.05))
    below.set(
        ylabel="visible share",
        xlabel="steps after the pulse",
        ylim=(-0.02, None),
    )
    picture.legend(
        *above.get_legend_handles_labels(), loc="outside upper center", ncols=5
    )
picture

# %%
shortest_step, nearest_saddle = {}, {}
for (d, s), route in routes.items():
    until_due = route[:, : d + 2]
    steps = until_due.diff(dim=1).norm(dim=2)
    shortest_step[d, s] = float((steps / lengths[d, s][:, None]).min())
    gaps = torch.cdist(until_due[:, 1:].double(), points[d, s].saddles)
    nearest_saddle[d, s] = float((gaps.amin((1, 2)) / lengths[d, s]).min())

# %% tags=["hide-input"]
rows = [
    {
        "d": d,
        "seen before": max(float(visible[d, s][:, :d].max()) for s in seeds),
        "shortest step": min(shortest_step[d, s] for s in seeds),
        "nearest saddle": min(nearest_saddle[d, s] for s in seeds),
    }
    for d in delays[1:]
]
table(
    rows,
    **{
        "seen before": "{:.1%}",
        "shortest step": "{:.0%}",
        "nearest saddle": "{:.0%}",
    },
)

# %% [markdown]
# Each number is the worst of 100 journeys, 20 in each of five networks: the most that the
# readout sees before the answer is due, the shortest step until then, and the least distance
# to any saddle, both as shares of the distance between the corners. From them, and from
# {numref}`fig-waiting-journeys`:
#
# - **It does not linger.** At an even pace on a straight way each step would be $1/(d+1)$ of
#   it; the shortest is of this order. No journey comes near a saddle. The wait is the length
#   of the way. This agrees with {cite}`explaining`: the state takes $d$ steps to arrive.
# - **The choice is made in the first step.** After the pulse nothing more comes in, and every
#   journey ends next to its corner. So the state right after the pulse lies in the basin of
#   the new corner, though for long delays nearly all of the way is still before it. The
#   memory of the pulse is *where on the way* the state is.
# - **The way is hidden from the readout.** It runs at right angles to both readout vectors,
#   nearly exactly, until the last step. That is how the old answer stands while the state is
#   already far away. Motor cortex seems to do likewise: it prepares a movement in
#   directions that the muscles do not see {cite}`null-space`.
#
# Much of it is hidden from our pictures, too:

# %% tags=["hide-input"]
held = [
    sum(planes[d, s].explained_variance_ratio[:2].sum() for s in seeds) / 5
    for d in (0, 8)
]
travelling = sum(float(in_plane[8, s][:, :8].mean()) for s in seeds) / 5
#| markdown: myst
Markdown(
    f"In the plane lies, for $d = 0$, {held[0]:.0%} of the variance of the states; for $d = 8$, {held[1]:.0%} of it, "
    f"and {travelling:.0%} of the way made before the answer."
)

# %% [markdown]
# In the plane, {numref}`fig-waiting-passage` shows less than half of what goes on. Two of its
# journeys seem to run over a saddle; in all 64 dimensions they keep far away from it.
#
# ## More than one pulse in flight
#
# A wait that is a journey has a difficulty. A second pulse may come while the first is
# under way, and there is but one state, which cannot be at two places of one road. So the
# state must know places for both together, and {eq}`eq-waiting-count` says how many that
# can be. First two pulses to the same bit: one flips it, the other, $g \le d$ steps later,
# flips it back. The answer should be the old one, then the new one for exactly $g$ steps, then
# the old one again.

# %%
right = asked = 0
for (d, s), network in networks.items():
    cases = list(itertools.product(task.states, (0, 1), range(1, d + 1)))
    if not cases:
        continue
    inputs = torch.zeros(len(cases), 2 * d + 4, 2)
    wanted = torch.ones(len(cases), 2 * d + 4)  # 1 for the old answer, −1
    for i, (state, bit, gap) in enumerate(cases):
        inputs[i, 0, bit], inputs[i, gap, bit] = -state[bit], state[bit]
        wanted[i, d : d + gap] = -1
    old = torch.tensor([state[bit] for state, bit, _ in cases])[:, None]
    bits = torch.tensor([bit for _, bit, _ in cases])
    begin = torch.stack([corners[d, s][state] for state, *_ in cases])
    outputs, _ = network(inputs, begin)
    answers = outputs[torch.arange(len(cases)), :, bits].sign() * old
    right += int((answers == wanted).all(1).sum())
    asked += len(cases)

# %% tags=["hide-input"]
Markdown(
    f"{right:,} of {asked:,} pairs of pulses are answered without a fault."
)

# %% [markdown]
# Now many. With pulses at a rate $r$ for each bit and step, $2 d r$ of them are in flight on
# average. In training $r$ went up to 0.2. We go on, up to $r = 1$: a pulse to each bit at
# every step.

# %%
rates, right_share = (0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0), {}
for (d, s), rate in itertools.product(networks, rates):
    if d in (1, 2, 4, 6, 8):
        dense = tasks.FlipFlop(2, delay=d, rates=(rate, rate))
        generator = torch.Generator().manual_seed(30_000 + seed)
        batch = dense.batch(size // 2, generator)
        outputs, _ = networks[d, s](batch.inputs)
        right_share[d, s, rate] = dense.accuracy(outputs, batch)

# %% tags=["hide-input"]
#| label: fig-waiting-flight
#| fig-cap: >-
#|   How many pulses can be in flight: the share of right answers against the mean number of
#|   pulses that wait for their answer, as means over five seeds. Each line is a delay, its
#|   points are rates of pulses up to one per bit and step. Filled marks: rates that occurred in
#|   training, up to 0.2; open marks: higher ones.
#| fig-alt: >-
#|   Accuracy against pulses in flight, with a line for each of the delays 1, 2, 4, 6 and 8. All
#|   lines fall slowly from one at first and then faster; those of longer delays reach further to
#|   the right, down to about 0.72 at sixteen pulses.
with style.context():
    picture = style.picture(style.WIDTH, 3.6)
    ax = picture.subplots()
    for d, colour, mark in zip((1, 2, 4, 6, 8), style.INPUTS, marks):
        mean = [
            sum(right_share[d, s, rate] for s in seeds) / 5 for rate in rates
        ]
        flying = [2 * d * rate for rate in rates]
        ax.plot(
            flying,
            mean,
            color=colour,
            marker=mark,
            mfc="white",
            label=f"d = {d}",
        )
        ax.plot(flying[:3], mean[:3], color=colour, marker=mark, ls="none")
    ax.set(xlabel="pulses in flight, 2dr", ylabel="accuracy")
    picture.legend(loc="outside upper center", ncols=5)
picture

# %% tags=["hide-input"]
#| markdown: myst
trained = min(right_share[8, s, 0.2] for s in seeds)
densest = [sum(right_share[d, s, 1.0] for s in seeds) / 5 for d in (1, 8)]
Markdown(
    f"For $d = 8$, at the densest pulses of training, 3.2 in flight, at least {trained:.1%} of the answers are right. "
    f"With a pulse to each bit at every step, {densest[0]:.1%} are for $d = 1$, and {densest[1]:.1%} for $d = 8$."
)

# %% [markdown]
# Up to four or so in flight, the lines of {numref}`fig-waiting-flight` fall on one another,
# and next to nothing is lost: what counts is how many are in flight, whatever the delay.
# Beyond, there is no sharp limit but a steady loss. The four states last for ever and are
# few; the pulses in flight are many, last for $d$ steps, and are held in the passing. A linear
# network can hold them too, as a delay line {cite}`memory-traces`, but no linear network has
# four attractors. Here the same 64 units do both.
#
# ## The networks, alive
#
# Choose a delay. The demo gives a pulse and waits. Watch the output stand still while the
# state is already on its way. Then give two pulses, quickly one after the other.

# %%
shown_delays, portraits = (0, 2, 4, 8), {}
for d in shown_delays:
    network, task = networks[d, 0], task_of[d]
    inputs = task.batch(32, torch.Generator().manual_seed(seed)).inputs
    begin = network(inputs)[1][:, -1]
    portraits[d] = {(0, 0): points[d, 0]}
    for pulse in task.pulses:
        if pulse not in portraits[d]:
            portraits[d][pulse] = find_fixed_points(
                network.cell.at(task.input(pulse)),
                begin,
                rounds=1,
                max_steps=30,
                seed=seed,
            )

# %% tags=["hide-input"]
demo = [(1, 1), (0, -1), (1, 1), (-1, -1), (1, 1), (0, 1)]
players = {
    str(d): player(
        networks[d, 0],
        task_of[d],
        planes[d, 0],
        portraits[d],
        script=demo,
        title=f"2-bit flip-flop, delay {d}",
        caption=f"The new answer is due {d} steps after the pulse.",
    )
    for d in shown_delays
}
closed = [
    found.audit.closed
    for under in portraits.values()
    for found in under.values()
]
print(f"{sum(closed)} of {len(closed)} audits close")
chooser(players, name="delay")

# %% tags=["hide-input"]
claim(
    "E.anim",
    "Networks with delays of 0, 2, 4 and 8 steps run in the page; their states travel for "
    "as long as the delay says.",
    paper="animations that accompany the figures",
    delay_sweep=shown("the players above, a button for each delay"),
)

# %% [markdown]
# ## What we saw
#
# The answers keep their four attractors at every delay, and the wait adds no fixed point. It is
# spent on a way: the first step decides where the state goes, the way takes as long as the delay,
# and the readout sees next to nothing of it before it ends. With the delay the spectra at the
# fixed points become slower and, among the modes that last, more rotational. Several pulses can be
# in flight at once, with a loss that grows with their number and has no sharp limit.
#
# ## What this does not show
#
# - The eigenvalues of {numref}`fig-waiting-spectra` belong to the fixed points. The journeys
#   keep far away from most of them, and no eigenvalue there tells how long a journey
#   takes. That slow spectra and long journeys go together over 45 networks is a
#   correlation, not a mechanism.
# - These networks were trained with noise on the state and up to 0.2 pulses per bit and
#   step. {numref}`fig-waiting-flight` is a fact about such training. Denser pulses
#   in training may well push the loss further out.
# - Nine points and a closed audit do not prove that there is no tenth: a pair can be
#   missed together ({doc}`06_seeds`).
#
# ## Exercises
#
# ::::{exercise}
# :label: ex-waiting-1
# For a single bit and $d = 1$, build a delayed flip-flop by hand: one unit that holds the
# bit, and one that carries the pulse over. Which eigenvalue does the second add?
#
# :::{admonition} Hint
# :class: dropdown
# What is carried over for exactly one step is forgotten in the next. A chain of $d$ such
# units is nilpotent: all its eigenvalues are 0. So a wait does not *need* slow modes.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-waiting-2
# Do pulses in flight add up? Compare $h_t - a$ after two pulses with the sum of those
# after each alone, for $d = 8$ and gaps from 1 to 8.
#
# :::{admonition} Hint
# :class: dropdown
# Three calls `network(given, a[None])[1]`, with `a = corners[8, 0][1, 1]`. Pulse one bit, then
# the other, and then the same bit twice: in which case can the sum not be right?
# :::
# ::::
#
# ::::{exercise}
# :label: ex-waiting-3
# Where is the clock? Train a linear classifier to read the number of steps since the last
# pulse from the state during a journey, and from the two outputs.
#
# :::{admonition} Hint
# :class: dropdown
# `sklearn.linear_model.LogisticRegression` on `routes[8, 0][:, 1:9].flatten(0, 1)`, the states of the
# 20 journeys with $d = 8$. Leave out some of the 20 to test it.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-waiting-4
# Stop the network halfway: at step 4 of a journey add noise to the state, and see how
# often it arrives at the right corner, and how often on time. Compare with the same noise at
# a corner.
#
# :::{admonition} Hint
# :class: dropdown
# `network(torch.zeros(n, 20, 2), noisy)` goes on from `n` states. On time: the outputs have the
# new sign from the fourth further step on, and not before.
# :::
# ::::
#
# The square has stood a longer wait. How much of it is owed to the way in which we write
# the pulses down? {doc}`08_encoding` writes them differently.
