"""Hand-derived backward passes against the plain loop, and both against finite differences."""

import pytest
import torch

from rnnlab import GRU, LSTM, UGRNN, LowRankRNN, PreActivationRNN, RateRNN, Stacked, VanillaRNN, scan
from rnnlab.cells import LinearRNN
from rnnlab.scan import RULES, STEPS_AT_ONCE, loop

KINDS = {"GRU": (GRU, 4), "LSTM": (LSTM, 8), "UGRNN": (UGRNN, 4), "VanillaRNN": (VanillaRNN, 4)}
KINDS |= {"LinearRNN": (LinearRNN, 4), "PreActivationRNN": (PreActivationRNN, 4), "RateRNN": (RateRNN, 4)}
TIMES = [1, STEPS_AT_ONCE - 1, STEPS_AT_ONCE, STEPS_AT_ONCE + 1, 2 * STEPS_AT_ONCE, 2 * STEPS_AT_ONCE + 5]


def problem(kind, time, *, batch=3):
    """A float64 cell, inputs, h0 and noise."""
    generator = torch.Generator().manual_seed(time)
    factory, states = KINDS[kind]
    cell = factory(2, states, generator=generator).double()
    shapes = (batch, time, 2), (batch, states), (batch, time, states)
    inputs, h0, noise = (torch.randn(shape, generator=generator, dtype=torch.float64) for shape in shapes)
    return cell, inputs.requires_grad_(), h0.requires_grad_(), 0.1 * noise


def test_every_cell_with_a_rule_is_tested():
    assert {factory for factory, _ in KINDS.values()} == set(RULES)


@pytest.mark.parametrize("noisy", [False, True], ids=["", "noisy"])
@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("kind", KINDS)
def test_scan_and_its_gradients_equal_the_loop(kind, time, noisy):
    cell, inputs, h0, noise = problem(kind, time)
    noise = noise if noisy else None
    leaves = [inputs, h0, *cell.parameters()]
    states, expected = scan(cell, inputs, h0, noise), loop(cell, inputs, h0, noise)
    torch.testing.assert_close(states, expected, rtol=0, atol=1e-13)
    # A different weight on every entry, so that no two errors cancel.
    weights = torch.randn(states.shape, generator=torch.Generator().manual_seed(0), dtype=states.dtype)
    gradients, oracle = (torch.autograd.grad((weights * s**2).sum(), leaves) for s in (states, expected))
    for gradient, expected in zip(gradients, oracle, strict=True):
        torch.testing.assert_close(gradient, expected, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("time", [3, STEPS_AT_ONCE + 2])
@pytest.mark.parametrize("kind", KINDS)
def test_gradients_equal_finite_differences(kind, time):
    cell, inputs, h0, noise = problem(kind, time, batch=2)
    names = [name for name, _ in cell.named_parameters()]

    def states(inputs, h0, *weights):
        leaf = KINDS[kind][0](2, cell.state_size).double()
        for name, value in zip(names, weights):
            delattr(leaf, name)
            setattr(leaf, name, value)
        return scan(leaf, inputs, h0, noise)

    assert torch.autograd.gradcheck(states, (inputs, h0, *cell.parameters()), fast_mode=time > STEPS_AT_ONCE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_loss_on_the_last_state_alone(kind):
    cell, inputs, h0, _ = problem(kind, 2 * STEPS_AT_ONCE + 5)
    gradients, oracle = (torch.autograd.grad(run(cell, inputs, h0)[:, -1].sum(), cell.U)[0] for run in (scan, loop))
    torch.testing.assert_close(gradients, oracle, rtol=1e-11, atol=1e-13)


def test_starts_from_zero_and_goes_on_from_any_state():
    cell, inputs, _, _ = problem("LSTM", 20)
    states = scan(cell, inputs)
    torch.testing.assert_close(states[:, :1], scan(cell, inputs[:, :1], torch.zeros(3, 8).double()), rtol=0, atol=1e-14)
    torch.testing.assert_close(states[:, 12:], scan(cell, inputs[:, 12:], states[:, 11]), rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    "cell",
    [
        VanillaRNN(2, 4, nonlinearity="relu"),
        RateRNN(2, 4, nonlinearity="erf"),
        LowRankRNN(2, 4, rank=2),
        Stacked([LSTM(2, 8), GRU(4, 3)]),
        type("Mine", (GRU,), {})(2, 4),
    ],
    ids=["relu", "erf", "low rank", "stacked", "a subclass"],
)
def test_cells_without_a_rule_run_by_the_loop(cell):
    inputs = torch.randn(3, 20, 2)
    torch.testing.assert_close(scan(cell, inputs), loop(cell, inputs, torch.zeros(3, cell.state_size)), rtol=0, atol=0)


def test_a_second_derivative_is_refused_rather_than_wrong():
    cell, inputs, _, _ = problem("GRU", 3)
    (gradient,) = torch.autograd.grad((scan(cell, inputs) ** 2).sum(), inputs, create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        gradient.sum().backward()
