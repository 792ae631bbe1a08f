"""Continuous time: differential equations solved by SciPy."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor


def odeint(
    velocity: Callable[[float, Float[Tensor, "*batch state"]], Float[Tensor, "*batch state"]],
    start: Float[Tensor, "*batch state"],
    times: Float[Tensor, " times"],
    *,
    tolerance: float = 1e-9,
) -> Float[Tensor, "times *batch state"]:
    """States h(t) at `times`, where ḣ = velocity(t, h) and h(times[0]) = start; float64, by SciPy's DOP853.

    Args:
        velocity: for a rate network under the input x(t), `lambda t, h: cell.velocity(cell.project(x(t)), h)`, with the
            cell and x in float64.
        tolerance: of a step's error, relative and absolute.

    Raises:
        ValueError: for times that do not rise, a start that is not finite, or a solution that leaves all bounds.

    >>> decay = rnnlab.odeint(lambda t, h: -h, torch.ones(1), torch.tensor([0.0, 1.0, 2.0]))
    >>> [round(h, 6) for h in decay[:, 0].tolist()]
    [1.0, 0.367879, 0.135335]
    """
    from scipy.integrate import solve_ivp

    if times.ndim != 1 or len(times) < 2 or not (times.diff() > 0).all():
        raise ValueError(f"times must rise, at least two of them, got {times.tolist()}")
    if not torch.isfinite(start).all():
        raise ValueError("start must be finite")
    shape = start.shape

    def derivative(t, flat):
        with torch.no_grad():
            return velocity(t, torch.from_numpy(flat).view(shape)).flatten().numpy()

    t = times.double().numpy()
    solution = solve_ivp(
        derivative,
        (t[0], t[-1]),
        start.detach().double().flatten().numpy(),
        "DOP853",
        t,
        rtol=tolerance,
        atol=tolerance,
    )
    if not solution.success:
        raise ValueError(f"no solution from t = {t[0]} to {t[-1]}: {solution.message}")
    return torch.from_numpy(solution.y.T.copy()).view(-1, *shape)
