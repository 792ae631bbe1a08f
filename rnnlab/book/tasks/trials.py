"""Tasks in trials, as neuroscience poses them: weigh evidence, in a context; remember a value and compare another.

One time step is 20 ms for a rate network with τ = 100 ms and dt = τ/5. Durations and sizes are those of Dubreuil et al.
2020, rounded.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from rnnlab.cells import require_integer
from rnnlab.tasks.task import Batch, Configured

STRENGTHS = (0.1, 0.2, 0.4)


class _Trials(Configured):
    """One answer a trial, judged by its sign."""

    def accuracy(self, outputs: Float[Tensor, "batch time out"], batch: Batch) -> float:
        """The share of trials whose mean output while an answer is asked for has the sign of the target."""
        said, asked = ((y[..., 0] * batch.scored).sum(1) for y in (outputs, batch.targets))
        return (said * asked > 0).double().mean().item()


@dataclass(frozen=True)
class Integration(_Trials):
    """Say whether the average of a noisy input is positive, y = ±1 at the end of the trial.

    A trial: 5 zero-input steps, 10 with the context alone (with 2 channels), 40 of evidence, of mean ±0.1, ±0.2 or ±0.4
    in each channel, 5 of delay and 5 at which the answer is asked for; the context is there from its beginning on. No
    answer is asked for before. Source: Mante et al. 2013; Dubreuil, section 5.1 and figure 4.

    Attributes:
        channels: 1, perceptual decision making: the input is its mean + noise·ξ(t). 2, context-dependent integration:
            two such inputs at once, and two more that tell which counts, (1, 0) for the first, (0, 1) for the second.
        noise: standard deviation of the white noise ξ at each step.
    """

    channels: int = 1
    noise: float = 0.3

    def __post_init__(self):
        if self.channels not in (1, 2):
            raise ValueError(f"channels must be 1 or 2, got {self.channels!r}")
        if not 0 <= self.noise < float("inf"):
            raise ValueError(f"noise must be finite and not negative, got {self.noise}")

    @property
    def input_size(self) -> int:
        return 1 if self.channels == 1 else 4

    output_size = 1

    @property
    def evidence(self) -> slice:
        """The steps at which there is evidence."""
        begin = 5 if self.channels == 1 else 15
        return slice(begin, begin + 40)

    @property
    def length(self) -> int:
        """Steps of a trial."""
        return self.evidence.stop + 10

    def run(
        self,
        strengths: Float[Tensor, "batch channels"],
        context: Int[Tensor, " batch"],
        generator: torch.Generator,
    ) -> Batch:
        """Trials with given mean evidence ū and the channel that counts (0 with a single one)."""
        size, kinds = len(strengths), self.channels
        if strengths.shape != (size, kinds) or not size or not ((context >= 0) & (context < kinds)).all():
            raise ValueError(
                f"strengths must be (batch ≥ 1, {kinds}) and context from 0 to {kinds - 1}, "
                f"got {tuple(strengths.shape)} and {context.tolist()}"
            )
        inputs = torch.zeros(size, self.length, self.input_size)
        steps = self.evidence
        noise = self.noise * torch.randn(size, 40, kinds, generator=generator)
        inputs[:, steps, :kinds] = strengths[:, None] + noise
        if kinds == 2:
            inputs[:, 5:, 2:] = torch.nn.functional.one_hot(context, 2)[:, None].float()
        answer = strengths.gather(1, context[:, None]).sign()
        scored = torch.zeros(size, self.length, dtype=torch.bool)
        scored[:, -5:] = True
        return Batch(inputs, answer[:, None].expand(-1, self.length, -1).clone(), scored)

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """`size` new trials, a function of the generator's state alone."""
        sign = 2 * torch.randint(0, 2, (size, self.channels), generator=generator) - 1
        strength = torch.tensor(STRENGTHS)[torch.randint(0, 3, (size, self.channels), generator=generator)]
        context = torch.randint(0, self.channels, (size,), generator=generator)
        return self.run(sign * strength, context, generator)


@dataclass(frozen=True)
class Comparison(_Trials):
    """Parametric working memory: two values one after the other; say their difference, y = (f₁ − f₂)/24 Hz.

    The values are out of {10, 14, …, 34} Hz, f₁ ≠ f₂, given as (f − 22 Hz)/24 Hz ∈ [−1/2, 1/2]. A trial: 5 zero-input
    steps, 5 of f₁, a delay of 5 to 50, 5 of f₂, and 5 at which the answer is asked for, which come last.
    Source: Romo et al. 1999; Dubreuil et al. 2020.

    Attributes:
        noise: standard deviation of white noise on the input.
    """

    noise: float = 0.01
    longest: int = 50

    def __post_init__(self):
        if not 0 <= self.noise < float("inf"):
            raise ValueError(f"noise must be finite and not negative, got {self.noise}")
        require_integer("longest", self.longest, 5)

    input_size = output_size = 1

    @property
    def length(self) -> int:
        """Steps of a trial."""
        return 20 + self.longest

    def run(
        self, first: Float[Tensor, " batch"], second: Float[Tensor, " batch"], delay: Int[Tensor, " batch"], generator
    ) -> Batch:
        """Trials with given values in [−1/2, 1/2] and delays in steps, up to `longest`."""
        if not ((delay >= 1) & (delay <= self.longest)).all() or not len(delay):
            raise ValueError(f"delay must be from 1 to {self.longest} steps, got {delay.tolist()}")
        steps, begin = torch.arange(self.length), self.length - 10
        inputs = self.noise * torch.randn(len(delay), self.length, 1, generator=generator)
        start = (begin - delay)[:, None]
        inputs[..., 0] += first[:, None] * ((steps >= start - 5) & (steps < start))
        inputs[..., 0] += second[:, None] * ((steps >= begin) & (steps < begin + 5))
        scored = (steps >= begin + 5).expand(len(delay), -1)
        return Batch(inputs, (first - second)[:, None, None].expand(-1, self.length, -1).clone(), scored)

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """`size` new trials, a function of the generator's state alone."""
        first = torch.randint(0, 7, (size,), generator=generator)
        second = (first + torch.randint(1, 7, (size,), generator=generator)) % 7
        delay = torch.randint(5, self.longest + 1, (size,), generator=generator)
        return self.run(first / 6 - 0.5, second / 6 - 0.5, delay, generator)
