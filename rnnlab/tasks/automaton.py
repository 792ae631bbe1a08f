"""A finite automaton as a task: after each symbol, say its output."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Float, Int
from torch import Tensor

from rnnlab._extras import needed_by
from rnnlab.automata import DFA, Word
from rnnlab.cells import require_integer
from rnnlab.tasks.task import Batch


@dataclass(frozen=True)
class Automaton:
    """Random words of `length` symbols; the target at each step is the automaton's output after that symbol.

    Symbols and outputs are one-hot vectors, in the order of `machine.alphabet` and `machine.answers`.
    Each word draws two rates of its own, log-uniform in [0.01, 1]. At the one a new symbol is drawn, otherwise the last
    one is repeated: some words hold a symbol for as long as they last. The other is the probability with which a symbol
    is taken that leaves states for good, as one that leads into a trap does, where another symbol would not: some words
    fall into the trap late.
    """

    machine: DFA
    length: int = 100

    def __post_init__(self):
        require_integer("length", self.length, 1)

    @property
    def input_size(self) -> int:
        """How many symbols there are."""
        return len(self.machine.alphabet)

    @property
    def output_size(self) -> int:
        """How many distinct outputs there are."""
        return len(self.machine.answers)

    def configuration(self) -> dict:
        """The arguments that make this task again, as plain JSON."""
        return {"machine": self.machine.configuration(), "length": self.length}

    @classmethod
    def from_configuration(cls, about: dict) -> "Automaton":
        """The task that `configuration` described."""
        return cls(DFA.from_configuration(about["machine"]), about["length"])

    @cached_property
    def _next(self) -> Int[Tensor, "states symbols"]:
        """δ as indices of states."""
        machine = self.machine
        rows = [[machine.states.index(machine.transitions[q][a]) for a in machine.alphabet] for q in machine.states]
        return torch.tensor(rows)

    @cached_property
    def _answer(self) -> Int[Tensor, " states"]:
        """The index of each state's output."""
        machine = self.machine
        return torch.tensor([machine.answers.index(machine.outputs[state]) for state in machine.states])

    @cached_property
    def _staying(self) -> Float[Tensor, "states symbols"]:
        """1 for the symbols after which the state can be reached again; all, where there is none."""
        with needed_by("tasks.Automaton", extra="automata"):
            import networkx as nx

        part = {q: i for i, qs in enumerate(nx.strongly_connected_components(self.machine.graph)) for q in qs}
        part = torch.tensor([part[state] for state in self.machine.states])
        stays = (part[self._next] == part[:, None]).float()
        return torch.where(stays.any(1, keepdim=True), stays, 1.0)

    @property
    def symbols(self) -> tuple[Hashable, ...]:
        """The alphabet."""
        return tuple(self.machine.alphabet)

    def input(self, symbol: Hashable) -> Float[Tensor, " input"]:
        """The network's input for a symbol; ValueError for one that the automaton does not know."""
        self.machine.run([symbol])
        return torch.eye(self.input_size)[self.symbols.index(symbol)]

    def decode(self, outputs: Float[Tensor, "*batch out"]) -> Int[Tensor, "*batch"]:
        """The indices, in `machine.answers`, of the network's answers."""
        return outputs.argmax(-1)

    def answers(self, outputs: Float[Tensor, "batch out"]) -> list[Hashable]:
        """The automaton's output that each output of the network stands for."""
        return [self.machine.answers[i] for i in self.decode(outputs).tolist()]

    def run(self, words: Sequence[Word]) -> Batch:
        """The batch that given words, all of the same length ≥ 1, make."""
        words = [list(word) for word in words]
        if not words or not words[0] or len({len(word) for word in words}) > 1:
            raise ValueError(f"words must be of one length of at least 1, got lengths {sorted({*map(len, words)})}")
        states = [self.machine.run(word) for word in words]
        symbols = torch.tensor([[self.symbols.index(symbol) for symbol in word] for word in words])
        return self._batch(symbols, torch.tensor([[self.machine.states.index(q) for q in row] for row in states]))

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """`size` new words, a function of the generator's state alone."""
        return self._batch(*self._walks(size, self.length, generator))

    def words(self, size: int, length: int, generator: torch.Generator) -> Int[Tensor, "size length"]:
        """`size` new words, as indices of `symbols`."""
        return self._walks(size, length, generator)[0]

    def _walks(self, size, length, generator):
        """The indices of the symbols of words and of the states that they lead to: (size, length) each."""
        change, leave = 100 ** (torch.rand(2, size, generator=generator) - 1)
        state = torch.full((size,), self.machine.states.index(self.machine.start))
        symbol = torch.randint(self.input_size, (size,), generator=generator)
        symbols, states = [], []
        for _ in range(length):
            changing, leaving = torch.rand(2, size, generator=generator)
            drawn = torch.randint(self.input_size, (size,), generator=generator)
            drawn = torch.where(changing < change, drawn, symbol)
            staying = torch.multinomial(self._staying[state], 1, generator=generator)[:, 0]
            leaves = self._staying[state, drawn] == 0
            symbol = torch.where(leaves & (leaving > leave), staying, drawn)
            state = self._next[state, symbol]
            symbols.append(symbol)
            states.append(state)
        return torch.stack(symbols, 1), torch.stack(states, 1)

    def _batch(self, symbols, states):
        inputs, targets = torch.eye(self.input_size)[symbols], torch.eye(self.output_size)[self._answer[states]]
        return Batch(inputs, targets, torch.ones(symbols.shape, dtype=torch.bool))

    def accuracy(self, outputs: Float[Tensor, "batch time out"], batch: Batch) -> float:
        """The share of scored answers that are right."""
        return (self.decode(outputs) == self.decode(batch.targets))[batch.scored].double().mean().item()
