"""The flip-flop against a step-by-step simulation, its statistics, and its codes."""

import itertools
import math

import pytest
import torch

from rnnlab.tasks import FlipFlop

ENCODINGS = ["sign", "one-two", "one-hot"]


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def input_by_hand(task, pulse):
    if task.encoding == "sign":
        return list(pulse)
    if task.encoding == "one-two":
        return [{-1: 1, 0: 0, 1: 2}[p] for p in pulse]
    inputs = list(itertools.product((-1, 0, 1), repeat=task.bits))
    return [int(other == pulse) for other in inputs]


def target_by_hand(task, state):
    if task.encoding != "one-hot":
        return list(state)
    return [int(other == state) for other in itertools.product((-1, 1), repeat=task.bits)]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delay", [0, 1, 5])
@pytest.mark.parametrize("bits", [1, 2, 3])
def test_a_batch_is_what_simulation_gives(bits, delay, encoding):
    task = FlipFlop(bits, length=40, rates=(0.05, 0.5), delay=delay, encoding=encoding)
    pulses = torch.randint(-1, 2, (6, 40, bits), generator=generator())
    pulses[:, 0] = 2 * torch.randint(0, 2, (6, bits), generator=generator()) - 1
    batch = task.run(pulses)
    for sequence in range(6):
        state, states = None, []
        for t, pulse in enumerate(map(tuple, pulses[sequence].tolist())):
            state = pulse if state is None else tuple(p if p else s for s, p in zip(state, pulse))
            states.append(state)
            assert batch.inputs[sequence, t].tolist() == input_by_hand(task, pulse)
            assert batch.scored[sequence, t] == (t >= delay)
            if t >= delay:
                assert batch.targets[sequence, t].tolist() == target_by_hand(task, states[t - delay])


def test_batches_are_a_function_of_the_generator():
    task = FlipFlop()
    first, again, other = (task.batch(8, generator(seed)) for seed in (0, 0, 1))
    assert all(torch.equal(a, b) for a, b in zip(first, again))
    assert not torch.equal(first.inputs, other.inputs)
    torch.rand(1)  # the global generator plays no part
    assert torch.equal(task.batch(8, generator()).inputs, first.inputs)


def test_pulses_have_the_stated_rates():
    task = FlipFlop(2, length=200, rates=(0.01, 0.3))
    inputs = task.batch(4000, generator()).inputs
    assert (inputs[:, 0] != 0).all()
    pulsed, mean = inputs[:, 1:] != 0, (0.3 - 0.01) / math.log(0.3 / 0.01)  # of a log-uniform rate
    assert pulsed.double().mean() == pytest.approx(mean, rel=0.05)
    assert pulsed[..., 0].double().mean() == pytest.approx(pulsed[..., 1].double().mean().item(), rel=0.02)
    rates = pulsed.double().mean((1, 2))
    assert rates.median() == pytest.approx(math.sqrt(0.01 * 0.3), rel=0.1)
    assert (rates > 0.3 + 0.1).sum() == 0
    assert inputs[inputs != 0].mean() == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("bits", [1, 2, 4])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_decoding_undoes_encoding(bits, encoding):
    task = FlipFlop(bits, encoding=encoding)
    states = torch.tensor(task.states)
    assert len(states) == 2**bits and len(task.pulses) == 3**bits
    codes = task.encode_state(states)
    assert codes.shape == (2**bits, task.output_size) and len(codes.unique(dim=0)) == 2**bits
    assert torch.equal(task.decode(codes), states)
    noisy = codes + 0.3 * (torch.rand(codes.shape, generator=generator()) - 0.5)
    assert torch.equal(task.decode(noisy), states)
    inputs = torch.stack([task.input(pulse) for pulse in task.pulses])
    assert inputs.shape == (3**bits, task.input_size) and len(inputs.unique(dim=0)) == 3**bits


def test_a_pulse_sets_its_bits_and_leaves_the_others():
    task = FlipFlop(3)
    assert task.after((-1, 1, -1), (0, 0, 0)) == (-1, 1, -1)
    assert task.after((-1, 1, -1), (1, 0, 0)) == (1, 1, -1)
    assert task.after((-1, 1, -1), (0, -1, 1)) == (-1, -1, 1)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_accuracy_counts_scored_bits(encoding):
    task = FlipFlop(2, length=10, delay=4, encoding=encoding)
    batch = task.batch(5, generator())
    assert task.accuracy(batch.targets, batch) == 1
    outputs = batch.targets.clone()
    outputs[:, :4] = task.encode_state(-task.decode(outputs[:, :4]))  # before the delay nothing counts
    assert task.accuracy(outputs, batch) == 1
    outputs[0, 7] = task.encode_state(-task.decode(outputs[0, 7]))
    assert task.accuracy(outputs, batch) == pytest.approx(1 - 1 / (5 * 6))


def test_the_configuration_makes_the_task_again():
    task = FlipFlop(2, length=30, rates=(0.1, 0.2), delay=3, encoding="one-hot", width=4)
    assert FlipFlop.from_configuration(task.configuration()) == task


@pytest.mark.parametrize("width", [1, 6])
def test_pulses_last_for_up_to_width_steps(width):
    task = FlipFlop(1, length=30, rates=(1e-9, 1e-9), width=width)  # the first pulse alone
    widths = (task.batch(3000, generator()).inputs[..., 0] != 0).sum(1)
    assert widths.min() == 1 and widths.max() == width
    shares = widths.bincount()[1:] / 3000
    torch.testing.assert_close(shares, torch.full((width,), 1 / width), rtol=0.15, atol=0)


def test_a_pulse_that_lasts_ends_where_the_next_one_begins():
    task = FlipFlop(2, length=200, rates=(0.3, 0.3), width=50)
    batch = task.batch(20, generator())
    assert (batch.inputs != 0).double().mean() > 0.9
    assert torch.equal(torch.where(batch.inputs == 0, batch.targets, batch.inputs), batch.targets)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("width", [1, 5])
def test_words_are_the_inputs_of_batches(encoding, width):
    task = FlipFlop(2, length=40, encoding=encoding, width=width)
    words = task.words(6, 40, generator())
    inputs = torch.stack([task.input(pulse) for pulse in task.symbols])
    assert torch.equal(inputs[words], task.batch(6, generator()).inputs)
    assert torch.equal(task.words(6, 25, generator(1)), task.words(6, 25, generator(1)))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_machine_answers_as_the_targets_do(encoding):
    task = FlipFlop(2, length=30, encoding=encoding)
    assert len(task.machine) == 4 and task.machine.alphabet == task.symbols == tuple(task.pulses)
    words = task.words(5, 30, generator())
    targets = task.batch(5, generator()).targets
    for word, target in zip(words.tolist(), targets):
        assert task.machine.run([task.symbols[i] for i in word]) == task.answers(target)


def test_a_delay_has_no_small_machine():
    with pytest.raises(ValueError, match="the automaton of a flip-flop is that without delay, got a delay of 3"):
        FlipFlop(2, delay=3).machine


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"bits": 0}, "bits must be an integer from 1 to 6, got 0"),
        ({"bits": 7}, "bits must be an integer from 1 to 6, got 7"),
        ({"length": 0}, "length must be an integer from 1, got 0"),
        ({"delay": -1}, "delay must be an integer from 0, got -1"),
        ({"length": 10, "delay": 10}, "delay must be less than length, 10, got 10"),
        ({"rates": (0.0, 0.1)}, "rates must be"),
        ({"rates": (0.2, 0.1)}, "rates must be"),
        ({"rates": (0.2, 1.1)}, "rates must be"),
        ({"rates": (float("nan"), 1.0)}, "rates must be"),
        ({"width": 0}, "width must be an integer from 1, got 0"),
        ({"encoding": "gray"}, "encoding must be one of sign, one-two, one-hot, got 'gray'"),
    ],
)
def test_tasks_that_cannot_be(arguments, message):
    with pytest.raises(ValueError, match=message):
        FlipFlop(**arguments)


def test_pulses_that_cannot_be():
    task = FlipFlop(2)
    with pytest.raises(ValueError, match="first step must pulse every bit"):
        task.run(torch.tensor([[[1, 0], [0, 1]]]))
    with pytest.raises(ValueError, match="integers −1, 0 or 1"):
        task.run(torch.full((1, 4, 2), 3))
    for pulse in ((1,), (0, 2), (1, 1, 1)):
        with pytest.raises(ValueError, match="a pulse of this task is 2 numbers"):
            task.input(pulse)
