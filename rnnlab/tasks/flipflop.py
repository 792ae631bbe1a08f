"""The flip-flop: remember, for each bit, the sign of its last pulse."""

import itertools
from dataclasses import asdict, dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from rnnlab.automata import DFA
from rnnlab.cells import require_integer
from rnnlab.tasks.task import Batch

ENCODINGS = ("sign", "one-two", "one-hot")


@dataclass(frozen=True)
class FlipFlop:
    """Streams of zeros with randomly timed pulses of ±1; the target is, bit by bit, the value of the last pulse.

    Each sequence draws its own pulse rate, log-uniform in `rates` (pulses per bit and step), so that some sequences
    ask to hold a state for as long as they last. The first step pulses every bit: no answer is undefined.
    Source: Sussillo & Barak 2013; *Explaining RNN computations through hidden state dynamics*, sections 2 to 2.4.

    Attributes:
        bits, length: 1 to 6 bits, and time steps.
        rates: (least, most), 0 < least ≤ most ≤ 1.
        delay: steps d ≥ 0 between a pulse and the answer to it; the first d steps are not scored.
        encoding: how pulses and states are written. "sign": inputs in {−1, 0, 1}, targets in {−1, 1}, one for each bit;
            "one-two": pulses 1 and 2 instead of −1 and 1, targets as in "sign"; "one-hot": one input unit for each of
            the 3^bits inputs, one output unit for each of the 2^bits states.
        width: a pulse lasts for 1 to `width` steps, uniformly, unless the bit's next one comes before.
    """

    bits: int = 3
    length: int = 100
    rates: tuple[float, float] = (0.005, 0.2)
    delay: int = 0
    encoding: str = "sign"
    width: int = 1

    def __post_init__(self):
        require_integer("bits", self.bits, 1, 6)
        for name, least in (("length", 1), ("delay", 0), ("width", 1)):
            require_integer(name, getattr(self, name), least)
        if self.delay >= self.length:
            raise ValueError(f"delay must be less than length, {self.length}, got {self.delay}")
        if len(self.rates) != 2 or not 0 < self.rates[0] <= self.rates[1] <= 1:
            raise ValueError(f"rates must be (least, most) with 0 < least ≤ most ≤ 1, got {self.rates}")
        if self.encoding not in ENCODINGS:
            raise ValueError(f"encoding must be one of {', '.join(ENCODINGS)}, got {self.encoding!r}")
        object.__setattr__(self, "rates", tuple(self.rates))

    @property
    def input_size(self) -> int:
        """One for each bit, or 3^bits one-hot."""
        return 3**self.bits if self.encoding == "one-hot" else self.bits

    @property
    def output_size(self) -> int:
        """One for each bit, or 2^bits one-hot."""
        return 2**self.bits if self.encoding == "one-hot" else self.bits

    @property
    def states(self) -> list[tuple[int, ...]]:
        """All 2^bits states, as tuples of ±1."""
        return list(itertools.product((-1, 1), repeat=self.bits))

    @property
    def pulses(self) -> list[tuple[int, ...]]:
        """All 3^bits inputs of one time step, as tuples of −1, 0, 1; 0 is no pulse."""
        return list(itertools.product((-1, 0, 1), repeat=self.bits))

    def configuration(self) -> dict:
        """The arguments that make this task again."""
        return asdict(self)

    @classmethod
    def from_configuration(cls, about: dict) -> "FlipFlop":
        """The task that `configuration` described."""
        return cls(**{**about, "rates": tuple(about["rates"])})  # JSON has lists

    def encode(self, pulses: Int[Tensor, "*batch bits"]) -> Float[Tensor, "*batch input"]:
        """Pulses in {−1, 0, 1} as the network's input."""
        if self.encoding == "sign":
            return pulses.to(torch.get_default_dtype())
        if self.encoding == "one-two":
            return torch.where(pulses < 0, 1, 2 * pulses).to(torch.get_default_dtype())
        return torch.nn.functional.one_hot(self._number(pulses), 3**self.bits).to(torch.get_default_dtype())

    def _number(self, pulses):
        """The indices of pulses in `symbols`."""
        return ((pulses + 1) * 3 ** torch.arange(self.bits - 1, -1, -1)).sum(-1)

    def encode_state(self, bits: Int[Tensor, "*batch bits"]) -> Float[Tensor, "*batch out"]:
        """States in {−1, 1} as the target."""
        if self.encoding != "one-hot":
            return bits.to(torch.get_default_dtype())
        place = 2 ** torch.arange(self.bits - 1, -1, -1)
        return torch.nn.functional.one_hot(((bits > 0) * place).sum(-1), 2**self.bits).to(torch.get_default_dtype())

    def decode(self, outputs: Float[Tensor, "*batch out"]) -> Int[Tensor, "*batch bits"]:
        """The state in {−1, 1} that an output stands for."""
        if self.encoding != "one-hot":
            return torch.where(outputs > 0, 1, -1)
        place = 2 ** torch.arange(self.bits - 1, -1, -1, device=outputs.device)
        return torch.where(outputs.argmax(-1, keepdim=True) // place % 2 == 1, 1, -1)

    def input(self, pulse: tuple[int, ...]) -> Float[Tensor, " input"]:
        """The network's input for one pulse, such as (0, 0, 1)."""
        if len(pulse) != self.bits or not set(pulse) <= {-1, 0, 1}:
            raise ValueError(f"a pulse of this task is {self.bits} numbers out of −1, 0, 1; got {pulse}")
        return self.encode(torch.tensor(pulse))

    @property
    def symbols(self) -> tuple[tuple[int, ...], ...]:
        """The pulses, as the symbols of an automaton."""
        return tuple(self.pulses)

    @property
    def machine(self) -> DFA:
        """The automaton that the task, with no delay, asks for once every bit has been pulsed by −1.

        Raises:
            ValueError: for a delay: d steps of memory would multiply its states.
        """
        if self.delay:
            raise ValueError(f"the automaton of a flip-flop is that without delay, got a delay of {self.delay}")
        transitions = {state: {pulse: self.after(state, pulse) for pulse in self.pulses} for state in self.states}
        return DFA(tuple(self.states), self.symbols, transitions, (-1,) * self.bits)

    def answers(self, outputs: Float[Tensor, "batch out"]) -> list[tuple[int, ...]]:
        """The states that outputs stand for."""
        return [tuple(state) for state in self.decode(outputs).tolist()]

    def after(self, state: tuple[int, ...], pulse: tuple[int, ...]) -> tuple[int, ...]:
        """The state that `pulse` asks for from `state`."""
        return tuple(p or s for s, p in zip(state, pulse, strict=True))

    def run(self, pulses: Int[Tensor, "batch time bits"]) -> Batch:
        """The batch that given pulses, −1, 0 or 1, make; every bit must be pulsed at the first step."""
        whole = not pulses.is_floating_point() and bool((pulses.abs() <= 1).all())
        if not whole or pulses.ndim != 3 or pulses.shape[2] != self.bits or not pulses.numel():
            raise ValueError(
                f"pulses must be integers −1, 0 or 1 of shape (batch ≥ 1, time ≥ 1, {self.bits}), "
                f"got {pulses.dtype} of shape {tuple(pulses.shape)}"
            )
        if (pulses[:, 0] == 0).any():
            raise ValueError("the first step must pulse every bit: a state before the first pulse is not defined")
        steps = torch.arange(pulses.shape[1])[:, None]
        last = torch.where(pulses != 0, steps, 0).cummax(1).values
        bits = pulses.gather(1, last).roll(self.delay, 1)
        scored = (steps.squeeze(-1) >= self.delay).expand(pulses.shape[:2])
        return Batch(self.encode(pulses), self.encode_state(bits), scored)

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """`size` new sequences, a function of the generator's state alone."""
        return self.run(self._drawn(size, self.length, generator))

    def words(self, size: int, length: int, generator: torch.Generator) -> Int[Tensor, "size length"]:
        """The pulses of `size` new sequences, as indices of `symbols`."""
        return self._number(self._drawn(size, length, generator))

    def _drawn(self, size, length, generator):
        low, high = (torch.tensor(rate).log() for rate in self.rates)
        rate = torch.exp(low + (high - low) * torch.rand(size, 1, 1, generator=generator))
        shape = (size, length, self.bits)
        pulsed = torch.rand(shape, generator=generator) < rate
        pulsed[:, 0] = True
        pulses = (torch.randint(0, 2, shape, generator=generator) * 2 - 1) * pulsed
        if self.width > 1:
            pulses = self._widened(pulses, torch.randint(1, self.width + 1, shape, generator=generator))
        return pulses

    def _widened(self, pulses, widths):
        """Pulses that last for the width drawn where they begin."""
        steps = torch.arange(pulses.shape[1])[:, None]
        last = torch.where(pulses != 0, steps, 0).cummax(1).values
        return pulses.gather(1, last) * (steps - last < widths.gather(1, last))

    def accuracy(self, outputs: Float[Tensor, "batch time out"], batch: Batch) -> float:
        """The share of scored bits that are right."""
        return (self.decode(outputs) == self.decode(batch.targets))[batch.scored].double().mean().item()
