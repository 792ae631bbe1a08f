"""The line attractor of a classifier: a planted one is found, with its mode and what words do to it."""

import pytest
import torch

from rnnlab import Network, VanillaRNN
from rnnlab.book.corpora import Vocabulary
from rnnlab.book.language import TextClassifier, find_line, linearized, one_step_errors

RATE = 1 / 500


@pytest.fixture
def integrator():
    """One unit (nearly) adds up what its words say, three forget; words 1, 2, 3 say +, − and nothing."""
    cell = VanillaRNN(2, 4)
    with torch.no_grad():
        cell.U.copy_(torch.diag(torch.tensor([1 - RATE, 0.3, 0.2, 0.1])))
        cell.W.copy_(torch.tensor([[0.01, 0], [0, 0.01], [0.01, 0], [0, 0.01]]))
        cell.b.zero_()
        network = Network.from_cell(cell, 1)
        network.readout.weight.copy_(torch.tensor([[5.0, 0, 0, 0]]))
        network.readout.bias.zero_()
    embeddings = torch.tensor([[0.0, 0], [1, 0], [-1, 0], [0, 1]])
    return TextClassifier(Vocabulary(("plus", "minus", "nothing")), embeddings, network, ("negative", "positive"))


@pytest.fixture
def states():
    generator = torch.Generator().manual_seed(0)
    return torch.randn(700, 4, generator=generator) * torch.tensor([0.04, 0.02, 0.02, 0.02])


def test_a_planted_line(integrator, states):
    line = find_line(integrator, states)
    assert len(line.points) >= 500 and line.starts in (600, 700) and line.straightness > 0.999
    torch.testing.assert_close(line.direction.abs(), torch.eye(4, dtype=torch.float64)[0], atol=1e-3, rtol=0)
    assert line.direction[0] > 0.999  # towards positive
    assert (line.theta.diff() >= 0).all() and (line.logits.diff() > -1e-6).all()
    assert line.alignment.min() > 0.999 and (line.slow == 0).all()
    middle = line.logits[line.rows].abs().argmin()
    assert line.time_constants[middle].item() == pytest.approx(500, rel=0.02)
    pushes = line.pushes(integrator.embeddings.detach()[1:])
    torch.testing.assert_close(pushes[middle], torch.tensor([0.01, -0.01, 0.0], dtype=torch.float64), atol=1e-4, rtol=0)
    effects = line.input_jumps(integrator.embeddings.detach()[1:])
    assert effects.shape == (len(line.rows), 3, 4) and 0.5 < line.coverage <= 1


def test_an_oscillation_is_not_the_mode_that_integrates(integrator, states):
    with torch.no_grad():
        integrator.cell.U[1:3, 1:3] = 1.02 * torch.tensor([[0.0, -1.0], [1.0, 0.0]])
        integrator.cell.U[3, 3] = 0.1
    calm = states * torch.tensor([1.0, 1e-6, 1e-6, 1.0])
    line = find_line(integrator, calm)
    assert (line.slow > 0).all() and line.alignment.min() > 0.99
    assert (line.modes.eigenvalues[:, 0].imag != 0).all()


def test_near_the_line_one_linear_step_is_right(integrator, states):
    line = find_line(integrator, states)
    tokens = torch.randint(4, (50,), generator=torch.Generator().manual_seed(1))
    near = line.points[::10][:50].float() + 1e-4
    assert one_step_errors(integrator, line, near, tokens[: len(near)]).max() < 0.02
    far = torch.full((1, 4), 3.0)
    assert one_step_errors(integrator, line, far, tokens[:1]).max() > 0.1


def test_a_network_made_linear_agrees_next_to_its_point(integrator):
    h = torch.tensor([0.02, 0.0, 0.01, 0.0])
    linear = linearized(integrator, h)
    near, x = h + 1e-3, torch.tensor([0.02, -0.01])
    torch.testing.assert_close(linear.cell(x, near), integrator.cell(x, near), atol=1e-5, rtol=0)
    torch.testing.assert_close(linear.network.outputs(near), integrator.network.outputs(near))


def test_a_line_needs_two_classes_and_slow_states(integrator, states):
    three = TextClassifier(
        integrator.vocabulary, integrator.embeddings.detach(), Network.from_cell(VanillaRNN(2, 4), 3), "abc"
    )
    with pytest.raises(ValueError, match="the classifier has 3"):
        find_line(three, states)
    with torch.no_grad():
        integrator.cell.U.copy_(torch.diag(torch.full((4,), -1.5)))  # jumps to and fro
    with pytest.raises(ValueError, match="lead to only 1 distinct points"):
        find_line(integrator, states, tolerance=1e-12)
