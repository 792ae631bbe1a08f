"""Automata as tasks: targets against the machine, the statistics of words, and descriptions."""

import json
import math

import pytest
import torch

from rnnlab.book.machines import modulo_counter, pattern_trap, random_machine, repetition_trap, tomita
from rnnlab.book.tasks import configuration, from_configuration
from rnnlab.tasks import Automaton, FlipFlop, Task, WordTask

MACHINES = [modulo_counter(3), repetition_trap(), pattern_trap(), tomita(6), random_machine(0, 5, 3)]


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def read(task, batch):
    """The words of a batch, as symbols."""
    return [[task.symbols[i] for i in word] for word in batch.inputs.argmax(-1).tolist()]


@pytest.mark.parametrize("machine", MACHINES, ids=str)
def test_targets_are_the_outputs_of_the_machine(machine):
    task = Automaton(machine, length=30)
    batch = task.batch(20, generator())
    assert batch.inputs.shape == (20, 30, len(machine.alphabet)) and batch.scored.all()
    assert torch.equal(batch.inputs.sort(-1).values[..., -1], torch.ones(20, 30))
    assert torch.equal(batch.inputs.sum(-1), torch.ones(20, 30))
    for word, targets in zip(read(task, batch), batch.targets):
        assert task.answers(targets) == [machine.outputs[state] for state in machine.run(word)]
    again = task.run(read(task, batch))
    assert all(torch.equal(a, b) for a, b in zip(again, batch))


def test_symbols_and_answers_are_one_hot():
    task = Automaton(random_machine(0, 5, 3))
    assert task.symbols == ("a", "b", "c") and (task.input_size, task.output_size) == (3, 2)
    assert torch.equal(torch.stack([task.input(symbol) for symbol in task.symbols]), torch.eye(3))
    outputs = torch.tensor([[0.9, 0.2], [-0.3, 0.1]])
    assert task.decode(outputs).tolist() == [0, 1]
    assert task.answers(outputs) == list(task.machine.answers)


def test_batches_are_a_function_of_the_generator():
    task = Automaton(pattern_trap())
    first, again, other = (task.batch(8, generator(seed)) for seed in (0, 0, 1))
    assert all(torch.equal(a, b) for a, b in zip(first, again))
    assert not torch.equal(first.inputs, other.inputs)
    torch.rand(1)  # the global generator plays no part
    assert torch.equal(task.batch(8, generator()).inputs, first.inputs)
    assert torch.equal(task.words(8, task.length, generator()), first.inputs.argmax(-1))


def test_symbols_are_held_for_random_times():
    words = Automaton(modulo_counter(3), length=200).words(2000, 200, generator())
    changes = (words[:, 1:] != words[:, :-1]).double().mean(1)
    drawn = (1 - 0.01) / math.log(100)  # the mean of a log-uniform rate; half of the symbols drawn are new
    assert changes.mean() == pytest.approx(drawn / 2, rel=0.1)
    assert changes.median() == pytest.approx(0.1 / 2, rel=0.25)
    assert changes.max() < 0.65 and (changes == 0).any()
    assert words.double().mean() == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("machine, trap", [(repetition_trap(), "q3"), (pattern_trap(), "q4")], ids=["00 or 11", "0101"])
def test_words_fall_into_a_trap_early_and_late(machine, trap):
    task = Automaton(machine, length=100)
    words = [[task.symbols[i] for i in word] for word in task.words(400, 100, generator()).tolist()]
    fell = torch.tensor([[state == trap for state in machine.run(word)] for word in words]).double().mean(0)
    uniform = torch.randint(2, (400, 100), generator=generator()).tolist()
    careless = torch.tensor([[q == trap for q in machine.run([task.symbols[i] for i in word])] for word in uniform])
    assert 0 < fell[10] < fell[30] < fell[60] < fell[-1] < 0.97
    assert fell[10] < 0.7 * careless.double().mean(0)[10]


def test_accuracy_is_the_share_of_right_answers():
    task = Automaton(tomita(4), length=10)
    batch = task.batch(4, generator())
    assert task.accuracy(batch.targets, batch) == 1 and task.accuracy(-batch.targets, batch) == 0
    outputs = batch.targets.clone()
    outputs[0, 3] = outputs[0, 3].flip(0)
    assert task.accuracy(outputs, batch) == pytest.approx(1 - 1 / 40)


@pytest.mark.parametrize("words", [[], [""], ["01", "0"], ["", "0"]])
def test_words_of_no_length_or_of_several(words):
    with pytest.raises(ValueError, match="words must be of one length of at least 1"):
        Automaton(tomita(4)).run(words)


def test_foreign_symbols():
    task = Automaton(tomita(4))
    for read in (lambda: task.run(["01", "02"]), lambda: task.input("2")):
        with pytest.raises(ValueError, match="'2' is not a symbol"):
            read()


@pytest.mark.parametrize("length", [0, -3])
def test_lengths_that_cannot_be(length):
    with pytest.raises(ValueError, match="length must be an integer from 1"):
        Automaton(tomita(4), length)


TASKS = [
    *(Automaton(pattern_trap(), 15), Automaton(tomita(2))),
    *(FlipFlop(2, delay=3), FlipFlop(2, encoding="one-hot", rates=(0.1, 0.2), width=4)),
]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: type(task).__name__)
def test_the_description_is_json_that_makes_the_task_again(task):
    assert isinstance(task, Task) and isinstance(task, WordTask)
    again = from_configuration(json.loads(json.dumps(configuration(task))))
    assert again == task
    assert torch.equal(again.batch(3, generator()).inputs, task.batch(3, generator()).inputs)


@pytest.mark.parametrize(
    "about, message",
    [
        ({}, "no task of kind None; there are: flip-flop, automaton"),
        ({"kind": "chess"}, "no task of kind 'chess'"),
        ({"kind": "flip-flop", "colour": 3}, "does not describe a task of kind 'flip-flop'"),
        ({"kind": "automaton", "length": 3}, "does not describe a task of kind 'automaton': KeyError.'machine'."),
        ({"kind": "automaton", "machine": {"states": []}, "length": 3}, "does not describe a task"),
    ],
)
def test_descriptions_of_no_task(about, message):
    with pytest.raises(ValueError, match=message):
        from_configuration(about)
