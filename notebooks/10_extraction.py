# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # From network to machine
#
# A network was trained to answer as a finite automaton does, and on every word that we
# tried it is right. **Is it that automaton, or does it only look like it so far?** No list
# of tested words can tell. In this chapter we go the other way: we read an automaton back
# out of the network's dynamics, without looking at the one that it was trained on. Two
# automata can then be compared exactly, and for all words at once.
#
# ## What to expect
#
# {doc}`09_automata` found the memories of these networks at attractors: fixed points or
# cycles of the map $F_a(h) = F(h, a)$ under a held symbol $a$. So the first guess is that
# attractors are the automaton's states {cite}`dubreuil`. It cannot be the whole answer. While
# a word is read, the state is rarely *at* an attractor of anything, and a trap's
# attractors do not tell the states before the trap apart.
#
# What belongs to every state $h$, on its way or at rest, is its future. We name the
# **region** of $h$ by two things: the answer that the network gives at $h$, and, for each
# symbol $a$, where $h$ would go if $a$ were held for ever,
#
# ```{math}
# :label: eq-extraction-limit
# \ell_a(h) = \lim_{m \to \infty} F_a^{\,m p}(h),
# ```
#
# an attracting fixed point ($p = 1$), or that point of an attracting cycle of period $p$ at
# which $h$ would be at the times $p, 2p, 3p, \dots$ There are finitely many names, so there
# are finitely many regions.

# %% tags=["parameters"]
seed = 0
retrain = False  # True trains all networks of the chapter again, about a minute each
profile = "full"  # "fast" takes fewer networks

# %%
import itertools
from functools import partial

import torch
from IPython.display import Markdown

from rnnlab import extract, geometry, plots
from rnnlab.book import tasks, zoo
from rnnlab.book.claims import at_least, claim, equals
from rnnlab.book.lstar import learn
from rnnlab.plots import style

if profile not in ("full", "fast"):
    raise ValueError(f"profile must be 'full' or 'fast', got {profile!r}")
torch.set_num_threads(1)
make = partial(zoo.get, retrain=retrain)

# %% [markdown]
# ## Regions
#
# We begin with the network that waits for $0101$. From its initial state we feed words,
# shorter ones first, and look at the region of each state that we meet. A region that we
# have not seen is a new node; its successors are those of the state that brought us there.
# When no word leads to a new region, the graph is an automaton.
#
# Is it the network's? Two states of one region may still have different futures: where they
# go under $000\dots$ and $111\dots$ does not decide where they go under $01$. So network and
# automaton read random words side by side. At the first different answer we look back along
# the word for the symbols that told two states of one region apart, and make of them an
# **experiment**: from now on the answer after these symbols is a part of the name
# {cite}`rivest`. Then we walk again, until all answers agree.

# %%
network = make("pattern0101-gru").requires_grad_(False)
task = tasks.from_configuration(network.card["task"])
found = extract(network, task, seed=seed)
print(found)
print("experiments:", *("".join(word) for word in found.suffixes))
for symbol, points in found.limits.items():
    print(f"held {symbol} leads to one of {len(points)} points")

# %%
#| label: fig-extraction-regions
#| fig-cap: >-
#|   The automaton of the regions, as it was read out of the network that waits for 0101. Nodes
#|   are regions, numbered in the order in which words reach them, with the network's answer
#|   below. Node 0 is the initial state, whose answer nobody has asked for.
#| fig-alt: >-
#|   A graph of numbered circles joined by arrows that are labelled with the symbols 0 and 1. A
#|   chain leads from the start to a node that only leads to itself.
plots.diagram(found.regions)

# %% [markdown]
# In {numref}`fig-extraction-regions` some nodes may say the same thing: from neither of two
# nodes does any word ever lead to different answers. Such nodes are merged, which leaves the
# one smallest automaton with these answers.

# %%
#| label: fig-extraction-minimal
#| fig-cap: >-
#|   The same automaton, minimised. Each circle has the answer of the network below: the state
#|   that it claims to be in.
#| fig-alt: >-
#|   A graph of five numbered circles: a chain of four with arrows back, ending in a fifth circle
#|   that only leads to itself.
plots.diagram(found.machine)

# %% [markdown]
# ## Regions in the plane
#
# Where are these regions? We let the network read words as in training, follow the automaton
# along, and colour each state by the node that the automaton is in.

# %%
#| label: fig-extraction-plane
#| fig-cap: >-
#|   States that the network visits on 200 words, on the first two principal components, in the
#|   colour of the automaton's state at that moment. Large marks: the first state met in each
#|   region. Star: the initial state.
#| fig-alt: >-
#|   Small tight clusters of dots in five colours, far apart in a plane: three in its corners,
#|   others between them. Each colour has clusters of its own, with a large mark beside them.
batch = task.batch(200, torch.Generator().manual_seed(20_000 + seed))
_, states = network(batch.inputs)
pca = geometry.pca(states, components=2)
node = batch.targets.argmax(-1)
with style.context():
    picture = plots.picture(style.WIDTH, 4.4)
    ax = picture.subplots()
    for k, answer in enumerate(task.machine.answers):
        cloud = pca.project(states[node == k][:1500])
        ax.scatter(*cloud.T, s=5, color=style.INPUTS[k], alpha=0.5, linewidths=0)
        ax.scatter([], [], s=40, color=style.INPUTS[k], label=answer)
        first = [i for i, said in found.regions.outputs.items() if said == answer and i]
        marks = pca.project(found.states[first])
        look = dict(color=style.INPUTS[k], edgecolors="black", zorder=3)
        ax.scatter(*marks.T, s=90, **look)
    ax.scatter(*pca.project(found.states[0]), marker="*", s=160, color="black", zorder=4)
    ax.set(xlabel="PC 1", ylabel="PC 2")
    picture.legend(loc="outside upper center", ncols=5)
picture

# %% [markdown]
# ## The exact test
#
# Two automata with outputs agree on all words exactly when no word leads them, from their
# two starts, to a pair of states with different outputs. There are at most
# $|Q_1| \times |Q_2|$ pairs, so a breadth-first walk through the pairs ends. If it meets
# none with different outputs there is none, for words of any length; if it meets one, the
# word that led there is a shortest one. This is `distinguishing_word`.
#
# What does it prove? That the automaton which we read out *equals* the target: no word,
# however long, tells them apart. That the *network* follows this automaton remains a
# matter of evidence. It does on 200 random words of 100 symbols, and from states that
# those words do not visit it may do otherwise. One part of the evidence, though, is of
# another kind. A region's name says where the state goes if a symbol is held for ever, and
# we can compare the answer *there* with the one that the automaton has settled to. That is
# a statement on infinitely many words for each region and symbol, which no test with
# finite words can give. Below, "held" counts for how many pairs of region and symbol it is
# true.

# %%
word = found.machine.distinguishing_word(task.machine)
print(f"{len(found.machine)} states, the target {len(task.machine)}; told apart by: {word}")
print(f"held for ever: right in {int(found.forever.sum())} of {found.forever.numel()}")

# %% [markdown]
# ## All of them
#
# The three machines of {doc}`09_automata` with five seeds each; the seven grammars of
# {cite}`tomita`, on which the extraction of automata from networks has been measured since
# the nineties; twenty random automata of 3 to 8 states over 2 or 3 symbols, which accept or
# reject; and flip-flops. A $b$-bit flip-flop is an automaton with $2^b$ states over $3^b$
# symbols, once all bits have been pulsed: we start it after a pulse of $-1$ on all.
# The grammars and the random automata say only *yes* or *no*: the network was never told
# in which state it ought to be.

# %%
families = {
    "modulo 3": ["modulo3-gru"] + [f"modulo3-gru-seed{k}" for k in range(1, 5)],
    "repetition": ["repetition-gru"] + [f"repetition-gru-seed{k}" for k in range(1, 5)],
    "pattern 0101": ["pattern0101-gru"] + [f"pattern0101-gru-seed{k}" for k in range(1, 5)],
    "Tomita 1–7": [f"tomita{k}-gru" for k in range(1, 8)],
    "random": [f"random{k}-gru" for k in range(20)],
    "flip-flop, 2 bits": ["flipflop2-held-gru"] + [f"flipflop2-held-gru-seed{k}" for k in range(1, 5)],
    "flip-flop, 3 bits": ["flipflop3-held-gru"],
}
if profile == "fast":
    families = {family: names[:2] for family, names in families.items()}

extractions, telling = {}, {}
for name in itertools.chain(*families.values()):
    network = make(name).requires_grad_(False)
    task = tasks.from_configuration(network.card["task"])
    start = None
    if isinstance(task, tasks.FlipFlop):
        start = network(task.input((-1,) * task.bits)[None, None])[1][0, 0]
    extractions[name] = extract(network, task, start=start, seed=seed)
    telling[name] = extractions[name].machine.distinguishing_word(task.machine)

# %%
#| markdown: myst
rows = ["| family | equivalent | held | regions |", "|:--|--:|--:|--:|"]
for family, names in families.items():
    same = sum(telling[name] is None for name in names)
    held = torch.cat([extractions[name].forever.flatten() for name in names])
    regions = [len(extractions[name].regions) for name in names]
    span = "–".join(map(str, sorted({min(regions), max(regions)})))
    rows.append(f"| {family} | {same} of {len(names)} | {int(held.sum())} of {len(held)} | {span} |")
Markdown("\n".join(rows))

# %%
for name, word in telling.items():
    if word is not None:
        right = zoo.load(name).card["accuracy"]
        print(f"{name}: told apart by {' '.join(word)}; {right:.3%} of 1,000 words' answers right")
longest = max(found.seconds for found in extractions.values())
needed = [len(found.suffixes) for found in extractions.values()]
print(f"{sum(word is None for word in telling.values())} of {len(telling)} are equivalent")
astray = sum(int((found.settled & ~found.forever).sum()) for found in extractions.values())
moving = sum(int((~found.settled).sum()) for found in extractions.values())
print(f"held symbols: {astray} lead to a wrong answer, {moving} have not settled")
print(f"experiments: {min(needed)} to {max(needed)}; longest extraction {longest:.1f} s")

# %% [markdown]
# The test is strict, and what misses it is a network, not the method: where it fails it
# leaves a word behind, which anybody can check by hand. The network answers otherwise than
# the target after this word and, since it is a shortest one, after no shorter one. Nearly
# all of its answers on words of its own task were right, as printed: words like this one
# were too rare among them to be noticed, or to be learnt.
#
# "Held" is not complete in every family either. The last cell says why: where the network
# has settled after 1,920 steps it is wrong as often as printed there; elsewhere it still
# creeps, along a nearly closed update gate, and we do not know where to.
#
# ## A network that is not its machine
#
# The network of {doc}`04_flipflop2` is right on its own task, where pulses come at most
# every few steps and last for one. The automaton knows no such restraint: it has an answer
# to every word over the nine pulses. We try all words of up to four symbols.

# %%
network = make("flipflop2-gru").requires_grad_(False)
task = tasks.from_configuration(network.card["task"])
start = network(task.input((-1, -1))[None, None])[1][:, 0]
codes = torch.stack([task.input(pulse) for pulse in task.symbols])
for length in range(1, 5):
    every = list(itertools.product(range(9), repeat=length))
    outputs, _ = network(codes[torch.tensor(every)], start.expand(len(every), -1))
    said = task.answers(outputs[:, -1])
    asked = [task.machine.run([task.symbols[a] for a in word])[-1] for word in every]
    wrong = [word for word, s, a in zip(every, said, asked) if s != a]
    print(f"words of {length}: {len(wrong)} of {len(every)} wrong")
    if wrong:
        first = [task.symbols[a] for a in wrong[0]]
        print("for instance", *first)
        break
try:
    print(extract(network, task, start=start[0], most_regions=20, seed=seed))
except RuntimeError as error:
    print(error)

# %% [markdown]
# No accuracy on the task could have shown this, since the task never asks. The extraction
# does not get to an end either: the network keeps answering in new ways, and each walk finds
# more regions than the one before, five times as many as the flip-flop has states, where we
# stop. The flip-flops in the table above were therefore trained on pulses that last, and come
# more often, under a push on the state that is constant in time ({doc}`09_automata` says why).
#
# ## Asking instead of looking
#
# An automaton can also be learnt from outside: ask the network for its answers to chosen
# words, until they determine an automaton, and test it on random words; this is Angluin's
# $L^*$ {cite}`angluin`, which {cite:t}`weiss` used on networks. We run AALpy's
# {cite}`aalpy`, with the same 200 random words as the test. Both must update the network's
# state for every symbol read, so we count updates, and time.

# %%
#| markdown: myst
rows = ["| machine | updates, ours | updates, $L^*$ | time, ours / $L^*$ |", "|:--|--:|--:|--:|"]
asked_names = families["Tomita 1–7"] + [families[f][0] for f in ("modulo 3", "repetition", "pattern 0101")]
agree, ratios = 0, []
for name in asked_names:
    network = make(name).requires_grad_(False)
    task = tasks.from_configuration(network.card["task"])
    machine, about = learn(network, task, seed=seed)
    ours = extractions[name]
    agree += machine.distinguishing_word(ours.machine) is None
    updates = about["steps_learning"] + about["steps_eq_oracle"]
    ratios.append(ours.seconds / about["total_time"])
    rows.append(f"| {name.removesuffix('-gru')} | {ours.updates:,} | {updates:,} | {ratios[-1]:.2f} |")
Markdown("\n".join(rows))

# %%
print(f"{agree} of {len(asked_names)} learnt automata equal the extracted ones")
print(f"median time of extraction, in that of learning: {sorted(ratios)[len(ratios) // 2]:.2f}")

# %% [markdown]
# Both arrive at the same automata. Nearly all of $L^*$'s updates go into the test: to learn
# such small machines it needs a few hundred. Extraction spends more, since it holds every
# symbol in every region until the state settles, but on many states at once, and so in less
# time. What it buys is not speed, though. It is the reason *why* the network answers as it
# does, in the terms of the last chapters, and the test of held symbols that no finite word
# replaces.

# %%
flipflops = families["flip-flop, 2 bits"] + families["flip-flop, 3 bits"]
trained = [name for name in telling if name not in flipflops]
equal = {
    kind: sum(telling[name] is None for name in names)
    for kind, names in {
        "automata": trained,
        "flip-flops": flipflops,
        "Tomita": families["Tomita 1–7"],
        "random": families["random"],
    }.items()
}
failed = "; ".join(
    f"{name}: {' '.join(map(str, word))}" for name, word in telling.items() if word is not None
)
claim(
    "D.fsa",
    f"The automaton read out of the dynamics equals the target for {equal['automata']} of "
    f"{len(trained)} networks that were trained on automata and {equal['flip-flops']} of "
    f"{len(flipflops)} flip-flops, by the exact test.",
    paper="attractors as the states of a machine",
    automata_that_are_equivalent=equals(equal["automata"], len(trained)),
    flip_flops_that_are_equivalent=equals(equal["flip-flops"], len(flipflops)),
    note=f"Told apart: {failed or 'none'}. These flip-flops were trained on pulses that last; "
    f"the one of chapter 4 is wrong on some words of {length} symbols, which its task never "
    "gives.",
)

# %%
claim(
    "X.extract",
    f"Extracted automata equal their targets for {equal['Tomita']} of 7 Tomita grammars and "
    f"{equal['random']} of {len(families['random'])} random automata; the slowest extraction "
    f"took {longest:.1f} s.",
    paper="(beyond the papers)",
    Tomita_grammars=equals(equal["Tomita"], len(families["Tomita 1–7"])),
    random_automata=at_least(equal["random"], 0.9 * len(families["random"])),
    learnt_automata_that_agree=equals(agree, len(asked_names)),
    note=f"Told apart: {failed or 'none'}.",
)

# %% [markdown]
# ## What this does not show
#
# - That a *network* is an automaton. The exact test compares automata. Between the network
#   and its automaton stand random words, and the limits under held symbols, computed in
#   double precision. A proof would have to follow whole regions through $F_a$, not states.
# - That the regions are the network's own. They are named by limits under *single* held
#   symbols. Limits under $(01)^m$, say, would be as good a start.
# - What happens where a state does not settle within 1,920 steps. Such a state has no limit
#   here, and counts as not held.
#
# ## Exercises
#
# **1.** Exchange two regions: change one transition of `found.regions` and let
# `distinguishing_word` find out. How long is the shortest word, and when can there be none?
#
# :::{admonition} Hint
# :class: dropdown
# `rnnlab.DFA` takes the changed `transitions`. A change within regions that mean the same
# does not show.
# :::
#
# **2.** Add noise to the weights of a network, more and more. Which breaks first, the accuracy
# on 1,000 words or the equivalence?
#
# :::{admonition} Hint
# :class: dropdown
# `with torch.no_grad(): w += 0.05 * w.std() * torch.randn_like(w)` for each parameter, then
# `extract` with `most_regions=50`, which raises an error when there are more.
# :::
#
# **3.** Name regions by the answer alone (set the limits aside) and count the experiments that
# are needed then. What do the limits save?
#
# :::{admonition} Hint
# :class: dropdown
# The machine's own minimal states are told apart by words of at most $|Q| - 2$ symbols
# (Moore). The limits see infinitely far, but only along one symbol.
# :::
#
# So much for the finished network. Where did its attractors come from?
# {doc}`11_bifurcations` watches them appear.
