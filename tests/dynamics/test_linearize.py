"""Linearisation against finite differences and maps with known modes."""

import numpy as np
import pytest
import torch

from rnnlab import GRU, LSTM, UGRNN, GRUResetAfter, PreActivationRNN, Stacked, VanillaRNN, linearize

CELLS = {
    "GRU": GRU(3, 6),
    "GRUResetAfter": GRUResetAfter(3, 6),
    "LSTM": LSTM(3, 8),
    "UGRNN": UGRNN(3, 6),
    "VanillaRNN": VanillaRNN(3, 6),
    "PreActivationRNN": PreActivationRNN(3, 6),
    "Stacked": Stacked([GRU(3, 4), LSTM(4, 8)]),
}


def random(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def differences(f, at, step=1e-6):
    """∂f/∂at by central differences, a column for each entry of `at`."""
    columns = [(f(at + step * e) - f(at - step * e)) / (2 * step) for e in torch.eye(len(at), dtype=at.dtype)]
    return torch.stack(columns, -1)


@pytest.mark.parametrize("kind", CELLS)
def test_jacobians_equal_finite_differences(kind):
    cell = CELLS[kind].double().requires_grad_(False)
    x, states = random(3), random(4, cell.state_size, seed=1)
    modes = linearize(cell.at(x), states)
    for h, by_state, by_input in zip(states, modes.state_jacobian, modes.input_jacobian):
        torch.testing.assert_close(by_state, differences(lambda h: cell(x, h), h), rtol=0, atol=1e-8)
        torch.testing.assert_close(by_input, differences(lambda x: cell(x, h), x), rtol=0, atol=1e-8)


@pytest.mark.parametrize("kind", CELLS)
def test_modes_are_biorthonormal_and_give_the_jacobian_back(kind):
    cell = CELLS[kind].double()
    modes = linearize(cell.at(random(3)), random(4, cell.state_size, seed=1))
    J, λ, R, L = (
        part.detach().to(torch.complex128)
        for part in (modes.state_jacobian, modes.eigenvalues, modes.right, modes.left)
    )
    eye = torch.eye(cell.state_size, dtype=R.dtype).expand_as(R)
    torch.testing.assert_close(L @ R, eye, rtol=0, atol=1e-10)
    torch.testing.assert_close(R @ torch.diag_embed(λ) @ L, J, rtol=0, atol=1e-10)
    torch.testing.assert_close(R.norm(dim=1), torch.ones_like(R.norm(dim=1)))
    assert (λ.abs().diff() <= 0).all() and modes.residual.max() < 1e-10
    assert not modes.state_jacobian.requires_grad and "modes of 4 states" in str(modes)


def test_time_constants_of_a_known_map():
    λ = np.array([2, 0.9, 0.5, -0.5, 0])
    Q = torch.linalg.qr(random(5, 5))[0]
    A = Q @ torch.diag(torch.from_numpy(λ)) @ Q.T
    modes = linearize(lambda h: h @ A.T, random(2, 5))
    assert modes.input_jacobian is None
    np.testing.assert_allclose(modes.eigenvalues.abs(), np.tile(abs(λ), (2, 1)), atol=1e-12)
    expected = [1 / np.log(2), -1 / np.log(0.9), 1 / np.log(2), 1 / np.log(2)]
    np.testing.assert_allclose(modes.time_constants[0, :4], expected, rtol=1e-9)
    assert modes.time_constants[0, 4] < 0.05
    # A mode shrinks by e in its time constant.
    assert 0.9 ** modes.time_constants[0, 1].item() == pytest.approx(1 / np.e)


@pytest.mark.parametrize("size", [2, 4])
@pytest.mark.parametrize("turned", [False, True])
def test_a_defective_jacobian_has_no_modes(size, turned):
    Q = torch.linalg.qr(random(size, size))[0] if turned else torch.eye(size, dtype=torch.float64)
    jordan = Q @ (0.5 * torch.eye(size).double() + torch.diag(torch.ones(size - 1).double(), 1)) @ Q.T
    with pytest.raises(torch.linalg.LinAlgError, match="defective"):
        linearize(lambda h: h @ jordan.T, random(1, size))


def test_modules_are_maps_and_stay_as_they_are():
    module = torch.nn.Linear(3, 3)
    modes = linearize(module, torch.zeros(1, 3))
    torch.testing.assert_close(modes.state_jacobian[0].float(), module.weight)
    assert module.weight.dtype == torch.float32 and module.weight.requires_grad and module.weight.grad is None
