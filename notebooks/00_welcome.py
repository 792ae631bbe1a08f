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

import rnnlab
from rnnlab import find_fixed_points, geometry
from rnnlab.book import start, zoo
from rnnlab.book.tables import table
from rnnlab.live import player
from rnnlab.tasks import FlipFlop

start(seed=seed, retrain=retrain, profile=profile)

# %% tags=["remove-input"]
network = zoo.get("flipflop3-gru", retrain=retrain)
task = FlipFlop(bits=3)
visited = network.visited(task, torch.Generator().manual_seed(seed))
pca = geometry.pca(visited, components=3)
portraits = {
    pulse: find_fixed_points(
        network.cell.at(task.input(pulse)),
        starts=visited[:64],
        rounds=6 if profile == "full" or not any(pulse) else 1,
        seed=seed,
    )
    for pulse in task.pulses
}

# %% tags=["remove-input"]
player(
    network,
    task,
    pca,
    portraits,
    script=[
        (1, 1, 1),
        (0, 0, -1),
        (0, -1, 0),
        (-1, 0, 0),
        (0, 0, 1),
        (1, 1, -1),
        (0, -1, 1),
    ],
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
# - *Start at* the {term}`saddle` with three {term}`unstable directions <unstable direction>`, in the middle of the cube. Which corner does the state choose?
#
# **What you see.** A network under an input that does not change is a map: the next state is a function of this one.
# The red points are states that the map leaves where they are, and to which it draws its neighbours. They are the
# memories. Each blue ring is a {term}`fixed point` too, but not a resting place: along 1, 2 or 3 directions it pushes its
# neighbours away. It stands on the watershed between memories that differ in 1, 2 or 3 bits. Here are all of them.

# %% tags=["remove-input"]
autonomous = portraits[0, 0, 0]
census = autonomous.census
moduli = autonomous.eigenvalues[autonomous.n_unstable == 0].abs()[:, 0]
closing = sum(points.audit.closed for points in portraits.values())
facts = {
    "bits right, of those of 1,000 sequences": f"{network.card['accuracy']:.2%}",
    "fixed points without input": len(autonomous),
    "of them stable": census.get(0, 0),
    "with 1, 2, 3 unstable directions": ", ".join(
        str(census.get(unstable, 0)) for unstable in (1, 2, 3)
    ),
    "largest squared speed q among them": f"{autonomous.q.max():.0e}",
    "sum of their indices": f"{autonomous.audit.index_sum:+d}",
    "inputs whose fixed points pass the index audit": (
        f"{closing} of {len(portraits)}"
    ),
    "variance along the three axes of the picture": (
        f"{pca.explained_variance_ratio[:3].sum():.1%}"
    ),
    "slowest return to a memory, per step": f"× {moduli.max():.2f}",
}
table(
    [
        {"in this network": fact, "computed for this page": value}
        for fact, value in facts.items()
    ]
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
# and repeats, checks and extends three papers: one on GRUs as {term}`flip-flops <flip-flop>` and automata {cite}`explaining`, a review of the
# dynamical view of explainability {cite}`dubreuil`, and the discovery of {term}`line attractors <line attractor>` in networks that read film
# reviews {cite}`sentiment`. Every statement that we take from them is a *claim*: a criterion that was written
# down first, a number that is computed in the chapter, and a verdict. Those that do not hold stay in the
# [scorecard](../book/scorecard.md) like the others.
#
# The chapters:
#
# ```{tableofcontents}
# ```
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
states, _ = module(torch.randn(16, 50, 3))

F = rnnlab.from_torch(module).at(torch.zeros(3))  # h → h′ without input
points = find_fixed_points(F, starts=states.flatten(0, 1)[::8])
print(points.census)  # unstable directions: fixed points
print(points.audit)

# %% [markdown]
# A network fresh from its random weights has one fixed point, and forgets. How it is that a trained one can keep
# something starts with the question [what a network is](01_maps.ipynb).
