"""Tasks whose answer moves: an oscillation that an input turns on, and the many phases of a reach."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from rnnlab.cells import require_integer
from rnnlab.tasks.task import Batch, Configured


@dataclass(frozen=True)
class Metronome(Configured):
    """Oscillate while a gate is open, and rest at +1 or −1, whichever was nearer, while it is closed.

    Two inputs: the gate, 0 or 1, and a pulse of ±1 at the first step, which sets the side to begin with. The target is
    ±1 with a closed gate; t steps after the gate opened it is s cos(2π t / period), s the side it opened at. The gate
    closes where |target| ≥ 1/2. It is closed for 10 to 40 steps at a time, and open for 1/2 to 2 periods or so.
    The first 5 steps after the gate closes are not scored.
    """

    period: int = 40
    length: int = 200

    def __post_init__(self):
        for name in ("period", "length"):
            require_integer(name, getattr(self, name), 8)

    input_size, output_size = 2, 1

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """`size` new sequences, a function of the generator's state alone."""

        def whole(low, high):
            return int(torch.randint(low, high + 1, (), generator=generator))

        inputs, targets = torch.zeros(size, self.length, 2), torch.zeros(size, self.length, 1)
        scored = torch.ones(size, self.length, dtype=torch.bool)
        for trial in range(size):
            side, now = 1 - 2 * whole(0, 1), 0
            inputs[trial, 0, 1] = side
            while now < self.length:
                closed = whole(10, 40)
                targets[trial, now : now + closed] = side
                scored[trial, now : now + 5] = False
                now += closed
                opened = whole(1, 4) * self.period // 2 + whole(-(self.period // 6), self.period // 6)
                wave = side * torch.cos(2 * math.pi * torch.arange(1, opened + 1) / self.period)
                left = max(0, min(opened, self.length - now))
                inputs[trial, now : now + left, 0] = 1
                targets[trial, now : now + left, 0] = wave[:left]
                side, now = int(wave[-1].sign()), now + opened
        return Batch(inputs, targets, scored)

    def accuracy(self, outputs: Float[Tensor, "batch time out"], batch: Batch) -> float:
        """The share of scored steps at which the output is within 1/4 of the target."""
        return ((outputs - batch.targets).abs() < 0.25)[batch.scored].double().mean().item()


@dataclass(frozen=True)
class Reach(Configured):
    """Make a movement of many phases after a go cue: 4 outputs, of which each is a sum of three damped oscillations.

    Three inputs: (cos θ, sin θ) tell which of 8 movements is prepared, and 1 holds it; all of them fall to 0 at the go
    cue, after 10 to 30 steps. Until then the target is 0. t steps after it,

        y_j(t) = (1 − e^(−t/3)) e^(−t/40) Σ_k a_jk(θ) cos(2π t/T_k) + b_jk(θ) sin(2π t/T_k)

    with the `periods` T_k in steps, a = A cos θ + B sin θ, b = C cos θ + D sin θ, and A to D that are drawn once,
    from a normal distribution of variance 1/6.
    Inspired by Sussillo et al. 2015, where the targets are muscle activity; Dubreuil, section 5.1.
    """

    periods: tuple[int, ...] = (60, 30, 20)
    length: int = 150

    def __post_init__(self):
        if not self.periods:
            raise ValueError("periods must not be empty")
        for period in self.periods:
            require_integer("each of the periods", period, 4)
        require_integer("length", self.length, 31)

    input_size, output_size = 3, 4

    def movement(self, angle: Float[Tensor, " batch"], steps: int) -> Float[Tensor, "batch steps 4"]:
        """The targets from the go cue on."""
        numbers = torch.randn(2, 2, 4, len(self.periods), generator=torch.Generator().manual_seed(0)) / 6**0.5
        t = torch.arange(steps)[:, None]
        phase = 2 * math.pi * t / torch.tensor(self.periods)
        waves = torch.stack([phase.cos(), phase.sin()])
        direction = torch.stack([angle.cos(), angle.sin()])
        y = torch.einsum("wdok,wtk,db->bto", numbers, waves, direction)
        return (1 - torch.exp(-t / 3)) * torch.exp(-t / 40) * y

    def run(self, angle: Float[Tensor, " batch"], go: Tensor) -> Batch:
        """Trials with given angles θ and steps of the go cue."""
        if not ((go >= 1) & (go <= self.length)).all() or angle.shape != go.shape or not len(go):
            raise ValueError(f"go must be a step from 1 to {self.length} for each angle, got {go.tolist()}")
        steps = torch.arange(self.length)
        held = (steps < go[:, None])[..., None]
        cue = torch.stack([angle.cos(), angle.sin(), torch.ones_like(angle)], -1)
        after = (steps - go[:, None]).clamp(min=0)
        movement = self.movement(angle, self.length)
        targets = torch.where(held, 0, movement.gather(1, after[..., None].expand(-1, -1, 4)))
        return Batch(held * cue[:, None], targets, torch.ones(len(go), self.length, dtype=torch.bool))

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """`size` new trials, a function of the generator's state alone."""
        angle = torch.randint(0, 8, (size,), generator=generator) * (math.pi / 4)
        return self.run(angle, torch.randint(10, 31, (size,), generator=generator))

    def accuracy(self, outputs: Float[Tensor, "batch time out"], batch: Batch) -> float:
        """R², the share of the targets' variance that the outputs explain; 0 where they explain none."""
        error, total = ((y**2).mean() for y in (outputs - batch.targets, batch.targets))
        return max(0.0, (1 - error / total).item())
