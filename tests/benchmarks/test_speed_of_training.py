"""A training step, forward and backward through time, against plain autograd loops and torch's fused networks."""

import pytest
import torch
from torch import nn

from rnnlab import GRU, LSTM, UGRNN, VanillaRNN, scan
from rnnlab.scan import loop


def indexing_loop(cell, inputs, h):
    """The usual plain loop: inputs projected at once, and the time step picked by an index."""
    a, states = cell.project(inputs), []
    for t in range(inputs.shape[1]):
        h = cell.step(a[:, t], h)
        states.append(h)
    return torch.stack(states, 1)


LOOPS = {
    "usual": (
        indexing_loop,
        "Speed-up over the usual autograd loop: it projects all inputs at once and reads a[:, t]. "
        "The backward pass of each such index fills a tensor of the whole sequence.",
        4,
    ),
    "unbinding": (
        loop,
        "Speed-up over the fastest autograd loop we know: it unbinds the inputs first and projects them step by step.",
        None,
    ),
}
FUSED = {GRU: (nn.GRU, 1.2), LSTM: (nn.LSTM, None), VanillaRNN: (nn.RNN, None)}


@pytest.fixture
def sizes(benchmark):
    """Batch, time, inputs, units."""
    return (64, 230, 64, 128) if benchmark.enabled else (3, 5, 2, 4)


@pytest.fixture
def inputs(sizes):
    return torch.randn(*sizes[:3], generator=torch.Generator().manual_seed(1)).requires_grad_()


def step(run, module, inputs):
    """A step without its optimiser: what `run` gives, and the gradients of its square for inputs and weights."""
    outputs = run(inputs)
    return outputs, *torch.autograd.grad((outputs**2).sum(), [inputs, *module.parameters()])


@pytest.mark.parametrize("other", LOOPS)
@pytest.mark.parametrize("Cell", [GRU, LSTM, UGRNN, VanillaRNN])
def test_step_against_plain_loops(Cell, other, sizes, inputs, compare):
    batch, _, size, units = sizes
    cell = Cell(size, Cell.vectors * units, generator=torch.Generator().manual_seed(0))
    h0 = torch.zeros(batch, cell.state_size)
    plain, note, bound = LOOPS[other]
    ours, theirs = compare(
        lambda: step(lambda x: scan(cell, x), cell, inputs),
        lambda: step(lambda x: plain(cell, x, h0), cell, inputs),
        claim=f"Training step of {Cell.__name__}, {other} loop",
        note=note,
        bound=bound,
    )
    torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("Cell", FUSED)
def test_step_against_fused(Cell, sizes, inputs, compare):
    _, _, size, units = sizes
    cell = Cell(size, Cell.vectors * units, generator=torch.Generator().manual_seed(0))
    Fused, bound = FUSED[Cell]
    fused = Fused(size, units, batch_first=True)
    ours, theirs = compare(
        lambda: step(lambda x: cell.output(scan(cell, x)), cell, inputs),
        lambda: step(lambda x: fused(x)[0], fused, inputs),
        claim=f"Training step of {Cell.__name__}, torch.nn.{Fused.__name__}",
        note=f"Our time over that of torch.nn.{Fused.__name__}, compiled for one equation and one order of operations.",
        relation="≤",
        bound=bound,
        rounds=15,
    )
    assert ours[0].shape == theirs[0].shape
