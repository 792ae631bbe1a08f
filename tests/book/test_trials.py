"""Trials: what is given, what is asked, and when."""

import math

import pytest
import torch

from rnnlab.book.tasks import Comparison, Integration, Metronome, Reach, configuration, from_configuration
from rnnlab.tasks import Batch, Task

TASKS = [
    Integration(),
    Integration(2, noise=0.1),
    Comparison(),
    Comparison(longest=20),
    Metronome(),
    Metronome(period=20, length=90),
    Reach(),
    Reach(periods=(50, 25), length=100),
]


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("task", TASKS, ids=repr)
def test_batches_are_functions_of_the_generator_and_tasks_of_their_description(task):
    assert isinstance(task, Task) and from_configuration(configuration(task)) == task
    batch, again, other = (task.batch(20, generator(seed)) for seed in (0, 0, 1))
    assert all(torch.equal(a, b) for a, b in zip(batch, again)) and not torch.equal(batch.inputs, other.inputs)
    assert batch.inputs.shape == (20, task.length, task.input_size)
    assert batch.targets.shape == (20, task.length, task.output_size) and batch.scored.shape == (20, task.length)
    assert all(torch.isfinite(part).all() for part in batch)
    assert task.accuracy(batch.targets, batch) == 1 and task.accuracy(-batch.targets, batch) < 0.2


def test_evidence_has_the_mean_that_is_asked_about():
    task = Integration(2)
    strengths, context = torch.tensor([[0.4, -0.1], [0.4, -0.1]]).repeat(300, 1), torch.tensor([0, 1]).repeat(300)
    inputs, targets, scored = task.run(strengths, context, generator())
    evidence = inputs[:, task.evidence, :2]
    torch.testing.assert_close(evidence.mean(1).mean(0), strengths[0], rtol=0, atol=0.01)
    assert evidence.std(1).mean() == pytest.approx(0.3, abs=0.01)
    assert (inputs[:, : task.evidence.start, :2] == 0).all() and (inputs[:, task.evidence.stop :, :2] == 0).all()
    assert torch.equal(inputs[:, 5:, 2:], torch.eye(2)[context][:, None].expand(-1, task.length - 5, -1))
    assert torch.equal(targets[:, -1, 0], torch.tensor([1.0, -1.0]).repeat(300))
    assert scored.sum(1).unique() == 5 and scored[:, -5:].all()


def test_a_trial_is_right_by_its_mean_answer():
    task = Integration()
    batch = task.batch(10, generator())
    outputs = 0.2 * batch.targets
    outputs[:, -1] *= -3  # one of five steps says the opposite, though less than all others together
    assert task.accuracy(outputs, batch) == 1
    outputs[:3] *= -1
    assert task.accuracy(outputs, batch) == pytest.approx(0.7)


def test_two_values_come_with_a_delay_between_them():
    task = Comparison(noise=0.0)
    inputs, targets, scored = task.run(
        torch.tensor([0.5, -0.5]), torch.tensor([-0.5, 0.0]), torch.tensor([30, 7]), generator()
    )
    for trial, (first, second, delay) in enumerate([(0.5, -0.5, 30), (-0.5, 0.0, 7)]):
        given = inputs[trial, :, 0].tolist()
        quiet = task.length - 20 - delay + 5
        assert given == [0.0] * quiet + [first] * 5 + [0.0] * delay + [second] * 5 + [0.0] * 5
    assert targets[:, -1, 0].tolist() == [1.0, -0.5] and scored.sum(1).tolist() == [5, 5]


def test_values_compared_always_differ():
    batch = Comparison().batch(500, generator())
    differences = batch.targets[:, -1, 0]
    assert (differences.abs() > 0.1).all() and (6 * differences).round().unique().numel() == 12


def test_the_metronome_beats_while_its_gate_is_open_and_rests_beside():
    task = Metronome(period=24, length=300)
    inputs, targets, scored = task.batch(30, generator())
    gate = inputs[..., 0] > 0
    assert (targets[..., 0][~gate].abs() == 1).all() and (inputs[:, 1:, 1] == 0).all()
    assert torch.equal(inputs[:, 0, 1], targets[:, 0, 0])
    opens = (gate[:, 1:] & ~gate[:, :-1]).nonzero()
    assert len(opens) > 60
    for trial, before in opens.tolist():
        side = targets[trial, before, 0]
        beat = targets[trial, before + 1 : before + 13, 0][gate[trial, before + 1 : before + 13]]
        torch.testing.assert_close(beat, side * torch.cos(2 * math.pi * torch.arange(1, len(beat) + 1) / 24))
    for trial, last in (gate[:, :-1] & ~gate[:, 1:]).nonzero().tolist():
        assert targets[trial, last + 1, 0] == targets[trial, last, 0].sign() and targets[trial, last].abs() > 0.45
        assert not scored[trial, last + 1 : last + 6].any()


def test_a_reach_begins_at_the_cue_and_has_its_periods():
    task = Reach(length=150)
    inputs, targets, scored = task.run(torch.tensor([0.0, math.pi / 2]), torch.tensor([10, 30]))
    assert (targets[0, :11] == 0).all() and (targets[1, :31] == 0).all() and targets.abs().max() > 0.3
    torch.testing.assert_close(targets[1, 30:], task.movement(torch.tensor([math.pi / 2]), 150)[0, :120])
    torch.testing.assert_close(inputs[1, 29], torch.tensor([0.0, 1.0, 1.0]))
    assert (inputs[1, 30:] == 0).all() and scored.all()
    # Without the onset a movement obeys a linear recurrence, with the roots e^(−1/40 ± 2πi/T).
    y = targets[0, 10:].double() / (1 - torch.exp(-torch.arange(140) / 3)).double()[:, None]
    roots = torch.tensor([math.e ** (-1 / 40) * torch.exp(torch.tensor(2j * math.pi / T)) for T in (60, 30, 20)])
    polynomial = torch.ones(1, dtype=torch.complex128)
    for root in torch.cat([roots, roots.conj()]).to(torch.complex128):
        polynomial = torch.cat([polynomial, polynomial.new_zeros(1)]) - root * torch.cat(
            [polynomial.new_zeros(1), polynomial]
        )
    windows = y[1:].unfold(0, 7, 1)  # at t = 0 the onset is 0
    assert (windows @ polynomial.real.flip(0)).abs().max() < 1e-5


@pytest.mark.parametrize(
    "build, message",
    [
        (lambda: Integration(3), "channels must be 1 or 2, got 3"),
        (lambda: Integration(noise=-1.0), "noise must be finite and not negative"),
        (lambda: Comparison(noise=float("nan")), "noise must be finite"),
        (lambda: Comparison(longest=4), "longest must be an integer from 5, got 4"),
        (lambda: Metronome(period=4), "period must be an integer from 8, got 4"),
        (lambda: Reach(periods=()), "periods must not be empty"),
        (lambda: Reach(length=20), "length must be an integer from 31"),
        (lambda: Integration().run(torch.zeros(3, 2), torch.zeros(3).long(), generator()), "strengths must be"),
        (lambda: Integration(2).run(torch.zeros(1, 2), torch.tensor([2]), generator()), "context from 0 to 1"),
        (lambda: Reach().run(torch.zeros(1), torch.tensor([0])), "go must be a step from 1 to 150"),
        (
            lambda: Comparison().run(torch.zeros(1), torch.zeros(1), torch.tensor([51]), generator()),
            "delay must be from 1 to 50",
        ),
        (
            lambda: from_configuration({"kind": "reach", "periods": [9], "speed": 2}),
            "does not describe a task of kind 'reach'",
        ),
    ],
)
def test_tasks_that_cannot_be(build, message):
    with pytest.raises(ValueError, match=message):
        build()


def test_accuracy_of_a_movement_is_the_variance_explained():
    task = Reach()
    batch = task.batch(10, generator())
    assert task.accuracy(torch.zeros_like(batch.targets), batch) == 0
    half = Batch(batch.inputs, batch.targets, batch.scored)
    assert task.accuracy(0.5 * batch.targets, half) == pytest.approx(0.75)
