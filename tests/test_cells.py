"""Cells against their equations, against torch, and against what the fixed-point search takes for granted."""

from functools import partial

import numpy as np
import pytest
import scipy.optimize
import scipy.special
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from rnnlab import (
    GRU,
    LSTM,
    UGRNN,
    GRUResetAfter,
    LowRankRNN,
    Network,
    PreActivationRNN,
    RateRNN,
    Stacked,
    VanillaRNN,
    from_torch,
    scan,
)
from rnnlab.cells import Map


def stacked(inputs, size, generator):
    """Every kind of cell, one above the other."""
    kinds = (LSTM, 2 * size), (GRU, size), (PreActivationRNN, size), (UGRNN, size), (GRUResetAfter, size)
    cells = [kind(inputs if i == 0 else size, states, generator=generator) for i, (kind, states) in enumerate(kinds)]
    return Stacked(cells)


RELU = {
    f"{kind.__name__}, relu": partial(kind, nonlinearity="relu")
    for kind in (VanillaRNN, PreActivationRNN, RateRNN, LowRankRNN)
}
BOXED = {kind.__name__: kind for kind in (GRU, GRUResetAfter, LSTM, UGRNN, VanillaRNN, PreActivationRNN, RateRNN)} | {
    "RateRNN, erf": partial(RateRNN, nonlinearity="erf", tau=2.0, dt=0.5),
    "LowRankRNN": partial(LowRankRNN, rank=2),
    "Stacked": stacked,
}
CELLS = BOXED | RELU


def make(kind, inputs=3, size=4, *, seed=0, scale=1.0):
    """A float64 cell with weights from ±scale/√units."""
    cell = CELLS[kind](inputs, size, generator=torch.Generator().manual_seed(seed)).double()
    with torch.no_grad():
        for weights in cell.parameters():
            weights *= scale
    return cell


def random(*shape, seed=1):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


# The equations once more, in NumPy and for one state, as the sources print them.


def sigmoid(s):
    return 1 / (1 + np.exp(-s))


def definition_1(x, h, W_z, W_r, W_h, U_z, U_r, U_h, b_z, b_r, b_h):
    z = sigmoid(W_z @ x + U_z @ h + b_z)
    r = sigmoid(W_r @ x + U_r @ h + b_r)
    ĥ = np.tanh(W_h @ x + U_h @ (r * h) + b_h)
    return (1 - z) * h + z * ĥ


def lstm(x, state, W_i, W_f, W_g, W_o, U_i, U_f, U_g, U_o, b_i, b_f, b_g, b_o):
    h, c = np.split(state, 2)
    i, f, o = (sigmoid(W @ x + U @ h + b) for W, U, b in ((W_i, U_i, b_i), (W_f, U_f, b_f), (W_o, U_o, b_o)))
    c = f * c + i * np.tanh(W_g @ x + U_g @ h + b_g)
    return np.concatenate([o * np.tanh(c), c])


def ugrnn(x, h, W_g, W_c, U_g, U_c, b_g, b_c):
    g = sigmoid(W_g @ x + U_g @ h + b_g)
    return g * h + (1 - g) * np.tanh(W_c @ x + U_c @ h + b_c)


def vanilla(x, h, W, U, b):
    return np.tanh(W @ x + U @ h + b)


def current(x, h, W, U, b):
    return U @ np.tanh(h) + W @ x + b


def relu(x, h, W, U, b):
    return np.maximum(W @ x + U @ h + b, 0)


def rate(x, h, W, U, b):
    return h + 0.2 * (-h + W @ x + U @ np.tanh(h) + b)


def rate_of_erf(x, h, W, U, b):
    return h + 0.5 / 2.0 * (-h + W @ x + U @ scipy.special.erf(np.sqrt(np.pi) / 2 * h) + b)


EQUATIONS = {
    "GRU": definition_1,
    "LSTM": lstm,
    "UGRNN": ugrnn,
    "VanillaRNN": vanilla,
    "PreActivationRNN": current,
    "VanillaRNN, relu": relu,
    "RateRNN": rate,
    "RateRNN, erf": rate_of_erf,
}


@pytest.mark.parametrize("kind", EQUATIONS)
def test_step_is_the_equation(kind):
    cell = make(kind, scale=2)
    x, h = random(10, 3), 2 * random(10, cell.state_size, seed=2)
    gates = [part for name in "WUb" for part in np.split(getattr(cell, name).detach().numpy(), cell.gates)]
    expected = np.array([EQUATIONS[kind](x_, h_, *gates) for x_, h_ in zip(x.numpy(), h.numpy())])
    np.testing.assert_allclose(cell(x, h).detach().numpy(), expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(cell.at(x[0])(h[0]).detach().numpy(), expected[0], rtol=0, atol=1e-12)


def test_a_low_rank_step_is_the_equation():
    cell = make("LowRankRNN")
    m, n, W = (getattr(cell, name).detach().numpy() for name in "mnW")
    x, h = random(10, 3), random(10, 4, seed=2)
    expected = [
        h_ + 0.2 * (-h_ + W @ x_ + sum(np.outer(m[:, k], n[:, k]) for k in (0, 1)) @ np.tanh(h_) / 4)
        for x_, h_ in zip(x.numpy(), h.numpy())
    ]
    np.testing.assert_allclose(cell(x, h).detach().numpy(), expected, rtol=0, atol=1e-12)
    torch.testing.assert_close(cell.U, cell.m @ cell.n.T / 4)
    torch.testing.assert_close(cell.overlaps(h), torch.tanh(h) @ cell.n / 4)


@pytest.mark.parametrize("kind", CELLS)
def test_jacobians_are_the_derivatives(kind):
    cell = make(kind, scale=1.5).requires_grad_(False)
    a, h, u = cell.project(random(3)), random(5, cell.state_size, seed=2), random(5, cell.units, seed=3)
    for jacobian, f, points in ((cell.jacobian, cell.step, h), (cell.gate_free_jacobian, cell.gate_free_residual, u)):
        derivative = torch.func.vmap(torch.func.jacfwd(lambda point, f=f: f(a, point)))(points)
        torch.testing.assert_close(jacobian(a, points), derivative, rtol=0, atol=1e-12)


def test_the_layers_of_a_stack_read_the_new_states_below():
    cell = make("Stacked")
    x, h = random(5, 3), random(5, cell.state_size)
    expected, a = [], x
    for layer, part in zip(cell.layers, h.split([layer.state_size for layer in cell.layers], -1)):
        expected.append(layer(a, part))
        a = layer.output(expected[-1])
    torch.testing.assert_close(cell(x, h), torch.cat(expected, -1), rtol=0, atol=0)


def test_the_two_conventions_of_the_vanilla_network_are_conjugate():
    vanilla, current = make("VanillaRNN", scale=3), make("PreActivationRNN")
    current.load_state_dict(vanilla.state_dict())
    readout = nn.Linear(4, 2).double()
    inputs, h0 = random(5, 50, 3), random(5, 4, seed=2)
    y_of_currents, _ = Network(current, readout)(inputs, h0)
    y_of_rates, _ = Network(vanilla, readout)(inputs, torch.tanh(h0))
    torch.testing.assert_close(y_of_currents, y_of_rates, rtol=0, atol=1e-12)


def test_a_rate_network_whose_step_is_tau_is_the_discrete_one():
    rate, discrete = RateRNN(3, 4, tau=3.0, dt=3.0).double(), make("PreActivationRNN")
    rate.load_state_dict(discrete.state_dict())
    inputs = random(5, 50, 3)
    torch.testing.assert_close(scan(rate, inputs), scan(discrete, inputs), rtol=0, atol=1e-13)


# Fixed points


@pytest.mark.parametrize("kind", CELLS)
def test_balance_vanishes_where_simulation_comes_to_rest(kind):
    F = make(kind, scale=0.9).at(random(3))
    h = torch.zeros(F.state_size, dtype=torch.float64)
    with torch.no_grad():
        for _ in range(2000):
            h = F(h)
        assert (F(h) - h).abs().max() < 1e-15
        assert F.gate_free_residual(F.cell.output(h)).abs().max() < 1e-13
        torch.testing.assert_close(F.full_state(F.cell.output(h)), h, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", CELLS)
def test_zeros_of_balance_lift_to_fixed_points_unstable_ones_too(kind):
    F = make(kind, scale=0.9 if kind in RELU else 2, seed=3).at(random(3)).double()
    starts = 0.5 * random(20, F.cell.units).numpy()
    roots = [
        scipy.optimize.root(lambda u: F.gate_free_residual(torch.from_numpy(u)).numpy(), start, tol=1e-14)
        for start in starts
    ]
    u = torch.tensor(np.array([root.x for root in roots if abs(root.fun).max() < 1e-12]))
    h = F.full_state(u)
    assert len(h) >= 1
    torch.testing.assert_close(F(h), h, rtol=0, atol=1e-10)
    torch.testing.assert_close(F.cell.output(h), u, rtol=0, atol=1e-10)


@pytest.mark.parametrize("kind", BOXED)
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), scale=st.sampled_from([0.3, 1.0, 5.0]))
def test_no_state_leaves_the_box(kind, seed, scale):
    F = make(kind, seed=seed, scale=scale).at(random(3, seed=seed + 1))
    corners = random(100, F.state_size, seed=seed + 2).sign()
    shrink = torch.rand(100, 1, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    for states in (corners * F.box, corners * F.box * shrink):
        assert (F(states).abs() <= F.box * (1 + 1e-12)).all()


@pytest.mark.parametrize("kind", RELU)
def test_relu_networks_have_no_box(kind):
    assert make(kind).at(random(3)).box is None
    above = Stacked([make(kind), make("GRU", 4), make("VanillaRNN", 4)])
    assert above.at(random(3)).box is None


def test_a_map_in_double_is_a_copy():
    cell = GRU(3, 4)
    F = cell.at(torch.ones(3))
    double = F.double()
    h = torch.randn(4)
    assert double(h.double()).dtype == torch.float64 and not double(h.double()).requires_grad
    torch.testing.assert_close(double(h.double()).float(), F(h), rtol=0, atol=1e-6)
    assert cell.W.dtype == torch.float32 and cell.W.requires_grad


# torch's modules

TORCH = {
    "RNN": (nn.RNN, nn.RNNCell, {}),
    "RNN, relu": (nn.RNN, nn.RNNCell, {"nonlinearity": "relu"}),
    "GRU": (nn.GRU, nn.GRUCell, {}),
    "LSTM": (nn.LSTM, nn.LSTMCell, {}),
}
DTYPES = pytest.mark.parametrize(
    "dtype, tolerance", [(torch.float32, 1e-6), (torch.float64, 1e-12)], ids=["float32", "float64"]
)


@DTYPES
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("kind", TORCH)
def test_from_torch_equals_the_module(kind, layers, bias, dtype, tolerance):
    torch.manual_seed(0)
    module = TORCH[kind][0](3, 5, layers, bias=bias, batch_first=True, dtype=dtype, **TORCH[kind][2])
    inputs = torch.randn(4, 20, 3, dtype=dtype)
    expected, last = module(inputs)
    last = torch.cat(last, -1) if kind == "LSTM" else last  # (layers, batch, h and c)
    cell = from_torch(module)
    states = scan(cell, inputs)
    torch.testing.assert_close(cell.output(states)[..., -5:], expected, rtol=0, atol=tolerance)
    torch.testing.assert_close(states[:, -1], last.transpose(0, 1).flatten(1), rtol=0, atol=tolerance)


@DTYPES
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", TORCH)
def test_from_torch_equals_the_cell_module(kind, bias, dtype, tolerance):
    torch.manual_seed(0)
    module = TORCH[kind][1](3, 5, bias=bias, dtype=dtype, **TORCH[kind][2])
    cell = from_torch(module)
    x, h = torch.randn(4, 3, dtype=dtype), torch.randn(4, cell.state_size, dtype=dtype)
    expected = torch.cat(module(x, h.chunk(2, -1)), -1) if kind == "LSTM" else module(x, h)
    torch.testing.assert_close(cell(x, h), expected, rtol=0, atol=tolerance)


def test_definition_1_is_not_the_gru_of_torch():
    after = from_torch(nn.GRU(3, 4).double())
    before = GRU(3, 4).double()
    before.load_state_dict({name: weights for name, weights in after.state_dict().items() if name != "c"})
    with torch.no_grad():
        after.c.zero_()
        x, h = random(10, 3), random(10, 4)
        assert (after(x, h) - before(x, h)).abs().max() > 1e-3
        # Without coupling between units the reset gate may stand on either side of the product.
        for cell in (before, after):
            cell.U[8:] = torch.diag(cell.U[8:].diagonal())
        torch.testing.assert_close(after(x, h), before(x, h), rtol=0, atol=1e-12)


def test_from_torch_copies():
    module = nn.LSTM(3, 4)
    cell = from_torch(module)
    with torch.no_grad():
        cell.W.zero_()
    assert module.weight_ih_l0.abs().min() > 0


@pytest.mark.parametrize(
    "module, error, message",
    [
        (nn.LSTM(3, 4, proj_size=2), ValueError, "projections"),
        (nn.GRU(3, 4, bidirectional=True), ValueError, "bidirectional"),
        (nn.Linear(3, 4), TypeError, "got Linear"),
        (GRU(3, 4), TypeError, "got GRU"),
    ],
)
def test_from_torch_refuses_what_has_no_cell(module, error, message):
    with pytest.raises(error, match=message):
        from_torch(module)


# Making cells


@pytest.mark.parametrize("kind", CELLS)
def test_weights_come_from_the_generator(kind):
    first, again, other = (make(kind, seed=seed) for seed in (0, 0, 1))
    for weights, same, different in zip(first.parameters(), again.parameters(), other.parameters()):
        assert torch.equal(weights, same) and not torch.equal(weights, different)


@pytest.mark.parametrize(
    "build, message",
    [
        (lambda: GRU(0, 4), "input_size must be at least 1, got 0"),
        (lambda: GRU(3, 0), "state_size of GRU must be at least 1, got 0"),
        (lambda: LSTM(3, 0), "state_size of LSTM must be a positive even number"),
        (lambda: LSTM(3, 5), "even number, units of h and of c, got 5"),
        (lambda: VanillaRNN(3, 4, nonlinearity="sin"), "nonlinearity must be one of tanh, erf, relu; got 'sin'"),
        (lambda: RateRNN(3, 4, nonlinearity="sin"), "nonlinearity must be one of"),
        (lambda: LowRankRNN(3, 4, nonlinearity="sin"), "nonlinearity must be one of"),
        (lambda: RateRNN(3, 4, tau=0.0), "tau must be positive and finite, got 0.0"),
        (lambda: RateRNN(3, 4, tau=-1.0), "tau must be positive and finite, got -1.0"),
        (lambda: RateRNN(3, 4, tau=float("nan")), "tau must be positive and finite, got nan"),
        (lambda: RateRNN(3, 4, tau=1.0, dt=1.5), "dt must be positive and at most tau, 1.0, .* got 1.5"),
        (lambda: LowRankRNN(3, 4, dt=0.0), "dt must be positive and at most tau, 1.0, .* got 0.0"),
        (lambda: LowRankRNN(3, 4, rank=5), "rank must be an integer from 1 to 4, got 5"),
        (lambda: LowRankRNN(3, 4, rank=0), "from 1 to 4, got 0"),
        (lambda: LowRankRNN(0, 4), "input_size must be at least 1"),
        (lambda: Stacked([]), "at least one cell"),
        (lambda: Stacked([LSTM(3, 8), GRU(8, 4)]), "a layer of 4 units cannot feed one with input_size 8"),
        (lambda: GRU(1, 4).at(torch.tensor([float("nan")])), "x must be finite"),
    ],
)
def test_cells_that_cannot_be(build, message):
    with pytest.raises(ValueError, match=message):
        build()


def test_network_returns_outputs_and_states():
    network = Network.from_cell(LSTM(3, 8), 2, generator=torch.Generator().manual_seed(0))
    inputs = torch.randn(5, 7, 3)
    outputs, states = network(inputs)
    assert outputs.shape == (5, 7, 2) and states.shape == (5, 7, 8)
    torch.testing.assert_close(outputs, states[..., :4] @ network.readout.weight.T + network.readout.bias)
    torch.testing.assert_close(states[:, 0], network.cell(inputs[:, 0], torch.zeros(5, 8)))
    assert isinstance(network.cell.at(torch.zeros(3)), Map)


def test_wide_networks_of_low_rank_are_read_by_an_average():
    network = Network.from_cell(LowRankRNN(3, 400, rank=2), 2, generator=torch.Generator().manual_seed(0))
    network.requires_grad_(False)
    assert network.readout.bias is None and network.readout.weight.std() == pytest.approx(4 / 400, rel=0.1)
    h = torch.randn(5, 400)
    torch.testing.assert_close(network.outputs(h), torch.tanh(h) @ network.readout.weight.T)
    trained = dict(network.named_parameters())["readout.parametrizations.weight.original"]
    torch.testing.assert_close(trained, 400 * network.readout.weight)


@pytest.mark.parametrize("cell", [GRU(3, 6), LSTM(3, 12), VanillaRNN(3, 6), RateRNN(3, 6), LowRankRNN(3, 6, rank=2)])
def test_nothing_reads_a_unit_that_is_removed(cell):
    network = Network.from_cell(cell, 2)
    lesioned = network.without([1, 4])
    outputs = []
    for value in (0.0, 3.0):
        h = torch.randn(5, cell.state_size, generator=torch.Generator().manual_seed(0))
        for k in range(cell.vectors):
            h[:, [1 + 6 * k, 4 + 6 * k]] = value
        after = lesioned.cell(torch.ones(5, 3), h)
        kept = [unit + 6 * k for k in range(cell.vectors) for unit in (0, 2, 3, 5)]
        outputs.append(torch.cat([after[:, kept], lesioned.outputs(h)], 1))
    torch.testing.assert_close(*outputs, rtol=0, atol=1e-6)
    before = network.cell(torch.ones(5, 3), h)
    assert (before[:, kept] - after[:, kept]).abs().max() > 1e-2  # the network itself is as it was, and does read them


@pytest.mark.parametrize("units", [[6], [-1]])
def test_units_that_are_not_there_cannot_be_removed(units):
    with pytest.raises(ValueError, match="units must be from 0 to 5, of a single layer, got"):
        Network.from_cell(GRU(3, 6), 2).without(units)
    with pytest.raises(ValueError, match="of a single layer"):
        Network.from_cell(Stacked([GRU(3, 4), GRU(4, 4)]), 2).without([0])
