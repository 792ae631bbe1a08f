"""Extraction from networks that are built to be automata, and from trained ones."""

import pytest
import torch

from rnnlab import Network, VanillaRNN, extract
from rnnlab.automata import DFA
from rnnlab.book import tasks, zoo
from rnnlab.book.lstar import learn
from rnnlab.book.machines import modulo_counter, pattern_trap, random_machine, repetition_trap, tomita
from rnnlab.tasks import Automaton

MACHINES = {
    "modulo 5": modulo_counter(5),
    "repetition": repetition_trap(),
    "pattern": pattern_trap(),
    **{f"tomita {number}": tomita(number) for number in (2, 3, 5, 7)},
    **{f"random {seed}": random_machine(seed, 6, 2) for seed in range(3)},
}


def built(machine):
    """A network that is the automaton, and its start.

    Unit (q, a) is near 1 after symbol a has led to q, else near −1. Its next value is tanh(10 (x_a − 1.5 + the number
    of units that are on at states that a leads to q)): the symbol and one such unit turn it on.
    """
    units = [(state, symbol) for state in machine.states for symbol in machine.alphabet]
    cell = VanillaRNN(len(machine.alphabet), len(units))
    comes = torch.tensor([[machine.transitions[p][a] == q for p, _ in units] for q, a in units]).float()
    network = Network.from_cell(cell, len(machine.answers))
    with torch.no_grad():
        cell.U.copy_(5 * comes)  # (h + 1) / 2 is 1 for a unit that is on, 0 for one that is off
        cell.W.copy_(torch.tensor([[10.0 * (a == symbol) for symbol in machine.alphabet] for _, a in units]))
        cell.b.copy_(5 * comes.sum(1) - 15)
        says = [[machine.outputs[q] == answer for q, _ in units] for answer in machine.answers]
        network.readout.weight.copy_(torch.tensor(says) / 2)
        network.readout.bias.copy_(torch.tensor(says).sum(1) / 2)
    start = torch.full((len(units),), -1.0)
    start[units.index((machine.start, machine.alphabet[0]))] = 1
    return network, start


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_a_network_that_is_an_automaton_gives_it_back(machine):
    network, start = built(machine)
    task = Automaton(machine)
    batch = task.batch(10, torch.Generator().manual_seed(0))
    assert task.accuracy(network(batch.inputs, start.expand(10, -1))[0], batch) == 1
    found = extract(network, task, start=start)
    assert found.machine.distinguishing_word(machine) is None and len(found.machine) == len(machine)
    assert found.forever.all() and found.forever.shape == (len(found.regions), len(machine.alphabet))
    assert found.states.shape == (len(found.regions), len(start)) and found.states.dtype == torch.float64
    assert found.regions.distinguishing_word(machine) is None
    held = found.forever.numel()
    assert f"a machine of {len(machine)} states; held indefinitely, {held} of {held} symbols" in str(found)


@pytest.mark.parametrize("machine", [modulo_counter(5), tomita(3)], ids=["cycle", "points"])
def test_limits_are_where_a_held_symbol_leads(machine):
    network, start = built(machine)
    found = extract(network, Automaton(machine), start=start)
    network = network.double()
    for number, symbol in enumerate(machine.alphabet):
        F = network.cell.at(torch.eye(2).double()[number])
        kept = set(machine.states)  # where the automaton stays or returns to, if the symbol is held
        for _ in machine.states:
            kept = {machine.transitions[state][symbol] for state in kept}
        h = found.limits[symbol]
        assert len(h) == len(kept)
        for _ in range(60):  # a multiple of the periods 1 and 5
            h = F(h)
        torch.testing.assert_close(h, found.limits[symbol], rtol=0, atol=1e-7)


@pytest.mark.parametrize("asked, built_for", [(4, 1), (5, 4), (7, 4), (7, 5)])
def test_another_machine_is_told_apart_by_a_shortest_word(asked, built_for):
    network, start = built(tomita(built_for))
    task = Automaton(tomita(asked))
    found = extract(network, task, start=start).machine
    assert found.distinguishing_word(tomita(built_for)) is None
    word = found.distinguishing_word(task.machine)
    assert word and len(word) == len(tomita(built_for).distinguishing_word(task.machine))
    inputs = torch.stack([task.input(symbol) for symbol in word])
    answer = task.answers(network(inputs[None], start[None])[0][0])[-1]
    assert answer != task.machine.outputs[task.machine.run(word)[-1]]


def test_experiments_tell_regions_apart_that_limits_do_not():
    machine = DFA(
        tuple("qabcd"),
        ("x", "y"),
        {
            "q": {"x": "a", "y": "b"},
            "a": {"x": "c", "y": "d"},
            "b": {"x": "d", "y": "d"},
            "c": {"x": "d", "y": "d"},
            "d": {"x": "d", "y": "d"},
        },
        "q",
        {"q": False, "a": False, "b": False, "c": True, "d": False},
    )
    network, start = built(machine)
    found = extract(network, Automaton(machine), start=start)
    assert found.machine.distinguishing_word(machine) is None and len(found.machine) == 4  # b answers as d does
    assert found.suffixes and all(set(word) <= {"x", "y"} for word in found.suffixes)


def test_what_is_no_finite_automaton_needs_ever_more_regions():
    cell = VanillaRNN(2, 1, nonlinearity="relu")  # counts the ones that no zero has undone
    network = Network.from_cell(cell, 2)
    with torch.no_grad():
        cell.U.fill_(1), cell.b.zero_(), cell.W.copy_(torch.tensor([[-1.0, 1.0]]))
        network.readout.weight.copy_(torch.tensor([[1.0], [-1.0]]))
        network.readout.bias.copy_(torch.tensor([-0.5, 0.5]))
    task = Automaton(tomita(1))
    with pytest.raises(RuntimeError, match="more than 4 regions: .* no finite automaton"):
        extract(network, task, most_regions=4, words=20, word_length=10)


def test_a_start_that_is_never_asked_gets_the_answer_that_makes_the_machine_smallest():
    machine = tomita(1)
    asleep = DFA(
        ("s", *machine.states),
        machine.alphabet,
        {"s": machine.transitions["q0"], **machine.transitions},
        "s",
        {"s": False, **machine.outputs},
    )
    network, start = built(asleep)
    found = extract(network, Automaton(asleep), start=start)
    assert len(asleep.minimal()) == len(found.regions) == 3
    assert found.machine == machine.minimal() and len(found.machine) == 2


@pytest.mark.parametrize("machine", [modulo_counter(3), tomita(4), pattern_trap()], ids=["modulo", "tomita", "pattern"])
def test_learning_from_queries_gives_the_same_machine(machine):
    network, start = built(machine)
    task = Automaton(machine)
    words = {"words": 20, "word_length": 20}
    learnt, about = learn(network, task, start=start, **words)
    assert learnt.distinguishing_word(machine) is None and len(learnt) == len(machine)
    assert extract(network, task, start=start, **words).machine == learnt
    assert about["steps_eq_oracle"] >= 20 * 20 and about["queries_learning"] > 0


@pytest.mark.parametrize("name", ["modulo3-gru", "tomita4-gru", "pattern0101-gru"])
def test_trained_networks_are_their_machines(name):
    network = zoo.load(name)
    task = tasks.from_configuration(network.card["task"])
    before = {name: weights.clone() for name, weights in network.state_dict().items()}
    found = extract(network, task, words=100)
    assert found.machine.distinguishing_word(task.machine) is None and len(found.machine) == len(task.machine)
    assert found.forever.all() and found.seconds < 10
    assert all(torch.equal(weights, before[name]) for name, weights in network.state_dict().items())
    reached = extract(network, task, words=50, seed=1).machine
    assert reached == found.machine


def test_held_symbols_lead_where_simulation_says():
    network = zoo.load("flipflop2-held-gru").double().requires_grad_(False)
    task = tasks.from_configuration(network.card["task"])
    start = network.cell(task.input((-1, -1)).double(), torch.zeros(64).double())
    found = extract(network, task, start=start, words=20)
    assert found.machine.distinguishing_word(task.machine) is None and len(found.machine) == 4
    for place, symbol in enumerate(task.symbols):
        F, h = network.cell.at(task.input(symbol).double()), found.states
        for _ in range(2000):
            h = F(h)
        asked = [task.after(found.regions.outputs[region], symbol) for region in found.regions.states]
        right = torch.tensor([said == answer for said, answer in zip(task.answers(network.outputs(h)), asked)])
        assert right[found.forever[:, place]].all()
    assert found.forever.double().mean() > 0.9
