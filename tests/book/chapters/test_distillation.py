"""Distillation: targets are the teacher's projected states, and answers what it says there."""

import pytest
import torch

from rnnlab import Network, VanillaRNN, geometry, tasks, train
from rnnlab.book.chapters.ch20_create import Distillation


@pytest.fixture(scope="module")
def teacher():
    """Two bits in two units: a pulse outweighs what is held, and U = 2 I holds it."""
    network = Network.from_cell(VanillaRNN(2, 2), 2).requires_grad_(False)
    network.cell.U.copy_(2 * torch.eye(2))
    network.cell.W.copy_(6 * torch.eye(2))
    network.cell.b.zero_()
    network.readout.weight.copy_(torch.eye(2))
    network.readout.bias.zero_()
    return network


@pytest.fixture(scope="module")
def distillation(teacher):
    task = tasks.FlipFlop(2, length=20)
    states = teacher(task.batch(200, torch.Generator().manual_seed(0)).inputs)[1]
    return Distillation(teacher, task, geometry.pca(states, components=2))


def test_targets_are_projected_states_of_the_same_sequences(teacher, distillation):
    batch = distillation.batch(30, torch.Generator().manual_seed(1))
    own = distillation.task.batch(30, torch.Generator().manual_seed(1))
    torch.testing.assert_close(batch.inputs, own.inputs)
    outputs, states = teacher(own.inputs)
    torch.testing.assert_close(batch.targets, distillation.pca.project(states).float())
    # The plane holds all of two units: what the teacher would say at the targets is what it says.
    torch.testing.assert_close(distillation.answer(batch.targets), outputs, rtol=0, atol=1e-5)
    assert distillation.task.accuracy(distillation.answer(batch.targets), own) == 1


def test_accuracy_is_the_share_of_variance_explained(distillation):
    batch = distillation.batch(30, torch.Generator().manual_seed(1))
    assert distillation.accuracy(batch.targets, batch) == 1
    mean = batch.targets.mean((0, 1)).expand_as(batch.targets)
    assert distillation.accuracy(mean, batch) == pytest.approx(0, abs=1e-6)
    halfway = (batch.targets + mean) / 2
    assert distillation.accuracy(halfway, batch) == pytest.approx(0.75, abs=1e-5)
    assert distillation.accuracy(-batch.targets, batch) == 0  # worse than the mean


def test_a_student_follows_its_teacher(distillation):
    generator = torch.Generator().manual_seed(0)
    student = Network.from_cell(VanillaRNN(2, 2, generator=generator), 2, generator=generator)
    train(student, distillation, steps=300, learning_rate=5e-2, seed=0, progress=False)
    batch = distillation.batch(100, torch.Generator().manual_seed(2))
    outputs = student(batch.inputs)[0].detach()
    assert distillation.accuracy(outputs, batch) > 0.99
    own = distillation.task.batch(100, torch.Generator().manual_seed(2))
    assert distillation.task.accuracy(distillation.answer(outputs), own) > 0.99
