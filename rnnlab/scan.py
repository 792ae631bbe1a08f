"""A cell run over a sequence, with hand-derived backpropagation through time.

An autograd loop over time pays for the bookkeeping of every small operation. Here the input projections and the
weight gradients are single products over all times, and the loop keeps the recurrence alone. Each rule is the chain
rule for one cell's `step`, checked against autograd in the tests.

In the rules dx stands for ∂loss/∂x, arrays are time-first (time, batch, ·), and `h[t]` is the state before step t,
`h[t + 1]` the one after it. A forward rule makes the `step(t)` that writes h[t + 1]; it finds the projected inputs a
in `gates` and leaves the gates in their place, since memory that is written once is most of the speed.
"""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn.functional import linear

from rnnlab.cells import GRU, LSTM, UGRNN, Cell, LinearRNN, PreActivationRNN, RateRNN, VanillaRNN, require


def scan(
    cell: Cell,
    inputs: Float[Tensor, "batch time input"],
    h0: Float[Tensor, "batch state"] | None = None,
    noise: Float[Tensor, "batch time state"] | None = None,
) -> Float[Tensor, "batch time state"]:
    """States h_t = F(h_{t−1}, x_t) + noise_t of `cell`, t = 1 … T, from h0 (zeros if not given); differentiable once.

    `noise` is taken as a constant: no gradient flows into it.

    Raises:
        ValueError: if shapes or dtypes do not fit the cell or there is no time step.
    """
    require("inputs", inputs, ("batch", "time", cell.input_size), cell)
    batch, time, _ = inputs.shape
    if time == 0:
        raise ValueError("inputs must have at least one time step, got none")
    if h0 is None:
        h0 = inputs.new_zeros(batch, cell.state_size)
    require("h0", h0, (batch, cell.state_size), cell)
    if noise is not None:
        require("noise", noise, (batch, time, cell.state_size), cell)
    rule = RULES.get(type(cell))
    if rule is None or getattr(cell, "nonlinearity", "tanh") != "tanh":
        return loop(cell, inputs, h0, noise)
    if type(cell) is RateRNN:
        rule = rule(cell.rate)
    noise = None if noise is None else noise.transpose(0, 1)
    return _Scan.apply(rule, noise, inputs.transpose(0, 1), cell.W, cell.b, cell.U, h0).transpose(0, 1)


def loop(
    cell: Cell,
    inputs: Float[Tensor, "batch time input"],
    h0: Float[Tensor, "batch state"],
    noise: Float[Tensor, "batch time state"] | None = None,
) -> Float[Tensor, "batch time state"]:
    """The same by the plain loop, left to autograd: for cells without a rule, and the oracle of those that have one."""
    states, h = [], h0
    for t, a in enumerate(cell.project(inputs).unbind(1)):
        h = cell.step(a, h) if noise is None else cell.step(a, h) + noise[:, t]
        states.append(h)
    return torch.stack(states, 1)


STEPS_AT_ONCE = 16  # time steps whose gate gradients are kept at once: few enough to stay in the processor's cache


class _Scan(torch.autograd.Function):
    @staticmethod
    def forward(ctx, rule, noise, x, W, b, U, h0):
        gates = linear(x, W, b)
        h = x.new_empty(len(x) + 1, *h0.shape)
        h[0] = h0
        forward_step, ctx.backward_rule = rule
        step = forward_step(gates, U, h)
        for t in range(len(x)):
            step(t)
            if noise is not None:
                h[t + 1] += noise[t]
        ctx.save_for_backward(x, W, U, gates, h)
        return h[1:]

    @staticmethod
    @once_differentiable
    def backward(ctx, dstates):
        x, W, U, gates, h = ctx.saved_tensors
        dW, dU, db, dh = torch.zeros_like(W), torch.zeros_like(U), W.new_zeros(len(W)), torch.zeros_like(dstates[0])
        dx = torch.empty_like(x) if ctx.needs_input_grad[2] else None
        buffer = torch.empty_like(gates[:STEPS_AT_ONCE])
        for start in reversed(range(0, len(x), STEPS_AT_ONCE)):
            times = slice(start, start + STEPS_AT_ONCE)
            da = buffer[: len(gates[times])]
            dU_here, dh = ctx.backward_rule(
                da, dh, dstates[times], gates[times], U, h[start : start + STEPS_AT_ONCE + 1]
            )
            dU += dU_here
            dW += _over_time(da, x[times])
            db += da.sum((0, 1))
            if dx is not None:
                dx[times] = da @ W
        return None, None, dx, dW, db, dU, dh


def _over_time(da, h):
    """∂loss/∂U = Σ over times and batch of da hᵀ."""
    return da.flatten(0, 1).T @ h.flatten(0, 1)


def _through_sigmoid(dy, y, out):
    """Into `out`: dy·y (1 − y), the gradient before a sigmoid that gave y."""
    torch.ops.aten.sigmoid_backward.grad_input(dy, y, grad_input=out)


def _through_tanh(dy, y, out):
    """Into `out`: dy·(1 − y²), the gradient before a tanh that gave y."""
    torch.ops.aten.tanh_backward.grad_input(dy, y, grad_input=out)


def _gru_forward(gates, U, h):
    n = h.shape[-1]
    U_zr, U_h = U[: 2 * n].T, U[2 * n :].T
    rh = torch.empty_like(h[0])
    zr, ĥ = gates[..., : 2 * n], gates[..., 2 * n :]

    def step(t):
        z, r = zr[t].addmm_(h[t], U_zr).sigmoid_().chunk(2, -1)
        torch.mul(r, h[t], out=rh)
        torch.lerp(h[t], ĥ[t].addmm_(rh, U_h).tanh_(), z, out=h[t + 1])

    return step


def _gru_backward(da, dh, dstates, gates, U, h):
    n = h.shape[-1]
    U_zr, U_h = U[: 2 * n], U[2 * n :]
    da_zr = da[..., : 2 * n]
    for t in range(len(da) - 1, -1, -1):
        (z, r, ĥ), (dz, dr, dĥ) = gates[t].chunk(3, -1), da[t].chunk(3, -1)
        dh += dstates[t]
        dhz = dh * z
        _through_tanh(dhz, ĥ, dĥ)
        drh = dĥ @ U_h
        _through_sigmoid(dh * (ĥ - h[t]), z, dz)
        _through_sigmoid(drh * h[t], r, dr)
        dh = (dh - dhz).addcmul_(drh, r).addmm_(da_zr[t], U_zr)
    h = h[:-1]
    return torch.cat([_over_time(da_zr, h), _over_time(da[..., 2 * n :], gates[..., n : 2 * n] * h)]), dh


def _lstm_forward(gates, U, h):
    n = U.shape[1]

    def step(t):
        i, f, g, o = gates[t].addmm_(h[t, :, :n], U.T).chunk(4, -1)
        gates[t, :, : 2 * n].sigmoid_()
        g.tanh_()
        o.sigmoid_()
        c = torch.mul(f, h[t, :, n:], out=h[t + 1, :, n:]).addcmul_(i, g)
        torch.mul(o, torch.tanh(c), out=h[t + 1, :, :n])

    return step


def _lstm_backward(da, dh, dstates, gates, U, h):
    n = U.shape[1]
    du, dc = dh.chunk(2, -1)
    for t in range(len(da) - 1, -1, -1):
        (i, f, g, o), (di, df, dg, do) = gates[t].chunk(4, -1), da[t].chunk(4, -1)
        tanh_c = (f * h[t, :, n:]).addcmul_(i, g).tanh_()
        du = du + dstates[t, :, :n]
        through_c = torch.empty_like(du)
        _through_tanh(du * o, tanh_c, through_c)
        dc = through_c.add_(dc).add_(dstates[t, :, n:])
        _through_sigmoid(dc * g, i, di)
        _through_sigmoid(dc * h[t, :, n:], f, df)
        _through_tanh(dc * i, g, dg)
        _through_sigmoid(du * tanh_c, o, do)
        dc, du = dc * f, da[t] @ U
    return _over_time(da, h[:-1, :, :n]), torch.cat([du, dc], -1)


def _ugrnn_forward(gates, U, h):
    def step(t):
        g, c = gates[t].addmm_(h[t], U.T).chunk(2, -1)
        torch.lerp(c.tanh_(), h[t], g.sigmoid_(), out=h[t + 1])

    return step


def _ugrnn_backward(da, dh, dstates, gates, U, h):
    for t in range(len(da) - 1, -1, -1):
        (g, c), (dg, dc) = gates[t].chunk(2, -1), da[t].chunk(2, -1)
        dh += dstates[t]
        dhg = dh * g
        _through_sigmoid(dh * (h[t] - c), g, dg)
        _through_tanh(dh - dhg, c, dc)
        dh = dhg.addmm_(da[t], U)
    return _over_time(da, h[:-1]), dh


def _vanilla_forward(gates, U, h):
    def step(t):
        h[t + 1] = gates[t].addmm_(h[t], U.T).tanh_()

    return step


def _vanilla_backward(da, dh, dstates, gates, U, h):
    for t in range(len(da) - 1, -1, -1):
        _through_tanh(dh.add_(dstates[t]), gates[t], da[t])
        dh = da[t] @ U
    return _over_time(da, h[:-1]), dh


def _linear_forward(gates, U, h):
    def step(t):
        torch.addmm(gates[t], h[t], U.T, out=h[t + 1])

    return step


def _linear_backward(da, dh, dstates, gates, U, h):
    for t in range(len(da) - 1, -1, -1):
        torch.add(dh, dstates[t], out=da[t])
        dh = da[t] @ U
    return _over_time(da, h[:-1]), dh


def _rate_rule(α):
    """h′ = (1 − α) h + α (a + U tanh(h)), α = dt/τ."""

    def forward(gates, U, h):
        def step(t):
            r = torch.tanh(h[t])
            torch.lerp(h[t], torch.addmm(gates[t], r, U.T), α, out=h[t + 1])
            gates[t] = r

        return step

    def backward(da, dh, dstates, gates, U, h):
        through = torch.empty_like(dh)
        for t in range(len(da) - 1, -1, -1):
            dh += dstates[t]
            torch.mul(dh, α, out=da[t])
            _through_tanh(da[t] @ U, gates[t], through)
            dh = dh - da[t] + through
        return _over_time(da, gates), dh

    return forward, backward


RULES = {
    PreActivationRNN: _rate_rule(1.0),
    GRU: (_gru_forward, _gru_backward),
    LinearRNN: (_linear_forward, _linear_backward),
    LSTM: (_lstm_forward, _lstm_backward),
    RateRNN: _rate_rule,
    UGRNN: (_ugrnn_forward, _ugrnn_backward),
    VanillaRNN: (_vanilla_forward, _vanilla_backward),
}
