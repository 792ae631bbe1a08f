# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The cube inside
#
# Below, a recurrent network runs in your browser. It has learned to remember three bits. Nobody told it how: it built a
# cube in a space of 64 dimensions, with a memory at each corner, and you can push its state from one corner to the next.

# %% tags=["parameters", "remove-input"]
seed = 0
retrain = False
profile = "full"

# %% tags=["remove-input"]
import torch
from IPython.display import Markdown

import rnnlab
from rnnlab import find_fixed_points, geometry
from rnnlab.book import zoo
from rnnlab.live import player
from rnnlab.tasks import FlipFlop

if profile not in ("full", "fast"):
    raise ValueError(f"profile must be 'full' or 'fast', got {profile!r}")
torch.set_num_threads(1)

# %% tags=["remove-input"]
name = "flipflop3-gru"
network = zoo.get(name, retrain=retrain)
task = FlipFlop(bits=3)
generator = torch.Generator().manual_seed(seed)
with torch.no_grad():
    states = network(task.batch(64, generator).inputs)[1].flatten(0, 1)
pca = geometry.pca(states, components=3)
starts = states[torch.randperm(len(states), generator=generator)[:64]]
portraits = {
    pulse: find_fixed_points(
        network.cell.at(task.input(pulse)),
        starts=starts,
        rounds=6 if profile == "full" or not any(pulse) else 1,
        seed=seed,
    )
    for pulse in task.pulses
}
rest = portraits[0, 0, 0]

# %% tags=["remove-input"]
player(
    network,
    task,
    pca,
    portraits,
    script=[(1, 1, 1), (0, 0, -1), (0, -1, 0), (-1, 0, 0), (0, 0, 1), (1, 1, -1), (0, -1, 1)],
    title="A network that remembers three bits",
    caption="A gated recurrent unit (GRU) with 64 units. What moves is its state, seen along the three directions in "
    "which it varies most (the first three principal components).",
)

# %% [markdown]
# **Try this.**
#
# - *Drag* the picture. The cube is a solid one.
# - *Press a pulse*: bit 2, −1, say. For one time step the network sees that number; before and after it sees only zeros.
#   The green state leaves its corner and comes to rest in another one. There it stays.
# - *Press the same pulse twice.* The second time nothing is to be done, and the state returns to where it was.
# - Choose *Hold*, then a pulse: the input stays on. Most corners disappear, the others attract whatever lies near them.
#   This is why a pulse moves the state. Let go, and the cube is back.
# - *Start at* the saddle with three unstable directions, in the middle of the cube. Which corner does the state choose?
#
# **What you see.** A network under an input that does not change is a map: the next state is a function of this one.
# The red points are states that the map leaves where they are, and to which it draws its neighbours. They are the
# memories. Each blue ring is a fixed point too, but not a resting place: along 1, 2 or 3 directions it pushes its
# neighbours away. It stands on the watershed between memories that differ in 1, 2 or 3 bits. Here are all of them.

# %% tags=["remove-input"]
#| markdown: myst
closing = sum(points.audit.closed for points in portraits.values())
moduli = rest.eigenvalues[rest.n_unstable == 0].abs()[:, 0]
Markdown(
    f"""
| in this network, computed for this page | |
|---|--:|
| bits right, of those of 1,000 sequences | {network.card["accuracy"]:.2%} |
| fixed points without input | {len(rest)} |
| of them stable | {rest.census.get(0, 0)} |
| with 1, 2, 3 unstable directions | {", ".join(str(rest.census.get(k, 0)) for k in (1, 2, 3))} |
| largest speed $q$ among them | {rest.q.max():.0e} |
| sum of their indices | {rest.audit.index_sum:+d} |
| inputs whose fixed points pass the index audit | {closing} of {len(portraits)} |
| variance along the three axes of the picture | {pca.explained_variance_ratio[:3].sum():.1%} |
| slowest return to a memory, per step | × {moduli.max():.2f} |
"""
)

# %% [markdown]
# The sum of the indices is the line to look at twice. A theorem of topology says that the fixed points of such a map,
# each counted as +1 or −1, sum to +1 {cite}`milnor`. A set with another sum has a hole in it. We audit every set
# of fixed points in this book, and say so where an audit fails. [Chapter 2](02_fixed_points.ipynb) explains it.

# %% [markdown]
# ## What this book is
#
# A laboratory for looking into trained recurrent networks, written as chapters that are computed from beginning to
# end. It takes up the work of {cite:t}`sussillo-barak`, who first read a network's computation off its fixed points,
# and repeats, checks and extends three papers: one on GRUs as flip-flops and automata {cite}`explaining`, a review of the
# dynamical view of explainability {cite}`dubreuil`, and the discovery of line attractors in networks that read film
# reviews {cite}`sentiment`. Every statement that we take from them is a *claim*: a criterion that was written
# down first, a number that is computed in the chapter, and a verdict. Those that do not hold stay in the
# [scorecard](../book/scorecard.md) like the others.
#
# The chapters:
#
# 1. [A network is a map.](01_maps.ipynb) Four cells, one idea.
# 2. [Fixed points.](02_fixed_points.ipynb) How to find them, and how to notice that one is missing.
# 3. [The 3-bit flip-flop.](03_flipflop3.ipynb) The cube of this page, taken apart, with all its 27 inputs.
# 4. [The 2-bit flip-flop.](04_flipflop2.ipynb) The same in the plane, where one sees everything at once.
# 5. [Other architectures.](05_architectures.ipynb) Is the cube a habit of GRUs, or of the task?
# 6. [Ten seeds.](06_seeds.ipynb) How often it comes out like this, and what it takes.
# 7. [Waiting.](07_waiting.ipynb) Where a network keeps an answer that is not yet due.
# 8. [Encoding.](08_encoding.ipynb) What changes when the same task is written differently, and what does not.
# 9. [Finite automata.](09_automata.ipynb) Counting on a cycle, falling into traps.
# 10. [From network to machine.](10_extraction.ipynb) The automaton read back out, and compared exactly.
# 11. [How fixed points are born.](11_bifurcations.ipynb) In training, and under an input that is turned on.
# 12. [A line in two hundred dimensions.](12_line.ipynb) How an LSTM adds up the words of a review.
# 13. [Twelve networks.](13_twelve.ipynb) The same look at four cells and three data sets.
# 14. [Not bad.](14_not_bad.ipynb) What a modifier does to the words after it.
# 15. [More than two answers.](15_more_answers.ipynb) Sections of a newspaper, stars, emotions.
# 16. [Memories as wells.](16_wells.ipynb) Networks that are written down instead of trained, and how much they can store.
# 17. [Lines and planes.](17_lines.ipynb) How to build what keeps a number, and how finely it must be tuned.
# 18. [From N to two.](18_from_n_to_two.ipynb) A thousand units as two equations, and a landscape that an input rebuilds.
# 19. [Context.](19_context.ipynb) The same evidence counts, or does not.
# 20. [What I cannot create.](20_create.ipynb) The smallest rank of a task, and networks that are drawn at random and do it.
# 21. [Moving.](21_moving.ipynb) A movement as three rotations, and what is left of it when units are lost.
#
# ## Use it
#
# Two commands, in a copy of the project:
#
# ```
# make book    # executes every chapter, builds these pages
# make test    # runs all tests, those of the pages included
# ```
#
# And on a network of your own, trained wherever you like, these lines. `module` stands for yours:

# %%
torch.manual_seed(seed)
module = torch.nn.GRU(input_size=3, hidden_size=32, batch_first=True)
visited, _ = module(torch.randn(16, 50, 3))

F = rnnlab.from_torch(module).at(torch.zeros(3))  # h → h′ without input
find_fixed_points(F, starts=visited.flatten(0, 1)[::8])

# %% [markdown]
# A network fresh from its random weights has one fixed point, and forgets. How it is that a trained one can keep
# something starts with the question [what a network is](01_maps.ipynb).
