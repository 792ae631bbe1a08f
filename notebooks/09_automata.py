# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Finite automata
#
# A {term}`flip-flop` is a small machine: it has a few states, reads one symbol at a time, and each
# symbol says which state comes next. Machines of this kind can do more than hold what they
# were told. They count, they wait for a pattern, they fall into states that they never
# leave. **Can a network be trained to be any finite machine? And where, in 64 real numbers,
# does it keep the state?**
#
# So far every memory was an attracting {term}`fixed point`. One machine makes this hard: a counter
# of ones. It reads the same symbol again and again, so its network applies the *same map*
# again and again, and yet the state must change at every step. No fixed point can do that.
#
# ## What to expect
#
# A deterministic finite automaton {cite}`explaining` is
#
# ```{math}
# :label: eq-automata-dfa
# (Q, \Sigma, \delta, q_0), \qquad \delta : Q \times \Sigma \to Q, \qquad
# q_t = \delta(q_{t-1}, s_t) :
# ```
#
# states $Q$, an alphabet $\Sigma$, a transition function $\delta$ and a start $q_0$. A
# network that reads the symbol $s$ applies the map $F_s(h) = F(h, x_s)$, where $x_s$ is the
# one-hot vector of $s$. So it too has states and transitions, $h_t = F_{s_t}(h_{t-1})$, only
# with more states than anyone could list. It does the machine's work if the states that it
# visits fall into regions $R_q$, one for each $q$, in which it answers $q$, with
#
# ```{math}
# :label: eq-automata-regions
# h_0 \in R_{q_0}, \qquad F_s(R_q) \subset R_{\delta(q, s)} .
# ```
#
# What happens if a symbol $s$ is held? On the finite set $Q$, the map $\delta(\cdot, s)$
# must run into a cycle. Where its period is 1, we expect an attracting fixed point of $F_s$
# in that region. Where it is $k$, we expect an attracting **$k$-cycle**: states
# $h^{(1)}, \dots, h^{(k)}$ with
#
# ```{math}
# :label: eq-automata-cycle
# h^{(j+1)} = F_s(h^{(j)}), \qquad h^{(1)} = F_s(h^{(k)}), \qquad
# \Lambda = DF_s(h^{(k)}) \cdots DF_s(h^{(1)}) .
# ```
#
# The eigenvalues of $\Lambda$ are the **multipliers** of the cycle, the same from whichever
# of its points one starts. The cycle attracts where all of them lie inside the unit circle.
# For a counter modulo 3 that means: three attracting fixed points under 0, and under 1 a
# single attracting 3-cycle.

# %% tags=["parameters", "remove-input"]
seed = 0
retrain = False  # True trains all 52 networks again, which takes about an hour
profile = "full"  # "fast" tests each network on 10 words of each length, not 50

# %% tags=["remove-input"]
from dataclasses import replace

import torch
from IPython.display import Markdown
from sklearn.neighbors import KNeighborsClassifier

import rnnlab
from rnnlab import DFA, find_cycles, find_fixed_points, geometry, iterate, plots
from rnnlab.book import machines, start, tasks, zoo
from rnnlab.book import plots as book_plots
from rnnlab.book.chapters.ch09_automata import held_portraits
from rnnlab.book.claims import at_least, at_most, claim, equals, shown
from rnnlab.book.tables import table
from rnnlab.extraction import sample_words
from rnnlab.live import chooser, player
from rnnlab.tasks import Automaton

start(seed=seed, retrain=retrain, profile=profile)

# %% [markdown]
# ## From a machine to a network
#
# The whole framework is three steps. Write the machine down; make it a task; train. A `DFA`
# checks what it is given: $\delta$ must name one next state for every state and symbol, and
# every state must be within reach of some word. Here is the counter.

# %%
counter = DFA(
    states=("q0", "q1", "q2"),
    alphabet=("0", "1"),
    transitions={
        "q0": {"0": "q0", "1": "q1"},
        "q1": {"0": "q1", "1": "q2"},
        "q2": {"0": "q2", "1": "q0"},
    },
    start="q0",
)
print(counter)
print(counter == machines.modulo_counter(3))
print(Automaton(counter).input("1"))
print(counter.run("0110111")[-1])

# %% tags=["hide-input"]
#| label: fig-automata-counter
#| fig-cap: >-
#|   A counter of ones, modulo 3. Circles are states, labels on the arrows are symbols, the arrow
#|   from nowhere marks the start.
#| fig-alt: >-
#|   Three circles, q0, q1 and q2, in a triangle. Arrows labelled 1 lead around the triangle; an
#|   arrow labelled 0 leads from each circle back to itself.
plots.diagram(counter)

# %% [markdown]
# `Automaton(machine)` makes words and, for each step, the output that the machine gives
# after that symbol, by default the state itself. The networks are GRUs of 64 units with one
# output for each answer. They start at $h_0 = 0$, and the largest output is the answer.
#
# **Training needs a push.** Seen from a gate, a counter under 0 is easy: keep the update
# gate closed,
#
# ```{math}
# :label: eq-automata-gate
# h_{t} - h_{t-1} = z \circ (\hat h - h_{t-1}) \approx 0 ,
# ```
#
# and every state stays where it is, for a while, with no attractor near. Training on
# words of any given length is content with that. A memory of such a counter can be a
# {term}`ghost`: it works, and there is no fixed point behind it. Noise on the state, as in
# {doc}`06_seeds`, moves such a state by $\sigma \sqrt t$ in $t$ steps. A **drift**, a small
# push that is drawn once for each word and then the same at every step, moves it by
# $\sigma t$. An attractor resists both: it only shifts a little. So we train with both,
# first on words of 20 symbols, since counting is learnt on short words or not at all, then
# on words of 100, some of which hold one symbol for long. All networks share this recipe,
# with one exception: Tomita's seventh grammar got the first part twice as long, because
# after the plain recipe its network was a symbol late in falling into a trap.

# %%
three = ("modulo3", "repetition", "pattern0101")
names = {kind: zoo.seeds(f"{kind}-gru") for kind in three}
names["tomita"] = [f"tomita{k}-gru" for k in machines.TOMITA]
names["random"] = [f"random{k}-gru" for k in range(20)]
networks = {
    name: zoo.get(name, retrain=retrain).requires_grad_(False)
    for group in names.values()
    for name in group
}
task_of = {
    name: tasks.from_configuration(network.card["task"])
    for name, network in networks.items()
}

# %% tags=["hide-input"]
training = networks["modulo3-gru"].card["training"]
Markdown(
    f"{len(networks)} networks. The recipe: {training['warm_up']:,} steps on short words, {training['steps']:,} on long "
    f"ones, noise {training['state_noise']:g}, drift {training['state_drift']:g}."
)

# %% [markdown]
# ## Any machine?
#
# There are 42 networks here: three machines of {cite}`explaining` from five seeds each, the
# seven grammars that Tomita gave to learners in 1982 {cite}`tomita`, and 20 random machines
# of 3 to 8 states over 2 or 3 symbols. Each reads new words of 100 symbols, the length
# of training, and of 1,000, which no network has ever seen.

# %%
tested = 50 if profile == "full" else 10
bounds = {100: 0.999, 1000: 0.99}
right = {length: {} for length in bounds}
for length in bounds:
    for name, task in task_of.items():
        generator = torch.Generator().manual_seed(30_000 + seed)
        batch = replace(task, length=length).batch(tested, generator)
        outputs, _ = networks[name](batch.inputs)
        right[length][name] = task.accuracy(outputs, batch)

# %% tags=["hide-input"]
rows = []
for kind, group in names.items():
    row = {"machine": kind}
    for length, bound in bounds.items():
        shares = [right[length][name] for name in group]
        passed = sum(share >= bound for share in shares)
        row[f"{length:,}: ≥ {100 * bound:g} %"] = (
            f"{passed} of {len(group)} ({min(shares):.2%})"
        )
    rows.append(row)
table(rows)

# %% [markdown]
# In brackets is the worst network of each row. Ten times the length of training costs next
# to nothing: what an attractor holds, it holds for ever. Which networks stay below a bound,
# if any, and how:

# %% tags=["hide-input"]
missed = [
    name
    for name in networks
    if any(right[length][name] < bounds[length] for length in bounds)
]
faults = []
for name in missed:
    batch = task_of[name].batch(
        1000, torch.Generator().manual_seed(40_000 + seed)
    )
    answers = task_of[name].decode(networks[name](batch.inputs)[0])
    wrong = (answers != task_of[name].decode(batch.targets)).sum(1)
    faults.append(
        f"- {name}: {int((wrong > 0).sum())} of 1,000 words with a wrong answer, at most {int(wrong.max())} in one word "
        "of 100 symbols"
    )
Markdown("\n".join(faults) or "None does.")

# %% tags=["hide-input"]
good = len(networks) - len(missed)
claim(
    "E.fsa",
    f"Trained from their transition tables alone, {good} of {len(networks)} networks "
    "follow their machines at the training length and at ten times that.",
    paper="GRUs trained to implement three automata; arbitrary ones conjectured",
    worst_at_100_symbols=at_least(min(right[100].values()), 0.999),
    worst_at_1000_symbols=at_least(min(right[1000].values()), 0.99),
    note=f"{tested} words of each length for each network. Below a bound: "
    f"{', '.join(missed) or 'none'}.",
)

# %% [markdown]
# ## Counting: the 3-cycle
#
# We look inside. The words that we follow from here on are half uniform, half drawn as in
# training: uniform ones fall into traps, the others also hold symbols. From the
# states that they visit we search for fixed points under each symbol.

# %%
batches, states, points = {}, {}, {}
for name in (name for kind in three for name in names[kind]):
    task, network = task_of[name], networks[name]
    words = sample_words(task, 200, 50, seed).tolist()
    batches[name] = task.run([[task.symbols[i] for i in w] for w in words])
    states[name] = network(batches[name].inputs)[1]
    points[name] = {}
    for symbol in task.symbols:
        F_held = network.cell.at(task.input(symbol))
        starts = states[name][::4, -1]
        points[name][symbol] = find_fixed_points(F_held, starts)

# %% tags=["hide-input"]
table(
    {
        "held": symbol,
        "stable": len(found.stable),
        "saddles": len(found.saddles),
        "audit": "closes" if found.audit.closed else "open",
    }
    for symbol, found in points["modulo3-gru"].items()
)

# %% [markdown]
# Under 0 there are three stable points, as expected. Under 1 there is a single fixed point,
# and it repels. It is the only one: the audit closes. So under 1 nothing can come to rest,
# except by balancing on that point. We search for periodic orbits.
#
# `find_cycles(F, 3, starts)` solves $F^3(h) = h$ with the machinery of
# {doc}`02_fixed_points`, carries each solution along its orbit, and throws out orbits whose
# true period is smaller. A cell's map sends the box $[-1, 1]^{64}$ into itself; so does
# $F^3$, and the audit holds for it too:
#
# ```{math}
# :label: eq-automata-audit
# \sum_{h = F^k(h)} \operatorname{sign} \det\bigl(I - DF^k(h)\bigr) = 1 .
# ```

# %%
name = "modulo3-gru"
task, network = task_of[name], networks[name]
F = {s: network.cell.at(task.input(s)).double() for s in task.symbols}
orbits = {}
for each in names["modulo3"]:
    F1 = networks[each].cell.at(task.input("1"))
    resting = points[each]["1"].states.float()
    starts = torch.cat([resting, states[each][::16, -1]])
    orbits[each] = find_cycles(F1, 3, starts)
cycle = orbits[name]

# %% tags=["hide-input"]
rows = []
for orbit, unstable, error, Λ in zip(
    cycle.states, cycle.n_unstable, cycle.residual, cycle.multipliers
):
    answers = task.answers(network.outputs(orbit.float()))
    row = {
        "outputs": " → ".join(answers),
        "unstable": int(unstable),
        "residual": float(error),
    }
    rows.append(
        row
        | {
            "largest multipliers": ", ".join(
                f"{size:.3f}" for size in Λ.abs()[:3]
            )
        }
    )
table(rows, residual="{:.0e}")

# %% tags=["hide-input"]
#| markdown: myst
Markdown(f"$F_1^3$ has {len(cycle.points)} fixed points; {cycle.points.audit}.")

# %% [markdown]
# There is the 3-cycle. It attracts strongly: one turn of three steps shrinks every
# deviation to a fifth or less. Its three points are read out as the three states of the
# counter, in the right order. A second 3-cycle repels along one direction. We draw both.
#
# Some of the fixed points are **active**: states on real words settle there
# when the symbol is held. We find them by holding it.

# %%
active, settled = {}, {}
for each in (names[kind][0] for kind in three):
    active[each] = {}
    for symbol, found in points[each].items():
        F_held = networks[each].cell.at(task_of[each].input(symbol)).double()
        h = iterate(F_held, states[each][:, -1].double(), 2000)
        gap = torch.cdist(h, found.states)
        active[each][symbol] = gap.argmin(1)[gap.amin(1) < 1e-4].unique()
        settled[each, symbol] = h
on_cycle = torch.cdist(settled[name, "1"], cycle.stable[0]).amin(1) < 1e-4

# %% tags=["hide-input"]
Markdown(
    f"Under 0, {len(active[name]['0'])} of {len(points[name]['0'])} points are active; under 1, "
    f"{on_cycle.double().mean():.0%} of the states end on the cycle."
)

# %% tags=["hide-input"]
#| label: fig-automata-counter-portraits
#| fig-cap: >-
#|   Phase portraits of the modulo-3 counter on two principal components: under a held 0, left,
#|   and a held 1, right. Pale lines are trajectories that start on a grid in this plane. Larger
#|   discs are active: there states on real words settle. Purple: the attracting 3-cycle under 1,
#|   and, dashed, one that repels along one direction. The star is the initial state.
#| fig-alt: >-
#|   Two panels. Left: three red discs, two of them close together, with pale lines that run into
#|   them. Right: a large purple triangle with a disc on each corner, a smaller dashed triangle
#|   turned against it, and a blue ring near the middle; pale lines cross from corner to corner.
zero, one = held_portraits(
    network, task, states[name], points[name], active[name], labelled=True
)
pca = zero.pca
few_steps = book_plots.from_plane(F["1"], pca, states[name], grid=5, steps=4)
plots.portraits([zero, replace(one, background=few_steps, cycles=cycle)])

# %% [markdown]
# {numref}`fig-automata-counter-portraits` needs a second look on the right: a 3-cycle is not
# a loop along which the state glides. It jumps from corner to corner of the triangle. The
# order shows if we look at every third step only, at the map $F_1^3$, whose fixed points are
# the points of both cycles and the centre.

# %% tags=["hide-input"]
#| label: fig-automata-third-step
#| fig-cap: >-
#|   The counter under 1, seen at every third step: fixed points of $F_1^3$. The three discs are
#|   the points of the attracting 3-cycle, the three lighter rings those of the other, the dark
#|   ring in their midst is the fixed point of $F_1$ itself. Labels are what the network answers.
#|   Pale lines start on a grid in the plane.
#| fig-alt: >-
#|   Three red discs in a triangle, labelled q0, q1 and q2, and three blue rings between them
#|   around a dark blue ring. Pale lines run to the discs, each from its own part of the plane.
thirds = plots.Portrait(
    pca,
    cycle.points,
    background=book_plots.from_plane(
        lambda h: iterate(F["1"], h, 3), pca, states[name], steps=15
    ),
    start=torch.zeros(network.cell.state_size),
    labels=task.answers(network.outputs(cycle.points.stable.float())),
)
plots.portrait(thirds)

# %% tags=["hide-input"]
λ = points[name]["1"].eigenvalues[0, 0]
turn = float(λ.angle().abs()) * 180 / torch.pi
Markdown(
    f"At the centre λ = {λ.real:.2f} ± {abs(λ.imag):.2f}i: a turn by {turn:.0f}°."
)

# %% [markdown]
# Three nodes and three {term}`saddles <saddle>` alternate around a source
# ({numref}`fig-automata-third-step`). This is what remains of a rotation when it is locked
# to a third of a turn. At the centre the linear map does not turn by exactly 120°; on the
# cycle the steps are exactly a third. Each node is then a memory of the number of ones so
# far, modulo 3.
#
# The count of {eq}`eq-automata-audit` fits: nodes $+3$, saddles $-3$, the centre $+1$.
#
# ## Handing over
#
# A count is of use only if the two maps agree about it. When the ones stop, the state
# stands on a point of the cycle, and $F_0$ must carry it to the fixed point that is
# read out alike. When they come back, $F_1$ must carry it from there to the cycle in step.
# We draw the words that {cite}`explaining` gives.

# %%
origin = torch.zeros(1, network.cell.state_size)
word = "000100010001111111"
batch = task.run([word])
outputs, visited = network(batch.inputs)
path = torch.cat([origin, visited[0]])
words_right = [task.accuracy(outputs, batch)]

# %% tags=["hide-input"]
#| label: fig-automata-counter-word
#| fig-cap: >-
#|   The counter reads 000100010001111111. Red discs are the three memories under 0, purple the
#|   cycle under 1. The green line starts at the star and has a dot for each symbol.
#| fig-alt: >-
#|   A green line steps from the star towards one red disc after another, by way of the corners
#|   of the purple triangle, and in the end jumps around them.
stable = cycle.n_unstable == 0
attracting = replace(
    cycle,
    states=cycle.stable,
    multipliers=cycle.multipliers[stable],
    residual=cycle.residual[stable],
)
scene = replace(
    zero, background=None, cycles=attracting, labels=None, title=None
)
plots.portrait(replace(scene, trajectories=[path]))

# %% tags=["hide-input"]
#| label: fig-automata-counter-outputs
#| fig-cap: >-
#|   What the network says while it reads that word. Pale bands: the state of the counter after
#|   each symbol. Lines with dots: the three outputs.
#| fig-alt: >-
#|   Three rows, q0, q1 and q2, under the symbols of the word. In each, a line with dots follows
#|   a pale band that jumps between 0 and 1; during the ones at the end each output is high at
#|   every third step.
book_plots.word_trial(task, batch, outputs)

# %%
ones = {f"{n} ones": "1" * n + "0" * (80 - n) for n in (6, 7, 8)}
batch = task.run(ones.values())
outputs, visited = network(batch.inputs)
paths = {n: torch.cat([origin, h]) for n, h in zip(ones, visited)}
words_right.append(task.accuracy(outputs, batch))

# %% tags=["hide-input"]
#| label: fig-automata-counter-hand-over
#| fig-cap: >-
#|   Six, seven and eight ones, and then zeros. The paths agree for six steps and end in the
#|   three memories.
#| fig-alt: >-
#|   Three lines with marks run together around the corners of a triangle and then part, each to
#|   another one of three red discs.
plots.portrait(replace(scene, trajectories=paths))

# %% [markdown]
# In {numref}`fig-automata-counter-word` three zeros are too few to arrive anywhere: the
# state is on its way when the next 1 comes, and that does no harm. In
# {numref}`fig-automata-counter-hand-over` it has the time.
#
# It works for these words. For all numbers of ones? We start at each of the three
# memories, read $n$ ones for $n = 1, \dots, 99$, then 500 zeros.

# %%
h = points[name]["0"].stable
begun = task.decode(network.outputs(h.float()))
count_is_right = []
for n in range(1, 100):
    h = F["1"](h)
    rested = iterate(F["0"], h, 500)
    ended = task.decode(network.outputs(rested.float()))
    count_is_right.append(ended == (begun + n) % 3)
handed = torch.stack(count_is_right)

# %% tags=["hide-input"]
Markdown(f"{int(handed.sum())} of {handed.numel()} counts are right.")

# %% [markdown]
# Now for all seeds. In the table stand the stable points under 0, with the {term}`time constant`
# $\tau$ of the slowest of their modes ({eq}`eq-flipflop2-tau`), in steps; then the attracting
# cycles under 1, with their largest $|\text{multiplier}|$.

# %% tags=["hide-input"]
rows, counting = [], 0
for k, each in enumerate(names["modulo3"]):
    under_0, turning = points[each]["0"], orbits[each]
    slowest = float(under_0.time_constants[under_0.n_unstable == 0].max())
    largest = float(turning.multipliers[turning.n_unstable == 0].abs().max())
    answers = [
        networks[each].outputs(orbit.float()).argmax(-1)
        for orbit in turning.stable
    ]
    counting += (
        (len(under_0.stable), len(turning.stable)) == (3, 1)
        and len(answers[0].unique()) == 3
        and turning.points.audit.closed
        and float(turning.residual.max()) <= 1e-10
    )
    row = {
        "seed": k,
        "stable, 0 (τ)": f"{len(under_0.stable)} ({slowest:,.0f})",
    }
    row["attracting, 1"] = f"{len(turning.stable)} ({largest:.2f})"
    rows.append(row | {"all 3-cycles": len(turning)})
table(rows)

# %% [markdown]
# All five found the same way to count. They differ in how quickly they come to rest: in
# some, one of the memories takes hundreds or thousands of steps to settle. Drift makes such a
# memory an attractor; it does not make it a quick one.

# %% tags=["hide-input"]
largest = float(cycle.multipliers[cycle.n_unstable == 0].abs().max())
on_points = task.answers(network.outputs(cycle.stable[0].float()))
claim(
    "E.fig8",
    f"The counter holds 3 states at 3 stable points under 0 and turns on an attracting "
    f"3-cycle under 1; so do {counting} of 5 seeds.",
    paper="Figure 8: 3 stable nodes under 0, a stable limit cycle of period 3 under 1",
    stable_points_under_0=equals(len(points[name]["0"].stable), 3),
    attracting_3_cycles_under_1=equals(len(cycle.stable), 1),
    residual=at_most(float(cycle.residual.max()), 1e-10),
    largest_multiplier=at_most(largest, 1),
    states_on_the_cycle=equals(len(set(on_points)), 3),
    audit_of_the_third_iterate_closes=equals(cycle.points.audit.closed, True),
    the_words_of_the_caption=equals(words_right, [1.0, 1.0]),
    seeds_of_5=equals(counting, 5),
    note=f"Handed over, {int(handed.sum())} of {handed.numel()} counts of 1 to 99 ones are right.",
)

# %% [markdown]
# ## Any period, any cell
#
# Nothing in the search knows about GRUs or about threes. We ask the counter for other
# periods, and other cells for theirs. For the latter we take two small random networks with
# large weights, from seeds at which simulation ran into a cycle, and one in which we
# **plant** a cycle. With states $v_1, \dots, v_5$ as the columns of $V$, the tanh network
# $h' = \tanh(U h)$ with
#
# ```{math}
# :label: eq-automata-planted
# U = \operatorname{artanh}\bigl(v_2, v_3, v_4, v_5, v_1\bigr) \, V^{-1}
# ```
#
# sends each $v_j$ to the next. There the answer is known. In the table stand the smallest and
# the largest of the cycles' leading $|\text{multiplier}|$.

# %%
starts = states[name][::16, -1]
searched = {
    ("counter", k): find_cycles(F["1"], k, starts) for k in (1, 2, 3, 4)
}

# %%
generator = torch.Generator().manual_seed(seed)
V = torch.empty(5, 5).double().uniform_(-0.8, 0.8, generator=generator)
planted = rnnlab.VanillaRNN(1, 5).double().requires_grad_(False)
planted.U.copy_(V.roll(-1, 0).atanh().T @ torch.linalg.inv(V.T))
planted.b.zero_()
no_input = torch.zeros(1).double()
searched["planted", 5] = find_cycles(planted.at(no_input), 5, 0.5 * V)

# %%
for kind, drawn_from, gain, period in (
    ("UGRNN", 3, 6.0, 9),
    ("LSTM", 5, 12.0, 3),
):
    Cell = getattr(rnnlab, kind)
    generator = torch.Generator().manual_seed(drawn_from)
    cell = Cell(1, 6 * Cell.vectors, generator=generator)
    cell = cell.double().requires_grad_(False)
    for weights in cell.parameters():
        weights.mul_(gain)
    h = torch.empty(64, cell.state_size).double()
    h.uniform_(-1, 1, generator=generator)
    random_map = cell.at(no_input)
    h = iterate(random_map, h, 100)
    searched[kind, period] = find_cycles(random_map, period, h)

# %% tags=["hide-input"]
rows = []
for (kind, k), found in searched.items():
    top = found.multipliers.abs().amax(1)
    row = {
        "map": kind,
        "period": k,
        "cycles (attracting)": f"{len(found)} ({len(found.stable)})",
    }
    rows.append(
        row
        | {
            "multipliers": f"{top.min():.2f} to {top.max():.2f}"
            if len(top)
            else None
        }
    )
table(rows)

# %% tags=["hide-input"]
far = torch.cdist(V, searched["planted", 5].states.flatten(0, 1)).amin(1).max()
closed = sum(found.points.audit.closed for found in searched.values())
residual = max(float(f.residual.max()) for f in searched.values() if len(f))
periods = sorted({f.period for f in searched.values() if len(f)})
claim(
    "X.cycles",
    f"Cycles of periods {', '.join(map(str, periods))} with their multipliers, in a "
    f"GRU, a tanh network, a UGRNN and an LSTM; {closed} of {len(searched)} audits "
    "close.",
    paper="a cycle of period 3 in one GRU, drawn",
    residual=at_most(residual, 1e-10),
    closed_audits=equals(closed, len(searched)),
    distance_to_the_planted_cycle=at_most(float(far), 1e-10),
)

# %% [markdown]
# The planted cycle is found, with its mirror image, since $\tanh$ is odd; and so are two that
# nobody planted. The counter has none of periods 2 and 4: under 1 it counts to three, and
# does nothing else.
#
# ## Waiting for a repetition
#
# The second machine falls into a trap, $q_3$, as soon as a symbol equals the one before.

# %%
name = "repetition-gru"
task, network = task_of[name], networks[name]

# %% tags=["hide-input"]
#| label: fig-automata-repetition
#| fig-cap: >-
#|   The repetition trap. From q3 there is no way out.
#| fig-alt: >-
#|   Four circles. From q0, 0 leads to q1 and 1 to q2. Between q1 and q2 arrows lead back and
#|   forth, 1 to q2 and 0 to q1. From q1, 0 leads to q3, and from q2, 1 does. Both symbols lead
#|   from q3 back to itself.
plots.diagram(task.machine)

# %% tags=["hide-input"]
#| label: fig-automata-repetition-portraits
#| fig-cap: >-
#|   Phase portraits of the repetition trap under a held 0 and a held 1. Each has one fixed
#|   point, the trap, into which all pale lines run in the end. The star is the initial state.
#| fig-alt: >-
#|   Two panels with a red disc at the right. Pale lines come from everywhere: under 0 they rise,
#|   turn and fall to the disc, under 1 they fall, turn and rise to it.
held = held_portraits(network, task, states[name], points[name], active[name])
plots.portraits(held)

# %% [markdown]
# To hold a symbol is to repeat it. So both maps have the trap as their only attractor, and
# $q_1$ and $q_2$ are not fixed points of anything. How, then, does the network wait, for as
# long as zeros and ones alternate? Under a *periodic* input the map to look at is that of a
# whole period, here $F_1 \circ F_0$: first 0, then 1. It is a map of the box into itself like
# any other.


# %%
def of_a_period(network):
    """The map of one period of alternation: first 0, then 1."""
    F0, F1 = (network.cell.at(task.input(s)).double() for s in "01")
    return lambda h: F1(F0(h))


alternating = {}
for each in names["repetition"]:
    visited = networks[each](task.run(["01" * 20]).inputs)[1][0]
    starts = torch.cat([visited, states[each][::8, -1]])
    alternating[each] = find_fixed_points(
        of_a_period(networks[each]), starts, box=1.0
    )

# %% tags=["hide-input"]
found = alternating[name]
answers = task.answers(network.outputs(found.states.float()))
table(
    (
        {
            "output": answer,
            "unstable": int(unstable),
            "largest |λ|": float(λ.abs()[0]),
        }
        for answer, unstable, λ in zip(
            answers, found.n_unstable, found.eigenvalues
        )
    ),
    **{"largest |λ|": "{:.2f}"},
)

# %% tags=["hide-input"]
waits = sum(found.census == {0: 2, 1: 1} for found in alternating.values())
Markdown(
    f"{waits} of 5 seeds have two attractors and a saddle between them; in this one, {found.audit}."
)

# %% [markdown]
# Alternation has an attractor of its own, read out as $q_2$ (and as $q_1$ half a period
# later), beside the trap, and a saddle between the two. The network waits on an orbit that
# its input drives. The first repeated symbol lets it fall
# ({numref}`fig-automata-repetition-words`).

# %%
words = {
    "… 0 1 0 0 1 0 1 0": "01010101001010",
    "… 0 1 1 0 1 0 1 0": "01010101101010",
}
batch = task.run(words.values())
outputs, visited = network(batch.inputs)
paths = torch.cat([origin.expand(2, 1, -1), visited], 1)
repeats = task.accuracy(outputs, batch)

# %% tags=["hide-input"]
#| label: fig-automata-repetition-words
#| fig-cap: >-
#|   Two words that alternate and then repeat a symbol: 01010101 and then 00, left, or 11, right.
#|   The path starts at the star. Small marks: the fixed point under 1, and the three of a whole
#|   period of alternation, of which the left one is where the network waits.
#| fig-alt: >-
#|   Two panels. A green line leaves the star, goes back and forth between two places at the
#|   left, and in the end runs to the red disc at the right and stays there.
groups = {"under 1": points[name]["1"], "alternating": alternating[name]}
scene = replace(held[0], background=None, groups=groups)
plots.portraits(
    [
        replace(scene, trajectories=[path], title=title)
        for title, path in zip(words, paths)
    ]
)

# %% [markdown]
# ## Waiting for 0101
#
# The third machine looks for the pattern 0101. Its states say how much of it has been read.

# %%
name = "pattern0101-gru"
task, network = task_of[name], networks[name]

# %% tags=["hide-input"]
#| label: fig-automata-pattern
#| fig-cap: >-
#|   The pattern trap: q4 once 0101 has been read.
#| fig-alt: >-
#|   Five circles. The symbols 0, 1, 0, 1 lead from q0 by q1, q2 and q3 to q4, where both symbols
#|   stay. A wrong symbol leads back: 1 to q0, 0 to q1.
plots.diagram(task.machine)

# %% tags=["hide-input"]
#| label: fig-automata-pattern0101-portraits
#| fig-cap: >-
#|   Phase portraits of the pattern trap under a held 0 and a held 1. Under 0, the disc at the
#|   left is q1 and the one at the right the trap; under 1 they are q0 and the trap. A saddle
#|   parts them. The star is the initial state.
#| fig-alt: >-
#|   Two panels, each with a red disc at the left, another at the right, and a blue ring between
#|   them. Pale lines run to the two discs, from their own sides.
held = held_portraits(
    network, task, states[name], points[name], active[name], labelled=True
)
plots.portraits(held)

# %% [markdown]
# A held 0 leads to $q_1$ from every state but the trap, a held 1 to $q_0$: two attractors
# under each symbol, with one saddle between them. $q_2$ and $q_3$ are only passed. The
# pattern is a path of four steps across the watershed, and a wrong symbol on the way
# sends the state back.

# %%
words = {"0101010110": 4, "01001000011010": 0}  # where the pattern is complete
parts, reads = {}, []
for word, end in words.items():
    batch = task.run([word])
    outputs, visited = network(batch.inputs)
    path = torch.cat([origin, visited[0]])
    parts[word] = {
        "reads 0101": path[: end + 1],
        "reads other symbols": path[end:],
    }
    reads.append(task.accuracy(outputs, batch))

# %% tags=["hide-input"]
#| label: fig-automata-pattern0101-words
#| fig-cap: >-
#|   Left: 0101010110, which begins with the pattern. Right: 01001000011010, which does not
#|   contain it. The part of the path that reads 0101 is green, all else is dark, with triangles,
#|   from the square on where the pattern is complete; the star is the initial state.
#| fig-alt: >-
#|   Two panels. Left: a green line of four steps leads from the star by way of the left side to
#|   the right, where a dark line goes on around a red disc. Right: a dark line wanders on the
#|   left side only.
scene = replace(
    held[0], background=None, labels=None, groups={"under 1": points[name]["1"]}
)
plots.portraits(
    [
        replace(scene, trajectories=paths, title=word)
        for word, paths in parts.items()
    ]
)

# %% [markdown]
# ## Is the trap a trap?
#
# We take states of the network at which the machine is trapped, some just caught, some for
# long, let it read 100 further random symbols, and count the words on which it ever
# answers anything else.

# %%
continued, left = 10_000, {}
for kind, trap in (("repetition", "q3"), ("pattern0101", "q4")):
    for k, each in enumerate(names[kind]):
        task, network = task_of[each], networks[each]
        at = task.machine.answers.index(trap)
        trapped = states[each][task.decode(batches[each].targets) == at]
        count = continued if k == 0 else continued // 5
        generator = torch.Generator().manual_seed(seed + 1)
        which = torch.randint(len(trapped), (count,), generator=generator)
        h = trapped[which]
        away = torch.zeros(count, dtype=torch.bool)
        for _ in range(100):
            symbols = torch.randint(2, (count,), generator=generator)
            h = network.cell(torch.eye(2)[symbols], h)
            away |= task.decode(network.outputs(h)) != at
        left[each] = int(away.sum()), count

# %% tags=["hide-input"]
table(
    {
        "machine": kind,
        "seed": k,
        "leave": f"{left[each][0]} of {left[each][1]:,}",
    }
    for kind in ("repetition", "pattern0101")
    for k, each in enumerate(names[kind])
)

# %% tags=["hide-input"]
both = {
    "E.fig9": ("repetition", "a repeated symbol", repeats, "Figure 9"),
    "E.fig10": ("pattern0101", "the pattern 0101", min(reads), "Figure 10"),
}
for id, (kind, what, accuracy, figure) in both.items():
    kept_in = sum(left[each][0] == 0 for each in names[kind])
    closed = sum(
        points[each][s].audit.closed for each in names[kind] for s in "01"
    )
    claim(
        id,
        f"The network falls into its trap after {what} and never leaves it: "
        f"{left[names[kind][0]][0]} of {continued:,} random continuations do; in "
        f"{kept_in} of 5 seeds none does.",
        paper=f"{figure}: portraits under 0 and 1, two words, a trap with no way out",
        both_portraits=shown("above, with the active points"),
        the_two_words=equals(accuracy, 1.0),
        continuations=at_least(continued, 10_000),
        that_leave_the_trap=equals(left[names[kind][0]][0], 0),
        seeds_of_5=equals(kept_in, 5),
        note=f"{closed} of 10 searches for fixed points, 2 a seed, close their audit.",
    )

# %% [markdown]
# ## What the plane does not tell
#
# All these pictures lie in a plane, and the states do not. {cite}`explaining` warns of two
# things: that the place in the plane does not settle the output, and that trajectories from
# *reconstructed* states, those in the plane itself, differ from real ones. We measure both,
# on the three machines and on the two flip-flops of {doc}`08_encoding`, from five seeds
# each.
#
# **Does the plane decide the output?** We guess the answer at a state by a vote of its five
# nearest neighbours among the states of other words: once with (PC1, PC2) alone, once with
# all 64 coordinates.
#
# **Does the plane hold the state?** After 20 symbols we replace the state $h$ by the
# nearest one in the plane, $\bar h + P^\top P (h - \bar h)$, where $P$ has the two leading
# components as rows. Then both read the same word on. We count the words on which the two
# ever answer differently, and follow their distance, relative to the spread of the states.

# %%
compared = {kind: names[kind] for kind in three}
for kind in ("one-two", "one-hot"):
    compared[kind] = zoo.seeds(f"{kind}-gru")
    for each in compared[kind]:
        network = zoo.get(each, retrain=retrain).requires_grad_(False)
        networks[each] = network
        task_of[each] = tasks.from_configuration(network.card["task"])
        generator = torch.Generator().manual_seed(seed)
        batches[each] = task_of[each].batch(200, generator)

inputs, visited, answers = {}, {}, {}
for each in (each for group in compared.values() for each in group):
    inputs[each] = batches[each].inputs[:, :50]
    outputs, visited[each] = networks[each](inputs[each])
    decoded = task_of[each].decode(outputs)
    answers[each] = decoded.reshape(*outputs.shape[:2], -1)

# %%
errors, pcas = {}, {}
train, test = slice(0, None, 2), slice(1, None, 2)
for each, h in visited.items():
    pcas[each] = geometry.pca(h, 2)
    for space, x in (("plane", pcas[each].project(h)), ("all", h)):
        vote = KNeighborsClassifier(5)
        known = answers[each][train].flatten(0, 1).squeeze(-1)
        vote.fit(x[train].flatten(0, 1), known)
        guess = torch.from_numpy(vote.predict(x[test].flatten(0, 1)))
        asked = answers[each][test]
        wrong = (guess.reshape(asked.shape) != asked).any(-1)
        errors[each, space] = float(wrong.double().mean())

# %%
astray, distance = {}, {}
for each, h in visited.items():
    after_20, pca = h[:, 19], pcas[each]
    flat = pca.reconstruct(pca.project(after_20)).float()
    outputs, twin = networks[each](inputs[each][:, 20:], flat)
    real = answers[each][:, 20:]
    differ = task_of[each].decode(outputs).reshape(real.shape) != real
    astray[each] = float(differ.any(-1).any(-1).double().mean())
    spread = (h - h.mean((0, 1))).norm(dim=-1).mean()
    gap = torch.cat([(flat - after_20)[:, None], twin - h[:, 20:]], 1)
    distance[each] = gap.norm(dim=-1).mean(0) / spread


# %% tags=["hide-input"]
def span(values):
    return f"{min(values):.1%} to {max(values):.1%}"


table(
    {
        "task": kind,
        "plane fails": span([errors[each, "plane"] for each in group]),
        "all 64 fail": span([errors[each, "all"] for each in group]),
        "words astray": span([astray[each] for each in group]),
    }
    for kind, group in compared.items()
)

# %% tags=["hide-input"]
#| label: fig-automata-divergence
#| fig-cap: >-
#|   How far a trajectory that starts at the reconstruction from two PCs stays from the real one,
#|   on the same word, relative to the spread of the states. Each line is the mean over five
#|   seeds and 200 words.
#| fig-alt: >-
#|   Five falling lines of distance against time over thirty steps. The counter's starts highest
#|   and stays well above the others, which fall towards zero.
with plots.style.context():
    figure = plots.picture(5, 3.4)
    ax = figure.subplots()
    looks = zip(
        plots.style.INPUTS, ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
    )
    for (kind, group), (colour, dashes) in zip(compared.items(), looks):
        mean = torch.stack([distance[each] for each in group]).mean(0)
        ax.plot(mean, color=colour, ls=dashes, lw=2, label=kind)
    ax.set(xlabel="symbols read since", ylabel="distance / spread")
    ax.set_ylim(bottom=0)
    figure.legend(loc="outside upper center", ncols=3, handlelength=2.6)
figure

# %% tags=["hide-input"]
planes = [errors[each, "plane"] for each in distance]
wrong = list(astray.values())
claim(
    "E.lowdim",
    f"From (PC1, PC2) alone the output cannot be told at {min(planes):.2%} to "
    f"{max(planes):.2%} of the steps; from reconstructed states {min(wrong):.1%} to "
    f"{max(wrong):.1%} of words get another answer.",
    paper="for most examples the first 2 PCs do not settle the output; trajectories "
    "from reconstructions do not behave exactly like real ones",
    share_undecided_in_the_plane=shown(
        f"{min(planes):.2%} to {max(planes):.2%}"
    ),
    words_that_diverge=shown(f"{min(wrong):.1%} to {max(wrong):.1%}"),
    networks_in_which_some_word_diverges=at_least(sum(w > 0 for w in wrong), 1),
    note=f"{sum(e > 0 for e in planes)} of {len(planes)} networks have steps at which "
    "the plane fails.",
)

# %% [markdown]
# The plane decides more than we had thought. For the three machines it hardly ever fails to
# tell the output; it does fail for the 1–2 flip-flop, the very example that
# {cite}`explaining` names. To tell the regions apart is one thing, though, to *be* the state
# another. Put back into the 64 dimensions from the plane, the counter loses count in some
# words in all seeds.
#
# And it does not find it again: in {numref}`fig-automata-divergence` four of the curves fall
# towards zero, and the counter's does not. This is the machine's doing, not the network's.
# Each symbol *permutes* the states of the counter, so that no word brings two different
# counts together. In the other machines some words do: a trap, or a pulse, makes an earlier
# error forgotten.
#
# ## The machines, alive
#
# The three networks run here, seen in three PCs. Press symbols, or type a word; hold one to
# see its phase portrait with the state in it.

# %% tags=["hide-input"]
demos = {
    "modulo3": ("a counter of ones, modulo 3", "000100010001111111"),
    "repetition": ("the repetition trap", "01010101001010"),
    "pattern0101": ("the trap after 0101", "01001000011010" + "0101010110"),
}
players = {}
for kind, (title, word) in demos.items():
    name = names[kind][0]
    players[kind] = player(
        networks[name],
        task_of[name],
        geometry.pca(states[name], 3),
        points[name],
        cycles={"1": cycle} if kind == "modulo3" else {},
        script=word,
        title=f"GRU with 64 units: {title}",
        caption="The trained network runs in the page, with its machine beside it. "
        f"Demo reads {word}.",
    )
chooser(players, name="machine")

# %% tags=["hide-input"]
claim(
    "E.anim",
    f"{len(players)} automata read words in the page, the counter on its 3-cycle.",
    paper="animations that accompany the figures",
    the_3_cycle=shown("the player above, machine modulo3, symbol 1 held"),
    each_automaton=shown("the player above, button Demo"),
)

# %% [markdown]
# ## What we saw
#
# One recipe turned all kinds of machines that we tried into networks, and words ten times as long as
# those of training are read nearly as well. A held symbol shows where the state is kept: at attracting
# fixed points where the machine rests, on an attracting cycle where it counts, of the machine's own
# period. States in which the machine only waits, or which it only passes, need neither. The network
# waits on an orbit that its input drives, an attractor of the map of a whole period, and passes on
# its way across a watershed. The plane of two components tells the outputs apart nearly always; it is
# no substitute for the state.
#
# ## What this does not show
#
# - Right answers on many words are no proof for all words. What would a proof have to say,
#   and how far can one go? That is the question of the next chapter.
# - The cycles of random cells are from seeds at which we knew of one. How common cycles are
#   in random networks we did not ask.
# - An audit that closes does not prove that a set is complete. A node and a saddle can be
#   missed together.
# - Five neighbours decide what "the plane decides" means here. With many more states a vote
#   would find finer borders.
#
# ## Exercises
#
# ::::{exercise}
# :label: ex-automata-1
# Write down a counter modulo 5 and train it. Which periods do you expect under 1, and
# what should $F_1^5$ look like?
#
# :::{admonition} Hint
# :class: dropdown
# `replace(RECIPES["modulo3-gru"], task=Automaton(machines.modulo_counter(5))).train()`, with
# `RECIPES` from `rnnlab.book.recipes` and `replace` from `dataclasses`.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-automata-2
# Train the counter without drift (`state_drift=0.0`), and count its stable points
# under 0. If one is missing, hold 0 in that state, and see how long the count survives.
#
# :::{admonition} Hint
# :class: dropdown
# Start from a real word such as 011 followed by zeros, and print the answer after 10, 100,
# 1,000 and 10,000 of them. A closed gate leaks slowly.
# :::
# ::::
#
# ::::{exercise}
# :label: ex-automata-3
# On which periodic words does the third network wait for ever? Search the fixed points of
# $F_1 \circ F_0 \circ F_0$, the map of the word 001.
#
# :::{admonition} Hint
# :class: dropdown
# As for the alternation above, with `lambda h: F1(F0(F0(h)))` as the map, and `box=1.0`. What is
# read out at its attractors?
# :::
# ::::
#
# ::::{exercise}
# :label: ex-automata-4
# The {term}`multipliers <multiplier>` of a cycle are eigenvalues of a product of Jacobians. Show that they
# do not depend on the point at which the product begins, though the matrix does.
#
# :::{admonition} Hint
# :class: dropdown
# $AB$ and $BA$ have the same eigenvalues.
# :::
# ::::
#
# We knew the machines, and found them in the networks. Can it be done the other way round:
# to be given a network, and to read its machine off? {doc}`10_extraction` does so, and
# compares what it reads with the truth, exactly.
