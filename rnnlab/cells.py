"""The maps F(h, x) → h′ of recurrent networks.

Every cell has one flat, `state_size`-dimensional state and splits its update in two: `project` (what the input
contributes to the gates, linear in x) and `step` (the recurrence). Under a constant input a cell is a map
h → h′, `cell.at(x)`, which is all that `rnnlab.dynamics` ever sees.

Notation: a = W x + b is the projected input, split among the gates; U holds the recurrent weights, gate under gate;
σ(s) = 1 / (1 + e^(−s)); ∘ is the product by units.
"""

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.func import jacrev, vmap


def require(name: str, value: Tensor, shape: tuple[int | str, ...], cell: "Cell") -> None:
    """Raise ValueError unless `value` has this shape and the cell's dtype. A name in `shape` is a free size."""
    dtype = next(cell.parameters()).dtype
    expected = f"{name} must be a {dtype} tensor of shape ({', '.join(map(str, shape))})"
    if not isinstance(value, Tensor):
        raise ValueError(f"{expected}, got a {type(value).__name__}")
    fits = value.ndim == len(shape) and all(isinstance(size, str) or size == n for size, n in zip(shape, value.shape))
    if not fits or value.dtype != dtype:
        raise ValueError(f"{expected}, got {value.dtype} of shape {tuple(value.shape)}")


def require_integer(name: str, value: int, least: int, most: int | None = None) -> None:
    """Raise ValueError unless `value` is an integer from `least` to `most`."""
    if type(value) is not int or value < least or (most is not None and value > most):
        raise ValueError(f"{name} must be an integer from {least}{f' to {most}' if most else ''}, got {value!r}")


class Cell(nn.Module):
    """A recurrence h′ = F(h, x) with parameters W (gates·units, input), U (gates·units, units), b (gates·units).

    `generator` seeds the weights, drawn uniformly from ±1/√units as torch draws them.

    Raises:
        ValueError: for sizes below 1, and an LSTM of odd size.
    """

    gates: int
    vectors = 1  # state vectors carried per unit: 2 for an LSTM
    options: tuple[str, ...] = ()  # what the constructor takes besides the sizes, kept under the same names
    W: Tensor
    U: Tensor
    b: Tensor

    def __init__(self, input_size: int, state_size: int, *, generator: torch.Generator | None = None):
        super().__init__()
        self._set_sizes(input_size, state_size)
        rows, bound = self.gates * self.units, self.units**-0.5
        for name, shape in {"W": (rows, input_size), "U": (rows, self.units), "b": (rows,)}.items():
            weights = torch.empty(shape).uniform_(-bound, bound, generator=generator)
            self.register_parameter(name, nn.Parameter(weights))

    def _set_sizes(self, input_size, state_size):
        if input_size < 1:
            raise ValueError(f"input_size must be at least 1, got {input_size}")
        if state_size < 1 or state_size % self.vectors:
            whole = "a positive even number, units of h and of c," if self.vectors == 2 else "at least 1,"
            raise ValueError(f"state_size of {type(self).__name__} must be {whole} got {state_size}")
        self.input_size, self.state_size, self.units = input_size, state_size, state_size // self.vectors

    def extra_repr(self):
        return ", ".join(f"{name}={getattr(self, name)!r}" for name in ("input_size", "state_size", *self.options))

    def configuration(self) -> dict:
        """The arguments that make a cell of this kind again, as plain JSON, with the kind as "cell"."""
        options = {name: getattr(self, name) for name in self.options}
        return {"cell": type(self).__name__, "input_size": self.input_size, "state_size": self.state_size, **options}

    def project(self, x: Float[Tensor, "*batch input"]) -> Float[Tensor, "*batch gates"]:
        """a = W x + b, all gates side by side."""
        return nn.functional.linear(x, self.W, self.b)

    def step(
        self, a: Float[Tensor, "*#batch gates"], h: Float[Tensor, "*#batch state"]
    ) -> Float[Tensor, "*batch state"]:
        """h′ from the projected input a and the state h."""
        raise NotImplementedError

    def forward(
        self, x: Float[Tensor, "*#batch input"], h: Float[Tensor, "*#batch state"]
    ) -> Float[Tensor, "*batch state"]:
        """h′ = F(h, x)."""
        return self.step(self.project(x), h)

    def output(self, h: Float[Tensor, "*batch state"]) -> Float[Tensor, "*batch units"]:
        """What a readout, or the next layer, sees of the state."""
        return h

    def gate_free_residual(
        self, a: Float[Tensor, "*#batch gates"], u: Float[Tensor, "*#batch units"]
    ) -> Float[Tensor, "*batch units"]:
        """A residual, free of the update gate, that vanishes at `u = output(h)` exactly where h = F(h)."""
        return self.step(a, u) - u

    def gate_free_jacobian(
        self, a: Float[Tensor, " gates"], u: Float[Tensor, "points units"]
    ) -> Float[Tensor, "points units units"]:
        """∂(gate_free_residual)/∂u at each point, by automatic differentiation unless a cell knows better."""
        return vmap(jacrev(lambda u: self.gate_free_residual(a, u)))(u)

    def jacobian(
        self, a: Float[Tensor, " gates"], h: Float[Tensor, "points state"]
    ) -> Float[Tensor, "points state state"]:
        """∂F/∂h at each state, by automatic differentiation unless a cell knows better."""
        return vmap(jacrev(lambda h: self.step(a, h)))(h)

    def full_state(
        self, a: Float[Tensor, "*#batch gates"], u: Float[Tensor, "*#batch units"]
    ) -> Float[Tensor, "*batch state"]:
        """The state whose output is u and that is otherwise at rest. Inverse of `output` at a fixed point."""
        return u

    def box(self, a: Float[Tensor, " gates"]) -> Float[Tensor, " state"] | None:
        """Half-widths of a box around 0 that F maps into itself and that holds all fixed points, or None."""
        return torch.ones(self.state_size, dtype=a.dtype, device=a.device)

    def at(self, x: Float[Tensor, " input"]) -> "Map":
        """The map F(·, x) of h → h′ under the constant input x, of shape (input_size,) and the dtype of the weights.

        Raises:
            ValueError: for an x of another shape or dtype, or one that is not finite.

        >>> F = rnnlab.GRU(input_size=3, state_size=64).at(torch.zeros(3))
        >>> F(torch.zeros(5, 64)).shape
        torch.Size([5, 64])
        """
        require("x", x, (self.input_size,), self)
        if not torch.isfinite(x).all():
            raise ValueError(f"x must be finite, got {x.tolist()}")
        return Map(self, x)


@dataclass(frozen=True)
class Map:
    """F: h → h′, a cell under the constant input x; batched over leading dimensions of h."""

    cell: Cell
    x: Float[Tensor, " input"]

    def __call__(self, h: Float[Tensor, "*batch state"]) -> Float[Tensor, "*batch state"]:
        if h.shape[-1:] != (self.state_size,):
            raise ValueError(
                f"h must be a {self.state_size}-dimensional state, or a batch of them, got shape {tuple(h.shape)}"
            )
        return self.cell.step(self.projected, h)

    @property
    def state_size(self) -> int:
        """Length of h."""
        return self.cell.state_size

    @property
    def projected(self) -> Float[Tensor, " gates"]:
        """a = W x + b."""
        return self.cell.project(self.x)

    def gate_free_residual(self, u: Float[Tensor, "*batch units"]) -> Float[Tensor, "*batch units"]:
        """The cell's gate-free residual; zero at the outputs u of fixed points."""
        return self.cell.gate_free_residual(self.projected, u)

    def gate_free_jacobian(self, u: Float[Tensor, "points units"]) -> Float[Tensor, "points units units"]:
        """Jacobian of `gate_free_residual` at each point."""
        return self.cell.gate_free_jacobian(self.projected, u)

    def jacobian(self, h: Float[Tensor, "points state"]) -> Float[Tensor, "points state state"]:
        """∂F/∂h at each state."""
        return self.cell.jacobian(self.projected, h)

    def full_state(self, u: Float[Tensor, "*batch units"]) -> Float[Tensor, "*batch state"]:
        """The state at rest whose output is u."""
        return self.cell.full_state(self.projected, u)

    @property
    def box(self) -> Float[Tensor, " state"] | None:
        """Half-widths of a box that F maps into itself, or None."""
        return self.cell.box(self.projected)

    def double(self) -> "Map":
        """The same map in float64, on a detached copy of the weights."""
        cell = copy.deepcopy(self.cell).double().requires_grad_(False)
        return Map(cell, self.x.detach().double())


class GRU(Cell):
    """Gated recurrent unit of Definition 1: the reset gate meets h before the product with U_h.

    z = σ(a_z + U_z h), r = σ(a_r + U_r h), ĥ = tanh(a_h + U_h (r∘h)), h′ = (1 − z)∘h + z∘ĥ.
    Gates in the order z, r, h. Source: *Explaining RNN computations through hidden state dynamics*, Definition 1.
    """

    gates = 3

    def _candidate(self, a, h):
        n = self.units
        r = torch.sigmoid(a[..., n : 2 * n] + h @ self.U[n : 2 * n].T)
        return torch.tanh(a[..., 2 * n :] + (r * h) @ self.U[2 * n :].T)

    def step(self, a, h):
        z = torch.sigmoid(a[..., : self.units] + h @ self.U[: self.units].T)
        return h + z * (self._candidate(a, h) - h)

    def gate_free_residual(self, a, u):
        return self._candidate(a, u) - u

    def gate_free_jacobian(self, a, u):
        """diag(1 − ĥ²) U_h (diag(r) + diag(u∘r∘(1 − r)) U_r) − I: five times as fast as automatic differentiation."""
        n = self.units
        U_r, U_h = self.U[n : 2 * n], self.U[2 * n :]
        r = torch.sigmoid(a[n : 2 * n] + u @ U_r.T)
        inner = (u * r * (1 - r))[..., None] * U_r
        inner.diagonal(dim1=-2, dim2=-1).add_(r)
        J = (1 - self._candidate(a, u) ** 2)[..., None] * (U_h @ inner)
        J.diagonal(dim1=-2, dim2=-1).sub_(1)
        return J

    def jacobian(self, a, h):
        """1 + diag(z) ∂(ĥ − h)/∂h + diag((ĥ − h)∘z∘(1 − z)) U_z."""
        n = self.units
        z = torch.sigmoid(a[:n] + h @ self.U[:n].T)
        J = z[..., None] * self.gate_free_jacobian(a, h)
        J += ((self._candidate(a, h) - h) * z * (1 - z))[..., None] * self.U[:n]
        J.diagonal(dim1=-2, dim2=-1).add_(1)
        return J


class GRUResetAfter(GRU):
    """The GRU of `torch.nn.GRU` and cuDNN: the reset gate multiplies U_h h + c, after the product.

    As `GRU`, but ĥ = tanh(a_h + r∘(U_h h + c)), with a recurrent bias c of shape (units,).
    """

    def __init__(self, input_size: int, state_size: int, *, generator: torch.Generator | None = None):
        super().__init__(input_size, state_size, generator=generator)
        bound = self.units**-0.5
        self.c = nn.Parameter(torch.empty(self.units).uniform_(-bound, bound, generator=generator))

    def _candidate(self, a, h):
        n = self.units
        r = torch.sigmoid(a[..., n : 2 * n] + h @ self.U[n : 2 * n].T)
        return torch.tanh(a[..., 2 * n :] + r * (h @ self.U[2 * n :].T + self.c))

    def gate_free_jacobian(self, a, u):
        """diag(1 − ĥ²) (diag(r) U_h + diag(s∘r∘(1 − r)) U_r) − I, where s = U_h u + c."""
        n = self.units
        U_r, U_h = self.U[n : 2 * n], self.U[2 * n :]
        r = torch.sigmoid(a[n : 2 * n] + u @ U_r.T)
        s = u @ U_h.T + self.c
        J = r[..., None] * U_h + (s * r * (1 - r))[..., None] * U_r
        J *= (1 - self._candidate(a, u) ** 2)[..., None]
        J.diagonal(dim1=-2, dim2=-1).sub_(1)
        return J


class LSTM(Cell):
    """Long short-term memory; its state is (h, c), so that state_size = 2·units.

    (i, f, g, o) = (σ, σ, tanh, σ)(a + U h), c′ = f∘c + i∘g, h′ = o∘tanh(c′). Gates in this order.
    At a fixed point c = i∘g / (1 − f), which leaves one equation for h.
    Source: Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000.
    """

    gates, vectors = 4, 2

    def _activations(self, a, u):
        i, f, g, o = (a + u @ self.U.T).chunk(4, -1)
        return torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)

    def step(self, a, h):
        u, c = h.chunk(2, -1)
        i, f, g, o = self._activations(a, u)
        c = f * c + i * g
        return torch.cat([o * torch.tanh(c), c], -1)

    def output(self, h):
        return h[..., : self.units]

    def jacobian(self, a, h):
        """∂c′/∂h = diag(i∘(1 − g²)) U_g + diag(g∘i∘(1 − i)) U_i + diag(c∘f∘(1 − f)) U_f, ∂c′/∂c = diag(f), and, with
        t = tanh(c′), ∂h′ = diag(t∘o∘(1 − o)) U_o + diag(o∘(1 − t²)) ∂c′: much faster than automatic differentiation."""
        u, c = h.chunk(2, -1)
        i, f, g, o = self._activations(a, u)
        U_i, U_f, U_g, U_o = self.U.chunk(4)
        t = torch.tanh(f * c + i * g)

        def rows(scale, U):
            return scale[..., None] * U

        c_by_h = rows(i * (1 - g**2), U_g) + rows(g * i * (1 - i), U_i) + rows(c * f * (1 - f), U_f)
        slope = o * (1 - t**2)
        h_by_h = rows(t * o * (1 - o), U_o) + rows(slope, c_by_h)
        left = torch.cat([h_by_h, c_by_h], -2)
        return torch.cat([left, torch.cat([torch.diag_embed(slope * f), torch.diag_embed(f)], -2)], -1)

    def _resting_c(self, a, u):
        """c = i∘g / (1 − f) and o. 1/(1 − f) is written 1 + e^(a_f + U_f u), which does not round to 1/0."""
        i, f, g, o = (a + u @ self.U.T).chunk(4, -1)
        return torch.sigmoid(i) * torch.tanh(g) * (1 + torch.exp(f)), torch.sigmoid(o)

    def gate_free_residual(self, a, u):
        c, o = self._resting_c(a, u)
        return o * torch.tanh(c) - u

    def full_state(self, a, u):
        return torch.cat([u, self._resting_c(a, u)[0]], -1)

    def box(self, a):
        i, f, _, _ = (a + self.U.abs().sum(1)).chunk(4, -1)
        return torch.cat([torch.ones_like(i), torch.sigmoid(i) * (1 + torch.exp(f))])


class UGRNN(Cell):
    """Update-gate RNN: g = σ(a_g + U_g h), c = tanh(a_c + U_c h), h′ = g∘h + (1 − g)∘c. Gates in the order g, c.

    Source: Collins, Sohl-Dickstein & Sussillo 2017.
    """

    gates = 2

    def step(self, a, h):
        g, c = (a + h @ self.U.T).chunk(2, -1)
        c = torch.tanh(c)
        return c + torch.sigmoid(g) * (h - c)

    def gate_free_residual(self, a, u):
        return torch.tanh(a[..., self.units :] + u @ self.U[self.units :].T) - u


# Φ and its derivative Φ′, by units. erf(√π/2 s) is a sigmoid of slope 1 at 0, as tanh is, with Gaussian averages in
# closed form.
NONLINEARITIES = {
    "tanh": (torch.tanh, lambda s: 1 - torch.tanh(s) ** 2),
    "erf": (lambda s: torch.erf(math.pi**0.5 / 2 * s), lambda s: torch.exp(-math.pi / 4 * s**2)),
    "relu": (torch.relu, lambda s: (s > 0).to(s.dtype)),
}


class VanillaRNN(Cell):
    """Elman network: h′ = Φ(a + U h), Φ = tanh unless `nonlinearity` says "relu" or "erf", which is erf(√π/2 s).

    Source: Dubreuil, *Dynamical system approach to explainability in RNNs*, below eq. 2.
    """

    gates = 1
    options = ("nonlinearity",)

    def __init__(
        self, input_size: int, state_size: int, *, nonlinearity: str = "tanh", generator: torch.Generator | None = None
    ):
        super().__init__(input_size, state_size, generator=generator)
        self._set_nonlinearity(nonlinearity)

    def _set_nonlinearity(self, nonlinearity):
        if nonlinearity not in NONLINEARITIES:
            raise ValueError(f"nonlinearity must be one of {', '.join(NONLINEARITIES)}; got {nonlinearity!r}")
        self.nonlinearity = nonlinearity

    def phi(self, s: Float[Tensor, "*batch units"]) -> Float[Tensor, "*batch units"]:
        """The nonlinearity Φ, by units."""
        return NONLINEARITIES[self.nonlinearity][0](s)

    def slope(self, s: Float[Tensor, "*batch units"]) -> Float[Tensor, "*batch units"]:
        """Its derivative Φ′."""
        return NONLINEARITIES[self.nonlinearity][1](s)

    def step(self, a, h):
        return self.phi(a + h @ self.U.T)

    def box(self, a):
        return None if self.nonlinearity == "relu" else super().box(a)


class LinearRNN(Cell):
    """Linear network: h′ = a + U h."""

    gates = 1

    def step(self, a, h):
        return a + h @ self.U.T

    def box(self, a):
        return None


class PreActivationRNN(VanillaRNN):
    """The other convention of the vanilla network: the state is the current before the nonlinearity, h′ = a + U Φ(h).

    Readouts see Φ(h). With r = Φ(h) this is `VanillaRNN` in r. Source: Dubreuil, eq. 1 and 2.
    """

    def recur(self, r: Float[Tensor, "*batch units"]) -> Float[Tensor, "*batch units"]:
        """U r, what the units send each other at the rates r = Φ(h)."""
        return r @ self.U.T

    def step(self, a, h):
        return a + self.recur(self.phi(h))

    def output(self, h):
        return self.phi(h)

    def gate_free_residual(self, a, u):
        return self.phi(a + self.recur(u)) - u

    def gate_free_jacobian(self, a, u):
        """diag(Φ′(a + U u)) U − I."""
        J = self.slope(a + self.recur(u))[..., None] * self.U
        J.diagonal(dim1=-2, dim2=-1).sub_(1)
        return J

    def jacobian(self, a, h):
        """U diag(Φ′(h))."""
        return self.U * self.slope(h)[..., None, :]

    def full_state(self, a, u):
        return a + self.recur(u)

    def box(self, a):
        return None if self.nonlinearity == "relu" else a.abs() + self.U.abs().sum(1)


class RateRNN(PreActivationRNN):
    """Rate network in continuous time, τ ḣ = −h + a + U Φ(h), as its Euler steps h′ = h + dt ḣ.

    At dt = τ a step is that of `PreActivationRNN`; fixed points are the same for every dt. Readouts see Φ(h).
    With tanh or erf, |U Φ(h)|_i ≤ Σ_j |U_ij|: a step of dt ≤ τ is an average of h and of a point of the box with
    half-widths |a_i| + Σ_j |U_ij|, which it therefore maps into itself; the index audit applies. With relu there is no
    such box. `rnnlab.odeint` integrates the equation itself. Source: Dubreuil, eq. 3 and 4.

    Args:
        tau, dt: τ > 0 and 0 < dt ≤ τ, in one unit of time.
    """

    options = ("nonlinearity", "tau", "dt")

    def __init__(
        self,
        input_size: int,
        state_size: int,
        *,
        nonlinearity: str = "tanh",
        tau: float = 1.0,
        dt: float = 0.2,
        generator: torch.Generator | None = None,
    ):
        super().__init__(input_size, state_size, nonlinearity=nonlinearity, generator=generator)
        self._set_times(tau, dt)

    def _set_times(self, tau, dt):
        if not 0 < tau < math.inf:
            raise ValueError(f"tau must be positive and finite, got {tau}")
        if not 0 < dt <= tau:
            raise ValueError(f"dt must be positive and at most tau, {tau}, for a step to be stable; got {dt}")
        self.tau, self.dt = tau, dt

    @property
    def rate(self) -> float:
        """dt/τ, the part of the way to a + U Φ(h) that a step takes."""
        return self.dt / self.tau

    def velocity(
        self, a: Float[Tensor, "*#batch units"], h: Float[Tensor, "*#batch state"]
    ) -> Float[Tensor, "*batch state"]:
        """ḣ = (−h + a + U Φ(h)) / τ."""
        return (super().step(a, h) - h) / self.tau

    def step(self, a, h):
        return torch.lerp(h, super().step(a, h), self.rate)

    def jacobian(self, a, h):
        """(1 − dt/τ) I + dt/τ U diag(Φ′(h))."""
        J = self.rate * super().jacobian(a, h)
        J.diagonal(dim1=-2, dim2=-1).add_(1 - self.rate)
        return J


class LowRankRNN(RateRNN):
    """A rate network whose recurrent matrix has rank R: U = m nᵀ / N = Σ_k m_k n_kᵀ / N, trained in m and n.

    τ ḣ = −h + W x + m nᵀ Φ(h) / N; parameters m, n (units, rank) and W (units, input); no bias. With the factor 1/N the
    entries of m, n and W stay of order 1 however many units there are. They are drawn from the standard normal
    distribution. Source: Dubreuil, eq. 8 (where n carries the factor 1/N); drawn as in Dubreuil et al. 2020.

    Args:
        rank: R, from 1 to the number of units; the others as of `RateRNN`.
    """

    options = ("rank", "nonlinearity", "tau", "dt")
    rank: int
    m: Tensor
    n: Tensor

    def __init__(
        self,
        input_size: int,
        state_size: int,
        *,
        rank: int = 1,
        nonlinearity: str = "tanh",
        tau: float = 1.0,
        dt: float = 0.2,
        generator: torch.Generator | None = None,
    ):
        nn.Module.__init__(self)
        self._set_sizes(input_size, state_size)
        require_integer("rank", rank, 1, state_size)
        self.rank = rank
        self._set_nonlinearity(nonlinearity)
        self._set_times(tau, dt)
        for name, columns in {"m": rank, "n": rank, "W": input_size}.items():
            self.register_parameter(name, nn.Parameter(torch.randn(state_size, columns, generator=generator)))
        self.register_parameter("b", None)

    @classmethod
    def from_loadings(
        cls, m: Float[Tensor, "units rank"], n: Float[Tensor, "units rank"], W: Float[Tensor, "units input"], **options
    ) -> "LowRankRNN":
        """The network with these loadings, in their dtype; options are nonlinearity, tau, dt.

        Raises:
            ValueError: for loadings that are not finite or whose shapes do not fit each other.
        """
        for name, loading in {"m": m, "n": n, "W": W}.items():
            if loading.ndim != 2 or len(loading) != len(m) or not torch.isfinite(loading).all():
                raise ValueError(f"{name} must be finite, of shape ({len(m)} units, ·), got {tuple(loading.shape)}")
        if m.shape != n.shape:
            raise ValueError(f"m and n must have one shape, got {tuple(m.shape)} and {tuple(n.shape)}")
        cell = cls(W.shape[1], len(m), rank=m.shape[1], **options).to(m)
        cell.load_state_dict({"m": m, "n": n, "W": W})
        return cell

    @property
    def U(self) -> Float[Tensor, "units units"]:
        """m nᵀ / N."""
        return self.m @ self.n.T / self.units

    def overlaps(self, h: Float[Tensor, "*batch state"]) -> Float[Tensor, "*batch rank"]:
        """nᵀ Φ(h) / N, what the units send each other, in R numbers."""
        return self.phi(h) @ self.n / self.units

    def recur(self, r):
        return (r @ self.n / self.units) @ self.m.T

    def box(self, a):
        reach = self.m.abs() @ (self.n.abs().sum(0) / self.units)
        return None if self.nonlinearity == "relu" else a.abs() + reach


class Stacked(Cell):
    """Layers of cells, each fed by the output of the one below; its state is theirs, end to end."""

    layers: Sequence[Cell]

    def __init__(self, layers: list[Cell]):
        nn.Module.__init__(self)
        if not layers:
            raise ValueError("layers must hold at least one cell, got none")
        for below, above in zip(layers, layers[1:]):
            if above.input_size != below.units:
                raise ValueError(f"a layer of {below.units} units cannot feed one with input_size {above.input_size}")
        self.layers = nn.ModuleList(layers)  # pyright: ignore[reportAttributeAccessIssue]  (a list, to read)
        self.input_size = layers[0].input_size
        self.state_size, self.units = (sum(getattr(cell, size) for cell in layers) for size in ("state_size", "units"))

    def project(self, x):
        return self.layers[0].project(x)

    def _split(self, h, size):
        return h.split([getattr(cell, size) for cell in self.layers], -1)

    def step(self, a, h):
        first, *rest = self._split(h, "state_size")
        states = [self.layers[0].step(a, first)]
        for below, cell, part in zip(self.layers, self.layers[1:], rest):
            states.append(cell.step(cell.project(below.output(states[-1])), part))
        return torch.cat(states, -1)

    def output(self, h):
        """The outputs of all layers; the last `layers[-1].units` of them are what torch's module returns."""
        return torch.cat([cell.output(part) for cell, part in zip(self.layers, self._split(h, "state_size"))], -1)

    def _resting(self, a, u):
        """Each cell with its projected input and its output, when all layers below it are at rest."""
        parts = self._split(u, "units")
        inputs = [a] + [cell.project(below) for cell, below in zip(self.layers[1:], parts)]
        return zip(self.layers, inputs, parts)

    def gate_free_residual(self, a, u):
        return torch.cat([cell.gate_free_residual(a, part) for cell, a, part in self._resting(a, u)], -1)

    def full_state(self, a, u):
        return torch.cat([cell.full_state(a, part) for cell, a, part in self._resting(a, u)], -1)

    def box(self, a):
        boxes: list[Tensor] = []
        for i, cell in enumerate(self.layers):
            if boxes:
                a = cell.b.abs() + cell.W.abs() @ self.layers[i - 1].output(boxes[-1])
            if (box := cell.box(a)) is None:
                return None
            boxes.append(box)
        return torch.cat(boxes)


def from_torch(module: nn.Module) -> Cell:
    """The cell of a `torch.nn.RNN`, `GRU`, `LSTM`, `RNNCell`, `GRUCell` or `LSTMCell`, exact up to rounding.

    Weights are copied. Layers become a `Stacked` cell; dropout between them, which acts in training only, is left out.
    torch's update gate is the complement of Definition 1's: its weights change sign.

    Raises:
        TypeError: for other modules.
        ValueError: for an LSTM with projections, whose h is not o∘tanh(c), and for bidirectional modules, which are no
            map of a state: convert the two directions one by one.

    >>> module, x = torch.nn.GRU(input_size=3, hidden_size=8), torch.randn(1, 3)
    >>> cell = rnnlab.from_torch(module)
    >>> torch.allclose(cell(x, torch.zeros(1, 8)), module(x)[0], atol=1e-6)
    True
    """
    if not isinstance(module, (nn.RNNBase, nn.RNNCellBase)):
        raise TypeError(f"from_torch takes torch.nn.RNN, GRU, LSTM or their Cell, got {type(module).__name__}")
    if getattr(module, "bidirectional", False):
        raise ValueError("a bidirectional module reads the sequence from both ends and is no map of a state")
    if getattr(module, "proj_size", 0):
        raise ValueError(f"an LSTM with projections (proj_size={module.proj_size}) has no Cell here; use proj_size=0")
    if isinstance(module, nn.RNNCellBase):
        return _cell_from_torch(module, "")
    layers: list[Cell] = [_cell_from_torch(module, f"_l{layer}") for layer in range(module.num_layers)]
    return layers[0] if len(layers) == 1 else Stacked(layers)


def _cell_from_torch(module, suffix):
    W, U = (getattr(module, f"weight_{kind}{suffix}").detach() for kind in ("ih", "hh"))
    b, c = (
        getattr(module, f"bias_{kind}{suffix}").detach() if module.bias else W.new_zeros(len(W))
        for kind in ("ih", "hh")
    )
    n, inputs = U.shape[1], W.shape[1]
    weights = {"W": W, "U": U, "b": b + c}
    if isinstance(module, (nn.GRU, nn.GRUCell)):
        cell = GRUResetAfter(inputs, n)
        b = torch.cat([b[: 2 * n] + c[: 2 * n], b[2 * n :]])
        r, z, h = range(3)
        weights = {
            name: torch.cat([-m.chunk(3)[z], m.chunk(3)[r], m.chunk(3)[h]])
            for name, m in (("W", W), ("U", U), ("b", b))
        }
        weights["c"] = c[2 * n :]
    elif isinstance(module, (nn.LSTM, nn.LSTMCell)):
        cell = LSTM(inputs, 2 * n)
    else:
        cell = VanillaRNN(inputs, n, nonlinearity=module.nonlinearity)
    cell = cell.to(dtype=W.dtype, device=W.device)
    cell.load_state_dict(weights)
    return cell
